/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * outside.h - running other people's programs (postconf, doveconf, diff …), with bounded time and
 * output.
 *
 * They run as whoever runs us, found by PATH and then in the folders of system programs, with our
 * environment in the C locale, /dev/null as input, and signals at their defaults. What they print
 * is kept up to LIMIT_OUTSIDE octets each; the rest is read and dropped.
 */
#ifndef CLI_OUTSIDE_H
#define CLI_OUTSIDE_H

#include "base/str.h"

enum {
	OUTSIDE_ABSENT = -1, /* there is no such program */
	OUTSIDE_FAILED = -2, /* it could not be run, or was ended by a signal */
	OUTSIDE_SLOW = -3,   /* it was ended when its time was over */
};

struct outside {
	int status; /* its exit status, or one of the above */
	struct str out;
	struct str err;
	size_t most; /* octets kept of each */
};

/* argv ends with NULL. Returns ret_outside->status; outside_free() in every case. */
int outside_run(const char *const *argv, int seconds, struct outside *ret_outside);
/* The same for one that prints much: up to `most` octets of it are kept. */
int outside_run_long(const char *const *argv, int seconds, size_t most,
		     struct outside *ret_outside);
void outside_free(struct outside *o);
/* The program's path into to[size]; false where there is none. */
bool outside_find(const char *name, char *to, size_t size);
/* The last lines of what it said, standard error first, made fit to be shown; "" for nothing.
 * Returns to. */
const char *outside_words(const struct outside *o, struct str *to);

#endif
