/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sieve.h - which of many patterns may match in a text at all: one look at each of its octets.
 *
 * A pattern that is not named cannot match (literal.h says why); one that is named may. Never
 * changes once made, shared by threads, allocates nothing when asked.
 */
#ifndef RULES_CORE_SIEVE_H
#define RULES_CORE_SIEVE_H

#include <stdint.h>

#include "base/limits.h"
#include "rules/core/literal.h"

/* A set of patterns by number. */
struct sieve_hits {
	uint64_t word[(LIMIT_PATTERNS + 63) / 64];
};

struct sieve;
/* For patterns numbered below count, LIMIT_PATTERNS at most; until more is said they are in each
 * answer. NULL when memory is short. */
struct sieve *sieve_new(size_t count);
void sieve_free(struct sieve *s); /* takes NULL */
/* Pattern i matches only where of each need one text is; they are copied. Without a need nothing is
 * said. Once for a pattern. 0, or ENOMEM. */
int sieve_add(struct sieve *s, size_t i, const struct literal_needs *needs);

/* The patterns that may match in text; false: none. Of ret_hits only the words that count needs are
 * written. */
bool sieve_ask(const struct sieve *s, struct slice text, struct sieve_hits *ret_hits);
/* The next of them from *at on, which is moved past it. */
bool sieve_next(const struct sieve *s, const struct sieve_hits *hits, size_t *at, size_t *ret_i);

#endif
