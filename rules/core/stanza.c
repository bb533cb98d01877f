/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stanza.c - the deb822 reader; see stanza.h for what it accepts.
 *
 * One pass, line by line. A line is looked at whole for octets that have no place in a list
 * before anything is made of it, so what comes out is printable UTF-8. A stanza with an error is
 * read to its end for more errors, then dropped: all of a file's errors are shown at once.
 */
#include "rules/core/stanza.h"

#include <string.h>

#include "base/limits.h"
#include "rules/core/utf8.h"

/* A stanza in the making. */
struct draft {
	struct stanza *stanza;
	bool started; /* a line that is neither empty nor comment was seen */
	bool bad;
	bool orphan;   /* the last field line was refused: its continuation lines are passed over */
	bool oversize; /* said so already */
	bool overcount; /* likewise */
};

/* -- octets --------------------------------------------------------------------------------- */

/* Whether eight octets are all printable ASCII: lists are large, and nearly all of it is. */
static bool are_plain(const char *p)
{
	const uint64_t ones = 0x0101010101010101, highs = ones * 0x80;
	uint64_t w;
	memcpy(&w, p, sizeof(w));
	uint64_t delete = w ^ (ones * 0x7f);
	return ((w | (w - ones * 0x20) | (delete - ones)) & highs) == 0;
}

/* Reports the first octet that has no place in a list; false if there is one. */
static bool check_octets(const struct stanza_reader *r, struct slice line)
{
	size_t i = 0;
	while (i < line.n) {
		uint32_t c = (unsigned char)line.p[i];
		size_t left = line.n - i;
		if (left >= 8 && are_plain(line.p + i)) {
			i += 8;
			continue;
		}
		if (left < 8 && line.n >= 8 && are_plain(line.p + line.n - 8))
			return true;
		if ((c >= 0x20 && c < 0x7f) || c == '\t') {
			i++;
			continue;
		}
		size_t length = utf8_next((struct slice){line.p + i, line.n - i}, &c);
		if (length > 0 && utf8_is_printable_char(c)) {
			i += length;
			continue;
		}
		unsigned column = (unsigned)i + 1;
		if (length == 0)
			diag_add(r->diags, DIAG_ERROR, r->file, r->line, column,
				 "octet 0x%02x is no UTF-8", (unsigned char)line.p[i]);
		else if (c == '\r')
			diag_add(r->diags, DIAG_ERROR, r->file, r->line, column,
				 "carriage return: lines end in a line feed alone");
		else
			diag_add(r->diags, DIAG_ERROR, r->file, r->line, column,
				 "U+%04X: a character that controls or hides text", (unsigned)c);
		return false;
	}
	return true;
}

/* -- lines ---------------------------------------------------------------------------------- */

static bool next_line(struct stanza_reader *r, struct slice *ret_line)
{
	if (r->rest.n == 0)
		return false;
	const char *end = memchr(r->rest.p, '\n', r->rest.n);
	size_t n = end ? (size_t)(end - r->rest.p) : r->rest.n;
	*ret_line = (struct slice){r->rest.p, n};
	n += end ? 1 : 0;
	r->rest.p += n;
	r->rest.n -= n;
	r->line++;
	return true;
}

static bool is_blank(struct slice line)
{
	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] != ' ' && line.p[i] != '\t')
			return false;
	return true;
}

static bool is_name(struct slice name)
{
	if (name.n == 0 || name.n > STANZA_NAME_BYTES)
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '-')))
			return false;
	}
	return true;
}

static bool same_name(struct slice a, struct slice b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (str_lower_char(a.p[i]) != str_lower_char(b.p[i]))
			return false;
	return true;
}

/* -- fields --------------------------------------------------------------------------------- */

/* Whether the name may be added; says why not. */
static bool check_name(const struct stanza_reader *r, struct draft *d, struct slice name)
{
	char quoted[128];
	if (!is_name(name)) {
		diag_add(
		    r->diags, DIAG_ERROR, r->file, r->line, 1,
		    "%s is no field name: expected a letter, then letters, digits and hyphens, "
		    "%d at most",
		    diag_quote(name.p, name.n, quoted), STANZA_NAME_BYTES);
		return false;
	}
	for (size_t i = 0; i < d->stanza->count; i++) {
		if (!same_name(d->stanza->field[i].name, name))
			continue;
		diag_add(r->diags, DIAG_ERROR, r->file, r->line, 1,
			 "field %.*s for the second time; the first is in line %u", (int)name.n,
			 name.p, d->stanza->field[i].line);
		return false;
	}
	if (d->stanza->count == STANZA_FIELDS) {
		if (!d->overcount)
			diag_add(r->diags, DIAG_ERROR, r->file, r->line, 1,
				 "more than %d fields in one stanza", STANZA_FIELDS);
		d->overcount = true;
		return false;
	}
	return true;
}

static bool add_field(const struct stanza_reader *r, struct draft *d, struct slice line)
{
	char quoted[128];
	const char *colon = memchr(line.p, ':', line.n);
	if (!colon) {
		diag_add(
		    r->diags, DIAG_ERROR, r->file, r->line, 1,
		    "%s: expected \"Field: value\", a continuation line that begins with a space, "
		    "or a comment",
		    diag_quote(line.p, line.n, quoted));
		return false;
	}
	struct slice name = {line.p, (size_t)(colon - line.p)};
	if (!check_name(r, d, name))
		return false;
	struct slice rest = {colon + 1, line.n - name.n - 1};
	struct slice value = slice_trim(rest);
	if (value.n == 0)
		value.p = line.p + line.n;
	d->stanza->field[d->stanza->count++] = (struct field){
	    .name = name,
	    .value = value,
	    .line = r->line,
	    .column = value.n ? (unsigned)(value.p - line.p) + 1 : 1,
	};
	return true;
}

