/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sql.c - statements of a store; see sql.h.
 *
 * Result codes are passed upward as they come and turned into a store_status at one place.
 */
#include "db/sql.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

static int prepare(struct store *s, const char *text, sqlite3_stmt **ret_statement)
{
	for (size_t i = 0; i < SQL_KEPT; i++) {
		struct sql_statement *k = &s->kept[i];
		if (k->text == text) {
			*ret_statement = k->prepared;
			return SQLITE_OK;
		}
		if (k->text)
			continue;
		int rc = sqlite3_prepare_v3(s->db, text, -1, SQLITE_PREPARE_PERSISTENT,
					    &k->prepared, NULL);
		if (rc == SQLITE_OK) {
			k->text = text;
			*ret_statement = k->prepared;
		}
		return rc;
	}
	return SQLITE_MISUSE; /* SQL_KEPT is too small: a test runs every statement */
}

static int bind_all(sqlite3_stmt *st, const char *types, va_list values)
{
	int rc = SQLITE_OK;
	for (int i = 1; types[i - 1] && rc == SQLITE_OK; i++) {
		switch (types[i - 1]) {
		case 't':
			rc = sqlite3_bind_text(st, i, va_arg(values, const char *), -1,
					       SQLITE_STATIC);
			break;
		case 'i': rc = sqlite3_bind_int64(st, i, va_arg(values, int64_t)); break;
		case 'n': rc = sqlite3_bind_null(st, i); break;
		default: rc = SQLITE_MISUSE; break;
		}
	}
	return rc;
}

static int start(struct store *s, const char *text, sqlite3_stmt **ret_statement, const char *types,
		 va_list values)
{
	sqlite3_stmt *st = NULL;
	int rc = prepare(s, text, &st);
	if (rc == SQLITE_OK)
		rc = bind_all(st, types, values);
	if (rc == SQLITE_OK)
		*ret_statement = st;
	return rc;
}

int sql_start(struct store *s, const char *text, sqlite3_stmt **ret_statement, const char *types,
	      ...)
{
	va_list values;
	va_start(values, types);
	int rc = start(s, text, ret_statement, types, values);
	va_end(values);
	return rc;
}

int sql_run(struct store *s, const char *text, const char *types, ...)
{
	sqlite3_stmt *st = NULL;
	va_list values;
	va_start(values, types);
	int rc = start(s, text, &st, types, values);
	va_end(values);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			;
	return rc;
}

bool sql_row(sqlite3_stmt *statement, int *rc)
{
	int step = sqlite3_step(statement);
	if (step == SQLITE_ROW)
		return true;
	*rc = sqlite3_reset(statement);
	if (step == SQLITE_DONE)
		*rc = SQLITE_OK;
	else if (*rc == SQLITE_OK)
		*rc = step;
	return false;
}

const char *sql_text(sqlite3_stmt *statement, int column)
{
	const unsigned char *text = sqlite3_column_text(statement, column);
	return text ? (const char *)text : "";
}

int sql_count(struct store *s, const char *name, int64_t more)
{
	static const char text[] = "INSERT INTO counter VALUES (?1, ?2) "
				   "ON CONFLICT (name) DO UPDATE SET value = value + ?2";
	return sql_run(s, text, "ti", name, more);
}

int sql_begin(struct store *s)
{
	static const char text[] = "BEGIN IMMEDIATE";
	return sql_run(s, text, "");
}

enum store_status sql_end(struct store *s, int rc)
{
	static const char commit[] = "COMMIT";
	if (rc == SQLITE_OK)
		rc = sql_run(s, commit, "");
	enum store_status status = sql_status(s, rc);
	if (!sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return status;
}

enum store_status sql_status(struct store *s, int rc)
{
	int system = sqlite3_system_errno(s->db);
	if (rc == SQLITE_OK)
		return STORE_OK;
	sqlite3_snprintf(sizeof(s->error), s->error, "%s", sqlite3_errmsg(s->db));
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED: return STORE_BUSY;
	case SQLITE_READONLY: return STORE_READ_ONLY;
	case SQLITE_FULL: return STORE_FULL;
	case SQLITE_NOTADB: return STORE_NOT_OURS;
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
	case SQLITE_TOOBIG: return STORE_REFUSED;
	case SQLITE_IOERR:
		return system == ENOSPC || system == EDQUOT || system == EFBIG ? STORE_FULL
									       : STORE_ERROR;
	default: return STORE_ERROR;
	}
}

void sql_close(struct store *s)
{
	for (size_t i = 0; i < SQL_KEPT; i++)
		sqlite3_finalize(s->kept[i].prepared);
	memset(s->kept, 0, sizeof(s->kept));
	sqlite3_close(s->db);
	s->db = NULL;
}
