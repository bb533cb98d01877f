/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * index.c - the hash table of list.h's look-ups; see index.h.
 */
#include "rules/core/index.h"

#include <errno.h>
#include <stdlib.h>

enum {
	FEWEST_SLOTS = 8,
};

/* FNV leaves its low bits little mixed for short names; the last step of MurmurHash3 mixes them. */
static uint64_t hash_of(const struct index *x, struct slice name)
{
	uint64_t h = str_hash_nocase(name, x->seed);
	h ^= h >> 33;
	h *= 0xff51afd7ed558ccdULL;
	h ^= h >> 33;
	return h;
}

static struct index_place seek(const struct index *x, const void *items, struct slice name)
{
	uint64_t h = hash_of(x, name);
	uint32_t tag = (uint32_t)(h >> 32);
	size_t at = (size_t)h & x->mask;
	for (;;) {
		struct index_slot *s = &x->slot[at];
		if (s->item == 0 ||
		    (s->tag == tag && slice_is_nocase(name, x->name(items, s->item - 1))))
			return (struct index_place){s, tag};
		at = (at + 1) & x->mask;
	}
}

int index_init(struct index *x, size_t items, uint64_t seed, index_name *name)
{
	size_t slots = FEWEST_SLOTS;
	if (items > INDEX_ITEMS)
		return ENOMEM;
	while (slots < items + items / 2)
		slots *= 2;
	*x = (struct index){.mask = slots - 1, .seed = seed, .name = name};
	x->slot = calloc(slots, sizeof(*x->slot));
	return x->slot ? 0 : ENOMEM;
}

void index_free(struct index *x)
{
	free(x->slot);
	*x = (struct index){0};
}

uint32_t index_find(const struct index *x, const void *items, struct slice name)
{
	return x->slot ? index_item(seek(x, items, name)) : INDEX_NONE;
}

struct index_place index_seek(struct index *x, const void *items, struct slice name)
{
	return seek(x, items, name);
}

void index_expect(const struct index *x, struct slice name)
{
	__builtin_prefetch(&x->slot[(size_t)hash_of(x, name) & x->mask], 1);
}

uint32_t index_item(struct index_place place)
{
	return place.slot->item ? place.slot->item - 1 : INDEX_NONE;
}

void index_set(struct index_place place, uint32_t i)
{
	*place.slot = (struct index_slot){place.tag, i + 1};
}
