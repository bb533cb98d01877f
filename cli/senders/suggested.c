/* SPDX-License-Identifier: BSD-2-Clause */
/* suggested.c - suggestions with their facts, read; see suggested.h. */
#include "cli/senders/suggested.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"

bool suggested_ground_open(const struct cli *cli, struct suggested_ground *ret_ground)
{
	struct suggested_ground g = {.list = cli_list(cli), .suffixes = suffixes_open()};

	if (g.list != NULL && g.suffixes != NULL)
		g.lookalikes = lookalikes_new(g.list, g.suffixes);
	*ret_ground = g;
	if (g.lookalikes != NULL)
		return true;
	if (g.list != NULL && g.suffixes == NULL)
		cli_trouble("senders", "no public suffix list (Debian: publicsuffix)");
	else if (g.list != NULL)
		cli_trouble("senders", "memory is short");
	return false;
}

void suggested_ground_close(struct suggested_ground *g)
{
	lookalikes_free(g->lookalikes);
	list_free(g->list);
	suffixes_close(g->suffixes);
	*g = (struct suggested_ground){0};
}

struct reading {
	struct suggested_set *set;
	struct suggested *to; /* whose facts are read */
	bool failed;
};

static char *copy(struct reading *r, const char *text)
{
	char *p = slice_dup(slice_of(text));

	r->failed = r->failed || p == NULL;
	return p;
}

static void take(void *context, const struct suggestion *s)
{
	struct reading *r = context;
	struct suggested_set *set = r->set;
	struct suggested *list = grow_list(set->list, set->count, &set->room, sizeof(*list));
	struct suggested *g;

	if (list == NULL) {
		r->failed = true;
		return;
	}
	set->list = list;
	g = &list[set->count++];
	*g = (struct suggested){.is = *s};
	g->is.address = g->text[0] = copy(r, s->address);
	g->is.sender = g->text[1] = copy(r, s->sender);
	g->is.link = g->text[2] = copy(r, s->link);
}

static void take_fact(void *context, const struct suggestion_fact *f)
{
	struct reading *r = context;
	struct suggested *g = r->to;
	struct suggested_fact *fact =
	    grow_list(g->fact, g->fact_count, &g->fact_room, sizeof(*fact));

	if (fact == NULL) {
		r->failed = true;
		return;
	}
	g->fact = fact;
	fact[g->fact_count++] = (struct suggested_fact){
	    .kind = copy(r, f->kind), .value = copy(r, f->value), .mails = f->mails};
}

bool suggested_load(struct store *store, const struct suggestion_filter *filter,
		    struct suggested_set *ret_set)
{
	struct suggested_set set = {0};
	struct reading r = {.set = &set};
	bool good = suggestions_each(store, filter, take, &r) == STORE_OK;

	for (size_t i = 0; i < set.count && good && !r.failed; i++) {
		r.to = &set.list[i];
		good = suggestions_each_fact(store, r.to->is.id, take_fact, &r) == STORE_OK;
	}
	if (good && !r.failed) {
		*ret_set = set;
		return true;
	}
	cli_trouble("senders", "%s", good ? "memory is short" : store_error(store));
	suggested_free(&set);
	return false;
}

bool suggested_find(struct store *store, const char *which, struct suggested_set *ret_set,
		    int *ret_status)
{
	struct suggestion_filter filter = {.states = (1u << SUGGESTION_STATE_COUNT) - 1};
	uint64_t id;

	*ret_status = CLI_TROUBLE;
	if (str_to_u64(slice_of(which[0] == '#' ? which + 1 : which), INT64_MAX, &id) && id > 0)
		filter.id = (int64_t)id;
	else
		filter.address = which;
	if (!suggested_load(store, &filter, ret_set))
		return false;
	if (ret_set->count > 0)
		return true;
	*ret_status = CLI_NO;
	cli_trouble("senders", "\"%s\" is neither the number nor the address of a suggestion",
		    which);
	return false;
}

void suggested_free(struct suggested_set *set)
{
	for (size_t i = 0; i < set->count; i++) {
		struct suggested *g = &set->list[i];

		for (size_t k = 0; k < g->fact_count; k++) {
			free(g->fact[k].kind);
			free(g->fact[k].value);
		}
		free(g->fact);
		for (size_t k = 0; k < sizeof(g->text) / sizeof(g->text[0]); k++)
			free(g->text[k]);
	}
	free(set->list);
	*set = (struct suggested_set){0};
}

const char *suggested_fact(const struct suggested *g, const char *kind, size_t n)
{
	for (size_t i = 0; i < g->fact_count; i++)
		if (strcmp(g->fact[i].kind, kind) == 0 && n-- == 0)
			return g->fact[i].value;
	return NULL;
}

size_t suggested_count(const struct suggested *g, const char *kind)
{
	size_t n = 0;

	for (size_t i = 0; i < g->fact_count; i++)
		n += strcmp(g->fact[i].kind, kind) == 0;
	return n;
}

const char *suggested_domain(const struct suggested *g)
{
	const char *at = strrchr(g->is.address, '@');

	return at != NULL ? at + 1 : "";
}

bool suggested_is_link(const struct suggested *g)
{
	return g->is.link[0] != '\0';
}

bool suggested_split(const char *link, char ret_host[static LIMIT_DOMAIN + 1],
		     const char **ret_path)
{
	const char *space = strchr(link, ' ');

	if (space == NULL ||
	    !slice_copy((struct slice){link, (size_t)(space - link)}, ret_host, LIMIT_DOMAIN + 1))
		return false;
	*ret_path = space + 1;
	return true;
}
