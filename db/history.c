/* SPDX-License-Identifier: BSD-2-Clause */
/* history.c - mail counted; see history.h. */
#include "db/history.h"

#include "db/sql.h"

enum store_status history_each_week(struct store *s, int64_t since,
				    void (*each)(void *context, const struct history_week *w),
				    void *context)
{
	static const char text[] =
	    "SELECT received_at / 604800 AS week, verdict, count(*) FROM message"
	    " WHERE received_at >= ?1 GROUP BY week, verdict ORDER BY week, verdict";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "i", since);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			struct history_week w = {.week = sqlite3_column_int64(st, 0),
						 .mails = sqlite3_column_int64(st, 2)};
			if (verdict_of_name(slice_of(sql_text(st, 1)), &w.verdict))
				each(context, &w);
		}
	return sql_status(s, rc);
}

enum store_status history_each_registrar(struct store *s, int64_t since, int64_t most,
					 void (*each)(void *context,
						      const struct history_registrar *r),
					 void *context)
{
	static const char text[] =
	    "SELECT registrar, count(*), sum(verdict = 'genuine'), max(received_at) FROM message"
	    " WHERE received_at >= ?1 AND registrar <> '' GROUP BY registrar"
	    " ORDER BY count(*) DESC, registrar LIMIT ?2";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "ii", since, most);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			struct history_registrar r = {sql_text(st, 0), sqlite3_column_int64(st, 1),
						      sqlite3_column_int64(st, 2),
						      sqlite3_column_int64(st, 3)};
			each(context, &r);
		}
	return sql_status(s, rc);
}

enum store_status history_each_address(struct store *s,
				       void (*each)(void *context, const struct history_address *a),
				       void *context)
{
	static const char text[] = "SELECT DISTINCT domain, recipient FROM pending"
				   " WHERE domain <> '' AND recipient <> '' AND origin = 'open'"
				   " ORDER BY domain, recipient";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "");
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			struct history_address a = {.domain = sql_text(st, 0),
						    .address = sql_text(st, 1)};
			each(context, &a);
		}
	return sql_status(s, rc);
}
