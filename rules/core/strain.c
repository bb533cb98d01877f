/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * strain.c - see strain.h.
 *
 * PCRE2 counts the steps from each place of a text anew. So what takes too many is either a pattern
 * that tries the same octets in many ways, or one that goes on without bound ("\S+ " in a text
 * without a space): both show on its own words, over and over, with and without spaces between.
 */
#include "rules/core/strain.h"

#include <string.h>

#include "base/limits.h"
#include "rules/core/stanza.h"

enum {
	OWN_BYTES = 32 * 1024, /* a body of a pattern's own words: more places than LIMIT_MATCH */
};

/* To that many octets; without spaces it is one long word. */
static void repeat(struct slice text, bool spaces, size_t most, struct str *to)
{
	struct str once = {0};
	for (size_t i = 0; i < text.n; i++)
		if (spaces || text.p[i] != ' ')
			str_putc(&once, text.p[i]);
	if (spaces && once.n > 0 && once.p[once.n - 1] != ' ')
		str_putc(&once, ' ');
	str_reset(to);
	while (once.n > 0 && to->n < most && !to->failed)
		str_add(to, once.p, once.n < most - to->n ? once.n : most - to->n);
	str_free(&once);
}

/* set: up to the first NULL. */
static void strain(const struct pattern_set *const *set, struct pattern_scratch *scratch,
		   struct slice text, size_t most, struct diags *diags)
{
	struct str s = {0};
	for (unsigned i = 0; set[i]; i++)
		pattern_strain(set[i], scratch, text, diags);
	for (int spaces = 0; spaces < 2; spaces++) {
		repeat(text, spaces, most, &s);
		for (unsigned i = 0; set[i]; i++)
			pattern_strain(set[i], scratch, (struct slice){str_text(&s), s.n}, diags);
	}
	str_free(&s);
}

void strain_subject(const struct classes *c, struct pattern_scratch *scratch, struct slice text,
		    struct diags *diags)
{
	const struct pattern_set *const set[] = {c->subject, c->listed_subject, c->display, NULL};
	strain(set, scratch, text, LIMIT_SUBJECT, diags);
}

void strain_body(const struct classes *c, struct pattern_scratch *scratch, struct slice text,
		 struct diags *diags)
{
	const struct pattern_set *const set[] = {c->body, c->domain_wording, NULL};
	strain(set, scratch, text, LIMIT_TEXT_BYTES, diags);
}

/* -- a pattern's own words ----------------------------------------------------------------------
 */

/* Octets of what stands for no text: a group's opening, an escape, a class, a count. */
static size_t syntax_length(struct slice s)
{
	size_t n = 1;
	char closing = s.p[0] == '[' ? ']' : '}';
	switch (s.p[0]) {
	case '(':
		while (n < s.n && n < 4 && memchr("?:!<=>|", s.p[n], 7))
			n++;
		return n;
	case '\\': return s.n > 1 ? 2 : 1;
	case '[':
	case '{':
		while (n < s.n && s.p[n] != closing)
			n++;
		return n < s.n ? n + 1 : n;
	default: return memchr(")|?*+^$", s.p[0], 7) ? 1 : 0;
	}
}

static void put_words(struct slice pattern, struct str *to)
{
	while (pattern.n > 0) {
		size_t n = syntax_length(pattern);
		bool space = n > 0 ? !memchr("?*+(", pattern.p[0], 4) : pattern.p[0] == ' ';
		if (!space && n == 0)
			str_putc(to, pattern.p[0]);
		else if (space && to->n > 0 && to->p[to->n - 1] != ' ')
			str_putc(to, ' ');
		pattern.p += n ? n : 1;
		pattern.n -= n ? n : 1;
	}
}

static void strain_field(const struct classes *c, struct pattern_scratch *scratch,
			 const struct field *f, struct diags *diags)
{
	struct field_walk walk = {0};
	struct slice pattern;
	unsigned line, column;
	const struct pattern_set *const body[] = {c->body, c->domain_wording, NULL};
	while (field_next_line(f, &walk, &pattern, &line, &column)) {
		struct str words = {0};
		put_words(pattern, &words);
		struct slice text = {str_text(&words), words.n};
		strain_subject(c, scratch, text, diags);
		strain(body, scratch, text, OWN_BYTES, diags);
		str_free(&words);
	}
}

void strain_own_words(const struct classes *c, struct pattern_scratch *scratch, struct slice file,
		      struct diags *diags)
{
	struct diags unsaid = {0}; /* by whoever compiled the classes */
	struct stanza_reader reader = stanza_reader_of(file, "", &unsaid);
	struct stanza s;
	while (stanza_next(&reader, &s))
		for (size_t i = 1; i < s.count; i++)
			strain_field(c, scratch, &s.field[i], diags);
	diag_free(&unsaid);
}
