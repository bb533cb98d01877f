/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lanes: all places for listed mail, half of them for mail that is a candidate by wording only, and
 * waiting that ends at LIMIT_LANE_WAIT_MS or as soon as a place is free.
 */
#include "milter/lanes.h"

#include <pthread.h>
#include <time.h>

#include "tests/rules/table.h"

enum {
	PLACES = 4,
};

#define LATER INT64_MAX

static void listed_mail_takes_all_places_and_no_more(void **state)
{
	struct lanes *l = lanes_new(PLACES);

	(void)state;
	uint64_t ticket = 0;
	for (int i = 0; i < PLACES; i++)
		assert_true((ticket = lanes_enter(l, CANDIDATE_LISTED, LATER)) != 0);
	assert_false(lanes_enter(l, CANDIDATE_LISTED, LATER)); /* after LIMIT_LANE_WAIT_MS */
	lanes_leave(l, ticket);
	assert_true(lanes_enter(l, CANDIDATE_LISTED, LATER));
	lanes_free(l);
}

static void wording_takes_half_and_leaves_the_rest_to_listed_mail(void **state)
{
	struct lanes *l = lanes_new(PLACES);

	(void)state;
	for (int i = 0; i < PLACES / 2; i++)
		assert_true(lanes_enter(l, CANDIDATE_WORDING, LATER));
	assert_false(lanes_enter(l, CANDIDATE_WORDING, LATER));
	for (int i = 0; i < PLACES / 2; i++)
		assert_true(lanes_enter(l, CANDIDATE_LISTED, LATER));
	lanes_free(l);
}

struct waiter {
	struct lanes *lanes;
	bool entered;
};

static void *wait_for_place(void *context)
{
	struct waiter *w = context;

	w->entered = lanes_enter(w->lanes, CANDIDATE_LISTED, LATER) != 0;
	return NULL;
}

static void a_place_that_comes_free_is_taken_by_who_waits(void **state)
{
	struct lanes *l = lanes_new(1);
	struct waiter waiter = {l, false};
	pthread_t thread;

	(void)state;
	const uint64_t ticket = lanes_enter(l, CANDIDATE_LISTED, LATER);

	assert_true(ticket != 0);
	assert_int_equal(pthread_create(&thread, NULL, wait_for_place, &waiter), 0);
	lanes_leave(l, ticket);
	pthread_join(thread, NULL);
	assert_true(waiter.entered);
	lanes_free(l);
}

static int64_t in_ms(int64_t ms)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 + ms;
}

static void a_place_that_is_held_too_long_is_given_away(void **state)
{
	struct lanes *l = lanes_new(2);

	(void)state;
	const uint64_t first = lanes_enter(l, CANDIDATE_WORDING, in_ms(200));

	assert_true(first != 0);
	assert_true(lanes_enter(l, CANDIDATE_LISTED, LATER) != 0);
	const uint64_t next = lanes_enter(l, CANDIDATE_WORDING, LATER); /* waits for its end */

	assert_true(next != 0 && next != first);
	lanes_leave(l, first); /* which is nobody's place any more */
	lanes_leave(l, 0);
	assert_false(lanes_enter(l, CANDIDATE_LISTED, LATER));
	lanes_leave(l, next);
	assert_true(lanes_enter(l, CANDIDATE_LISTED, LATER) != 0);
	lanes_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(listed_mail_takes_all_places_and_no_more),
	    cmocka_unit_test(wording_takes_half_and_leaves_the_rest_to_listed_mail),
	    cmocka_unit_test(a_place_that_is_held_too_long_is_given_away),
	    cmocka_unit_test(a_place_that_comes_free_is_taken_by_who_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
