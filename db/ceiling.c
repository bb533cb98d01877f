/* SPDX-License-Identifier: BSD-2-Clause */
/* ceiling.c - see ceiling.h. */
#include "db/ceiling.h"

#include "base/limits.h"
#include "db/sql.h"

/* As in the index message_of_strangers. */
#define STRANGERS "verdict IN ('unproven', 'forged', 'lookalike', 'unlisted')"

enum {
	EVERY = 256, /* rows between two counts; counting 100,000 takes milliseconds */
};

static int number(struct store *s, const char *text, const char *recipient, int64_t id,
		  int64_t *ret_number)
{
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "ti", recipient, id);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			*ret_number = sqlite3_column_int64(st, 0);
	return rc;
}

int ceiling_trim(struct store *s)
{
	static const char count[] =
	    "SELECT count(*) FROM message WHERE " STRANGERS " AND ?1 = '' AND ?2 = 0";
	static const char drop[] =
	    "DELETE FROM message WHERE id IN (SELECT id FROM message WHERE " STRANGERS
	    " ORDER BY received_at, id LIMIT ?1)";
	int64_t kept = 0;
	if (sqlite3_last_insert_rowid(s->db) % EVERY != 0)
		return SQLITE_OK;
	int rc = number(s, count, "", 0, &kept);
	if (rc != SQLITE_OK || kept <= LIMIT_STRANGERS_MAILS)
		return rc;
	rc = sql_run(s, drop, "i", kept - LIMIT_STRANGERS_MAILS);
	return rc == SQLITE_OK ? sql_count(s, "message.dropped", sqlite3_changes(s->db)) : rc;
}

int ceiling_review(struct store *s, const char *recipient, bool *ret_full)
{
	static const char text[] =
	    "SELECT count(*) FROM pending WHERE recipient = ?1 AND ?2 = 0"
	    " AND origin = 'review' AND state IN ('review', 'expired', 'held')";
	int64_t open = 0;
	int rc = number(s, text, recipient, 0, &open);
	*ret_full = open >= LIMIT_STRANGERS_REVIEWS;
	return rc;
}

int ceiling_joined(struct store *s, int64_t id, bool *ret_full)
{
	static const char text[] = "SELECT mails FROM pending WHERE ?1 = '' AND id = ?2";
	int64_t mails = 0;
	int rc = number(s, text, "", id, &mails);
	*ret_full = mails > LIMIT_STRANGERS_JOINED;
	return rc;
}
