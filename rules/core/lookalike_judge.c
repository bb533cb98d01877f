/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lookalike_judge.c - what a hit in the index means; the table in lookalike.h in code.
 */
#include <string.h>

#include "rules/core/lookalike_private.h"

#define HOW(name) (1u << REASON_##name)

/* -- judging a hit -------------------------------------------------------------------------- */

/* Names that many have, of LOOKALIKE_SAME characters or more. */
static bool is_common(const struct skeleton *key)
{
	static const char *const words[] = {
	    "account",      "accounts",      "approval",       "billing",     "business",
	    "cloud",        "computer",      "contact",        "customer",    "customers",
	    "digital",      "domain",        "domainname",     "domainnames", "domainregistry",
	    "domains",      "domainservice", "domainservices", "email",       "emailverify",
	    "example",      "helpdesk",      "hosting",        "info",        "internet",
	    "mail",         "mailer",        "marketing",      "media",       "nameserver",
	    "nameservers",  "network",       "networks",       "news",        "newsletter",
	    "notification", "notifications", "online",         "platform",    "postmaster",
	    "registrant",   "registrar",     "registrars",     "registries",  "registry",
	    "register",     "renewal",       "renewals",       "reseller",    "resellers",
	    "secure",       "security",      "server",         "service",     "services",
	    "shop",         "software",      "solutions",      "support",     "systems",
	    "technology",   "telecom",       "transfer",       "transfers",   "validation",
	    "verification", "verify",        "verifyemail",    "webhosting",  "webmail",
	    "website",      "websites",
	};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		struct skeleton word = {0};
		skeleton_add(&word, slice_of(words[i]));
		if (skeleton_same(&word, key))
			return true;
	}
	return false;
}

bool lookalike_take_apart(const struct query *q, const struct target *t, struct hit *ret_hit)
{
	*ret_hit = (struct hit){.target = t};
	ret_hit->org = domain_org(q->x->suffixes, t->name);
	if (!ret_hit->org || !lookalike_is_imitated(t) || strcmp(ret_hit->org, q->org) == 0)
		return false;
	ret_hit->suffix = lookalike_suffix(ret_hit->org);
	lookalike_key(t->name, ret_hit->suffix - 1, &ret_hit->plain);
	skeleton_join(&ret_hit->plain, &ret_hit->joined);
	ret_hit->common = is_common(&ret_hit->plain);
	return true;
}

static void report(struct query *q, const struct hit *h, uint32_t how)
{
	const struct imitation i = {h->target->name, h->target->sender, how};
	q->stop = q->stop || q->found(&i, q->context);
}

/* Whether the octets from p to end are those of the target's name, hyphens (and dots between its
 * labels) left out where loose. */
static bool is_spelt(const char *p, const char *end, const struct hit *h, bool loose)
{
	const char *q = h->target->name, *stop = h->suffix - 1;
	for (;; p++, q++) {
		while (loose && p < end && (*p == '-' || *p == '.'))
			p++;
		while (loose && q < stop && (*q == '-' || *q == '.'))
			q++;
		if (p == end || q == stop || *p != *q)
			return p == end && q == stop;
	}
}

void lookalike_judge_same(struct query *q, const struct hit *h)
{
	bool far = strcmp(q->suffix, h->suffix) != 0;
	bool whole = q->end - q->part == (ptrdiff_t)strcspn(q->part, "."); /* one label */
	size_t least = far ? LOOKALIKE_ALONE : q->unicode ? 1 : LOOKALIKE_SAME;
	if (h->target->name != h->org)
		least = far ? LOOKALIKE_FAR : LOOKALIKE_ALONE;
	if (!whole)
		least = far ? SIZE_MAX : LOOKALIKE_ALONE;
	if (!skeleton_same(&q->joined, &h->joined) || h->plain.n < least || (far && h->common))
		return;
	uint32_t how = far ? HOW(SUFFIX) : 0;
	if (!is_spelt(q->part, q->end, h, false))
		how |= is_spelt(q->part, q->end, h, true) ? HOW(MISSPELT) : HOW(CONFUSABLE);
	report(q, h, how);
}

void lookalike_judge_edit(struct query *q, const struct hit *h)
{
	bool far = strcmp(q->suffix, h->suffix) != 0;
	size_t least = far ? LOOKALIKE_FAR : LOOKALIKE_ALONE;
	if (h->target->name != h->org || h->plain.n < least || h->common)
		return;
	if (skeleton_same(&q->joined, &h->joined) || is_common(&q->plain) ||
	    !(skeleton_one_edit(&q->plain, &h->plain) || skeleton_one_edit(&q->joined, &h->joined)))
		return;
	report(q, h, HOW(MISSPELT) | (far ? HOW(SUFFIX) : 0));
}

/* A label of the host that is a listed name, followed by its suffix or alone; not the label that
 * lookalike_judge_same looks at: there the suffix is the name's own. */
void lookalike_judge_label(struct query *q, const struct hit *h)
{
	size_t n = strlen(h->suffix);
	if (!skeleton_same(&q->joined, &h->joined))
		return;
	bool followed =
	    *q->end == '.' && strncmp(q->end + 1, h->suffix, n) == 0 && q->end[1 + n] == '.';
	if (followed || (h->plain.n >= LOOKALIKE_ALONE && !h->common))
		report(q, h, HOW(EMBEDDED));
}

/* The first n characters of the part are a listed name: is the rest its suffix? */
void lookalike_judge_beginning(struct query *q, const struct hit *h, size_t n)
{
	struct skeleton rest, plain;
	lookalike_key(h->suffix, h->suffix + strlen(h->suffix), &plain);
	skeleton_join(&plain, &rest);
	if (h->joined.n != n || memcmp(h->joined.text, q->joined.text, n) != 0 ||
	    rest.n != q->joined.n - n || memcmp(rest.text, q->joined.text + n, rest.n) != 0)
		return;
	bool hyphen = memchr(q->part, '-', (size_t)(q->end - q->part)) != NULL;
	bool telling = !h->common && (hyphen || h->plain.n >= LOOKALIKE_ALONE);
	if (h->plain.n >= LOOKALIKE_SAME && (telling || q->joined.n >= LOOKALIKE_FAR))
		report(q, h, HOW(EMBEDDED));
}
