/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sieve.c - a filter of four octets before any pattern.
 *
 * All texts that are looked for have four octets or more. Of the first four of each a hash is
 * noted in a table of bits; a text is asked about by hashing the four octets at each of its places.
 * Where the bit is not set, and that is nearly everywhere, nothing begins there. Where it is, the
 * few texts of that hash are compared whole, so what a pattern is called for is really there.
 *
 * A text is kept once, however many patterns look for it: ordinary mail has "domain" and "confirm"
 * too, and what it costs must not grow with the languages that keepname knows. Found for the first
 * time it meets the needs that it belongs to, a bit for each in the octet of their pattern; the
 * pattern whose last need is met is a hit. One need alone lets too much through: "domain" stands in
 * every tenth pattern.
 *
 * Upper and lower case become one by setting bit 0x20 of every octet on both sides. That also takes
 * "@" for "`" and a tab for ")": harmless, since the pattern itself has the last word.
 * Two characters above ASCII fold to a letter: U+017F (long s) and U+212A (Kelvin sign). They are
 * too rare to be woven into the search: a text that holds one is given to all patterns.
 *
 * Measured over the everyday subjects of tests/wording, which speak of domains more often than most
 * mail, with the 435 subject patterns of 17 languages: 0.4 us each, against 0.8 us with one need a
 * pattern, 3 to 5 us with the 77 patterns of two languages asked one by one, and 11 to 35 us with
 * those in one alternation.
 */
#include "rules/core/sieve.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "rules/core/arena.h"

enum {
	WINDOW = 4, /* octets that are hashed; LITERAL_LEAST is no less */
	HASH_BITS = 14,
	CHAINS = 1024,
	TEXTS_MOST = LIMIT_PATTERNS * 4, /* different ones; a pattern beyond is asked everywhere */
};
#define NONE UINT32_MAX

_Static_assert((int)LITERAL_LEAST >= (int)WINDOW, "a text is shorter than what is hashed");
_Static_assert(LITERAL_NEEDS <= 8, "the needs of a pattern have a bit each in an octet");

struct text {
	struct slice folded; /* in the arena */
	uint32_t next;       /* of the same chain */
	uint32_t use;        /* first of those that look for it */
};

struct use {
	uint32_t pattern;
	uint8_t need; /* its bit */
	uint32_t next;
};

struct sieve {
	uint32_t bit[(1 << HASH_BITS) / 32]; /* by the hash of a window */
	uint32_t chain[CHAINS];              /* by its low bits */
	struct arena arena;
	struct text *text;
	size_t texts, text_room;
	struct use *use;
	size_t uses, use_room;
	uint8_t *needs; /* all of a pattern's bits; 0: it is always asked */
	size_t count, words;
	struct sieve_hits always;
};

struct sieve *sieve_new(size_t count)
{
	struct sieve *s = calloc(1, sizeof *s);
	if (!s)
		return NULL;
	s->needs = calloc(count ? count : 1, 1);
	if (!s->needs) {
		free(s);
		return NULL;
	}
	s->count = count;
	s->words = (count + 63) / 64;
	memset(s->chain, 0xff, sizeof s->chain);
	for (size_t i = 0; i < count; i++)
		s->always.word[i / 64] |= UINT64_C(1) << i % 64;
	return s;
}

void sieve_free(struct sieve *s)
{
	if (!s)
		return;
	arena_free(&s->arena);
	free(s->text);
	free(s->use);
	free(s->needs);
	free(s);
}

static inline uint32_t window_at(const char *p)
{
	uint32_t w;
	memcpy(&w, p, WINDOW);
	return w;
}

static inline uint32_t hash_of(uint32_t window)
{
	return (window | 0x20202020u) * 0x9e3779b1u >> (32 - HASH_BITS);
}

/* -- making --------------------------------------------------------------------------------- */

static bool begins_with(struct slice text, struct slice folded)
{
	if (text.n < folded.n)
		return false;
	for (size_t i = 0; i < folded.n; i++)
		if ((char)(text.p[i] | 0x20) != folded.p[i])
			return false;
	return true;
}

static uint32_t find_text(const struct sieve *s, uint32_t hash, struct slice text)
{
	uint32_t i = s->chain[hash % CHAINS];
	while (i != NONE &&
	       (s->text[i].folded.n != text.n || !begins_with(text, s->text[i].folded)))
		i = s->text[i].next;
	return i;
}

/* Its number, old or new; NONE when memory is short. */
static uint32_t note_text(struct sieve *s, struct slice text)
{
	char window[WINDOW];
	for (size_t i = 0; i < WINDOW; i++)
		window[i] = (char)(text.p[i] | 0x20);
	uint32_t hash = hash_of(window_at(window)), *chain = &s->chain[hash % CHAINS];
	uint32_t at = find_text(s, hash, text);
	if (at != NONE)
		return at;
	struct text *list = grow_list(s->text, s->texts, &s->text_room, sizeof *list);
	if (!list)
		return NONE;
	s->text = list;
	char *copy = arena_take(&s->arena, text.n);
	if (!copy)
		return NONE;
	for (size_t i = 0; i < text.n; i++)
		copy[i] = (char)(text.p[i] | 0x20);
	s->text[s->texts] = (struct text){{copy, text.n}, *chain, NONE};
	*chain = (uint32_t)s->texts++;
	s->bit[hash / 32] |= 1u << hash % 32;
	return *chain;
}

