/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * suggestions.c - what could be taken up, from mail; see suggestions.h.
 *
 * Anybody can make suggestions: a domain with a signature and some wording is enough. So there is a
 * bound on everything, and a stranger who fills it harms himself first:
 *
 *   facts         LIMIT_SUGGESTION_FACTS of each kind of one suggestion; what comes later is not
 *                 kept, what is there goes on being counted
 *   one domain    LIMIT_SUGGESTIONS_ORG under one organisational domain, rejected ones with them:
 *                 ten thousand addresses of one spammer fill his own place, and when all of that
 *                 is rejected nothing of his is suggested any more
 *   all           LIMIT_SUGGESTIONS open ones
 *
 * Where there is no room for a new one the least valuable open one goes: a sender before a link
 * (whose sender is listed and proved), then the one with the fewest recipients, the fewest mails,
 * that was not seen for the longest time. What people have decided is never dropped.
 *
 * Only what `suggestion` says of itself is in an index; nothing here is on the path of mail without
 * an offer.
 */
#include "db/suggestions.h"

#include <stdlib.h>
#include <string.h>

#include "db/sql.h"

enum {
	/* A daemon that has not seen an acceptance yet does not undo it. */
	SETTLE_SECONDS = 3600,
};

static const char *const state_names[SUGGESTION_STATE_COUNT] = {
    [SUGGESTION_OPEN] = "open",
    [SUGGESTION_ACCEPTED] = "accepted",
    [SUGGESTION_REJECTED] = "rejected",
};

const char *suggestion_state_name(enum suggestion_state s)
{
	return (unsigned)s < SUGGESTION_STATE_COUNT ? state_names[s] : "?";
}

/* -- making room ---------------------------------------------------------------------------- */

static int count_of(struct store *s, const char *text, const char *types, const char *org,
		    int64_t *ret_count)
{
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, types, org);
	*ret_count = 0;
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			*ret_count = sqlite3_column_int64(st, 0);
	return rc;
}

#define LEAST_FIRST " ORDER BY link <> '', recipients, mails, last_seen, id LIMIT 1)"

/* *ret_room: whether there is room now. */
static int make_room(struct store *s, const char *org, bool *ret_room)
{
	static const char of_org[] =
	    "SELECT count(*) FROM suggestion WHERE org = ?1 AND state <> 'accepted'";
	static const char of_all[] = "SELECT count(*) FROM suggestion WHERE state = 'open'";
	static const char least_of_org[] =
	    "DELETE FROM suggestion WHERE id = (SELECT id FROM suggestion"
	    " WHERE org = ?1 AND state = 'open'" LEAST_FIRST;
	static const char least[] = "DELETE FROM suggestion WHERE id = (SELECT id FROM suggestion"
				    " WHERE state = 'open'" LEAST_FIRST;
	int64_t in_org = 0, in_all = 0;
	int rc = count_of(s, of_org, "t", org, &in_org);
	*ret_room = true;
	if (rc == SQLITE_OK && in_org >= LIMIT_SUGGESTIONS_ORG) {
		rc = sql_run(s, least_of_org, "t", org);
		*ret_room = rc == SQLITE_OK && sqlite3_changes(s->db) > 0;
		return rc == SQLITE_OK ? sql_count(s, "suggestion.dropped", 1) : rc;
	}
	if (rc == SQLITE_OK)
		rc = count_of(s, of_all, "", NULL, &in_all);
	if (rc != SQLITE_OK || in_all < LIMIT_SUGGESTIONS)
		return rc;
	rc = sql_run(s, least, "");
	return rc == SQLITE_OK ? sql_count(s, "suggestion.dropped", 1) : rc;
}

/* -- one mail ------------------------------------------------------------------------------- */

/* One mail's part in one suggestion, for one recipient. */
struct part {
	struct store *store;
	const struct record *record;
	const char *recipient;
	const char *address; /* lower case */
	const char *sender;  /* of a link, else "" */
	const char *link;
	bool first;
	int64_t id;
};

static int find(struct part *p, char ret_state[static 16], int64_t *ret_decided_at)
{
	static const char text[] = "SELECT id, state, decided_at FROM suggestion"
				   " WHERE address = ?1 AND sender = ?2 AND link = ?3";
	sqlite3_stmt *st;
	int rc = sql_start(p->store, text, &st, "ttt", p->address, p->sender, p->link);
	p->id = 0;
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			p->id = sqlite3_column_int64(st, 0);
			sqlite3_snprintf(16, ret_state, "%s", sql_text(st, 1));
			*ret_decided_at = sqlite3_column_int64(st, 2);
		}
	return rc;
}

static int insert(struct part *p)
{
	static const char text[] =
	    "INSERT INTO suggestion (state, address, org, sender, link, deadline, first_seen,"
	    " last_seen, mails, recipients, decided_at)"
	    " VALUES ('open', ?1, ?2, ?3, ?4, 0, ?5, ?5, 0, 0, 0)";
	const struct record *r = p->record;
	bool room = false;
	int rc = make_room(p->store, r->offer.org, &room);
	if (rc != SQLITE_OK || !room)
		return rc;
	rc = sql_run(p->store, text, "tttti", p->address, r->offer.org, p->sender, p->link,
		     r->received_at);
	p->id = rc == SQLITE_OK ? sqlite3_last_insert_rowid(p->store->db) : 0;
	return rc == SQLITE_OK ? sql_count(p->store, "suggestion.made", 1) : rc;
}

