/* SPDX-License-Identifier: BSD-2-Clause */
/* setup_settings.c - see setup_settings.h. */
#include "cli/setup/setup_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ADDED      "# keepname: added the next line"
#define OPEN_ENDED ", after a line without an end"

/* -- elements ------------------------------------------------------------------------------- */

static bool is_gap(char c)
{
	return str_is_space(c) || c == ',';
}

/* Past a comment or empty line, where one begins here. */
static size_t skip_comment(struct slice s, size_t at)
{
	size_t p = at;

	if (at == 0 || s.p[at - 1] != '\n')
		return at;
	while (p < s.n && (s.p[p] == ' ' || s.p[p] == '\t'))
		p++;
	if (p >= s.n || s.p[p] != '#')
		return at;
	while (p < s.n && s.p[p] != '\n')
		p++;
	return p;
}

/* As setup_element_next(); and whether all of its braces are closed. */
static bool next_element(struct slice list, size_t *at, struct slice *ret_element, bool *ret_whole)
{
	size_t p = *at, depth = 0;

	for (size_t next; p < list.n; p = next) {
		next = skip_comment(list, p);
		if (next == p && !is_gap(list.p[p]))
			break;
		next += next == p;
	}
	const size_t begin = p;

	for (; p < list.n; p++) {
		const size_t past = depth > 0 ? skip_comment(list, p) : p;

		if (past > p && past >= list.n)
			break;
		p = past;
		if (depth == 0 && is_gap(list.p[p]))
			break;
		depth += list.p[p] == '{';
		if (list.p[p] == '}' && depth > 0 && --depth == 0 && list.p[begin] == '{') {
			p++;
			break;
		}
	}
	*at = p;
	*ret_element = (struct slice){list.p + begin, p - begin};
	*ret_whole = depth == 0;
	return ret_element->n > 0;
}

bool setup_element_next(struct slice list, size_t *at, struct slice *ret_element)
{
	bool whole;

	return next_element(list, at, ret_element, &whole);
}

struct slice setup_element_endpoint(struct slice element)
{
	size_t at = 0;
	struct slice word;

	if (element.n == 0 || element.p[0] != '{')
		return element;
	element.p++;
	element.n--;
	if (!setup_element_next(element, &at, &word))
		return (struct slice){element.p, 0};
	if (word.n > 0 && word.p[word.n - 1] == '}')
		word.n--;
	return word;
}

