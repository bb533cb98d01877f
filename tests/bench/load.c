/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load.c - a load client for milters: N connections at a time, each a thread that sends whole
 * messages as Postfix would and holds every answer against the protocol and the expectations.
 *
 * A connection that breaks is counted as a fault and its thread goes on with a new one; when the
 * filter cannot be reached at all, its thread gives up. See plan.c for the options.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/answer.h"
#include "tests/bench/cputime.h"
#include "tests/bench/dialogue.h"
#include "tests/bench/exchange.h"
#include "tests/bench/plan.h"
#include "tests/bench/tally.h"

struct run {
	const struct plan *plan;
	struct tally *tally;
	atomic_size_t next; /* number of the next message */
	char tag[32];       /* makes this run's Message-IDs its own */
};

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* -- one message ------------------------------------------------------------------------------ */

/* The recipient of the nth message: {n} in the pattern becomes a number below rcpts. */
static void fill_rcpt(char *buf, size_t size, const char *pattern, size_t n, size_t rcpts)
{
	const char *at = strstr(pattern, "{n}");

	if (at == NULL)
		snprintf(buf, size, "%s", pattern);
	else
		snprintf(buf, size, "%.*s%zu%s", (int)(at - pattern), pattern, n % rcpts, at + 3);
}

static void print_answer(const struct sample *s, const struct answer *a)
{
	flockfile(stdout);
	printf("%s: %s at %s\n", s->path, answer_verdict_name(a->verdict),
	       answer_stage_name(a->stage));
	for (size_t i = 0; i < a->edit_count; i++)
		printf("  %c %u %s:%s\n", a->edits[i].action, a->edits[i].index, a->edits[i].name,
		       a->edits[i].value);
	funlockfile(stdout);
}

static enum dialogue_next send_one(struct run *run, struct dialogue *d, size_t n)
{
	const struct plan *p = run->plan;
	const struct sample *s = &p->samples[n % p->sample_count];
	struct answer a = {0};
	char queue_id[32], rcpt[512], message_id[128];
	const char *rcpts[] = {rcpt};
	struct envelope e = {queue_id, s->sender, rcpts, 1, s->auth, NULL};
	enum dialogue_next next;
	uint64_t begin;

	snprintf(queue_id, sizeof(queue_id), "4T%08zX", n);
	fill_rcpt(rcpt, sizeof(rcpt), s->rcpt, n, p->rcpts);
	if (p->fresh_id) {
		snprintf(message_id, sizeof(message_id), "<%s.%zu@load.example>", run->tag, n);
		e.message_id = message_id;
	}
	begin = now_ns();
	next = exchange_message(d, s->mail, &e, &a);
	if (next == DIALOGUE_BROKEN)
		tally_fault(run->tally, s->path, dialogue_fault(d));
	else
		tally_answer(run->tally, s->path, now_ns() - begin, &a);
	if (p->verbose && next != DIALOGUE_BROKEN)
		print_answer(s, &a);
	answer_reset(&a);
	return next;
}

/* -- one connection --------------------------------------------------------------------------- */

/* Greets; messages of a connection that the filter wants nothing of are tallied by that answer. */
static enum dialogue_next greet(struct run *run, struct dialogue *d, size_t n)
{
	const struct sample *s = &run->plan->samples[n % run->plan->sample_count];
	struct answer a = {0};
	enum dialogue_next next = exchange_greet(d, &s->client, &a);

	if (next == DIALOGUE_BROKEN)
		tally_fault(run->tally, s->path, dialogue_fault(d));
	else if (next == DIALOGUE_FINAL)
		tally_answer(run->tally, s->path, 0, &a);
	answer_reset(&a);
	return next;
}

/* Sends the messages of one connection, beginning with number n. False: no use in another one. */
static bool serve_connection(struct run *run, size_t n)
{
	const struct plan *p = run->plan;
	char fault[160] = "";
	struct dialogue *d = dialogue_open(p->socket, p->timeout_ms, fault, sizeof(fault));
	enum dialogue_next next;

	if (d == NULL) {
		tally_fault(run->tally, p->socket, fault);
		return false;
	}
	next = greet(run, d, n);
	if (next == DIALOGUE_ON) {
		next = send_one(run, d, n);
		for (size_t sent = 1; next != DIALOGUE_BROKEN && sent < p->per_connection; sent++) {
			n = atomic_fetch_add(&run->next, 1);
			if (n >= p->messages)
				break;
			next = send_one(run, d, n);
		}
	}
	if (next != DIALOGUE_BROKEN && exchange_leave(d) == DIALOGUE_BROKEN)
		tally_fault(run->tally, p->socket, dialogue_fault(d));
	dialogue_drop(d);
	return true;
}

static void *serve(void *arg)
{
	struct run *run = arg;
	size_t n;

	do {
		n = atomic_fetch_add(&run->next, 1);
	} while (n < run->plan->messages && serve_connection(run, n));
	return NULL;
}

/* -- the run ---------------------------------------------------------------------------------- */

