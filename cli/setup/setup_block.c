/* SPDX-License-Identifier: BSD-2-Clause */
/* setup_block.c - see setup_block.h. */
#include "cli/setup/setup_block.h"

#include <stdio.h>
#include <string.h>

#define OWN_FILE    ", in a file of its own"
#define OPEN_ENDED  ", after a line without an end"
#define BEGIN_WORDS " keepname: begin"
#define END_WORDS   " keepname: end"

/* Where the block is, as offsets; begin == end: there is none. */
struct place {
	size_t begin, end;
	bool own_file, open_ended;
};

/* The line at `at`, without its end; *ret_next is where the next one begins. */
static struct slice line_at(struct slice text, size_t at, size_t *ret_next)
{
	const char *end = memchr(text.p + at, '\n', text.n - at);
	const size_t n = end != NULL ? (size_t)(end - text.p) - at : text.n - at;

	*ret_next = at + n + (end != NULL);
	return (struct slice){text.p + at, n};
}

static bool starts(struct slice s, const char *with)
{
	const size_t n = strlen(with);

	return s.n >= n && memcmp(s.p, with, n) == 0;
}

/* Whether it is a marker; *ret_note is what follows its words. */
static bool is_marker(struct slice line, const char *comment, const char *words,
		      struct slice *ret_note)
{
	const size_t c = strlen(comment), w = strlen(words);

	line = slice_trim(line);
	if (!starts(line, comment) || line.n < c + w || memcmp(line.p + c, words, w) != 0)
		return false;
	*ret_note = (struct slice){line.p + c + w, line.n - c - w};
	return ret_note->n == 0 || ret_note->p[0] == ',';
}

static bool find(const struct setup_form *form, struct slice text, struct place *ret_place,
		 char why[SETUP_WHY])
{
	struct place p = {0};
	size_t number = 1, began = 0;
	bool closed = false;

	for (size_t at = 0, next; at < text.n; at = next, number++) {
		const struct slice line = line_at(text, at, &next);
		struct slice note;

		if (is_marker(line, form->comment, BEGIN_WORDS, &note)) {
			if (began != 0) {
				snprintf(why, SETUP_WHY,
					 "line %zu: a second \"keepname: begin\", after the one of "
					 "line %zu; take one out by hand",
					 number, began);
				return false;
			}
			began = number;
			p.begin = at;
			p.own_file = slice_is(note, OWN_FILE);
			p.open_ended = slice_is(note, OPEN_ENDED);
		} else if (is_marker(line, form->comment, END_WORDS, &note)) {
			if (began == 0 || closed) {
				snprintf(why, SETUP_WHY,
					 "line %zu: \"keepname: end\" without a begin; take it out "
					 "by hand",
					 number);
				return false;
			}
			closed = true;
			p.end = next;
		}
	}
	if (began != 0 && !closed) {
		snprintf(why, SETUP_WHY, "line %zu: \"keepname: begin\" without an end", began);
		return false;
	}
	*ret_place = p;
	return true;
}

static size_t place_for_new(const struct setup_form *form, struct slice text)
{
	for (size_t i = 0; form->before != NULL && form->before[i] != NULL; i++)
		for (size_t at = 0, next; at < text.n; at = next)
			if (starts(line_at(text, at, &next), form->before[i]))
				return at;
	return text.n;
}

static struct slice all_of(const struct setup_text *t)
{
	return (struct slice){str_text(&t->text), t->text.n};
}

static void add_block(const struct setup_form *form, const char *note, struct slice piece,
		      struct str *to)
{
	str_printf(to, "%s" BEGIN_WORDS "%s\n", form->comment, note);
	str_add(to, piece.p, piece.n);
	if (piece.n > 0 && piece.p[piece.n - 1] != '\n')
		str_putc(to, '\n');
	str_printf(to, "%s" END_WORDS "\n", form->comment);
}

static bool finish(struct setup_text *to, struct setup_text *ret_new, char why[SETUP_WHY])
{
	if (to->text.failed) {
		str_free(&to->text);
		snprintf(why, SETUP_WHY, "memory is short");
		return false;
	}
	*ret_new = *to;
	return true;
}

bool setup_block_put(const struct setup_form *form, const struct setup_text *old,
		     struct slice piece, struct setup_text *ret_new, char why[SETUP_WHY])
{
	const struct slice text = all_of(old);
	struct setup_text to = {.exists = true};
	struct place p;

	if (!find(form, text, &p, why))
		return false;
	if (p.begin == p.end) {
		p.begin = p.end = place_for_new(form, text);
		p.own_file = !old->exists;
		p.open_ended = p.begin == text.n && text.n > 0 && text.p[text.n - 1] != '\n';
		str_add(&to.text, text.p, p.begin);
		str_puts(&to.text, p.open_ended ? "\n" : "");
	} else {
		str_add(&to.text, text.p, p.begin);
	}
	add_block(form, p.own_file ? OWN_FILE : p.open_ended ? OPEN_ENDED : "", piece, &to.text);
	str_add(&to.text, text.p + p.end, text.n - p.end);
	return finish(&to, ret_new, why);
}

bool setup_block_take(const struct setup_form *form, const struct setup_text *old,
		      struct setup_text *ret_new, char why[SETUP_WHY])
{
	const struct slice text = all_of(old);
	struct setup_text to = {.exists = old->exists};
	struct place p;

	if (!find(form, text, &p, why))
		return false;
	/* Where lines were added after us meanwhile, the one before us needs its end. */
	if (p.open_ended && p.end == text.n && p.begin > 0 && text.p[p.begin - 1] == '\n')
		p.begin--;
	str_add(&to.text, text.p, p.begin);
	str_add(&to.text, text.p + p.end, text.n - p.end);
	if (p.own_file && to.text.n == 0)
		to.exists = false;
	return finish(&to, ret_new, why);
}

bool setup_block_outside(const struct setup_form *form, const struct setup_text *old,
			 struct str *ret_text, char why[SETUP_WHY])
{
	struct setup_text rest;

	if (!setup_block_take(form, old, &rest, why))
		return false;
	*ret_text = rest.text;
	return true;
}
