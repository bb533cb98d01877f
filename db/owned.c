/* SPDX-License-Identifier: BSD-2-Clause */
/* owned.c - the site's own domains; see owned.h. */
#include "db/owned.h"

#include <string.h>

#include "db/events.h"
#include "db/sql.h"
#include "db/undo.h"

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

enum store_status owned_has(struct store *s, const char *name, bool *ret_ours)
{
	static const char text[] = "SELECT 1 FROM owned WHERE name = ?1";
	bool found = false;
	int rc = SQLITE_OK;
	while (name && *name && !found && rc == SQLITE_OK) {
		sqlite3_stmt *st;
		rc = sql_start(s, text, &st, "t", name);
		if (rc == SQLITE_OK)
			while (sql_row(st, &rc))
				found = true;
		name = strchr(name, '.');
		name = name ? name + 1 : NULL;
	}
	if (rc == SQLITE_OK)
		*ret_ours = found;
	return sql_status(s, rc);
}

/* One of the two changes: what is kept of it for undo, then the change itself. Values: name,
 * source, time. */
struct change {
	const char *command, *kind;
	const char *keep, *make;
};

static int change_one(struct store *s, const struct change *c, const char *name, const char *source,
		      const char *actor, int64_t now, size_t *changed)
{
	int rc = sql_run(s, c->keep, "tti", name, source, now);
	if (rc == SQLITE_OK)
		rc = sql_run(s, c->make, "tti", name, source, now);
	if (rc != SQLITE_OK || sqlite3_changes(s->db) == 0)
		return rc;
	(*changed)++;
	return events_note(s, &(struct event){now, actor, c->kind, name, 0, source});
}

static enum store_status change_all(struct store *s, const struct change *c,
				    const char *const name[], size_t count, const char *source,
				    const char *actor, int64_t now, size_t *ret_changed)
{
	static const char raise[] = "UPDATE meta SET value = value + 1 WHERE key = 'generation'";
	size_t changed = 0;
	bool any = true;
	int rc = sql_begin(s);
	if (rc == SQLITE_OK)
		rc = undo_begin(s, c->command, actor, now);
	for (size_t i = 0; i < count && rc == SQLITE_OK; i++)
		rc = change_one(s, c, name[i], source, actor, now, &changed);
	if (rc == SQLITE_OK)
		rc = undo_done(s, &any);
	if (rc == SQLITE_OK)
		rc = sql_run(s, raise, "");
	enum store_status status = sql_status(s, rc);
	if (any)
		status = sql_end(s, rc);
	else
		sql_end(s, SQLITE_ABORT); /* as it was */
	if (status == STORE_OK)
		*ret_changed = changed;
	return status;
}

enum store_status owned_add(struct store *s, const char *const name[], size_t count,
			    const char *source, const char *actor, int64_t now, size_t *ret_new)
{
	static const struct change add = {
	    "domains add",
	    "owned",
	    "INSERT INTO undo_owned SELECT ?1, ?2, ?3, 0"
	    " WHERE ?1 NOT IN (SELECT name FROM owned) ON CONFLICT DO NOTHING",
	    "INSERT INTO owned VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
	};
	return change_all(s, &add, name, count, source, actor, now, ret_new);
}

enum store_status owned_remove(struct store *s, const char *const name[], size_t count,
			       const char *actor, int64_t now, size_t *ret_removed)
{
	static const struct change removal = {
	    "domains remove",
	    "disowned",
	    "INSERT INTO undo_owned SELECT name, source, added_at, 1 FROM owned"
	    " WHERE name = ?1 AND ?2 = '' AND ?3 >= 0 ON CONFLICT DO NOTHING",
	    "DELETE FROM owned WHERE name = ?1 AND ?2 = '' AND ?3 >= 0",
	};
	return change_all(s, &removal, name, count, "", actor, now, ret_removed);
}
