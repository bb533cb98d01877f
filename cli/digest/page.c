/* SPDX-License-Identifier: BSD-2-Clause */
/* page.c - a digest as an outline; see page.h. */
#include "cli/digest/page.h"

#include <stdarg.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/html.h"

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

static const char *tone_class(enum page_tone tone)
{
	return tone == PAGE_URGENT ? "card urgent" : tone == PAGE_SOON ? "card soon" : "card";
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
		str_printf(to, "<div class=\"%s\">\n<h3>", tone_class(part->tone));
		escape(&part->a, to);
		str_puts(to, "</h3>\n");
		if (part->left >= 0)
			str_printf(to,
				   "<div class=\"bar\" aria-hidden=\"true\"><i "
				   "style=\"width:%d%%\"></i></div>\n",
				   part->left);
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
