/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * list.c - the list's life: made, finished, freed. Reading is list_read.c, looking list_find.c.
 *
 * Entries stand in one array, their text in an arena. list_finish settles which senders stay, then
 * builds hash tables of their numbers; from then on everything is constant. The site's own senders
 * are settled first, so that a shipped one never displaces them.
 */
#include "rules/core/list_private.h"

#include <errno.h>
#include <stdlib.h>

enum {
	AHEAD = 12, /* senders: what memory takes to answer */
};

/* -- life ----------------------------------------------------------------------------------- */

struct list *list_new(void)
{
	return calloc(1, sizeof(struct list));
}

static void free_indexes(struct list *l)
{
	index_free(&l->by_from);
	index_free(&l->by_whole);
	index_free(&l->by_domain);
	index_free(&l->by_name);
	index_free(&l->by_platform);
	index_free(&l->by_tracking);
}

void list_free(struct list *l)
{
	if (!l)
		return;
	free_indexes(l);
	free(l->sender);
	free(l->platform);
	free(l->hosts);
	free(l->link_for);
	arena_free(&l->arena);
	free(l);
}

static size_t index_bytes(const struct index *x)
{
	return x->slot ? (x->mask + 1) * sizeof(*x->slot) : 0;
}

size_t list_bytes(const struct list *l)
{
	return sizeof(*l) + l->arena.bytes + l->sender_room * sizeof(*l->sender) +
	       l->platform_room * sizeof(*l->platform) + l->hosts_room * sizeof(*l->hosts) +
	       l->link_for_room * sizeof(*l->link_for) + index_bytes(&l->by_from) +
	       index_bytes(&l->by_whole) + index_bytes(&l->by_domain) + index_bytes(&l->by_name) +
	       index_bytes(&l->by_platform) + index_bytes(&l->by_tracking);
}

/* -- names of items, for the indexes -------------------------------------------------------- */

static const char *from_of(const void *items, uint32_t i)
{
	return ((const struct sender *)items)[i].from;
}

static const char *domain_of(const void *items, uint32_t i)
{
	return ((const struct sender *)items)[i].domain;
}

static const char *name_of(const void *items, uint32_t i)
{
	return ((const struct sender *)items)[i].name;
}

static const char *platform_of(const void *items, uint32_t i)
{
	return ((const struct platform *)items)[i].name;
}

static const char *tracking_of(const void *items, uint32_t i)
{
	return ((char *const *)items)[i];
}

/* -- finishing ------------------------------------------------------------------------------ */

/* The list's own address is random enough: outsiders never see it. */
static uint64_t seed_of(const struct list *l)
{
	return (uint64_t)(uintptr_t)l * 0x9e3779b97f4a7c15ULL;
}

static int finish_platforms(struct list *l, struct diags *diags)
{
	if (index_init(&l->by_platform, l->platform_count, seed_of(l), platform_of))
		return ENOMEM;
	size_t kept = 0;
	for (size_t i = 0; i < l->platform_count; i++) {
		struct platform p = l->platform[i];
		struct index_place place =
		    index_seek(&l->by_platform, l->platform, slice_of(p.name));
		uint32_t first = index_item(place);
		if (first != INDEX_NONE) {
			diag_add(diags, DIAG_ERROR, p.file, p.line, 1,
				 "platform \"%s\" for the second time; the first is at %s:%u",
				 p.name, l->platform[first].file, l->platform[first].line);
			continue;
		}
		l->platform[kept] = p;
		index_set(place, (uint32_t)kept++);
	}
	l->platform_count = kept;
	return 0;
}

static int finish_tracking(struct list *l)
{
	size_t count = 0;
	for (size_t i = 0; i < l->hosts_count; i++)
		if (l->hosts[i].use == HOST_TRACKING)
			count += l->hosts[i].host_count;
	l->tracking = arena_take(&l->arena, count * sizeof(*l->tracking));
	if (!l->tracking || index_init(&l->by_tracking, count, seed_of(l), tracking_of))
		return ENOMEM;
	for (size_t i = 0; i < l->hosts_count; i++)
		for (size_t k = 0; l->hosts[i].use == HOST_TRACKING && k < l->hosts[i].host_count;
		     k++) {
			char *host = l->hosts[i].host[k];
			l->tracking[l->tracking_count] = host;
			index_set(index_seek(&l->by_tracking, l->tracking, slice_of(host)),
				  (uint32_t)l->tracking_count++);
		}
	return 0;
}

static bool resolve_platform(const struct list *l, struct sender *s, struct diags *diags)
{
	if (!s->platform_name)
		return true;
	s->platform = list_find_platform(l, s->platform_name);
	if (!s->platform)
		diag_add(diags, DIAG_ERROR, s->file, s->line, 1,
			 "sender \"%s\": there is no platform \"%s\"", s->name, s->platform_name);
	return s->platform != NULL;
}

