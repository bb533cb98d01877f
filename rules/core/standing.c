/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * standing.c - see standing.h.
 *
 * The name servers to compare with are those from before a change that has not settled; what a
 * domain has while it is held or gone is never taken for its usual ones. So a hold that ends with
 * the servers of before leaves nothing to be said, and one that ends with others is a change.
 */
#include "rules/core/standing.h"

#include <string.h>

#include "rules/core/domain.h"

enum {
	DAY = 86400,
};

#define BIT(cause)  (1u << (cause))
#define BY_REGISTRY (BIT(CAUSE_CLIENT_HOLD) | BIT(CAUSE_SERVER_HOLD) | BIT(CAUSE_REDEMPTION))

struct look {
	const struct standing_record *before;
	const struct delegation *d;
	const struct registration *r;
	bool registered; /* the registry says so */
	bool none;       /* it says that there is none, and its zone does not say otherwise */
	const struct list *list;
	int64_t now;
};

/* -- the parts of the table ----------------------------------------------------------------- */

static bool has(const struct look *l, enum epp_status status)
{
	return l->registered && (l->r->epp & 1u << status) != 0;
}

static uint32_t holds(const struct look *l)
{
	const struct nameservers *servers = l->d->status == DELEGATION_FOUND ? &l->d->servers
					    : l->d->status == DELEGATION_UNKNOWN && l->registered
						? &l->r->servers
						: NULL;
	uint32_t causes = 0;

	if (has(l, EPP_CLIENT_HOLD))
		causes |= BIT(CAUSE_CLIENT_HOLD);
	if (has(l, EPP_SERVER_HOLD))
		causes |= BIT(CAUSE_SERVER_HOLD);
	if (has(l, EPP_REDEMPTION) || has(l, EPP_PENDING_RESTORE))
		causes |= BIT(CAUSE_REDEMPTION);
	if (servers != NULL && standing_hold_set(l->list, servers) != NULL)
		causes |= BIT(CAUSE_HOLD_SERVERS);
	return causes;
}

/* Of a hold that was seen before: what nothing has been heard against. */
static uint32_t still_held(const struct look *l)
{
	const uint32_t causes =
	    l->before->standing == STANDING_HELD ? l->before->causes & BY_REGISTRY : 0;

	if (l->registered || l->none)
		return 0;
	/* It was out of the zone, and is in it again. */
	if (l->d->status == DELEGATION_FOUND && l->before->servers.count == 0)
		return 0;
	return causes;
}

static uint32_t losses(const struct look *l)
{
	uint32_t causes = 0;

	if (has(l, EPP_PENDING_DELETE) && !has(l, EPP_REDEMPTION))
		causes |= BIT(CAUSE_DELETE);
	if (l->none && l->d->status == DELEGATION_NO_NAME)
		causes |= BIT(CAUSE_UNREGISTERED);
	if (!l->registered && !l->none && l->d->status == DELEGATION_NO_NAME &&
	    l->before->standing == STANDING_GONE)
		causes |= l->before->causes & (BIT(CAUSE_DELETE) | BIT(CAUSE_UNREGISTERED));
	return causes;
}

/* The servers that it had while all was well; empty where that is not known. */
static const struct nameservers *usual(const struct look *l)
{
	static const struct nameservers none;

	if (l->before->former.count > 0)
		return &l->before->former;
	return l->before->standing == STANDING_HELD || l->before->standing == STANDING_GONE
		   ? &none
		   : &l->before->servers;
}

static uint32_t changes(const struct look *l)
{
	const struct standing_record *b = l->before;
	const struct nameservers *before = usual(l);

	if (l->d->status == DELEGATION_UNKNOWN)
		return 0;
	if (l->d->status != DELEGATION_FOUND)
		return before->count > 0 || (b->causes & BIT(CAUSE_DARK)) != 0 ? BIT(CAUSE_DARK)
		       : l->registered || l->d->status == DELEGATION_EMPTY ? BIT(CAUSE_UNDELEGATED)
									   : 0;
	if (before->count == 0 || nameservers_same(before, &l->d->servers))
		return 0;
	if (b->standing != STANDING_HELD && (b->causes & BIT(CAUSE_OTHER_SERVERS)) != 0 &&
	    nameservers_same(&b->servers, &l->d->servers) &&
	    l->now - b->since >= (int64_t)STANDING_SETTLE_DAYS * DAY)
		return 0;
	return BIT(CAUSE_OTHER_SERVERS);
}

