/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lookalike.c - the index of listed names by what they look like; see lookalike.h.
 *
 * The key of a listed name is the skeleton of what stands before its public suffix. A name that
 * looks the same has the same key: one probe. A name with one letter wrong has another, and there
 * are two ways to find it: to enter each listed name under all keys that one deletion makes of it
 * (some 16 entries a name, 77 MB of slots for 300,000 senders, all of them written), or to make the
 * changed keys of the one name that is asked about. This page does the second: a name of 16
 * characters has 16 deletions, 15 exchanges, 16 * 33 replacements and 17 * 33 insertions, some
 * 1,100 probes, each a few steps of arithmetic, since the hash is a polynomial whose head and tail
 * are known (struct rolling). That is 8 us with 300 senders and with 300,000, asked only about mail
 * that reads like a registrar's and comes from nobody listed, whose judgement takes 2 ms. So an
 * entry costs one slot.
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
	AHEAD = 12, /* targets: what memory takes to answer */
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

/* Two steps: all targets with their hashes, then slot by slot, so that the memory of those to come
 * is fetched meanwhile. */
struct building {
	struct lookalikes *x;
	struct hashes {
		uint64_t joined, plain; /* mixed; the same where both forms are */
	} * hashes;
};

static void add_target(struct building *b, const char *name, const char *org,
		       const struct sender *sender)
{
	struct lookalikes *x = b->x;
	struct hashes *h = &b->hashes[x->count];
	struct skeleton plain, joined;
	lookalike_key(name, lookalike_suffix(org) - 1, &plain);
	bool two = skeleton_join(&plain, &joined);
	h->joined = lookalike_mix(x, lookalike_hash(&joined));
	h->plain = two ? lookalike_mix(x, lookalike_hash(&plain)) : h->joined;
	if (plain.n > x->longest)
		x->longest = plain.n;
	x->target[x->count++] = (struct target){name, sender};
}

/* Whether no target before it has its name; of two senders one that is imitated stands for both. */
static bool is_new(struct lookalikes *x, const struct target *new, uint64_t mixed)
{
	struct target *t;
	size_t at = (size_t)mixed;
	while ((t = lookalike_next(x, mixed, &at)) != NULL)
		if (strcmp(t->name, new->name) == 0) {
			if (!lookalike_is_imitated(t))
				t->sender = new->sender;
			return false;
		}
	return true;
}

static void settle(struct building *b)
{
	struct lookalikes *x = b->x;
	size_t kept = 0;
	for (size_t i = 0; i < x->count; i++) {
		const struct hashes h = b->hashes[i];
		if (i + AHEAD < x->count)
			__builtin_prefetch(&x->slot[b->hashes[i + AHEAD].joined & x->mask], 1);
		if (!is_new(x, &x->target[i], h.joined))
			continue;
		x->target[kept] = x->target[i];
		put_slot(x, h.joined, kept);
		if (h.plain != h.joined)
			put_slot(x, h.plain, kept);
		kept++;
	}
	x->count = kept;
}

/* The organisational domain, with as few questions to the public suffix list as will do: they take
 * most of the time otherwise. Of two labels it is taken to be the name itself, of three the name or
 * its last two. What is a public suffix after all is found by no look-up, since those ask. */
static const char *likely_org(const struct lookalikes *x, const char *host)
{
	const char *dot = strchr(host, '.');
	const char *second = dot ? strchr(dot + 1, '.') : NULL;
	if (!second || strchr(second + 1, '.'))
		return dot && !second ? host : domain_org(x->suffixes, host);
	return domain_is_suffix(x->suffixes, dot + 1) ? host : dot + 1;
}

static void add_host(struct building *b, const char *host, const struct sender *sender)
{
	const char *org = likely_org(b->x, host);
	if (!org)
		return;
	add_target(b, org, org, sender);
	if (org != host && sender && host == sender->domain)
		add_target(b, host, org, sender);
}

/* Links below the sender's own From domain, as most are, bring nothing new. */
static bool add_links(struct building *b, const struct shape *link, size_t count,
		      const struct sender *sender)
{
	char host[LIMIT_DOMAIN + 1];
	for (size_t i = 0; i < count; i++) {
		shape_shortest_host(&link[i], host);
		if (sender && domain_is_below(host, sender->domain))
			continue;
		const char *org = likely_org(b->x, host);
		const char *copy = org ? arena_copy(&b->x->arena, slice_of(org)) : NULL;
		if (org && !copy)
			return false;
		if (copy)
			add_host(b, copy, sender);
	}
	return true;
}

static bool add_all(struct building *b)
{
	const struct list *l = b->x->list;
	for (size_t i = 0; i < l->sender_count; i++) {
		const struct sender *s = &l->sender[i];
		add_host(b, s->domain, s);
		if (!add_links(b, s->link, s->link_count, s) ||
		    !add_links(b, s->added, s->added_count, s))
			return false;
	}
	for (size_t i = 0; i < l->platform_count; i++) {
		const struct platform *p = &l->platform[i];
		if (!add_links(b, p->link, p->link_count, NULL) ||
		    !add_links(b, p->recognise, p->recognise_count, NULL))
			return false;
	}
	return true;
}

static size_t count_links(const struct shape *link, size_t count, const struct sender *sender)
{
	char host[LIMIT_DOMAIN + 1];
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		shape_shortest_host(&link[i], host);
		n += !domain_is_below(host, sender->domain);
	}
	return n;
}

/* Room for all targets that there may be: of a domain of more than two labels perhaps two, itself
 * and its organisational domain. Each has two keys at most, so a slot stays free. */
static bool make_room(struct building *b)
{
	struct lookalikes *x = b->x;
	const struct list *l = x->list;
	size_t most = 1, slots = FEWEST_SLOTS;
	for (size_t i = 0; i < l->sender_count; i++) {
		const struct sender *s = &l->sender[i];
		most += 1 + (strchr(s->domain, '.') != strrchr(s->domain, '.')) +
			count_links(s->link, s->link_count, s) +
			count_links(s->added, s->added_count, s);
	}
	for (size_t i = 0; i < l->platform_count; i++)
		most += l->platform[i].link_count + l->platform[i].recognise_count;
	while (slots <= 2 * most)
		slots *= 2;
	x->target = calloc(most, sizeof *x->target);
	x->slot = calloc(slots, sizeof *x->slot);
	x->mask = slots - 1;
	b->hashes = malloc(most * sizeof *b->hashes);
	return x->target && x->slot && b->hashes;
}

struct lookalikes *lookalikes_new(const struct list *list, const struct suffixes *suffixes)
{
	struct lookalikes *x = calloc(1, sizeof *x);
	if (!x)
		return NULL;
	x->list = list;
	x->suffixes = suffixes;
	x->seed = (uint64_t)(uintptr_t)x * LOOKALIKE_BASE;
	struct building b = {.x = x};
	bool good = make_room(&b) && add_all(&b);
	if (good)
		settle(&b);
	free(b.hashes);
	if (good)
		return x;
	lookalikes_free(x);
	return NULL;
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
