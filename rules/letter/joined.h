/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * joined.h - the text of HTML as those see it who pass over a tag that means nothing where it
 * stands, and join what stands around it: "https://reg.example<td>.evil.example" outside of a table
 * is one URL.
 */
#ifndef RULES_LETTER_JOINED_H
#define RULES_LETTER_JOINED_H

#include "base/str.h"

/* Appends the text without its tags, comments, styles, scripts and title. A newline stands only for
 * tags that part the text everywhere, and for cells of a table that is open. html: with its
 * character references decoded (crude.c), so that every "<" in it is one of markup. False where a
 * table has text that is in none of its cells: readers move it elsewhere. */
bool joined_text(struct slice html, struct str *to);

#endif
