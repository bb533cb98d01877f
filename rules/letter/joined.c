/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * joined.c - a tokenizer of HTML (WHATWG HTML 13.2.5) that knows tags, comments and raw text, and
 * no tree; see joined.h. Where select, frames, svg and the like stand, more tags mean nothing than
 * can be told here: then nothing parts the text. Every octet is passed once.
 */
#include "rules/letter/joined.h"

#include <string.h>

enum {
	NAME = 16,
	TABLES = 60, /* within each other; one more is stray */
};

struct tokens {
	struct slice html;
	size_t at;
	bool tricky;
	bool stray;      /* text of a table in no cell of it */
	bool scripting;  /* <noscript> is text */
	unsigned tables; /* open ones */
	uint64_t cells;  /* a bit for each of them: a cell is open in it */
	struct str *to;
};

static bool is_alpha(char c)
{
	c = str_lower_char(c);
	return c >= 'a' && c <= 'z';
}

static char at(const struct tokens *t, size_t i)
{
	return i < t->html.n ? t->html.p[i] : '\0';
}

static bool starts(const struct tokens *t, size_t i, const char *text)
{
	return i <= t->html.n &&
	       slice_starts_nocase((struct slice){t->html.p + i, t->html.n - i}, text);
}

static bool is_one_of(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

/* -- markup ------------------------------------------------------------------------------------ */

static size_t behind(const struct tokens *t, size_t i, char c)
{
	while (i < t->html.n && t->html.p[i] != c)
		i++;
	return i < t->html.n ? i + 1 : i;
}

/* t->at stands on "<!--". */
static void pass_comment(struct tokens *t)
{
	size_t i = t->at + 4;
	if (at(t, i) == '>' || starts(t, i, "->")) {
		t->at = behind(t, i, '>');
		return;
	}
	while (i < t->html.n && !starts(t, i, "-->") && !starts(t, i, "--!>"))
		i++;
	t->at = behind(t, i, '>');
}

static bool is_blank(char c)
{
	return str_is_space(c) || c == '\f';
}

/* The value of an attribute that begins at i, behind its "=". */
static size_t pass_value(const struct tokens *t, size_t i)
{
	while (is_blank(at(t, i)))
		i++;
	if (at(t, i) == '"' || at(t, i) == '\'')
		return behind(t, i + 1, at(t, i));
	while (i < t->html.n && !is_blank(t->html.p[i]) && t->html.p[i] != '>')
		i++;
	return i;
}

/* From behind the tag's name to behind its end. An "=" where no name is begins one. */
static void pass_attributes(struct tokens *t)
{
	bool named = false;
	size_t i = t->at;
	while (i < t->html.n && t->html.p[i] != '>') {
		char c = t->html.p[i++];
		if (c == '=' && named) {
			i = pass_value(t, i);
			named = false;
		} else if (c == '/') {
			named = false;
		} else if (!is_blank(c)) {
			named = true;
		}
	}
	t->at = i < t->html.n ? i + 1 : i;
}

static void read_name(struct tokens *t, char to[static NAME])
{
	size_t n = 0;
	for (char c = at(t, t->at); t->at < t->html.n && !is_blank(c) && c != '/' && c != '>';
	     c = at(t, ++t->at))
		if (n < NAME - 1)
			to[n++] = str_lower_char(c);
	to[n] = '\0';
}

/* To the end tag of an element whose text is no markup. */
static void pass_raw(struct tokens *t, const char *name)
{
	size_t n = strlen(name);
	for (; t->at < t->html.n; t->at++) {
		if (!starts(t, t->at, "</") || !starts(t, t->at + 2, name))
			continue;
		char c = at(t, t->at + 2 + n);
		if (is_blank(c) || c == '/' || c == '>')
			return;
	}
}

/* -- what parts the text ----------------------------------------------------------------------- */

static bool in_cell(const struct tokens *t)
{
	return t->cells & 1;
}

/* Text of a table that is in none of its cells is moved before it, and joins what stands there. */
static void see_table(struct tokens *t, const char *name, bool end)
{
	if (strcmp(name, "table") != 0) {
		bool cell = strcmp(name, "td") == 0 || strcmp(name, "th") == 0 ||
			    strcmp(name, "caption") == 0;
		t->cells = (t->cells & ~UINT64_C(1)) | (cell && !end);
	} else if (end) {
		t->tables--;
		t->cells >>= 1;
	} else {
		t->stray = t->stray || t->tables == TABLES || (t->tables && !in_cell(t));
		t->tables++;
		t->cells <<= 1;
	}
}

static bool parts(struct tokens *t, const char *name, bool end)
{
	static const char *const always[] = {"br", "p",  "div", "hr",     "h1",         "h2", "h3",
					     "h4", "h5", "h6",  "ul",     "ol",         "li", "dl",
					     "dt", "dd", "pre", "center", "blockquote", NULL};
	static const char *const cells[] = {"td",    "th",      "tr",  "tbody",    "thead", "tfoot",
					    "table", "caption", "col", "colgroup", NULL};
	bool table = is_one_of(name, cells) && (t->tables || (!end && strcmp(name, "table") == 0));
	bool was_cell = in_cell(t);
	if (table)
		see_table(t, name, end);
	if (t->tricky)
		return false;
	if (table)
		return was_cell || in_cell(t);
	return end ? strcmp(name, "p") == 0 || strcmp(name, "br") == 0 : is_one_of(name, always);
}

/* t->at stands on "<" and a letter, or "</" and a letter. */
static void pass_tag(struct tokens *t)
{
	static const char *const raw[] = {"style", "script", "title", "iframe", NULL};
	char name[NAME];
	bool end = at(t, t->at + 1) == '/';
	t->at += end ? 2 : 1;
	read_name(t, name);
	pass_attributes(t);
	if (parts(t, name, end))
		str_putc(t->to, '\n');
	if (!end && (is_one_of(name, raw) || (t->scripting && strcmp(name, "noscript") == 0)))
		pass_raw(t, name);
}

static bool is_tricky(const struct tokens *t)
{
	static const char *const tricky[] = {"<select", "<svg", "<noscript", "<iframe",
					     "<frameset"};
	for (size_t i = 0; i < t->html.n; i++)
		for (size_t k = 0; t->html.p[i] == '<' && k < 5; k++)
			if (starts(t, i, tricky[k]))
				return true;
	return false;
}

static void pass_text(struct tokens *t)
{
	char c = t->html.p[t->at++];
	if (t->tables && !in_cell(t) && (unsigned char)c > 0x20)
		t->stray = true;
	str_putc(t->to, c);
}

static void read(struct tokens *t)
{
	while (t->at < t->html.n) {
		char next = at(t, t->at + 1);
		if (t->html.p[t->at] != '<')
			pass_text(t);
		else if (starts(t, t->at, "<!--"))
			pass_comment(t);
		else if (is_alpha(next) || (next == '/' && is_alpha(at(t, t->at + 2))))
			pass_tag(t);
		else if (next == '!' || next == '?' || next == '/')
			t->at = behind(t, t->at, '>');
		else
			pass_text(t);
	}
}

bool joined_text(struct slice html, struct str *to)
{
	struct tokens t = {.html = html, .to = to}, scripted;
	t.tricky = is_tricky(&t);
	scripted = t;
	read(&t);
	if (t.tricky) {
		scripted.scripting = true;
		str_putc(to, '\n');
		read(&scripted);
	}
	return !t.stray && !(t.tricky && scripted.stray);
}
