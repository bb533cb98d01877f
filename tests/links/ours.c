/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ours.c - see ours.h. The steps are those of letter.c for one HTML part.
 */
#include "tests/links/ours.h"

#include <stdlib.h>
#include <string.h>

#include "rules/core/charset.h"
#include "rules/letter/crude.h"
#include "rules/letter/html.h"

void ours_free(struct ours *o)
{
	links_free(&o->links);
	str_free(&o->text);
}

void ours_read(struct slice page, struct ours *ret_ours)
{
	struct ours o = {0};
	struct links passive = {.repeats = true};
	struct str html = {0};
	bool hidden = false;
	o.failed = memchr(page.p, '\0', page.n) != NULL;
	charset_to_utf8(slice_of("utf-8"), page, &html);
	struct slice all = {str_text(&html), html.n};
	html_read(all, &o.text, &o.links, &passive);
	links_in_text((struct slice){str_text(&o.text), o.text.n}, &o.links);
	if (!crude_scan(all, &o.links, &passive, &hidden) || o.links.failed || html.failed)
		abort();
	o.failed = o.failed || hidden || o.links.limit;
	for (size_t i = 0; i < o.links.count; i++)
		o.failed = o.failed || o.links.list[i].odd || o.links.list[i].misleads;
	links_free(&passive);
	str_free(&html);
	*ret_ours = o;
}

/* As a browser writes it down: a quote in a query is coded. */
static void as_browser(const struct link *k, struct str *to)
{
	bool query = false;
	for (size_t i = 0; i < k->path_n; i++) {
		query = query || k->path[i] == '?';
		if (query && k->path[i] == '\'')
			str_puts(to, "%27");
		else
			str_putc(to, k->path[i]);
	}
}

bool ours_has(const struct ours *o, const char *host, const char *path)
{
	bool found = false;
	for (size_t i = 0; i < o->links.count && !found; i++) {
		struct str p = {0};
		as_browser(&o->links.list[i], &p);
		found = strcmp(o->links.list[i].host, host) == 0 &&
			(!path || strcmp(str_text(&p), path) == 0);
		str_free(&p);
	}
	return found;
}
