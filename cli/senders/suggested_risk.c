/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * suggested_risk.c - what speaks against taking something up: a table, a row for each sign. Signs
 * are for the person who decides; what must not be accepted at all is refused by senders_accept.c.
 */
#include <string.h>

#include "cli/senders/suggested.h"
#include "rules/core/offer.h"

enum {
	HOSTS_MANY = 4, /* different link hosts of one address: a registrar's mail has one or two */
	MAILS_FEW = 1,
};

struct question {
	const struct suggested_ground *ground;
	const struct suggested *g;
	const char *domain; /* of From */
};

static bool is_freemail(const struct question *q)
{
	return list_is_freemail(q->ground->list, q->domain);
}

static bool is_let(const struct question *q)
{
	return domain_suffix_private(q->ground->suffixes, q->domain);
}

static bool is_tracking(const struct question *q)
{
	return list_is_tracking(q->ground->list, q->domain);
}

static bool is_harmless(const struct question *q)
{
	return offer_is_harmless(q->ground->list, q->domain, "/");
}

static bool imitates(const struct question *q, const char *link)
{
	struct imitation found;
	char host[LIMIT_DOMAIN + 1];
	const char *path;

	return suggested_split(link, host, &path) &&
	       lookalikes_find(q->ground->lookalikes, host, &found);
}

/* The From domain, or where a link leads. */
static bool is_lookalike(const struct question *q)
{
	struct imitation found;
	const char *link;

	if (!suggested_is_link(q->g) && lookalikes_find(q->ground->lookalikes, q->domain, &found))
		return true;
	if (suggested_is_link(q->g))
		return imitates(q, q->g->is.link);
	for (size_t i = 0; (link = suggested_fact(q->g, "link", i)) != NULL; i++)
		if (imitates(q, link))
			return true;
	return false;
}

static bool has_many_shapes(const struct question *q)
{
	char seen[HOSTS_MANY][LIMIT_DOMAIN + 1], host[LIMIT_DOMAIN + 1];
	size_t count = 0;
	const char *link, *path;

	if (suggested_count(q->g, "platform") > 1)
		return true;
	for (size_t i = 0; (link = suggested_fact(q->g, "link", i)) != NULL; i++) {
		size_t k = 0;

		if (!suggested_split(link, host, &path))
			continue;
		while (k < count && strcmp(seen[k], host) != 0)
			k++;
		if (k == HOSTS_MANY - 1 && k == count)
			return true;
		if (k == count)
			memcpy(seen[count++], host, sizeof(host));
	}
	return false;
}

/* Of a sender: links that neither its platform nor any registrar has. A stranger chooses them. */
static bool has_other_links(const struct question *q)
{
	const char *name = suggested_fact(q->g, "platform", 0), *link, *path;
	const struct platform *p = name != NULL ? list_find_platform(q->ground->list, name) : NULL;
	char host[LIMIT_DOMAIN + 1];

	if (suggested_is_link(q->g))
		return false;
	for (size_t i = 0; (link = suggested_fact(q->g, "link", i)) != NULL; i++)
		if (!suggested_split(link, host, &path) ||
		    !(offer_is_harmless(q->ground->list, host, path) ||
		      (p != NULL && offer_fits(p->link, p->link_count, host, path))))
			return true;
	return false;
}

/* Whether a host is of the organisational domain of one of the shapes. */
static bool is_near(const struct question *q, const char *host, const struct shape *shape,
		    size_t count)
{
	char listed[LIMIT_DOMAIN + 1];

	for (size_t i = 0; i < count; i++) {
		shape_shortest_host(&shape[i], listed);
		if (domain_aligned(q->ground->suffixes, host, listed, false))
			return true;
	}
	return false;
}

/* Of a link: a domain that neither its sender's entry nor the platform's names. A breach of the
 * sender's mail service looks like this. */
