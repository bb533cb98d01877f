/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * span.h - spans of time that are deadlines: "within 15 days", "two weeks left", "noch 7 Tage". The
 * text is in the form of fold.h.
 */
#ifndef RULES_LETTER_SPAN_H
#define RULES_LETTER_SPAN_H

#include <stdint.h>

#include "base/str.h"

enum {
	SPAN_MOST_DAYS = 90, /* longer ones are terms of a contract */
};

/* Octets of the span (number and unit) that begins at text.p[at], 0 if there is none. *ret_seconds:
 * how long it is if it is a deadline, else -1. Working days are days, a month is 30. */
size_t span_at(struct slice text, size_t at, int64_t *ret_seconds);

/* Octets of a numeral of Chinese, Japanese or Korean, one to ten, at text.p[at]; 0 if none is
 * there. */
size_t span_numeral(struct slice text, size_t at, unsigned *ret_value);

#endif
