/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * changes.c - what another list would change; see changes.h.
 *
 * Each pair is asked twice how far the second reaches past the first, forth and back: what reaches
 * further is WIDENED, whatever else became less; what does so only backwards is NARROWED.
 */
#include "rules/core/changes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "rules/core/list_private.h"

#define SIGN(name) (1u << CHANGE_##name)

struct comparing {
	const struct list *before, *after;
	const struct suffixes *suffixes;
	struct changes *to;
	struct str one, other; /* texts under comparison */
	bool failed;
};

/* -- words ---------------------------------------------------------------------------------- */

const char *change_kind_name(enum change_kind kind)
{
	static const char *const names[] = {"widened", "added", "removed", "narrowed", "changed"};
	return names[kind];
}

const char *change_of_name(enum change_of of)
{
	static const char *const names[] = {"hosts", "platform", "sender"};
	return names[of];
}

const char *change_sign_text(enum change_sign sign, bool more)
{
	static const char *const texts[CHANGE_SIGN_COUNT][2] = {
	    [CHANGE_BELIEVED] = {"switched off", "switched on"},
	    [CHANGE_ADDRESS] = {"another address", "another address"},
	    [CHANGE_WHOLE_DOMAIN] = {"no longer a whole domain", "a whole domain"},
	    [CHANGE_CLASSES] = {"fewer classes", "more classes"},
	    [CHANGE_LINKS] = {"fewer links", "more links"},
	    [CHANGE_OWN_PAGES] = {"no longer any page of its own domain",
				  "any page of its own domain"},
	    [CHANGE_PLATFORM] = {"without the links of its platform", "the links of a platform"},
	    [CHANGE_REPLY_TO] = {"fewer reply addresses", "more reply addresses"},
	    [CHANGE_ALIGNMENT] = {"stricter alignment", "looser alignment"},
	    [CHANGE_CODE] = {"a code no longer serves", "a code serves"},
	    [CHANGE_SHARED] = {"its domain is shared", "its domain is no longer shared"},
	    [CHANGE_HARMLESS] = {"fewer harmless pages", "more harmless pages"},
	    [CHANGE_TRACKING] = {"more tracking hosts", "fewer tracking hosts"},
	};
	return texts[sign][more];
}

/* -- how far an entry reaches --------------------------------------------------------------- */

static bool names_hosts(const struct sender *s)
{
	return s->link_count || (s->platform && s->platform->link_count);
}

/* Whether the entry takes every link that fits the shape. */
static bool takes(const struct comparing *c, const struct sender *s, const struct shape *link)
{
	if (shape_is_within(link, s->link, s->link_count) ||
	    shape_is_within(link, s->added, s->added_count))
		return true;
	if (s->platform && shape_is_within(link, s->platform->link, s->platform->link_count))
		return true;
	const char *org = domain_org(c->suffixes, s->domain);
	return !names_hosts(s) && !s->shared_domain && org && shape_is_below(link, org);
}

static bool takes_all(const struct comparing *c, const struct sender *s, const struct shape *link,
		      size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!takes(c, s, &link[i]))
			return false;
	return true;
}

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static uint32_t links_past(const struct comparing *c, const struct sender *from,
			   const struct sender *to)
{
	uint32_t signs = 0;
	if (!takes_all(c, from, to->link, to->link_count) ||
	    !takes_all(c, from, to->added, to->added_count))
		signs |= SIGN(LINKS);
	if (to->platform && !is_same(from->platform_name, to->platform_name) &&
	    !takes_all(c, from, to->platform->link, to->platform->link_count))
		signs |= SIGN(PLATFORM);
	if (!names_hosts(to) && !to->shared_domain && names_hosts(from))
		signs |= SIGN(OWN_PAGES);
	return signs;
}

static bool answers_more(const struct sender *from, const struct sender *to)
{
	for (size_t i = 0; i < to->reply_to_count; i++) {
		size_t k = 0;
		while (k < from->reply_to_count && strcmp(from->reply_to[k], to->reply_to[i]) != 0)
			k++;
		if (k == from->reply_to_count)
			return true;
	}
	return false;
}

