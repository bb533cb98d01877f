/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MTAs that misbehave in front of the running daemon: they hang up anywhere, send commands in any
 * order and packets that are none, reach the limits and pass them, and flood. After each, an honest
 * one has its mail judged. Run by clients.sh, which starts the daemon and says in the environment:
 * SOCKET (of the daemon), LISTENER (process id), MAIL (genuine, its Message-ID not signed), WORDING
 * (a candidate by its subject alone).
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <libmilter/mfdef.h>

#include "base/limits.h"
#include "tests/bench/connect.h"
#include "tests/bench/exchange.h"
#include "tests/rules/table.h"

enum { SOON = 20000 }; /* ms; only a failing test waits so long */

static const char *spec;
static pid_t listener;
static struct mail *genuine, *wording;
static const struct client client = {"mail.client.example", "198.51.100.9", "mail.client.example"};

/* -- honest mail ---------------------------------------------------------------------------- */

static struct envelope envelope_of(const char *const *rcpts, size_t n)
{
	static char id[64];
	static unsigned number;

	snprintf(id, sizeof(id), "<%u@clients.test>", ++number);
	return (struct envelope){.queue_id = "4TCLIENT",
				 .sender = "bounce@client.example",
				 .rcpts = rcpts,
				 .rcpt_count = n,
				 .message_id = id};
}

static struct dialogue *greeted(void)
{
	struct answer a = {0};
	char fault[160];
	struct dialogue *d = dialogue_open(spec, SOON, fault, sizeof(fault));

	if (d == NULL)
		fail_msg("%s", fault);
	assert_int_equal(exchange_greet(d, &client, &a), DIALOGUE_ON);
	answer_reset(&a);
	return d;
}

/* The verdict that a mail to these recipients is marked with, "" for none. */
static const char *verdict(const struct mail *mail, const char *const *rcpts, size_t n)
{
	static char word[64];
	const struct envelope e = envelope_of(rcpts, n);
	struct dialogue *d = greeted();
	struct answer a = {0};

	word[0] = '\0';
	if (exchange_message(d, mail, &e, &a) == DIALOGUE_BROKEN)
		fail_msg("%s", dialogue_fault(d));
	for (size_t i = 0; i < a.edit_count; i++)
		if (a.edits[i].action == SMFIR_INSHEADER)
			sscanf(a.edits[i].value, " %63[a-z]", word);
	assert_true(a.verdict == SMFIR_ACCEPT || a.verdict == SMFIR_CONTINUE);
	answer_reset(&a);
	assert_int_equal(exchange_leave(d), DIALOGUE_FINAL);
	dialogue_drop(d);
	return word;
}

static const char *const owner[] = {"owner@example.com"};

static void check_well(const char *after)
{
	CHECK(kill(listener, 0) == 0, "after %s", after);
	CHECK(strcmp(verdict(genuine, owner, 1), "genuine") == 0, "after %s", after);
}

static struct mail *mail_of(const char *variable)
{
	struct mail *m;

	assert_non_null(getenv(variable));
	assert_int_equal(mail_read(getenv(variable), &m), 0);
	return m;
}

static int begin(void **state)
{
	(void)state;
	spec = getenv("SOCKET");
	assert_non_null(spec);
	assert_non_null(getenv("LISTENER"));
	listener = (pid_t)atol(getenv("LISTENER"));
	genuine = mail_of("MAIL");
	wording = mail_of("WORDING");
	return 0;
}

static int end(void **state)
{
	(void)state;
	mail_free(genuine);
	mail_free(wording);
	return 0;
}

/* -- hanging up ----------------------------------------------------------------------------- */

enum {
	STEPS = 12,
	WAYS = 4,
};

