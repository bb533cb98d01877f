/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * literal.h - what a text must hold before a pattern can match in it.
 *
 * For most patterns a few plain texts can be named of which every match contains at least one:
 * of `\b(?:verif|validat)\w*\b.{0,60}\bdomain` it is "domain", and also either of "verif" and
 * "validat". The set of patterns asks for them first, see sieve.h.
 *
 * The texts lie in the pattern and are ASCII, or of scripts that know no case (kana, ideographs,
 * hangul). "Contains" is caseless as PCRE2 is: next to A to Z two characters above ASCII fold to a letter, U+017F to s and U+212A to k. Whoever looks for a
 * text has to expect them.
 */
#ifndef RULES_CORE_LITERAL_H
#define RULES_CORE_LITERAL_H

#include "base/str.h"

enum {
	LITERAL_LEAST = 4,  /* octets of each */
	LITERALS_MOST = 24, /* of one need */
	LITERAL_NEEDS = 3,  /* of one pattern */
};

struct literals {
	struct slice text[LITERALS_MOST];
	size_t count; /* 0: none are known, every text may match */
};

/* A match contains a text of each need. */
struct literal_needs {
	struct literals need[LITERAL_NEEDS]; /* none of them empty; the longest texts first */
	size_t count;                        /* 0: none are known, every text may match */
};

/* The pattern is one that pattern_compile takes. Right or silent: what it does not understand
 * leaves count 0. */
void literals_needed(struct slice pattern, struct literal_needs *ret_needs);
/* The first need alone. */
void literals_of(struct slice pattern, struct literals *ret_literals);

#endif
