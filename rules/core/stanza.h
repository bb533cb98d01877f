/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stanza.h - deb822 text: stanzas of "Field: value" lines, continuation lines that begin with a
 * space or tab, comment lines with "#", stanzas parted by empty lines (deb822(5)).
 *
 * The parser copies nothing: every slice points into the text. It keeps line and column of every
 * value, so that errors can name them. What is no UTF-8, NUL and other controls (carriage returns
 * too), characters that hide or reorder text, a repeated field, an over-long line or stanza are
 * errors; the stanza in question is skipped, reading goes on. Time is linear in the text, whatever
 * it holds.
 */
#ifndef RULES_CORE_STANZA_H
#define RULES_CORE_STANZA_H

#include "base/diag.h"
#include "base/str.h"

enum {
	STANZA_FIELDS = 64,     /* in one stanza */
	STANZA_NAME_BYTES = 64, /* of a field: letters, digits, hyphens */
};

struct field {
	struct slice name;
	struct slice value; /* the first line, trimmed, and the continuation lines as they stand */
	unsigned line, column; /* of the value; column of the field name where the value is empty */
};

struct stanza {
	struct field field[STANZA_FIELDS];
	size_t count;
	unsigned line; /* of its first field */
	struct slice
	    text; /* from its first field to the end of its last line, without that line's end */
};

struct stanza_reader {
	struct slice rest;
	unsigned line; /* that was read last */
	const char *file;
	struct diags *diags;
};

struct stanza_reader stanza_reader_of(struct slice text, const char *file, struct diags *diags);
/* The next good stanza; false at the end of the text. */
bool stanza_next(struct stanza_reader *r, struct stanza *ret_stanza);
/* By name without regard to case; NULL if there is none. */
const struct field *stanza_get(const struct stanza *s, const char *name);

/* Walks the lines of a value, trimmed, empty ones and comments left out: *walk starts as all zero.
 * line and column are those of the item. */
struct field_walk {
	size_t at;     /* in the value: where the next item is looked for */
	size_t start;  /* in the value: of the line in which that is */
	unsigned line; /* counted from the value's first */
};
bool field_next_line(const struct field *f, struct field_walk *walk, struct slice *ret_item,
		     unsigned *ret_line, unsigned *ret_column);
/* Likewise the items of a comma-separated value; the end of a line ends an item too. */
bool field_next_item(const struct field *f, struct field_walk *walk, struct slice *ret_item,
		     unsigned *ret_line, unsigned *ret_column);

#endif
