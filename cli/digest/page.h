/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page.h - a digest as an outline: sections, in them items, in these lines of key and value. It is
 * written twice, as plain text and as HTML, and both say the same.
 *
 * All texts may come from a mail: control characters, and what would turn the direction of writing,
 * become "?"; in HTML nothing of them is markup. There is no link and no remote content in either.
 */
#ifndef CLI_DIGEST_PAGE_H
#define CLI_DIGEST_PAGE_H

#include "base/str.h"

enum page_tone {
	PAGE_CALM,
	PAGE_SOON,   /* within a week, or to be looked at */
	PAGE_URGENT, /* dark already, over, or within three days */
};

struct page_part;
/* Starts zeroed. */
struct page {
	struct page_part *part;
	size_t count, size;
	bool failed; /* memory was short: it is not to be used */
};

void page_section(struct page *p, const char *title, const char *intro);
void page_count(struct page *p,
		size_t count); /* what the last section's title says; 0 until then */
/* left: the part of the time that is left, 0 to 100; -1: nothing is drawn. */
void page_item(struct page *p, enum page_tone tone, int left, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void page_line(struct page *p, const char *key, const char *value); /* none for "" and NULL */
void page_note(struct page *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
void page_free(struct page *p);

void page_text(const struct page *p, const char *title, struct str *to);
void page_html(const struct page *p, const char *title, struct str *to);

#endif
