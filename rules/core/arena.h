/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arena.h - storage that is only ever given back as a whole, for lists of many small strings:
 * 300,000 senders are some hundred blocks instead of millions of allocations.
 */
#ifndef RULES_CORE_ARENA_H
#define RULES_CORE_ARENA_H

#include "base/str.h"

struct arena_block;

/* All zero is valid and empty. */
struct arena {
	struct arena_block *last;
	size_t used, room; /* of the last block */
	size_t bytes;      /* of all blocks */
	bool failed;       /* memory was short once */
};

/* Zeroed octets, aligned for anything; NULL (and `failed`) when memory is short. n of 0 is served.
 */
void *arena_take(struct arena *a, size_t n);
/* A NUL-terminated copy; NULL when memory is short. A NUL inside ends it early. */
char *arena_copy(struct arena *a, struct slice s);
void arena_free(struct arena *a); /* leaves *a all zero */

#endif
