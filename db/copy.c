/* SPDX-License-Identifier: BSD-2-Clause */
/* copy.c - a whole database as another file; see copy.h. */
#include "db/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/pack.h"
#include "db/schema.h"
#include "db/spool.h"
#include "db/sql.h"

enum {
	CHECK_WAIT_MS = 5000,
};

static enum store_status say(int rc, sqlite3 *db, const char *path, char why[static 256])
{
	snprintf(why, 256, "%s: %s", path, db ? sqlite3_errmsg(db) : sqlite3_errstr(rc));
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED: return STORE_BUSY;
	case SQLITE_FULL: return STORE_FULL;
	case SQLITE_NOTADB: return STORE_NOT_OURS;
	default: return STORE_ERROR;
	}
}

/* -- making --------------------------------------------------------------------------------- */

static int pages(sqlite3 *from, sqlite3 *to)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
	if (!b)
		return sqlite3_errcode(to);
	int rc = sqlite3_backup_step(b, -1);
	int end = sqlite3_backup_finish(b);
	if (rc == SQLITE_DONE)
		rc = end;
	/* A copy is a file alone: no log beside it. */
	return rc == SQLITE_OK ? sqlite3_exec(to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL)
			       : rc;
}

static enum store_status fill(const char *from, const char *to, int wait_ms, char why[static 256])
{
	sqlite3 *source = NULL, *target = NULL;
	enum store_status status = STORE_OK;
	int rc =
	    sqlite3_open_v2(from, &source, SQLITE_OPEN_READONLY | SQLITE_OPEN_PRIVATECACHE, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_busy_timeout(source, wait_ms);
	if (rc != SQLITE_OK)
		status = say(rc, source, from, why);
	if (status == STORE_OK) {
		rc = sqlite3_open_v2(to, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_PRIVATECACHE,
				     NULL);
		if (rc == SQLITE_OK)
			rc = pages(source, target);
		if (rc != SQLITE_OK)
			status = say(rc, target, to, why);
	}
	sqlite3_close(target);
	sqlite3_close(source);
	return status;
}

enum store_status copy_make(const char *from, const char *to, int wait_ms, char ret_why[static 256])
{
	struct store *store;
	int fd;
	/* Whose it is, and that it is there at all. */
	enum store_status status = store_open(from, STORE_READ, wait_ms, &store, ret_why);
	if (status != STORE_OK)
		return status;
	store_close(store);
	fd = open(to, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0) {
		snprintf(ret_why, 256, "%s: %s", to, strerror(errno));
		return errno == ENOSPC ? STORE_FULL : STORE_ERROR;
	}
	close(fd);
	status = fill(from, to, wait_ms, ret_why);
	if (status != STORE_OK)
		unlink(to);
	return status;
}

/* -- what waits in the spool ----------------------------------------------------------------- */

static bool keep_one(void *context, struct record *r)
{
	struct copy_waiting *w = context;
	struct str one = {0};
	record_pack(r, &one);
	w->packed.failed = w->packed.failed || one.failed;
	pack_u32(&w->packed, (uint32_t)one.n);
	str_add(&w->packed, one.p, one.n);
	str_free(&one);
	w->count++;
	return !w->packed.failed;
}

int copy_look_at_spool(const char *folder, struct copy_waiting *ret_waiting)
{
	const int error = spool_look(folder, keep_one, ret_waiting);
	if (ret_waiting->packed.failed)
		return ENOMEM;
	return error == ENOENT ? 0 : error;
}

static enum store_status add_each(struct store *s, const struct copy_waiting *waiting)
{
	enum store_status status = STORE_OK;
	const char *p = str_text(&waiting->packed), *end = p + waiting->packed.n;
	while (p < end && status == STORE_OK) {
		struct unpack u = unpack_of(p, 4);
		const uint32_t n = unpack_u32(&u);
		struct record *r = record_unpack((struct slice){p + 4, n});
		status = r ? store_record(s, &r, 1) : STORE_ERROR;
		record_free(r);
		p += 4 + n;
	}
	return status;
}

enum store_status copy_add(const char *path, const struct copy_waiting *waiting,
			   char ret_why[static 256])
{
	struct store *s;
	if (waiting->count == 0)
		return STORE_OK;
	enum store_status status = store_open(path, STORE_WRITE, CHECK_WAIT_MS, &s, ret_why);
	if (status != STORE_OK)
		return status;
	status = add_each(s, waiting);
	if (status == STORE_OK) /* a file alone again */
		status = sql_status(
		    s, sqlite3_exec(s->db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL));
	if (status != STORE_OK)
		snprintf(ret_why, 256, "%.100s: %.150s", path, store_error(s));
	store_close(s);
	return status;
}

/* -- checking ------------------------------------------------------------------------------- */

static int number(sqlite3 *db, const char *text, int64_t *ret_number)
{
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(db, text, -1, &st, NULL);
	if (rc == SQLITE_OK)
		while ((rc = sqlite3_step(st)) == SQLITE_ROW)
			*ret_number = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int soundness(sqlite3 *db, const char *path, char why[static 256], bool *ret_sound)
{
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(db, "PRAGMA integrity_check(1)", -1, &st, NULL);
	if (rc == SQLITE_OK)
		while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
			const char *said = sql_text(st, 0);
			*ret_sound = strcmp(said, "ok") == 0;
			if (!*ret_sound)
				snprintf(why, 256, "%.100s: damaged: %.120s", path, said);
		}
	sqlite3_finalize(st);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int count(sqlite3 *db, struct copy_facts *f)
{
	int rc = number(db, "SELECT count(*) FROM message", &f->messages);
	if (rc == SQLITE_OK)
		rc = number(db, "SELECT count(*) FROM pending", &f->pendings);
	if (rc == SQLITE_OK)
		rc = number(db,
			    "SELECT count(*) FROM pending WHERE state NOT IN ('done', 'resolved')",
			    &f->unsettled);
	if (rc == SQLITE_OK)
		rc = number(db,
			    "SELECT max(coalesce((SELECT max(received_at) FROM message), 0),"
			    " coalesce((SELECT max(at) FROM event), 0))",
			    &f->latest);
	return rc;
}

enum store_status copy_check(const char *path, struct copy_facts *ret_facts,
			     char ret_why[static 256])
{
	struct copy_facts f = {0};
	sqlite3 *db = NULL;
	bool sound = true;
	switch (schema_look_file(path, &f.schema)) {
	case SCHEMA_OURS:
	case SCHEMA_OLDER: break;
	case SCHEMA_NEWER:
		snprintf(
		    ret_why, 256,
		    "%.120s is of schema version %d, of a later keepname; this one knows up to %d",
		    path, f.schema, schema_version());
		return STORE_NEWER;
	default:
		snprintf(ret_why, 256, "%.200s is not a database of keepname", path);
		return STORE_NOT_OURS;
	}
	/* Readable by itself alone: a damaged file must not be able to say what is run. */
	int rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_PRIVATECACHE, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_busy_timeout(db, CHECK_WAIT_MS);
	if (rc == SQLITE_OK)
		rc = sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, "PRAGMA trusted_schema = OFF", NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = soundness(db, path, ret_why, &sound);
	if (rc == SQLITE_OK && sound)
		rc = count(db, &f);
	enum store_status status = sound ? STORE_OK : STORE_ERROR;
	if (rc != SQLITE_OK)
		status = say(rc, db, path, ret_why);
	sqlite3_close(db);
	if (status == STORE_OK)
		*ret_facts = f;
	return status;
}

enum store_status copy_settle(const char *path, char ret_why[static 256])
{
	enum store_status status = STORE_OK;
	sqlite3 *db = NULL;
	int64_t busy = 1;
	int rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_PRIVATECACHE, NULL);
	if (rc == SQLITE_OK)
		rc = number(db, "PRAGMA wal_checkpoint(TRUNCATE)", &busy);
	if (rc != SQLITE_OK)
		status = say(rc, db, path, ret_why);
	else if (busy) {
		snprintf(ret_why, 256, "%.200s: somebody else has it open", path);
		status = STORE_BUSY;
	}
	sqlite3_close(db);
	return status;
}
