/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lookalike.c - the index of listed names by what they look like; see lookalike.h.
 *
 * The key of a listed name is the skeleton of what stands before its public suffix. A name that
 * looks the same has the same key: one probe. A name with one letter wrong has another, and there
 * are two ways to find it: to enter each listed name under all keys that one deletion makes of it
 * (some 16 entries a name: 60 MB for 300,000 senders, and a second to build), or to make the
 * changed keys of the one name that is asked about. This page does the second: a name of 16
 * characters has 16 deletions, 15 exchanges, 16 * 33 replacements and 17 * 33 insertions, some
 * 1,100 probes, each a few steps of arithmetic, since the hash is a polynomial whose head and tail
 * are known (struct rolling). That is 20 us, asked only about mail that reads like a registrar's
 * and comes from nobody listed, whose judgement takes 2 ms. So an entry costs one slot.
 *
 * A slot holds 32 bits of the hash; what it finds is compared as a whole, so a wrong hit costs time
 * and says nothing. The hash is seeded by the list's address, which outsiders never see.
 *
 * Names within names are found by probes as well: each label of the host, and each beginning of a
 * label, may be a listed key; what follows must then be the suffix of that listed name.
 */
#include <stdlib.h>
#include <string.h>

#include "rules/core/lookalike_private.h"

enum {
	FEWEST_SLOTS = 8,
};

/* -- keys ----------------------------------------------------------------------------------- */

const char *lookalike_suffix(const char *org)
{
	return strchr(org, '.') + 1;
}

bool lookalike_key(const char *from, const char *end, struct skeleton *ret_key)
{
	bool unicode = false;
	ret_key->n = 0;
	ret_key->text[0] = '\0';
	while (from < end) {
		size_t n = 0;
		while (from + n < end && from[n] != '.')
			n++;
		unicode = skeleton_add(ret_key, (struct slice){from, n}) || unicode;
		from += n + 1;
	}
	return unicode;
}

uint64_t lookalike_step(uint64_t h, char c)
{
	return h * LOOKALIKE_BASE + (unsigned char)c + 1;
}

uint64_t lookalike_hash(const struct skeleton *key)
{
	uint64_t h = 0;
	for (size_t i = 0; i < key->n; i++)
		h = lookalike_step(h, key->text[i]);
	return h;
}

uint64_t lookalike_mix(const struct lookalikes *x, uint64_t h)
{
	h ^= x->seed;
	h ^= h >> 33;
	h *= 0xff51afd7ed558ccdULL;
	h ^= h >> 33;
	return h;
}

struct target *lookalike_next(const struct lookalikes *x, uint64_t mixed, size_t *at)
{
	for (;;) {
		const struct slot *s = &x->slot[*at & x->mask];
		if (s->target == 0)
			return NULL;
		++*at;
		if (s->tag == (uint32_t)(mixed >> 32))
			return &x->target[s->target - 1];
	}
}

/* -- building ------------------------------------------------------------------------------- */

bool lookalike_is_imitated(const struct target *t)
{
	const struct sender *s = t->sender;
	return !s || s->enabled ||
	       (s->evidence_count > 0 && (s->confidence == 'A' || s->confidence == 'B'));
}

static void put_slot(struct lookalikes *x, uint64_t mixed, size_t target)
{
	size_t at = (size_t)mixed;
	while (x->slot[at & x->mask].target != 0)
		at++;
	x->slot[at & x->mask] = (struct slot){(uint32_t)(mixed >> 32), (uint32_t)target + 1};
}

/* Enters the target at the array's end, which stays unless its name is there already. */
static void settle(struct lookalikes *x, const char *org)
{
	const struct target *new = &x->target[x->count];
	struct skeleton plain, joined;
	struct target *t;
	lookalike_key(new->name, lookalike_suffix(org) - 1, &plain);
	bool two = skeleton_join(&plain, &joined);
	uint64_t mixed = lookalike_mix(x, lookalike_hash(&joined));
	size_t at = (size_t)mixed;
	while ((t = lookalike_next(x, mixed, &at)) != NULL)
		if (strcmp(t->name, new->name) == 0) {
			if (!lookalike_is_imitated(t))
				t->sender = new->sender;
			return;
		}
	put_slot(x, mixed, x->count);
	if (two)
		put_slot(x, lookalike_mix(x, lookalike_hash(&plain)), x->count);
	if (plain.n > x->longest)
		x->longest = plain.n;
	x->count++;
}

