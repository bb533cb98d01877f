/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * span.h - spans of days that are deadlines: "within 15 days", "10 days remaining", "noch 7 Tage".
 */
#ifndef RULES_LETTER_SPAN_H
#define RULES_LETTER_SPAN_H

#include "base/str.h"

enum {
	SPAN_MOST_DAYS = 90, /* longer ones are terms of a contract */
};

/* Octets of the span (number and unit) that begins at text.p[at], 0 if there is none. *ret_days:
 * its days if it is a deadline, else -1. */
size_t span_at(struct slice text, size_t at, int *ret_days);

#endif
