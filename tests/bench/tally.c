/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tally.c - what came out of a run. See tally.h.
 */
#include "tests/bench/tally.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
	COMPLAINTS = 5, /* printed; the rest is counted */
	KINDS = 16,     /* different verdicts and stages told apart */
};

struct kind {
	char verdict, stage;
	size_t count;
};

struct tally {
	pthread_mutex_t lock;
	struct expectation expect;
	uint64_t *ns;
	size_t count, room;
	struct kind kinds[KINDS];
	size_t kind_count;
	size_t replies, edits, body_chunks;
	size_t faults, missed, complaints;
};

struct tally *tally_new(size_t messages, const struct expectation *expect)
{
	struct tally *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->ns = calloc(messages, sizeof(*t->ns));
	if (t->ns == NULL) {
		free(t);
		return NULL;
	}
	t->room = messages;
	t->expect = *expect;
	pthread_mutex_init(&t->lock, NULL);
	return t;
}

void tally_free(struct tally *t)
{
	if (t == NULL)
		return;
	pthread_mutex_destroy(&t->lock);
	free(t->ns);
	free(t);
}

static void complain(struct tally *t, const char *mail, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void complain(struct tally *t, const char *mail, const char *format, ...)
{
	va_list ap;

	if (t->complaints++ >= COMPLAINTS)
		return;
	fprintf(stderr, "load: %s: ", mail);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
}

static void count_kind(struct tally *t, char verdict, char stage)
{
	struct kind *k = t->kinds;

	while (k < t->kinds + t->kind_count && (k->verdict != verdict || k->stage != stage))
		k++;
	if (k == t->kinds + KINDS)
		return;
	if (k == t->kinds + t->kind_count) {
		k->verdict = verdict;
		k->stage = stage;
		t->kind_count++;
	}
	k->count++;
}

/* Compares with what is expected; prints the difference. */
static bool as_expected(struct tally *t, const char *mail, const struct answer *a)
{
	const struct expectation *e = &t->expect;

	if ((e->verdict != 0 && e->verdict != a->verdict) ||
	    (e->stage != 0 && e->stage != a->stage)) {
		complain(t, mail, "expected %s-at-%s, got %s-at-%s%s%s",
			 answer_verdict_name(e->verdict), answer_stage_name(e->stage),
			 answer_verdict_name(a->verdict), answer_stage_name(a->stage),
			 a->text != NULL ? ": " : "", a->text != NULL ? a->text : "");
		return false;
	}
	if (e->edits >= 0 && (size_t)e->edits != a->edit_count) {
		complain(t, mail, "expected %ld edits, got %zu", e->edits, a->edit_count);
		return false;
	}
	if (e->header_name != NULL && answer_header(a, e->header_name, e->header_prefix) == NULL) {
		const struct edit *got = answer_header(a, e->header_name, "");

		complain(t, mail, "expected header %s: %s…, got %s", e->header_name,
			 e->header_prefix, got != NULL ? got->value : "none");
		return false;
	}
	return true;
}

void tally_answer(struct tally *t, const char *mail, uint64_t ns, const struct answer *a)
{
	pthread_mutex_lock(&t->lock);
	if (t->count < t->room)
		t->ns[t->count++] = ns;
	count_kind(t, a->verdict, a->stage);
	t->replies += a->replies;
	t->edits += a->edit_count;
	t->body_chunks += a->body_chunks;
	if (!as_expected(t, mail, a))
		t->missed++;
	pthread_mutex_unlock(&t->lock);
}

void tally_fault(struct tally *t, const char *mail, const char *fault)
{
	pthread_mutex_lock(&t->lock);
	t->faults++;
	complain(t, mail, "%s", fault);
	pthread_mutex_unlock(&t->lock);
}

size_t tally_faults(const struct tally *t)
{
	return t->faults;
}

size_t tally_missed(const struct tally *t)
{
	return t->missed;
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* The least value that so many percent do not exceed, in µs. */
static double percentile(const struct tally *t, unsigned percent)
{
	size_t rank = (t->count * percent + 99) / 100;

	return t->count == 0 ? 0 : (double)t->ns[rank > 0 ? rank - 1 : 0] / 1e3;
}

void tally_print(struct tally *t, double seconds, FILE *to)
{
	qsort(t->ns, t->count, sizeof(*t->ns), by_size);
	fprintf(to, "messages=%zu\nseconds=%.3f\nrate=%.1f\n", t->count, seconds,
		seconds > 0 ? (double)t->count / seconds : 0);
	fprintf(to, "p50_us=%.1f\np90_us=%.1f\np99_us=%.1f\nmax_us=%.1f\n", percentile(t, 50),
		percentile(t, 90), percentile(t, 99), percentile(t, 100));
	fprintf(to, "replies=%zu\nedits=%zu\nbody_chunks=%zu\n", t->replies, t->edits,
		t->body_chunks);
	for (size_t i = 0; i < t->kind_count; i++)
		fprintf(to, "%s-at-%s=%zu\n", answer_verdict_name(t->kinds[i].verdict),
			answer_stage_name(t->kinds[i].stage), t->kinds[i].count);
	fprintf(to, "faults=%zu\nmissed=%zu\n", t->faults, t->missed);
}
