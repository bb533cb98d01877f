/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store.c - opening the database, and recording what was judged.
 *
 * Opening looks at the file's header before SQLite does (schema.c), and SQLite may not checkpoint
 * on closing until the file has proved ours and of a version that we know. Recording is one
 * IMMEDIATE transaction; in WAL mode with synchronous=FULL its commit is on disk when it returns.
 * Addresses are kept in lower case: they name the same mailbox in practice, and a pending that is
 * split by a capital letter is a deadline seen late.
 */
#include "db/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/ceiling.h"
#include "db/pendings.h"
#include "db/schema.h"
#include "db/sql.h"
#include "db/suggestions.h"

enum {
	FILE_MODE = 0640, /* a group may be given the right to read; -wal and -shm inherit it */
};

/* -- opening -------------------------------------------------------------------------------- */

static enum store_status say(enum store_status status, char why[static 256], const char *path,
			     const char *text)
{
	sqlite3_snprintf(256, why, "%s: %s", path, text);
	return status;
}

static enum store_status refuse(enum schema_state state, int version, const char *path,
				char why[static 256])
{
	if (state == SCHEMA_NOT_OURS)
		return say(STORE_NOT_OURS, why, path, "is not a database of keepname");
	if (state == SCHEMA_NEWER) {
		sqlite3_snprintf(256, why,
				 "%s: is of version %d, written by a later keepname; this one "
				 "knows versions up to %d",
				 path, version, schema_version());
		return STORE_NEWER;
	}
	return STORE_OK;
}

/* Makes an empty file with our mode, since SQLite would use its own. */
static bool make_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
	if (fd < 0)
		return errno == EEXIST;
	bool good = fchmod(fd, FILE_MODE) == 0;
	close(fd);
	return good;
}

static enum store_status open_status(struct store *s, int rc, const char *path,
				     char why[static 256])
{
	enum store_status status = sql_status(s, rc);
	if (status == STORE_NOT_OURS)
		return refuse(SCHEMA_NOT_OURS, 0, path, why);
	return say(status, why, path, status == STORE_READ_ONLY ? "is read-only" : s->error);
}

/* Nothing here writes to the file. */
static int set_up(struct store *s, int wait_ms)
{
	/* secure_delete: what is erased is overwritten, and so are undo's copies when they go. */
	static const char pragmas[] = "PRAGMA synchronous = FULL;"
				      "PRAGMA secure_delete = ON;"
				      "PRAGMA foreign_keys = ON;"
				      "PRAGMA trusted_schema = OFF;";
	sqlite3 *db = s->db;
	sqlite3_extended_result_codes(db, 1);
	sqlite3_busy_timeout(db, wait_ms);
	sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	return sqlite3_exec(db, pragmas, NULL, NULL, NULL);
}

static int use_wal(struct store *s)
{
	static const char text[] = "PRAGMA journal_mode = WAL";
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(s->db, text, -1, &st, NULL);
	bool wal = false;
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			wal = strcmp(sql_text(st, 0), "wal") == 0;
	sqlite3_finalize(st);
	return rc == SQLITE_OK && !wal ? SQLITE_IOERR : rc;
}

static enum store_status make_ready(struct store *s, const char *path, enum store_access access,
				    int wait_ms, char why[static 256])
{
	int version = 0;
	int rc = set_up(s, wait_ms);
	if (rc != SQLITE_OK)
		return open_status(s, rc, path, why);
	enum schema_state state = schema_look(s->db, &version);
	if (state == SCHEMA_ERROR)
		return open_status(s, sqlite3_extended_errcode(s->db), path, why);
	enum store_status refused = refuse(state, version, path, why);
	if (refused != STORE_OK)
		return refused;
	if (access == STORE_READ) {
		if (state == SCHEMA_OURS)
			return STORE_OK;
		sqlite3_snprintf(256, why,
				 "%s: is of version %d, to be brought to version %d by "
				 "keepname-milter first",
				 path, version, schema_version());
		return state == SCHEMA_EMPTY ? STORE_MISSING : STORE_ERROR;
	}
	if (sqlite3_db_readonly(s->db, "main") == 1)
		return say(STORE_READ_ONLY, why, path, "is read-only");
	rc = state == SCHEMA_OURS ? SQLITE_OK : schema_migrate(s->db);
	if (rc == SQLITE_OK)
		rc = use_wal(s);
	return rc == SQLITE_OK ? STORE_OK : open_status(s, rc, path, why);
}

