/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose a database file is: ours, new, older (and then migrated, with what is in it), newer or
 * somebody else's (and then left as it is, octet for octet, with nothing made beside it).
 */
#include "db/schema.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/store.h"
#include "tests/db/make.h"

static void make_sqlite(const char *path, const char *sql)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void make_text(const char *path, const char *text)
{
	FILE *to = fopen(path, "we");
	assert_non_null(to);
	fputs(text, to);
	fclose(to);
}

static bool exists(const char *path)
{
	struct stat st;
	return lstat(path, &st) == 0;
}

/* Opens for both kinds of access; both must be refused with these words, nothing changed. */
static void check_refused(const char *name, enum store_status want, const char *words)
{
	struct str before = {0}, after = {0};
	char side[64];
	slurp(name, &before);
	for (int access = STORE_READ; access <= STORE_WRITE; access++) {
		struct store *s = NULL;
		char why[256] = "";
		enum store_status got =
		    store_open(in_folder(name), (enum store_access)access, 0, &s, why);
		CHECK(got == want, "%s: status %d: %s", name, got, why);
		CHECK(strstr(why, words), "%s: %s", name, why);
		CHECK(strstr(why, in_folder(name)), "%s: %s", name, why);
		assert_null(s);
		slurp(name, &after);
		CHECK(after.n == before.n &&
			  memcmp(str_text(&after), str_text(&before), after.n) == 0,
		      "%s", name);
		static const char *const sides[] = {"-wal", "-shm", "-journal"};
		for (size_t i = 0; i < COUNT_OF(sides); i++) {
			snprintf(side, sizeof(side), "%s%s", name, sides[i]);
			CHECK(!exists(side), "%s was made", side);
		}
	}
	str_free(&before);
	str_free(&after);
}

static void what_is_not_ours_is_refused_untouched(void **state)
{
	(void)state;
	char text[4096];
	make_sqlite("other.db", "CREATE TABLE t (x); INSERT INTO t VALUES (1)");
	check_refused("other.db", STORE_NOT_OURS, "is not a database of keepname");
	make_sqlite("wal.db", "PRAGMA journal_mode = WAL; CREATE TABLE t (x)");
	check_refused("wal.db", STORE_NOT_OURS, "is not a database of keepname");
	make_sqlite("app.db", "PRAGMA application_id = 77; PRAGMA user_version = 2;"
			      "CREATE TABLE sender (x)");
	check_refused("app.db", STORE_NOT_OURS, "is not a database of keepname");
	/* Our mark, but no version that there ever was. */
	make_sqlite("zero.db", "PRAGMA application_id = 0x6b6e616d; CREATE TABLE t (x)");
	check_refused("zero.db", STORE_NOT_OURS, "is not a database of keepname");
	make_sqlite("minus.db", "PRAGMA application_id = 0x6b6e616d; PRAGMA user_version = -1;"
				"CREATE TABLE t (x)");
	check_refused("minus.db", STORE_NOT_OURS, "is not a database of keepname");
	make_text("short", "SQLite format 3");
	check_refused("short", STORE_NOT_OURS, "is not a database of keepname");
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	make_text("text", text);
	check_refused("text", STORE_NOT_OURS, "is not a database of keepname");
	assert_int_equal(mkdir("folder", 0700), 0);
	check_refused("folder", STORE_NOT_OURS, "is not a database of keepname");
	assert_int_equal(mkfifo("fifo", 0600), 0); /* must not hang */
	check_refused("fifo", STORE_NOT_OURS, "is not a database of keepname");
}

static void what_is_newer_is_refused_untouched(void **state)
{
	(void)state;
	char sql[160], words[64];
	snprintf(sql, sizeof(sql),
		 "PRAGMA application_id = 0x6b6e616d; PRAGMA user_version = %d;"
		 "CREATE TABLE t (x)",
		 schema_version() + 1);
	make_sqlite("newer.db", sql);
	snprintf(words, sizeof(words), "version %d,", schema_version() + 1);
	check_refused("newer.db", STORE_NEWER, words);
	snprintf(words, sizeof(words), "up to %d", schema_version());
	check_refused("newer.db", STORE_NEWER, words);
}

/* A later version may still stand in the write-ahead log alone (its daemon was killed). */
static void what_is_newer_in_its_log_is_refused_untouched(void **state)
{
	(void)state;
	struct str before = {0}, after = {0}, wal = {0}, wal_after = {0};
	struct store *s = NULL;
	char why[256], sql[64];
	assert_int_equal(store_open(in_folder("log.db"), STORE_WRITE, 0, &s, why), STORE_OK);
	store_close(s);
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open("log.db", &db), SQLITE_OK);
	sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	snprintf(sql, sizeof(sql), "PRAGMA user_version = %d", schema_version() + 7);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	slurp("log.db", &before);
	slurp("log.db-wal", &wal);
	assert_true(wal.n > 0);
	for (int access = STORE_READ; access <= STORE_WRITE; access++) {
		s = NULL;
		assert_int_equal(
		    store_open(in_folder("log.db"), (enum store_access)access, 0, &s, why),
		    STORE_NEWER);
		assert_null(s);
		slurp("log.db", &after);
		slurp("log.db-wal", &wal_after);
		assert_int_equal(after.n, before.n);
		assert_memory_equal(after.p, before.p, before.n);
		assert_int_equal(wal_after.n, wal.n);
		assert_memory_equal(wal_after.p, wal.p, wal.n);
	}
	str_free(&before);
	str_free(&after);
	str_free(&wal);
	str_free(&wal_after);
}

