/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ownership.c - see ownership.h. One pool of names and a sorted table of where each begins: 300,000
 * names are 10 MB, and a look-up is a few comparisons for each label of the domain in question.
 */
#include "rules/core/ownership.h"

#include <stdlib.h>
#include <string.h>

struct ownership {
	struct str pool; /* names, each with its NUL */
	size_t *at;      /* in the pool; sorted by name once sealed */
	size_t count, size;
};

enum {
	FIRST_SIZE = 256,
};

struct ownership *ownership_new(void)
{
	return calloc(1, sizeof(struct ownership));
}

void ownership_free(struct ownership *o)
{
	if (!o)
		return;
	str_free(&o->pool);
	free(o->at);
	free(o);
}

static bool add(struct ownership *o, const char *name)
{
	if (o->count == o->size) {
		const size_t size = o->size ? 2 * o->size : FIRST_SIZE;
		size_t *more = reallocarray(o->at, size, sizeof(*more));
		if (!more)
			return false;
		o->at = more;
		o->size = size;
	}
	o->at[o->count] = o->pool.n;
	str_add(&o->pool, name, strlen(name) + 1);
	if (o->pool.failed)
		return false;
	o->count++;
	return true;
}

bool ownership_add(struct ownership *o, const char *name, const struct suffixes *suffixes)
{
	if (!domain_is_plain(slice_of(name)))
		return true;
	const char *org = domain_org(suffixes, name);
	return add(o, name) && (!org || org == name || add(o, org));
}

static int compare(const void *a, const void *b, void *pool)
{
	const char *p = pool;
	return strcmp(p + *(const size_t *)a, p + *(const size_t *)b);
}

void ownership_seal(struct ownership *o)
{
	if (o->count > 1)
		qsort_r(o->at, o->count, sizeof(*o->at), compare, o->pool.p);
}

static bool has(const struct ownership *o, const char *name)
{
	size_t low = 0, high = o->count;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const int order = strcmp(o->pool.p + o->at[middle], name);
		if (order == 0)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

bool ownership_has(const struct ownership *o, const char *name)
{
	while (o && name && *name) {
		if (has(o, name))
			return true;
		name = strchr(name, '.');
		name = name ? name + 1 : NULL;
	}
	return false;
}

enum ours ownership_of(const struct ownership *o, const struct finding *finding)
{
	if (!o || o->count == 0 || finding->domain_kept == 0)
		return OURS_UNSET;
	for (uint32_t i = 0; i < finding->domain_kept; i++)
		if (ownership_has(o, finding->domain[i]))
			return OURS_YES;
	return finding->domain_kept < finding->domain_count ? OURS_UNSET : OURS_NO;
}
