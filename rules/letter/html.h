/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * html.h - text and links of an HTML part (libxml2's SAX push parser: linear on hostile input).
 *
 * Every attribute that leads a person somewhere counts: href (but not that of <link>), action,
 * formaction, the refresh of <meta>, src and data of what embeds another page, script (onclick).
 * Hidden text is text: what some client shows must not slip past us. Script, style and title are
 * left out.
 */
#ifndef RULES_LETTER_HTML_H
#define RULES_LETTER_HTML_H

#include "rules/letter/links.h"

bool html_init(void); /* once per process, before anything is sealed */
/* Reads one document, UTF-8. Appends its text (block elements give newlines, cells two spaces,
 * other white space is one space) and adds every action link, relative ones resolved by its base.
 * passive gets, for crude.h, the URLs that lead nobody anywhere: of pictures, style sheets, styles,
 * tooltips, xmlns, DOCTYPE; it keeps repeats. */
void html_read(struct slice html, struct str *text, struct links *links, struct links *passive);

#endif