static bool note_use(struct sieve *s, size_t pattern, uint8_t need, struct slice text)
{
	uint32_t at = note_text(s, text);
	struct use *list =
	    at != NONE ? grow_list(s->use, s->uses, &s->use_room, sizeof *list) : NULL;
	if (!list)
		return false;
	s->use = list;
	s->use[s->uses] = (struct use){(uint32_t)pattern, need, s->text[at].use};
	s->text[at].use = (uint32_t)s->uses++;
	return true;
}

int sieve_add(struct sieve *s, size_t i, const struct literal_needs *needs)
{
	size_t most = (size_t)LITERALS_MOST * LITERAL_NEEDS;
	if (needs->count == 0 || s->texts + most > TEXTS_MOST)
		return 0;
	for (size_t k = 0; k < needs->count; k++)
		for (size_t n = 0; n < needs->need[k].count; n++)
			if (!note_use(s, i, (uint8_t)(1u << k), needs->need[k].text[n]))
				return ENOMEM;
	s->needs[i] = (uint8_t)((1u << needs->count) - 1);
	s->always.word[i / 64] &= ~(UINT64_C(1) << i % 64);
	return 0;
}

/* -- asking --------------------------------------------------------------------------------- */

struct asking {
	uint64_t seen[TEXTS_MOST / 64]; /* texts */
	uint8_t met[LIMIT_PATTERNS];    /* needs of each pattern */
	struct sieve_hits *hits;
};

static void meet(const struct sieve *s, uint32_t first, struct asking *a)
{
	for (uint32_t i = first; i != NONE; i = s->use[i].next) {
		const struct use *u = &s->use[i];
		uint8_t *met = &a->met[u->pattern];
		*met |= u->need;
		if (*met == s->needs[u->pattern])
			a->hits->word[u->pattern / 64] |= UINT64_C(1) << u->pattern % 64;
	}
}

static void compare(const struct sieve *s, uint32_t hash, struct slice text, struct asking *a)
{
	for (uint32_t i = s->chain[hash % CHAINS]; i != NONE; i = s->text[i].next) {
		uint64_t *seen = &a->seen[i / 64], bit = UINT64_C(1) << i % 64;
		if ((*seen & bit) || !begins_with(text, s->text[i].folded))
			continue;
		*seen |= bit;
		meet(s, s->text[i].use, a);
	}
}

static bool holds(struct slice text, const char *octets, size_t n)
{
	const char *end = text.p + text.n;
	for (const char *p = text.p; (size_t)(end - p) >= n; p++) {
		p = memchr(p, (unsigned char)octets[0], (size_t)(end - p) - n + 1);
		if (!p)
			return false;
		if (memcmp(p, octets, n) == 0)
			return true;
	}
	return false;
}

/* U+017F or U+212A. */
static bool holds_folding(struct slice text)
{
	return holds(text, "\xc5\xbf", 2) || holds(text, "\xe2\x84\xaa", 3);
}

bool sieve_ask(const struct sieve *s, struct slice text, struct sieve_hits *ret_hits)
{
	struct asking a;
	uint32_t seen = 0;
	uint64_t any = 0;
	a.hits = ret_hits;
	memset(a.seen, 0, (s->texts + 63) / 64 * sizeof *a.seen);
	memset(a.met, 0, s->count);
	memcpy(ret_hits->word, s->always.word, s->words * sizeof *ret_hits->word);
	for (size_t i = 0; i + WINDOW <= text.n; i++) {
		uint32_t window = window_at(text.p + i), hash = hash_of(window);
		seen |= window;
		if (s->bit[hash / 32] & 1u << hash % 32)
			compare(s, hash, (struct slice){text.p + i, text.n - i}, &a);
	}
	if (seen & 0x80808080u && holds_folding(text))
		memset(ret_hits->word, 0xff, s->words * sizeof *ret_hits->word);
	for (size_t i = 0; i < s->words; i++)
		any |= ret_hits->word[i];
	return any != 0;
}

bool sieve_next(const struct sieve *s, const struct sieve_hits *hits, size_t *at, size_t *ret_i)
{
	for (size_t i = *at; i < s->count; i = (i / 64 + 1) * 64) {
		uint64_t left = hits->word[i / 64] >> i % 64;
		if (left == 0)
			continue;
		i += (size_t)__builtin_ctzll(left);
		if (i >= s->count)
			break;
		*at = i + 1;
		*ret_i = i;
		return true;
	}
	return false;
}
