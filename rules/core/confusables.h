/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * confusables.h - characters that look like ASCII letters and digits, as a table.
 *
 * From the skeletons of Unicode's security mechanisms (UTS 39, 4), for the characters that a domain
 * name may hold (UTS 46): those whose skeleton, without its combining marks, is of a-z and 0-9. The
 * texts are folded as in skeleton.h. All other characters look like themselves.
 *
 * confusables.c is written by `tests/rules/confusables_icu --print` and checked in; the test of
 * that name compares it with ICU where ICU is installed.
 */
#ifndef RULES_CORE_CONFUSABLES_H
#define RULES_CORE_CONFUSABLES_H

#include <stddef.h>
#include <stdint.h>

/* Characters from first to last look like text; "" for marks, which are not looked at. Sorted. What
 * lies in a range and may not stand in a domain name means nothing. */
struct confusable {
	uint32_t first, last;
	char text[4];
};

extern const struct confusable confusables[];
extern const size_t confusables_count;

#endif
