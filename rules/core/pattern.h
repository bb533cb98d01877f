/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pattern.h - many patterns, one match: PCRE2 with JIT, one alternation with marks, match and heap
 * limits.
 *
 * Caseless, UTF, invalid UTF allowed in the subject. A set never changes once compiled and is
 * shared by threads; what a match writes lies in a scratch that belongs to one user at a time.
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

/* Compiles; each faulty pattern is reported by itself in diags. NULL if any is faulty, or memory is
 * short. An empty set is valid and never matches. */
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

#endif
