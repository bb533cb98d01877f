/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * due.h - what a date in a text means: deadline, end of the registration, or nothing to us.
 */
#ifndef RULES_LETTER_DUE_H
#define RULES_LETTER_DUE_H

#include "rules/letter/columns.h"

/* Carries what is known of a line and its table from date to date; starts as all zero for each
 * text. */
struct due_lines {
	struct columns columns;
	size_t line_end; /* of the line that was looked at last, and one; 0: none */
	bool is_row;
};

/* Of the date that takes n octets at text.p[at]; thursday: it is one, in either reading. Dates of a
 * text are asked for in their order. *ret_direct: a word beside it or its label says so, not the
 * sentence as a whole. */
enum due due_of(struct slice text, size_t at, size_t n, bool thursday, struct due_lines *lines,
		bool *ret_direct);

#endif
