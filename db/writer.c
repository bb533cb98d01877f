/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * writer.c - one thread that writes, and the way a record takes.
 *
 * A callback puts its record in a queue and waits. The thread takes all that has come meanwhile (up
 * to LIMIT_GROUP_COMMIT) and stores it in one transaction, so that a slow disk is waited for once
 * by many. The wait ends in one of five ways:
 *
 *   stored          the transaction is on disk
 *   not stored      the database failed: the callback spools its record itself
 *   refused         the database will never take this record, whatever the reason: others of its
 *                   group are stored without it, and nothing waits behind it in the spool
 *   time is up      the thread hangs in the disk or a lock: the callback spools its record. The
 *                   thread may still store it later: recording is idempotent. A job is therefore
 *                   held by both, and whoever is last frees it
 *   no use waiting  the queue is full, or the database is known to be down: spooled at once
 *
 * A database that fails once is down: from then on records are spooled without waiting. Every
 * RETRY_MS the thread does its upkeep: opens the database if need be, replays the spool in slices
 * (so that new records do not wait long, and without its lock while the database is written), and
 * writes a counter as a proof that it can write; then the database is up again. A database file
 * that has been deleted or moved away would take records into nowhere, so that is asked every time.
 */
#include "db/writer.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	RETRY_MS = 2000,
	LOCK_WAIT_MS = LIMIT_STORE_WAIT_MS / 2, /* so that a lock shows before callbacks give up */
	REPLAY_SLICE = 64,                      /* records, */
	REPLAY_MS = 1000,                       /* or until so long after its first */
};

struct job {
	struct record *record;
	struct job *next;
	bool answered;
	enum store_status status; /* then */
	unsigned holders;         /* the callback and the queue or thread */
};

/* What has been counted since the last tick. */
struct tally {
	const char *name;
	int64_t count;
};

enum {
	TALLIES = 48, /* different names; further ones are not counted */
};

struct writer {
	pthread_mutex_t lock; /* of everything down to `stopping` */
	struct tally tally[TALLIES];
	size_t tally_count;
	pthread_cond_t work; /* something for the thread */
	pthread_cond_t done; /* jobs answered */
	struct job *first, **last;
	size_t waiting;
	bool down;
	bool stopping;

	pthread_mutex_t spool_lock;
	struct spool *spool;
	bool spool_ailing; /* said once */

	/* The thread's own. */
	struct store *store;
	char *database;
	pthread_t thread;
	writer_say *say;
	void *context;
};

const char *writer_result_name(enum writer_result r)
{
	switch (r) {
	case WRITER_STORED: return "database";
	case WRITER_SPOOLED: return "spool";
	case WRITER_LOST: return "lost";
	}
	return "?";
}

static struct timespec in_ms(long ms)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += ms / 1000;
	t.tv_nsec += ms % 1000 * 1000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000;
	}
	return t;
}

static void tell(struct writer *w, bool trouble, const char *text)
{
	if (w->say)
		w->say(w->context, trouble, text);
}

/* Trouble with the spool is said when it begins. */
static void spool_answers(struct writer *w, const char *error)
{
	char text[128];
	pthread_mutex_lock(&w->spool_lock);
	bool news = error && !w->spool_ailing;
	w->spool_ailing = error != NULL;
	pthread_mutex_unlock(&w->spool_lock);
	if (!news)
		return;
	snprintf(text, sizeof(text), "spool: %s", error);
	tell(w, true, text);
}

/* -- the callback's side -------------------------------------------------------------------- */

/* Gives up one hold; with the lock held. */
static void let_go(struct job *j)
{
	if (--j->holders > 0)
		return;
	record_free(j->record);
	free(j);
}

/* Queues the record; NULL when there is no use in waiting. */
static struct job *enqueue(struct writer *w, struct record *record)
{
	if (w->down || w->stopping || w->waiting >= LIMIT_STORE_QUEUE)
		return NULL;
	struct job *j = calloc(1, sizeof(*j));
	if (!j)
		return NULL;
	*j = (struct job){.record = record, .holders = 2};
	*w->last = j;
	w->last = &j->next;
	w->waiting++;
	pthread_cond_signal(&w->work);
	return j;
}