static bool continue_field(const struct stanza_reader *r, struct draft *d, struct slice line)
{
	if (d->orphan)
		return false;
	if (d->stanza->count == 0) {
		diag_add(
		    r->diags, DIAG_ERROR, r->file, r->line, 1,
		    "a continuation line (it begins with a space or tab) without a field above it");
		return false;
	}
	struct field *f = &d->stanza->field[d->stanza->count - 1];
	while (line.n > 0 && str_is_space(line.p[line.n - 1]))
		line.n--;
	f->value.n = (size_t)(line.p + line.n - f->value.p);
	return true;
}

/* A line of a stanza that is neither empty nor a comment. */
static void add_line(const struct stanza_reader *r, struct draft *d, struct slice line)
{
	struct stanza *s = d->stanza;
	if (!d->started) {
		d->started = true;
		s->line = r->line;
		s->text.p = line.p;
	}
	s->text.n = (size_t)(line.p + line.n - s->text.p);
	if (s->text.n > LIMIT_STANZA_BYTES) {
		if (!d->oversize)
			diag_add(r->diags, DIAG_ERROR, r->file, s->line, 1,
				 "a stanza of more than %d octets", LIMIT_STANZA_BYTES);
		d->oversize = true;
		d->bad = true;
		return;
	}
	if (line.p[0] == ' ' || line.p[0] == '\t') {
		if (!continue_field(r, d, line))
			d->bad = true;
		return;
	}
	d->orphan = !add_field(r, d, line);
	d->bad = d->bad || d->orphan;
}

static bool check_line(const struct stanza_reader *r, struct slice line)
{
	if (line.n > LIMIT_LIST_LINE) {
		diag_add(r->diags, DIAG_ERROR, r->file, r->line, LIMIT_LIST_LINE + 1,
			 "a line of %zu octets, at most %d are read", line.n, LIMIT_LIST_LINE);
		return false;
	}
	return check_octets(r, line);
}

/* -- the interface -------------------------------------------------------------------------- */

struct stanza_reader stanza_reader_of(struct slice text, const char *file, struct diags *diags)
{
	return (struct stanza_reader){.rest = text, .file = file, .diags = diags};
}

bool stanza_next(struct stanza_reader *r, struct stanza *ret_stanza)
{
	struct draft d = {.stanza = ret_stanza};
	struct slice line;
	ret_stanza->count = 0;
	while (next_line(r, &line)) {
		if (is_blank(line)) {
			if (d.started && !d.bad)
				return true;
			d = (struct draft){.stanza = ret_stanza};
			ret_stanza->count = 0;
			continue;
		}
		if (!check_line(r, line)) {
			d.started = true;
			d.bad = true;
			d.orphan = true;
			if (ret_stanza->count == 0) {
				ret_stanza->line = r->line;
				ret_stanza->text = (struct slice){line.p, line.n};
			}
			continue;
		}
		if (line.p[0] != '#')
			add_line(r, &d, line);
	}
	return d.started && !d.bad;
}

const struct field *stanza_get(const struct stanza *s, const char *name)
{
	for (size_t i = 0; i < s->count; i++)
		if (slice_is_nocase(s->field[i].name, name))
			return &s->field[i];
	return NULL;
}

/* The next piece that ends at the end of its line or, with commas, at a comma. */
static bool next_piece(const struct field *f, struct field_walk *walk, bool commas,
		       struct slice *ret_item, unsigned *ret_line, unsigned *ret_column)
{
	const char *p = f->value.p;
	size_t n = f->value.n;
	while (walk->at < n) {
		size_t from = walk->at;
		/* A comment can only stand below the first line, at the very start of its own. */
		bool comment = from == walk->start && from != 0 && p[from] == '#';
		const char *end = memchr(p + from, '\n', n - from);
		size_t line_end = end ? (size_t)(end - p) : n;
		if (commas && !comment)
			end = memchr(p + from, ',', line_end - from);
		size_t to = end ? (size_t)(end - p) : line_end;
		unsigned line = f->line + walk->line;
		size_t start = walk->start;
		walk->at = to + 1;
		if (to < n && p[to] == '\n') {
			walk->start = to + 1;
			walk->line++;
		}
		struct slice item = slice_trim((struct slice){p + from, to - from});
		if (comment || item.n == 0)
			continue;
		size_t offset = (size_t)(item.p - (p + start));
		*ret_item = item;
		*ret_line = line;
		*ret_column = start == 0 ? f->column + (unsigned)offset : (unsigned)offset + 1;
		return true;
	}
	return false;
}

bool field_next_line(const struct field *f, struct field_walk *walk, struct slice *ret_item,
		     unsigned *ret_line, unsigned *ret_column)
{
	return next_piece(f, walk, false, ret_item, ret_line, ret_column);
}

bool field_next_item(const struct field *f, struct field_walk *walk, struct slice *ret_item,
		     unsigned *ret_line, unsigned *ret_column)
{
	return next_piece(f, walk, true, ret_item, ret_line, ret_column);
}
