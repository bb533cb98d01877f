/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * due.h - what a date in a text means: deadline, end of the registration, or nothing to us.
 */
#ifndef RULES_LETTER_DUE_H
#define RULES_LETTER_DUE_H

#include "base/str.h"

enum due {
	DUE_NOT,
	DUE_DEADLINE,
	DUE_EXPIRY,
};

/* Carries a table's heading from row to row; starts as all zero for each text. */
struct due_table {
	size_t row_end;
	enum due meaning;
};

/* Of the date that takes n octets at text.p[at]. Dates of a text are asked for in their order. */
enum due due_of(struct slice text, size_t at, size_t n, struct due_table *table);

/* Whether a line holds a date, something like a domain name, and little else. */
bool due_is_row(struct slice line);

#endif
