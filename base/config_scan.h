/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config_scan.h - keepname.conf into statements, before libconfuse sees any of it.
 *
 * libconfuse stops at the first error, expands ${NAME}, knows escapes that hide NUL, swallows
 * octets that it does not know, and an open quote makes it misread the next file too. So the text
 * is first cut here into statements of a plain subset, and only a whole statement without comments
 * is handed on:
 *
 *   NAME = VALUE              one to a line; # and // comments to its end, and C comments
 *   NAME = {VALUE, VALUE}     over as many lines as it likes
 *
 * A VALUE is a word of letters, digits and _ . / : @ -, or stands in "..." or '...': printable
 * ASCII without backslash, ${ and the quote itself. Comments may be in UTF-8.
 */
#ifndef BASE_CONFIG_SCAN_H
#define BASE_CONFIG_SCAN_H

#include "base/diag.h"
#include "base/limits.h"
#include "base/str.h"

struct config_place {
	unsigned line, column;
};

struct config_statement {
	struct slice name;
	struct config_place at; /* of the name */
	bool bad;               /* reported already; only the name counts */
	bool list;              /* in braces */
	struct config_place value[LIMIT_CONFIG_ITEMS];
	size_t count;
	struct str text; /* NAME = VALUE with each value quoted, for libconfuse */
};

struct config_scan {
	struct slice text;
	size_t at;
	unsigned line;
	size_t line_start;
	const char *file;
	struct diags *diags;
};

struct config_scan config_scan_of(struct slice text, const char *file, struct diags *diags);
/* The next statement that has a name; false at the end. What is wrong with it, or has no name, is
 * reported. The text of *statement is reused, and freed by the caller at the end. */
bool config_scan_next(struct config_scan *s, struct config_statement *statement);

#endif
