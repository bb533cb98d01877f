/* SPDX-License-Identifier: BSD-2-Clause */
/* page.c - a digest as an outline; see page.h. */
#include "cli/digest/page.h"

#include <stdarg.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/html.h"
#include "cli/words.h"

enum {
	VALUE_MOST = 400, /* octets; what is longer tells a person nothing more */
	FIRST_SIZE = 64,
};

enum kind {
	KIND_SECTION,
	KIND_ITEM,
	KIND_LINE,
	KIND_NOTE,
};

struct page_part {
	enum kind kind;
	enum page_tone tone;
	int left;
	size_t count;
	struct str a, b; /* title and intro; heading; key and value; text */
};

static struct page_part *add(struct page *p, enum kind kind)
{
	if (p->count == p->size) {
		const size_t size = p->size > 0 ? 2 * p->size : FIRST_SIZE;
		struct page_part *more = reallocarray(p->part, size, sizeof(*more));

		if (more == NULL) {
			p->failed = true;
			return NULL;
		}
		p->part = more;
		p->size = size;
	}
	p->part[p->count] = (struct page_part){.kind = kind};
	return &p->part[p->count++];
}

void page_section(struct page *p, const char *title, const char *intro)
{
	struct page_part *part = add(p, KIND_SECTION);

	if (part == NULL)
		return;
	str_puts(&part->a, title);
	str_puts(&part->b, intro);
}

void page_count(struct page *p, size_t count)
{
	size_t i = p->count;

	while (i > 0 && p->part[i - 1].kind != KIND_SECTION)
		i--;
	if (i > 0)
		p->part[i - 1].count = count;
}

static void add_formatted(struct str *to, const char *format, va_list values)
{
	char text[2 * VALUE_MOST];

	vsnprintf(text, sizeof(text), format, values);
	cli_plain(text, sizeof(text), to);
}

void page_item(struct page *p, enum page_tone tone, int left, const char *format, ...)
{
	struct page_part *part = add(p, KIND_ITEM);
	va_list values;

	if (part == NULL)
		return;
	part->tone = tone;
	part->left = left;
	va_start(values, format);
	add_formatted(&part->a, format, values);
	va_end(values);
}

void page_line(struct page *p, const char *key, const char *value)
{
	struct page_part *part = value != NULL && value[0] != '\0' ? add(p, KIND_LINE) : NULL;

	if (part == NULL)
		return;
	str_puts(&part->a, key);
	cli_plain(value, VALUE_MOST, &part->b);
}

void page_note(struct page *p, const char *format, ...)
{
	struct page_part *part = add(p, KIND_NOTE);
	va_list values;

	if (part == NULL)
		return;
	va_start(values, format);
	add_formatted(&part->a, format, values);
	va_end(values);
}

void page_free(struct page *p)
{
	for (size_t i = 0; i < p->count; i++) {
		str_free(&p->part[i].a);
		str_free(&p->part[i].b);
	}
	free(p->part);
	*p = (struct page){0};
}

/* -- as text, 78 columns where names allow -------------------------------------------------- */

enum {
	COLUMNS = 78,
};

static void fill(const char *text, struct str *to)
{
	size_t at = 0;

	while (*text != '\0') {
		size_t n = 0;

		while (text[n] != '\0' && text[n] != ' ')
			n++;
		if (at > 0 && at + 1 + n > COLUMNS) {
			str_puts(to, "\n");
			at = 0;
		} else if (at > 0) {
			str_puts(to, " ");
			at++;
		}
		str_add(to, text, n);
		at += n;
		text += n + (text[n] == ' ');
	}
	str_puts(to, "\n\n");
}

/* Of a hundred, rounded up: what is not over is not empty. */
static void draw(int left, struct str *to)
{
	static const char full[] = "###############", empty[] = "---------------";
	const int cells = (int)sizeof(full) - 1, n = (left * cells + 99) / 100;

	if (left >= 0)
		str_printf(to, "    %-10s [%.*s%.*s]\n", _("time left"), n, full, cells - n, empty);
}