static void a_new_file_is_ours(void **state)
{
	(void)state;
	struct store *s = NULL;
	struct stat st;
	char why[256];
	int version = 9;
	assert_int_equal(schema_look_file("new.db", &version), SCHEMA_EMPTY);
	assert_int_equal(version, 0);
	assert_int_equal(store_open(in_folder("new.db"), STORE_READ, 0, &s, why), STORE_MISSING);
	assert_false(exists("new.db"));
	assert_int_equal(store_open(in_folder("new.db"), STORE_WRITE, 0, &s, why), STORE_OK);
	assert_int_equal(stat("new.db", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(ask("new.db", "PRAGMA application_id"), SCHEMA_APPLICATION);
	assert_int_equal(ask("new.db", "SELECT count(*) FROM pragma_journal_mode "
				       "WHERE journal_mode = 'wal'"),
			 1);
	assert_int_equal(ask("new.db", "SELECT count(*) FROM pragma_table_list "
				       "WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' "
				       "AND NOT strict"),
			 0);
	store_close(s);
	assert_int_equal(schema_look_file("new.db", &version), SCHEMA_OURS);
	assert_int_equal(version, schema_version());
	/* An empty file, as made by touch(1). */
	make_text("touched.db", "");
	assert_int_equal(store_open(in_folder("touched.db"), STORE_WRITE, 0, &s, why), STORE_OK);
	store_close(s);
	assert_int_equal(store_open(in_folder("no/such.db"), STORE_WRITE, 0, &s, why), STORE_ERROR);
	assert_non_null(strstr(why, "No such file"));
}

/* From every earlier version, with what was in it. */
static void an_older_one_is_brought_up(void **state)
{
	(void)state;
	for (int from = 1; from < schema_version(); from++) {
		sqlite3 *db = NULL;
		struct store *s = NULL;
		char why[256];
		int version;
		unlink("old.db");
		assert_int_equal(sqlite3_open("old.db", &db), SQLITE_OK);
		assert_int_equal(schema_migrate_to(db, from), SQLITE_OK);
		assert_int_equal(sqlite3_exec(db,
					      "INSERT INTO sender VALUES ('local', 'n', 'a@b.c', "
					      "'b.c', 'Sender: n')",
					      NULL, NULL, NULL),
				 SQLITE_OK);
		sqlite3_close(db);
		assert_int_equal(schema_look_file("old.db", &version), SCHEMA_OLDER);
		assert_int_equal(version, from);
		assert_int_equal(store_open(in_folder("old.db"), STORE_READ, 0, &s, why),
				 STORE_ERROR);
		assert_non_null(strstr(why, "to be brought to version"));
		assert_int_equal(schema_look_file("old.db", &version), SCHEMA_OLDER);
		assert_int_equal(store_open(in_folder("old.db"), STORE_WRITE, 0, &s, why),
				 STORE_OK);
		store_close(s);
		assert_int_equal(schema_look_file("old.db", &version), SCHEMA_OURS);
		assert_int_equal(ask("old.db", "SELECT count(*) FROM sender"), 1);
		assert_int_equal(ask("old.db", "SELECT count(*) FROM pending"), 0);
	}
}

/* Two processes that both find the file empty: the second must find the first one's work. */
static void two_that_create_do_it_once(void **state)
{
	(void)state;
	sqlite3 *one = NULL, *two = NULL;
	assert_int_equal(sqlite3_open("both.db", &one), SQLITE_OK);
	assert_int_equal(sqlite3_open("both.db", &two), SQLITE_OK);
	assert_int_equal(schema_migrate_to(one, 1), SQLITE_OK);
	assert_int_equal(schema_migrate(two), SQLITE_OK);
	assert_int_equal(schema_migrate(one), SQLITE_OK);
	sqlite3_close(one);
	sqlite3_close(two);
}

static void a_locked_one_is_busy(void **state)
{
	(void)state;
	sqlite3 *db = NULL;
	struct store *s = NULL;
	char why[256];
	assert_int_equal(sqlite3_open("lock.db", &db), SQLITE_OK);
	assert_int_equal(schema_migrate_to(db, 1), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(store_open(in_folder("lock.db"), STORE_WRITE, 0, &s, why), STORE_BUSY);
	assert_non_null(strstr(why, "locked"));
	sqlite3_close(db);
	assert_int_equal(store_open(in_folder("lock.db"), STORE_WRITE, 0, &s, why), STORE_OK);
	store_close(s);
}

/* A migration that cannot be finished leaves the version that there was. */
static void a_step_is_whole_or_not_at_all(void **state)
{
	(void)state;
	sqlite3 *db = NULL;
	int version;
	assert_int_equal(sqlite3_open("half.db", &db), SQLITE_OK);
	assert_int_equal(schema_migrate_to(db, 1), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "CREATE TABLE counter (x)", NULL, NULL, NULL), SQLITE_OK);
	assert_int_not_equal(schema_migrate(db), SQLITE_OK); /* the name is taken */
	assert_int_equal(schema_look(db, &version), SCHEMA_OLDER);
	assert_int_equal(version, 1);
	sqlite3_close(db);
	assert_int_equal(
	    ask("half.db", "SELECT count(*) FROM sqlite_schema WHERE name = 'message'"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_not_ours_is_refused_untouched),
	    cmocka_unit_test(what_is_newer_is_refused_untouched),
	    cmocka_unit_test(what_is_newer_in_its_log_is_refused_untouched),
	    cmocka_unit_test(a_new_file_is_ours),
	    cmocka_unit_test(an_older_one_is_brought_up),
	    cmocka_unit_test(two_that_create_do_it_once),
	    cmocka_unit_test(a_locked_one_is_busy),
	    cmocka_unit_test(a_step_is_whole_or_not_at_all),
	};
	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
