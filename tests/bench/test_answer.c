/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Replies that the protocol allows are taken as what they say; all others are faults. Packets are
 * taken up to the limit and no further.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <libmilter/mfapi.h>
#include <libmilter/mfdef.h>

#include "tests/bench/answer.h"
#include "tests/bench/fake.h"
#include "tests/rules/table.h"

/* -- one reply -------------------------------------------------------------------------------- */

struct reply_row {
	char event;
	uint32_t actions, steps;
	char command;
	struct slice data;
	enum answer_step want;
	const char *fault;
};

#define EOM SMFIC_BODYEOB
#define ALL 0x1FF

static const struct reply_row reply_rows[] = {
    {'L', 0, 0, 'c', LIT(""), ANSWER_ON, NULL},
    {EOM, 0, 0, 'c', LIT(""), ANSWER_DONE, NULL},
    {'N', 0, 0, 'a', LIT(""), ANSWER_DONE, NULL},
    {'N', 0, 0, 't', LIT(""), ANSWER_DONE, NULL},
    {'N', 0, 0, 'd', LIT(""), ANSWER_DONE, NULL},
    {'C', 0, 0, 'd', LIT(""), ANSWER_BAD, "DISCARD of a connection"},
    {'C', 0, 0, '4', LIT(""), ANSWER_DONE, NULL},
    {'N', 0, 0, 'p', LIT(""), ANSWER_MORE, NULL},
    {'N', 0, 0, 'c', LIT("x"), ANSWER_BAD, "octets after a reply that has none"},
    {'B', 0, SMFIP_SKIP, 's', LIT(""), ANSWER_SKIP, NULL},
    {'B', 0, 0, 's', LIT(""), ANSWER_BAD, "SKIP that was not negotiated"},
    {EOM, 0, SMFIP_SKIP, 's', LIT(""), ANSWER_BAD, "SKIP at the end of the message"},
    {'N', 0, 0, 'y', LIT("451 4.7.1 later\0"), ANSWER_DONE, NULL},
    {'N', 0, 0, 'y', LIT("550 no\0"), ANSWER_DONE, NULL},
    {'N', 0, 0, 'y', LIT("550 no"), ANSWER_BAD, "malformed reply code"},
    {'N', 0, 0, 'y', LIT("250 ok\0"), ANSWER_BAD, "malformed reply code"},
    {'N', 0, 0, 'y', LIT("451 5.7.1 later\0"), ANSWER_BAD, "malformed reply code"},
    {'N', 0, 0, 'y', LIT("451\0"), ANSWER_BAD, "malformed reply code"},
    {EOM, ALL, 0, 'h', LIT("X\0 a\0"), ANSWER_MORE, NULL},
    {EOM, ALL, 0, 'i', LIT("\0\0\0\0X\0 a\0"), ANSWER_MORE, NULL},
    {EOM, ALL, 0, 'm', LIT("\0\0\0\1X\0\0"), ANSWER_MORE, NULL},
    {EOM, ALL, 0, 'm', LIT("\x7f\xff\xff\xffX\0\0"), ANSWER_MORE, NULL},
    {EOM, ALL, 0, 'm', LIT("\x80\0\0\0X\0\0"), ANSWER_BAD, "header index out of range"},
    {EOM, ALL, 0, 'i', LIT("\0\0\0"), ANSWER_BAD, "edit without index"},
    {EOM, ALL, 0, 'h', LIT("X\0a"), ANSWER_BAD, "edit's string has no end"},
    {EOM, ALL, 0, 'h', LIT("X\0"), ANSWER_BAD, "edit's string has no end"},
    {EOM, ALL, 0, 'h', LIT("X\0a\0b"), ANSWER_BAD, "octets after an edit"},
    {EOM, ALL, 0, 'h', LIT("\0a\0"), ANSWER_BAD, "header edit without a name"},
    {EOM, ALL & ~SMFIF_ADDHDRS, 0, 'h', LIT("X\0a\0"), ANSWER_BAD, "edit that was not negotiated"},
    {EOM, ALL & ~SMFIF_ADDHDRS, 0, 'i', LIT("\0\0\0\0X\0a\0"), ANSWER_BAD,
     "edit that was not negotiated"},
    {EOM, ALL & ~SMFIF_CHGHDRS, 0, 'm', LIT("\0\0\0\1X\0a\0"), ANSWER_BAD,
     "edit that was not negotiated"},
    {'N', ALL, 0, 'h', LIT("X\0a\0"), ANSWER_BAD, "edit before the end of the message"},
    {EOM, ALL, 0, '+', LIT("<a@b>\0"), ANSWER_MORE, NULL},
    {EOM, ALL, 0, '2', LIT("<a@b>\0NOTIFY=NEVER\0"), ANSWER_MORE, NULL},
    {EOM, ALL, 0, '2', LIT("<a@b>\0"), ANSWER_MORE, NULL},
    {EOM, ALL, 0, '-', LIT("<a@b>\0"), ANSWER_MORE, NULL},
    {EOM, ALL, 0, 'e', LIT("<a@b>\0"), ANSWER_MORE, NULL},
    {EOM, ALL, 0, 'q', LIT("why\0"), ANSWER_MORE, NULL},
    {EOM, ALL, 0, 'b', LIT("a\0b"), ANSWER_MORE, NULL},
    {EOM, ALL, 0, 'Z', LIT(""), ANSWER_BAD, "unknown reply"},
};

