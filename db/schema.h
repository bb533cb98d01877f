/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * schema.h - the database: who it belongs to, which version, and the steps from one to the next.
 *
 * PRAGMA application_id is SCHEMA_APPLICATION ("knam"), PRAGMA user_version the number of
 * migration steps done. Each step is one transaction. A file that has other tables or another
 * application_id is not ours; one with a higher version was written by a later keepname: both are
 * refused, and not one octet of them is changed.
 */
#ifndef DB_SCHEMA_H
#define DB_SCHEMA_H

#include <sqlite3.h>

enum {
	SCHEMA_APPLICATION = 0x6b6e616d,
};

enum schema_state {
	SCHEMA_OURS,  /* at our version */
	SCHEMA_EMPTY, /* a new file */
	SCHEMA_OLDER, /* ours, to be migrated */
	SCHEMA_NEWER,
	SCHEMA_NOT_OURS,
	SCHEMA_ERROR, /* sqlite3_errmsg says */
};

int schema_version(void); /* that this program knows */

/* By the file's first octets, without a connection: nothing is changed, nothing made beside it. A
 * file that is missing is EMPTY. SCHEMA_ERROR: errno says. ret_version: of the file. */
enum schema_state schema_look_file(const char *path, int *ret_version);
/* Through SQLite, which also sees what is still in the write-ahead log. */
enum schema_state schema_look(sqlite3 *db, int *ret_version);
/* Brings an empty or older one to our version, or to an earlier one (for tests). An SQLite result
 * code; what has been done stays whole. */
int schema_migrate(sqlite3 *db);
int schema_migrate_to(sqlite3 *db, int version);

#endif
