/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pendings_life.c - what people, the clock and the registry do to matters; see pendings.h.
 *
 * Each changes all that it is about in one transaction, or nothing, and leaves an event for every
 * matter that it changed. A matter that is where it is to go already is left alone, so whoever runs
 * twice does nothing twice.
 */
#include <string.h>

#include "db/alarms.h"
#include "db/events.h"
#include "db/pendings.h"
#include "db/sql.h"
#include "db/undo.h"

int pendings_move(struct store *s, int64_t id, enum pending_state to, const char *kind,
		  const char *actor, const char *reason, int64_t now)
{
	static const char text[] = "UPDATE pending SET state = ?2, snoozed_until ="
				   " CASE WHEN ?2 IN ('done', 'resolved') THEN 0"
				   " ELSE snoozed_until END WHERE id = ?1 AND state <> ?2";
	int rc = sql_run(s, text, "it", id, pending_state_name(to));
	if (rc != SQLITE_OK || sqlite3_changes(s->db) == 0)
		return rc;
	if (to == PENDING_STATE_DONE || to == PENDING_STATE_RESOLVED)
		rc = alarms_settle(s, id, actor, now);
	return rc == SQLITE_OK ? events_note(s, &(struct event){now, actor, kind, NULL, id, reason})
			       : rc;
}

/* -- one by one ----------------------------------------------------------------------------- */

struct standing {
	bool found, settled, proved;
};

static int look(struct store *s, int64_t id, struct standing *ret)
{
	static const char text[] = "SELECT state IN ('done', 'resolved'), origin = 'open'"
				   " FROM pending WHERE id = ?1";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "i", id);
	*ret = (struct standing){0};
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			*ret = (struct standing){true, sqlite3_column_int(st, 0) != 0,
						 sqlite3_column_int(st, 1) != 0};
	return rc;
}

/* What is done to each of several. */
struct change {
	const char *command;
	bool settle, snooze; /* neither: reopen */
	int64_t until;
	const char *actor, *reason;
	int64_t now;
};

static int snooze_one(struct store *s, int64_t id, const struct change *c)
{
	static const char text[] =
	    "UPDATE pending SET snoozed_until = ?2 WHERE id = ?1 AND snoozed_until <> ?2";
	char until[21] = "";
	struct str detail = {0};
	int rc = sql_run(s, text, "ii", id, c->until);
	if (rc != SQLITE_OK || sqlite3_changes(s->db) == 0)
		return rc;
	if (c->until)
		str_time(c->until, until);
	str_printf(&detail, "%s%s%s", until, *until && *c->reason ? " " : "", c->reason);
	const struct event e = {c->now, c->actor, c->until ? "snoozed" : "woken",
				NULL,   id,       str_text(&detail)};
	rc = detail.failed ? SQLITE_NOMEM : events_note(s, &e);
	str_free(&detail);
	return rc;
}

static int change_one(struct store *s, int64_t id, const struct change *c, bool *ret_found)
{
	struct standing is;
	int rc = look(s, id, &is);
	*ret_found = is.found;
	if (rc != SQLITE_OK || !is.found)
		return rc;
	if (c->snooze ? is.settled : is.settled == c->settle)
		return rc;
	rc = undo_keep(s, id);
	if (rc != SQLITE_OK)
		return rc;
	if (c->snooze)
		return snooze_one(s, id, c);
	if (c->settle)
		return pendings_move(s, id, PENDING_STATE_DONE, "done", c->actor, c->reason,
				     c->now);
	/* One that was to be reviewed still is, or a person's two commands would make a stranger's
	 * mail look proved. */
	rc = pendings_move(s, id, is.proved ? PENDING_STATE_OPEN : PENDING_STATE_REVIEW, "reopened",
			   c->actor, c->reason, c->now);
	return rc == SQLITE_OK ? alarms_stand(s, id, c->actor, c->now) : rc;
}

static enum store_status change_all(struct store *s, const int64_t *id, size_t count,
				    const struct change *c, int64_t *ret_missing)
{
	bool found = true, any = true;
	size_t i = 0;
	int rc = sql_begin(s);
	if (rc == SQLITE_OK)
		rc = undo_begin(s, c->command, c->actor, c->now);
	for (; i < count && rc == SQLITE_OK && found; i++)
		rc = change_one(s, id[i], c, &found);
	if (rc == SQLITE_OK && found)
		rc = undo_done(s, &any);
	if (rc == SQLITE_OK && found && !any)
		return sql_end(s, SQLITE_ABORT), STORE_OK;
	if (rc != SQLITE_OK || found)
		return sql_end(s, rc);
	*ret_missing = id[i - 1];
	sql_end(s, SQLITE_ABORT);
	return STORE_NOT_FOUND;
}

enum store_status pendings_set(struct store *s, const int64_t *id, size_t count,
			       enum pending_state state, const char *actor, const char *reason,
			       int64_t now, int64_t *ret_missing)
{
	const struct change c = {
	    .command = state == PENDING_STATE_DONE ? "done" : "reopen",
	    .settle = state == PENDING_STATE_DONE,
	    .actor = actor,
	    .reason = reason ? reason : "",
	    .now = now,
	};
	return change_all(s, id, count, &c, ret_missing);
}

enum store_status pendings_snooze(struct store *s, const int64_t *id, size_t count, int64_t until,
				  const char *actor, const char *reason, int64_t now,
				  int64_t *ret_missing)
{
	const struct change c = {
	    .command = "snooze",
	    .snooze = true,
	    .until = until,
	    .actor = actor,
	    .reason = reason ? reason : "",
	    .now = now,
	};
	return change_all(s, id, count, &c, ret_missing);
}

