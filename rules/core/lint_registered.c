/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lint_registered.c - is the name that an entry trusts still that of whom it was seen to be?
 *
 * A utility domain that its owner gives up is free for anybody, who then has a listed address and
 * passes every proof. What shows it is the registry's date: a name registered after the entry was
 * seen last has changed hands, or was let go once. Only dated entries can be compared, so undated
 * ones are passed over here.
 */
#include <string.h>

#include "rules/core/lint.h"
#include "rules/core/lint_private.h"

struct asking {
	const struct suffixes *suffixes;
	int64_t (*registered_at)(void *context, const char *domain);
	void *context;
	struct diags *diags;

	const struct sender *s;
	int64_t last_day;
	char before[LIMIT_DOMAIN + 1]; /* neighbours often lie below one name */
};

static void ask(struct asking *a, const char *host)
{
	const char *name = domain_org(a->suffixes, host);
	if (!name || strcmp(name, a->before) == 0)
		return;
	slice_copy(slice_of(name), a->before, sizeof a->before);
	int64_t since = a->registered_at(a->context, name);
	if (since > 0 && since / 86400 > a->last_day)
		diag_add(a->diags, DIAG_WARNING, a->s->file, a->s->line, 1,
			 "sender \"%s\": \"%s\" was registered after Last-Seen \"%s\": whose is it "
			 "now?",
			 a->s->name, name, a->s->last_seen);
}

static void ask_links(struct asking *a, const struct shape *link, size_t count)
{
	char host[LIMIT_DOMAIN + 1];
	for (size_t i = 0; i < count; i++) {
		shape_shortest_host(&link[i], host);
		ask(a, host);
	}
}

void lint_registered(const struct list *l, const struct suffixes *suffixes,
		     int64_t (*registered_at)(void *context, const char *domain), void *context,
		     struct diags *diags)
{
	for (size_t i = 0; i < list_count(l); i++) {
		const struct sender *s = list_at(l, i);
		struct asking a = {.suffixes = suffixes,
				   .registered_at = registered_at,
				   .context = context,
				   .diags = diags,
				   .s = s};
		int64_t first;
		if (!s->enabled || !s->last_seen || strcmp(s->last_seen, "undated") == 0)
			continue;
		lint_seen_days(s->last_seen, &first, &a.last_day);
		ask(&a, s->domain);
		ask_links(&a, s->link, s->link_count);
		if (s->platform)
			ask_links(&a, s->platform->link, s->platform->link_count);
	}
}