/* The first n steps of a message. */
static void take_steps(struct dialogue *d, int n)
{
	const struct envelope e = envelope_of(owner, 1);
	const struct mail *m = genuine;
	struct answer a = {0};
	const size_t half = m->body_len / 2;

	for (int step = 1; step <= n; step++) {
		switch (step) {
		case 1: dialogue_connect(d, &client, &a); break;
		case 2: dialogue_helo(d, &client, &a); break;
		case 3: dialogue_mail(d, &e, &a); break;
		case 4: dialogue_rcpt(d, &e, 0, &a); break;
		case 5: dialogue_data(d, &e, &a); break;
		case 6: dialogue_header(d, &e, m->headers[0].name, m->headers[0].value, &a); break;
		case 7:
			for (size_t i = 1; i < m->header_count; i++)
				dialogue_header(d, &e, m->headers[i].name, m->headers[i].value, &a);
			break;
		case 8: dialogue_eoh(d, &e, &a); break;
		case 9: dialogue_body(d, &e, m->body, half, &a); break;
		case 10: dialogue_body(d, &e, m->body + half, m->body_len - half, &a); break;
		case 11: wire_put(dialogue_wire(d), SMFIC_BODYEOB, NULL, 0); break;
		case 12: {
			struct wire_packet p;

			wire_get(dialogue_wire(d), &p); /* the first edit, and no more */
			break;
		}
		}
	}
	answer_reset(&a);
}

static void leave(struct dialogue *d, int way)
{
	switch (way) {
	case 1: wire_put(dialogue_wire(d), SMFIC_QUIT, NULL, 0); break;
	case 2: wire_put(dialogue_wire(d), SMFIC_ABORT, NULL, 0); break;
	case 3: wire_put_raw(dialogue_wire(d), "\0\0\0\377L", 5); break; /* begins a packet */
	default: break;
	}
	wire_flush(dialogue_wire(d));
	dialogue_drop(d);
}

static void it_may_hang_up_anywhere(void **state)
{
	char fault[160], where[64];

	(void)state;
	for (int way = 0; way < WAYS; way++)
		for (int n = 0; n <= STEPS; n++) {
			struct dialogue *d = dialogue_open(spec, SOON, fault, sizeof(fault));

			assert_non_null(d);
			take_steps(d, n);
			leave(d, way);
			snprintf(where, sizeof(where), "way %d, step %d", way, n);
			check_well(where);
		}
	const int fd = connect_spec(spec); /* not even a negotiation */

	assert_true(fd >= 0);
	close(fd);
	check_well("a connection and nothing else");
}

static void it_may_abort_and_go_on(void **state)
{
	(void)state;
	for (int n = 3; n < STEPS - 1; n++) {
		struct dialogue *d = greeted();
		const struct envelope e = envelope_of(owner, 1);
		struct answer a = {0};

		take_steps(d, n);
		assert_int_equal(dialogue_abort(d), DIALOGUE_ON);
		CHECK(exchange_message(d, genuine, &e, &a) == DIALOGUE_FINAL &&
			  answer_header(&a, "X-Keepname", "genuine;") != NULL,
		      "step %d: %s", n, dialogue_fault(d));
		answer_reset(&a);
		dialogue_drop(d);
	}
}

/* -- any order ------------------------------------------------------------------------------ */

struct packet {
	char command;
	const char *data;
	size_t n;
};

#define PACKET(command, text)                   \
	{                                       \
		command, text, sizeof(text) - 1 \
	}

/* Strings end in a NUL of their own. */
static const struct packet packets[] = {
    PACKET(SMFIC_OPTNEG, "\0\0\0\6\0\0\1\377\0\37\377\377"),
    PACKET(SMFIC_CONNECT, "mail.client.example\0"
			  "4\234\100"
			  "198.51.100.9\0"),
    PACKET(SMFIC_HELO, "client.example\0"),
    PACKET(SMFIC_MACRO, "Mi\0"
			"4T00\0"),
    PACKET(SMFIC_MAIL, "<a@client.example>\0"),
    PACKET(SMFIC_RCPT, "<owner@example.com>\0"),
    PACKET(SMFIC_DATA, ""),
    PACKET(SMFIC_HEADER, "From\0 noreply@emailverification.info\0"),
    PACKET(SMFIC_HEADER, "X-Keepname\0 genuine\0"),
    PACKET(SMFIC_EOH, ""),
    PACKET(SMFIC_BODY, "Hello\r\n"),
    PACKET(SMFIC_BODYEOB, ""),
    PACKET(SMFIC_ABORT, ""),
    PACKET(SMFIC_QUIT_NC, ""),
    PACKET(SMFIC_UNKNOWN, "FOO\0"),
    PACKET('z', "?"),
};
enum { PACKETS = sizeof(packets) / sizeof(packets[0]) };

