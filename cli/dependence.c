/* SPDX-License-Identifier: BSD-2-Clause */
/* dependence.c - single points of failure; see dependence.h. */
#include "cli/dependence.h"

#include <stdlib.h>
#include <string.h>

#include "cli/words.h"
#include "db/history.h"
#include "db/owned.h"
#include "db/watched.h"

enum {
	FIRST_SIZE = 64,
};

/* -- sentences ------------------------------------------------------------------------------ */

static void print_sentence(const struct dependence *d, struct str *to)
{
	switch (d->kind) {
	case DEPENDENCE_REGISTRAR:
		str_printf(to, _("all %zu domains are with one registrar, "), d->domains);
		break;
	case DEPENDENCE_OPERATOR:
		str_printf(to, _("the name servers of all %zu domains are one operator's, "),
			   d->domains);
		break;
	case DEPENDENCE_ADDRESS:
		str_printf(to,
			   _("registrars' mail about all %zu domains goes to one address alone, "),
			   d->domains);
		break;
	case DEPENDENCE_ITSELF:
		str_printf(to,
			   ngettext("registrars' mail about %zu domain goes to an address in the "
				    "domain itself, which goes dark with it: ",
				    "registrars' mail about %zu domains goes to addresses in the "
				    "domain itself, which go dark with it, such as ",
				    d->domains),
			   d->domains);
		break;
	case DEPENDENCE_KIND_COUNT: break;
	}
}

void dependence_print(const struct dependence *d, struct str *to)
{
	print_sentence(d, to);
	cli_plain(d->name, LIMIT_ADDRESS, to);
	if (d->known < d->all)
		str_printf(to, _(" (not known of %zu more)"), d->all - d->known);
}

/* -- what is known -------------------------------------------------------------------------- */

/* One of ours; the strings are its own. */
struct known {
	char *name, *registrar, *servers;
	int64_t iana_id;
	struct str addresses;
};

struct gathering {
	const struct ownership *ownership;
	struct known *list;
	size_t count, size;
	size_t watched; /* so many are in the order of names */
	bool failed;
};

static struct known *add(struct gathering *g, const char *name, const char *registrar,
			 const char *servers)
{
	struct known *k;

	if (g->count == g->size) {
		const size_t size = g->size > 0 ? 2 * g->size : FIRST_SIZE;
		struct known *more = reallocarray(g->list, size, sizeof(*more));

		if (more == NULL) {
			g->failed = true;
			return NULL;
		}
		g->list = more;
		g->size = size;
	}
	k = &g->list[g->count++];
	*k = (struct known){
	    .name = strdup(name), .registrar = strdup(registrar), .servers = strdup(servers)};
	g->failed = g->failed || k->name == NULL || k->registrar == NULL || k->servers == NULL;
	return k;
}

static void take_watched(void *context, const struct watched *w)
{
	struct gathering *g = context;
	struct known *k;

	if (g->failed || !ownership_has(g->ownership, w->domain))
		return;
	k = add(g, w->domain, w->registrar, w->servers);
	if (k != NULL)
		k->iana_id = w->iana_id;
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct known *)a)->name, ((const struct known *)b)->name);
}

/* Addresses come in the order of domains: what is not watched is added at the end, once. */
static void take_address(void *context, const struct history_address *a)
{
	struct gathering *g = context;
	struct known key = {.name = (char *)(uintptr_t)a->domain}, *k;

	if (g->failed || !ownership_has(g->ownership, a->domain))
		return;
	k = g->watched > 0 ? bsearch(&key, g->list, g->watched, sizeof(*g->list), compare) : NULL;
	if (k == NULL && g->count > g->watched && compare(&key, &g->list[g->count - 1]) == 0)
		k = &g->list[g->count - 1];
	if (k == NULL)
		k = add(g, a->domain, "", "");
	if (k == NULL)
		return;
	str_printf(&k->addresses, "%s%s", k->addresses.n > 0 ? " " : "", a->address);
	g->failed = g->failed || k->addresses.failed;
}

static bool gather(struct store *store, struct gathering *g)
{
	const struct watched_filter all = {0};

	if (watched_each(store, &all, take_watched, g) != STORE_OK || g->failed)
		return false;
	g->watched = g->count;
	if (g->count > 0)
		qsort(g->list, g->count, sizeof(*g->list), compare);
	return history_each_address(store, take_address, g) == STORE_OK && !g->failed;
}

static void gathering_free(struct gathering *g)
{
	for (size_t i = 0; i < g->count; i++) {
		free(g->list[i].name);
		free(g->list[i].registrar);
		free(g->list[i].servers);
		str_free(&g->list[i].addresses);
	}
	free(g->list);
}

static bool find(const struct suffixes *suffixes, const struct gathering *g,
		 void (*each)(void *context, const struct dependence *d), void *context)
{
	struct dependence found[DEPENDENCE_KIND_COUNT];
	struct dependence_domain *domain = calloc(g->count + 1, sizeof(*domain));
	size_t count;

	if (domain == NULL)
		return false;
	for (size_t i = 0; i < g->count; i++)
		domain[i] = (struct dependence_domain){g->list[i].name, g->list[i].registrar,
						       g->list[i].iana_id, g->list[i].servers,
						       str_text(&g->list[i].addresses)};
	count = dependence_find(suffixes, domain, g->count, found);
	for (size_t i = 0; i < count; i++)
		each(context, &found[i]);
	free(domain);
	return true;
}

bool dependence_each(struct store *store, void (*each)(void *context, const struct dependence *d),
		     void *context)
{
	struct suffixes *suffixes = suffixes_open();
	struct ownership *ownership = NULL;
	struct gathering g = {0};
	bool good = suffixes != NULL && owned_load(store, suffixes, &ownership) == STORE_OK;

	g.ownership = ownership;
	if (good && ownership != NULL)
		good = gather(store, &g) && find(suffixes, &g, each, context);
	gathering_free(&g);
	ownership_free(ownership);
	suffixes_close(suffixes);
	return good;
}
