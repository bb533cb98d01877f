/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reader.h - a place in a text, and what may be read there. Each call moves the place on, or leaves
 * it and returns false, so that forms can be tried one after the other.
 */
#ifndef RULES_LETTER_READER_H
#define RULES_LETTER_READER_H

#include "base/str.h"

struct place {
	struct slice text;
	size_t at;
};

/* A digit, plain or full-width (U+FF10 to U+FF19), at text.p[at]: its octets, or 0. */
size_t reader_digit(struct slice text, size_t at, unsigned *ret_value);
/* A number of at most `most` digits that begins there: octets taken, 0 if there is none, or it has
 * more digits. */
size_t reader_digits(struct slice text, size_t at, unsigned most, unsigned *ret_number);

/* Exactly min to max digits. */
bool reader_number(struct place *p, unsigned min, unsigned max, unsigned *ret_number);
bool reader_literal(struct place *p, const char *text); /* without regard to ASCII case */
/* A word of letters alone: not the start of a longer one. */
bool reader_word(struct place *p, const char *word);
/* One of a list that ends in NULL. */
bool reader_word_of(struct place *p, const char *const *words);
/* Spaces, no-break spaces, at most one line end. */
bool reader_space(struct place *p);

#endif
