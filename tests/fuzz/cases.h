/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cases.h - the cases of the replay ring as seeds.
 */
#ifndef TESTS_FUZZ_CASES_H
#define TESTS_FUZZ_CASES_H

#include <stddef.h>

enum cases_as {
	CASES_PLAY,       /* the mail, signed, and how it comes, with its keys (mailplay.h) */
	CASES_RECORD,     /* what the judge finds in it, packed */
	CASES_TO_JUDGE,   /* what went to a judge that found it, as frames, answers among them */
	CASES_FROM_JUDGE, /* what came from it; before that an octet, see listener_side.c */
};

/* Those that the daemon has judged; of CASES_PLAY all. Trouble ends the program. */
void cases_each(enum cases_as as, void (*put)(const char *name, const void *p, size_t n));

#endif
