/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pattern.h - many patterns, one question: PCRE2 with JIT, match, depth and heap limits, behind a
 * sieve (sieve.h) that answers for nearly all texts without it.
 *
 * Caseless, UTF, Unicode properties, "^" and "$" at each line; invalid UTF allowed in the subject.
 * A pattern is a plain one: (...) groups without capturing; (?:...), (?!...), (?<=...), (?<!...),
 * (?>...), (?|...) and the options i, m, s are there; names, references, recursion, conditions,
 * callouts, verbs, comments, \Q, \K and \C are refused, since what a match needs could not be read
 * off the pattern; so is (?=...), of which PCRE2 before 10.45 overlooks matches ((?=a)b?A in "ab"),
 * and a pattern that matches the empty text. A "(" before "?" or "*" that is meant as itself is
 * written "\(" or stands last in its class.
 *
 * What makes a pattern cheap: four or more plain ASCII characters in a row, or two ideographs, kana
 * or hangul, outside [...] and not optional, of which no match can do without (or such a text in
 * each of the alternatives of one group). A pattern without is run over every text
 * (pattern_unsieved).
 *
 * A set never changes once compiled and is shared by threads; what a match writes lies in a scratch
 * that belongs to one user at a time. Once warm, matching allocates nothing.
 */
#ifndef RULES_CORE_PATTERN_H
#define RULES_CORE_PATTERN_H

#include "base/diag.h"
#include "base/str.h"
#include "rules/core/terms.h"

struct pattern_set;
struct pattern_scratch;

struct pattern_source {
	struct slice text; /* one PCRE2 pattern */
	uint32_t tag;      /* what a match gives back */
	const char *file;
	unsigned line, column;
};

/* Compiles; each faulty pattern is reported by itself in diags, with its column. NULL if any is
 * faulty, or memory is short. An empty set is valid and never matches. Keeps nothing of source but
 * copies of the places. */
struct pattern_set *pattern_compile(const struct pattern_source *source, size_t count,
				    struct diags *diags);
void pattern_free(struct pattern_set *set);
struct pattern_scratch *pattern_scratch_new(void);
void pattern_scratch_free(struct pattern_scratch *scratch);

/* The first match at or after *at. YES: *ret_tag, and *at is moved past the match (always
 * forward). NO: none. UNKNOWN: a limit was hit. ret_match may be NULL. */
enum proof pattern_next(const struct pattern_set *set, struct pattern_scratch *scratch,
			struct slice subject, size_t *at, uint32_t *ret_tag,
			struct slice *ret_match);

/* Which of the wanted tags match anywhere: bit 1u << tag; tags of 32 and more are left out. Unlike
 * pattern_next this is exact where matches overlap or hide each other. *ret_limit is set (never
 * cleared) when a limit was hit: a tag that is missing may be there. */
uint32_t pattern_tags(const struct pattern_set *set, struct pattern_scratch *scratch,
		      struct slice subject, uint32_t wanted, bool *ret_limit);
/* Reports each pattern that hits a limit on the text, at its place and once in the same diags. */
void pattern_strain(const struct pattern_set *set, struct pattern_scratch *scratch,
		    struct slice text, struct diags *diags);
/* How many of the patterns are run over every text. */
size_t pattern_unsieved(const struct pattern_set *set);

#endif
