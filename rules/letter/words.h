/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * words.h - words around a place in a text: the part of a sentence before and after it, its line,
 * and whether one of a list of words stands there.
 *
 * A list is of lower-case words or phrases and ends in NULL; "expir" is found wherever a word
 * begins with it, "by$" only as a whole word. Case is ASCII's. Anything above ASCII is a letter;
 * words that begin with such a character are found anywhere (text of scripts without spaces).
 */
#ifndef RULES_LETTER_WORDS_H
#define RULES_LETTER_WORDS_H

#include "base/str.h"

enum {
	WORDS_BEFORE = 100, /* octets of a window */
	WORDS_AFTER = 70,
	WORDS_LINE = 400, /* octets of a line to either side */
};

bool words_char(char c); /* letter, digit, or part of a character above ASCII */
struct slice words_from(struct slice s, size_t at);

/* The sentence's part before and after a place. A line end does not end a sentence, an empty line
 * does, unless a colon stands before it. */
struct slice words_before(struct slice text, size_t at);
struct slice words_after(struct slice text, size_t at);
struct slice words_line(struct slice text, size_t at);

bool words_any(struct slice s, const char *const *list); /* somewhere in s */
/* The same, but not within one of `except`. */
bool words_any_but(struct slice s, const char *const *list, const char *const *except);
/* At the end of s, but for what is no letter. Only for whole words ("$"). */
bool words_last(struct slice s, const char *const *list);
struct slice words_without_last(struct slice s);

#endif
