/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The writer: what its answer promises is so, with a database that is there, locked, missing, moved
 * away, full or hanging; the spool comes back into the database, each record once.
 */
#include "db/writer.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/db/faultvfs.h"
#include "db/schema.h"
#include "tests/db/make.h"

/* What the writer said, and waiting for it to say something. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct str text;
} said = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void on_say(void *context, bool trouble, const char *text)
{
	assert_ptr_equal(context, &said);
	pthread_mutex_lock(&said.lock);
	str_printf(&said.text, "%s: %s\n", trouble ? "trouble" : "well", text);
	pthread_cond_broadcast(&said.changed);
	pthread_mutex_unlock(&said.lock);
}

static void await_said(const char *words)
{
	pthread_mutex_lock(&said.lock);
	while (!strstr(str_text(&said.text), words))
		pthread_cond_wait(&said.changed, &said.lock);
	pthread_mutex_unlock(&said.lock);
}

static bool was_said(const char *words)
{
	pthread_mutex_lock(&said.lock);
	bool was = strstr(str_text(&said.text), words) != NULL;
	pthread_mutex_unlock(&said.lock);
	return was;
}

static void start_over(void)
{
	static const char *const files[] = {"w.db", "w.db-wal", "w.db-shm", "spool/records.spool"};
	for (size_t i = 0; i < COUNT_OF(files); i++)
		unlink(files[i]);
	str_free(&said.text);
}

static struct writer *start(void)
{
	struct writer *w = NULL;
	char why[256] = "";
	bool good = writer_start(in_folder("w.db"), in_folder("spool"), on_say, &said, &w, why);
	CHECK(good, "%s", why);
	return w;
}

static enum writer_result put(struct writer *w, const char *id)
{
	return writer_put(w, make_record("a@example.net", id));
}

static int64_t count_messages(void)
{
	return ask("w.db", "SELECT count(*) FROM message");
}

static void what_is_stored_is_there(void **state)
{
	(void)state;
	start_over();
	struct writer *w = start();
	assert_int_equal(put(w, "1"), WRITER_STORED);
	assert_int_equal(count_messages(), 1);
	assert_int_equal(put(w, "1"), WRITER_STORED);
	assert_int_equal(count_messages(), 1);
	writer_stop(w);
	assert_string_equal(str_text(&said.text), "");
	writer_stop(NULL);
}

enum {
	THREADS = 8,
	EACH = 25,
};

struct putting {
	struct writer *w;
	int number, count;
	int stored, spooled;
	bool *one_spooled; /* told under said.lock */
};

static void *put_many(void *context)
{
	struct putting *p = context;
	char id[32];
	for (int i = 0; i < p->count; i++) {
		snprintf(id, sizeof(id), "%d-%d", p->number, i);
		enum writer_result got = put(p->w, id);
		p->stored += got == WRITER_STORED;
		p->spooled += got == WRITER_SPOOLED;
		if (got == WRITER_SPOOLED && p->one_spooled) {
			pthread_mutex_lock(&said.lock);
			*p->one_spooled = true;
			pthread_cond_broadcast(&said.changed);
			pthread_mutex_unlock(&said.lock);
		}
	}
	return NULL;
}

