/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lanes: all places for listed mail, half of them for mail that is a candidate by wording only, and
 * waiting that ends at LIMIT_LANE_WAIT_MS or as soon as a place is free.
 */
#include "milter/lanes.h"

#include <pthread.h>

#include "tests/rules/table.h"

enum {
	PLACES = 4,
};

static void listed_mail_takes_all_places_and_no_more(void **state)
{
	struct lanes *l = lanes_new(PLACES);

	(void)state;
	for (int i = 0; i < PLACES; i++)
		assert_true(lanes_enter(l, CANDIDATE_LISTED));
	assert_false(lanes_enter(l, CANDIDATE_LISTED)); /* after LIMIT_LANE_WAIT_MS */
	lanes_leave(l, CANDIDATE_LISTED);
	assert_true(lanes_enter(l, CANDIDATE_LISTED));
	lanes_free(l);
}

static void wording_takes_half_and_leaves_the_rest_to_listed_mail(void **state)
{
	struct lanes *l = lanes_new(PLACES);

	(void)state;
	for (int i = 0; i < PLACES / 2; i++)
		assert_true(lanes_enter(l, CANDIDATE_WORDING));
	assert_false(lanes_enter(l, CANDIDATE_WORDING));
	for (int i = 0; i < PLACES / 2; i++)
		assert_true(lanes_enter(l, CANDIDATE_LISTED));
	lanes_free(l);
}

struct waiter {
	struct lanes *lanes;
	bool entered;
};

static void *wait_for_place(void *context)
{
	struct waiter *w = context;

	w->entered = lanes_enter(w->lanes, CANDIDATE_LISTED);
	return NULL;
}

static void a_place_that_comes_free_is_taken_by_who_waits(void **state)
{
	struct lanes *l = lanes_new(1);
	struct waiter waiter = {l, false};
	pthread_t thread;

	(void)state;
	assert_true(lanes_enter(l, CANDIDATE_LISTED));
	assert_int_equal(pthread_create(&thread, NULL, wait_for_place, &waiter), 0);
	lanes_leave(l, CANDIDATE_LISTED);
	pthread_join(thread, NULL);
	assert_true(waiter.entered);
	lanes_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(listed_mail_takes_all_places_and_no_more),
	    cmocka_unit_test(wording_takes_half_and_leaves_the_rest_to_listed_mail),
	    cmocka_unit_test(a_place_that_comes_free_is_taken_by_who_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