static bool is_foreign(const struct question *q)
{
	const struct sender *s = list_find_name(q->ground->list, q->g->is.sender);
	const struct platform *p = s != NULL ? s->platform : NULL;
	char host[LIMIT_DOMAIN + 1];
	const char *path;

	if (!suggested_is_link(q->g))
		return false;
	return s == NULL || !suggested_split(q->g->is.link, host, &path) ||
	       !(domain_aligned(q->ground->suffixes, host, s->domain, false) ||
		 is_near(q, host, s->link, s->link_count) ||
		 (p != NULL && is_near(q, host, p->link, p->link_count)));
}

static bool has_closed_links(const struct question *q)
{
	return suggested_count(q->g, "host") > 0;
}

static bool is_shared(const struct question *q)
{
	const struct sender *s = list_find_name(q->ground->list, q->g->is.sender);
	char host[LIMIT_DOMAIN + 1];
	const char *path, *org;

	if (!suggested_is_link(q->g) || s == NULL || s->shared_domain == NULL ||
	    !suggested_split(q->g->is.link, host, &path))
		return false;
	org = domain_org(q->ground->suffixes, s->domain);
	return org != NULL && domain_is_below(host, org);
}

/* Nothing of the path is a word: any page of that depth would do. */
static bool is_broad(const char *link)
{
	char host[LIMIT_DOMAIN + 1];
	const char *path;

	return suggested_split(link, host, &path) && strchr(path, '*') != NULL &&
	       path[strcspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")] == '\0';
}

static bool has_broad_link(const struct question *q)
{
	const char *link;

	if (suggested_is_link(q->g))
		return is_broad(q->g->is.link);
	for (size_t i = 0; (link = suggested_fact(q->g, "link", i)) != NULL; i++)
		if (is_broad(link))
			return true;
	return false;
}

static bool is_rare(const struct question *q)
{
	return q->g->is.mails <= MAILS_FEW;
}

/* A sign more is a row more. */
static const struct {
	const char *name, *sentence;
	bool (*holds)(const struct question *q);
} risks[] = {
    {"freemail", "Anybody can have an address at this domain.", is_freemail},
    {"let-names", "Names below its suffix are let to anybody (public suffix list).", is_let},
    {"tracking", "Its domain is that of a mailing or tracking service.", is_tracking},
    {"harmless", "Its domain is one that any registrar's mail may link to.", is_harmless},
    {"lookalike", "A name in it looks like that of a listed sender or platform.", is_lookalike},
    {"many-shapes", "Links of several platforms or to many hosts, from one address.",
     has_many_shapes},
    {"other-links", "It has links that no listed platform has.", has_other_links},
    {"foreign-host",
     "Its sender's entry does not know this domain: phish from a breach looks so too.", is_foreign},
    {"closed-links", "Mail with links that cannot be accepted stays in review.", has_closed_links},
    {"shared-domain", "The entry says that this domain also carries others' pages.", is_shared},
    {"broad-link", "A link of which nothing but a code is known: any such page would do.",
     has_broad_link},
    {"seen-once", "It was seen once.", is_rare},
};

uint32_t suggested_risks(const struct suggested_ground *ground, const struct suggested *g)
{
	const struct question q = {ground, g, suggested_domain(g)};
	uint32_t found = 0;

	for (size_t i = 0; i < suggested_risk_count(); i++)
		if (risks[i].holds(&q))
			found |= 1u << i;
	return found;
}

size_t suggested_risk_count(void)
{
	return sizeof(risks) / sizeof(risks[0]);
}

const char *suggested_risk_name(size_t i)
{
	return risks[i].name;
}

const char *suggested_risk_sentence(size_t i)
{
	return risks[i].sentence;
}

char suggested_confidence(const struct suggested *g, uint32_t found)
{
	bool shown = suggested_is_link(g) || suggested_count(g, "platform") > 0;

	return shown && found == 0 ? 'B' : 'C';
}
