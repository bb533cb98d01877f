/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dates.h - one date, with or without a time, as registrars write it in a text; and the Date
 * header.
 *
 * Read are 2025-01-17, 2025/01/17, 01/17/2025, 17.01.2025, 17-Jan-2025, January 17. 2025, Nov 19th,
 * 2021, 17th of January 2025, 17. Januar 2025, 2025 with the characters for year, month and day,
 * each followed by 20:35[:30][ UTC], 8:35 pm, 20:35 Uhr or nothing; digits may be full-width.
 * Without a zone it is UTC; without a time it is the last second of that day. What is not a day of
 * the calendar is no date.
 */
#ifndef RULES_LETTER_DATES_H
#define RULES_LETTER_DATES_H

#include "base/str.h"

struct date {
	int64_t when;  /* Unix seconds */
	int64_t other; /* 03/04/2025: when is March, other is April; else the same as when */
	bool has_time;
	size_t n; /* octets that it takes */
};

/* The date that begins at text.p[at]; false if there is none. The caller sees to it that a word
 * begins there. */
bool dates_at(struct slice text, size_t at, struct date *ret_date);

/* A number that begins at text.p[at], digits plain or full-width: octets taken, 0 if there is none,
 * or it has more than `most` digits. */
size_t dates_number(struct slice text, size_t at, unsigned most, unsigned *ret_number);

/* RFC 5322 3.3 date-time (and the obsolete forms of 4.3) to Unix seconds. */
bool dates_of_mail(struct slice value, int64_t *ret_time);

#endif
