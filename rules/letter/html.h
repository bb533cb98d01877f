/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * html.h - text and links of an HTML part (libxml2's SAX push parser: linear on hostile input).
 */
#ifndef RULES_LETTER_HTML_H
#define RULES_LETTER_HTML_H

#include "rules/letter/links.h"

bool html_init(void);
/* Appends the text (block elements give newlines, cells give two spaces; script and style are left
 * out) and adds every action link. */
void html_read(struct slice html, struct str *text, struct links *links);

#endif
