/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * literal.c - reads patterns for the plain texts that no match can do without.
 *
 * A pattern is alternatives of sequences of items, and each level has one rule:
 *   - A sequence must match whole, so any of its items may speak for it. A candidate is each run of
 *     plain characters, and what a group has to say. The one with the longest texts is taken; of
 *     the outermost sequence, unless it has alternatives, a few of them, all of which must hold.
 *   - Of alternatives one must match, so all their texts are taken together; one that has none
 *     silences the group.
 *   - An item that may be missing (`?`, `*`, `{0,`) says nothing, and of a run it takes the last
 *     character. One that comes once or more ends the run behind it, since what follows may be
 *     another of its kind.
 *   - What matches no fixed octets ends a run: classes, escapes, dots, anchors, and all above ASCII
 *     that may have another case.
 *     Lookarounds are read over and say nothing: what they see may lie outside the match.
 *
 * A wrong text would make keepname blind to a mail, and nobody would see it; a missing one costs a
 * microsecond. So every construct that is not certain (a class with "[:" in it, an escape with
 * arguments, a brace that is no plain quantifier) silences the whole pattern.
 * PCRE2's syntax: pcre2pattern(3). The options of pattern.c matter here: not extended, so that
 * space and "#" stand for themselves; the inline options i, m and s change no text that is looked
 * for without case.
 */
#include "rules/core/literal.h"

#include <string.h>

#include "rules/core/utf8.h"

enum {
	DEPTH_MOST = 20, /* groups in groups */
};

struct reader {
	const char *p, *end;
	unsigned depth;
	bool failed;
	bool split;                  /* the outermost place has alternatives */
	struct literal_needs *needs; /* of the outermost sequences */
};

static char peek(const struct reader *r, size_t n)
{
	return (size_t)(r->end - r->p) > n ? r->p[n] : '\0';
}

static void step(struct reader *r, size_t n)
{
	if ((size_t)(r->end - r->p) < n)
		r->failed = true;
	else
		r->p += n;
}

/* One character, of one octet or more. */
static void step_char(struct reader *r)
{
	step(r, 1);
	while (r->p < r->end && ((unsigned char)*r->p & 0xc0) == 0x80)
		r->p++;
}

/* -- which texts are better ----------------------------------------------------------------- */

/* Spaces say little; they count for the length, but not for the choice. */
static size_t worth(struct slice text)
{
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] != ' ';
	return text.n < LITERAL_LEAST ? 0 : n;
}

static size_t least_worth(const struct literals *l)
{
	size_t least = l->count ? SIZE_MAX : 0;
	for (size_t i = 0; i < l->count; i++)
		if (worth(l->text[i]) < least)
			least = worth(l->text[i]);
	return least;
}

static bool is_better(const struct literals *a, const struct literals *b)
{
	size_t one = least_worth(a), other = least_worth(b);
	return one > other || (one == other && a->count < b->count);
}

/* Keeps the best of them, in order. */
static void add_need(struct literal_needs *needs, const struct literals *texts)
{
	size_t at = needs->count;
	while (at > 0 && is_better(texts, &needs->need[at - 1]))
		at--;
	if (at == LITERAL_NEEDS)
		return;
	if (needs->count < LITERAL_NEEDS)
		needs->count++;
	for (size_t i = needs->count - 1; i > at; i--)
		needs->need[i] = needs->need[i - 1];
	needs->need[at] = *texts;
}

static void consider(const struct reader *r, struct literals *best, const struct literals *other)
{
	if (is_better(other, best))
		*best = *other;
	if (r->depth == 0 && other->count > 0)
		add_need(r->needs, other);
}

static void consider_run(const struct reader *r, struct literals *best, const char *from,
			 const char *to)
{
	struct literals run = {.text = {{from, (size_t)(to - from)}}, .count = 1};
	if (worth(run.text[0]) > 0)
		consider(r, best, &run);
}

/* -- items ---------------------------------------------------------------------------------- */

static void skip_escape(struct reader *r)
{
	char c = peek(r, 1);
	step(r, 1);
	if (c == 'p' || c == 'P') {
		step(r, 1);
		if (peek(r, 0) == '{')
			while (!r->failed && peek(r, 0) != '}')
				step(r, 1);
		step(r, 1);
	} else if (strchr("abdefhnrstvwzABDHNRSVWXZ", c) && c) {
		step(r, 1);
	} else if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
		r->failed = true;
	} else {
		step_char(r);
	}
}

static void skip_class(struct reader *r)
{
	step(r, peek(r, 1) == '^' ? 2 : 1);
	if (peek(r, 0) == ']')
		step(r, 1);
	while (!r->failed && peek(r, 0) != ']') {
		char c = peek(r, 0), next = peek(r, 1);
		if (c == '[' && (next == ':' || next == '.' || next == '='))
			r->failed = true;
		if (c == '\\' && next == 'c')
			r->failed = true;
		step(r, c == '\\' ? 2 : 1);
	}
	step(r, 1);
}

enum times {
	ONCE,
	ONCE_OR_MORE,
	MAYBE_NEVER,
};

static size_t count_digits(const struct reader *r, size_t at)
{
	size_t n = 0;
	while (peek(r, at + n) >= '0' && peek(r, at + n) <= '9')
		n++;
	return n;
}

/* {n}, {n,} or {n,m}. */
static enum times read_braces(struct reader *r)
{
	size_t n = count_digits(r, 1), at = 1 + n;
	enum times times = MAYBE_NEVER;
	for (size_t i = 1; i <= n; i++)
		if (peek(r, i) != '0')
			times = ONCE_OR_MORE;
	if (peek(r, at) == ',')
		at += 1 + count_digits(r, at + 1);
	if (n == 0 || peek(r, at) != '}')
		r->failed = true;
	step(r, at + 1);
	return times;
}

