/* SPDX-License-Identifier: BSD-2-Clause */
/* notices.c - what somebody has been told already; see notices.h. */
#include "db/notices.h"

#include <stdlib.h>

#include "db/sql.h"

enum {
	FIRST_SIZE = 16,
};

static void add(struct notices *n, struct notice one)
{
	if (n->count == n->size) {
		const size_t size = n->size ? 2 * n->size : FIRST_SIZE;
		struct notice *more = reallocarray(n->list, size, sizeof(*more));
		if (!more) {
			n->failed = true;
			return;
		}
		n->list = more;
		n->size = size;
	}
	n->list[n->count++] = one;
}

void notices_add(struct notices *n, int64_t pending, enum notice_step step)
{
	add(n, (struct notice){.pending = pending, .step = step});
}

void notices_add_alarm(struct notices *n, int64_t alarm)
{
	add(n, (struct notice){.alarm = alarm});
}

void notices_free(struct notices *n)
{
	free(n->list);
	*n = (struct notices){0};
}

enum store_status notices_has(struct store *s, int64_t pending, enum notice_step step,
			      bool *ret_told)
{
	/* What was reopened since begins again. */
	static const char text[] =
	    "SELECT 1 FROM notice n WHERE pending = ?1 AND step >= ?2 AND at >= coalesce("
	    " (SELECT max(at) FROM event WHERE pending = ?1 AND kind = 'reopened'), 0)";
	sqlite3_stmt *st;
	bool told = false;
	int rc = sql_start(s, text, &st, "ii", pending, (int64_t)step);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			told = true;
	if (rc == SQLITE_OK)
		*ret_told = told;
	return sql_status(s, rc);
}

/* In the history of a pending that is still there. A result code. */
static int note_reminder(struct store *s, const struct notice *n, const char *actor, const char *to,
			 int64_t now)
{
	static const char text[] =
	    "INSERT INTO event (at, actor, kind, pending, detail)"
	    " SELECT ?1, ?2, 'reminded', p.id, ?3 || ?4 FROM pending p"
	    " WHERE p.id = iif(?5, (SELECT pending FROM alarm WHERE id = ?5), ?6)";
	static const char *const reasons[] = {
	    [NOTICE_WEEK] = "7 days or less, to ", [NOTICE_THREE] = "3 days or less, to ",
	    [NOTICE_ONE] = "1 day or less, to ",   [NOTICE_TODAY] = "due, to ",
	    [NOTICE_HELD] = "held, to ",           [NOTICE_NAMED] = "digest to ",
	};
	return sql_run(s, text, "itttii", now, actor, n->alarm ? "alarm, to " : reasons[n->step],
		       to, n->alarm, n->pending);
}

static int note_one(struct store *s, const struct notice *n, int64_t now)
{
	static const char step[] = "INSERT INTO notice SELECT ?1, ?2, ?3 WHERE EXISTS"
				   " (SELECT 1 FROM pending WHERE id = ?1)"
				   " ON CONFLICT DO UPDATE SET at = ?3";
	static const char alarm[] = "UPDATE alarm SET sent_at = ?2 WHERE id = ?1";
	if (n->alarm)
		return sql_run(s, alarm, "ii", n->alarm, now);
	return n->step == NOTICE_NAMED ? SQLITE_OK
				       : sql_run(s, step, "iii", n->pending, (int64_t)n->step, now);
}

enum store_status notices_note(struct store *s, const struct notices *n, const char *actor,
			       const char *to, int64_t now)
{
	int rc = sql_begin(s);
	for (size_t i = 0; i < n->count && rc == SQLITE_OK; i++) {
		rc = note_one(s, &n->list[i], now);
		if (rc == SQLITE_OK)
			rc = note_reminder(s, &n->list[i], actor, to, now);
	}
	return sql_end(s, rc);
}

/* -- who has the day's digest --------------------------------------------------------------- */

static int mailed_at(struct store *s, const char *recipient, int64_t *ret_at)
{
	sqlite3_stmt *st;
	int rc = sql_start(s, "SELECT at FROM mailed WHERE recipient = ?1", &st, "t", recipient);
	*ret_at = 0;
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			*ret_at = sqlite3_column_int64(st, 0);
	return rc;
}

enum store_status notices_mailed(struct store *s, const char *recipient, int64_t since, int64_t now,
				 bool *ret_mailed)
{
	int64_t at;
	int rc = mailed_at(s, recipient, &at);
	/* What a clock that was wrong has noted for the future does not count. */
	if (rc == SQLITE_OK)
		*ret_mailed = at != 0 && at >= since && at <= now;
	return sql_status(s, rc);
}

enum store_status notices_last_mailed(struct store *s, int64_t *ret_at)
{
	return sql_status(s, mailed_at(s, "", ret_at));
}

static enum store_status change(struct store *s, const char *text, const char *recipient,
				int64_t when)
{
	int rc = sql_begin(s);
	if (rc == SQLITE_OK)
		rc = sql_run(s, text, "ti", recipient, when);
	return sql_end(s, rc);
}

enum store_status notices_note_mailed(struct store *s, const char *recipient, int64_t now)
{
	return change(s, "INSERT OR REPLACE INTO mailed VALUES (?1, ?2)", recipient, now);
}

enum store_status notices_forget_mailed(struct store *s, int64_t before)
{
	return change(s, "DELETE FROM mailed WHERE recipient <> ?1 AND at < ?2", "", before);
}
