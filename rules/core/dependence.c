/* SPDX-License-Identifier: BSD-2-Clause */
/* dependence.c - single points of failure; see dependence.h. */
#include "rules/core/dependence.h"

#include <stdio.h>
#include <string.h>

enum {
	LEAST = 2, /* domains: one depends on one of everything */
};

const char *dependence_kind_name(enum dependence_kind kind)
{
	static const char *const names[DEPENDENCE_KIND_COUNT] = {"registrar", "operator", "address",
								 "itself"};

	return names[kind];
}

/* The next word, without spaces; empty at the end. */
static struct slice next_word(const char **text)
{
	const char *start = *text + strspn(*text, " ");
	const size_t n = strcspn(start, " ");

	*text = start + n;
	return (struct slice){start, n};
}

/* -- who runs name servers ------------------------------------------------------------------ */

/* Operators whose servers are named under several domains, so that no one registry takes all of
 * them away: how each of these begins. */
static const struct operator
{
	const char *begins, *name;
}
operators[] = {
    {"awsdns-", "Amazon Route 53"}, /* ns-1.awsdns-01.com, .net, .org, .co.uk */
    {"azure-dns.", "Azure DNS"},    /* ns1-01.azure-dns.com, .net, .org, .info */
    {"ultradns.", "UltraDNS"},      /* pdns1.ultradns.net, .com, .org, .info, .biz, .co.uk */
};

static bool operator_of(const struct suffixes *suffixes, struct slice server,
			char ret_name[static LIMIT_DOMAIN + 1])
{
	char host[LIMIT_DOMAIN + 1];
	const char *org = NULL;

	if (slice_copy(server, host, sizeof(host)))
		org = domain_org(suffixes, host);
	if (org == NULL)
		return false;
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
		if (slice_starts_nocase(slice_of(org), operators[i].begins))
			org = operators[i].name;
	snprintf(ret_name, LIMIT_DOMAIN + 1, "%s", org);
	return true;
}

/* Of all servers of a domain. False: they are several's, or one cannot be told. */
static bool only_operator(const struct suffixes *suffixes, const char *servers,
			  char ret_name[static LIMIT_DOMAIN + 1])
{
	char other[LIMIT_DOMAIN + 1];
	struct slice word = next_word(&servers);

	if (!operator_of(suffixes, word, ret_name))
		return false;
	while ((word = next_word(&servers)).n > 0)
		if (!operator_of(suffixes, word, other) || strcmp(other, ret_name) != 0)
			return false;
	return true;
}

/* -- what is common to all ------------------------------------------------------------------ */

/* name: what this domain depends on alone; NULL: on nothing alone. */
static void note(struct dependence *d, const char *name)
{
	if (name == NULL)
		d->name[0] = '\0';
	else if (d->known == 0)
		snprintf(d->name, sizeof(d->name), "%s", name);
	else if (!str_same_nocase(d->name, name))
		d->name[0] = '\0';
	d->known++;
	d->domains++;
}

static struct dependence registrar_of(const struct dependence_domain *domain, size_t count)
{
	const struct dependence_domain *first = NULL;
	struct dependence d = {.kind = DEPENDENCE_REGISTRAR, .all = count};
	bool same = true;

	for (size_t i = 0; i < count; i++) {
		const struct dependence_domain *x = &domain[i];

		if (x->registrar[0] == '\0')
			continue;
		if (first == NULL)
			first = x;
		same = same && (x->iana_id != 0 && first->iana_id != 0
				    ? x->iana_id == first->iana_id
				    : str_same_nocase(x->registrar, first->registrar));
		d.known = ++d.domains;
	}
	if (first != NULL && same)
		snprintf(d.name, sizeof(d.name), "%s", first->registrar);
	return d;
}

static struct dependence operator_of_all(const struct suffixes *suffixes,
					 const struct dependence_domain *domain, size_t count)
{
	struct dependence d = {.kind = DEPENDENCE_OPERATOR, .all = count};
	char name[LIMIT_DOMAIN + 1];

	for (size_t i = 0; i < count; i++)
		if (domain[i].servers[0] != '\0')
			note(&d, only_operator(suffixes, domain[i].servers, name) ? name : NULL);
	return d;
}

static struct dependence address_of_all(const struct dependence_domain *domain, size_t count)
{
	struct dependence d = {.kind = DEPENDENCE_ADDRESS, .all = count};
	char address[LIMIT_ADDRESS + 1];

	for (size_t i = 0; i < count; i++) {
		const char *rest = domain[i].addresses;
		const struct slice first = next_word(&rest);

		if (first.n > 0)
			note(&d,
			     next_word(&rest).n == 0 && slice_copy(first, address, sizeof(address))
				 ? address
				 : NULL);
	}
	return d;
}

/* Whether all addresses of a domain lie in it; the first one of them. */
static bool dies_with_it(const struct dependence_domain *domain,
			 char ret_address[static LIMIT_ADDRESS + 1])
{
	const char *rest = domain->addresses;
	char address[LIMIT_ADDRESS + 1];
	struct slice word;
	size_t count = 0;

	while ((word = next_word(&rest)).n > 0) {
		const char *at =
		    slice_copy(word, address, sizeof(address)) ? strrchr(address, '@') : NULL;

		if (at == NULL || !domain_is_below(at + 1, domain->name))
			return false;
		if (count++ == 0)
			snprintf(ret_address, LIMIT_ADDRESS + 1, "%s", address);
	}
	return count > 0;
}

static struct dependence itself_of(const struct dependence_domain *domain, size_t count)
{
	struct dependence d = {.kind = DEPENDENCE_ITSELF, .all = count};
	char address[LIMIT_ADDRESS + 1];

	for (size_t i = 0; i < count; i++) {
		d.known += domain[i].addresses[0] != '\0';
		if (dies_with_it(&domain[i], address) && d.domains++ == 0)
			snprintf(d.name, sizeof(d.name), "%s", address);
	}
	return d;
}

size_t dependence_find(const struct suffixes *suffixes, const struct dependence_domain *domain,
		       size_t count, struct dependence ret_found[static DEPENDENCE_KIND_COUNT])
{
	const struct dependence all[DEPENDENCE_KIND_COUNT] = {
	    registrar_of(domain, count),
	    operator_of_all(suffixes, domain, count),
	    address_of_all(domain, count),
	    itself_of(domain, count),
	};
	size_t found = 0;

	for (size_t i = 0; i < DEPENDENCE_KIND_COUNT; i++)
		if (all[i].name[0] != '\0' &&
		    (all[i].kind == DEPENDENCE_ITSELF || all[i].domains >= LEAST))
			ret_found[found++] = all[i];
	return found;
}
