/* SPDX-License-Identifier: BSD-2-Clause */
/* owned.c - the site's own domains; see owned.h. */
#include "db/owned.h"

#include "db/events.h"
#include "db/sql.h"
#include "db/undo.h"

enum {
	READ_WAIT_MS = 2000, /* for a lock on the database */
};

enum store_status owned_each(struct store *s, void (*each)(void *context, const struct owned *o),
			     void *context)
{
	static const char text[] = "SELECT name, source, added_at FROM owned ORDER BY name";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "");
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			struct owned o = {sql_text(st, 0), sql_text(st, 1),
					  sqlite3_column_int64(st, 2)};
			each(context, &o);
		}
	return sql_status(s, rc);
}

enum store_status owned_count(struct store *s, int64_t *ret_count)
{
	static const char text[] = "SELECT count(*) FROM owned";
	sqlite3_stmt *st;
	int64_t count = 0;
	int rc = sql_start(s, text, &st, "");
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			count = sqlite3_column_int64(st, 0);
	if (rc == SQLITE_OK)
		*ret_count = count;
	return sql_status(s, rc);
}

struct loading {
	struct ownership *to;
	const struct suffixes *suffixes;
	bool failed;
};

static void load_one(void *context, const struct owned *o)
{
	struct loading *l = context;
	if (!l->failed)
		l->failed = !ownership_add(l->to, o->name, l->suffixes);
}

enum store_status owned_load(struct store *s, const struct suffixes *suffixes,
			     struct ownership **ret_ownership)
{
	struct loading l = {.suffixes = suffixes};
	int64_t count = 0;
	enum store_status status = owned_count(s, &count);
	if (status != STORE_OK || count == 0) {
		if (status == STORE_OK)
			*ret_ownership = NULL;
		return status;
	}
	l.to = ownership_new();
	l.failed = !l.to;
	status = owned_each(s, load_one, &l);
	if (status == STORE_OK && l.failed)
		status = sql_status(s, SQLITE_NOMEM);
	if (status != STORE_OK) {
		ownership_free(l.to);
		return status;
	}
	ownership_seal(l.to);
	*ret_ownership = l.to;
	return STORE_OK;
}

struct ownership *owned_current(const char *database, const struct suffixes *suffixes)
{
	struct ownership *o = NULL;
	struct store *s;
	char why[256];
	if (store_open(database, STORE_READ, READ_WAIT_MS, &s, why) != STORE_OK)
		return NULL;
	if (owned_load(s, suffixes, &o) != STORE_OK)
		o = NULL;
	store_close(s);
	return o;
}

/* One of the two kinds of change: what is kept of it for undo, then the change itself. Values:
 * name, source, time. */
struct change {
	const char *kind;
	const char *keep, *make;
};

static int change_each(struct store *s, const struct change *c, const char *const name[],
		       size_t count, const char *source, const char *actor, int64_t now,
		       size_t *changed)
{
	int rc = SQLITE_OK;
	for (size_t i = 0; i < count && rc == SQLITE_OK; i++) {
		rc = sql_run(s, c->keep, "tti", name[i], source, now);
		if (rc == SQLITE_OK)
			rc = sql_run(s, c->make, "tti", name[i], source, now);
		if (rc != SQLITE_OK || sqlite3_changes(s->db) == 0)
			continue;
		(*changed)++;
		rc = events_note(s, &(struct event){now, actor, c->kind, name[i], 0, source});
	}
	return rc;
}

enum store_status owned_change(struct store *s, const char *const come[], size_t come_count,
			       const char *const go[], size_t go_count, const char *source,
			       const char *actor, int64_t now, size_t *ret_added,
			       size_t *ret_removed)
{
	static const char raise[] = "UPDATE meta SET value = value + 1 WHERE key = 'generation'";
	static const struct change coming = {
	    "owned",
	    "INSERT INTO undo_owned SELECT ?1, ?2, ?3, 0"
	    " WHERE ?1 NOT IN (SELECT name FROM owned) ON CONFLICT DO NOTHING",
	    "INSERT INTO owned VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
	};
	static const struct change going = {
	    "disowned",
	    "INSERT INTO undo_owned SELECT name, source, added_at, 1 FROM owned"
	    " WHERE name = ?1 AND ?2 IS NOT NULL AND ?3 >= 0 ON CONFLICT DO NOTHING",
	    "DELETE FROM owned WHERE name = ?1 AND ?2 IS NOT NULL AND ?3 >= 0",
	};
	size_t added = 0, removed = 0;
	bool any = true;
	int rc = sql_begin(s);
	if (rc == SQLITE_OK)
		rc = undo_begin(s, "domains", actor, now);
	if (rc == SQLITE_OK)
		rc = change_each(s, &going, go, go_count, source, actor, now, &removed);
	if (rc == SQLITE_OK)
		rc = change_each(s, &coming, come, come_count, source, actor, now, &added);
	if (rc == SQLITE_OK)
		rc = undo_done(s, &any);
	if (rc == SQLITE_OK)
		rc = sql_run(s, raise, "");
	enum store_status status = sql_status(s, rc);
	if (any)
		status = sql_end(s, rc);
	else
		sql_end(s, SQLITE_ABORT); /* as it was */
	if (status == STORE_OK) {
		*ret_added = added;
		*ret_removed = removed;
	}
	return status;
}
