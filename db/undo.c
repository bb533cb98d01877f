/* SPDX-License-Identifier: BSD-2-Clause */
/* undo.c - the last change by a person, kept so that it can be taken back; see undo.h. */
#include "db/undo.h"

#include "db/alarms.h"
#include "db/sql.h"

enum {
	DAY = 86400,
};

/* Runs the texts of a list, each without values. */
#define RUN_ALL(s, texts) run_all(s, texts, sizeof(texts) / sizeof((texts)[0]))
static int run_all(struct store *s, const char *const text[], size_t count)
{
	int rc = SQLITE_OK;
	for (size_t i = 0; i < count && rc == SQLITE_OK; i++)
		rc = sql_run(s, text[i], "");
	return rc;
}

static int number(struct store *s, const char *text, int64_t *ret_number)
{
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "");
	*ret_number = 0;
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			*ret_number = sqlite3_column_int64(st, 0);
	return rc;
}

static int drop(struct store *s)
{
	static const char *const texts[] = {
	    "DELETE FROM undo",       "DELETE FROM undo_pending", "DELETE FROM undo_message",
	    "DELETE FROM undo_event", "DELETE FROM undo_alarm",   "DELETE FROM undo_fact",
	    "DELETE FROM undo_owned",
	};
	return RUN_ALL(s, texts);
}

/* -- keeping -------------------------------------------------------------------------------- */

int undo_begin(struct store *s, const char *command, const char *actor, int64_t now)
{
	static const char text[] = "INSERT INTO undo VALUES (1, ?1, ?2, ?3)";
	int rc = drop(s);
	return rc == SQLITE_OK ? sql_run(s, text, "itt", now, actor, command) : rc;
}

int undo_keep(struct store *s, int64_t pending)
{
	static const char text[] = "INSERT INTO undo_pending SELECT *, NULL, NULL FROM pending"
				   " WHERE id = ?1 ON CONFLICT DO NOTHING";
	return sql_run(s, text, "i", pending);
}

static const char all_kept[] =
    "SELECT (SELECT count(*) FROM undo_pending) + (SELECT count(*) FROM undo_message)"
    " + (SELECT count(*) FROM undo_event) + (SELECT count(*) FROM undo_alarm)"
    " + (SELECT count(*) FROM undo_fact) + (SELECT count(*) FROM undo_owned)";

int undo_done(struct store *s, bool *ret_any)
{
	static const char after[] =
	    "UPDATE undo_pending SET after_state = p.state, after_snoozed = p.snoozed_until"
	    " FROM pending p WHERE p.id = undo_pending.id";
	int64_t kept = 0;
	int rc = sql_run(s, after, "");
	if (rc == SQLITE_OK)
		rc = number(s, all_kept, &kept);
	*ret_any = kept > 0;
	return rc;
}

/* -- looking -------------------------------------------------------------------------------- */

enum store_status undo_each(struct store *s, void (*each)(void *context, const struct undo *u),
			    void *context)
{
	static const char text[] = "SELECT at, actor, command FROM undo";
	struct undo u = {0};
	sqlite3_stmt *st = NULL;
	int rc = number(s, all_kept, &u.changes);
	if (rc == SQLITE_OK)
		rc = sql_start(s, text, &st, "");
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			u.at = sqlite3_column_int64(st, 0);
			u.actor = sql_text(st, 1);
			u.command = sql_text(st, 2);
			each(context, &u);
		}
	return sql_status(s, rc);
}

/* -- taking back ---------------------------------------------------------------------------- */

#define AS_LEFT "p.state = u.after_state AND p.snoozed_until = u.after_snoozed"

/* The alarms of pendings that are again as they were. */
static int restore_alarms(struct store *s, const char *actor, int64_t now)
{
	static const char text[] =
	    "SELECT u.id, u.state IN ('done', 'resolved') FROM undo_pending u"
	    " JOIN pending p ON p.id = u.id AND p.state = u.state"
	    " WHERE u.id > ?1 AND u.after_state <> u.state ORDER BY u.id LIMIT 1";
	int64_t before, id = 0;
	bool settled = false;
	int rc;
	do {
		sqlite3_stmt *st;
		before = id;
		rc = sql_start(s, text, &st, "i", before);
		if (rc == SQLITE_OK)
			while (sql_row(st, &rc)) {
				id = sqlite3_column_int64(st, 0);
				settled = sqlite3_column_int(st, 1) != 0;
			}
		if (rc == SQLITE_OK && id > before)
			rc = settled ? alarms_settle(s, id, actor, now)
				     : alarms_stand(s, id, actor, now);
	} while (rc == SQLITE_OK && id > before);
	return rc;
}