static void add_host(struct lookalikes *x, const char *host, const struct sender *sender)
{
	const char *org = domain_org(x->suffixes, host);
	if (!org)
		return;
	x->target[x->count] = (struct target){org, sender};
	settle(x, org);
	if (org == host || !sender || host != sender->domain)
		return;
	x->target[x->count] = (struct target){host, sender};
	settle(x, org);
}

static bool add_links(struct lookalikes *x, const struct shape *link, size_t count,
		      const struct sender *sender)
{
	char host[LIMIT_DOMAIN + 1];
	for (size_t i = 0; i < count; i++) {
		shape_shortest_host(&link[i], host);
		const char *org = domain_org(x->suffixes, host);
		const char *copy = org ? arena_copy(&x->arena, slice_of(org)) : NULL;
		if (org && !copy)
			return false;
		if (copy)
			add_host(x, copy, sender);
	}
	return true;
}

static bool add_all(struct lookalikes *x)
{
	const struct list *l = x->list;
	for (size_t i = 0; i < l->sender_count; i++) {
		const struct sender *s = &l->sender[i];
		add_host(x, s->domain, s);
		if (!add_links(x, s->link, s->link_count, s) ||
		    !add_links(x, s->added, s->added_count, s))
			return false;
	}
	for (size_t i = 0; i < l->platform_count; i++) {
		const struct platform *p = &l->platform[i];
		if (!add_links(x, p->link, p->link_count, NULL) ||
		    !add_links(x, p->recognise, p->recognise_count, NULL))
			return false;
	}
	return true;
}

/* Room for all targets that there may be. Each has two keys at most: a slot stays free. */
static bool make_room(struct lookalikes *x)
{
	const struct list *l = x->list;
	size_t most = 1, slots = FEWEST_SLOTS;
	for (size_t i = 0; i < l->sender_count; i++)
		most += 1 + (domain_org(x->suffixes, l->sender[i].domain) != l->sender[i].domain) +
			l->sender[i].link_count + l->sender[i].added_count;
	for (size_t i = 0; i < l->platform_count; i++)
		most += l->platform[i].link_count + l->platform[i].recognise_count;
	while (slots <= 2 * most)
		slots *= 2;
	x->target = calloc(most, sizeof *x->target);
	x->slot = calloc(slots, sizeof *x->slot);
	x->mask = slots - 1;
	return x->target && x->slot;
}

struct lookalikes *lookalikes_new(const struct list *list, const struct suffixes *suffixes)
{
	struct lookalikes *x = calloc(1, sizeof *x);
	if (!x)
		return NULL;
	x->list = list;
	x->suffixes = suffixes;
	x->seed = (uint64_t)(uintptr_t)x * LOOKALIKE_BASE;
	if (!make_room(x) || !add_all(x)) {
		lookalikes_free(x);
		return NULL;
	}
	return x;
}

void lookalikes_free(struct lookalikes *x)
{
	if (!x)
		return;
	arena_free(&x->arena);
	free(x->target);
	free(x->slot);
	free(x);
}

size_t lookalikes_bytes(const struct lookalikes *x)
{
	return sizeof *x + x->arena.bytes + x->count * sizeof *x->target +
	       (x->mask + 1) * sizeof *x->slot;
}

/* -- asking --------------------------------------------------------------------------------- */

const char *lookalikes_listed(const struct lookalikes *x, const char *name)
{
	const char *org = domain_org(x->suffixes, name);
	struct skeleton plain, joined;
	const struct target *t;
	if (!org)
		return NULL;
	lookalike_key(org, lookalike_suffix(org) - 1, &plain);
	skeleton_join(&plain, &joined);
	uint64_t mixed = lookalike_mix(x, lookalike_hash(&joined));
	size_t at = (size_t)mixed;
	while ((t = lookalike_next(x, mixed, &at)) != NULL)
		if (strcmp(t->name, org) == 0)
			return t->name;
	return NULL;
}
