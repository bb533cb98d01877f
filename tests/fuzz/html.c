/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HTML, text and URLs to links: hosts have their one spelling or are none, counts keep their
 * limits, and a link is never expected that is odd.
 */
#include "tests/fuzz/fuzz.h"

#include "base/limits.h"
#include "rules/core/domain.h"
#include "rules/letter/crude.h"
#include "rules/letter/html.h"
#include "rules/letter/joined.h"
#include "rules/letter/links.h"
#include "rules/letter/url.h"

static void check_links(const struct links *l)
{
	FUZZ_CHECK(l->count <= LIMIT_LINKS, "%zu links", l->count);
	for (size_t i = 0; i < l->count; i++) {
		const struct link *k = &l->list[i];
		FUZZ_CHECK(k->host[0] == '\0' || domain_is_plain(slice_of(k->host)) || k->odd,
			   "host %s", k->host);
		FUZZ_CHECK(k->host[0] == '\0' || k->path[0] == '/' || k->path[0] == '?' || k->odd,
			   "path %s", k->path);
		FUZZ_CHECK(strlen(k->path) == k->path_n, "path with NUL");
	}
}

/* The crude scan, which uses each passive link once, says the same twice; what joined.c makes of
 * the text, once or twice, is not longer. */
static void check_crude(struct slice html, const struct links *links, const struct links *passive)
{
	struct str joined = {0};
	bool hidden = false, again = false;
	FUZZ_CHECK(crude_scan(html, links, passive, &hidden), "memory");
	FUZZ_CHECK(crude_scan(html, links, passive, &again) && hidden == again, "not the same");
	joined_text(html, &joined);
	FUZZ_CHECK(joined.n <= 2 * html.n + 2, "%zu octets of %zu", joined.n, html.n);
	str_free(&joined);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static bool ready;
	struct slice all = {(const char *)p, n};
	struct str text = {0};
	struct links links = {0}, passive = {0}, in_text = {0};
	struct url url, resolved;
	if (!ready)
		FUZZ_CHECK(html_init(), "html_init");
	ready = true;
	html_read(all, &text, &links, &passive);
	check_links(&links);
	check_links(&passive);
	links_in_text(all, &in_text);
	links_in_text((struct slice){text.p, text.n}, &in_text);
	check_links(&in_text);
	check_crude(all, &links, &passive);
	url_read(all, &url);
	if (url.kind == URL_RELATIVE) {
		struct url base;
		url_read(slice_of("https://www.example.com/a/b?c=d"), &base);
		url_resolve(&base, &url, &resolved);
		FUZZ_CHECK(resolved.odd || strcmp(resolved.host, "www.example.com") == 0,
			   "a relative link leads to %s", resolved.host);
	}
	links_free(&links);
	links_free(&passive);
	links_free(&in_text);
	str_free(&text);
	return 0;
}