static void put(struct wire *w, const struct packet *p)
{
	const struct iovec part = {(void *)(uintptr_t)p->data, p->n};

	wire_put(w, p->command, &part, 1);
}

/* Reads until the other side hangs up; false if it does not. */
static bool drain(int fd)
{
	char octets[4096];

	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};

		if (poll(&p, 1, SOON) <= 0)
			return false;
		if (recv(fd, octets, sizeof(octets), 0) <= 0)
			return true;
	}
}

/* Sends the packets of a sequence, says that no more come, and waits for the end. */
static void send_sequence(const unsigned char *sequence, size_t n)
{
	const int fd = connect_spec(spec);
	struct wire *w;

	assert_true(fd >= 0);
	assert_int_equal(wire_adopt(fd, SOON, &w), 0);
	for (size_t i = 0; i < n; i++)
		put(w, &packets[sequence[i]]);
	wire_flush(w);
	shutdown(fd, SHUT_WR);
	CHECK(drain(fd), "no end after %zu packets, the last %d", n, sequence[n - 1]);
	wire_close(w);
}

static void all_after(const unsigned char *before, size_t n)
{
	unsigned char sequence[8];
	char what[64];

	memcpy(sequence, before, n);
	for (unsigned char i = 0; i < PACKETS; i++) {
		sequence[n] = i;
		send_sequence(sequence, n + 1);
		for (unsigned char j = 0; j < PACKETS; j++) {
			sequence[n + 1] = j;
			send_sequence(sequence, n + 2);
		}
		snprintf(what, sizeof(what), "%zu packets, then %d and any other", n, i);
		check_well(what);
	}
}

static void commands_come_in_any_order(void **state)
{
	(void)state;
	all_after((const unsigned char[]){0}, 0);
	all_after((const unsigned char[]){0}, 1);
	all_after((const unsigned char[]){0, 1, 4}, 3);
	all_after((const unsigned char[]){0, 1, 4, 5, 7}, 5);
	all_after((const unsigned char[]){0, 1, 4, 5, 7, 9}, 6);
}

static void packets_that_are_none(void **state)
{
	static const struct {
		const char *what, *octets;
		size_t n;
	} bad[] = {
	    {"no command", "\0\0\0\0", 4},
	    {"the longest length", "\377\377\377\377O", 5},
	    {"a short negotiation", "\0\0\0\5O\0\0\0\6", 9},
	    {"version 1", "\0\0\0\15O\0\0\0\1\0\0\0\1\0\0\0\1", 17},
	    {"version 4711", "\0\0\0\15O\0\0\22g\0\0\1\377\0\37\377\377", 17},
	    {"HTTP", "GET / HTTP/1.0\r\n\r\n", 18},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const int fd = connect_spec(spec);

		assert_true(fd >= 0);
		assert_int_equal(send(fd, bad[i].octets, bad[i].n, MSG_NOSIGNAL), bad[i].n);
		shutdown(fd, SHUT_WR);
		CHECK(drain(fd), "%s", bad[i].what);
		close(fd);
		check_well(bad[i].what);
	}
}

/* -- odd headers ---------------------------------------------------------------------------- */

