/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * purge.c - what is known of customers, erased; see purge.h.
 *
 * The ids of what is to go are gathered in temporary tables first, then every table is gone through
 * once, in an order in which no reference is left dangling. Looking does all of it and rolls back,
 * so that a preview cannot differ from what it announces.
 */
#include "db/purge.h"

#include <stddef.h>

#include "db/events.h"
#include "db/pendings.h"
#include "db/sql.h"
#include "db/undo.h"

#define UNCOUNTED SIZE_MAX

static const char temporary[] =
    "PRAGMA temp_store = MEMORY;"
    "CREATE TEMP TABLE IF NOT EXISTS going (id INTEGER PRIMARY KEY);"
    "CREATE TEMP TABLE IF NOT EXISTS going_mail (id INTEGER PRIMARY KEY);";

/* -- gathering ------------------------------------------------------------------------------ */

/* Whether message m is mail of pending p. */
#define OF_PENDING                                                                 \
	"m.recipient = p.recipient AND ((p.domain = '' AND m.message_id = p.mail)" \
	" OR (p.domain <> '' AND instr(',' || m.domains || ',', ',' || p.domain || ',') > 0))"

static int gather_ids(struct store *s, const struct purge *what)
{
	static const char text[] =
	    "INSERT OR IGNORE INTO temp.going SELECT id FROM pending WHERE id = ?1";
	int rc = SQLITE_OK;
	for (size_t i = 0; i < what->count && rc == SQLITE_OK; i++)
		rc = sql_run(s, text, "i", what->id[i]);
	return rc;
}

static int gather_old(struct store *s, int64_t before)
{
	static const char pendings[] =
	    "INSERT OR IGNORE INTO temp.going SELECT id FROM pending p"
	    " WHERE state IN ('done', 'resolved') AND last_seen < ?1 AND NOT EXISTS"
	    " (SELECT 1 FROM event e WHERE e.pending = p.id AND e.at >= ?1)";
	static const char mails[] =
	    "INSERT OR IGNORE INTO temp.going_mail SELECT id FROM message m WHERE received_at < ?1"
	    " AND NOT EXISTS (SELECT 1 FROM pending p WHERE p.id NOT IN (SELECT id FROM temp.going)"
	    "  AND " OF_PENDING ")";
	int rc = sql_run(s, pendings, "i", before);
	return rc == SQLITE_OK ? sql_run(s, mails, "i", before) : rc;
}

static int gather_recipient(struct store *s, const char *recipient)
{
	static const char pendings[] = "INSERT OR IGNORE INTO temp.going"
				       " SELECT id FROM pending WHERE recipient = lower(?1)";
	static const char mails[] = "INSERT OR IGNORE INTO temp.going_mail"
				    " SELECT id FROM message WHERE recipient = lower(?1)";
	int rc = sql_run(s, pendings, "t", recipient);
	return rc == SQLITE_OK ? sql_run(s, mails, "t", recipient) : rc;
}

static int gather(struct store *s, const struct purge *what)
{
	static const char empty[] = "DELETE FROM temp.going";
	static const char empty_mail[] = "DELETE FROM temp.going_mail";
	static const char mails[] =
	    "INSERT OR IGNORE INTO temp.going_mail SELECT m.id FROM temp.going g"
	    " JOIN pending p ON p.id = g.id JOIN message m ON " OF_PENDING
	    " WHERE NOT EXISTS (SELECT 1 FROM pending p WHERE p.id NOT IN"
	    "  (SELECT id FROM temp.going) AND " OF_PENDING ")";
	int rc = sql_run(s, empty, "");
	if (rc == SQLITE_OK)
		rc = sql_run(s, empty_mail, "");
	if (rc == SQLITE_OK)
		rc = gather_ids(s, what);
	if (rc == SQLITE_OK && what->before)
		rc = gather_old(s, what->before);
	if (rc == SQLITE_OK && what->recipient)
		rc = gather_recipient(s, what->recipient);
	return rc == SQLITE_OK ? sql_run(s, mails, "") : rc;
}

