/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * zones.c - zones of name servers' configurations; see zones.h.
 *
 * named.conf is words, quoted text, braces and semicolons, in any layout; only enough of its
 * grammar is known here to find zones and their types: a statement ends with a semicolon outside of
 * the braces that it opens, a view holds statements of its own.
 */
#include "cli/domains/zones.h"

#include <string.h>

#include "base/limits.h"

/* -- words of named.conf -------------------------------------------------------------------- */

enum token_kind {
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_SEMICOLON,
	TOKEN_BROKEN, /* a comment or quoted text that does not end */
};

struct token {
	enum token_kind kind;
	struct slice word;
	unsigned line;
};

struct lexer {
	struct slice rest;
	unsigned line;
};

static void skip(struct lexer *l, size_t n)
{
	for (size_t i = 0; i < n; i++)
		l->line += l->rest.p[i] == '\n';
	l->rest.p += n;
	l->rest.n -= n;
}

/* Octets up to the end of what is found, or all. */
static size_t upto(struct slice text, const char *what, bool *ret_found)
{
	const char *at = memmem(text.p, text.n, what, strlen(what));

	*ret_found = at != NULL;
	return at != NULL ? (size_t)(at - text.p) + strlen(what) : text.n;
}

static bool begins(const struct lexer *l, const char *what)
{
	return l->rest.n >= strlen(what) && memcmp(l->rest.p, what, strlen(what)) == 0;
}

/* White space and comments; false where a comment does not end. */
static bool skip_blank(struct lexer *l)
{
	bool found = true;

	while (l->rest.n > 0 && found) {
		const unsigned line = l->line;

		if (str_is_space(l->rest.p[0]))
			skip(l, 1);
		else if (begins(l, "#") || begins(l, "//")) {
			skip(l, upto(l->rest, "\n", &found));
			found = true; /* the last line needs no end */
		} else if (begins(l, "/*")) {
			struct slice inside = {l->rest.p + 2, l->rest.n - 2};

			skip(l, 2 + upto(inside, "*/", &found));
			if (!found)
				l->line = line;
		} else
			break;
	}
	return found;
}

static struct token quoted(struct lexer *l)
{
	struct token t = {TOKEN_BROKEN, {l->rest.p + 1, 0}, l->line};
	size_t n = 1;

	while (n < l->rest.n && l->rest.p[n] != '"')
		n += l->rest.p[n] == '\\' ? 2 : 1;
	if (n < l->rest.n) {
		t.kind = TOKEN_WORD;
		t.word.n = n - 1;
		skip(l, n + 1);
	}
	return t;
}

static struct token next(struct lexer *l)
{
	static const char marks[] = "{};";
	static const enum token_kind kinds[] = {TOKEN_OPEN, TOKEN_CLOSE, TOKEN_SEMICOLON};
	size_t n = 0;

	if (!skip_blank(l))
		return (struct token){TOKEN_BROKEN, {l->rest.p, 0}, l->line};
	struct token t = {TOKEN_END, {l->rest.p, 0}, l->line};

	if (l->rest.n == 0)
		return t;
	const char *mark = memchr(marks, l->rest.p[0], sizeof(marks) - 1);

	if (mark != NULL) {
		t.kind = kinds[mark - marks];
		skip(l, 1);
		return t;
	}
	if (l->rest.p[0] == '"')
		return quoted(l);
	while (n < l->rest.n && !str_is_space(l->rest.p[n]) && l->rest.p[n] != '"' &&
	       memchr(marks, l->rest.p[n], sizeof(marks) - 1) == NULL)
		n++;
	t.kind = TOKEN_WORD;
	t.word.n = n;
	skip(l, n);
	return t;
}

/* -- statements of named.conf --------------------------------------------------------------- */

