/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dependence.h - single points of failure: what all of a site's domains depend on alone.
 *
 *   registrar   one registrar has all of them: its account is the key to everything
 *   operator    one operator runs all of their name servers
 *   address     registrars' mail about all of them goes to one address and no other
 *   itself      of a domain, all addresses that get its registrar's mail lie in it: they go dark
 *               with it, so nobody hears why
 *
 * Of what is not known of a domain nothing is said: it neither makes a dependence nor takes one
 * away, and `known` says of how many it is known. One domain alone depends on one of everything, so
 * two at least make the first three; `itself` is a matter of each domain.
 *
 * A registrar is its IANA number where both are known, or else its name. An operator is the
 * organisational domain of its servers' names; those that are known to use several are one.
 */
#ifndef RULES_CORE_DEPENDENCE_H
#define RULES_CORE_DEPENDENCE_H

#include "rules/core/domain.h"

enum dependence_kind {
	DEPENDENCE_REGISTRAR,
	DEPENDENCE_OPERATOR,
	DEPENDENCE_ADDRESS,
	DEPENDENCE_ITSELF,
	DEPENDENCE_KIND_COUNT,
};

/* What is known of a domain; names in their one spelling. */
struct dependence_domain {
	const char *name;
	const char *registrar; /* "": not known */
	int64_t iana_id;       /* 0: not known */
	const char *servers;   /* a space between each two; "": none, or not known */
	const char *addresses; /* likewise; those that its registrar's mail came to */
};

struct dependence {
	enum dependence_kind kind;
	char name[LIMIT_ADDRESS + 1]; /* of DEPENDENCE_ITSELF: the first such address */
	size_t domains;               /* that depend on it */
	size_t known;                 /* of how many it is known */
	size_t all;
};

/* As in tables: "registrar", ... */
const char *dependence_kind_name(enum dependence_kind kind);

/* Those that there are, one of a kind at most, in the order of kinds; how many. */
size_t dependence_find(const struct suffixes *suffixes, const struct dependence_domain *domain,
		       size_t count, struct dependence ret_found[static DEPENDENCE_KIND_COUNT]);

#endif