/* Puts sender i into the indexes; says why not where it does not stay beside those there. */
static bool settle(struct list *l, uint32_t i, struct diags *diags)
{
	const struct sender *s = &l->sender[i], *o;
	struct index_place from = s->from
				      ? index_seek(&l->by_from, l->sender, slice_of(s->from))
				      : index_seek(&l->by_whole, l->sender, slice_of(s->domain));
	struct index_place name = index_seek(&l->by_name, l->sender, slice_of(s->name));
	if (index_item(from) != INDEX_NONE) {
		o = &l->sender[index_item(from)];
		if (o->local == s->local)
			diag_add(diags, DIAG_ERROR, s->file, s->line, 1,
				 "sender \"%s\": From is that of sender \"%s\" at %s:%u", s->name,
				 o->name, o->file, o->line);
		return false;
	}
	if (index_item(name) != INDEX_NONE) {
		o = &l->sender[index_item(name)];
		diag_add(diags, o->local == s->local ? DIAG_ERROR : DIAG_WARNING, s->file, s->line,
			 1, "a second sender named \"%s\", left out; the first is at %s:%u",
			 s->name, o->file, o->line);
		return false;
	}
	index_set(from, i);
	index_set(name, i);
	struct index_place domain = index_seek(&l->by_domain, l->sender, slice_of(s->domain));
	if (index_item(domain) == INDEX_NONE ||
	    (s->enabled && !l->sender[index_item(domain)].enabled))
		index_set(domain, i);
	return true;
}

static int init_sender_indexes(struct list *l)
{
	size_t whole = 0;
	for (size_t i = 0; i < l->sender_count; i++)
		whole += l->sender[i].from == NULL;
	if (index_init(&l->by_from, l->sender_count - whole, seed_of(l), from_of) ||
	    index_init(&l->by_whole, whole, seed_of(l), domain_of) ||
	    index_init(&l->by_domain, l->sender_count, seed_of(l), domain_of) ||
	    index_init(&l->by_name, l->sender_count, seed_of(l), name_of))
		return ENOMEM;
	return 0;
}

/* Says which places in the indexes will be sought for sender i, if there is one. */
static void expect(const struct list *l, size_t i)
{
	if (i >= l->sender_count)
		return;
	const struct sender *s = &l->sender[i];
	if (s->from)
		index_expect(&l->by_from, slice_of(s->from));
	index_expect(&l->by_name, slice_of(s->name));
	index_expect(&l->by_domain, slice_of(s->domain));
}

/* Puts senders into the indexes, the site's own first; those that do not stay lose their name. */
static int settle_senders(struct list *l, struct diags *diags, size_t *ret_dropped)
{
	size_t dropped = 0;
	if (init_sender_indexes(l))
		return ENOMEM;
	for (int local = 1; local >= 0; local--) {
		for (size_t i = 0; i < l->sender_count; i++) {
			struct sender *s = &l->sender[i];
			if (s->local != (local != 0))
				continue;
			expect(l, i + AHEAD);
			if (resolve_platform(l, s, diags) && settle(l, (uint32_t)i, diags))
				continue;
			s->name = NULL;
			dropped++;
		}
	}
	*ret_dropped = dropped;
	return 0;
}

/* Closes the gaps; the numbers in the indexes are wrong after that. */
static void compact(struct list *l)
{
	size_t kept = 0;
	for (size_t i = 0; i < l->sender_count; i++)
		if (l->sender[i].name)
			l->sender[kept++] = l->sender[i];
	l->sender_count = kept;
}

/* Gives back the room for senders that did not come. */
static void shrink(struct list *l)
{
	struct sender *p = realloc(l->sender, (l->sender_count + 1) * sizeof(*p));
	if (p) {
		l->sender = p;
		l->sender_room = l->sender_count + 1;
	}
}

static int settle_again(struct list *l, struct diags *diags)
{
	size_t dropped;
	compact(l);
	index_free(&l->by_from);
	index_free(&l->by_whole);
	index_free(&l->by_domain);
	index_free(&l->by_name);
	return settle_senders(l, diags, &dropped);
}

/* Gives the senders the links that the site has accepted for them. */
static void join_links(struct list *l, struct diags *diags)
{
	for (size_t i = 0; i < l->link_for_count; i++) {
		const struct link_for *f = &l->link_for[i];
		uint32_t at = index_find(&l->by_name, l->sender, slice_of(f->name));
		if (at == INDEX_NONE) {
			diag_add(diags, DIAG_WARNING, f->file, f->line, 1,
				 "Link-For: there is no sender \"%s\"", f->name);
		} else if (l->sender[at].added) {
			diag_add(diags, DIAG_ERROR, f->file, f->line, 1,
				 "Link-For: a second stanza for \"%s\"", f->name);
		} else {
			l->sender[at].added = f->link;
			l->sender[at].added_count = f->link_count;
		}
	}
}

int list_finish(struct list *l, struct diags *diags)
{
	size_t dropped;
	if (l->sender_count > INDEX_ITEMS || l->platform_count > INDEX_ITEMS)
		return ENOMEM;
	shrink(l);
	if (finish_platforms(l, diags) || finish_tracking(l) || settle_senders(l, diags, &dropped))
		return ENOMEM;
	if (dropped && settle_again(l, diags))
		return ENOMEM;
	join_links(l, diags);
	return 0;
}
