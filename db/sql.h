/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sql.h - statements of a store, prepared once and kept; for db/ files only.
 *
 * A statement is known by the address of its text, so a text must be a constant of static storage.
 * Every value is bound, none is ever pasted into a text.
 */
#ifndef DB_SQL_H
#define DB_SQL_H

#include <sqlite3.h>

#include "db/store.h"

enum {
	SQL_KEPT = 128, /* statements; each file's texts together must not be more */
};

struct sql_statement {
	const char *text;
	sqlite3_stmt *prepared;
};

struct store {
	sqlite3 *db;
	struct sql_statement kept[SQL_KEPT];
	char error[256]; /* of the last call that failed */
};

/* Ready to be stepped, with its values bound. `types` has a letter for each: 't' const char *
 * (static until the statement is reset), 'i' int64_t, 'n' NULL (no argument). A result code. */
int sql_start(struct store *s, const char *text, sqlite3_stmt **ret_statement, const char *types,
	      ...);
/* The same, and run to its end. SQLITE_OK when done. */
int sql_run(struct store *s, const char *text, const char *types, ...);
/* Goes on to the next row. At the end, and on failure, the statement is reset and *rc holds
 * SQLITE_OK or the failure. */
bool sql_row(sqlite3_stmt *statement, int *rc);
/* A text column, never NULL; until the next step. */
const char *sql_text(sqlite3_stmt *statement, int column);

/* Adds to a counter, within a transaction of the caller's. A result code. */
int sql_count(struct store *s, const char *name, int64_t more);

/* BEGIN IMMEDIATE, a result code; then COMMIT if rc is SQLITE_OK, else ROLLBACK (also after a
 * sql_begin that failed). */
int sql_begin(struct store *s);
enum store_status sql_end(struct store *s, int rc);

/* What a result code means for the caller; keeps SQLite's words for store_error. */
enum store_status sql_status(struct store *s, int rc);
void sql_close(struct store *s);

#endif
