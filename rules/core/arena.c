/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arena.c - blocks of storage, freed together; see arena.h.
 *
 * The first block is small, since a judge's child makes a list of one sender; each further one is
 * twice as large up to a megabyte. What does not fit the rest of a block begins a new one.
 */
#include "rules/core/arena.h"

#include <stdalign.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
	FIRST_BLOCK = 4 * 1024,
	LARGEST_BLOCK = 1024 * 1024,
};

struct arena_block {
	struct arena_block *before;
	alignas(max_align_t) char bytes[];
};

static bool add_block(struct arena *a, size_t n)
{
	size_t room = a->room ? a->room * 2 : FIRST_BLOCK;
	if (room > LARGEST_BLOCK)
		room = LARGEST_BLOCK;
	if (room < n)
		room = n;
	struct arena_block *b = NULL;
	if (room < SIZE_MAX / 2)
		b = calloc(1, sizeof(*b) + room);
	if (!b) {
		a->failed = true;
		return false;
	}
	b->before = a->last;
	a->last = b;
	a->used = 0;
	a->room = room;
	a->bytes += sizeof(*b) + room;
	return true;
}

static void *take(struct arena *a, size_t n, size_t align)
{
	size_t from = (a->used + align - 1) / align * align;
	if (!a->last || from > a->room || n > a->room - from) {
		if (!add_block(a, n))
			return NULL;
		from = 0;
	}
	a->used = from + n;
	return a->last->bytes + from;
}

void *arena_take(struct arena *a, size_t n)
{
	return take(a, n, alignof(max_align_t));
}

char *arena_copy(struct arena *a, struct slice s)
{
	char *p = take(a, s.n + 1, 1);
	if (p && s.n)
		memcpy(p, s.p, s.n);
	return p;
}

void arena_free(struct arena *a)
{
	while (a->last) {
		struct arena_block *b = a->last;
		a->last = b->before;
		free(b);
	}
	*a = (struct arena){0};
}