static enum writer_result put_in_spool(struct writer *w, const struct record *record)
{
	pthread_mutex_lock(&w->spool_lock);
	int error = spool_put(w->spool, record);
	pthread_mutex_unlock(&w->spool_lock);
	spool_answers(w, error ? strerror(error) : NULL);
	return error ? WRITER_LOST : WRITER_SPOOLED;
}

enum writer_result writer_put(struct writer *w, struct record *record)
{
	struct timespec until = in_ms(LIMIT_STORE_WAIT_MS);
	pthread_mutex_lock(&w->lock);
	struct job *j = enqueue(w, record);
	int late = 0;
	while (j && !j->answered && late == 0)
		late = pthread_cond_timedwait(&w->done, &w->lock, &until);
	enum store_status status = j && j->answered ? j->status : STORE_BUSY;
	pthread_mutex_unlock(&w->lock);
	/* The record stays as long as we hold the job; both sides only read it. */
	enum writer_result result = WRITER_STORED;
	if (status == STORE_REFUSED)
		result = WRITER_LOST;
	else if (status != STORE_OK)
		result = put_in_spool(w, record);
	if (!j) {
		record_free(record);
		return result;
	}
	pthread_mutex_lock(&w->lock);
	let_go(j);
	pthread_mutex_unlock(&w->lock);
	return result;
}

/* -- the database --------------------------------------------------------------------------- */

static void set_down(struct writer *w, bool down)
{
	pthread_mutex_lock(&w->lock);
	w->down = down;
	pthread_mutex_unlock(&w->lock);
}

/* A store that was only locked is kept, any other is opened anew. `what` may be the store's own
 * words. Said once until it is up again. */
static void database_failed(struct writer *w, enum store_status status, const char *what)
{
	char text[400];
	bool news = !w->down;                           /* this thread alone changes it */
	const char *path = w->store ? w->database : ""; /* store_open names it itself */
	snprintf(text, sizeof(text), "%s%s%s; records go to the spool", path, *path ? ": " : "",
		 what);
	if (status != STORE_BUSY) {
		store_close(w->store);
		w->store = NULL;
	}
	set_down(w, true);
	if (news)
		tell(w, true, text);
}

/* Open, and still the file of that name. */
static bool have_database(struct writer *w)
{
	char why[256];
	if (w->store && store_has_moved(w->store)) {
		database_failed(w, STORE_MISSING, "has been moved or deleted");
		return false;
	}
	if (w->store)
		return true;
	enum store_status status =
	    store_open(w->database, STORE_WRITE, LOCK_WAIT_MS, &w->store, why);
	if (status != STORE_OK)
		database_failed(w, status, why);
	return status == STORE_OK;
}

/* -- upkeep --------------------------------------------------------------------------------- */

struct replay {
	struct writer *writer;
	size_t left;
	struct timespec until;
	enum store_status status;
};

static bool is_past(const struct timespec *t)
{
	struct timespec now = in_ms(0);
	return now.tv_sec > t->tv_sec || (now.tv_sec == t->tv_sec && now.tv_nsec > t->tv_nsec);
}

/* It would stop all that waits behind it. */
static void tell_refused(struct writer *w, const struct record *r)
{
	struct str text = {0};
	str_printf(&text, "database refuses a record of the spool (%s), kept nowhere but here: ",
		   store_error(w->store));
	record_print(r, &text);
	tell(w, true, str_text(&text));
	str_free(&text);
}

/* The spool's lock is let go meanwhile: callbacks may add records, and only we take any away. */
static bool take_record(void *context, struct record *r)
{
	struct replay *replay = context;
	struct writer *w = replay->writer;
	if (replay->left == 0 || is_past(&replay->until))
		return false;
	replay->left--;
	pthread_mutex_unlock(&w->spool_lock);
	replay->status = store_record(w->store, &r, 1);
	if (replay->status == STORE_REFUSED) {
		tell_refused(w, r);
		replay->status = STORE_OK;
	}
	pthread_mutex_lock(&w->spool_lock);
	return replay->status == STORE_OK;
}

/* A slice of the spool into the database; false when that failed. *ret_left: records that wait and
 * can be taken. */
