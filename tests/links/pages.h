/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pages.h - crooked pages and URLs: those of tests/links/NAME.pages and NAME.urls, and those that
 * are made by putting pieces together in ways that a fixed seed chooses.
 *
 * A .pages file: "%% what it proves" begins a page, "%%+ ..." one that must not fail; the page is
 * the lines that follow, without the last line end. A .urls file has one URL a line. Lines before
 * the first page, and URLs' lines that begin with "%%", are comments. In both, {{0d}} is an octet
 * in hexadecimal ({{e28080}} several), {{good}} and {{evil}} are URLs.
 */
#ifndef TESTS_LINKS_PAGES_H
#define TESTS_LINKS_PAGES_H

#include "base/str.h"

#define PAGES_GOOD "https://reg.example/v?t=1"
#define PAGES_EVIL "https://evil.example/x"

struct page {
	char *name; /* file:line or a number, and what it proves */
	bool open;  /* must not fail */
	struct str text;
};

struct pages {
	struct page *page;
	size_t count, room;
};

/* Each complains on stderr and ends the process where a file cannot be read. */
void pages_read(const char *folder, struct pages *to);
void pages_read_urls(const char *folder, struct pages *to);
void pages_make(unsigned count, struct pages *to);
void pages_make_urls(struct pages *to);
/* Page i of the first `count`, changed somewhere, `rounds` times for each of them. */
void pages_spoil(size_t count, unsigned rounds, struct pages *to);
void pages_free(struct pages *p);

#endif