static uint32_t address_past(const struct sender *from, const struct sender *to)
{
	bool same_domain = strcmp(from->domain, to->domain) == 0;
	if (!to->from)
		return (from->from ? SIGN(WHOLE_DOMAIN) : 0) | (same_domain ? 0 : SIGN(ADDRESS));
	if (!from->from && same_domain)
		return 0;
	return is_same(from->from, to->from) ? 0 : SIGN(ADDRESS);
}

/* Where `to` reaches further than `from`. */
static uint32_t sender_past(const struct comparing *c, const struct sender *from,
			    const struct sender *to)
{
	if (!to->enabled)
		return 0;
	uint32_t signs = links_past(c, from, to);
	if (!from->enabled)
		signs |= SIGN(BELIEVED);
	signs |= address_past(from, to);
	if (to->classes & ~from->classes)
		signs |= SIGN(CLASSES);
	if (answers_more(from, to))
		signs |= SIGN(REPLY_TO);
	if (from->strict && !to->strict)
		signs |= SIGN(ALIGNMENT);
	if (to->code && !from->code)
		signs |= SIGN(CODE);
	if (from->shared_domain && !to->shared_domain)
		signs |= SIGN(SHARED);
	return signs;
}

/* -- noting --------------------------------------------------------------------------------- */

static void note(struct comparing *c, struct change change)
{
	struct changes *to = c->to;
	struct change *list = grow_list(to->list, to->count, &to->room, sizeof(*list));
	if (!list) {
		c->failed = true;
		return;
	}
	to->list = list;
	to->list[to->count++] = change;
	to->of_kind[change.kind]++;
}

static void note_reach(struct comparing *c, struct change change, uint32_t more, uint32_t less,
		       bool other)
{
	if (!more && !less && !other)
		return;
	change.kind = more ? CHANGE_WIDENED : less ? CHANGE_NARROWED : CHANGE_OTHER;
	change.signs = more ? more : less;
	note(c, change);
}

static bool texts_differ(struct comparing *c)
{
	c->failed = c->failed || c->one.failed || c->other.failed;
	return c->one.n != c->other.n || memcmp(str_text(&c->one), str_text(&c->other), c->one.n);
}

static void print_sender(const struct sender *s, struct str *to)
{
	str_reset(to);
	sender_print(s, to);
	sender_print_added(s, to);
}

static void compare_pair(struct comparing *c, const struct sender *before,
			 const struct sender *after)
{
	print_sender(before, &c->one);
	print_sender(after, &c->other);
	if (texts_differ(c) || names_hosts(before) != names_hosts(after))
		note_reach(c,
			   (struct change){.of = CHANGE_OF_SENDER,
					   .name = after->name,
					   .before = before,
					   .after = after},
			   sender_past(c, before, after), sender_past(c, after, before),
			   texts_differ(c));
}

/* -- pairs ---------------------------------------------------------------------------------- */

static const struct sender *sender_at(const struct list *l, uint32_t i)
{
	return i == INDEX_NONE ? NULL : &l->sender[i];
}

/* The entry of another list for the very same address, or the same whole domain. */
static const struct sender *same_address(const struct list *l, const struct sender *s)
{
	return s->from ? sender_at(l, index_find(&l->by_from, l->sender, slice_of(s->from)))
		       : sender_at(l, index_find(&l->by_whole, l->sender, slice_of(s->domain)));
}

/* The entry of the same name in `there`, where the addresses of both are in their own list alone.
 */
static const struct sender *same_name(const struct list *here, const struct list *there,
				      const struct sender *s)
{
	const struct sender *o = list_find_name(there, s->name);
	return o && !same_address(here, o) ? o : NULL;
}

static void compare_after(struct comparing *c, const struct sender *after)
{
	const struct sender *before = same_address(c->before, after);
	if (!before)
		before = same_name(c->after, c->before, after);
	if (before)
		compare_pair(c, before, after);
	else
		note(c, (struct change){.kind = CHANGE_ADDED,
					.of = CHANGE_OF_SENDER,
					.name = after->name,
					.after = after});
}

/* An entry whose address has none any more: mail from it may now be believed by that of its whole
 * domain. */
static void compare_gone(struct comparing *c, const struct sender *before)
{
	const struct sender *whole = NULL;
	if (before->from)
		whole = sender_at(c->after, index_find(&c->after->by_whole, c->after->sender,
						       slice_of(before->domain)));
	uint32_t more = whole ? sender_past(c, before, whole) & ~SIGN(WHOLE_DOMAIN) : 0;
	struct change change = {.of = CHANGE_OF_SENDER, .name = before->name, .before = before};
	if (more) {
		change.after = whole;
		note_reach(c, change, more, 0, true);
	} else if (!same_name(c->before, c->after, before)) {
		change.kind = CHANGE_REMOVED;
		note(c, change);
	}
}