static bool replay_slice(struct writer *w, size_t *taken, size_t *ret_left)
{
	struct replay replay = {w, REPLAY_SLICE, in_ms(REPLAY_MS), STORE_OK};
	size_t unreadable = 0;
	char text[160];
	pthread_mutex_lock(&w->spool_lock);
	size_t now = spool_replay(w->spool, take_record, &replay, &unreadable);
	size_t left = spool_count(w->spool);
	pthread_mutex_unlock(&w->spool_lock);
	if (unreadable > 0) {
		snprintf(text, sizeof(text), "spool: %zu records of another version passed over",
			 unreadable);
		tell(w, true, text);
	}
	if (replay.status != STORE_OK) {
		database_failed(w, replay.status, store_error(w->store));
		return false;
	}
	bool stuck = left > 0 && now + unreadable == 0;
	spool_answers(w, stuck ? "cannot be read or emptied" : NULL);
	*taken += now;
	*ret_left = stuck ? 0 : left;
	return true;
}

static size_t spooled(struct writer *w)
{
	pthread_mutex_lock(&w->spool_lock);
	size_t count = spool_count(w->spool);
	pthread_mutex_unlock(&w->spool_lock);
	return count;
}

/* Returns whether there is more to do at once. *taken counts over several calls. The database stays
 * down until all is replayed: only then has it shown that it can write as much again. */
static bool upkeep(struct writer *w, size_t *taken)
{
	bool was_down = w->down;
	char text[160];
	if ((!was_down && spooled(w) == 0) || !have_database(w))
		return false;
	size_t left = spooled(w); /* opening may have taken a while */
	if (left > 0 && !replay_slice(w, taken, &left))
		return false;
	if (left > 0)
		return true;
	enum store_status status = store_count(w->store, "spool.replayed", (int64_t)*taken);
	if (status != STORE_OK) {
		database_failed(w, status, store_error(w->store));
		return false;
	}
	set_down(w, false);
	snprintf(text, sizeof(text), "%s%zu records replayed from the spool",
		 was_down ? "database is back, " : "", *taken);
	if (was_down || *taken > 0)
		tell(w, false, text);
	*taken = 0;
	return false;
}

/* -- counting ------------------------------------------------------------------------------- */

static void add_tally(struct writer *w, const char *name, int64_t count)
{
	size_t i = 0;
	while (i < w->tally_count && strcmp(w->tally[i].name, name) != 0)
		i++;
	if (i == TALLIES)
		return;
	if (i == w->tally_count)
		w->tally[w->tally_count++] = (struct tally){name, 0};
	w->tally[i].count += count;
}

void writer_count(struct writer *w, const char *name, int64_t more)
{
	pthread_mutex_lock(&w->lock);
	add_tally(w, name, more);
	pthread_mutex_unlock(&w->lock);
}

/* Writes down what has been counted. What cannot be written is kept for the next tick. */
static void put_tallies(struct writer *w)
{
	struct tally taken[TALLIES];
	pthread_mutex_lock(&w->lock);
	const size_t n = w->down ? 0 : w->tally_count;
	memcpy(taken, w->tally, sizeof(taken));
	if (n > 0)
		w->tally_count = 0;
	pthread_mutex_unlock(&w->lock);
	if (n == 0 || !have_database(w))
		return;
	const char *name[TALLIES];
	int64_t count[TALLIES];
	for (size_t i = 0; i < n; i++) {
		name[i] = taken[i].name;
		count[i] = taken[i].count;
	}
	const enum store_status status = store_count_all(w->store, name, count, n);
	if (status == STORE_OK)
		return;
	pthread_mutex_lock(&w->lock);
	for (size_t i = 0; i < n; i++)
		add_tally(w, taken[i].name, taken[i].count);
	pthread_mutex_unlock(&w->lock);
	database_failed(w, status, store_error(w->store));
}

/* -- the thread ----------------------------------------------------------------------------- */

/* The jobs that wait, at most a group; with the lock held. */
static size_t take_jobs(struct writer *w, struct job *job[LIMIT_GROUP_COMMIT])
{
	size_t n = 0;
	for (; w->first && n < LIMIT_GROUP_COMMIT; n++) {
		job[n] = w->first;
		w->first = w->first->next;
	}
	if (!w->first)
		w->last = &w->first;
	w->waiting -= n;
	return n;
}

static void answer(struct writer *w, struct job *const job[], size_t n, enum store_status status)
{
	pthread_mutex_lock(&w->lock);
	for (size_t i = 0; i < n; i++) {
		job[i]->status = status;
		job[i]->answered = true;
		let_go(job[i]);
	}
	pthread_cond_broadcast(&w->done);
	pthread_mutex_unlock(&w->lock);
}