/* What was accepted and is suggested by mail of later times has been taken back since. */
static int reopen(struct part *p)
{
	static const char text[] =
	    "UPDATE suggestion SET state = 'open', decided_at = 0 WHERE id = ?1";
	return sql_run(p->store, text, "i", p->id);
}

static int note_fact(const struct part *p, const char *kind, const char *value)
{
	static const char text[] =
	    "INSERT INTO suggestion_fact (suggestion, kind, value, mails, last_seen)"
	    " SELECT ?1, ?2, ?3, 1, ?5 WHERE"
	    " (SELECT count(*) FROM suggestion_fact WHERE suggestion = ?1 AND kind = ?2) < ?6"
	    " OR EXISTS (SELECT 1 FROM suggestion_fact"
	    "  WHERE suggestion = ?1 AND kind = ?2 AND value = ?3)"
	    " ON CONFLICT (suggestion, kind, value) DO UPDATE SET"
	    " mails = mails + ?4, last_seen = max(last_seen, ?5)";
	return *value ? sql_run(p->store, text, "ittiii", p->id, kind, value, (int64_t)p->first,
				p->record->received_at, (int64_t)LIMIT_SUGGESTION_FACTS)
		      : SQLITE_OK;
}

static int note_links(const struct part *p)
{
	const struct offer *o = &p->record->offer;
	int rc = o->more ? note_fact(p, "host", "more than are kept") : SQLITE_OK;
	for (uint32_t i = 0; i < o->link_count && rc == SQLITE_OK; i++) {
		const struct offer_link *l = &o->link[i];
		char text[LIMIT_DOMAIN + 1 + FINDING_SHAPE + 1];
		sqlite3_snprintf(sizeof(text), text, "%s %s", l->host, l->shape);
		if (l->shape[0])
			rc = note_fact(p, "link", text);
		else
			rc = note_fact(p, "host", l->host[0] ? l->host : "unreadable");
	}
	return rc;
}

static int note_facts(const struct part *p)
{
	const struct record *r = p->record;
	char dkim[2 * LIMIT_DOMAIN + 2] = "";
	if (r->offer.d[0])
		sqlite3_snprintf(sizeof(dkim), dkim, "%s %s", r->offer.d, r->offer.s);
	int rc = note_fact(p, "recipient", p->recipient);
	if (rc == SQLITE_OK)
		rc = note_fact(p, "class", class_name(r->class));
	if (rc == SQLITE_OK)
		rc = note_fact(p, "dkim", dkim);
	if (rc == SQLITE_OK)
		rc = note_fact(p, "platform", r->offer.platform);
	for (uint32_t i = 0; i < r->domain_kept && rc == SQLITE_OK; i++)
		rc = note_fact(p, "domain", r->domain[i]);
	return rc == SQLITE_OK ? note_links(p) : rc;
}

static int note_counts(const struct part *p)
{
	static const char text[] =
	    "UPDATE suggestion SET mails = mails + ?2,"
	    " first_seen = min(first_seen, ?3), last_seen = max(last_seen, ?3),"
	    " deadline = CASE WHEN ?4 <> 0 AND (deadline < ?3 OR ?4 < deadline)"
	    "  THEN ?4 ELSE deadline END,"
	    " recipients = (SELECT count(*) FROM suggestion_fact"
	    "  WHERE suggestion = ?1 AND kind = 'recipient')"
	    " WHERE id = ?1";
	const struct record *r = p->record;
	return sql_run(p->store, text, "iiii", p->id, (int64_t)p->first, r->received_at,
		       r->deadline);
}

static int note_part(struct part *p)
{
	char state[16] = "open";
	int64_t decided_at = 0;
	int rc = find(p, state, &decided_at);
	if (rc == SQLITE_OK && !p->id)
		rc = insert(p);
	if (rc != SQLITE_OK || !p->id || strcmp(state, "rejected") == 0)
		return rc;
	if (strcmp(state, "accepted") == 0) {
		if (p->record->received_at < decided_at + SETTLE_SECONDS)
			return SQLITE_OK;
		rc = reopen(p);
	}
	if (rc == SQLITE_OK)
		rc = note_facts(p);
	return rc == SQLITE_OK ? note_counts(p) : rc;
}

int suggestions_note(struct store *s, const struct record *r, const char *recipient, bool first)
{
	const struct offer *o = &r->offer;
	struct part p = {.store = s, .record = r, .recipient = recipient, .first = first};
	char *address;
	int rc = SQLITE_OK;
	if (o->kind == OFFER_NO || !r->from[0])
		return SQLITE_OK;
	address = strdup(r->from);
	if (!address)
		return SQLITE_NOMEM;
	str_lower(address);
	p.address = address;
	p.sender = p.link = "";
	if (o->kind == OFFER_SENDER)
		rc = note_part(&p);
	for (uint32_t i = 0; o->kind == OFFER_LINKS && i < o->link_count && rc == SQLITE_OK; i++) {
		char text[LIMIT_DOMAIN + 1 + FINDING_SHAPE + 1];
		sqlite3_snprintf(sizeof(text), text, "%s %s", o->link[i].host, o->link[i].shape);
		p.sender = r->sender;
		p.link = text;
		rc = note_part(&p);
	}
	free(address);
	return rc;
}

