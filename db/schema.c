/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * schema.c - the tables, as a list of steps.
 *
 * A step that has been released is never changed: what comes later is a step of its own at the end.
 * Words of the vocabulary (terms.h) are stored as words, so that a database can be read by eye and
 * survives a change of our enums. STRICT tables refuse a value of the wrong type.
 *
 * Whose a file is stands in its first 100 octets (SQLite file format 1.3), and is read from there
 * before a connection is opened: that may already write (roll back a journal, make -wal and -shm).
 */
#include "db/schema.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of the lists. What is `shipped` is replaced as a whole, what is `local` is the site's own. */
static const char step_lists[] =
    "CREATE TABLE meta ("
    "  key TEXT PRIMARY KEY,"
    "  value INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "INSERT INTO meta VALUES ('generation', 0);"
    "CREATE TABLE sender ("
    "  origin TEXT NOT NULL CHECK (origin IN ('shipped', 'local')),"
    "  name TEXT NOT NULL,"
    "  address TEXT NOT NULL,"
    "  domain TEXT NOT NULL,"
    "  stanza TEXT NOT NULL,"
    "  PRIMARY KEY (origin, name)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE stanza ("
    "  origin TEXT NOT NULL CHECK (origin IN ('shipped', 'local')),"
    "  kind TEXT NOT NULL CHECK (kind IN ('platform', 'hosts')),"
    "  name TEXT NOT NULL,"
    "  stanza TEXT NOT NULL,"
    "  PRIMARY KEY (origin, kind, name)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE switch ("
    "  name TEXT PRIMARY KEY,"
    "  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1))"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE event ("
    "  id INTEGER PRIMARY KEY,"
    "  at INTEGER NOT NULL,"
    "  actor TEXT NOT NULL,"
    "  kind TEXT NOT NULL,"
    "  sender TEXT,"
    "  pending INTEGER REFERENCES pending (id),"
    "  detail TEXT NOT NULL"
    ") STRICT;"
    "CREATE INDEX event_of_pending ON event (pending) WHERE pending IS NOT NULL;";

/* Of the mail. A message is one row for each recipient; `verdict` is part of what makes it the same
 * one, so that a stranger's mail with a guessed Message-ID cannot keep the genuine one out. */
static const char step_mail[] =
    "CREATE TABLE message ("
    "  id INTEGER PRIMARY KEY,"
    "  received_at INTEGER NOT NULL,"
    "  recipient TEXT NOT NULL,"
    "  message_id TEXT NOT NULL,"
    "  queue_id TEXT NOT NULL,"
    "  verdict TEXT NOT NULL,"
    "  class TEXT NOT NULL,"
    "  from_address TEXT NOT NULL,"
    "  sender TEXT NOT NULL,"
    "  registrar TEXT NOT NULL,"
    "  proof TEXT NOT NULL,"
    "  reasons TEXT NOT NULL,"
    "  ours TEXT NOT NULL,"
    "  date INTEGER NOT NULL,"
    "  subject TEXT NOT NULL,"
    "  deadline INTEGER NOT NULL,"
    "  deadline_source TEXT NOT NULL,"
    "  domains TEXT NOT NULL,"
    "  domain_count INTEGER NOT NULL,"
    "  UNIQUE (recipient, message_id, verdict)"
    ") STRICT;"
    "CREATE INDEX message_by_time ON message (received_at);"
    "CREATE TABLE pending ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  state TEXT NOT NULL CHECK (state IN ('open', 'review', 'done')),"
    "  recipient TEXT NOT NULL,"
    "  class TEXT NOT NULL,"
    "  domain TEXT NOT NULL,"
    "  mail TEXT NOT NULL," /* the Message-ID where no domain is named, else "" */
    "  registrar TEXT NOT NULL,"
    "  sender TEXT NOT NULL,"
    "  from_address TEXT NOT NULL,"
    "  subject TEXT NOT NULL,"
    "  message_id TEXT NOT NULL,"
    "  reasons TEXT NOT NULL,"
    "  deadline INTEGER NOT NULL,"
    "  deadline_source TEXT NOT NULL,"
    "  ours TEXT NOT NULL,"
    "  first_seen INTEGER NOT NULL,"
    "  last_seen INTEGER NOT NULL,"
    "  mails INTEGER NOT NULL"
    ") STRICT;"
    "CREATE INDEX pending_to_join ON pending (recipient, class, domain, mail, state);"
    "CREATE INDEX pending_by_deadline ON pending (state, deadline);"
    "CREATE TABLE signs ("
    "  address TEXT PRIMARY KEY,"
    "  first_seen INTEGER NOT NULL,"
    "  last_seen INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE counter ("
    "  name TEXT PRIMARY KEY,"
    "  value INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;";

/* What the site has decided about mail that was not genuine for want of an entry or a link shape,
 * and what it may decide yet. `own_link` is part of the list, the others are not. Of a suggestion
 * `link` is "HOST PATH", or "" where the sender itself is suggested; a fact is one thing that was
 * seen of it. */
static const char step_suggestions[] =
    "CREATE TABLE own_link ("
    "  sender TEXT NOT NULL,"
    "  link TEXT NOT NULL,"
    "  PRIMARY KEY (sender, link)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE suggestion ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'rejected')),"
    "  address TEXT NOT NULL,"
    "  org TEXT NOT NULL,"
    "  sender TEXT NOT NULL,"
    "  link TEXT NOT NULL,"
    "  deadline INTEGER NOT NULL,"
    "  first_seen INTEGER NOT NULL,"
    "  last_seen INTEGER NOT NULL,"
    "  mails INTEGER NOT NULL,"
    "  recipients INTEGER NOT NULL,"
    "  decided_at INTEGER NOT NULL,"
    "  UNIQUE (address, sender, link)"
    ") STRICT;"
    "CREATE INDEX suggestion_by_org ON suggestion (org, state);"
    "CREATE TABLE suggestion_fact ("
    "  suggestion INTEGER NOT NULL REFERENCES suggestion (id) ON DELETE CASCADE,"
    "  kind TEXT NOT NULL,"
    "  value TEXT NOT NULL,"
    "  mails INTEGER NOT NULL,"
    "  last_seen INTEGER NOT NULL,"
    "  PRIMARY KEY (suggestion, kind, value)"
    ") STRICT, WITHOUT ROWID;";

/* Of what becomes of a matter, and of what stands beside matters. A table's CHECK cannot be
 * changed, so `pending` is made anew, and `event` with it, whose reference would follow the old
 * one.
 *
 * owned: the site's own domains. alarm: what cannot wait for the digest; one of a kind stands for a
 * domain and recipient at a time, ended_at 0. run: how each timed job ended, last and last well. */
static const char step_life[] =
    "ALTER TABLE event RENAME TO event_before;"
    "ALTER TABLE pending RENAME TO pending_before;"
    "CREATE TABLE pending ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  state TEXT NOT NULL"
    "   CHECK (state IN ('open', 'review', 'done', 'expired', 'held', 'resolved')),"
    "  recipient TEXT NOT NULL,"
    "  class TEXT NOT NULL,"
    "  domain TEXT NOT NULL,"
    "  mail TEXT NOT NULL," /* the Message-ID where no domain is named, else "" */
    "  registrar TEXT NOT NULL,"
    "  sender TEXT NOT NULL,"
    "  from_address TEXT NOT NULL,"
    "  subject TEXT NOT NULL,"
    "  message_id TEXT NOT NULL,"
    "  reasons TEXT NOT NULL,"
    "  deadline INTEGER NOT NULL,"
    "  deadline_source TEXT NOT NULL,"
    "  ours TEXT NOT NULL,"
    "  first_seen INTEGER NOT NULL,"
    "  last_seen INTEGER NOT NULL,"
    "  mails INTEGER NOT NULL,"
    "  snoozed_until INTEGER NOT NULL DEFAULT 0,"
    "  origin TEXT NOT NULL CHECK (origin IN ('open', 'review'))" /* by what mail it was opened */
    ") STRICT;"
    "INSERT INTO pending SELECT *, 0, CASE WHEN state <> 'done' THEN state"
    " WHEN EXISTS (SELECT 1 FROM event_before e WHERE e.pending = p.id AND e.kind = 'opened'"
    "  AND e.detail LIKE 'genuine %') THEN 'open' ELSE 'review' END FROM pending_before p;"
    "CREATE TABLE event ("
    "  id INTEGER PRIMARY KEY,"
    "  at INTEGER NOT NULL,"
    "  actor TEXT NOT NULL,"
    "  kind TEXT NOT NULL,"
    "  sender TEXT,"
    "  pending INTEGER REFERENCES pending (id),"
    "  detail TEXT NOT NULL,"
    "  domain TEXT"
    ") STRICT;"
    "INSERT INTO event SELECT *, NULL FROM event_before;"
    "DROP TABLE event_before;"
    "DROP TABLE pending_before;"
    "CREATE INDEX event_of_pending ON event (pending) WHERE pending IS NOT NULL;"
    "CREATE INDEX pending_to_join ON pending (recipient, class, domain, mail, origin);"
    "CREATE INDEX pending_by_deadline ON pending (state, deadline);"
    "CREATE INDEX pending_by_domain ON pending (domain);"
    "CREATE TABLE owned ("
    "  name TEXT PRIMARY KEY,"
    "  source TEXT NOT NULL,"
    "  added_at INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE alarm ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  kind TEXT NOT NULL,"
    "  domain TEXT NOT NULL,"
    "  recipient TEXT NOT NULL,"
    "  pending INTEGER REFERENCES pending (id) ON DELETE SET NULL,"
    "  raised_at INTEGER NOT NULL,"
    "  ended_at INTEGER NOT NULL,"
    "  sent_at INTEGER NOT NULL,"
    "  detail TEXT NOT NULL"
    ") STRICT;"
    "CREATE UNIQUE INDEX alarm_standing ON alarm (kind, domain, recipient) WHERE ended_at = 0;"
    "CREATE TABLE run ("
    "  name TEXT PRIMARY KEY,"
    "  at INTEGER NOT NULL,"
    "  good_at INTEGER NOT NULL,"
    "  detail TEXT NOT NULL"
    ") STRICT, WITHOUT ROWID;";

/* What the last change by a person did, so that it can be taken back: rows as they were before, and
 * of pendings also how it left them. The columns are those of the tables that they mirror, in
 * order. */
static const char step_undo[] =
    "CREATE INDEX event_by_time ON event (at);"
    "CREATE TABLE undo ("
    "  one INTEGER PRIMARY KEY CHECK (one = 1),"
    "  at INTEGER NOT NULL,"
    "  actor TEXT NOT NULL,"
    "  command TEXT NOT NULL"
    ") STRICT;"
    "CREATE TABLE undo_pending ("
    "  id INTEGER PRIMARY KEY, state TEXT, recipient TEXT, class TEXT, domain TEXT, mail TEXT,"
    "  registrar TEXT, sender TEXT, from_address TEXT, subject TEXT, message_id TEXT,"
    "  reasons TEXT, deadline INTEGER, deadline_source TEXT, ours TEXT, first_seen INTEGER,"
    "  last_seen INTEGER, mails INTEGER, snoozed_until INTEGER, origin TEXT,"
    "  after_state TEXT," /* NULL: it was purged */
    "  after_snoozed INTEGER"
    ") STRICT;"
    "CREATE TABLE undo_message ("
    "  id INTEGER PRIMARY KEY, received_at INTEGER, recipient TEXT, message_id TEXT,"
    "  queue_id TEXT, verdict TEXT, class TEXT, from_address TEXT, sender TEXT, registrar TEXT,"
    "  proof TEXT, reasons TEXT, ours TEXT, date INTEGER, subject TEXT, deadline INTEGER,"
    "  deadline_source TEXT, domains TEXT, domain_count INTEGER"
    ") STRICT;"
    "CREATE TABLE undo_event ("
    "  id INTEGER PRIMARY KEY, at INTEGER, actor TEXT, kind TEXT, sender TEXT, pending INTEGER,"
    "  detail TEXT, domain TEXT"
    ") STRICT;"
    "CREATE TABLE undo_alarm ("
    "  id INTEGER PRIMARY KEY, kind TEXT, domain TEXT, recipient TEXT, pending INTEGER,"
    "  raised_at INTEGER, ended_at INTEGER, sent_at INTEGER, detail TEXT"
    ") STRICT;"
    "CREATE TABLE undo_fact ("
    "  suggestion INTEGER, kind TEXT, value TEXT, mails INTEGER, last_seen INTEGER"
    ") STRICT;"
    "CREATE TABLE undo_owned ("
    "  name TEXT PRIMARY KEY, source TEXT, added_at INTEGER,"
    "  gone INTEGER NOT NULL" /* it was removed; 0: it was added */
    ") STRICT, WITHOUT ROWID;";

/* How watched domains stand at their registries, and when names of senders were registered. */
static const char step_watch[] =
    "CREATE TABLE watched ("
    "  domain TEXT PRIMARY KEY,"
    "  standing TEXT NOT NULL,"
    "  causes TEXT NOT NULL,"
    "  since INTEGER NOT NULL,"
    "  checked_at INTEGER NOT NULL,"
    "  tried_at INTEGER NOT NULL,"
    "  asked_at INTEGER NOT NULL,"
    "  trouble TEXT NOT NULL,"
    "  servers TEXT NOT NULL,"
    "  former TEXT NOT NULL,"
    "  registrar TEXT NOT NULL,"
    "  iana_id INTEGER NOT NULL,"
    "  registered_at INTEGER NOT NULL,"
    "  expires_at INTEGER NOT NULL,"
    "  statuses TEXT NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE registry_wait (" /* RDAP servers that want to be left alone */
    "  base TEXT PRIMARY KEY,"
    "  until INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE registered ("
    "  name TEXT PRIMARY KEY,"
    "  registered_at INTEGER NOT NULL,"
    "  checked_at INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX event_of_domain ON event (domain) WHERE domain IS NOT NULL;";

/* What somebody has been told of a pending (notices.h). */
static const char step_notice[] =
    "CREATE TABLE notice ("
    "  pending INTEGER NOT NULL REFERENCES pending (id) ON DELETE CASCADE,"
    "  step INTEGER NOT NULL,"
    "  at INTEGER NOT NULL,"
    "  PRIMARY KEY (pending, step)"
    ") STRICT, WITHOUT ROWID;";

/* The list before an update of it (releases.h); kind: sender, platform or hosts. */
static const char step_releases[] = "CREATE TABLE shipped_before ("
				    "  kind TEXT NOT NULL,"
				    "  name TEXT NOT NULL,"
				    "  address TEXT NOT NULL,"
				    "  domain TEXT NOT NULL,"
				    "  stanza TEXT NOT NULL,"
				    "  PRIMARY KEY (kind, name)"
				    ") STRICT, WITHOUT ROWID;";

/* Counted and dropped, oldest first (ceiling.h). */
static const char step_ceiling[] =
    "CREATE INDEX message_of_strangers ON message (received_at, verdict)"
    " WHERE verdict IN ('unproven', 'forged', 'lookalike', 'unlisted');";

/* To whom the last digest went and when (notices.h); "": the administrator. */
static const char step_mailed[] = "CREATE TABLE mailed ("
				  "  recipient TEXT PRIMARY KEY,"
				  "  at INTEGER NOT NULL"
				  ") STRICT, WITHOUT ROWID;";

/* All by which pendings are chosen, ordered and counted, and mails counted, so that a million of
 * them are gone through without reading them. */
static const char step_to_do[] =
    "CREATE INDEX pending_to_do ON pending (state, deadline, origin, ours, class, snoozed_until);"
    "DROP INDEX pending_by_deadline;"
    "CREATE INDEX message_by_week ON message (received_at, verdict, registrar);"
    "DROP INDEX message_by_time;";

/* When a timed job began that has not ended (runs.h). */
static const char step_began[] = "ALTER TABLE run ADD COLUMN began_at INTEGER NOT NULL DEFAULT 0;";

static const char *const steps[] = {step_lists,   step_mail,   step_suggestions, step_life,
				    step_undo,    step_watch,  step_notice,      step_releases,
				    step_ceiling, step_mailed, step_to_do,       step_began};

int schema_version(void)
{
	return (int)(sizeof(steps) / sizeof(steps[0]));
}

/* -- looking -------------------------------------------------------------------------------- */

enum {
	HEADER_BYTES = 100,
	VERSION_AT = 60,
	APPLICATION_AT = 68,
};

static enum schema_state judge(int64_t application, int64_t version, int *ret_version)
{
	*ret_version = (int)version;
	if (application != SCHEMA_APPLICATION || version < 1)
		return SCHEMA_NOT_OURS;
	if (version > schema_version())
		return SCHEMA_NEWER;
	return version == schema_version() ? SCHEMA_OURS : SCHEMA_OLDER;
}

static int64_t number_at(const unsigned char *p)
{
	uint32_t n = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	return n > INT32_MAX ? (int64_t)n - UINT32_MAX - 1 : (int64_t)n; /* signed */
}

/* The first octets, through SQLite's own way to files: closing a descriptor of ours would drop the
 * locks that connections of this process hold on the same file (POSIX), and lose commits. */
static int read_header(sqlite3_vfs *vfs, const char *path, unsigned char header[HEADER_BYTES])
{
	sqlite3_file *file = calloc(1, (size_t)vfs->szOsFile);
	const char *name = sqlite3_create_filename(path, "", "", 0, NULL);
	int got = 0, rc = SQLITE_NOMEM;
	if (file && name)
		rc = vfs->xOpen(vfs, name, file, SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_READONLY, &got);
	if (rc == SQLITE_OK)
		rc = file->pMethods->xRead(file, header, HEADER_BYTES, 0);
	if (file && file->pMethods)
		file->pMethods->xClose(file);
	sqlite3_free_filename(name);
	free(file);
	return rc;
}

enum schema_state schema_look_file(const char *path, int *ret_version)
{
	static const char magic[16] = "SQLite format 3";
	unsigned char header[HEADER_BYTES] = {0};
	struct stat st;
	*ret_version = 0;
	if (stat(path, &st) < 0)
		return errno == ENOENT ? SCHEMA_EMPTY : SCHEMA_ERROR;
	if (!S_ISREG(st.st_mode))
		return SCHEMA_NOT_OURS;
	if (st.st_size == 0)
		return SCHEMA_EMPTY;
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	int rc = vfs ? read_header(vfs, path, header) : SQLITE_ERROR;
	if (rc == SQLITE_OK && memcmp(header, magic, sizeof(magic)) == 0)
		return judge(number_at(header + APPLICATION_AT), number_at(header + VERSION_AT),
			     ret_version);
	if (rc == SQLITE_OK || rc == SQLITE_IOERR_SHORT_READ)
		return SCHEMA_NOT_OURS;
	errno = access(path, R_OK) < 0 ? errno : EIO;
	return SCHEMA_ERROR;
}

static bool ask(sqlite3 *db, const char *sql, int64_t *ret_number)
{
	sqlite3_stmt *st = NULL;
	bool good = sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK &&
		    sqlite3_step(st) == SQLITE_ROW;
	if (good)
		*ret_number = sqlite3_column_int64(st, 0);
	return sqlite3_finalize(st) == SQLITE_OK && good;
}

enum schema_state schema_look(sqlite3 *db, int *ret_version)
{
	int64_t tables, application, version;
	*ret_version = 0;
	if (!ask(db, "SELECT count(*) FROM sqlite_schema", &tables) ||
	    !ask(db, "PRAGMA application_id", &application) ||
	    !ask(db, "PRAGMA user_version", &version))
		return SCHEMA_ERROR;
	if (tables == 0 && application == 0 && version == 0)
		return SCHEMA_EMPTY;
	return judge(application, version, ret_version);
}

/* -- migrating ------------------------------------------------------------------------------ */

/* The step to version from + 1, unless somebody else has taken it meanwhile. */
static int take_step(sqlite3 *db, int from)
{
	char mark[96];
	int64_t version = 0;
	sqlite3_snprintf(sizeof(mark), mark, "PRAGMA application_id = %d; PRAGMA user_version = %d",
			 SCHEMA_APPLICATION, from + 1);
	int rc = sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		return rc;
	if (!ask(db, "PRAGMA user_version", &version))
		rc = sqlite3_errcode(db);
	if (rc == SQLITE_OK && version == from) {
		rc = sqlite3_exec(db, steps[from], NULL, NULL, NULL);
		if (rc == SQLITE_OK)
			rc = sqlite3_exec(db, mark, NULL, NULL, NULL);
	}
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

int schema_migrate_to(sqlite3 *db, int version)
{
	int from = 0;
	enum schema_state state = schema_look(db, &from);
	if (state == SCHEMA_ERROR)
		return sqlite3_errcode(db);
	if (state == SCHEMA_NOT_OURS || state == SCHEMA_NEWER)
		return SQLITE_MISUSE;
	for (; from < version; from++) {
		int rc = take_step(db, from);
		if (rc != SQLITE_OK)
			return rc;
	}
	return SQLITE_OK;
}

int schema_migrate(sqlite3 *db)
{
	return schema_migrate_to(db, schema_version());
}
