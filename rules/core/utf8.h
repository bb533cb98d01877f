/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * utf8.h - UTF-8 (RFC 3629), strictly: no overlong forms, no surrogates, nothing past U+10FFFF.
 */
#ifndef RULES_CORE_UTF8_H
#define RULES_CORE_UTF8_H

#include <stdbool.h>

#include "base/str.h"

/* The character at the start of s: its length in octets and its number, or 0 when s is empty or
 * does not start with a whole valid character. ret_char may be NULL. */
size_t utf8_next(struct slice s, uint32_t *ret_char);

/* Writes one character; returns its length, 1..4. c must be a valid one. */
size_t utf8_put(uint32_t c, char to[static 4]);

/* Whether a person may be shown this character as it is: no control (C0, DEL, C1), no line or
 * paragraph separator, no mark that reorders or hides text (bidirectional controls, zero-width
 * characters that are not joiners, tags), no private use, no noncharacter. */
bool utf8_is_printable_char(uint32_t c);

/* Whether the whole slice is valid and every character of it printable. */
bool utf8_is_printable(struct slice s);

#endif