/* -- reading and deciding ------------------------------------------------------------------- */

static enum suggestion_state state_of(const char *name)
{
	for (int i = 0; i < SUGGESTION_STATE_COUNT; i++)
		if (strcmp(name, state_names[i]) == 0)
			return (enum suggestion_state)i;
	return SUGGESTION_REJECTED; /* a word of a later version: not for us to decide */
}

enum store_status suggestions_each(struct store *s, const struct suggestion_filter *filter,
				   void (*each)(void *context, const struct suggestion *g),
				   void *context)
{
	static const char text[] =
	    "SELECT id, state, address, sender, link, deadline, first_seen, last_seen, mails,"
	    " recipients, decided_at FROM suggestion"
	    " WHERE (?1 = 0 OR id = ?1) AND (?2 = '' OR address = lower(?2))"
	    " ORDER BY state <> 'open',"
	    " CASE WHEN deadline >= ?3 THEN deadline ELSE 9223372036854775807 END,"
	    " mails DESC, id";
	const uint32_t states = filter->states ? filter->states : 1u << SUGGESTION_OPEN;
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "iti", filter->id, filter->address ? filter->address : "",
			   filter->now);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			const struct suggestion g = {
			    .id = sqlite3_column_int64(st, 0),
			    .state = state_of(sql_text(st, 1)),
			    .address = sql_text(st, 2),
			    .sender = sql_text(st, 3),
			    .link = sql_text(st, 4),
			    .deadline = sqlite3_column_int64(st, 5),
			    .first_seen = sqlite3_column_int64(st, 6),
			    .last_seen = sqlite3_column_int64(st, 7),
			    .mails = sqlite3_column_int64(st, 8),
			    .recipients = sqlite3_column_int64(st, 9),
			    .decided_at = sqlite3_column_int64(st, 10),
			};
			if (states & 1u << g.state)
				each(context, &g);
		}
	return sql_status(s, rc);
}

enum store_status
suggestions_each_fact(struct store *s, int64_t id,
		      void (*each)(void *context, const struct suggestion_fact *f), void *context)
{
	static const char text[] = "SELECT kind, value, mails FROM suggestion_fact"
				   " WHERE suggestion = ?1 ORDER BY kind, mails DESC, value";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "i", id);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			const struct suggestion_fact f = {sql_text(st, 0), sql_text(st, 1),
							  sqlite3_column_int64(st, 2)};
			each(context, &f);
		}
	return sql_status(s, rc);
}

static int note_event(struct store *s, int64_t id, const char *kind, const char *actor, int64_t now)
{
	static const char text[] =
	    "INSERT INTO event (at, actor, kind, sender, detail)"
	    " SELECT ?1, ?2, ?3, address, link FROM suggestion WHERE id = ?4";
	return sql_run(s, text, "itti", now, actor, kind, id);
}

enum store_status suggestions_set(struct store *s, int64_t id, enum suggestion_state state,
				  const char *actor, int64_t now)
{
	static const char text[] =
	    "UPDATE suggestion SET state = ?2, decided_at = ?3 WHERE id = ?1";
	char kind[64];
	bool found = false;
	int rc = sql_begin(s);
	sqlite3_snprintf(sizeof(kind), kind, "suggestion.%s", suggestion_state_name(state));
	if (rc == SQLITE_OK)
		rc = sql_run(s, text, "iti", id, suggestion_state_name(state),
			     state == SUGGESTION_OPEN ? 0 : now);
	if (rc == SQLITE_OK)
		found = sqlite3_changes(s->db) > 0;
	if (found)
		rc = note_event(s, id, kind, actor, now);
	if (found && rc == SQLITE_OK)
		rc = sql_count(s, kind, 1);
	if (rc != SQLITE_OK || found)
		return sql_end(s, rc);
	sql_end(s, SQLITE_ABORT);
	return STORE_NOT_FOUND;
}

enum store_status
suggestions_each_mail(struct store *s, const char *address, int64_t since,
		      void (*each)(void *context, const struct suggestion_mail *m), void *context)
{
	static const char text[] =
	    "SELECT verdict, class, reasons, count(DISTINCT message_id) FROM message"
	    " WHERE received_at >= ?2 AND lower(from_address) = lower(?1)"
	    " GROUP BY verdict, class, reasons ORDER BY verdict, class, reasons";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "ti", address, since);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			struct suggestion_mail m = {sql_text(st, 0), sql_text(st, 1), 0,
						    sqlite3_column_int64(st, 3)};
			if (record_reasons_parse(sql_text(st, 2), &m.reasons))
				each(context, &m);
		}
	return sql_status(s, rc);
}