static bool same(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool setup_element_is_ours(struct slice element, struct slice ours)
{
	static const char name[] = "keepname";
	const size_t n = sizeof(name) - 1;
	const struct slice e = setup_element_endpoint(element);

	if (same(e, ours))
		return true;
	for (size_t i = 1; i + n <= e.n; i++) {
		const char *rest = e.p + i + n, *end = e.p + e.n;

		if (memcmp(e.p + i, name, n) != 0 || (e.p[i - 1] != '/' && e.p[i - 1] != ':'))
			continue;
		if (rest == end || *rest == '/')
			return true;
		/* keepname.sock, keepname-header_checks; a folder of such a name is the site's. */
		if ((*rest == '.' || *rest == '-') &&
		    memchr(rest, '/', (size_t)(end - rest)) == NULL)
			return true;
	}
	return false;
}

/* -- settings ------------------------------------------------------------------------------- */

/* One definition: offsets of its first line, of what follows "=", of the end of that line, and of
 * the end of its last line. */
struct setting {
	size_t line, value, first_end, end;
};

static size_t end_of_line(struct slice text, size_t at)
{
	const char *end = at < text.n ? memchr(text.p + at, '\n', text.n - at) : NULL;

	return end != NULL ? (size_t)(end - text.p) + 1 : text.n;
}

static bool is_comment_or_empty(struct slice line)
{
	line = slice_trim(line);
	return line.n == 0 || line.p[0] == '#';
}

static bool find(struct slice text, struct slice name, struct setting *ret_setting)
{
	bool found = false, inside = false;

	for (size_t at = 0, next; at < text.n; at = next) {
		next = end_of_line(text, at);
		const struct slice line = {text.p + at, next - at};

		if (is_comment_or_empty(line))
			continue;
		if (line.p[0] == ' ' || line.p[0] == '\t') {
			if (inside)
				ret_setting->end = next;
			continue;
		}
		const char *equals = memchr(line.p, '=', line.n);

		inside = equals != NULL &&
			 same(slice_trim((struct slice){line.p, (size_t)(equals - line.p)}), name);
		if (inside)
			*ret_setting =
			    (struct setting){at, (size_t)(equals - text.p) + 1, next, next};
		found = found || inside;
	}
	return found;
}

static struct slice list_of(struct slice text, const struct setting *s)
{
	return (struct slice){text.p + s->value, s->end - s->value};
}

static struct slice all_of(const struct str *s)
{
	return (struct slice){str_text(s), s->n};
}

/* Puts `with` in place of n octets at `at`. */
static void splice(struct str *text, size_t at, size_t n, const char *with, size_t with_n)
{
	struct str to = {0};

	str_add(&to, str_text(text), at);
	str_add(&to, with, with_n);
	str_add(&to, str_text(text) + at + n, text->n - at - n);
	to.failed = to.failed || text->failed;
	str_free(text);
	*text = to;
}

static size_t line_of(struct slice text, size_t at)
{
	while (at > 0 && text.p[at - 1] != '\n')
		at--;
	return at;
}

/* Takes an element out with the comma that follows it, and with its line where it has one. */
static void cut(struct str *text, const struct setting *s, struct slice element)
{
	const struct slice t = all_of(text);
	size_t begin = (size_t)(element.p - t.p), end = begin + element.n;
	const size_t line = line_of(t, begin);

	while (end < t.n && (t.p[end] == ',' || t.p[end] == ' ' || t.p[end] == '\t'))
		end++;
	const bool last = end >= t.n || t.p[end] == '\n';

	if (line > s->line && slice_trim((struct slice){t.p + line, begin - line}).n == 0 && last) {
		begin = line;
		if (end < t.n)
			end++;
		else
			begin--;
	} else if (last && line_of(t, begin) >= s->line) {
		end = begin + element.n;
		while (begin > s->value && (t.p[begin - 1] == ',' || t.p[begin - 1] == ' '))
			begin--;
		if (begin == s->value && t.p[begin] == ' ')
			begin++;
	}
	splice(text, begin, end - begin, "", 0);
}

/* Cuts every element of ours but a leading one that is `keep`; whether there was such a one. */
static bool cut_ours(struct str *text, struct slice name, struct slice ours, bool keep)
{
	struct setting s;
	struct slice e;
	bool again = true, kept = false;

	while (again && !text->failed && find(all_of(text), name, &s)) {
		size_t at = 0;

		again = false;
		kept = false;
		for (bool first = true; setup_element_next(list_of(all_of(text), &s), &at, &e);
		     first = false) {
			if (!setup_element_is_ours(e, ours))
				continue;
			kept = keep && first && same(setup_element_endpoint(e), ours);
			again = !kept;
			if (again) {
				cut(text, &s, e);
				break;
			}
		}
	}
	return kept;
}

static void add_line(struct str *text, struct slice name, struct slice element)
{
	const bool open_ended = text->n > 0 && text->p[text->n - 1] != '\n';

	str_printf(text, "%s" ADDED "%s\n", open_ended ? "\n" : "", open_ended ? OPEN_ENDED : "");
	str_add(text, name.p, name.n);
	str_puts(text, " = ");
	str_add(text, element.p, element.n);
	str_putc(text, '\n');
}

static void lead(struct str *text, const struct setting *s, struct slice element)
{
	const struct slice t = all_of(text);
	struct str with = {0};
	struct slice first;
	size_t at = 0, where;

	if (!setup_element_next(list_of(t, s), &at, &first)) {
		const bool open_ended = t.p[s->first_end - 1] != '\n';

		str_printf(&with, "%s    %.*s%s", open_ended ? "\n" : "", (int)element.n, element.p,
			   open_ended ? "" : "\n");
		where = s->first_end;
	} else if ((size_t)(first.p - t.p) < s->first_end) {
		str_printf(&with, "%.*s, ", (int)element.n, element.p);
		where = (size_t)(first.p - t.p);
	} else {
		str_printf(&with, "    %.*s,\n", (int)element.n, element.p);
		where = line_of(t, (size_t)(first.p - t.p));
	}
	text->failed = text->failed || with.failed;
	splice(text, where, 0, str_text(&with), with.n);
	str_free(&with);
}

/* Whether every brace of the list is closed. */
static bool is_whole(struct slice text, const struct setting *s)
{
	size_t at = 0;
	struct slice e;
	bool whole;

	while (next_element(list_of(text, s), &at, &e, &whole))
		if (!whole)
			return false;
	return true;
}

static bool put(struct str *text, struct slice name, struct slice element, char why[SETUP_WHY])
{
	const struct slice ours = setup_element_endpoint(element);
	struct setting s;

	if (!find(all_of(text), name, &s)) {
		add_line(text, name, element);
		return true;
	}
	if (!is_whole(all_of(text), &s)) {
		snprintf(why, SETUP_WHY, "%.*s: a { is not closed", (int)name.n, name.p);
		return false;
	}
	if (!cut_ours(text, name, ours, true) && find(all_of(text), name, &s))
		lead(text, &s, element);
	return true;
}

/* Takes the line out that add_line() added, where nothing else has come to stand in it; else its
 * comment alone. */
static void cut_line(struct str *text, const struct setting *s)
{
	const struct slice t = all_of(text);
	struct slice e;
	size_t at = 0, begin, end = s->line;

	if (s->line == 0)
		return;
	begin = line_of(t, s->line - 1);
	const struct slice note = slice_trim((struct slice){t.p + begin, s->line - begin});
	const bool open_ended = slice_is(note, ADDED OPEN_ENDED);

	if (!open_ended && !slice_is(note, ADDED))
		return;
	if (!setup_element_next(list_of(t, s), &at, &e))
		end = s->end;
	if (open_ended && end == t.n && begin > 0)
		begin--;
	splice(text, begin, end - begin, "", 0);
}

static void take(struct str *text, struct slice name, struct slice element)
{
	struct setting s;

	cut_ours(text, name, setup_element_endpoint(element), false);
	if (find(all_of(text), name, &s))
		cut_line(text, &s);
}

/* -- pieces --------------------------------------------------------------------------------- */

enum {
	PIECE_MOST = 8, /* settings of one piece */
};

struct pair {
	struct slice name, element;
};

static size_t read_piece(struct slice piece, struct pair to[PIECE_MOST])
{
	size_t n = 0;

	for (size_t at = 0, next; at < piece.n && n < PIECE_MOST; at = next) {
		next = end_of_line(piece, at);
		const struct slice line = {piece.p + at, next - at};
		const char *equals = memchr(line.p, '=', line.n);

		if (is_comment_or_empty(line) || equals == NULL)
			continue;
		const size_t before = (size_t)(equals - line.p);

		to[n].name = slice_trim((struct slice){line.p, before});
		to[n].element = slice_trim((struct slice){equals + 1, line.n - before - 1});
		n += to[n].element.n > 0;
	}
	return n;
}

static bool finish(const struct setup_text *old, struct str *text, struct setup_text *ret_new,
		   char why[SETUP_WHY])
{
	if (text->failed) {
		str_free(text);
		snprintf(why, SETUP_WHY, "memory is short");
		return false;
	}
	*ret_new = (struct setup_text){.exists = old->exists, .text = *text};
	return true;
}

bool setup_settings_put(const struct setup_text *old, struct slice piece,
			struct setup_text *ret_new, char why[SETUP_WHY])
{
	struct pair pair[PIECE_MOST];
	const size_t count = read_piece(piece, pair);
	struct str text = {0};

	if (!old->exists) {
		snprintf(why, SETUP_WHY, "there is no such file");
		return false;
	}
	str_add(&text, str_text(&old->text), old->text.n);
	for (size_t i = 0; i < count; i++)
		if (!put(&text, pair[i].name, pair[i].element, why)) {
			str_free(&text);
			return false;
		}
	return finish(old, &text, ret_new, why);
}

bool setup_settings_take(const struct setup_text *old, struct slice piece,
			 struct setup_text *ret_new, char why[SETUP_WHY])
{
	struct pair pair[PIECE_MOST];
	struct str text = {0};

	str_add(&text, str_text(&old->text), old->text.n);
	/* Backwards, so that the last line of the file is taken before the one above it. */
	for (size_t i = read_piece(piece, pair); i-- > 0;)
		take(&text, pair[i].name, pair[i].element);
	return finish(old, &text, ret_new, why);
}
