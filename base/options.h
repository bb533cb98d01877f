/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * options.h - the table of options: the one source for parsing keepname.conf, `keepname config`,
 * the sample file and the test that the manual names each.
 */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum option_type {
	OPTION_TEXT,
	OPTION_LIST,   /* of text */
	OPTION_NUMBER, /* whole, within least..most */
	OPTION_SIZE,   /* octets, with an optional K or M */
	OPTION_CHOICE, /* one of `choices` */
	OPTION_MODE,   /* octal file mode */
};

struct option {
	const char *name;
	enum option_type type;
	size_t offset;        /* of the member in struct config */
	const char *standard; /* as it would stand in the file; lists comma-separated */
	bool required;        /* no default works */
	bool restart;         /* a reload cannot change it */
	long least, most;     /* NUMBER, SIZE */
	const char *choices;  /* CHOICE: "a|b|c", the position is the value */
	const char *help;     /* one or two sentences, for the sample file and the manual */
	/* Further check of one value: NULL, or what was expected. May be NULL. */
	const char *(*check)(const char *value);
};

extern const struct option option_table[];
extern const size_t option_count;

#endif
