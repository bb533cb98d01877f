/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fold.h - the form in which patterns see a text, and are themselves.
 *
 * One wording reaches us in many spellings: with accents or without, whole or decomposed, in full
 * or half width, wrapped in the middle of a word. A pattern is written once, so both sides are
 * brought to one form:
 *
 *   - A letter with accents is its base letter, in Latin, Greek and Cyrillic script; the stroked
 *     letters of Polish, Danish and Vietnamese and both i of Turkish too ("ł" is "l", "İ" and "ı"
 *     are "i"). Letters that stand for two ("ß", "æ") stay. Combining marks are left out.
 *   - Kana and hangul that are decomposed are put together.
 *
 * A text, moreover:
 *   - Full-width forms are ASCII, half-width katakana are katakana.
 *   - White space is one space, none at either end, and none between two characters of scripts
 *     without spaces (ideographs, kana, their punctuation): there it only says where a line ended.
 *
 * A text whose lines mean something (tables) keeps its white space; only a line end between two
 * such characters goes.
 *
 * Linear; what comes out is never longer than what went in, but for a broken octet, which becomes
 * U+FFFD. A shortage of memory shows in to->failed.
 */
#ifndef RULES_CORE_FOLD_H
#define RULES_CORE_FOLD_H

#include "base/str.h"

void fold_text(struct slice text, struct str *to);
void fold_lines(struct slice text, struct str *to);
/* A pattern keeps its spaces and its full-width characters, one of which might be a bracket. */
void fold_pattern(struct slice pattern, struct str *to);
/* False: plain ASCII with nothing but single spaces for white space, which fold_text leaves as it
 * is. */
bool fold_needed(struct slice text);

#endif
