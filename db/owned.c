/* SPDX-License-Identifier: BSD-2-Clause */
/* owned.c - the site's own domains; see owned.h. */
#include "db/owned.h"

#include <string.h>

#include "db/events.h"
#include "db/sql.h"

static const char raise_generation[] = "UPDATE meta SET value = value + 1 WHERE key = 'generation'";

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

/* Runs `text` for each name with its source; an event for each row that it changed. */
static enum store_status change(struct store *s, const char *text, const char *const name[],
				size_t count, const char *source, const char *actor,
				const char *kind, int64_t now, size_t *ret_changed)
{
	size_t changed = 0;
	int rc = sql_begin(s);
	for (size_t i = 0; i < count && rc == SQLITE_OK; i++) {
		rc = sql_run(s, text, "tti", name[i], source, now);
		if (rc != SQLITE_OK || sqlite3_changes(s->db) == 0)
			continue;
		changed++;
		rc = events_note(s, &(struct event){now, actor, kind, name[i], 0, source});
	}
	if (rc == SQLITE_OK && changed)
		rc = sql_run(s, raise_generation, "");
	enum store_status status = sql_end(s, rc);
	if (status == STORE_OK)
		*ret_changed = changed;
	return status;
}

enum store_status owned_add(struct store *s, const char *const name[], size_t count,
			    const char *source, const char *actor, int64_t now, size_t *ret_new)
{
	static const char text[] = "INSERT INTO owned VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
	return change(s, text, name, count, source, actor, "owned", now, ret_new);
}

enum store_status owned_remove(struct store *s, const char *const name[], size_t count,
			       const char *actor, int64_t now, size_t *ret_removed)
{
	static const char text[] = "DELETE FROM owned WHERE name = ?1 AND ?2 = '' AND ?3 >= 0";
	return change(s, text, name, count, "", actor, "disowned", now, ret_removed);
}
