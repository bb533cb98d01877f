/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scan_pool.c - several judges at a time.
 *
 * A ring of mails in the order in which they were put. Each thread takes the next one that nobody
 * has, asks a judge, and marks it done; the one thread that puts takes done ones out at the other
 * end, in their order, and waits there when the ring is full. So what is held in memory is bounded
 * by the ring, and all that follows a finding (verdict, output, database) needs no lock.
 */
#include "cli/scan/scan.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	ROOM = 16, /* of the ring; a mail takes at most its headers and max_body */
	THREADS_MOST = 8,
};

struct place {
	struct scan_mail *mail;
	bool done;
};

struct scan_pool {
	const struct judges *judges;
	pthread_mutex_t lock;
	pthread_cond_t put, done;
	struct place ring[ROOM];
	uint64_t first, next, end; /* oldest one in it, next one to be taken, place for the next */
	bool ending;
	pthread_t thread[THREADS_MOST];
	size_t threads;
};

static void ask(const struct judges *judges, struct scan_mail *mail)
{
	const struct judges_case one = {
	    .message = &mail->message,
	    .candidate = &mail->candidate,
	    .body = {mail->text.p + mail->body_at, mail->text.n - mail->body_at},
	    .now = mail->delivered,
	};

	mail->status = judges_ask(judges, &one, &mail->finding);
}

static void *serve(void *context)
{
	struct scan_pool *p = context;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		struct place *place;

		while (p->next == p->end && !p->ending)
			pthread_cond_wait(&p->put, &p->lock);
		if (p->next == p->end)
			break;
		place = &p->ring[p->next++ % ROOM];
		pthread_mutex_unlock(&p->lock);
		ask(p->judges, place->mail);
		pthread_mutex_lock(&p->lock);
		place->done = true;
		pthread_cond_signal(&p->done);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

static bool start_threads(struct scan_pool *p)
{
	const long processors = sysconf(_SC_NPROCESSORS_ONLN);
	const size_t want = processors < 2              ? 2
			    : processors > THREADS_MOST ? THREADS_MOST
							: (size_t)processors;

	while (p->threads < want && pthread_create(&p->thread[p->threads], NULL, serve, p) == 0)
		p->threads++;
	return p->threads > 0;
}

/* False after a message. */
static bool start(struct scan *s)
{
	struct scan_pool *p = calloc(1, sizeof(*p));

	if (p == NULL || !judges_start(s->cli, "scan", &s->judges)) {
		free(p);
		return false;
	}
	p->judges = &s->judges;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->put, NULL);
	pthread_cond_init(&p->done, NULL);
	s->pool = p;
	if (start_threads(p))
		return true;
	cli_trouble("scan", "cannot start a thread");
	scan_pool_stop(s);
	return false;
}

/* Waits until the oldest one is done, and hands it on. */
static void take_out(struct scan *s)
{
	struct scan_pool *p = s->pool;
	struct place *place = &p->ring[p->first % ROOM];
	struct scan_mail *mail;

	pthread_mutex_lock(&p->lock);
	while (!place->done)
		pthread_cond_wait(&p->done, &p->lock);
	mail = place->mail;
	*place = (struct place){0};
	p->first++;
	pthread_mutex_unlock(&p->lock);
	scan_found(s, mail);
	scan_mail_free(mail);
}

static bool oldest_is_done(struct scan_pool *p)
{
	bool done;

	pthread_mutex_lock(&p->lock);
	done = p->first < p->end && p->ring[p->first % ROOM].done;
	pthread_mutex_unlock(&p->lock);
	return done;
}

void scan_pool_look(struct scan *s)
{
	while (s->pool != NULL && oldest_is_done(s->pool))
		take_out(s);
}

/* What would not be judged by the daemon either needs no judge. */
static bool is_beyond_limits(const struct scan_mail *mail)
{
	return mail->message.overflow || mail->text.failed;
}

void scan_pool_put(struct scan *s, struct scan_mail *mail)
{
	struct scan_pool *p;

	if (is_beyond_limits(mail)) {
		scan_pool_drain(s);
		mail->status = mail->text.failed ? JUDGE_NO_MEMORY : JUDGE_STATUS_COUNT;
		scan_found(s, mail);
		scan_mail_free(mail);
		return;
	}
	if (s->pool == NULL && !start(s)) {
		s->trouble = true;
		s->trouble_stops = true;
		s->lost = true;
		scan_mail_free(mail);
		return;
	}
	p = s->pool;
	if (p->end - p->first == ROOM)
		take_out(s);
	pthread_mutex_lock(&p->lock);
	p->ring[p->end++ % ROOM] = (struct place){.mail = mail};
	pthread_cond_signal(&p->put);
	pthread_mutex_unlock(&p->lock);
	scan_pool_look(s);
}

void scan_pool_drain(struct scan *s)
{
	while (s->pool != NULL && s->pool->first < s->pool->end)
		take_out(s);
}

void scan_pool_stop(struct scan *s)
{
	struct scan_pool *p = s->pool;

	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	p->ending = true;
	pthread_cond_broadcast(&p->put);
	pthread_mutex_unlock(&p->lock);
	for (size_t i = 0; i < p->threads; i++)
		pthread_join(p->thread[i], NULL);
	judges_stop(&s->judges);
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->put);
	pthread_cond_destroy(&p->done);
	free(p);
	s->pool = NULL;
}
