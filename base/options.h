/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * options.h - the table of options: the one source for parsing keepname.conf, `keepname config`,
 * the sample file and the test that the manual names each.
 */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

enum option_type {
	OPTION_TEXT,
	OPTION_LIST,   /* of text; each of `choices`, where there are some */
	OPTION_NUMBER, /* whole, within least..most */
	OPTION_SIZE,   /* octets, with an optional K or M */
	OPTION_CHOICE, /* one of `choices` */
	OPTION_MODE,   /* octal file mode */
};

struct config_option {
	const char *name;
	enum option_type type;
	size_t offset; /* of the member in struct config */
	/* The default as it would stand in the file, lists comma-separated. Of a required option:
	 * what the sample file proposes. */
	const char *standard;
	bool required;       /* no default works */
	bool restart;        /* a reload cannot change it */
	long least, most;    /* NUMBER, SIZE */
	const char *choices; /* CHOICE: "a|b|c", the position is the value; LIST: its only words */
	const char *prefix;  /* TEXT: taken off what is kept, put back when printed; or NULL */
	const char *help;    /* one or two sentences, for the sample file and the manual */
	/* Further check of one value, prefix and all: NULL, or what was expected. May be NULL. */
	const char *(*check)(const char *value);
};

extern const struct config_option option_table[];
extern const size_t option_count;

/* The option of that name, or NULL. */
const struct config_option *option_find(struct slice name);
/* The position of a word among choices "a|b|c", or -1; and the word at a position (empty past the
 * last). */
long option_choice(const char *choices, struct slice word);
struct slice option_choice_at(const char *choices, size_t position);

/* "256K": a number of octets as it stands in the file. */
void option_size_print(long size, struct str *to);

/* An IP address ("192.0.2.1", "2001:db8::1") or network ("192.0.2.0/24"; without a length the one
 * address). False for anything else, also where bits are set beyond the length. */
struct option_network {
	int family;           /* AF_INET or AF_INET6 */
	unsigned char ip[16]; /* network order; of AF_INET the first four */
	unsigned bits;
};
bool option_network_parse(struct slice text, struct option_network *ret_network);

#endif
