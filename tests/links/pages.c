/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pages.c - crooked pages from files; see pages.h.
 */
#include "tests/links/pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/folder.h"
#include "tests/links/pages_private.h"

enum { MOST = 1024 * 1024 };

void pages_free(struct pages *p)
{
	for (size_t i = 0; i < p->count; i++) {
		free(p->page[i].name);
		str_free(&p->page[i].text);
	}
	free(p->page);
	*p = (struct pages){0};
}

struct page *pages_new(struct pages *to, const char *name)
{
	if (to->count == to->room) {
		to->room = to->room ? 2 * to->room : 64;
		to->page = reallocarray(to->page, to->room, sizeof *to->page);
		if (!to->page)
			abort();
	}
	struct page *p = &to->page[to->count++];
	*p = (struct page){.name = strdup(name)};
	if (!p->name)
		abort();
	return p;
}

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What stands between the braces. */
static bool expand(struct slice inner, struct str *to)
{
	if (slice_is(inner, "good")) {
		str_puts(to, PAGES_GOOD);
	} else if (slice_is(inner, "evil")) {
		str_puts(to, PAGES_EVIL);
	} else {
		for (size_t i = 0; i + 1 < inner.n; i += 2)
			if (hex(inner.p[i]) < 0 || hex(inner.p[i + 1]) < 0)
				return false;
		for (size_t i = 0; i + 1 < inner.n; i += 2)
			str_putc(to, (char)(hex(inner.p[i]) * 16 + hex(inner.p[i + 1])));
	}
	return inner.n % 2 == 0;
}

void pages_add_text(struct slice line, struct str *to)
{
	for (size_t i = 0; i < line.n; i++) {
		struct slice rest = {line.p + i, line.n - i};
		const char *end = rest.n > 3 && rest.p[0] == '{' && rest.p[1] == '{'
				      ? memmem(rest.p, rest.n, "}}", 2)
				      : NULL;
		if (end && expand((struct slice){rest.p + 2, (size_t)(end - rest.p) - 2}, to))
			i += (size_t)(end - rest.p) + 1;
		else
			str_putc(to, line.p[i]);
	}
}

static struct slice next_line(struct slice *text)
{
	const char *nl = memchr(text->p, '\n', text->n);
	struct slice line = {text->p, nl ? (size_t)(nl - text->p) : text->n};
	text->p += line.n + (nl != NULL);
	text->n -= line.n + (nl != NULL);
	return line;
}

static void new_named(const char *path, unsigned number, struct slice note, struct pages *to)
{
	struct str name = {0};
	note = slice_trim(note);
	str_printf(&name, "%s:%u %.*s", path, number, (int)note.n, note.p);
	pages_new(to, str_text(&name));
	str_free(&name);
}

static void read_file(const char *path, struct slice text, bool urls, struct pages *to)
{
	bool inside = false, first = false;
	for (unsigned number = 1; text.n; number++) {
		struct slice line = next_line(&text);
		bool mark = slice_starts_nocase(line, "%%");
		if (urls) {
			if (mark || !line.n)
				continue;
			new_named(path, number, line, to);
			pages_add_text(line, &to->page[to->count - 1].text);
		} else if (mark) {
			bool open = line.n > 2 && line.p[2] == '+';
			size_t skip = open ? 3 : 2;
			new_named(path, number, (struct slice){line.p + skip, line.n - skip}, to);
			to->page[to->count - 1].open = open;
			inside = first = true;
		} else if (inside) {
			struct str *page = &to->page[to->count - 1].text;
			if (!first)
				str_putc(page, '\n');
			first = false;
			pages_add_text(line, page);
		}
	}
}

static void read_folder(const char *path, const char *ending, bool urls, struct pages *to)
{
	struct folder folder = {0};
	struct diags diags = {0};
	if (!folder_read(path, ending, MOST, &folder, &diags) || !folder.count) {
		fprintf(stderr, "%s: no *%s to be read there\n", path, ending);
		exit(2);
	}
	for (size_t i = 0; i < folder.count; i++) {
		const char *slash = strrchr(folder.file[i].path, '/');
		read_file(slash ? slash + 1 : folder.file[i].path,
			  (struct slice){folder.file[i].text.p, folder.file[i].text.n}, urls, to);
	}
	folder_free(&folder);
	diag_free(&diags);
}

void pages_read(const char *folder, struct pages *to)
{
	read_folder(folder, ".pages", false, to);
}

void pages_read_urls(const char *folder, struct pages *to)
{
	read_folder(folder, ".urls", true, to);
}
