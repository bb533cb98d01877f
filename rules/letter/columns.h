/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * columns.h - tables in text: rows of names and dates, and what a heading says of a column.
 *
 * A row is a line of a date or several, something like a domain name, and little else. Its heading
 * is the nearest line above that has letters and is no row. Cells are parted by two spaces, a tab
 * or "|", as HTML's are when they become text (html.h). Where the cells of row and heading do not
 * match, the heading's words are taken in their order, or all for each date.
 *
 * Texts are in the form of fold_lines (fold.h).
 */
#ifndef RULES_LETTER_COLUMNS_H
#define RULES_LETTER_COLUMNS_H

#include "base/str.h"

enum due {
	DUE_NOT,
	DUE_DEADLINE,
	DUE_EXPIRY,
};

/* Carries a table's heading from row to row; starts as all zero for each text. */
struct columns {
	size_t row_start, row_end;
	struct slice heading;
};

bool columns_is_row(struct slice line);
/* Of the date at text.p[at] in a row. Dates of a text are asked for in their order. */
enum due columns_due(struct slice text, struct slice row, size_t at, struct columns *columns);
/* What a heading or label says of a date; false if it has no word for that. */
bool columns_label(struct slice label, enum due *ret_due);

#endif