static enum store_status store_jobs(struct writer *w, struct job *const job[], size_t n)
{
	struct record *record[LIMIT_GROUP_COMMIT];
	if (w->down || !have_database(w))
		return STORE_BUSY;
	for (size_t i = 0; i < n; i++)
		record[i] = job[i]->record;
	enum store_status status = store_record(w->store, record, n);
	if (status != STORE_OK && status != STORE_REFUSED)
		database_failed(w, status, store_error(w->store));
	return status;
}

/* Where one of them is refused, each alone. */
static void store_group(struct writer *w, struct job *const job[], size_t n)
{
	enum store_status status = store_jobs(w, job, n);
	if (status != STORE_REFUSED || n == 1)
		answer(w, job, n, status);
	else
		for (size_t i = 0; i < n; i++)
			answer(w, &job[i], 1, store_jobs(w, &job[i], 1));
}

static void *run(void *context)
{
	struct writer *w = context;
	struct job *job[LIMIT_GROUP_COMMIT];
	struct timespec next = in_ms(0);
	size_t taken = 0;
	for (;;) {
		pthread_mutex_lock(&w->lock);
		while (!w->first && !w->stopping && !is_past(&next))
			pthread_cond_timedwait(&w->work, &w->lock, &next);
		size_t n = take_jobs(w, job);
		bool stopping = w->stopping;
		pthread_mutex_unlock(&w->lock);
		bool was_down = w->down;
		if (n > 0)
			store_group(w, job, n);
		else if (stopping) {
			put_tallies(w);
			return NULL;
		}
		if (w->down && !was_down)
			next = in_ms(RETRY_MS);
		if (is_past(&next) && !stopping) {
			next = in_ms(upkeep(w, &taken) ? 0 : RETRY_MS);
			put_tallies(w);
		}
	}
}

/* -- life ----------------------------------------------------------------------------------- */

static bool init_locks(struct writer *w)
{
	pthread_condattr_t monotonic;
	if (pthread_condattr_init(&monotonic) != 0)
		return false;
	bool good = pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0 &&
		    pthread_mutex_init(&w->lock, NULL) == 0 &&
		    pthread_mutex_init(&w->spool_lock, NULL) == 0 &&
		    pthread_cond_init(&w->work, &monotonic) == 0 &&
		    pthread_cond_init(&w->done, &monotonic) == 0;
	pthread_condattr_destroy(&monotonic);
	return good;
}

static void free_writer(struct writer *w)
{
	pthread_mutex_destroy(&w->lock);
	pthread_mutex_destroy(&w->spool_lock);
	pthread_cond_destroy(&w->work);
	pthread_cond_destroy(&w->done);
	store_close(w->store);
	spool_close(w->spool);
	free(w->database);
	free(w);
}

static bool open_spool(struct writer *w, const char *folder, char why[static 256])
{
	int error = spool_open(folder, &w->spool);
	const char *text = strerror(error);
	if (error == EWOULDBLOCK)
		text = "another keepname-milter uses it";
	else if (error == EBADMSG)
		text = "is damaged or no spool; move it away";
	if (error)
		snprintf(why, 256, "%s/records.spool: %s", folder, text);
	return error == 0;
}

/* Signals are left to the threads that expect them. */
static bool start_thread(struct writer *w)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int error = pthread_create(&w->thread, NULL, run, w);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error == 0;
}

bool writer_start(const char *database, const char *spool_folder, writer_say *say, void *context,
		  struct writer **ret_writer, char why[static 256])
{
	struct writer *w = calloc(1, sizeof(*w));
	snprintf(why, 256, "out of memory");
	if (!w || !init_locks(w)) {
		free(w);
		return false;
	}
	w->last = &w->first;
	w->say = say;
	w->context = context;
	w->database = strdup(database);
	if (!w->database || !open_spool(w, spool_folder, why)) {
		free_writer(w);
		return false;
	}
	enum store_status status = store_open(database, STORE_WRITE, LOCK_WAIT_MS, &w->store, why);
	bool refused = status == STORE_NOT_OURS || status == STORE_NEWER;
	if (!refused && status != STORE_OK)
		database_failed(w, status, why);
	if (refused || !start_thread(w)) {
		free_writer(w);
		return false;
	}
	*ret_writer = w;
	return true;
}

void writer_stop(struct writer *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->stopping = true;
	pthread_cond_signal(&w->work);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	free_writer(w);
}
