/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rates of marking urgent: LIMIT_BOOSTS_SENDER and LIMIT_BOOSTS_RECIPIENT at once and not one more,
 * one for each that the hour gives back, and LIMIT_RATE_ADDRESSES strangers make nobody forgotten.
 */
#include "milter/rates.h"

#include <stdio.h>

#include "base/limits.h"
#include "tests/rules/table.h"

enum {
	HOUR = 3600 * 1000,
	START = 5000,
};

static enum rates_answer ask(struct rates *r, const char *sender, const char *one,
			     const char *other, int64_t now)
{
	struct message m;

	message_init(&m);
	message_add_rcpt(&m, one);
	if (other != NULL)
		message_add_rcpt(&m, other);
	const enum rates_answer answer = rates_ask(r, sender, &m, now);
	message_free(&m);
	return answer;
}

static void fill_recipient(struct rates *r, const char *recipient, int64_t now)
{
	char sender[32];

	for (int i = 0; i < LIMIT_BOOSTS_RECIPIENT; i++) {
		snprintf(sender, sizeof(sender), "s%d@registrar.example", i);
		assert_int_equal(ask(r, sender, recipient, NULL, now), RATES_UNDER);
	}
}

static void a_recipient_has_its_limit_and_no_more(void **state)
{
	struct rates *r = rates_new();

	(void)state;
	fill_recipient(r, "a@x.example", START);
	assert_int_equal(ask(r, "new@registrar.example", "a@x.example", NULL, START),
			 RATES_RECIPIENT);
	assert_int_equal(ask(r, "new@registrar.example", "A@X.example", NULL, START),
			 RATES_RECIPIENT);
	assert_int_equal(ask(r, "new@registrar.example", "b@x.example", NULL, START), RATES_UNDER);
	rates_free(r);
}

static void a_sender_has_its_limit_and_no_more(void **state)
{
	struct rates *r = rates_new();
	char rcpt[32];

	(void)state;
	for (int i = 0; i < LIMIT_BOOSTS_SENDER; i++) {
		snprintf(rcpt, sizeof(rcpt), "r%d@x.example", i);
		assert_int_equal(ask(r, "s@registrar.example", rcpt, NULL, START), RATES_UNDER);
	}
	assert_int_equal(ask(r, "s@registrar.example", "new@x.example", NULL, START), RATES_SENDER);
	assert_int_equal(ask(r, "t@registrar.example", "new@x.example", NULL, START), RATES_UNDER);
	rates_free(r);
}

static void the_hour_gives_back_one_by_one(void **state)
{
	const int64_t each = HOUR / LIMIT_BOOSTS_RECIPIENT;
	struct rates *r = rates_new();

	(void)state;
	fill_recipient(r, "a@x.example", START);
	assert_int_equal(ask(r, "s", "a@x.example", NULL, START + each - 1), RATES_RECIPIENT);
	assert_int_equal(ask(r, "s", "a@x.example", NULL, START + each), RATES_UNDER);
	assert_int_equal(ask(r, "s", "a@x.example", NULL, START + each), RATES_RECIPIENT);
	fill_recipient(r, "a@x.example", START + each + HOUR);
	rates_free(r);
}

/* A refused mail costs none of its recipients anything. */
static void one_recipient_over_the_limit_is_enough(void **state)
{
	struct rates *r = rates_new();

	(void)state;
	fill_recipient(r, "a@x.example", START);
	for (int i = 0; i < 2 * LIMIT_BOOSTS_RECIPIENT; i++)
		assert_int_equal(ask(r, "s", "b@x.example", "a@x.example", START), RATES_RECIPIENT);
	fill_recipient(r, "b@x.example", START);
	rates_free(r);
}

static void who_is_at_the_limit_is_not_forgotten_for_strangers(void **state)
{
	struct rates *r = rates_new();
	char sender[32], rcpt[32];

	(void)state;
	fill_recipient(r, "a@x.example", START);
	for (int i = 0; i < 4 * LIMIT_RATE_ADDRESSES; i++) {
		snprintf(sender, sizeof(sender), "s%d@registrar.example", i);
		snprintf(rcpt, sizeof(rcpt), "r%d@x.example", i);
		assert_int_equal(ask(r, sender, rcpt, NULL, START), RATES_UNDER);
	}
	assert_int_equal(ask(r, "s", "a@x.example", NULL, START), RATES_RECIPIENT);
	rates_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_recipient_has_its_limit_and_no_more),
	    cmocka_unit_test(a_sender_has_its_limit_and_no_more),
	    cmocka_unit_test(the_hour_gives_back_one_by_one),
	    cmocka_unit_test(one_recipient_over_the_limit_is_enough),
	    cmocka_unit_test(who_is_at_the_limit_is_not_forgotten_for_strangers),
	};

	return cmocka_run_group_tests_name("rates", tests, NULL, NULL);
}
