/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.h - the time of day that may follow a date in a letter.
 *
 * Read are 20:35[:30[.5]], 8:35 pm, 20:35 Uhr, 20 Uhr, 20h35, 20 h, "kl. 20.35", and hours and
 * minutes with the characters of Japanese, Chinese and Korean, before noon and after; each followed
 * by a zone ("UTC+2", "CEST", "+02:00") or not. A zone's name means what it says, in summer too;
 * one that is unknown, or that two parts of the world use, means UTC.
 */
#ifndef RULES_LETTER_CLOCK_H
#define RULES_LETTER_CLOCK_H

#include "rules/letter/reader.h"

/* Moves p, which stands behind a date, past its time of day. *ret_seconds: since that day's
 * midnight in UTC; may be negative, or more than a day. */
bool clock_after(struct place *p, int *ret_seconds);

#endif
