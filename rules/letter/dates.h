/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dates.h - one date, with or without a time, as registrars write it in a text.
 *
 * The text is in the form of fold.h. Read are 2025-01-17, 2025/01/17, 01/17/2025, 17/01/2025,
 * 17.01.2025, 17-Jan-2025, January 17. 2025, Nov 19th, 2021, 17th of January 2025, "17 de enero de
 * 2025" and its like in the languages of lexicon.h, 2025 with the characters for year, month and
 * day (also counted by Reiwa or by the Republic of China), and a day and a month by name without
 * their year; each followed by a time of day (clock.h), led by one
 * ("20:35 UTC on 17 January 2025"), or alone. Without a zone it is UTC;
 * without a time it is the last second of that day. What is not a day of the calendar is no date.
 */
#ifndef RULES_LETTER_DATES_H
#define RULES_LETTER_DATES_H

#include "base/str.h"

struct date {
	int64_t when;  /* Unix seconds; 0 if no_year */
	int64_t other; /* 03/04/2025: when is March, other is April; else the same as when */
	bool has_time;
	bool has_zone;
	bool no_year; /* "January 17": dates_in_year says when */
	unsigned month, day;
	int seconds; /* of that day, in UTC: may be negative, or more than a day */
	size_t n;    /* octets that it takes */
};

/* The date that begins at text.p[at]; false if there is none. The caller sees to it that a word
 * begins there. */
bool dates_at(struct slice text, size_t at, struct date *ret_date);

/* Octets of what begins there and has the form of a date, with its year, but is no day of the
 * calendar: "31.11.2026". 0 if there is nothing of the kind. */
size_t dates_no_day(struct slice text, size_t at);

/* The date without a year in the first year in which its day is not over at `after` (Unix seconds);
 * a 29 February in the next leap year. */
int64_t dates_in_year(const struct date *d, int64_t after);

/* Days from 1970-01-01 to a day of the Gregorian calendar; false where there is no such day, or not
 * in the years 1900 to 2199. */
bool dates_days(unsigned year, unsigned month, unsigned day, int64_t *ret_days);

#endif