void page_text(const struct page *p, const char *title, struct str *to)
{
	str_printf(to, "%s\n", title);
	for (size_t i = 0; i < p->count; i++) {
		const struct page_part *part = &p->part[i];
		struct str line = {0};

		switch (part->kind) {
		case KIND_SECTION:
			str_printf(&line, "%s (%zu): %s", str_text(&part->a), part->count,
				   str_text(&part->b));
			str_puts(to, "\n");
			fill(str_text(&line), to);
			break;
		case KIND_ITEM:
			str_printf(to, "%s  %s\n",
				   i > 0 && p->part[i - 1].kind == KIND_LINE ? "\n" : "",
				   str_text(&part->a));
			draw(part->left, to);
			break;
		case KIND_LINE:
			str_printf(to, "    %-10s %s\n", str_text(&part->a), str_text(&part->b));
			break;
		case KIND_NOTE:
			str_puts(to, "\n");
			fill(str_text(&part->a), to);
			break;
		}
		str_free(&line);
	}
}

/* -- as HTML -------------------------------------------------------------------------------- */

static void escape(const struct str *text, struct str *to)
{
	html_escape(text->p, text->n, to);
}

/* By tone. The colours of light screens stand in the elements themselves, since many mail programs
 * take styles away; those that keep them show the ones of dark screens there (html.c). */
static const struct {
	const char *class, *colour;
} looks[] = {
    [PAGE_CALM] = {"card", "#4f7a4f"},
    [PAGE_SOON] = {"card soon", "#b26a00"},
    [PAGE_URGENT] = {"card urgent", "#c62828"},
};

static void html_cell(const char *class, int width, const char *colour, struct str *to)
{
	str_printf(to,
		   "<td%s width=\"%d%%\" height=\"8\" bgcolor=\"%s\" style=\"width:%d%%;height:8px;"
		   "padding:0;font-size:1px;line-height:8px;background:%s\">&nbsp;</td>",
		   class, width, colour, width, colour);
}

/* The time that is left, as a table of two cells: that is drawn alike everywhere. The heading says
 * the same in words. */
static void html_bar(int left, const char *colour, struct str *to)
{
	str_puts(to,
		 "<table class=\"bar\" role=\"presentation\" aria-hidden=\"true\" width=\"100%\" "
		 "border=\"0\" cellpadding=\"0\" cellspacing=\"0\" style=\"width:100%;"
		 "table-layout:fixed;border-collapse:collapse;margin:0 0 10px\"><tr>");
	if (left > 0)
		html_cell(" class=\"left\"", left, colour, to);
	if (left < 100)
		html_cell("", 100 - left, "#d9dee4", to);
	str_puts(to, "</tr></table>\n");
}

/* What is open at the end of a part: a list of lines, a card. */
struct nesting {
	bool list, card;
};

static void close_to(struct nesting *n, bool card_too, struct str *to)
{
	if (n->list)
		str_puts(to, "</dl>\n");
	n->list = false;
	if (n->card && card_too)
		str_puts(to, "</div>\n");
	n->card = n->card && !card_too;
}

static void html_part(const struct page_part *part, struct nesting *n, struct str *to)
{
	switch (part->kind) {
	case KIND_SECTION:
		close_to(n, true, to);
		str_puts(to, "<h2>");
		escape(&part->a, to);
		str_printf(to, " <span class=\"n\">%zu</span></h2>\n<p>", part->count);
		escape(&part->b, to);
		str_puts(to, "</p>\n");
		break;
	case KIND_ITEM:
		close_to(n, true, to);
		str_printf(
		    to,
		    "<div class=\"%s\" style=\"border-left:5px solid %s;margin:10px 0;padding:12px "
		    "14px\">\n<h3>",
		    looks[part->tone].class, looks[part->tone].colour);
		escape(&part->a, to);
		str_puts(to, "</h3>\n");
		if (part->left >= 0)
			html_bar(part->left, looks[part->tone].colour, to);
		n->card = true;
		break;
	case KIND_LINE:
		str_puts(to, n->list ? "" : "<dl>\n");
		n->list = true;
		str_puts(to, "<dt>");
		escape(&part->a, to);
		str_puts(to, "</dt><dd>");
		escape(&part->b, to);
		str_puts(to, "</dd>\n");
		break;
	case KIND_NOTE:
		close_to(n, true, to);
		str_puts(to, "<p>");
		escape(&part->a, to);
		str_puts(to, "</p>\n");
		break;
	}
}

void page_html(const struct page *p, const char *title, struct str *to)
{
	struct nesting nesting = {0};

	html_begin(title, "", to);
	for (size_t i = 0; i < p->count; i++)
		html_part(&p->part[i], &nesting, to);
	close_to(&nesting, true, to);
	html_end(to);
}