static void replies_are_held_against_the_protocol(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(reply_rows); i++) {
		const struct reply_row *row = &reply_rows[i];
		struct wire_terms terms = {.actions = row->actions, .steps = row->steps};
		struct slice data = tight(row->data);
		struct wire_packet p = {row->command, data.p, data.n};
		struct answer a = {0};
		const char *fault = NULL;
		enum answer_step got = answer_take(&a, &terms, row->event, &p, &fault);

		CHECK(got == row->want, "row %zu: got %d, %s", i, got, fault ? fault : "");
		if (row->fault != NULL)
			CHECK(strcmp(fault, row->fault) == 0, "row %zu: %s", i, fault);
		answer_reset(&a);
		tight_free(data);
	}
}

static void edits_are_kept_in_their_order(void **state)
{
	static const char ins[] = "\0\0\0\1X-Keepname\0 genuine;\n\tclass=a\0";
	static const char chg[] = "\0\0\0\2X-Keepname\0\0";
	const struct wire_terms terms = {.actions = ALL};
	struct answer a = {0};
	const char *fault;

	(void)state;
	assert_int_equal(
	    answer_take(&a, &terms, EOM, &(struct wire_packet){'m', chg, sizeof(chg) - 1}, &fault),
	    ANSWER_MORE);
	assert_int_equal(
	    answer_take(&a, &terms, EOM, &(struct wire_packet){'i', ins, sizeof(ins) - 1}, &fault),
	    ANSWER_MORE);
	assert_int_equal(a.edit_count, 2);
	assert_int_equal(a.edits[0].index, 2);
	assert_string_equal(a.edits[0].value, "");
	assert_int_equal(a.edits[1].index, 1);
	assert_ptr_equal(answer_header(&a, "x-keepname", "genuine; class=a"), &a.edits[1]);
	assert_null(answer_header(&a, "X-Keepname", "genuine;class"));
	assert_null(answer_header(&a, "X-Keepname", "genuine; class=ab"));
	assert_null(answer_header(&a, "X-Keep", "genuine"));
	answer_reset(&a);
}

/* -- packets ---------------------------------------------------------------------------------- */

struct big_packet {
	int fd;
	uint32_t len; /* as its frame says */
};

