/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * watch_rdap.c - asking registries: each at its own pace, one question at a time, all of them side
 * by side.
 *
 * One that says 429, or 503 with Retry-After, is left alone for as long as it says, or, where it
 * does not say, for BACKOFF_MS and then twice as long each time; if that is longer than the run, it
 * is remembered for the next ones. One that fails FAILURES times in a row is given up for this run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "cli/fetch.h"
#include "cli/watch/watch.h"

enum {
	FETCH_MS = 10000,
	BACKOFF_MS = 2000,
	BACKOFF_MOST_MS = 60000,
	FAILURES = 3, /* in a row */
	TRIES = 4,    /* of one name */
	TURN_MS = 250,
	HOUR = 3600,
	WAIT_MOST = 7 * 24 * HOUR, /* s; who asks for more has not meant it */
};

struct registry {
	struct registry *link;
	const char *base;
	struct watch_name *first, **last;
	int64_t next;    /* not before */
	int64_t backoff; /* ms */
	int failures;
	bool busy;
	char closed[WATCH_WHY]; /* why it is not asked any more in this run; "" */
	struct asker *asker;
};

struct asker {
	const struct cli *cli;
	struct store *store;
	struct registry *registries;
	struct fetcher *fetcher;
	int64_t until;
	watch_rdap_done *done;
	void *context;
};

static struct registry *registry_of(struct asker *a, const char *base)
{
	struct registry *g = a->registries;
	int64_t until = 0;

	while (g != NULL && strcmp(g->base, base) != 0)
		g = g->link;
	if (g != NULL)
		return g;
	g = calloc(1, sizeof(*g));
	if (g == NULL)
		return NULL;
	*g = (struct registry){
	    .link = a->registries, .base = base, .backoff = BACKOFF_MS, .asker = a};
	g->last = &g->first;
	a->registries = g;
	if (a->store != NULL && watched_wait(a->store, base, &until) == STORE_OK &&
	    until > a->cli->now) {
		char text[21];

		str_time(until, text);
		snprintf(g->closed, sizeof(g->closed),
			 "its registry wants to be left alone until %s", text);
	}
	return g;
}

/* -- what came ------------------------------------------------------------------------------ */

static void left_alone(struct registry *g, int64_t seconds)
{
	struct asker *a = g->asker;
	int64_t ms = g->backoff;
	char text[21];

	if (seconds > 0)
		ms = (seconds < WAIT_MOST ? seconds : WAIT_MOST) * 1000;
	else if (g->backoff < BACKOFF_MOST_MS)
		g->backoff *= 2;
	g->next = watch_clock() + ms;
	if (g->next < a->until)
		return;
	str_time(a->cli->now + ms / 1000, text);
	snprintf(g->closed, sizeof(g->closed), "its registry wants to be left alone until %s",
		 text);
	if (a->store != NULL)
		watched_note_wait(a->store, g->base, a->cli->now + ms / 1000);
}

static void failed(struct registry *g, struct watch_name *n, const char *why)
{
	if (++g->failures >= FAILURES)
		snprintf(g->closed, sizeof(g->closed), "its registry does not answer: %.100s", why);
	g->asker->done(g->asker->context, n, NULL, false, why);
}

static void answered(struct registry *g, struct watch_name *n, const struct fetched *f)
{
	struct asker *a = g->asker;
	struct rdap rdap;
	char why[WATCH_WHY];

	if (f->status == 200) {
		const struct slice body = {str_text(&f->body), f->body.n};

		if (rdap_read_sealed(body, n->asked, &rdap, why)) {
			g->failures = 0;
			a->done(a->context, n, &rdap, false, "");
			return;
		}
		failed(g, n, why);
	} else if (f->status == 404) {
		g->failures = 0;
		a->done(a->context, n, NULL, true, "");
	} else if (f->status == 429 || (f->status == 503 && f->retry_after > 0)) {
		left_alone(g, f->retry_after);
		if (++n->tries < TRIES) { /* again, before the others */
			n->next = g->first;
			if (g->first == NULL)
				g->last = &n->next;
			g->first = n;
		} else {
			a->done(a->context, n, NULL, false, "its registry asks for patience");
		}
	} else {
		snprintf(why, sizeof(why), "its registry answers with HTTP status %d", f->status);
		failed(g, n, why);
	}
}

