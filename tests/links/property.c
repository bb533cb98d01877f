/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * property.c - without a browser: whatever stands plainly in the octets of a page as href="URL" is
 * reported, or the page fails. The reference knows nothing but that: an attribute's name, a quote,
 * a URL of plain letters, the same quote; in a tag, a comment or a text.
 *
 * Read are the pages of tests/links, changed at random, and made ones; the seed is fixed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/letter/html.h"
#include "tests/links/ours.h"
#include "tests/links/pages.h"

enum {
	MADE = 10000,
	ROUNDS = 25,
	SHOWN = 10,
};

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c && strchr("./?=-", c));
}

/* The next one at or behind *at: its host and path. */
static bool next_href(struct slice text, size_t *at, struct str *host, struct str *path)
{
	for (size_t i = *at; i + 1 < text.n; i++) {
		struct slice rest = {text.p + i, text.n - i};
		bool single = slice_starts_nocase(rest, " href='https://");
		if (!single && !slice_starts_nocase(rest, " href=\"https://"))
			continue;
		char quote = single ? '\'' : '"';
		size_t start = i + strlen(" href='https://"), end = start;
		while (end < text.n && is_plain(text.p[end]))
			end++;
		*at = end;
		const char *slash = memchr(text.p + start, '/', end - start);
		if (end == text.n || text.p[end] != quote || !slash ||
		    memchr(text.p + start, '?', (size_t)(slash - text.p) - start))
			continue;
		str_reset(host);
		str_reset(path);
		str_add(host, text.p + start, (size_t)(slash - text.p) - start);
		str_add(path, slash, (size_t)(text.p + end - slash));
		return true;
	}
	return false;
}

static bool holds(const struct page *page, size_t *links)
{
	struct slice text = {str_text(&page->text), page->text.n};
	struct str host = {0}, path = {0};
	struct ours o;
	bool good = true;
	if (strcasestr(str_text(&page->text), "<link")) /* leads nowhere */
		return true;
	ours_read(text, &o);
	for (size_t at = 0; next_href(text, &at, &host, &path); ++*links)
		if (!o.failed && !ours_has(&o, str_text(&host), str_text(&path))) {
			printf("# %s: %s%s\n# %.*s\n", page->name, str_text(&host), str_text(&path),
			       (int)text.n, text.p);
			good = false;
		}
	str_free(&host);
	str_free(&path);
	ours_free(&o);
	return good;
}

int main(void)
{
	const char *srcdir = getenv("srcdir");
	struct str folder = {0};
	struct pages pages = {0};
	size_t failures = 0, links = 0;
	str_printf(&folder, "%s/tests/links", srcdir ? srcdir : ".");
	if (!html_init())
		return 2;
	pages_read(str_text(&folder), &pages);
	str_free(&folder);
	size_t own = pages.count;
	pages_make(MADE, &pages);
	pages_spoil(own, ROUNDS, &pages);
	printf("1..1\n");
	for (size_t i = 0; i < pages.count && failures < SHOWN; i++)
		failures += !holds(&pages.page[i], &links);
	printf("%s 1 - what stands plainly in a page is reported, or fails it (%zu links, %zu "
	       "pages)\n",
	       failures ? "not ok" : "ok", links, pages.count);
	pages_free(&pages);
	return failures != 0;
}
