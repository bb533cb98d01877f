/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * macros.h - the packet of macros that precedes an event.
 */
#ifndef TESTS_BENCH_MACROS_H
#define TESTS_BENCH_MACROS_H

#include <stddef.h>

struct macro {
	const char *name;  /* as it goes over the wire: "i", "{mail_addr}" */
	const char *value; /* NULL: not known at this stage, and so not sent */
};

/* Packs the event's letter and the macros (ended by a NULL name) that `wanted` lists (names set
 * apart by blanks or commas; NULL: all of them). Returns the octets used, at least 1; what does not
 * fit into size is left out. */
size_t macros_pack(char event, const struct macro *values, const char *wanted, char *ret_data,
		   size_t size);

#endif