struct question {
	struct registry *registry;
	struct watch_name *name;
};

static void fetched(void *context, struct fetched *f)
{
	struct question *q = context;
	struct registry *g = q->registry;
	char why[WATCH_WHY];

	g->busy = false;
	if (f->outcome == FETCH_ANSWERED) {
		answered(g, q->name, f);
	} else {
		snprintf(why, sizeof(why), "its registry: %.120s", f->why);
		failed(g, q->name, why);
	}
	free(q);
}

/* -- asking --------------------------------------------------------------------------------- */

/* The first of its names; false where it cannot be asked just now. */
static bool ask(struct registry *g)
{
	struct asker *a = g->asker;
	const struct fetch_terms terms = {
	    .plain = slice_starts_nocase(slice_of(g->base), "http:"),
	    .most = LIMIT_RDAP_BYTES,
	    .ms = FETCH_MS,
	    .wants = "application/rdap+json, application/json;q=0.5",
	};
	struct question *q = malloc(sizeof(*q));
	struct watch_name *n = g->first;
	struct str url = {0};
	bool started = false;

	str_printf(&url, "%sdomain/%s", g->base, n->asked);
	if (q != NULL && !url.failed) {
		*q = (struct question){g, n};
		started = fetcher_start(a->fetcher, str_text(&url), &terms, fetched, q);
	}
	str_free(&url);
	if (!started) {
		free(q);
		return false;
	}
	g->first = n->next;
	if (g->first == NULL)
		g->last = &g->first;
	g->busy = true;
	n->was_asked = true;
	g->next = watch_clock() + a->cli->config->rdap_pace;
	return true;
}

/* Those that will not be asked any more in this run. */
static void drop_all(struct registry *g, const char *why)
{
	struct watch_name *n = g->first;

	g->first = NULL;
	g->last = &g->first;
	for (struct watch_name *next; n != NULL; n = next) {
		next = n->next;
		g->asker->done(g->asker->context, n, NULL, false, why);
	}
}

static void ask_all(struct asker *a)
{
	while (watch_clock() < a->until) {
		int64_t first = INT64_MAX;

		for (struct registry *g = a->registries; g != NULL; g = g->link) {
			if (g->closed[0] != '\0')
				drop_all(g, g->closed);
			if (g->first == NULL || g->busy)
				continue;
			if (g->next <= watch_clock() && !ask(g))
				g->next = watch_clock() + TURN_MS;
			if (!g->busy && g->next < first)
				first = g->next;
		}
		if (first == INT64_MAX && fetcher_under_way(a->fetcher) == 0)
			return;
		const int64_t left = first == INT64_MAX ? TURN_MS : first - watch_clock();

		fetcher_wait(a->fetcher, -1, left > TURN_MS ? TURN_MS : left > 0 ? (int)left : 0);
	}
}

void watch_rdap(const struct cli *cli, struct store *store, struct watch_name *const name[],
		size_t count, int64_t until, watch_rdap_done *done, void *context)
{
	struct asker a = {.cli = cli,
			  .store = store,
			  .fetcher = fetcher_open(),
			  .until = until,
			  .done = done,
			  .context = context};

	for (size_t i = 0; i < count; i++) {
		struct registry *g = name[i]->base != NULL ? registry_of(&a, name[i]->base) : NULL;

		if (g == NULL) {
			done(context, name[i], NULL, false,
			     name[i]->base == NULL ? "no registry is known to ask"
						   : "memory is short");
			continue;
		}
		name[i]->next = NULL;
		*g->last = name[i];
		g->last = &name[i]->next;
	}
	if (a.fetcher != NULL)
		ask_all(&a);
	/* What is under way when time is over comes to its own end: FETCH_MS at most. */
	while (a.fetcher != NULL && fetcher_under_way(a.fetcher) > 0)
		fetcher_wait(a.fetcher, -1, TURN_MS);
	fetcher_close(a.fetcher);
	for (struct registry *g = a.registries, *link; g != NULL; g = link) {
		link = g->link;
		drop_all(g, "the time of this run was over before its registry was asked");
		free(g);
	}
}