/* -- erasing -------------------------------------------------------------------------------- */

/* A table, and what of it goes: the values are ?1 before, ?2 recipient. `keep` copies it for undo;
 * NULL: it is not brought back. */
struct erasure {
	const char *keep, *erase;
	size_t count; /* of struct purged: where its rows are counted, or UNCOUNTED */
};

#define ALARMS                                                     \
	" FROM alarm WHERE pending IN (SELECT id FROM temp.going)" \
	" OR (ended_at <> 0 AND ended_at < ?1) OR (?2 <> '' AND recipient = lower(?2))"
#define FACTS                                                                              \
	" FROM suggestion_fact WHERE (kind IN ('recipient', 'domain') AND last_seen < ?1)" \
	" OR (kind = 'recipient' AND ?2 <> '' AND value = lower(?2))"
#define EVENTS " WHERE pending IN (SELECT id FROM temp.going) AND ?1 >= 0 AND ?2 IS NOT NULL"
#define MAILS                                                        \
	" FROM message WHERE id IN (SELECT id FROM temp.going_mail)" \
	" AND ?1 >= 0 AND ?2 IS NOT NULL"
/* What the watch has found out about a domain that nothing else names. */
#define WATCHED                                                                                 \
	" WHERE domain IN (SELECT domain FROM pending WHERE id IN (SELECT id FROM temp.going))" \
	" AND domain NOT IN (SELECT domain FROM pending"                                        \
	"  WHERE id NOT IN (SELECT id FROM temp.going))"                                        \
	" AND domain NOT IN (SELECT name FROM owned) AND ?1 >= 0 AND ?2 IS NOT NULL"
#define PENDINGS \
	" FROM pending WHERE id IN (SELECT id FROM temp.going) AND ?1 >= 0 AND ?2 IS NOT NULL"

static const struct erasure erasures[] = {
    {"INSERT INTO undo_alarm SELECT *" ALARMS, "DELETE" ALARMS, offsetof(struct purged, alarms)},
    {"INSERT INTO undo_fact SELECT *" FACTS, "DELETE" FACTS, offsetof(struct purged, facts)},
    {"INSERT INTO undo_event SELECT * FROM event" EVENTS,
     "UPDATE event SET sender = NULL, pending = NULL, domain = NULL, detail = ''" EVENTS,
     UNCOUNTED},
    {"INSERT OR IGNORE INTO undo_event SELECT * FROM event" WATCHED,
     "UPDATE event SET domain = NULL, detail = ''" WATCHED, UNCOUNTED},
    {NULL, "DELETE FROM watched" WATCHED, UNCOUNTED}, /* the next look brings it back */
    /* Who undoes it within the day may get that day's digest again. */
    {NULL, "DELETE FROM mailed WHERE ?2 <> '' AND recipient = lower(?2) AND ?1 >= 0", UNCOUNTED},
    {"INSERT INTO undo_message SELECT *" MAILS, "DELETE" MAILS, offsetof(struct purged, messages)},
    {"INSERT INTO undo_pending SELECT *, NULL, NULL" PENDINGS, "DELETE" PENDINGS,
     offsetof(struct purged, pendings)},
};

static int count_unsettled(struct store *s, int64_t *ret_count)
{
	static const char text[] = "SELECT count(*) FROM pending p JOIN temp.going g ON g.id = p.id"
				   " WHERE p.state NOT IN ('done', 'resolved')";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "");
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			*ret_count = sqlite3_column_int64(st, 0);
	return rc;
}

static int erase(struct store *s, const struct purge *what, bool keep, struct purged *p)
{
	const char *recipient = what->recipient ? what->recipient : "";
	int rc = count_unsettled(s, &p->unsettled);
	for (size_t i = 0; i < sizeof(erasures) / sizeof(erasures[0]) && rc == SQLITE_OK; i++) {
		const struct erasure *e = &erasures[i];
		if (keep && e->keep)
			rc = sql_run(s, e->keep, "it", what->before, recipient);
		if (rc == SQLITE_OK)
			rc = sql_run(s, e->erase, "it", what->before, recipient);
		if (rc == SQLITE_OK && e->count != UNCOUNTED)
			*(int64_t *)((char *)p + e->count) = sqlite3_changes64(s->db);
	}
	return rc;
}

