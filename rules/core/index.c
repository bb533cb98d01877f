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

/* The slot of that name, or the free one where it would go. */
static struct index_slot *slot_of(const struct index *x, const void *items, struct slice name,
				  uint32_t *ret_tag)
{
	uint64_t h = hash_of(x, name);
	uint32_t tag = (uint32_t)(h >> 32);
	size_t at = (size_t)h & x->mask;
	*ret_tag = tag;
	for (;;) {
		struct index_slot *s = &x->slot[at];
		if (s->item == 0 ||
		    (s->tag == tag && slice_is_nocase(name, x->name(items, s->item - 1))))
			return s;
		at = (at + 1) & x->mask;
	}
}

int index_init(struct index *x, size_t items, uint64_t seed, index_name *name)
{
	size_t slots = FEWEST_SLOTS;
	if (items > INDEX_ITEMS)
		return ENOMEM;
	while (slots < 2 * items)
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
	uint32_t tag;
	if (!x->slot)
		return INDEX_NONE;
	const struct index_slot *s = slot_of(x, items, name, &tag);
	return s->item ? s->item - 1 : INDEX_NONE;
}

void index_put(struct index *x, const void *items, uint32_t i)
{
	uint32_t tag;
	struct index_slot *s = slot_of(x, items, slice_of(x->name(items, i)), &tag);
	s->tag = tag;
	s->item = i + 1;
}