/* Tries for wait_ms to connect and negotiate. 0, or -1 with the reason printed. */
static int reach(const struct plan *p)
{
	const struct timespec pause = {0, 20 * 1000000};
	uint64_t end = now_ns() + (uint64_t)p->wait_ms * 1000000u;
	char fault[160];
	struct dialogue *d;

	while ((d = dialogue_open(p->socket, p->timeout_ms, fault, sizeof(fault))) == NULL) {
		if (now_ns() >= end) {
			fprintf(stderr, "load: %s\n", fault);
			return -1;
		}
		nanosleep(&pause, NULL);
	}
	if (p->probe) {
		const struct wire_terms *t = wire_terms(dialogue_wire(d));

		printf("version=%u\nactions=0x%x\nsteps=0x%x\n", t->version, t->actions, t->steps);
	}
	(void)dialogue_quit(d);
	dialogue_drop(d);
	return 0;
}

/* A connection that is left in the midst of a message, before its headers; or, without a file,
 * before its client is named. NULL with the reason in fault. */
static struct dialogue *leave_one(const struct plan *p, char *fault, size_t size)
{
	struct dialogue *d = dialogue_open(p->socket, p->timeout_ms, fault, size);
	const struct sample *s = p->samples;
	struct answer a = {0};

	if (d != NULL && p->sample_count > 0) {
		const char *rcpts[] = {s->rcpt};
		const struct envelope e = {"4T1", s->sender, rcpts, 1, s->auth, NULL};
		enum dialogue_next next = exchange_greet(d, &s->client, &a);

		if (next == DIALOGUE_ON)
			next = dialogue_mail(d, &e, &a);
		if (next == DIALOGUE_ON)
			next = dialogue_rcpt(d, &e, 0, &a);
		if (next == DIALOGUE_ON)
			next = dialogue_handover(d);
		if (next != DIALOGUE_ON) {
			snprintf(fault, size, "no message was begun");
			dialogue_drop(d);
			d = NULL;
		}
	}
	answer_reset(&a);
	return d;
}

/* Idle connections, until standard input ends. Exit status. */
static int hold(const struct plan *p)
{
	struct rlimit files;
	struct dialogue **held = calloc(p->hold, sizeof(*held));
	size_t n = 0;
	char fault[160] = "out of memory", c;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	while (held != NULL && n < p->hold &&
	       (held[n] = leave_one(p, fault, sizeof(fault))) != NULL)
		n++;
	if (n == p->hold) {
		printf("held=%zu\n", n);
		fflush(stdout);
		while (read(STDIN_FILENO, &c, 1) > 0)
			;
	} else {
		fprintf(stderr, "load: connection %zu: %s\n", n + 1, fault);
	}
	for (size_t i = 0; i < n; i++)
		dialogue_drop(held[i]);
	free(held);
	return n == p->hold ? 0 : 2;
}

/* CPU of all processes asked for. 0, or -1 with the reason printed. */
static int read_cpu(const struct plan *p, uint64_t *ret_ns)
{
	uint64_t sum = 0, ns = 0;

	for (size_t i = 0; i < p->pid_count; i++) {
		int r = cputime_tree(p->pids[i], &ns);

		if (r < 0) {
			fprintf(stderr, "load: CPU of process %d: %s\n", (int)p->pids[i],
				strerror(-r));
			return -1;
		}
		sum += ns;
	}
	*ret_ns = sum;
	return 0;
}

static int start_threads(struct run *run)
{
	size_t n = run->plan->connections, started = 0;
	pthread_t *threads = calloc(n, sizeof(*threads));
	pthread_attr_t attr;
	int r = threads == NULL ? ENOMEM : pthread_attr_init(&attr);

	if (r == 0) {
		(void)pthread_attr_setstacksize(&attr, 128 * 1024);
		while (r == 0 && started < n) {
			r = pthread_create(&threads[started], &attr, serve, run);
			started += r == 0;
		}
		pthread_attr_destroy(&attr);
	}
	if (r != 0)
		fprintf(stderr, "load: %zu of %zu threads: %s\n", started, n, strerror(r));
	for (size_t i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	free(threads);
	return r == 0 ? 0 : -1;
}

static int run_plan(const struct plan *p, struct tally *tally)
{
	struct run run = {.plan = p, .tally = tally};
	uint64_t cpu_before = 0, cpu_after = 0, begin, end;

	snprintf(run.tag, sizeof(run.tag), "%lx.%x", (unsigned long)time(NULL), (unsigned)getpid());
	if (read_cpu(p, &cpu_before) < 0)
		return 2;
	begin = now_ns();
	if (start_threads(&run) < 0)
		return 2;
	end = now_ns();
	if (read_cpu(p, &cpu_after) < 0)
		return 2;
	tally_print(tally, (double)(end - begin) / 1e9, stdout);
	if (p->pid_count > 0)
		printf("cpu_us=%.2f\n",
		       (double)(cpu_after - cpu_before) / 1e3 / (double)p->messages);
	return tally_faults(tally) + tally_missed(tally) > 0 ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct plan plan;
	struct tally *tally;
	int r = plan_parse(argc, argv, &plan);

	if (r != 0)
		return r > 0 ? 0 : 2;
	if (reach(&plan) < 0) {
		plan_free(&plan);
		return 2;
	}
	if (plan.probe || plan.hold > 0) {
		r = plan.hold > 0 ? hold(&plan) : 0;
		plan_free(&plan);
		return r;
	}
	tally = tally_new(plan.messages, &plan.expect);
	if (tally == NULL) {
		fprintf(stderr, "load: out of memory\n");
		plan_free(&plan);
		return 2;
	}
	r = run_plan(&plan, tally);
	tally_free(tally);
	plan_free(&plan);
	return r;
}