/* Pendings that are as the change left them, with an event each. */
static int restore_changed(struct store *s, const char *actor, int64_t now, int64_t *ret_back)
{
	static const char say[] =
	    "INSERT INTO event (at, actor, kind, pending, detail)"
	    " SELECT ?1, ?2, 'undone', u.id, (SELECT command FROM undo)"
	    " FROM undo_pending u JOIN pending p ON p.id = u.id WHERE " AS_LEFT;
	static const char restore[] =
	    "UPDATE pending AS p SET state = u.state, snoozed_until = u.snoozed_until"
	    " FROM undo_pending u WHERE p.id = u.id AND " AS_LEFT;
	int rc = sql_run(s, say, "it", now, actor);
	if (rc == SQLITE_OK)
		rc = sql_run(s, restore, "");
	*ret_back = rc == SQLITE_OK ? sqlite3_changes64(s->db) : 0;
	return rc == SQLITE_OK ? restore_alarms(s, actor, now) : rc;
}

/* What was purged comes back beside what has come since. */
static int restore_purged(struct store *s, int64_t *back)
{
	static const char pendings[] =
	    "INSERT INTO pending SELECT id, state, recipient, class, domain, mail, registrar,"
	    " sender, from_address, subject, message_id, reasons, deadline, deadline_source, ours,"
	    " first_seen, last_seen, mails, snoozed_until, origin FROM undo_pending"
	    " WHERE after_state IS NULL ON CONFLICT DO NOTHING";
	static const char messages[] = "INSERT OR IGNORE INTO message SELECT * FROM undo_message";
	static const char *const others[] = {
	    "UPDATE event SET sender = u.sender, pending = u.pending, detail = u.detail,"
	    " domain = u.domain FROM undo_event u WHERE event.id = u.id",
	    "INSERT OR IGNORE INTO alarm SELECT * FROM undo_alarm",
	    "INSERT OR IGNORE INTO suggestion_fact SELECT * FROM undo_fact"
	    " WHERE suggestion IN (SELECT id FROM suggestion)",
	};
	int rc = sql_run(s, pendings, "");
	if (rc == SQLITE_OK)
		*back += sqlite3_changes64(s->db);
	if (rc == SQLITE_OK)
		rc = sql_run(s, messages, "");
	if (rc == SQLITE_OK)
		*back += sqlite3_changes64(s->db);
	return rc == SQLITE_OK ? RUN_ALL(s, others) : rc;
}

static int restore_owned(struct store *s, int64_t *back)
{
	static const char removed[] = "INSERT OR IGNORE INTO owned"
				      " SELECT name, source, added_at FROM undo_owned WHERE gone";
	static const char added[] = "DELETE FROM owned WHERE EXISTS (SELECT 1 FROM undo_owned u"
				    " WHERE u.name = owned.name AND NOT u.gone"
				    " AND u.added_at = owned.added_at AND u.source = owned.source)";
	static const char raise[] = "UPDATE meta SET value = value + 1 WHERE key = 'generation'"
				    " AND EXISTS (SELECT 1 FROM undo_owned)";
	int rc = sql_run(s, removed, "");
	if (rc == SQLITE_OK)
		*back += sqlite3_changes64(s->db);
	if (rc == SQLITE_OK)
		rc = sql_run(s, added, "");
	if (rc == SQLITE_OK)
		*back += sqlite3_changes64(s->db);
	return rc == SQLITE_OK ? sql_run(s, raise, "") : rc;
}

static const char to_bring_back[] =
    "SELECT (SELECT count(*) FROM undo_pending) + (SELECT count(*) FROM undo_message)"
    " + (SELECT count(*) FROM undo_owned)";

static int take_back(struct store *s, const char *actor, int64_t now, int64_t *ret_back,
		     int64_t *ret_kept)
{
	int64_t all = 0, back = 0;
	int rc = number(s, to_bring_back, &all);
	if (rc == SQLITE_OK)
		rc = restore_changed(s, actor, now, &back);
	if (rc == SQLITE_OK)
		rc = restore_purged(s, &back);
	if (rc == SQLITE_OK)
		rc = restore_owned(s, &back);
	if (rc == SQLITE_OK)
		rc = drop(s);
	*ret_back = back;
	*ret_kept = all - back;
	return rc;
}

enum store_status undo_last(struct store *s, const char *actor, int64_t now, int64_t *ret_back,
			    int64_t *ret_kept)
{
	static const char any[] = "SELECT count(*) FROM undo";
	int64_t there = 0, back = 0, kept = 0;
	int rc = sql_begin(s);
	if (rc == SQLITE_OK)
		rc = number(s, any, &there);
	if (rc == SQLITE_OK && there)
		rc = take_back(s, actor, now, &back, &kept);
	const enum store_status status = sql_end(s, rc);
	if (status != STORE_OK)
		return status;
	*ret_back = back;
	*ret_kept = kept;
	return there ? STORE_OK : STORE_NOT_FOUND;
}

enum store_status undo_forget(struct store *s)
{
	int rc = sql_begin(s);
	if (rc == SQLITE_OK)
		rc = drop(s);
	return sql_end(s, rc);
}

enum store_status undo_age(struct store *s, int64_t now)
{
	static const char text[] = "SELECT at FROM undo";
	int64_t at = 0;
	int rc = number(s, text, &at);
	if (rc != SQLITE_OK)
		return sql_status(s, rc);
	return at && at <= now - (int64_t)LIMIT_UNDO_DAYS * DAY ? undo_forget(s) : STORE_OK;
}