enum store_status store_open(const char *path, enum store_access access, int wait_ms,
			     struct store **ret_store, char ret_why[static 256])
{
	int version;
	enum schema_state state = schema_look_file(path, &version);
	enum store_status status = refuse(state, version, path, ret_why);
	if (status != STORE_OK)
		return status;
	if (state == SCHEMA_ERROR)
		return say(STORE_ERROR, ret_why, path, strerror(errno));
	if (state == SCHEMA_EMPTY && access == STORE_READ)
		return say(STORE_MISSING, ret_why, path, "there is no database yet");
	if (state == SCHEMA_EMPTY && !make_file(path))
		return say(errno == EROFS ? STORE_READ_ONLY : STORE_ERROR, ret_why, path,
			   strerror(errno));
	struct store *s = calloc(1, sizeof(*s));
	if (!s)
		return say(STORE_ERROR, ret_why, path, "out of memory");
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
	flags |= access == STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	int rc = sqlite3_open_v2(path, &s->db, flags, NULL);
	if (rc == SQLITE_OK)
		status = make_ready(s, path, access, wait_ms, ret_why);
	else
		status = open_status(s, rc, path, ret_why);
	if (status != STORE_OK) {
		store_close(s);
		return status;
	}
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
	*ret_store = s;
	return STORE_OK;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	sql_close(s);
	free(s);
}

const char *store_error(const struct store *s)
{
	return s->error;
}

bool store_has_moved(struct store *s)
{
	int moved = 0;
	int rc = sqlite3_file_control(s->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
	return rc != SQLITE_OK || moved != 0;
}

/* -- recording ------------------------------------------------------------------------------ */

/* "verdict.genuine", "class.renewal" */
static int count_word(struct store *s, const char *kind, const char *word)
{
	char name[64];
	sqlite3_snprintf(sizeof(name), name, "%s.%s", kind, word);
	return *word ? sql_count(s, name, 1) : SQLITE_OK;
}

static void say_domains(const struct record *r, struct str *to)
{
	for (uint32_t i = 0; i < r->domain_kept; i++)
		str_printf(to, "%s%s", i ? "," : "", r->domain[i]);
}

/* One row for the recipient; *ret_new is false when there was one already. */
static int note_message(struct store *s, const struct record *r, const char *recipient,
			bool *ret_new)
{
	static const char text[] =
	    "INSERT INTO message (received_at, recipient, message_id, queue_id, verdict, class,"
	    " from_address, sender, registrar, proof, reasons, ours, date, subject, deadline,"
	    " deadline_source, domains, domain_count)"
	    " VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18)"
	    " ON CONFLICT (recipient, message_id, verdict) DO NOTHING";
	struct str domains = {0}, reasons = {0};
	say_domains(r, &domains);
	record_reasons_print(r->reasons, &reasons);
	int rc = SQLITE_NOMEM;
	if (!domains.failed && !reasons.failed)
		rc =
		    sql_run(s, text,
			    "ittttttttttt"
			    "ititti",
			    r->received_at, recipient, r->message_id, r->queue_id,
			    verdict_name(r->verdict), class_name(r->class), r->from, r->sender,
			    r->registrar, r->proof, str_text(&reasons), ours_name(r->ours), r->date,
			    r->subject, r->deadline, deadline_source_name(r->deadline_source),
			    str_text(&domains), (int64_t)r->domain_count);
	*ret_new = rc == SQLITE_OK && sqlite3_changes(s->db) > 0;
	str_free(&domains);
	str_free(&reasons);
	return rc;
}

/* What is only suggested must not keep out what was seen: where the database refuses it, it is left
 * out and counted. */
static int note_suggestion(struct store *s, const struct record *r, const char *recipient,
			   bool first)
{
	static const char begin[] = "SAVEPOINT suggestion", back[] = "ROLLBACK TO suggestion",
			  end[] = "RELEASE suggestion";
	int rc = sql_run(s, begin, "");
	if (rc != SQLITE_OK)
		return rc;
	rc = suggestions_note(s, r, recipient, first);
	if (sql_status(s, rc) == STORE_REFUSED) {
		rc = sql_run(s, back, "");
		if (rc == SQLITE_OK)
			rc = sql_count(s, "suggestion.refused", 1);
	}
	return rc == SQLITE_OK ? sql_run(s, end, "") : rc;
}

static int note_recipient(struct store *s, const struct record *r, const char *address,
			  bool *any_new)
{
	bool is_new = false;
	char *recipient = strdup(address);
	if (!recipient)
		return SQLITE_NOMEM;
	str_lower(recipient);
	int rc = note_message(s, r, recipient, &is_new);
	if (rc == SQLITE_OK && is_new && record_is_strangers(r))
		rc = ceiling_trim(s);
	if (rc == SQLITE_OK && is_new && r->pending != PENDING_NO)
		rc = pendings_note(s, r, recipient);
	if (rc == SQLITE_OK && is_new)
		rc = pendings_settle(s, r, recipient);
	if (rc == SQLITE_OK && is_new && r->offer.kind != OFFER_NO)
		rc = note_suggestion(s, r, recipient, !*any_new);
	*any_new = *any_new || is_new;
	free(recipient);
	return rc;
}

static int note_signs(struct store *s, const struct record *r)
{
	static const char text[] =
	    "INSERT INTO signs VALUES (lower(?1), ?2, ?2) ON CONFLICT (address) DO UPDATE SET"
	    " first_seen = min(first_seen, ?2), last_seen = max(last_seen, ?2)";
	return r->dkim_proved && *r->from ? sql_run(s, text, "ti", r->from, r->received_at)
					  : SQLITE_OK;
}

static int note_record(struct store *s, const struct record *r)
{
	bool any_new = false;
	int rc = note_signs(s, r);
	for (size_t i = 0; i < r->rcpt_count && rc == SQLITE_OK; i++)
		rc = note_recipient(s, r, r->rcpt[i], &any_new);
	if (r->rcpt_count == 0 && rc == SQLITE_OK)
		rc = note_recipient(s, r, "", &any_new);
	if (rc == SQLITE_OK && any_new)
		rc = count_word(s, "verdict", verdict_name(r->verdict));
	if (rc == SQLITE_OK && any_new)
		rc = count_word(s, "class", class_name(r->class));
	if (rc == SQLITE_OK && any_new && record_is_unrecognised(r))
		rc = sql_count(s, "class.unrecognised", 1);
	return rc;
}

enum store_status store_record(struct store *s, struct record *const record[], size_t n)
{
	int rc = sql_begin(s);
	for (size_t i = 0; i < n && rc == SQLITE_OK; i++)
		rc = note_record(s, record[i]);
	return sql_end(s, rc);
}

enum store_status store_knows(struct store *s, const struct record *r, const char *recipient,
			      bool *ret_known)
{
	static const char text[] =
	    "SELECT 1 FROM message WHERE recipient = lower(?1) AND message_id = ?2"
	    " AND (verdict = ?3 OR verdict = 'genuine' OR (?4 AND verdict IN ('known', 'unproven')"
	    " AND class = ?5 AND from_address = ?6))";
	sqlite3_stmt *st;
	bool known = false;
	int rc =
	    sql_start(s, text, &st, "tttitt", recipient, r->message_id, verdict_name(r->verdict),
		      (int64_t)(r->pending == PENDING_REVIEW), class_name(r->class), r->from);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			known = true;
	if (rc == SQLITE_OK)
		*ret_known = known;
	return sql_status(s, rc);
}

enum store_status store_each_unrecognised(struct store *s, int64_t since,
					  void (*each)(void *context, const struct unrecognised *u),
					  void *context)
{
	static const char text[] =
	    "SELECT max(received_at), recipient, from_address, registrar, subject, message_id"
	    " FROM message WHERE received_at >= ?1 AND verdict = 'known' AND reasons = 'class'"
	    " GROUP BY message_id ORDER BY max(received_at) DESC, message_id";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "i", since);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			const struct unrecognised u = {
			    .received_at = sqlite3_column_int64(st, 0),
			    .recipient = sql_text(st, 1),
			    .from = sql_text(st, 2),
			    .registrar = sql_text(st, 3),
			    .subject = sql_text(st, 4),
			    .message_id = sql_text(st, 5),
			};
			each(context, &u);
		}
	return sql_status(s, rc);
}