static bool is_one_of(struct slice word, const char *const names[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (slice_is_nocase(word, names[i]))
			return true;
	return false;
}
#define IS_ONE_OF(word, names) is_one_of(word, names, sizeof(names) / sizeof((names)[0]))

bool zones_is_bind(struct slice text)
{
	static const char *const statements[] = {"acl",
						 "controls",
						 "dnssec-policy",
						 "include",
						 "key",
						 "logging",
						 "masters",
						 "options",
						 "primaries",
						 "server",
						 "tls",
						 "trust-anchors",
						 "view",
						 "zone",
						 "managed-keys",
						 "trusted-keys",
						 "http",
						 "parental-agents",
						 "statistics-channels"};
	struct lexer l = {text, 1};
	struct token t = next(&l);

	if (t.kind != TOKEN_WORD || !IS_ONE_OF(t.word, statements))
		return false;
	/* At most a name and a class stand before its braces. */
	for (int i = 0; i < 3 && t.kind == TOKEN_WORD; i++)
		t = next(&l);
	return t.kind == TOKEN_OPEN || t.kind == TOKEN_SEMICOLON;
}

static void complain(const struct reading *r, unsigned line, const char *what)
{
	diag_add(r->diags, DIAG_ERROR, r->source, line, 0, "%s", what);
}

/* To the end of a statement: its semicolon, or before the brace that closes what it stands in. */
static void skip_statement(struct lexer *l)
{
	size_t depth = 0;

	for (;;) {
		const struct lexer before = *l;
		const struct token t = next(l);

		if (t.kind == TOKEN_END || t.kind == TOKEN_BROKEN ||
		    (t.kind == TOKEN_CLOSE && depth == 0)) {
			*l = before;
			return;
		}
		if (t.kind == TOKEN_SEMICOLON && depth == 0)
			return;
		depth += t.kind == TOKEN_OPEN;
		depth -= t.kind == TOKEN_CLOSE;
	}
}

/* What stands between a zone's braces: its type. False where they do not close. */
static bool read_type(struct lexer *l, struct slice *ret_type)
{
	size_t depth = 1;
	bool first = true, typed = false;

	while (depth > 0) {
		const struct token t = next(l);

		if (t.kind == TOKEN_END || t.kind == TOKEN_BROKEN)
			return false;
		if (typed && t.kind == TOKEN_WORD)
			*ret_type = t.word;
		typed =
		    depth == 1 && first && t.kind == TOKEN_WORD && slice_is_nocase(t.word, "type");
		depth += t.kind == TOKEN_OPEN;
		depth -= t.kind == TOKEN_CLOSE;
		first = t.kind == TOKEN_SEMICOLON;
	}
	return true;
}

static void read_zone(struct reading *r, struct lexer *l)
{
	/* Of these the server answers from others' data. */
	static const char *const others[] = {"forward",  "hint",   "stub",           "static-stub",
					     "redirect", "mirror", "delegation-only"};
	const struct token name = next(l);
	struct slice type = {NULL, 0};
	struct token t = name;

	if (name.kind != TOKEN_WORD) {
		complain(r, name.line, "the name of a zone is expected after \"zone\"");
		skip_statement(l);
		return;
	}
	while (t.kind == TOKEN_WORD)
		t = next(l);
	if (t.kind == TOKEN_OPEN && !read_type(l, &type)) {
		complain(r, name.line, "the braces of this zone do not close");
		return;
	}
	r->line = name.line;
	if (IS_ONE_OF(type, others))
		r->names->passed_over++;
	else
		names_take(r, name.word);
}

static void warn_of_include(const struct reading *r, unsigned line, struct slice file)
{
	char text[128];

	diag_add(r->diags, DIAG_WARNING, r->source, line, 0,
		 "include %s is not read: give that file too, or what named-checkconf -p writes",
		 diag_quote(file.p, file.n, text));
}

/* A word that begins a statement. Whether a view's braces have been opened. */
static bool read_statement(struct reading *r, struct lexer *l, const struct token *t)
{
	if (slice_is_nocase(t->word, "zone"))
		read_zone(r, l);
	else if (slice_is_nocase(t->word, "view")) {
		struct token inner = next(l);

		while (inner.kind == TOKEN_WORD)
			inner = next(l);
		return inner.kind == TOKEN_OPEN;
	} else if (slice_is_nocase(t->word, "include")) {
		const struct token file = next(l);

		warn_of_include(r, t->line, file.word);
	} else
		skip_statement(l);
	return false;
}

void zones_read_bind(struct reading *r, struct slice text)
{
	struct lexer l = {text, 1};
	unsigned view = 0; /* its line; 0: outside */

	for (;;) {
		const struct token t = next(&l);

		if (t.kind == TOKEN_BROKEN)
			complain(r, t.line,
				 "a comment or quoted text that begins here does not end");
		else if (t.kind == TOKEN_END && view != 0)
			complain(r, view, "the braces of this view do not close");
		if (t.kind == TOKEN_BROKEN || t.kind == TOKEN_END)
			return;
		if (t.kind == TOKEN_WORD) {
			if (read_statement(r, &l, &t))
				view = t.line;
		} else if (t.kind == TOKEN_CLOSE) {
			if (view == 0)
				complain(r, t.line, "a brace closes that none has opened");
			view = 0;
		} else if (t.kind == TOKEN_OPEN)
			skip_statement(&l);
	}
}

/* -- sections ------------------------------------------------------------------------------- */

/* The next word of a line, without quotes; none at a comment. */
static struct slice word_of(struct slice *line)
{
	struct slice word;
	size_t n = 0;

	*line = slice_trim(*line);
	if (line->n > 0 && line->p[0] == '"') {
		const char *end = memchr(line->p + 1, '"', line->n - 1);

		n = end != NULL ? (size_t)(end - line->p) : line->n;
		word = (struct slice){line->p + 1, n - 1};
		n += end != NULL;
	} else {
		while (n < line->n && !str_is_space(line->p[n]))
			n++;
		word = (struct slice){line->p, n};
	}
	if (n > 0 && line->p[0] == '#')
		word.n = n = line->n = 0;
	line->p += n;
	line->n -= n;
	return word;
}

bool zones_is_sections(struct slice text)
{
	struct slice line;

	while (names_line(&text, &line)) {
		if (slice_is(word_of(&line), "zone:"))
			return true;
	}
	return false;
}

struct sections {
	struct reading *r;
	bool in_zone;
	size_t indent; /* of the section that it is in */
};

static void read_value(const struct sections *s, struct slice *line)
{
	const struct slice name = word_of(line);

	if (name.n == 0)
		complain(s->r, s->r->line, "the name of a zone is expected");
	else
		names_take(s->r, name);
}

/* What follows a section's name on its line may be its first key. */
static void read_keys(struct sections *s, struct slice line)
{
	struct slice word;

	while ((word = word_of(&line)).n > 0) {
		if (s->in_zone && (slice_is(word, "name:") || slice_is(word, "domain:")))
			read_value(s, &line);
		else if (slice_is(word, "include:"))
			diag_add(s->r->diags, DIAG_WARNING, s->r->source, s->r->line, 0,
				 "what is included is not read: give that file too");
	}
}

static void read_section_line(struct sections *s, struct slice line)
{
	struct slice rest = slice_trim(line), key;
	const size_t indent = (size_t)(rest.p - line.p);

	key = word_of(&rest);
	/* A key without a value below a section is one of its own lists. */
	if (key.n > 0 && key.p[key.n - 1] == ':' &&
	    (slice_is(key, "zone:") || (slice_trim(rest).n == 0 && indent <= s->indent))) {
		s->in_zone = slice_is(key, "zone:");
		s->indent = indent;
		read_keys(s, rest);
	} else
		read_keys(s, line);
}

void zones_read_sections(struct reading *r, struct slice text)
{
	struct sections s = {.r = r};
	struct slice line;

	while (names_line(&text, &line)) {
		r->line++;
		if (line.n > LIMIT_OWNED_LINE)
			names_too_long(r);
		else
			read_section_line(&s, line);
	}
}