/* -- platforms and hosts -------------------------------------------------------------------- */

static uint32_t platform_past(const struct platform *from, const struct platform *to)
{
	for (size_t i = 0; i < to->link_count; i++)
		if (!shape_is_within(&to->link[i], from->link, from->link_count))
			return SIGN(LINKS);
	return 0;
}

static void compare_platform(struct comparing *c, const struct platform *after)
{
	const struct platform *before = list_find_platform(c->before, after->name);
	struct change change = {
	    .kind = CHANGE_ADDED, .of = CHANGE_OF_PLATFORM, .name = after->name};
	if (!before) {
		note(c, change);
		return;
	}
	str_reset(&c->one);
	str_reset(&c->other);
	platform_print(before, &c->one);
	platform_print(after, &c->other);
	if (texts_differ(c))
		note_reach(c, change, platform_past(before, after), platform_past(after, before),
			   true);
}

static bool is_harmless(const struct list *l, const struct shape *link)
{
	for (size_t i = 0; i < l->hosts_count; i++)
		if (shape_is_within(link, l->hosts[i].link, l->hosts[i].link_count))
			return true;
	return false;
}

static uint32_t hosts_past(const struct list *from, const struct list *to)
{
	uint32_t signs = 0;
	for (size_t i = 0; i < to->hosts_count; i++)
		for (size_t k = 0; k < to->hosts[i].link_count; k++)
			if (!is_harmless(from, &to->hosts[i].link[k]))
				signs |= SIGN(HARMLESS);
	for (size_t i = 0; i < from->tracking_count; i++)
		if (!list_is_tracking(to, from->tracking[i]))
			signs |= SIGN(TRACKING);
	return signs;
}

static void compare_hosts(struct comparing *c)
{
	str_reset(&c->one);
	str_reset(&c->other);
	list_print_hosts(c->before, &c->one);
	list_print_hosts(c->after, &c->other);
	if (texts_differ(c))
		note_reach(c, (struct change){.of = CHANGE_OF_HOSTS, .name = "hosts"},
			   hosts_past(c->before, c->after), hosts_past(c->after, c->before), true);
}

/* -- the whole ------------------------------------------------------------------------------ */

static int by_weight(const void *a, const void *b)
{
	const struct change *x = a, *y = b;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->of != y->of)
		return x->of < y->of ? -1 : 1;
	const int order = strcmp(x->name, y->name);
	return order != 0 ? order : (x->signs > y->signs) - (x->signs < y->signs);
}

static void compare_lists(struct comparing *c)
{
	compare_hosts(c);
	for (size_t i = 0; i < list_platform_count(c->after); i++)
		compare_platform(c, list_platform_at(c->after, i));
	for (size_t i = 0; i < list_platform_count(c->before); i++) {
		const struct platform *p = list_platform_at(c->before, i);
		if (!list_find_platform(c->after, p->name))
			note(c, (struct change){.kind = CHANGE_REMOVED,
						.of = CHANGE_OF_PLATFORM,
						.name = p->name});
	}
	for (size_t i = 0; i < list_count(c->after); i++)
		compare_after(c, list_at(c->after, i));
	for (size_t i = 0; i < list_count(c->before); i++)
		if (!same_address(c->after, list_at(c->before, i)))
			compare_gone(c, list_at(c->before, i));
}

int changes_find(const struct list *before, const struct list *after,
		 const struct suffixes *suffixes, struct changes *ret_changes)
{
	struct changes changes = {0};
	struct comparing c = {
	    .before = before, .after = after, .suffixes = suffixes, .to = &changes};
	compare_lists(&c);
	str_free(&c.one);
	str_free(&c.other);
	if (c.failed) {
		changes_free(&changes);
		return ENOMEM;
	}
	if (changes.count > 0)
		qsort(changes.list, changes.count, sizeof(*changes.list), by_weight);
	*ret_changes = changes;
	return 0;
}

void changes_free(struct changes *c)
{
	free(c->list);
	*c = (struct changes){0};
}