/* -- all of a kind -------------------------------------------------------------------------- */

/* A text that finds the first pending to be moved, by its first value; and what is done to it. */
struct sweep {
	const char *find;
	const char *domain; /* ?1 */
	int64_t before;     /* ?2 */
	enum pending_state to;
	const char *kind, *actor, *reason;
	int64_t now;
};

static int next(struct store *s, const struct sweep *w, int64_t *ret_id)
{
	sqlite3_stmt *st;
	int rc = sql_start(s, w->find, &st, "ti", w->domain, w->before);
	*ret_id = 0;
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			*ret_id = sqlite3_column_int64(st, 0);
	return rc;
}

static enum store_status sweep(struct store *s, const struct sweep *w, size_t *ret_count)
{
	size_t count = 0;
	int64_t id = 0;
	int rc = sql_begin(s);
	if (rc == SQLITE_OK)
		rc = next(s, w, &id);
	while (rc == SQLITE_OK && id) {
		count++;
		rc = pendings_move(s, id, w->to, w->kind, w->actor, w->reason, w->now);
		if (rc == SQLITE_OK)
			rc = next(s, w, &id);
	}
	const enum store_status status = sql_end(s, rc);
	if (status == STORE_OK)
		*ret_count = count;
	return status;
}

enum store_status pendings_expire(struct store *s, int64_t now, size_t *ret_count)
{
	static const char find[] =
	    "SELECT id FROM pending WHERE ?1 = '' AND state IN ('open', 'review')"
	    " AND deadline BETWEEN 1 AND ?2 - 1 LIMIT 1";
	const struct sweep w = {find, "", now, PENDING_STATE_EXPIRED, "expired", "clock", "", now};
	return sweep(s, &w, ret_count);
}

enum store_status pendings_hold(struct store *s, const char *domain, const char *actor,
				const char *reason, int64_t now, size_t *ret_count)
{
	static const char find[] = "SELECT id FROM pending WHERE domain = ?1 AND ?2 >= 0"
				   " AND state IN ('open', 'review', 'expired') LIMIT 1";
	const struct sweep w = {find, domain, now, PENDING_STATE_HELD, "held", actor, reason, now};
	*ret_count = 0;
	return *domain ? sweep(s, &w, ret_count) : STORE_OK;
}

enum store_status pendings_release(struct store *s, const char *domain, int64_t held_before,
				   const char *actor, const char *reason, int64_t now,
				   size_t *ret_count)
{
	static const char find[] =
	    "SELECT id FROM pending p WHERE domain = ?1 AND state = 'held' AND ?2 > coalesce("
	    " (SELECT max(at) FROM event e WHERE e.pending = p.id AND e.kind = 'held'), 0) LIMIT 1";
	const struct sweep w = {find,       domain, held_before, PENDING_STATE_RESOLVED,
				"resolved", actor,  reason,      now};
	*ret_count = 0;
	return *domain ? sweep(s, &w, ret_count) : STORE_OK;
}

/* The first domain behind `after` that a pending names. */
static int next_domain(struct store *s, char name[static LIMIT_DOMAIN + 1])
{
	static const char text[] = "SELECT min(domain) FROM pending WHERE domain > ?1";
	char next_name[LIMIT_DOMAIN + 1] = "";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "t", name);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			sqlite3_snprintf(sizeof(next_name), next_name, "%s", sql_text(st, 0));
	memcpy(name, next_name, sizeof(next_name));
	return rc;
}

/* The alarms of the matters about a domain that may be ours. */
static int stand_for(struct store *s, const char *domain, const char *actor, int64_t now)
{
	static const char text[] = "SELECT min(id) FROM pending WHERE domain = ?1 AND id > ?2";
	int64_t id = 0;
	int rc = SQLITE_OK;
	do {
		sqlite3_stmt *st;
		rc = sql_start(s, text, &st, "ti", domain, id);
		if (rc == SQLITE_OK)
			while (sql_row(st, &rc))
				id = sqlite3_column_int64(st, 0);
		if (rc == SQLITE_OK && id)
			rc = alarms_stand(s, id, actor, now);
	} while (rc == SQLITE_OK && id);
	return rc;
}

enum store_status pendings_reckon(struct store *s,
				  enum ours (*of)(const void *context, const char *domain),
				  const void *context, const char *actor, int64_t now,
				  size_t *ret_changed)
{
	static const char text[] = "UPDATE pending SET ours = ?2 WHERE domain = ?1 AND ours <> ?2";
	char name[LIMIT_DOMAIN + 1] = "";
	size_t changed = 0;
	int rc = sql_begin(s);
	if (rc == SQLITE_OK)
		rc = next_domain(s, name);
	while (rc == SQLITE_OK && *name) {
		const enum ours ours = of(context, name);
		rc = sql_run(s, text, "tt", name, ours_name(ours));
		const size_t more = rc == SQLITE_OK ? (size_t)sqlite3_changes(s->db) : 0;
		changed += more;
		if (rc == SQLITE_OK && ours == OURS_NO)
			rc = alarms_disown(s, name, actor, now);
		else if (rc == SQLITE_OK && more > 0)
			rc = stand_for(s, name, actor, now);
		if (rc == SQLITE_OK)
			rc = next_domain(s, name);
	}
	const enum store_status status = sql_end(s, rc);
	if (status == STORE_OK)
		*ret_changed = changed;
	return status;
}
