/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * index.h - a hash table from a name, without regard to case, to the number of an item.
 *
 * Open addressing, at most two thirds full, made once for a known count of items: a name that is
 * not there costs one hash and, nearly always, one slot. Nothing is allocated by a look-up. The
 * items stay where they are; the table asks for an item's name only when the hash already agrees.
 */
#ifndef RULES_CORE_INDEX_H
#define RULES_CORE_INDEX_H

#include <stdint.h>

#include "base/str.h"

enum {
	INDEX_ITEMS = 1 << 30, /* the most that one table holds */
};
#define INDEX_NONE UINT32_MAX

struct index_slot {
	uint32_t tag;  /* upper half of the hash */
	uint32_t item; /* its number + 1; 0: the slot is free */
};

/* The name of item i of items. */
typedef const char *index_name(const void *items, uint32_t i);

/* All zero is valid and empty: everything is looked for in vain. */
struct index {
	struct index_slot *slot; /* owned */
	size_t mask;             /* slots - 1; a power of two */
	uint64_t seed;
	index_name *name;
};

/* Room for that many items. 0, or ENOMEM. The seed keeps outsiders from choosing names that fall
 * into one slot. */
int index_init(struct index *x, size_t items, uint64_t seed, index_name *name);
void index_free(struct index *x);
/* The item of that name, or INDEX_NONE. */
uint32_t index_find(const struct index *x, const void *items, struct slice name);
/* Where a name stands or would stand; good until the next index_set. */
struct index_place {
	struct index_slot *slot;
	uint32_t tag;
};
struct index_place index_seek(struct index *x, const void *items, struct slice name);
/* Has the memory of a name's place fetched meanwhile, for whoever will seek it soon: building a
 * large index is waiting for memory otherwise. */
void index_expect(const struct index *x, struct slice name);
/* What stands there, or INDEX_NONE. */
uint32_t index_item(struct index_place place);
/* Puts item i, whose name was sought, there, in place of what there was. */
void index_set(struct index_place place, uint32_t i);

#endif