static uint32_t notices(const struct look *l, int64_t expires_at)
{
	uint32_t causes = 0;

	if (has(l, EPP_PENDING_TRANSFER))
		causes |= BIT(CAUSE_TRANSFER);
	else if (!l->registered)
		causes |= l->before->causes & BIT(CAUSE_TRANSFER);
	if (expires_at != 0 && expires_at - l->now <= (int64_t)STANDING_EXPIRY_DAYS * DAY)
		causes |= BIT(CAUSE_EXPIRY);
	return causes;
}

/* -- the decision --------------------------------------------------------------------------- */

static enum standing standing_of(const struct look *l, uint32_t causes)
{
	static const struct {
		uint32_t causes;
		enum standing standing;
	} order[] = {
	    {BY_REGISTRY | BIT(CAUSE_HOLD_SERVERS), STANDING_HELD},
	    {BIT(CAUSE_DELETE) | BIT(CAUSE_UNREGISTERED), STANDING_GONE},
	    {BIT(CAUSE_DARK) | BIT(CAUSE_OTHER_SERVERS), STANDING_DELEGATION},
	    {BIT(CAUSE_TRANSFER), STANDING_TRANSFER},
	    {BIT(CAUSE_EXPIRY), STANDING_EXPIRING},
	};

	if (l->d->status == DELEGATION_UNKNOWN && !l->registered)
		return STANDING_UNKNOWN;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		/* Without the parent's word nothing that it would have to take back is over. */
		if (l->d->status == DELEGATION_UNKNOWN && order[i].standing < l->before->standing)
			return STANDING_UNKNOWN;
		if ((causes & order[i].causes) != 0)
			return order[i].standing;
	}
	if (l->d->status == DELEGATION_UNKNOWN)
		return STANDING_UNKNOWN;
	return l->d->status == DELEGATION_NO_NAME && !l->registered ? STANDING_UNKNOWN
								    : STANDING_FINE;
}

void standing_judge(const struct standing_record *before, const struct delegation *delegation,
		    const struct registration *registration, const struct list *list, int64_t now,
		    struct standing_record *ret_after)
{
	const struct look l = {
	    .before = before,
	    .d = delegation,
	    .r = registration,
	    .registered = registration->status == REGISTRATION_FOUND,
	    .none = registration->status == REGISTRATION_NONE &&
		    delegation->status == DELEGATION_NO_NAME,
	    .list = list,
	    .now = now,
	};
	struct standing_record after = *before;

	if (l.registered)
		after.expires_at = registration->expires_at;
	after.causes =
	    holds(&l) | still_held(&l) | losses(&l) | changes(&l) | notices(&l, after.expires_at);
	after.standing = standing_of(&l, after.causes);
	if (after.standing == STANDING_UNKNOWN) {
		*ret_after = *before;
		ret_after->standing = STANDING_UNKNOWN;
		return;
	}
	if (delegation->status != DELEGATION_UNKNOWN) {
		const bool unsettled =
		    after.standing >= STANDING_GONE ||
		    (after.causes & (BIT(CAUSE_DARK) | BIT(CAUSE_OTHER_SERVERS))) != 0;

		after.former = unsettled ? *usual(&l) : (struct nameservers){0};
		after.servers = delegation->status == DELEGATION_FOUND ? delegation->servers
								       : (struct nameservers){0};
	}
	if (after.standing != before->standing ||
	    (after.standing == STANDING_DELEGATION &&
	     !nameservers_same(&after.servers, &before->servers)))
		after.since = now;
	*ret_after = after;
}

const char *standing_agree(const struct delegation said[], size_t count, size_t servers,
			   struct delegation *ret_delegation)
{
	*ret_delegation = (struct delegation){.status = DELEGATION_UNKNOWN};
	if (count == 0)
		return "none of the zone's name servers gave an answer";
	for (size_t i = 1; i < count; i++)
		if (said[i].status != said[0].status ||
		    !nameservers_same(&said[i].servers, &said[0].servers))
			return "the zone's name servers disagree";
	if (said[0].status != DELEGATION_FOUND && count == 1 && servers > 1)
		return "one of the zone's name servers alone gave an answer";
	*ret_delegation = said[0];
	return NULL;
}

