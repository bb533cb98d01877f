/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the client sends is what Postfix 3.7 sends, under every choice a filter has, and what it
 * takes is what the protocol allows.
 */
#include <errno.h>
#include <strings.h>

#include <libmilter/mfdef.h>

#include "tests/bench/exchange.h"
#include "tests/bench/fake.h"
#include "tests/rules/table.h"

static const struct client client = {"mail.example.org", "192.0.2.10", "mail.example.org"};
static const char *const rcpts[] = {"a@example.net", "b@example.net"};
static const struct envelope envelope = {"4TQ1", "s@example.org", rcpts, 2, NULL, NULL};

static struct mail *mail_of(const char *text)
{
	struct mail *m;

	assert_int_equal(mail_parse(text, strlen(text), &m), 0);
	return m;
}

static const char short_mail[] = "From: a\nSubject: b\n\nHello\n";

/* -- order ------------------------------------------------------------------------------------ */

#define ALL_NR                                                                           \
	(SMFIP_NR_CONN | SMFIP_NR_HELO | SMFIP_NR_MAIL | SMFIP_NR_RCPT | SMFIP_NR_DATA | \
	 SMFIP_NR_HDR | SMFIP_NR_EOH | SMFIP_NR_BODY)
#define ALL_NO                                                                         \
	(SMFIP_NOCONNECT | SMFIP_NOHELO | SMFIP_NOMAIL | SMFIP_NORCPT | SMFIP_NODATA | \
	 SMFIP_NOHDRS | SMFIP_NOEOH | SMFIP_NOBODY)

struct order_row {
	const char *what;
	uint32_t steps;
	const char *replies;
	size_t body; /* octets */
	const char *sent;
	char verdict, stage;
};

static const struct order_row order_rows[] = {
    {"every event has its reply", SMFIP_SKIP, "ccccccccccc", 100,
     "O DC C DH H DM M DR R DR R DT T DL L DL L DN N DB B DE E A A Q", 'c', 'E'},
    {"no replies but the last", SMFIP_SKIP | ALL_NR, "a", 100,
     "O DC C DH H DM M DR R DR R DT T DL L DL L DN N DB B DE E A A Q", 'a', 'E'},
    {"events that are not wanted: their macros come, but not those of the content",
     SMFIP_SKIP | ALL_NO, "c", 100, "O DC DH DM DR DR DT DE E A A Q", 'c', 'E'},
    {"accepted at the end of headers: no body", SMFIP_SKIP, "cccccccca", 100,
     "O DC C DH H DM M DR R DR R DT T DL L DL L DN N A A Q", 'a', 'N'},
    {"rejected at MAIL", SMFIP_SKIP, "ccr", 100, "O DC C DH H DM M A A Q", 'r', 'M'},
    {"progress is no answer", SMFIP_SKIP | ALL_NR, "ppa", 100,
     "O DC C DH H DM M DR R DR R DT T DL L DL L DN N DB B DE E A A Q", 'a', 'E'},
    {"a body of one chunk", SMFIP_SKIP | ALL_NR, "c", 65535,
     "O DC C DH H DM M DR R DR R DT T DL L DL L DN N DB B DE E A A Q", 'c', 'E'},
    {"a body of one chunk and an octet", SMFIP_SKIP | ALL_NR, "c", 65536,
     "O DC C DH H DM M DR R DR R DT T DL L DL L DN N DB B DB B DE E A A Q", 'c', 'E'},
    {"SKIP of the body", SMFIP_SKIP | (ALL_NR & ~SMFIP_NR_BODY), "sc", 65536,
     "O DC C DH H DM M DR R DR R DT T DL L DL L DN N DB B DE E A A Q", 'c', 'E'},
    {"SKIP of a recipient ends with the next kind of event", SMFIP_SKIP | (ALL_NR & ~SMFIP_NR_RCPT),
     "sc", 100, "O DC C DH H DM M DR R DT T DL L DL L DN N DB B DE E A A Q", 'c', 'E'},
};

static void check_order(const struct order_row *row)
{
	struct mail *mail = mail_of(short_mail);
	struct answer a = {0};
	struct fake f;
	struct dialogue *d = fake_dialogue(&f, row->steps);

	fake_replies(&f, row->replies);
	fake_hang_up(&f);
	assert_int_equal(mail_fill_body(mail, row->body), 0);
	CHECK(exchange_greet(d, &client, &a) == DIALOGUE_ON, "%s: %s", row->what,
	      dialogue_fault(d));
	CHECK(exchange_message(d, mail, &envelope, &a) == DIALOGUE_FINAL, "%s: %s", row->what,
	      dialogue_fault(d));
	CHECK(a.verdict == row->verdict && a.stage == row->stage, "%s: %c at %c", row->what,
	      a.verdict, a.stage);
	CHECK(exchange_leave(d) == DIALOGUE_FINAL, "%s: %s", row->what, dialogue_fault(d));
	dialogue_drop(d);
	fake_read(&f);
	CHECK(strcmp(f.log, row->sent) == 0, "%s:\n  got  %s\n  want %s", row->what, f.log,
	      row->sent);
	assert_in_range(f.longest_body, 0, 65535);
	answer_reset(&a);
	mail_free(mail);
}

static void the_order_is_postfixs(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(order_rows); i++)
		check_order(&order_rows[i]);
}

