/* SPDX-License-Identifier: BSD-2-Clause */
/* lanes.c - see lanes.h. */
#include "milter/lanes.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct lanes {
	pthread_mutex_t lock;
	pthread_cond_t freed;
	unsigned places;
	unsigned taken;            /* in both lanes */
	unsigned taken_by_wording; /* of those */
};

struct lanes *lanes_new(unsigned places)
{
	struct lanes *l = calloc(1, sizeof(*l));
	pthread_condattr_t monotonic;

	if (l == NULL)
		return NULL;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&l->lock, NULL);
	pthread_cond_init(&l->freed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	l->places = places;
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

static bool has_place(const struct lanes *l, enum candidate_lane lane)
{
	if (lane == CANDIDATE_WORDING && l->taken_by_wording >= (l->places + 1) / 2)
		return false;
	return l->taken < l->places;
}

bool lanes_enter(struct lanes *l, enum candidate_lane lane)
{
	struct timespec until;
	int rc = 0;
	bool entered;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += LIMIT_LANE_WAIT_MS / 1000;
	until.tv_nsec += LIMIT_LANE_WAIT_MS % 1000 * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	pthread_mutex_lock(&l->lock);
	while (!(entered = has_place(l, lane)) && rc != ETIMEDOUT)
		rc = pthread_cond_timedwait(&l->freed, &l->lock, &until);
	if (entered) {
		l->taken++;
		if (lane == CANDIDATE_WORDING)
			l->taken_by_wording++;
	}
	pthread_mutex_unlock(&l->lock);
	return entered;
}

void lanes_leave(struct lanes *l, enum candidate_lane lane)
{
	pthread_mutex_lock(&l->lock);
	l->taken--;
	if (lane == CANDIDATE_WORDING)
		l->taken_by_wording--;
	/* All, not one: a waiter of the wording lane might be woken who may not enter. */
	pthread_cond_broadcast(&l->freed);
	pthread_mutex_unlock(&l->lock);
}