static void headers_that_are_odd(void **state)
{
	static const struct {
		const char *what;
		struct packet packet;
	} odd[] = {
	    {"nothing", PACKET(SMFIC_HEADER, "")},
	    {"no end", PACKET(SMFIC_HEADER, "From")},
	    {"a name alone", PACKET(SMFIC_HEADER, "From\0")},
	    {"a value without an end", PACKET(SMFIC_HEADER, "From\0noreply")},
	    {"empty name and value", PACKET(SMFIC_HEADER, "\0\0")},
	    {"a NUL in the value", PACKET(SMFIC_HEADER, "From\0 noreply\0@x\0")},
	    {"many strings", PACKET(SMFIC_HEADER, "a\0b\0c\0d\0e\0f\0g\0h\0i\0j\0k\0")},
	    {"an 8-bit name", PACKET(SMFIC_HEADER, "X-Gr\303\274\303\237e\0 x\0")},
	    {"no UTF-8", PACKET(SMFIC_HEADER, "X-\377\376\0 \200\0")},
	    {"control octets", PACKET(SMFIC_HEADER, "X-\1\2\3\0 \33[2J\r\n\r\n\0")},
	    {"a name of blanks", PACKET(SMFIC_HEADER, "   \0 x\0")},
	    {"a colon in the name", PACKET(SMFIC_HEADER, "X-A: b\0 x\0")},
	    {"a sender without an end", PACKET(SMFIC_MAIL, "<a@b")},
	    {"an 8-bit recipient", PACKET(SMFIC_RCPT, "<\377\"\1\"@\303\274.example>\0")},
	    {"no recipient", PACKET(SMFIC_RCPT, "")},
	};
	static const unsigned char before[] = {0, 1, 4, 5, 7}, after[] = {9, 10, 11};

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		const int fd = connect_spec(spec);
		struct wire *w;

		assert_true(fd >= 0);
		assert_int_equal(wire_adopt(fd, SOON, &w), 0);
		for (size_t n = 0; n < sizeof(before); n++)
			put(w, &packets[before[n]]);
		put(w, &odd[i].packet);
		for (size_t n = 0; n < sizeof(after); n++)
			put(w, &packets[after[n]]);
		wire_flush(w);
		shutdown(fd, SHUT_WR);
		CHECK(drain(fd), "%s", odd[i].what);
		wire_close(w);
		check_well(odd[i].what);
	}
}

/* -- limits --------------------------------------------------------------------------------- */

/* The genuine mail with more headers at its end; its own storage is shared. */
static struct mail with_headers(const struct mail_header *more, size_t n)
{
	struct mail m = *genuine;

	m.headers = calloc(m.header_count + n, sizeof(*m.headers));
	assert_non_null(m.headers);
	memcpy(m.headers, genuine->headers, m.header_count * sizeof(*m.headers));
	memcpy(m.headers + m.header_count, more, n * sizeof(*more));
	m.header_count += n;
	return m;
}

static void check_headers(const char *what, const struct mail_header *more, size_t n,
			  const char *want)
{
	struct mail m = with_headers(more, n);
	const char *got = verdict(&m, owner, 1);

	CHECK(strcmp(got, want) == 0, "%s: got \"%s\", want \"%s\"", what, got, want);
	free(m.headers);
}

/* Octets of names and values as they go over the wire, with the Message-ID that verdict() gives. */
static size_t octets_of(const struct mail *m)
{
	const struct envelope e = envelope_of(owner, 1);
	size_t n = 0;

	for (size_t i = 0; i < m->header_count; i++) {
		const bool is_id = strcasecmp(m->headers[i].name, "Message-ID") == 0;

		n += strlen(m->headers[i].name) +
		     (is_id ? 1 + strlen(e.message_id) : strlen(m->headers[i].value));
	}
	return n;
}

static char *filler(size_t n)
{
	char *p = malloc(n + 1);

	assert_non_null(p);
	memset(p, 'x', n);
	p[n] = '\0';
	return p;
}

static void a_header_may_be_long(void **state)
{
	static const size_t length[] = {65000, 65534, 65535, 65536, 70000, 200000};
	char name[] = "X-Long", what[32];

	(void)state;
	for (size_t i = 0; i < sizeof(length) / sizeof(length[0]); i++) {
		char *value = filler(length[i]);

		snprintf(what, sizeof(what), "%zu octets", length[i]);
		check_headers(what, &(struct mail_header){name, value}, 1, "genuine");
		free(value);
	}
}