const struct platform *standing_hold_set(const struct list *l, const struct nameservers *servers)
{
	for (size_t i = 0; l != NULL && i < list_platform_count(l); i++) {
		const struct platform *p = list_platform_at(l, i);

		for (size_t n = 0; n < p->hold_ns_count; n++)
			for (uint32_t k = 0; k < servers->count; k++)
				if (domain_is_below(servers->name[k], p->hold_ns[n]))
					return p;
	}
	return NULL;
}

/* -- names ---------------------------------------------------------------------------------- */

static const char *const names[STANDING_COUNT] = {
    [STANDING_UNKNOWN] = "unknown",
    [STANDING_FINE] = "fine",
    [STANDING_EXPIRING] = "expiring",
    [STANDING_TRANSFER] = "transfer",
    [STANDING_DELEGATION] = "delegation",
    [STANDING_GONE] = "gone",
    [STANDING_HELD] = "held",
};

static const struct {
	const char *name, *sentence;
} causes_table[CAUSE_COUNT] = {
    [CAUSE_CLIENT_HOLD] = {"client-hold", "the registrar has put it on hold (clientHold)"},
    [CAUSE_SERVER_HOLD] = {"server-hold", "the registry has put it on hold (serverHold)"},
    [CAUSE_HOLD_SERVERS] = {"hold-servers",
			    "its name servers are those of a registrar's notice page"},
    [CAUSE_REDEMPTION] = {"redemption", "it was deleted, and the registrar can still restore it"},
    [CAUSE_DELETE] = {"pending-delete", "the registry is about to delete it"},
    [CAUSE_UNREGISTERED] = {"not-registered", "the registry knows no such name"},
    [CAUSE_DARK] = {"dark", "it was delegated, and is no more"},
    [CAUSE_OTHER_SERVERS] = {"other-servers", "it has other name servers than before"},
    [CAUSE_TRANSFER] = {"pending-transfer", "a transfer to another registrar is pending"},
    [CAUSE_EXPIRY] = {"expiry", "its registration ends soon"},
    [CAUSE_UNDELEGATED] = {"undelegated", "it is registered without name servers"},
};

const char *standing_name(enum standing s)
{
	return (unsigned)s < STANDING_COUNT ? names[s] : "?";
}

bool standing_of_name(struct slice name, enum standing *ret_standing)
{
	for (int i = 0; i < STANDING_COUNT; i++)
		if (slice_is(name, names[i])) {
			*ret_standing = (enum standing)i;
			return true;
		}
	return false;
}

const char *standing_cause_name(enum standing_cause c)
{
	return (unsigned)c < CAUSE_COUNT ? causes_table[c].name : "?";
}

const char *standing_cause_sentence(enum standing_cause c)
{
	return (unsigned)c < CAUSE_COUNT ? causes_table[c].sentence : "?";
}

void standing_causes_print(uint32_t causes, struct str *to)
{
	const char *comma = "";

	for (int i = 0; i < CAUSE_COUNT; i++)
		if ((causes & 1u << i) != 0) {
			str_printf(to, "%s%s", comma, causes_table[i].name);
			comma = ",";
		}
}

uint32_t standing_causes_read(struct slice text)
{
	uint32_t causes = 0;

	while (text.n > 0) {
		const char *comma = memchr(text.p, ',', text.n);
		const size_t n = comma != NULL ? (size_t)(comma - text.p) : text.n;

		for (int i = 0; i < CAUSE_COUNT; i++)
			if (slice_is((struct slice){text.p, n}, causes_table[i].name))
				causes |= 1u << i;
		text.p += n + (comma != NULL);
		text.n -= n + (comma != NULL);
	}
	return causes;
}

bool epp_of_text(struct slice text, enum epp_status *ret_status)
{
	static const char *const words[EPP_COUNT] = {
	    [EPP_CLIENT_HOLD] = "clienthold",         [EPP_SERVER_HOLD] = "serverhold",
	    [EPP_REDEMPTION] = "redemptionperiod",    [EPP_PENDING_DELETE] = "pendingdelete",
	    [EPP_PENDING_RESTORE] = "pendingrestore", [EPP_PENDING_TRANSFER] = "pendingtransfer",
	};
	char word[32];
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == ' ')
			continue;
		if (n + 1 == sizeof(word))
			return false;
		word[n++] = str_lower_char(text.p[i]);
	}
	for (int i = 0; i < EPP_COUNT; i++)
		if (slice_is((struct slice){word, n}, words[i])) {
			*ret_status = (enum epp_status)i;
			return true;
		}
	return false;
}
