/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kill -9 at random moments: whatever the writer had acknowledged, as stored or as spooled, is in
 * the database after the spool has been replayed, once.
 *
 * A child writes from several threads and passes on the id of each record once the writer has
 * answered; it is killed after a random number of these. In some rounds the database is locked for
 * a while, so that the kill also hits spooling and replaying. The database and the spool live
 * through all rounds. SEED=N in the environment repeats a run.
 */
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "db/writer.h"
#include "tests/db/make.h"

enum {
	ROUNDS = 25,
	LOCKED_EVERY = 3, /* rounds */
	THREADS = 3,
	MOST_ACKS = 120,
	FEW_ACKS = 6, /* after these a replay is still under way */
	MOST_SPOOLED =
	    4000, /* after the lock is gone: some two seconds, until the replay and beyond */
};

struct ack {
	int round, thread, number;
	enum writer_result result;
};

/* -- the child ------------------------------------------------------------------------------ */

struct putting {
	struct writer *w;
	struct ack ack;
	int to; /* the parent reads here */
};

static void id_of(const struct ack *a, char to[static 64])
{
	snprintf(to, 64, "<%d.%d.%d@x>", a->round, a->thread, a->number);
}

static void *put_until_killed(void *context)
{
	struct putting *p = context;
	char id[64];
	for (;; p->ack.number++) {
		id_of(&p->ack, id);
		p->ack.result = writer_put(p->w, make_record("a@example.net", id));
		if (p->ack.result == WRITER_LOST)
			_exit(1);
		if (write(p->to, &p->ack, sizeof(p->ack)) != sizeof(p->ack))
			_exit(2);
	}
	return NULL;
}

static void be_killed(int round, int to)
{
	struct writer *w = NULL;
	struct putting p[THREADS];
	pthread_t thread[THREADS];
	char why[256];
	if (!writer_start(in_folder("k.db"), in_folder("spool"), NULL, NULL, &w, why)) {
		print_error("%s\n", why);
		_exit(3);
	}
	for (int i = 0; i < THREADS; i++) {
		p[i] = (struct putting){.w = w, .ack = {round, i, 0, WRITER_LOST}, .to = to};
		if (pthread_create(&thread[i], NULL, put_until_killed, &p[i]) != 0)
			_exit(4);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	_exit(5);
}

/* -- the parent ----------------------------------------------------------------------------- */

static struct {
	struct ack *list;
	size_t count;
} acks;

static void note_ack(const struct ack *a)
{
	acks.list = realloc(acks.list, (acks.count + 1) * sizeof(*acks.list));
	assert_non_null(acks.list);
	acks.list[acks.count++] = *a;
}

/* Reads acknowledgements until there are so many of this kind. */
static void await_acks(int from, unsigned many, enum writer_result kind)
{
	struct ack a;
	while (many > 0) {
		assert_int_equal(read(from, &a, sizeof(a)), sizeof(a));
		note_ack(&a);
		many -= a.result == kind;
	}
}

static sqlite3 *lock_database(void)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open("k.db", &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 10000);
	assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	return db;
}

static bool take(void *context, struct record *r)
{
	return store_record(context, &r, 1) == STORE_OK;
}

/* What a next start would do, without its thread. */
static size_t recover(void)
{
	struct spool *spool = NULL;
	struct store *store = NULL;
	char why[256];
	size_t unreadable = 0;
	assert_int_equal(spool_open(in_folder("spool"), &spool), 0);
	assert_int_equal(store_open(in_folder("k.db"), STORE_WRITE, 0, &store, why), STORE_OK);
	size_t taken = spool_replay(spool, take, store, &unreadable);
	assert_int_equal(unreadable, 0);
	assert_int_equal(spool_count(spool), 0);
	store_close(store);
	spool_close(spool);
	return taken;
}

/* Each acknowledged record, of all rounds, is there once. */
static void check_all_there(void)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;
	assert_int_equal(sqlite3_open("k.db", &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db,
					    "SELECT count(*) FROM message WHERE recipient = "
					    "'a@example.net' AND message_id = ?1",
					    -1, &st, NULL),
			 SQLITE_OK);
	for (size_t i = 0; i < acks.count; i++) {
		char id[64];
		id_of(&acks.list[i], id);
		sqlite3_bind_text(st, 1, id, -1, SQLITE_STATIC);
		assert_int_equal(sqlite3_step(st), SQLITE_ROW);
		CHECK(sqlite3_column_int(st, 0) == 1, "%s: %d times", id,
		      sqlite3_column_int(st, 0));
		sqlite3_reset(st);
	}
	sqlite3_finalize(st);
	sqlite3_close(db);
	assert_int_equal(ask("k.db", "SELECT count(*) FROM message"),
			 ask("k.db", "SELECT mails FROM pending"));
	assert_int_equal(ask("k.db", "SELECT count(*) FROM pragma_integrity_check "
				     "WHERE integrity_check = 'ok'"),
			 1);
}

static void run_round(int round, unsigned *seed, size_t *replayed)
{
	int pipes[2], status = 0;
	bool locked = round % LOCKED_EVERY == 1, replaying = round % LOCKED_EVERY == 2;
	unsigned many = 1 + (unsigned)rand_r(seed) % (replaying ? FEW_ACKS : MOST_ACKS);
	assert_int_equal(pipe(pipes), 0);
	pid_t pid = fork();
	if (pid == 0) {
		close(pipes[0]);
		be_killed(round, pipes[1]);
	}
	close(pipes[1]);
	if (locked) {
		await_acks(pipes[0], 1, WRITER_STORED);
		sqlite3 *lock = lock_database();
		await_acks(pipes[0], many, WRITER_SPOOLED);
		sqlite3_close(lock);
	} else {
		await_acks(pipes[0], many, WRITER_STORED);
	}
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	CHECK(WIFSIGNALED(status), "round %d: child ended by itself: %d", round,
	      WEXITSTATUS(status));
	/* What it had passed on before it died counts too. */
	struct ack a;
	while (read(pipes[0], &a, sizeof(a)) == (ssize_t)sizeof(a))
		note_ack(&a);
	close(pipes[0]);
	/* After every other lock it is the next child that replays, and is killed in it or soon
	 * after. */
	if (locked && round % 2 == 1)
		return;
	*replayed += recover();
	check_all_there();
}

static void nothing_acknowledged_is_ever_lost(void **state)
{
	(void)state;
	const char *given = getenv("SEED");
	unsigned first = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
	unsigned seed = first;
	size_t replayed = 0;
	print_message("# SEED=%u\n", first);
	for (int round = 0; round < ROUNDS; round++)
		run_round(round, &seed, &replayed);
	print_message("# %zu acknowledged, %zu of them replayed from the spool\n", acks.count,
		      replayed);
	assert_true(replayed > 0);
	free(acks.list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nothing_acknowledged_is_ever_lost),
	};
	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
