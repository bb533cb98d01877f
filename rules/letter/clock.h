/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.h - the time of day that stands beside a date in a letter.
 *
 * Read are 20:35[:30[.5]], 8:35 pm, 20:35 Uhr, 20 Uhr, 20h35, 20 h, "kl. 20.35", and hours and
 * minutes with the characters of Japanese, Chinese and Korean, before noon and after; each followed
 * by a zone ("UTC+2", "CEST", "+02:00") or not. A zone's name means what it says, in summer too,
 * and is in capitals; one that is unknown, or that two parts of the world use, means UTC.
 */
#ifndef RULES_LETTER_CLOCK_H
#define RULES_LETTER_CLOCK_H

#include "rules/letter/reader.h"

struct clock {
	int seconds; /* since the day's midnight in UTC; may be negative, or more than a day */
	bool has_zone;
};

/* Moves p, which stands behind a date, past the time of day that follows, and a day of the week
 * between them. */
bool clock_after(struct place *p, struct clock *ret_clock);
/* The same for a time that comes first: without any word before it. */
bool clock_before(struct place *p, struct clock *ret_clock);

#endif
