/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * list_find.c - look-ups in a finished list. Each is one hash and nearly always one slot, allocates
 * nothing and changes nothing: list_find_domain is asked about every mail.
 */
#include <string.h>

#include "rules/core/domain.h"
#include "rules/core/list_private.h"

static const struct sender *sender_or_null(const struct list *l, uint32_t i)
{
	return i == INDEX_NONE ? NULL : &l->sender[i];
}

const struct sender *list_find(const struct list *l, const struct address *a)
{
	uint32_t i = index_find(&l->by_from, l->sender, slice_of(a->text));
	if (i == INDEX_NONE)
		i = index_find(&l->by_whole, l->sender, slice_of(a->domain));
	return sender_or_null(l, i);
}

const struct sender *list_find_domain(const struct list *l, struct slice domain)
{
	return sender_or_null(l, index_find(&l->by_domain, l->sender, domain));
}

const struct sender *list_find_name(const struct list *l, const char *name)
{
	return sender_or_null(l, index_find(&l->by_name, l->sender, slice_of(name)));
}

size_t list_count(const struct list *l)
{
	return l->sender_count;
}

size_t list_link_for_count(const struct list *l)
{
	return l->link_for_count;
}

const struct list_release *list_release(const struct list *l)
{
	return &l->release;
}

const struct sender *list_at(const struct list *l, size_t i)
{
	return &l->sender[i];
}

size_t list_platform_count(const struct list *l)
{
	return l->platform_count;
}

const struct platform *list_platform_at(const struct list *l, size_t i)
{
	return &l->platform[i];
}

const struct platform *list_find_platform(const struct list *l, const char *name)
{
	uint32_t i = index_find(&l->by_platform, l->platform, slice_of(name));
	return i == INDEX_NONE ? NULL : &l->platform[i];
}

bool list_is_harmless(const struct list *l, const char *host, struct slice path)
{
	for (size_t i = 0; i < l->hosts_count; i++)
		for (size_t k = 0; k < l->hosts[i].link_count; k++)
			if (shape_match(&l->hosts[i].link[k], host, path))
				return true;
	return false;
}

bool list_is_tracking(const struct list *l, const char *host)
{
	for (const char *p = host; p; p = strchr(p, '.')) {
		p += p != host;
		if (index_find(&l->by_tracking, l->tracking, slice_of(p)) != INDEX_NONE)
			return true;
	}
	return false;
}

bool list_is_freemail(const struct list *l, const char *domain)
{
	for (size_t i = 0; i < l->hosts_count; i++)
		for (size_t k = 0; l->hosts[i].use == HOST_FREEMAIL && k < l->hosts[i].host_count;
		     k++)
			if (domain_is_below(domain, l->hosts[i].host[k]))
				return true;
	return false;
}

unsigned sender_days(const struct sender *s, enum class_id c)
{
	if (!s || c <= CLASS_NONE || c >= CLASS_COUNT)
		return 0;
	if (s->days[c])
		return s->days[c];
	return s->platform ? s->platform->days[c] : 0;
}
