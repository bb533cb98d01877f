/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What strangers can leave: LIMIT_STRANGERS_MAILS rows, LIMIT_STRANGERS_REVIEWS matters of one
 * recipient, LIMIT_STRANGERS_JOINED events of one matter, half of the spool. What is proved is
 * never kept out or dropped for it.
 */
#include "db/ceiling.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/pendings.h"
#include "db/spool.h"
#include "tests/db/make.h"

static struct store *open_store(void)
{
	struct store *s = NULL;
	char why[256] = "";
	enum store_status got = store_open(in_folder("c.db"), STORE_WRITE, 100, &s, why);
	CHECK(got == STORE_OK, "%s", why);
	return s;
}

static void put(struct store *s, struct record *r)
{
	CHECK(store_record(s, &r, 1) == STORE_OK, "%s", store_error(s));
	record_free(r);
}

static struct record *mail(enum verdict verdict, const char *recipient, const char *domain)
{
	static int number;
	char id[32];
	snprintf(id, sizeof(id), "<%d@x>", ++number);
	struct record *r = make_record(recipient, id);
	r->verdict = verdict;
	r->pending = verdict == VERDICT_GENUINE ? PENDING_OPEN : PENDING_REVIEW;
	r->received_at = NOW + number;
	set_domains(r, 1, &domain);
	return r;
}

/* A stranger's mail to n recipients, as many as one mail may have. */
static void flood(struct store *s, size_t n)
{
	struct record *r = mail(VERDICT_LOOKALIKE, "r0@example.net", "example.com");
	r->pending = PENDING_NO;
	r->rcpt = realloc(r->rcpt, n * sizeof(*r->rcpt));
	assert_non_null(r->rcpt);
	for (; r->rcpt_count < n; r->rcpt_count++) {
		char rcpt[32];
		snprintf(rcpt, sizeof(rcpt), "r%zu@example.net", r->rcpt_count);
		r->rcpt[r->rcpt_count] = strdup(rcpt);
	}
	put(s, r);
}

static void of_strangers_mails_the_oldest_go(void **state)
{
	(void)state;
	struct store *s = open_store();
	for (int i = 0; i < 10; i++)
		put(s, mail(VERDICT_GENUINE, "a@example.net", "example.com"));
	for (int i = 0; i < 3; i++)
		put(s, mail(VERDICT_KNOWN, "a@example.net", "example.com"));
	for (int left = LIMIT_STRANGERS_MAILS; left > 0; left -= 1000)
		flood(s, 1000);
	const char *kept = "SELECT count(*) FROM message WHERE verdict = 'lookalike'";
	assert_int_equal(ask("c.db", kept), LIMIT_STRANGERS_MAILS);
	int64_t oldest = ask("c.db", "SELECT min(received_at) FROM message"
				     " WHERE verdict = 'lookalike'");
	flood(s, 1000);
	assert_in_range(ask("c.db", kept), LIMIT_STRANGERS_MAILS, LIMIT_STRANGERS_MAILS + 256);
	flood(s, 1000);
	assert_in_range(ask("c.db", kept), LIMIT_STRANGERS_MAILS, LIMIT_STRANGERS_MAILS + 256);
	assert_true(ask("c.db", "SELECT min(received_at) FROM message"
				" WHERE verdict = 'lookalike'") > oldest);
	assert_int_equal(ask("c.db", "SELECT count(*) FROM message WHERE verdict = 'genuine'"), 10);
	assert_int_equal(ask("c.db", "SELECT count(*) FROM message WHERE verdict = 'known'"), 3);
	assert_true(ask("c.db", "SELECT value FROM counter WHERE name = 'message.dropped'") > 1500);
	store_close(s);
}

static void put_review(struct store *s, enum verdict verdict, const char *recipient, int number)
{
	char domain[32];
	snprintf(domain, sizeof(domain), "d%d.example", number);
	struct record *r = mail(verdict, recipient, domain);
	r->deadline = NOW + (100 - number) * DAY;
	put(s, r);
}