static void the_octets_of_headers_have_a_limit(void **state)
{
	enum { PIECE = 60000 };
	char name[] = "X";
	struct mail_header more[16];

	(void)state;
	for (size_t over = 0; over <= 1; over++) {
		size_t left = LIMIT_HEADER_BYTES - octets_of(genuine) + over, n = 0;

		while (left > 0) {
			const size_t piece = left > PIECE + 1 ? PIECE : left - 1;

			more[n++] = (struct mail_header){name, filler(piece)};
			left -= piece + 1;
		}
		check_headers(over ? "one octet more" : "as many as are allowed", more, n,
			      over ? "" : "genuine");
		while (n > 0)
			free(more[--n].value);
	}
	check_well("headers past their limit");
}

static void the_number_of_headers_has_a_limit(void **state)
{
	static struct mail_header more[LIMIT_HEADER_COUNT + 1];
	char name[] = "X", value[] = " x";
	const size_t most = LIMIT_HEADER_COUNT - genuine->header_count;

	(void)state;
	for (size_t i = 0; i < most + 1; i++)
		more[i] = (struct mail_header){name, value};
	check_headers("as many as are allowed", more, most, "genuine");
	check_headers("one more", more, most + 1, "");
}

/* Ours are deleted from mail that is not judged too. */
static void forged_headers_go_past_the_limit(void **state)
{
	static struct mail_header more[LIMIT_HEADER_COUNT + 1];
	char name[] = "X", value[] = " x", ours[] = "X-Keepname", verdict_text[] = " genuine";
	const struct envelope e = envelope_of(owner, 1);
	struct dialogue *d = greeted();
	struct answer a = {0};
	size_t deleted = 0;

	(void)state;
	for (size_t i = 0; i < LIMIT_HEADER_COUNT; i++)
		more[i] = (struct mail_header){name, value};
	more[LIMIT_HEADER_COUNT] = (struct mail_header){ours, verdict_text};
	struct mail m = with_headers(more, LIMIT_HEADER_COUNT + 1);

	assert_int_equal(exchange_message(d, &m, &e, &a), DIALOGUE_FINAL);
	for (size_t i = 0; i < a.edit_count; i++)
		deleted += a.edits[i].action == SMFIR_CHGHEADER && a.edits[i].value[0] == '\0';
	assert_int_equal(a.edit_count, 1);
	assert_int_equal(deleted, 1);
	answer_reset(&a);
	dialogue_drop(d);
	free(m.headers);
}