/* That pages may hold copies of what was erased; how often, so that a purge meanwhile is not
 * forgotten. */
static int mark(struct store *s)
{
	static const char text[] = "INSERT INTO meta VALUES ('unswept', 1)"
				   " ON CONFLICT (key) DO UPDATE SET value = value + 1";
	return sql_run(s, text, "");
}

static int note(struct store *s, const struct purged *p, const char *actor, int64_t now)
{
	char detail[96];
	if (p->pendings + p->messages + p->alarms + p->facts == 0)
		return SQLITE_OK;
	sqlite3_snprintf(sizeof(detail), detail, "pendings %lld messages %lld", p->pendings,
			 p->messages);
	int rc = mark(s);
	if (rc == SQLITE_OK)
		rc = events_note(s, &(struct event){now, actor, "purged", NULL, 0, detail});
	return rc;
}

/* -- overwriting ---------------------------------------------------------------------------- */

static int look_for_mark(struct store *s, int64_t *ret_mark)
{
	static const char text[] = "SELECT value FROM meta WHERE key = 'unswept'"
				   " AND NOT EXISTS (SELECT 1 FROM undo WHERE command = 'purge')";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "");
	*ret_mark = 0;
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			*ret_mark = sqlite3_column_int64(st, 0);
	return rc;
}

/* In memory, since what VACUUM gathers in a file of its own would lie about in the file system. */
static int write_anew(struct store *s)
{
	return sqlite3_exec(s->db, "PRAGMA temp_store = MEMORY; VACUUM", NULL, NULL, NULL);
}

static enum store_status empty_log(struct store *s, bool *ret_left)
{
	static const char text[] = "PRAGMA wal_checkpoint(TRUNCATE)";
	sqlite3_stmt *st;
	bool left = false;
	int rc = sql_start(s, text, &st, "");
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			left = sqlite3_column_int(st, 0) != 0;
	if (rc == SQLITE_OK)
		*ret_left = left;
	return sql_status(s, rc);
}

enum store_status purge_sweep(struct store *s, bool *ret_left)
{
	static const char done[] = "DELETE FROM meta WHERE key = 'unswept' AND value = ?1";
	int64_t marked;
	int rc = look_for_mark(s, &marked);
	if (rc == SQLITE_OK && marked)
		rc = write_anew(s);
	if (rc == SQLITE_OK && marked)
		rc = sql_run(s, done, "i", marked);
	return rc == SQLITE_OK ? empty_log(s, ret_left) : sql_status(s, rc);
}

enum store_status purge_apply(struct store *s, const struct purge *what, enum purge_mode mode,
			      const char *actor, int64_t now, struct purged *ret_purged)
{
	struct purged p = {0};
	bool any = true;
	int rc = sqlite3_exec(s->db, temporary, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sql_begin(s);
	if (rc == SQLITE_OK && mode == PURGE_UNDO)
		rc = undo_begin(s, "purge", actor, now);
	if (rc == SQLITE_OK)
		rc = gather(s, what);
	if (rc == SQLITE_OK)
		rc = erase(s, what, mode == PURGE_UNDO, &p);
	if (rc == SQLITE_OK && mode == PURGE_UNDO)
		rc = undo_done(s, &any);
	if (rc == SQLITE_OK && mode != PURGE_LOOK)
		rc = note(s, &p, actor, now);
	enum store_status status = sql_status(s, rc);
	if (status == STORE_OK && mode != PURGE_LOOK && any)
		status = sql_end(s, rc);
	else
		sql_end(s, SQLITE_ABORT); /* rolled back */
	if (status == STORE_OK && mode != PURGE_LOOK)
		status = empty_log(s, &p.log_left);
	if (status == STORE_OK)
		*ret_purged = p;
	return status;
}
