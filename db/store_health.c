/* SPDX-License-Identifier: BSD-2-Clause */
/* store_health.c - whether the file is sound and can be written to; see store.h. */
#include <stdio.h>
#include <string.h>

#include "db/sql.h"

enum store_status store_quick_check(struct store *s, char ret_why[static 256])
{
	static const char text[] = "PRAGMA quick_check(1)";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "");
	char found[256] = "";

	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			if (found[0] == '\0')
				snprintf(found, sizeof(found), "%s", sql_text(st, 0));
	if (rc != SQLITE_OK) {
		const enum store_status status = sql_status(s, rc);

		snprintf(ret_why, 256, "%s", store_error(s));
		return status;
	}
	if (strcmp(found, "ok") == 0)
		return STORE_OK;
	memcpy(ret_why, found, sizeof(found));
	return STORE_ERROR;
}

enum store_status store_can_write(struct store *s)
{
	const int rc = sql_begin(s);
	const enum store_status status = sql_status(s, rc);

	/* Rolled back in either case. */
	sql_end(s, SQLITE_ABORT);
	return status;
}