static void a_single_event_may_come_at_any_time(void **state)
{
	struct answer a = {0};
	struct fake f;
	struct dialogue *d = fake_dialogue(&f, ALL_NR);

	(void)state;
	fake_replies(&f, "cr");
	assert_int_equal(dialogue_eom(d, &envelope, &a), DIALOGUE_FINAL);
	assert_int_equal(dialogue_eoh(d, &envelope, &a), DIALOGUE_ON);
	assert_int_equal(dialogue_abort(d), DIALOGUE_ON);
	assert_int_equal(dialogue_mail(d, &envelope, &a), DIALOGUE_ON);
	assert_int_equal(dialogue_eom(d, &envelope, &a), DIALOGUE_FINAL);
	dialogue_drop(d);
	fake_read(&f);
	assert_string_equal(f.log, "O DE E DN N A DM M DE E");
	answer_reset(&a);
}

/* -- content of the packets ------------------------------------------------------------------- */

static void check_header(uint32_t steps, const char *value, const char *want)
{
	struct answer a = {0};
	struct fake f;
	struct dialogue *d = fake_dialogue(&f, steps | SMFIP_NR_HDR);

	assert_int_equal(dialogue_header(d, &envelope, "X", value, &a), DIALOGUE_ON);
	assert_int_equal(dialogue_handover(d), DIALOGUE_ON);
	dialogue_drop(d);
	fake_read(&f);
	assert_string_equal(f.last_header, want);
}

static void the_leading_space_stays_where_it_was_asked_for(void **state)
{
	(void)state;
	check_header(0, " a", "X:a");
	check_header(0, "  a", "X: a");
	check_header(0, "\ta", "X:\ta");
	check_header(SMFIP_HDR_LEADSPC, " a", "X: a");
	check_header(SMFIP_HDR_LEADSPC, "a", "X:a");
}

static void a_fresh_message_id_takes_the_place_of_the_old(void **state)
{
	static const char *const mails[] = {"Message-ID: <old>\n\n", "message-id: <old>\n\n", "\n"};
	struct envelope fresh = envelope;

	(void)state;
	fresh.message_id = "<new>";
	for (size_t i = 0; i < COUNT_OF(mails); i++) {
		struct mail *mail = mail_of(mails[i]);
		struct answer a = {0};
		struct fake f;
		struct dialogue *d = fake_dialogue(&f, ALL_NR | SMFIP_HDR_LEADSPC);

		fake_replies(&f, "a");
		assert_int_equal(exchange_message(d, mail, &fresh, &a), DIALOGUE_FINAL);
		dialogue_drop(d);
		fake_read(&f);
		CHECK(strcasecmp(f.last_header, "Message-ID: <new>") == 0, "%s: %s", mails[i],
		      f.last_header);
		answer_reset(&a);
		mail_free(mail);
	}
}

static void chosen_macros_are_all_that_is_sent(void **state)
{
	static const char terms[] = "\0\0\0\6\0\0\1\0\0\0\0\0" /* version, actions, steps */
				    "\0\0\0\0{client_addr},v"; /* for SMFIM_CONNECT */
	struct answer a = {0};
	char fault[160];
	struct fake f;
	struct wire *wire;
	struct dialogue *d;

	(void)state;
	fake_open(&f, &wire);
	fake_reply(&f, SMFIC_OPTNEG, terms, sizeof(terms));
	fake_replies(&f, "cc");
	d = dialogue_start(wire, fault, sizeof(fault));
	assert_non_null(d);
	assert_int_equal(dialogue_connect(d, &client, &a), DIALOGUE_ON);
	assert_int_equal(dialogue_mail(d, &envelope, &a), DIALOGUE_ON);
	dialogue_drop(d);
	fake_read(&f);
	assert_string_equal(f.log, "O DC C DM M");
	assert_string_equal(f.last_macros, "v=Postfix 3.7.11 {client_addr}=192.0.2.10 ");
}

/* -- terms ------------------------------------------------------------------------------------ */

struct terms_row {
	uint32_t version, actions, steps;
	int want;
};

static const struct terms_row terms_rows[] = {
    {6, WIRE_ACTIONS, WIRE_STEPS, 0},
    {2, 0, 0, 0},
    {1, 0, 0, -EPROTO},
    {7, 0, 0, -EPROTO},
    {6, 0x200, 0, -EPROTO},
    {6, 0, 0x200000, -EPROTO},
};

static void terms_stay_within_the_offer(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(terms_rows); i++) {
		const struct terms_row *row = &terms_rows[i];
		struct fake f;
		struct wire *wire;
		int got;

		fake_open(&f, &wire);
		fake_terms(&f, row->version, row->actions, row->steps);
		got = wire_negotiate(wire, WIRE_VERSION, WIRE_ACTIONS, WIRE_STEPS);
		CHECK(got == row->want, "row %zu: got %d", i, got);
		wire_close(wire);
		fake_read(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_order_is_postfixs),
	    cmocka_unit_test(a_single_event_may_come_at_any_time),
	    cmocka_unit_test(the_leading_space_stays_where_it_was_asked_for),
	    cmocka_unit_test(a_fresh_message_id_takes_the_place_of_the_old),
	    cmocka_unit_test(chosen_macros_are_all_that_is_sent),
	    cmocka_unit_test(terms_stay_within_the_offer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
