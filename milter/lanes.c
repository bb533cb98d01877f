/* SPDX-License-Identifier: BSD-2-Clause */
/* lanes.c - see lanes.h. */
#include "milter/lanes.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/limits.h"

struct place {
	uint64_t ticket; /* 0: free */
	enum candidate_lane lane;
	int64_t until;
};

struct lanes {
	pthread_mutex_t lock;
	pthread_cond_t freed;
	uint64_t last_ticket;
	unsigned count;
	struct place place[];
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct lanes *lanes_new(unsigned places)
{
	struct lanes *l = calloc(1, sizeof(*l) + places * sizeof(l->place[0]));
	pthread_condattr_t monotonic;

	if (l == NULL)
		return NULL;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&l->lock, NULL);
	pthread_cond_init(&l->freed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	l->count = places;
	return l;
}

void lanes_free(struct lanes *l)
{
	if (l == NULL)
		return;
	pthread_cond_destroy(&l->freed);
	pthread_mutex_destroy(&l->lock);
	free(l);
}

/* -- with the lock held --------------------------------------------------------------------- */

/* A place for that lane; NULL for none, and then *ret_next is when one is given up at the latest.
 */
static struct place *find_place(struct lanes *l, enum candidate_lane lane, int64_t now,
				int64_t *ret_next)
{
	struct place *found = NULL;
	unsigned by_wording = 0;
	int64_t next = INT64_MAX;

	for (unsigned i = 0; i < l->count; i++) {
		struct place *p = &l->place[i];

		if (p->ticket != 0 && p->until <= now)
			p->ticket = 0;
		if (p->ticket == 0)
			found = p;
		else if (p->until < next)
			next = p->until;
		by_wording += p->ticket != 0 && p->lane == CANDIDATE_WORDING;
	}
	*ret_next = next;
	return lane == CANDIDATE_WORDING && by_wording >= (l->count + 1) / 2 ? NULL : found;
}

static void wait_until(struct lanes *l, int64_t ms)
{
	const struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};

	pthread_cond_timedwait(&l->freed, &l->lock, &t);
}

/* -- the interface -------------------------------------------------------------------------- */

uint64_t lanes_enter(struct lanes *l, enum candidate_lane lane, int64_t until)
{
	int64_t now = now_ms(), next;
	const int64_t by = now + LIMIT_LANE_WAIT_MS;
	uint64_t ticket = 0;
	struct place *p;

	pthread_mutex_lock(&l->lock);
	while ((p = find_place(l, lane, now, &next)) == NULL && now < by) {
		wait_until(l, next < by ? next : by);
		now = now_ms();
	}
	if (p != NULL) {
		ticket = ++l->last_ticket;
		*p = (struct place){ticket, lane, until};
	}
	pthread_mutex_unlock(&l->lock);
	return ticket;
}

void lanes_leave(struct lanes *l, uint64_t ticket)
{
	pthread_mutex_lock(&l->lock);
	for (unsigned i = 0; i < l->count; i++)
		if (ticket != 0 && l->place[i].ticket == ticket)
			l->place[i].ticket = 0;
	/* All, not one: a waiter of the wording lane might be woken who may not enter. */
	pthread_cond_broadcast(&l->freed);
	pthread_mutex_unlock(&l->lock);
}
