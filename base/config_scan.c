/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config_scan.c - statements of keepname.conf; the contract is in config_scan.h.
 *
 * After an error reading goes on at the next line that looks like "NAME =", so that one missing
 * quote or brace costs one statement and one message.
 */
#include "base/config_scan.h"

#include <string.h>

struct config_scan config_scan_of(struct slice text, const char *file, struct diags *diags)
{
	return (struct config_scan){.text = text, .line = 1, .file = file, .diags = diags};
}

/* -- octets --------------------------------------------------------------------------------- */

/* The octet at an offset from here; 0 past the end (and for NUL, which is never a good octet). */
static char peek(const struct config_scan *s, size_t ahead)
{
	size_t at = s->at + ahead;
	return at < s->text.n ? s->text.p[at] : '\0';
}

static bool at_end(const struct config_scan *s)
{
	return s->at >= s->text.n;
}

static void step(struct config_scan *s)
{
	if (s->text.p[s->at++] == '\n') {
		s->line++;
		s->line_start = s->at;
	}
}

static struct config_place here(const struct config_scan *s)
{
	return (struct config_place){s->line, (unsigned)(s->at - s->line_start + 1)};
}

static bool is_name_char(char c)
{
	c = str_lower_char(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static bool is_word_char(char c)
{
	return is_name_char(c) || c == '.' || c == '/' || c == ':' || c == '@';
}

static bool is_printable(char c)
{
	return c >= 0x20 && c < 0x7f;
}

/* -- errors --------------------------------------------------------------------------------- */

/* What stands here, for a message. */
static const char *found(const struct config_scan *s, char to[static 128])
{
	size_t n = 1;
	if (at_end(s))
		return "the end of the file";
	if (peek(s, 0) == '\n' || peek(s, 0) == '\r')
		return "the end of the line";
	while (is_word_char(peek(s, 0)) && is_word_char(peek(s, n)))
		n++;
	return diag_quote(s->text.p + s->at, n, to);
}

static bool expected(struct config_scan *s, const char *what)
{
	char quoted[128];
	struct config_place place = here(s);
	diag_add(s->diags, DIAG_ERROR, s->file, place.line, place.column, "%s found, expected %s",
		 found(s, quoted), what);
	return false;
}

static bool looks_like_statement(const struct config_scan *s)
{
	size_t i = 0;
	while (peek(s, i) == ' ' || peek(s, i) == '\t')
		i++;
	size_t name = i;
	while (is_name_char(peek(s, i)))
		i++;
	if (i == name)
		return false;
	while (peek(s, i) == ' ' || peek(s, i) == '\t')
		i++;
	return peek(s, i) == '=' || (peek(s, i) == '+' && peek(s, i + 1) == '=');
}

static void next_line(struct config_scan *s)
{
	while (!at_end(s) && s->text.p[s->at] != '\n')
		step(s);
	if (!at_end(s))
		step(s);
}

/* Goes on where a statement seems to begin: on this line if it is past the faulty one's first. */
static void recover(struct config_scan *s, unsigned faulty_line)
{
	if (s->line > faulty_line)
		s->at = s->line_start;
	else
		next_line(s);
	while (!at_end(s) && !looks_like_statement(s))
		next_line(s);
}

/* -- white space and comments --------------------------------------------------------------- */

static bool comment_octet(struct config_scan *s)
{
	unsigned char c = (unsigned char)peek(s, 0);
	if ((c < 0x20 && c != '\t' && c != '\r' && c != '\n') || c == 0x7f)
		return expected(s, "text without control characters");
	step(s);
	return true;
}

static bool skip_line_comment(struct config_scan *s)
{
	while (!at_end(s) && peek(s, 0) != '\n')
		if (!comment_octet(s))
			return false;
	return true;
}

static bool skip_block_comment(struct config_scan *s)
{
	struct config_place start = here(s);
	s->at += 2;
	while (!(peek(s, 0) == '*' && peek(s, 1) == '/')) {
		if (at_end(s)) {
			diag_add(s->diags, DIAG_ERROR, s->file, start.line, start.column,
				 "a comment begins here and never ends, expected */");
			return false;
		}
		if (!comment_octet(s))
			return false;
	}
	s->at += 2;
	return true;
}

/* White space and comments; over line ends only if `lines`. False after an error. */
static bool skip_space(struct config_scan *s, bool lines)
{
	while (!at_end(s)) {
		char c = peek(s, 0);
		bool ok = true;
		if (c == ' ' || c == '\t' || c == '\r' || (lines && c == '\n'))
			step(s);
		else if (c == '#' || (c == '/' && peek(s, 1) == '/'))
			ok = skip_line_comment(s);
		else if (c == '/' && peek(s, 1) == '*')
			ok = skip_block_comment(s);
		else
			break;
		if (!ok)
			return false;
	}
	return true;
}

/* -- statements ----------------------------------------------------------------------------- */

static bool scan_quoted(struct config_scan *s, struct str *to)
{
	struct config_place start = here(s);
	char quote = peek(s, 0);
	size_t from = s->at++;
	while (peek(s, 0) != quote) {
		char c = peek(s, 0);
		if (at_end(s) || c == '\n') {
			diag_add(s->diags, DIAG_ERROR, s->file, start.line, start.column,
				 "a quote begins here and does not end on this line, expected %c",
				 quote);
			return false;
		}
		if (c == '\\')
			return expected(s, "a value without backslashes");
		if (c == '$' && peek(s, 1) == '{')
			return expected(s, "a value without ${...}, which is not expanded");
		if (!is_printable(c))
			return expected(s, "a value of printable ASCII");
		step(s);
	}
	step(s);
	str_add(to, s->text.p + from, s->at - from);
	return true;
}

static bool scan_word(struct config_scan *s, struct str *to)
{
	size_t from = s->at;
	while (is_word_char(peek(s, 0))) {
		if (peek(s, 0) == '/' && (peek(s, 1) == '/' || peek(s, 1) == '*'))
			return expected(s, "quotes around a value with // or /*");
		step(s);
	}
	str_putc(to, '"');
	str_add(to, s->text.p + from, s->at - from);
	str_putc(to, '"');
	return true;
}

static bool scan_value(struct config_scan *s, struct config_statement *st)
{
	char c = peek(s, 0);
	if (st->count >= LIMIT_CONFIG_ITEMS) {
		struct config_place place = here(s);
		diag_add(s->diags, DIAG_ERROR, s->file, place.line, place.column,
			 "more than %d values in one list", LIMIT_CONFIG_ITEMS);
		return false;
	}
	st->value[st->count] = here(s);
	if (c == '"' || c == '\'') {
		if (!scan_quoted(s, &st->text))
			return false;
	} else if (is_word_char(c)) {
		if (!scan_word(s, &st->text))
			return false;
	} else {
		return expected(s, st->list ? "a value or }"
					    : "a value (in quotes unless it is made of "
					      "letters, digits and _ . / : @ -)");
	}
	st->count++;
	return true;
}

static bool scan_list(struct config_scan *s, struct config_statement *st)
{
	st->list = true;
	str_putc(&st->text, '{');
	step(s);
	for (;;) {
		if (!skip_space(s, true))
			return false;
		if (peek(s, 0) == '}')
			break;
		if (!scan_value(s, st) || !skip_space(s, true))
			return false;
		if (peek(s, 0) == ',') {
			str_puts(&st->text, ", ");
			step(s);
		} else if (peek(s, 0) != '}') {
			return expected(s, ", or } in a list");
		}
	}
	step(s);
	str_putc(&st->text, '}');
	return true;
}

static bool scan_statement(struct config_scan *s, struct config_statement *st)
{
	size_t from = s->at;
	st->at = here(s);
	while (is_name_char(peek(s, 0)))
		step(s);
	st->name = (struct slice){s->text.p + from, s->at - from};
	if (st->name.n == 0)
		return expected(s, "the name of an option");
	str_add(&st->text, st->name.p, st->name.n);
	if (!skip_space(s, false))
		return false;
	if (peek(s, 0) != '=')
		return expected(s, "= and a value");
	step(s);
	str_puts(&st->text, " = ");
	if (!skip_space(s, false))
		return false;
	if (!(peek(s, 0) == '{' ? scan_list(s, st) : scan_value(s, st)) || !skip_space(s, false))
		return false;
	if (!at_end(s) && peek(s, 0) != '\n')
		return expected(s, "the end of the line after a value");
	return true;
}

bool config_scan_next(struct config_scan *s, struct config_statement *st)
{
	for (;;) {
		unsigned line = s->line;
		st->name = (struct slice){0};
		if (skip_space(s, true)) {
			if (at_end(s))
				return false;
			line = s->line;
			str_reset(&st->text);
			st->list = false;
			st->count = 0;
			st->bad = !scan_statement(s, st);
			if (!st->bad)
				return true;
		}
		recover(s, line);
		if (st->name.n > 0)
			return true;
	}
}
