/* SPDX-License-Identifier: BSD-2-Clause */
/* runs.c - how the timed jobs ended; see runs.h. */
#include "db/runs.h"

#include "db/sql.h"

enum store_status runs_each(struct store *s, void (*each)(void *context, const struct run *r),
			    void *context)
{
	static const char text[] = "SELECT name, at, good_at, detail FROM run ORDER BY name";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "");
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			struct run r = {sql_text(st, 0), sqlite3_column_int64(st, 1),
					sqlite3_column_int64(st, 2), sql_text(st, 3)};
			each(context, &r);
		}
	return sql_status(s, rc);
}

enum store_status runs_note(struct store *s, const char *name, bool good, const char *detail,
			    int64_t now)
{
	static const char text[] =
	    "INSERT INTO run VALUES (?1, ?2, CASE WHEN ?3 THEN ?2 ELSE 0 END, ?4)"
	    " ON CONFLICT DO UPDATE SET at = ?2, detail = ?4,"
	    " good_at = CASE WHEN ?3 THEN ?2 ELSE good_at END";
	int rc = sql_begin(s);
	if (rc == SQLITE_OK)
		rc = sql_run(s, text, "tiit", name, now, (int64_t)good, detail);
	return sql_end(s, rc);
}
