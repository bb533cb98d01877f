/* SPDX-License-Identifier: BSD-2-Clause */
/* notices.c - what somebody has been told already; see notices.h. */
#include "db/notices.h"

#include <stdlib.h>

#include "db/sql.h"

enum {
	FIRST_SIZE = 16,
};

void notices_add(struct notices *n, int64_t pending, enum notice_step step)
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
	n->list[n->count++] = (struct notice){pending, step};
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

enum store_status notices_note(struct store *s, const struct notices *n, int64_t now)
{
	static const char text[] = "INSERT INTO notice SELECT ?1, ?2, ?3 WHERE EXISTS"
				   " (SELECT 1 FROM pending WHERE id = ?1)"
				   " ON CONFLICT DO UPDATE SET at = ?3";
	int rc = sql_begin(s);
	for (size_t i = 0; i < n->count && rc == SQLITE_OK; i++)
		rc = sql_run(s, text, "iii", n->list[i].pending, (int64_t)n->list[i].step, now);
	return sql_end(s, rc);
}