/* Writes one packet of the length; more than a socket's buffer holds, so from a thread. */
static void *write_big(void *arg)
{
	const struct big_packet *big = arg;
	uint32_t net = htonl(big->len);
	char *octets = calloc(1, 4 + (size_t)big->len);

	memcpy(octets, &net, 4);
	for (size_t done = 0; done < 4 + (size_t)big->len;) {
		ssize_t n = write(big->fd, octets + done, 4 + (size_t)big->len - done);

		if (n <= 0)
			break;
		done += (size_t)n;
	}
	free(octets);
	return NULL;
}

static void check_packet(uint32_t len, int want)
{
	struct wire_packet p = {0};
	struct wire *wire;
	struct fake f;
	struct big_packet big;
	pthread_t thread;

	fake_open(&f, &wire);
	big = (struct big_packet){f.fd, len};
	assert_int_equal(pthread_create(&thread, NULL, write_big, &big), 0);
	assert_int_equal(wire_get(wire, &p), want);
	if (want == 1)
		assert_int_equal(p.len, len - 1);
	wire_close(wire);
	pthread_join(thread, NULL);
	close(f.fd);
}

static void packets_are_taken_up_to_the_limit(void **state)
{
	(void)state;
	check_packet(0, -EPROTO);
	check_packet(1, 1);
	check_packet(WIRE_PACKET_MAX, 1);
	check_packet(WIRE_PACKET_MAX + 1, -EPROTO);
}

static void an_end_inside_a_packet_is_no_end(void **state)
{
	struct wire_packet p;
	struct wire *wire;
	struct fake f;

	(void)state;
	fake_open(&f, &wire);
	fake_hang_up(&f);
	assert_int_equal(wire_get(wire, &p), 0);
	wire_close(wire);
	fake_read(&f);
	fake_open(&f, &wire);
	assert_int_equal(write(f.fd, "\0\0\0\2c", 5), 5);
	fake_hang_up(&f);
	assert_int_equal(wire_get(wire, &p), -EPROTO);
	wire_close(wire);
	fake_read(&f);
}

static void an_answer_nobody_asked_for_is_a_fault(void **state)
{
	struct answer a = {0};
	struct fake f;
	struct dialogue *d = fake_dialogue(&f, SMFIP_NR_HDR);
	const struct envelope e = {"1", "", NULL, 0, NULL, NULL};

	(void)state;
	fake_replies(&f, "ca");
	assert_int_equal(dialogue_header(d, &e, "X", " a", &a), DIALOGUE_ON);
	assert_int_equal(dialogue_eom(d, &e, &a), DIALOGUE_FINAL);
	assert_int_equal(dialogue_settle(d), DIALOGUE_BROKEN);
	assert_string_equal(dialogue_fault(d), "at eom: an answer that nobody asked for");
	dialogue_drop(d);
	fake_read(&f);
	answer_reset(&a);
}

static void a_write_to_a_dead_filter_is_an_error(void **state)
{
	struct wire *wire;
	struct fake f;

	(void)state;
	fake_open(&f, &wire);
	close(f.fd);
	assert_int_equal(wire_put(wire, 'A', NULL, 0), 0);
	assert_int_equal(wire_flush(wire), -EPIPE);
	wire_close(wire);
}

static void sockets_that_are_none_are_named(void **state)
{
	struct wire *wire;

	(void)state;
	assert_int_equal(wire_open("nonsense", 1000, &wire), -EINVAL);
	assert_int_equal(wire_open("inet:25", 1000, &wire), -EINVAL);
	assert_int_equal(wire_open("unix:/nowhere/at/all", 1000, &wire), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(replies_are_held_against_the_protocol),
	    cmocka_unit_test(edits_are_kept_in_their_order),
	    cmocka_unit_test(packets_are_taken_up_to_the_limit),
	    cmocka_unit_test(an_end_inside_a_packet_is_no_end),
	    cmocka_unit_test(an_answer_nobody_asked_for_is_a_fault),
	    cmocka_unit_test(a_write_to_a_dead_filter_is_an_error),
	    cmocka_unit_test(sockets_that_are_none_are_named),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
