/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * takenover.h - how outcomes are spelt in what a judge taken over sends: labels of a domain.
 */
#ifndef TESTS_FAULTS_TAKENOVER_H
#define TESTS_FAULTS_TAKENOVER_H

#include "tests/judge/attempts.h"

static inline const char *takenover_word(enum outcome o)
{
	static const char *const word[OUTCOME_COUNT] = {
	    [WORKS] = "works",      [REFUSED] = "refused",     [FAILS] = "fails",
	    [DEADLY] = "deadly",    [NOT_SEALED] = "unsealed", [ODD_END] = "odd",
	    [NOT_TRIED] = "untried"};
	return word[o];
}

#endif
