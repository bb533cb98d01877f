/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Nth write, sync or truncation of the database fails, for every N: what was recorded before is
 * there, the new record is there once or not at all, and the next try succeeds.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

#include "db/schema.h"
#include "db/store.h"
#include "tests/db/faultvfs.h"
#include "tests/db/make.h"

static void remove_database(void)
{
	unlink("f.db");
	unlink("f.db-wal");
	unlink("f.db-shm");
	unlink("f.db-journal");
}

static enum store_status try_open(struct store **ret)
{
	char why[256] = "";
	*ret = NULL;
	return store_open(in_folder("f.db"), STORE_WRITE, 0, ret, why);
}

static void check_sound(int nth)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;
	assert_int_equal(sqlite3_open("f.db", &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &st, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	CHECK(strcmp((const char *)sqlite3_column_text(st, 0), "ok") == 0, "fault at %d: %s", nth,
	      sqlite3_column_text(st, 0));
	sqlite3_finalize(st);
	sqlite3_close(db);
}

static void fail_each_write(int code, enum store_status want)
{
	struct record *first = make_record("a@example.net", "<1@x>");
	struct record *second = make_record("a@example.net", "<2@x>");
	bool reached = true;
	int nth = 1;
	for (; reached; nth++) {
		struct store *s = NULL;
		remove_database();
		assert_int_equal(try_open(&s), STORE_OK);
		assert_int_equal(store_record(s, &first, 1), STORE_OK);
		faultvfs_fail(nth, code);
		enum store_status got = store_record(s, &second, 1);
		reached = faultvfs_clear() >= nth;
		CHECK(got == (reached ? want : STORE_OK), "fault at %d: status %d, %s", nth, got,
		      store_error(s));
		assert_int_equal(ask("f.db", "SELECT count(*) FROM message"), reached ? 1 : 2);
		assert_int_equal(store_record(s, &second, 1), STORE_OK);
		store_close(s);
		check_sound(nth);
		assert_int_equal(ask("f.db", "SELECT count(*) FROM message"), 2);
		assert_int_equal(ask("f.db", "SELECT mails FROM pending"), 2);
	}
	CHECK(nth > 5, "%d writes", nth);
	record_free(first);
	record_free(second);
}

static void a_write_that_fails(void **state)
{
	(void)state;
	fail_each_write(SQLITE_IOERR_WRITE, STORE_ERROR);
}

static void a_disk_that_is_full(void **state)
{
	(void)state;
	fail_each_write(SQLITE_FULL, STORE_FULL);
}

/* Making the database: whatever fails, the next try finds nothing, or something whole. */
static void making_that_fails(void **state)
{
	(void)state;
	bool reached = true;
	int nth = 1;
	for (; reached; nth++) {
		struct store *s = NULL;
		int version;
		remove_database();
		faultvfs_fail(nth, SQLITE_IOERR_WRITE);
		enum store_status got = try_open(&s);
		reached = faultvfs_clear() >= nth;
		store_close(s);
		CHECK(reached || got == STORE_OK, "fault at %d: status %d", nth, got);
		CHECK(try_open(&s) == STORE_OK, "after the fault at %d", nth);
		store_close(s);
		assert_int_equal(schema_look_file("f.db", &version), SCHEMA_OURS);
		check_sound(nth);
	}
	CHECK(nth > 10, "%d writes", nth);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_write_that_fails),
	    cmocka_unit_test(a_disk_that_is_full),
	    cmocka_unit_test(making_that_fails),
	};
	faultvfs_install();
	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