static void many_threads_are_served(void **state)
{
	(void)state;
	pthread_t thread[THREADS];
	struct putting p[THREADS];
	start_over();
	struct writer *w = start();
	for (int i = 0; i < THREADS; i++) {
		p[i] = (struct putting){.w = w, .number = i, .count = EACH};
		assert_int_equal(pthread_create(&thread[i], NULL, put_many, &p[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(thread[i], NULL);
		assert_int_equal(p[i].stored, EACH);
	}
	writer_stop(w);
	assert_int_equal(count_messages(), THREADS * EACH);
}

static sqlite3 *lock_database(void)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open("w.db", &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	return db;
}

static void a_locked_database_spools(void **state)
{
	(void)state;
	start_over();
	struct writer *w = start();
	sqlite3 *lock = lock_database();
	assert_int_equal(put(w, "1"), WRITER_SPOOLED);
	assert_int_equal(put(w, "2"), WRITER_SPOOLED); /* at once: it is known to be down */
	assert_true(was_said("trouble: "));
	assert_true(was_said("locked; records go to the spool"));
	sqlite3_close(lock);
	await_said("well: database is back, 2 records replayed from the spool");
	assert_int_equal(put(w, "3"), WRITER_STORED);
	assert_int_equal(put(w, "1"), WRITER_STORED);
	writer_stop(w);
	assert_int_equal(count_messages(), 3);
	assert_int_equal(ask("w.db", "SELECT value FROM counter WHERE name = 'spool.replayed'"), 2);
}

static void a_locked_database_is_no_reason_not_to_start(void **state)
{
	(void)state;
	start_over();
	struct writer *w = start();
	writer_stop(w);
	sqlite3 *lock = NULL;
	assert_int_equal(sqlite3_open("w.db", &lock), SQLITE_OK);
	assert_int_equal(sqlite3_exec(lock, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	w = start();
	assert_int_equal(put(w, "1"), WRITER_SPOOLED);
	sqlite3_close(lock);
	await_said("well: database is back, 1 records replayed");
	writer_stop(w);
	assert_int_equal(count_messages(), 1);
}

static void a_database_that_comes_later(void **state)
{
	(void)state;
	start_over();
	struct writer *w = NULL;
	char why[256];
	assert_true(
	    writer_start(in_folder("later/w.db"), in_folder("spool"), on_say, &said, &w, why));
	assert_true(was_said("No such file or directory; records go to the spool"));
	assert_int_equal(put(w, "1"), WRITER_SPOOLED);
	assert_int_equal(mkdir("later", 0700), 0);
	await_said("well: database is back, 1 records replayed");
	assert_int_equal(put(w, "2"), WRITER_STORED);
	writer_stop(w);
	assert_int_equal(ask("later/w.db", "SELECT count(*) FROM message"), 2);
}

static void a_database_that_is_moved_away(void **state)
{
	(void)state;
	start_over();
	struct writer *w = start();
	assert_int_equal(put(w, "1"), WRITER_STORED);
	assert_int_equal(rename("w.db", "away.db"), 0);
	unlink("w.db-wal");
	unlink("w.db-shm");
	assert_int_equal(put(w, "2"), WRITER_SPOOLED);
	assert_true(was_said("has been moved or deleted; records go to the spool"));
	await_said("well: database is back, 1 records replayed");
	assert_int_equal(put(w, "3"), WRITER_STORED);
	writer_stop(w);
	assert_int_equal(count_messages(), 2);
}

static void what_waits_in_the_spool_is_replayed_at_the_start(void **state)
{
	(void)state;
	enum {
		MANY = 200, /* more than one slice */
	};
	start_over();
	struct spool *spool = NULL;
	assert_int_equal(spool_open(in_folder("spool"), &spool), 0);
	for (int i = 0; i < MANY; i++) {
		char id[16];
		snprintf(id, sizeof(id), "%d", i);
		struct record *r = make_record("a@example.net", id);
		assert_int_equal(spool_put(spool, r), 0);
		record_free(r);
	}
	spool_close(spool);
	struct writer *w = start();
	await_said("well: 200 records replayed from the spool");
	writer_stop(w);
	assert_int_equal(count_messages(), MANY);
}

static void check_refused(const char *want_a, const char *want_b)
{
	struct writer *w = NULL;
	char why[256] = "";
	assert_false(writer_start(in_folder("w.db"), in_folder("spool"), on_say, &said, &w, why));
	assert_null(w);
	CHECK(strstr(why, want_a) && strstr(why, want_b), "%s", why);
}

static void what_must_not_be_used_is_refused(void **state)
{
	(void)state;
	sqlite3 *db = NULL;
	start_over();
	struct writer *w = start(), *second = NULL;
	char why[256] = "", words[32];
	assert_false(
	    writer_start(in_folder("x.db"), in_folder("spool"), on_say, &said, &second, why));
	assert_non_null(strstr(why, "another keepname-milter uses it"));
	writer_stop(w);
	assert_int_equal(sqlite3_open("w.db", &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(db, "PRAGMA user_version = 4711; PRAGMA journal_mode = DELETE", NULL, NULL,
			 NULL),
	    SQLITE_OK);
	sqlite3_close(db);
	snprintf(words, sizeof(words), "up to %d", schema_version());
	check_refused("is of version 4711", words);
	unlink("w.db");
	FILE *to = fopen("w.db", "we");
	fputs("not a database", to);
	fclose(to);
	check_refused("w.db", "is not a database of keepname");
	start_over();
	to = fopen("spool/records.spool", "we");
	fputs("not a spool", to);
	fclose(to);
	check_refused("records.spool", "move it away");
	start_over();
}

/* -- a disk that hangs ---------------------------------------------------------------------- */

static void a_hanging_disk_is_not_waited_for(void **state)
{
	(void)state;
	start_over();
	struct writer *w = start();
	assert_int_equal(put(w, "1"), WRITER_STORED);
	faultvfs_hold();
	assert_int_equal(put(w, "2"), WRITER_SPOOLED); /* after LIMIT_STORE_WAIT_MS */
	faultvfs_let_go();
	await_said("well: 1 records replayed from the spool");
	writer_stop(w);
	assert_int_equal(count_messages(), 2);
}

/* One record hangs in the disk, LIMIT_STORE_QUEUE wait, one more finds no place. Those that wait
 * are then stored in groups of LIMIT_GROUP_COMMIT, each of which is one sync; what was spooled may
 * add two more, for its replay and the counter. */
static void a_full_queue_spools(void **state)
{
	(void)state;
	enum {
		ALL = LIMIT_STORE_QUEUE + 1,
	};
	static pthread_t thread[ALL + 1];
	static struct putting p[ALL + 1];
	bool one_spooled = false;
	int stored = 0, spooled = 0;
	start_over();
	struct writer *w = start();
	assert_int_equal(put(w, "first"), WRITER_STORED); /* the log's own head is on disk */
	faultvfs_hold();
	for (int i = 0; i <= ALL; i++) {
		p[i] =
		    (struct putting){.w = w, .number = i, .count = 1, .one_spooled = &one_spooled};
		assert_int_equal(pthread_create(&thread[i], NULL, put_many, &p[i]), 0);
		if (i == 0)
			faultvfs_await_held();
	}
	pthread_mutex_lock(&said.lock);
	while (!one_spooled)
		pthread_cond_wait(&said.changed, &said.lock);
	pthread_mutex_unlock(&said.lock);
	faultvfs_let_go();
	for (int i = 0; i <= ALL; i++) {
		pthread_join(thread[i], NULL);
		stored += p[i].stored;
		spooled += p[i].spooled;
	}
	assert_int_equal(stored, ALL);
	assert_int_equal(spooled, 1);
	const int groups = LIMIT_STORE_QUEUE / LIMIT_GROUP_COMMIT;
	assert_in_range(faultvfs_syncs(), 1 + groups, 1 + groups + 2);
	await_said("well: 1 records replayed from the spool");
	writer_stop(w);
	assert_int_equal(count_messages(), ALL + 2);
}

/* -- a record that is refused --------------------------------------------------------------- */

/* Any rule of the database will do: no record that record_unpack lets in breaks one of ours. */
static void refuse(const char *id)
{
	char sql[200];
	sqlite3 *db = NULL;
	snprintf(sql, sizeof(sql),
		 "CREATE TRIGGER refusal BEFORE INSERT ON message WHEN NEW.message_id = '%s'"
		 " BEGIN SELECT RAISE(ABORT, 'not this one'); END",
		 id);
	assert_int_equal(sqlite3_open("w.db", &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

/* Its neighbours in the group are stored, and the caller knows that it is not. */
static void a_refused_record_stops_no_other_of_its_group(void **state)
{
	(void)state;
	enum {
		ALL = 9,
	};
	pthread_t thread[ALL];
	struct putting p[ALL];
	start_over();
	struct writer *w = start();
	refuse("4-0");
	faultvfs_hold();
	for (int i = 0; i < ALL; i++) {
		p[i] = (struct putting){.w = w, .number = i, .count = 1};
		assert_int_equal(pthread_create(&thread[i], NULL, put_many, &p[i]), 0);
		if (i == 0)
			faultvfs_await_held();
	}
	faultvfs_let_go();
	for (int i = 0; i < ALL; i++) {
		pthread_join(thread[i], NULL);
		CHECK(p[i].stored == (i != 4) && p[i].spooled == 0, "record %d", i);
	}
	assert_false(was_said("trouble: "));
	assert_int_equal(put(w, "4-0"), WRITER_LOST);
	assert_int_equal(put(w, "last"), WRITER_STORED);
	writer_stop(w);
	assert_int_equal(count_messages(), ALL);
}

static void a_refused_record_stops_no_other_of_the_spool(void **state)
{
	(void)state;
	start_over();
	struct writer *w = start();
	refuse("2");
	sqlite3 *lock = lock_database();
	for (int i = 0; i < 4; i++) {
		char id[] = {(char)('0' + i), '\0'};
		assert_int_equal(put(w, id), WRITER_SPOOLED);
	}
	sqlite3_close(lock);
	await_said("trouble: database refuses a record of the spool (not this one), kept nowhere "
		   "but here: ");
	await_said("well: database is back");
	assert_true(was_said("msgid=2 "));
	assert_int_equal(put(w, "last"), WRITER_STORED);
	writer_stop(w);
	assert_int_equal(count_messages(), 4);
}

/* -- a full disk ---------------------------------------------------------------------------- */

static int run_child(int (*act)(void))
{
	pid_t pid = fork();
	if (pid == 0)
		_exit(act());
	int status = -1;
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* No file may grow past, or be written past, so many octets. */
static void limit_files(rlim_t octets)
{
	struct rlimit limit;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = octets;
	setrlimit(RLIMIT_FSIZE, &limit);
}

static int fill_by_limit(void)
{
	struct writer *w = start();
	int spooled = 0;
	char id[16];
	if (put(w, "first") != WRITER_STORED)
		return 1;
	limit_files(16 * 1024); /* the log of the database is longer already */
	enum writer_result got;
	do {
		snprintf(id, sizeof(id), "%d", spooled);
		got = put(w, id);
		spooled += got == WRITER_SPOOLED;
	} while (got == WRITER_SPOOLED);
	if (spooled < 10 || got != WRITER_LOST || !was_said("trouble: spool: File too large"))
		return 2;
	limit_files(RLIM_INFINITY);
	await_said("well: database is back");
	writer_stop(w);
	return count_messages() == spooled + 1 ? 0 : 3;
}

static void past_every_limit_a_record_is_given_back_as_lost(void **state)
{
	(void)state;
	start_over();
	assert_int_equal(run_child(fill_by_limit), 0);
}

/* A view of the mounts of our own, with a small disk in it. */
/* The spool takes 4 MB, the write-ahead log grows to as much before it is carried over. */
static bool mount_disk(void)
{
	return unshare(CLONE_NEWNS) == 0 &&
	       mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("none", in_folder("disk"), "tmpfs", 0, "size=10m,mode=0700") == 0;
}

static int fill_disk(void)
{
	struct writer *w = NULL;
	char why[256], id[16];
	int stored = 0, spooled = 0, fd;
	static const char zeros[4096];
	if (!mount_disk())
		return 77;
	if (!writer_start(in_folder("disk/w.db"), in_folder("disk/spool"), on_say, &said, &w, why))
		return 1;
	stored += put(w, "first") == WRITER_STORED;
	FILE *ballast = fopen("disk/ballast", "we");
	while (write(fileno(ballast), zeros, sizeof(zeros)) == (ssize_t)sizeof(zeros))
		;
	for (int i = 0; i < 50; i++) {
		snprintf(id, sizeof(id), "%d", i);
		enum writer_result got = put(w, id);
		stored += got == WRITER_STORED;
		spooled += got == WRITER_SPOOLED;
	}
	if (stored + spooled != 51 || spooled < 10 || !was_said("disk is full; records go to"))
		return 2;
	fd = fileno(ballast);
	if (ftruncate(fd, 0) < 0)
		return 3;
	await_said("well: database is back");
	writer_stop(w);
	return ask("disk/w.db", "SELECT count(*) FROM message") == 51 ? 0 : 4;
}

static void a_full_disk_spools(void **state)
{
	(void)state;
	start_over();
	assert_int_equal(mkdir("disk", 0700), 0);
	int got = run_child(fill_disk);
	if (got == 77)
		SKIP_TEST("mounting is not allowed here");
	assert_int_equal(got, 0);
}

static void names_of_results(void **state)
{
	(void)state;
	assert_string_equal(writer_result_name(WRITER_STORED), "database");
	assert_string_equal(writer_result_name(WRITER_SPOOLED), "spool");
	assert_string_equal(writer_result_name(WRITER_LOST), "lost");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_stored_is_there),
	    cmocka_unit_test(many_threads_are_served),
	    cmocka_unit_test(a_locked_database_spools),
	    cmocka_unit_test(a_locked_database_is_no_reason_not_to_start),
	    cmocka_unit_test(a_database_that_comes_later),
	    cmocka_unit_test(a_database_that_is_moved_away),
	    cmocka_unit_test(what_waits_in_the_spool_is_replayed_at_the_start),
	    cmocka_unit_test(what_must_not_be_used_is_refused),
	    cmocka_unit_test(a_hanging_disk_is_not_waited_for),
	    cmocka_unit_test(a_full_queue_spools),
	    cmocka_unit_test(a_refused_record_stops_no_other_of_its_group),
	    cmocka_unit_test(a_refused_record_stops_no_other_of_the_spool),
	    cmocka_unit_test(past_every_limit_a_record_is_given_back_as_lost),
	    cmocka_unit_test(a_full_disk_spools),
	    cmocka_unit_test(names_of_results),
	};
	faultvfs_install();
	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