static void of_one_recipients_reviews_the_rest_is_gathered(void **state)
{
	(void)state;
	struct store *s = open_store();
	const char *count = "SELECT count(*) FROM pending WHERE recipient = 'a@example.net'";
	int n = 0;
	while (n < LIMIT_STRANGERS_REVIEWS)
		put_review(s, VERDICT_UNPROVEN, "a@example.net", n++);
	assert_int_equal(ask("c.db", count), LIMIT_STRANGERS_REVIEWS);
	while (n < LIMIT_STRANGERS_REVIEWS + 7)
		put_review(s, VERDICT_UNPROVEN, "a@example.net", n++);
	assert_int_equal(ask("c.db", count), LIMIT_STRANGERS_REVIEWS + 1);
	const char *gathered = " FROM pending WHERE domain = '' AND mail = '' AND state = 'review'";
	char sql[160];
	snprintf(sql, sizeof(sql), "SELECT mails%s", gathered);
	assert_int_equal(ask("c.db", sql), 7);
	snprintf(sql, sizeof(sql), "SELECT deadline%s", gathered);
	assert_int_equal(ask("c.db", sql), NOW + (100 - n + 1) * DAY);

	/* What was there already is joined; what is proved, and another recipient, have their own.
	 */
	put_review(s, VERDICT_UNPROVEN, "a@example.net", 3);
	assert_int_equal(ask("c.db", "SELECT mails FROM pending WHERE domain = 'd3.example'"), 2);
	put_review(s, VERDICT_KNOWN, "a@example.net", n++);
	put_review(s, VERDICT_GENUINE, "a@example.net", n++);
	assert_int_equal(ask("c.db", count), LIMIT_STRANGERS_REVIEWS + 3);
	put_review(s, VERDICT_UNPROVEN, "b@example.net", n++);
	assert_int_equal(
	    ask("c.db", "SELECT count(*) FROM pending WHERE recipient = 'b@example.net'"
			" AND domain <> ''"),
	    1);
	store_close(s);
}

static void of_what_joins_the_rest_is_counted(void **state)
{
	(void)state;
	struct store *s = open_store();
	const char *events = "SELECT count(*) FROM event WHERE kind IN ('opened', 'joined')";
	for (int i = 0; i < LIMIT_STRANGERS_JOINED; i++)
		put(s, mail(VERDICT_UNPROVEN, "a@example.net", "example.com"));
	assert_int_equal(ask("c.db", events), LIMIT_STRANGERS_JOINED);
	for (int i = 0; i < 5; i++)
		put(s, mail(VERDICT_UNPROVEN, "a@example.net", "example.com"));
	assert_int_equal(ask("c.db", events), LIMIT_STRANGERS_JOINED);
	assert_int_equal(ask("c.db", "SELECT mails FROM pending"), LIMIT_STRANGERS_JOINED + 5);
	put(s, mail(VERDICT_KNOWN, "a@example.net", "example.com"));
	assert_int_equal(ask("c.db", events), LIMIT_STRANGERS_JOINED + 1);
	store_close(s);
}

static void strangers_have_half_of_the_spool(void **state)
{
	(void)state;
	struct spool *s = NULL;
	assert_int_equal(spool_open(in_folder("spool"), &s), 0);
	struct record *theirs = mail(VERDICT_UNPROVEN, "a@example.net", "example.com");
	struct record *proved = mail(VERDICT_GENUINE, "a@example.net", "example.com");
	size_t half = 0, rest = 0;
	int error;
	while ((error = spool_put(s, theirs)) == 0)
		half++;
	assert_int_equal(error, ENOSPC);
	while ((error = spool_put(s, proved)) == 0)
		rest++;
	assert_int_equal(error, ENOSPC);
	assert_in_range(rest, half - half / 50, half + half / 50);
	assert_int_equal(spool_count(s), half + rest);
	record_free(theirs);
	record_free(proved);
	spool_close(s);
}

int main(void)
{
#define IN_FOLDER(f) cmocka_unit_test_setup_teardown(f, enter_folder, leave_folder)
	const struct CMUnitTest tests[] = {
	    IN_FOLDER(of_strangers_mails_the_oldest_go),
	    IN_FOLDER(of_one_recipients_reviews_the_rest_is_gathered),
	    IN_FOLDER(of_what_joins_the_rest_is_counted),
	    IN_FOLDER(strangers_have_half_of_the_spool),
	};

	return cmocka_run_group_tests_name("ceiling", tests, NULL, NULL);
}
