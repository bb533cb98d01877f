/* SPDX-License-Identifier: BSD-2-Clause */
/* runs.c - how the timed jobs ended; see runs.h. */
#include "db/runs.h"

#include <string.h>

#include "db/sql.h"

enum {
	HOUR = 3600,
	DAY = 86400,
};

static const struct job {
	const char *name;
	int64_t takes;  /* at most */
	int64_t misses; /* so long without one is no trouble yet */
} jobs[] = {
    {RUN_DIGEST, HOUR, 26 * HOUR},    /* every ten minutes; or daily, by a cron of the site's own */
    {RUN_WATCH, 2 * HOUR, 26 * HOUR}, /* four a day; watch_time ends it earlier */
    {RUN_BACKUP, 6 * HOUR, 2 * DAY},  /* daily, and a line may be slow */
    {RUN_PURGE, HOUR, 2 * DAY},       /* daily */
    {RUN_UPDATE, HOUR, 15 * DAY},     /* weekly */
};

enum run_state runs_state(const struct run *r, bool expected, int64_t now)
{
	for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
		if (strcmp(jobs[i].name, r->name) != 0)
			continue;
		if (r->began_at > r->at && now - r->began_at > jobs[i].takes)
			return RUN_STOPPED;
		if (r->at > r->good_at)
			return RUN_FAILED;
		return expected && r->at != 0 && now - r->good_at > jobs[i].misses ? RUN_OVERDUE
										   : RUN_FINE;
	}
	return r->at > r->good_at ? RUN_FAILED : RUN_FINE;
}

enum store_status runs_each(struct store *s, void (*each)(void *context, const struct run *r),
			    void *context)
{
	static const char text[] =
	    "SELECT name, at, good_at, detail, began_at FROM run ORDER BY name";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "");
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			struct run r = {sql_text(st, 0), sqlite3_column_int64(st, 1),
					sqlite3_column_int64(st, 2), sql_text(st, 3),
					sqlite3_column_int64(st, 4)};
			each(context, &r);
		}
	return sql_status(s, rc);
}

enum store_status runs_begin(struct store *s, const char *name, int64_t now)
{
	/* One that has not ended keeps its time. */
	static const char text[] =
	    "INSERT INTO run (name, at, good_at, detail, began_at) VALUES (?1, 0, 0, '', ?2)"
	    " ON CONFLICT DO UPDATE SET began_at = ?2 WHERE began_at <= at OR began_at > ?2";
	int rc = sql_begin(s);
	if (rc == SQLITE_OK)
		rc = sql_run(s, text, "ti", name, now);
	return sql_end(s, rc);
}

enum store_status runs_note(struct store *s, const char *name, bool good, const char *detail,
			    int64_t now)
{
	static const char text[] = "INSERT INTO run (name, at, good_at, detail, began_at)"
				   " VALUES (?1, ?2, CASE WHEN ?3 THEN ?2 ELSE 0 END, ?4, ?2)"
				   " ON CONFLICT DO UPDATE SET at = ?2, detail = ?4,"
				   " good_at = CASE WHEN ?3 THEN ?2 ELSE good_at END";
	int rc = sql_begin(s);
	if (rc == SQLITE_OK)
		rc = sql_run(s, text, "tiit", name, now, (int64_t)good, detail);
	return sql_end(s, rc);
}
