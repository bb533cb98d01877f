/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * offer.h - what a site could decide so that mail like this one is genuine next time: take up its
 * sender, or accept links that a listed sender did not have before.
 *
 *   SENDER  of `unlisted` mail: the exact From address, as proved by its own domain's signature
 *   LINKS   of `known` mail whose only fault is where its links lead: every unexpected one of them,
 *           as host and path shape
 *
 * Never offered is a link to a tracking host, a public suffix, the domain that the mail is about (a
 * customer's own site), or below a domain of which another entry says that it carries others' pages
 * (Shared-Domain), or whose host imitates a listed name (lookalike.h); nor one without a shape: odd
 * and misleading links, redirectors, tokens in hosts (finding.h). Nothing here blesses: an offer is
 * for a person to read.
 */
#ifndef RULES_CORE_OFFER_H
#define RULES_CORE_OFFER_H

#include "rules/core/verdict.h"

enum {
	OFFER_LINKS_MOST = 8, /* different ones of one mail; real mail has one to three */
};

enum offer_kind {
	OFFER_NO,
	OFFER_SENDER,
	OFFER_LINKS,
	OFFER_KIND_COUNT,
};

struct offer_link {
	char host[LIMIT_DOMAIN + 1];
	char shape[FINDING_SHAPE + 1]; /* its path; "" : not to be accepted (SENDER alone) */
};

struct offer {
	enum offer_kind kind;
	char org[LIMIT_DOMAIN + 1];               /* organisational domain of From */
	char d[LIMIT_DOMAIN + 1];                 /* of the signature that proves; "" : SPF alone */
	char s[LIMIT_DOMAIN + 1];                 /* its selector */
	char platform[FINDING_PLATFORM + 1];      /* whose link shape was seen, "" for none */
	struct offer_link link[OFFER_LINKS_MOST]; /* different ones; harmless ones left out */
	uint32_t link_count;
	bool more; /* it has links that are not among them */
};

void offer_find(const struct list *list, const struct suffixes *suffixes,
		const struct lookalikes *lookalikes, const struct candidate *candidate,
		const struct decision *decision, const struct finding *finding,
		struct offer *ret_offer);

/* Whether links of that host and path shape fit one of the list's shapes: asked with an "x" for
 * each "*". */
bool offer_fits(const struct shape *shape, size_t count, const char *host, const char *path);
/* The same for the Harmless shapes of a list. */
bool offer_is_harmless(const struct list *list, const char *host, const char *path);

#endif
