/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lexicon.h - the words of the calendar, in the languages that registrars write: numbers, units of
 * time, names of months. A new language is its words here, and a line for each in the table of
 * deadlines of the tests.
 *
 * Words are in the form of fold.h and lower case: "marz", "fevrier", "pazdziernika". Japanese,
 * Chinese and Korean, which have no words of this kind, are read in span.c and dates.c.
 */
#ifndef RULES_LETTER_LEXICON_H
#define RULES_LETTER_LEXICON_H

#include <stdint.h>

#include "base/str.h"

/* A number word and a unit belong together only where a language has both: "to" is two in Danish,
 * and "to weeks" is nothing. */
enum lexicon_language {
	EN = 1 << 0,
	DE = 1 << 1,
	FR = 1 << 2,
	ES = 1 << 3,
	IT = 1 << 4,
	PT = 1 << 5,
	NL = 1 << 6,
	SV = 1 << 7,
	DA = 1 << 8,
	PL = 1 << 9,
	CS = 1 << 10,
	TR = 1 << 11,
	VI = 1 << 12,
	ID = 1 << 13,
	LEXICON_ALL = (1 << 14) - 1,
};

enum {
	LEXICON_HOUR = 3600, /* seconds */
	LEXICON_DAY = 24 * LEXICON_HOUR,
	LEXICON_WEEK = 7 * LEXICON_DAY,
	LEXICON_MONTH = 30 * LEXICON_DAY, /* the shorter reading */
	LEXICON_WORD = 16,                /* octets of the longest word, and its end */
};

struct lexeme {
	char word[LEXICON_WORD];
	uint8_t number; /* 0: it is none */
	uint16_t number_languages;
	uint32_t unit; /* seconds; 0: it is none */
	uint16_t unit_languages;
	uint8_t month; /* 0: it is none */
};

/* Sorted by octets. */
extern const struct lexeme lexicon[];
extern const size_t lexicon_count;

/* The whole word that begins at text.p[at], of letters alone, if the lexicon has it; *ret_n: its
 * octets. NULL otherwise. Logarithmic. */
const struct lexeme *lexicon_at(struct slice text, size_t at, size_t *ret_n);

#endif