static bool starts_quantifier(char c)
{
	return c == '?' || c == '*' || c == '+' || c == '{';
}

/* What stands behind an item; nothing means once. A quantifier of a quantifier is not read. */
static enum times read_times(struct reader *r)
{
	enum times times = ONCE;
	char c = peek(r, 0);
	if (!starts_quantifier(c))
		return ONCE;
	if (c == '{') {
		times = read_braces(r);
	} else {
		times = c == '+' ? ONCE_OR_MORE : MAYBE_NEVER;
		step(r, 1);
	}
	if (peek(r, 0) == '?' || peek(r, 0) == '+') /* lazy, possessive */
		step(r, 1);
	if (starts_quantifier(peek(r, 0)))
		r->failed = true;
	return times;
}

static void read_alternatives(struct reader *r, struct literals *ret_literals);

/* Past what opens a group. False: it was an option that opens none, as (?i). */
static bool open_group(struct reader *r, bool *ret_speaks)
{
	size_t n = 1;
	*ret_speaks = true;
	if (peek(r, 1) == '?') {
		n = 3;
		if (peek(r, 2) == '<') {
			n = 4;
			*ret_speaks = false;
		} else if (peek(r, 2) == '=' || peek(r, 2) == '!') {
			*ret_speaks = false;
		} else if (!strchr(":>|", peek(r, 2))) {
			for (n = 2; peek(r, n) && strchr("ims-", peek(r, n));)
				n++;
			n++;
		}
	}
	step(r, n);
	return r->failed || r->p[-1] != ')';
}

/* Leaves ret_literals empty where the group says nothing. */
static void read_group(struct reader *r, struct literals *ret_literals)
{
	bool speaks;
	ret_literals->count = 0;
	if (!open_group(r, &speaks))
		return;
	if (++r->depth > DEPTH_MOST)
		r->failed = true;
	read_alternatives(r, ret_literals);
	r->depth--;
	if (peek(r, 0) != ')')
		r->failed = true;
	step(r, 1);
	if (!speaks)
		ret_literals->count = 0;
}

/* Of scripts that have no upper and lower case: kana and ideographs with their signs, hangul. */
static bool is_caseless(uint32_t c)
{
	return (c >= 0x3000 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7a3);
}

/* Octets of the plain character that stands next; 0 if none does. */
static size_t plain_length(const struct reader *r)
{
	uint32_t c = 0;
	size_t n = utf8_next((struct slice){r->p, (size_t)(r->end - r->p)}, &c);
	if (c < 0x7f)
		return c >= ' ' && !strchr("\\[(^$.{", (char)c) ? n : 0;
	return is_caseless(c) ? n : 0;
}

/* One item that is no plain character. */
static void read_item(struct reader *r, struct literals *ret_literals)
{
	ret_literals->count = 0;
	switch (peek(r, 0)) {
	case '\\': skip_escape(r); break;
	case '[': skip_class(r); break;
	case '(': read_group(r, ret_literals); break;
	case '{': r->failed = true; break;
	default: step_char(r); break;
	}
}

/* -- levels --------------------------------------------------------------------------------- */

static void read_sequence(struct reader *r, struct literals *ret_literals)
{
	const char *run = r->p; /* of plain characters, up to here */
	struct literals group;
	ret_literals->count = 0;
	while (!r->failed && r->p < r->end && *r->p != '|' && *r->p != ')') {
		const char *item = r->p;
		size_t plain = plain_length(r);
		if (plain > 0)
			r->p += plain;
		else
			read_item(r, &group);
		const char *behind = r->p;
		enum times times = read_times(r);
		if (plain > 0 && times == ONCE)
			continue;
		consider_run(r, ret_literals, run,
			     plain > 0 && times == ONCE_OR_MORE ? behind : item);
		if (plain == 0 && times != MAYBE_NEVER)
			consider(r, ret_literals, &group);
		run = r->p;
	}
	consider_run(r, ret_literals, run, r->p);
}

static void read_alternatives(struct reader *r, struct literals *ret_literals)
{
	struct literals all = {.count = 0}, one;
	bool silent = false;
	for (;;) {
		if (r->failed || r->depth > DEPTH_MOST)
			return;
		read_sequence(r, &one);
		if (one.count == 0 || all.count + one.count > LITERALS_MOST)
			silent = true;
		for (size_t i = 0; i < one.count && !silent; i++)
			all.text[all.count++] = one.text[i];
		if (peek(r, 0) != '|')
			break;
		r->split = r->split || r->depth == 0;
		step(r, 1);
	}
	if (silent)
		all.count = 0;
	*ret_literals = all;
}

void literals_needed(struct slice pattern, struct literal_needs *ret_needs)
{
	struct literals all;
	struct reader r = {.p = pattern.p, .end = pattern.p + pattern.n, .needs = ret_needs};
	ret_needs->count = 0;
	all.count = 0;
	read_alternatives(&r, &all);
	if (r.split && all.count > 0)
		ret_needs->need[0] = all;
	if (r.split)
		ret_needs->count = all.count > 0;
	if (r.failed || r.p != r.end)
		ret_needs->count = 0;
}

void literals_of(struct slice pattern, struct literals *ret_literals)
{
	struct literal_needs needs;
	literals_needed(pattern, &needs);
	ret_literals->count = 0;
	if (needs.count > 0)
		*ret_literals = needs.need[0];
}
