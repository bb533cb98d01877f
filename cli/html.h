/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * html.h - what pages of ours share: escaping, and one look for light and dark screens. A page
 * loads nothing and runs nothing; what came with a mail is text in it.
 */
#ifndef CLI_HTML_H
#define CLI_HTML_H

#include "base/str.h"

/* Text that is printable already (cli_plain), as text of an element or a value in double quotes. */
void html_escape(const char *text, size_t n, struct str *to);
/* The same for text that may be anything: what is not printable becomes "?". */
void html_text(const char *text, struct str *to);
/* From the document's first line to the open <main>, with the title as its first heading. more:
 * further style, or "". */
void html_begin(const char *title, const char *more, struct str *to);
void html_end(struct str *to);

#endif
