/* SPDX-License-Identifier: BSD-2-Clause */
/* dependence.c - single points of failure; see dependence.h. */
#include "cli/dependence.h"

#include <string.h>

#include "db/history.h"
#include "db/owned.h"
#include "db/watched.h"
#include "rules/core/domain.h"

enum {
	LEAST = 2, /* domains: one depends on one of everything */
};

/* What all seen so far have in common. */
struct common {
	char name[LIMIT_ADDRESS + 1];
	size_t domains;
	bool differs;
};

struct looking {
	const struct suffixes *suffixes;
	const struct ownership *ownership;
	struct common registrar, operator, address;
	char domain[LIMIT_DOMAIN + 1]; /* of the addresses that are gone through */
	char only[LIMIT_ADDRESS + 1];  /* its only address; "" : several */
	struct common itself;
};

const char *dependence_kind_name(enum dependence_kind kind)
{
	static const char *const names[] = {"registrar", "operator", "address", "itself"};

	return names[kind];
}

void dependence_print(const struct dependence *d, struct str *to)
{
	switch (d->kind) {
	case DEPENDENCE_REGISTRAR:
		str_printf(to, "all %zu domains are with one registrar, ", d->domains);
		break;
	case DEPENDENCE_OPERATOR:
		str_printf(to, "the name servers of all %zu domains are one operator's, ",
			   d->domains);
		break;
	case DEPENDENCE_ADDRESS:
		str_printf(to, "registrars' mail about all %zu domains goes to one address alone, ",
			   d->domains);
		break;
	case DEPENDENCE_ITSELF:
		str_printf(
		    to,
		    "registrars' mail about %zu domains goes to an address in the domain itself, "
		    "which goes dark with it, such as ",
		    d->domains);
		break;
	}
	cli_plain(d->name, LIMIT_ADDRESS, to);
}

static void note(struct common *c, const char *name)
{
	if (name[0] == '\0')
		return;
	if (c->domains++ == 0)
		snprintf(c->name, sizeof(c->name), "%s", name);
	else if (strcasecmp(c->name, name) != 0)
		c->differs = true;
}

/* The operator of all servers of a domain; "" where they are several's, or none is known. */
static const char *operator_of(const struct looking *l, const char *servers,
			       char to[static LIMIT_DOMAIN + 1])
{
	to[0] = '\0';
	while (*servers != '\0') {
		const size_t n = strcspn(servers, " ");
		char host[LIMIT_DOMAIN + 1];
		const char *org = NULL;

		if (slice_copy((struct slice){servers, n}, host, sizeof(host)))
			org = domain_org(l->suffixes, host);
		if (org == NULL || (to[0] != '\0' && strcmp(to, org) != 0)) {
			to[0] = '\0';
			return to;
		}
		memmove(to, org, strlen(org) + 1);
		servers += n + strspn(servers + n, " ");
	}
	return to;
}

static void look_at_watched(void *context, const struct watched *w)
{
	struct looking *l = context;
	char operator[LIMIT_DOMAIN + 1];

	if (!ownership_has(l->ownership, w->domain))
		return;
	note(&l->registrar, w->registrar);
	if (w->servers[0] != '\0') {
		operator_of(l, w->servers, operator);
		note(&l->operator, operator[0] != '\0' ? operator: w->domain);
		/* Two operators: it depends on neither, so nothing is common to all. */
		l->operator.differs = l->operator.differs || operator[0] == '\0';
	}
}

static void end_domain(struct looking *l)
{
	const char *at = strrchr(l->only, '@');

	if (l->domain[0] == '\0')
		return;
	note(&l->address, l->only[0] != '\0' ? l->only : l->domain);
	l->address.differs = l->address.differs || l->only[0] == '\0';
	if (at != NULL && domain_is_below(at + 1, l->domain))
		note(&l->itself, l->only);
}

static void look_at_address(void *context, const struct history_address *a)
{
	struct looking *l = context;

	if (!ownership_has(l->ownership, a->domain))
		return;
	if (strcmp(l->domain, a->domain) == 0) {
		l->only[0] = '\0';
		return;
	}
	end_domain(l);
	snprintf(l->domain, sizeof(l->domain), "%s", a->domain);
	snprintf(l->only, sizeof(l->only), "%s", a->address);
}

static void say(const struct common *c, enum dependence_kind kind, size_t least,
		void (*each)(void *context, const struct dependence *d), void *context)
{
	const struct dependence d = {kind, c->name, c->domains, c->domains};

	if (c->domains >= least && (!c->differs || kind == DEPENDENCE_ITSELF))
		each(context, &d);
}

bool dependence_each(struct store *store, void (*each)(void *context, const struct dependence *d),
		     void *context)
{
	const struct watched_filter all = {0};
	struct suffixes *suffixes = suffixes_open();
	struct ownership *ownership = NULL;
	struct looking l = {.suffixes = suffixes};
	bool good = suffixes != NULL && owned_load(store, suffixes, &ownership) == STORE_OK;

	l.ownership = ownership;
	if (good && ownership != NULL)
		good = watched_each(store, &all, look_at_watched, &l) == STORE_OK &&
		       history_each_address(store, look_at_address, &l) == STORE_OK;
	if (good) {
		end_domain(&l);
		say(&l.registrar, DEPENDENCE_REGISTRAR, LEAST, each, context);
		say(&l.operator, DEPENDENCE_OPERATOR, LEAST, each, context);
		say(&l.address, DEPENDENCE_ADDRESS, LEAST, each, context);
		say(&l.itself, DEPENDENCE_ITSELF, 1, each, context);
	}
	ownership_free(ownership);
	suffixes_close(suffixes);
	return good;
}
