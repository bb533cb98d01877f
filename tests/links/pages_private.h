/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pages_private.h - what pages.c lends to pages_make.c.
 */
#ifndef TESTS_LINKS_PAGES_PRIVATE_H
#define TESTS_LINKS_PAGES_PRIVATE_H

#include "tests/links/pages.h"

struct page *pages_new(struct pages *to, const char *name);
void pages_add_text(struct slice line, struct str *to); /* {{..}} expanded */

#endif