/* Resident memory of the daemon's listener, in octets. */
static size_t resident(void)
{
	char path[64];
	unsigned long whole, pages;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/statm", (long)listener);
	f = fopen(path, "re");
	assert_non_null(f);
	assert_int_equal(fscanf(f, "%lu %lu", &whole, &pages), 2);
	fclose(f);
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* Past the limit they are neither kept nor judged; ours are deleted up to theirs. */
static void a_hundred_thousand_headers(void **state)
{
	enum { MANY = 100000, ROOM = 16 * 1024 * 1024 };
	static struct mail_header more[MANY];
	char name[] = "X-Filler", value[] = " some words that stand for a header",
	     ours[] = "X-Keepname", forged[] = " genuine";
	const struct envelope e = envelope_of(owner, 1);
	struct answer a = {0};
	size_t before, after, deleted = 0;

	(void)state;
	check_well("the beginning");
	before = resident();
	for (size_t i = 0; i < MANY; i++)
		more[i] = (struct mail_header){name, value};
	check_headers("a hundred thousand", more, MANY, "");
	for (size_t i = 0; i < MANY; i++)
		more[i] = (struct mail_header){ours, forged};
	struct mail m = with_headers(more, MANY);
	struct dialogue *d = greeted();

	assert_int_equal(exchange_message(d, &m, &e, &a), DIALOGUE_FINAL);
	for (size_t i = 0; i < a.edit_count; i++)
		deleted += a.edits[i].action == SMFIR_CHGHEADER && a.edits[i].value[0] == '\0';
	assert_int_equal(deleted, LIMIT_OUR_HEADERS);
	after = resident();
	CHECK(after < before + ROOM, "%zu octets before, %zu after", before, after);
	answer_reset(&a);
	dialogue_drop(d);
	free(m.headers);
	check_well("a hundred thousand headers");
}

static void recipients_have_a_limit(void **state)
{
	static char address[LIMIT_RCPTS + 1][32];
	static const char *rcpts[LIMIT_RCPTS + 1];

	(void)state;
	for (size_t i = 0; i < LIMIT_RCPTS + 1; i++) {
		snprintf(address[i], sizeof(address[i]), "r%zu@limit.example", i);
		rcpts[i] = address[i];
	}
	assert_string_equal(verdict(genuine, rcpts, LIMIT_RCPTS), "genuine");
	assert_string_equal(verdict(genuine, rcpts, LIMIT_RCPTS + 1), "");
	check_well("recipients past their limit");
}

static void a_packet_has_a_limit(void **state)
{
	const int fd = connect_spec(spec);
	char *octets = filler(2 * LIMIT_MILTER_DATA);
	struct wire *w;
	const struct iovec part = {octets, 2 * LIMIT_MILTER_DATA};

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(wire_adopt(fd, SOON, &w), 0);
	for (unsigned char i = 0; i < 6; i++)
		put(w, &packets[i]);
	wire_put(w, SMFIC_HEADER, &part, 1); /* may fail: the daemon hangs up before its end */
	wire_flush(w);
	shutdown(fd, SHUT_WR);
	assert_true(drain(fd));
	wire_close(w);
	free(octets);
	check_well("a packet past the limit");
}

/* -- floods --------------------------------------------------------------------------------- */

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A connection that has sent a mail up to the end of its headers, whose answer it does not read. */
static struct dialogue *stalling(const struct mail *m)
{
	struct dialogue *d = greeted();
	const struct envelope e = envelope_of(owner, 1);
	struct answer a = {0};

	dialogue_mail(d, &e, &a);
	dialogue_rcpt(d, &e, 0, &a);
	dialogue_data(d, &e, &a);
	for (size_t i = 0; i < m->header_count; i++)
		dialogue_header(d, &e, m->headers[i].name, m->headers[i].value, &a);
	wire_put(dialogue_wire(d), SMFIC_EOH, NULL, 0);
	wire_flush(dialogue_wire(d));
	answer_reset(&a);
	return d;
}

static void a_flood_by_wording_leaves_the_listed_their_lane(void **state)
{
	enum { FLOOD = 40, PLACES = (LIMIT_JUDGES + 1) / 2, ENOUGH = 1000 };
	struct dialogue *d[FLOOD];
	size_t judged = 0, left = 0;
	int64_t began;

	(void)state;
	for (size_t i = 0; i < FLOOD; i++)
		d[i] = stalling(wording);
	began = now_ms();
	check_well("a flood that waits for places");
	assert_in_range(now_ms() - began, 0, ENOUGH);
	for (size_t i = 0; i < FLOOD; i++) {
		struct wire_packet p;

		assert_int_equal(wire_get(dialogue_wire(d[i]), &p), 1);
		judged += p.command == SMFIR_CONTINUE;
		left += p.command == SMFIR_ACCEPT;
	}
	CHECK(judged == PLACES && left == FLOOD - PLACES, "%zu judged, %zu left", judged, left);
	began = now_ms();
	check_well("a flood that has its places");
	assert_in_range(now_ms() - began, 0, ENOUGH);
	for (size_t i = 0; i < FLOOD; i++)
		dialogue_drop(d[i]);
	check_well("a flood that hung up");
}

/* Up to the end of the headers of a listed sender's mail, and not a word more. */
static void who_goes_silent_keeps_no_place(void **state)
{
	enum { SILENT = LIMIT_JUDGES, TRIES = 20 };
	struct dialogue *d[SILENT];
	int tries = 0;

	(void)state;
	for (size_t i = 0; i < SILENT; i++) {
		struct wire_packet p;

		d[i] = stalling(genuine);
		assert_int_equal(wire_get(dialogue_wire(d[i]), &p), 1); /* it has its place */
	}
	/* Each waits LIMIT_LANE_WAIT_MS for a place. */
	while (strcmp(verdict(genuine, owner, 1), "genuine") != 0)
		CHECK(++tries < TRIES, "no place came free");
	CHECK(tries > 0, "not all places were taken");
	for (size_t i = 0; i < SILENT; i++)
		dialogue_drop(d[i]);
	check_well("silent ones");
}

/* Many connections that send headers and never end: each costs its own limit and little more. */
static void slow_ones_cost_what_is_stated(void **state)
{
	enum { SLOW = 200, PIECE = 60000, PIECES = 12, SPARE = 128 * 1024 };
	struct dialogue *d[SLOW];
	char *value = filler(PIECE);
	const struct envelope e = envelope_of(owner, 1);
	struct answer a = {0};
	size_t before, after;

	(void)state;
	check_well("the beginning");
	before = resident();
	for (size_t i = 0; i < SLOW; i++) {
		d[i] = greeted();
		dialogue_mail(d[i], &e, &a);
		dialogue_rcpt(d[i], &e, 0, &a);
		dialogue_data(d[i], &e, &a);
		for (size_t n = 0; n < PIECES; n++)
			dialogue_header(d[i], &e, "X-Slow", value, &a);
		wire_flush(dialogue_wire(d[i]));
	}
	check_well("slow ones");
	after = resident();
	CHECK(after < before + SLOW * (size_t)(LIMIT_HEADER_BYTES + SPARE),
	      "%zu octets before, %zu after", before, after);
	fprintf(stderr, "memory of a slow session: %ld KiB\n",
		((long)after - (long)before) / SLOW / 1024);
	for (size_t i = 0; i < SLOW; i++)
		dialogue_drop(d[i]);
	answer_reset(&a);
	free(value);
	check_well("their end");
}

static void many_may_be_idle(void **state)
{
	enum { IDLE = 1500 };
	static int fd[IDLE];
	struct rlimit files;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
	if (files.rlim_max < IDLE + 100)
		SKIP_TEST("too few descriptors are allowed here");
	files.rlim_cur = files.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
	for (size_t i = 0; i < IDLE; i++) {
		struct wire *w;

		fd[i] = connect_spec(spec);
		CHECK(fd[i] >= 0, "connection %zu: %s", i, strerror(-fd[i]));
		assert_int_equal(wire_adopt(dup(fd[i]), SOON, &w), 0);
		assert_int_equal(wire_negotiate(w, WIRE_VERSION, WIRE_ACTIONS, WIRE_STEPS), 0);
		wire_close(w);
	}
	check_well("1500 idle connections");
	for (size_t i = 0; i < IDLE; i++)
		close(fd[i]);
	check_well("their end");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_may_hang_up_anywhere),
	    cmocka_unit_test(it_may_abort_and_go_on),
	    cmocka_unit_test(packets_that_are_none),
	    cmocka_unit_test(headers_that_are_odd),
	    cmocka_unit_test(a_header_may_be_long),
	    cmocka_unit_test(the_octets_of_headers_have_a_limit),
	    cmocka_unit_test(the_number_of_headers_has_a_limit),
	    cmocka_unit_test(a_hundred_thousand_headers),
	    cmocka_unit_test(forged_headers_go_past_the_limit),
	    cmocka_unit_test(recipients_have_a_limit),
	    cmocka_unit_test(a_packet_has_a_limit),
	    cmocka_unit_test(a_flood_by_wording_leaves_the_listed_their_lane),
	    cmocka_unit_test(who_goes_silent_keeps_no_place),
	    cmocka_unit_test(slow_ones_cost_what_is_stated),
	    cmocka_unit_test(many_may_be_idle),
	    cmocka_unit_test(commands_come_in_any_order),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