/* -- small questions ------------------------------------------------------------------------ */

enum store_status store_generation(struct store *s, int64_t *ret_generation)
{
	static const char text[] = "SELECT value FROM meta WHERE key = 'generation'";
	sqlite3_stmt *st;
	int64_t generation = 0;
	int rc = sql_start(s, text, &st, "");
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			generation = sqlite3_column_int64(st, 0);
	if (rc == SQLITE_OK)
		*ret_generation = generation;
	return sql_status(s, rc);
}

enum store_status store_sender_signs(struct store *s, const char *address, bool *ret_signs)
{
	static const char text[] = "SELECT 1 FROM signs WHERE address = lower(?1)";
	sqlite3_stmt *st;
	bool signs = false;
	int rc = sql_start(s, text, &st, "t", address);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			signs = true;
	if (rc == SQLITE_OK)
		*ret_signs = signs;
	return sql_status(s, rc);
}

enum store_status store_each_counter(struct store *s,
				     void (*each)(void *context, const char *name, int64_t value),
				     void *context)
{
	static const char text[] = "SELECT name, value FROM counter ORDER BY name";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "");
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			each(context, sql_text(st, 0), sqlite3_column_int64(st, 1));
	return sql_status(s, rc);
}

enum store_status store_count_all(struct store *s, const char *const name[], const int64_t more[],
				  size_t count)
{
	int rc = sql_begin(s);
	for (size_t i = 0; i < count && rc == SQLITE_OK; i++)
		rc = sql_count(s, name[i], more[i]);
	return sql_end(s, rc);
}

enum store_status store_count(struct store *s, const char *name, int64_t more)
{
	return store_count_all(s, &name, &more, 1);
}
