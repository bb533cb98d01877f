/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * references.h - character references of HTML 5 that matter where a URL is: libxml2 knows those of
 * HTML 4, and stops at numbers that it takes for invalid.
 *
 * Known by name, with a semicolon, are all that stand for ASCII (but for fjlig, two letters), and
 * those of characters that cannot be seen; by number all, as WHATWG HTML 13.2.5.80 has them: a
 * semicolon may be missing, 0x80 to 0x9f are windows-1252's, what is no character is U+FFFD.
 */
#ifndef RULES_LETTER_REFERENCES_H
#define RULES_LETTER_REFERENCES_H

#include "base/str.h"

/* The reference that stands at the beginning of s, which is "&": octets taken, and the character; 0
 * if there is none that is known. */
size_t references_at(struct slice s, uint32_t *ret_character);

/* Copies HTML with every such reference as "&#N;", which all readers take alike. */
void references_plain(struct slice html, struct str *to);

#endif
