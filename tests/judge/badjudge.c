/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * badjudge - a keepname-judge that misbehaves; for the tests of whoever has mail judged.
 *
 *   badjudge MODE...        the first message is judged in the first mode, and so on; the last mode
 *                           goes on for ever. Options of the real program (-l, -t) are passed over.
 *
 * Descriptors as the real one has them: 3 messages, 4 control. Each message has a process of its
 * own. A finding's spf_domain is the mode that gave it, its spf the outcome of a question.
 */
#include <config.h> /* autoconf's: GNU interfaces */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/control.h"
#include "base/pack.h"
#include "base/program.h"
#include "dns/question.h"
#include "judge/frame.h"
#include "rules/core/finding.h"

struct message {
	const char *mode;
	int fd;
	struct frame_reader reader;
	uint64_t nonce;
	size_t body; /* octets */
	struct finding finding;
};

/* -- honest parts --------------------------------------------------------------------------- */

/* Frames of a kind that is not wanted end the process. */
static enum frame_kind next(struct message *m, struct slice *ret_payload)
{
	enum frame_kind kind;
	if (frame_read(&m->reader, LIMIT_FRAME, -1, &kind, ret_payload) != FRAME_OK)
		_exit(1);
	return kind;
}

static void read_request(struct message *m)
{
	struct slice payload;
	if (next(m, &payload) != FRAME_REQUEST)
		_exit(1);
	struct unpack u = unpack_of(payload.p, payload.n);
	m->nonce = unpack_u64(&u);
}

static void read_rest(struct message *m)
{
	struct slice payload;
	while (next(m, &payload) == FRAME_BODY)
		m->body += payload.n;
}

static void write_whole(const struct message *m, enum frame_kind kind, const struct str *payload)
{
	if (frame_write(m->fd, kind, (struct slice){payload->p, payload->n}, -1) != FRAME_OK)
		_exit(1);
}

static void question(struct message *m, uint64_t id, const char *name)
{
	struct question q = {.id = id, .type = QUESTION_TXT};
	struct str packed = {0};
	snprintf(q.name, sizeof q.name, "%s", name);
	question_pack(&q, &packed);
	write_whole(m, FRAME_QUESTION, &packed);
	str_free(&packed);
}

/* The status of the next answer, as a result of SPF: DATA pass, TROUBLE temperror, else none. */
static enum auth_result answer(struct message *m, uint64_t id)
{
	struct slice payload;
	struct answer a;
	if (next(m, &payload) != FRAME_ANSWER || !answer_unpack(payload, &a) || a.id != id)
		return AUTH_FAIL;
	enum auth_result r = a.status == ANSWER_DATA      ? AUTH_PASS
			     : a.status == ANSWER_TROUBLE ? AUTH_TEMPERROR
							  : AUTH_NONE;
	answer_free(&a);
	return r;
}

static void write_proof(const struct message *m)
{
	struct str proof = {0};
	pack_u64(&proof, m->nonce);
	finding_pack_proof(&m->finding, &proof);
	write_whole(m, FRAME_PROOF, &proof);
	str_free(&proof);
}

/* The proofs go before it. */
static void pack_record(struct message *m, struct str *record)
{
	snprintf(m->finding.spf_domain, sizeof m->finding.spf_domain, "%s.example", m->mode);
	m->finding.date = (int64_t)m->body;
	write_proof(m);
	pack_u64(record, m->nonce);
	finding_pack(&m->finding, record);
}

static void write_record(struct message *m)
{
	struct str record = {0};
	pack_record(m, &record);
	write_whole(m, FRAME_RECORD, &record);
	str_free(&record);
}

static void wait_for_end(const struct message *m)
{
	struct pollfd p = {.fd = m->fd};
	while (poll(&p, 1, -1) <= 0)
		;
}

/* -- modes ---------------------------------------------------------------------------------- */

static void good(struct message *m)
{
	read_request(m);
	read_rest(m);
	write_record(m);
}

static void asks(struct message *m)
{
	read_request(m);
	read_rest(m);
	question(m, 77, "data.example");
	m->finding.spf = answer(m, 77);
	write_record(m);
}

/* Before the body is read, as honest judges do; a name that nobody answers. */
static void asks_early(struct message *m)
{
	read_request(m);
	question(m, 5, "never.example");
	question(m, 6, "data.example");
	read_rest(m);
	m->finding.spf = answer(m, 6);
	if (m->finding.spf == AUTH_PASS)
		m->finding.spf = answer(m, 5);
	write_record(m);
}

static void asks_after_dns_is_over(struct message *m)
{
	read_request(m);
	read_rest(m);
	question(m, 1, "never.example");
	if (answer(m, 1) == AUTH_TEMPERROR) {
		question(m, 2, "data.example");
		m->finding.spf = answer(m, 2);
	}
	write_record(m);
}

static void ask_n(struct message *m, unsigned n)
{
	read_request(m);
	read_rest(m);
	for (unsigned i = 0; i < n; i++)
		question(m, i, "data.example");
	m->finding.spf = AUTH_PASS;
	for (unsigned i = 0; i < n; i++) { /* answers come in any order */
		struct slice payload;
		if (next(m, &payload) != FRAME_ANSWER)
			m->finding.spf = AUTH_FAIL;
	}
	write_record(m);
}

static void asks_48(struct message *m)
{
	ask_n(m, LIMIT_QUESTIONS);
}

static void asks_49(struct message *m)
{
	ask_n(m, LIMIT_QUESTIONS + 1);
}

/* Does not read the answers, which are too large together for the socket. */
static void hoards(struct message *m)
{
	read_request(m);
	read_rest(m);
	for (unsigned i = 0; i < LIMIT_QUESTIONS; i++)
		question(m, i, "huge.example");
	wait_for_end(m);
}

static void asks_for_ever(struct message *m)
{
	read_request(m);
	for (uint64_t i = 0;; i++)
		question(m, i, "data.example");
}

static void asks_nonsense(struct message *m)
{
	read_request(m);
	read_rest(m);
	question(m, 1, "no dots and spaces");
	wait_for_end(m);
}

static void exits(struct message *m)
{
	(void)m;
}

static void crash(struct message *m)
{
	read_request(m);
	abort();
}

static void stall(struct message *m)
{
	read_request(m);
	read_rest(m);
	wait_for_end(m);
}

static void does_not_read(struct message *m)
{
	wait_for_end(m);
}

static void babble(struct message *m)
{
	static const char text[] =
	    "the quick brown fox jumps over the lazy dog, for ever and ever; ";
	struct pollfd ready = {.fd = m->fd, .events = POLLOUT};
	/* Until the other side is gone: a judge that stops when the buffer is full has just died.
	 */
	while (send(m->fd, text, sizeof text - 1, MSG_NOSIGNAL) > 0 ||
	       (errno == EAGAIN && poll(&ready, 1, -1) > 0))
		;
}

static void trickle(struct message *m)
{
	struct str record = {0};
	read_request(m);
	read_rest(m);
	pack_record(m, &record);
	/* A frame that is begun and not ended. */
	send(m->fd, "\0\0\0\377\5", 5, MSG_NOSIGNAL);
	send(m->fd, record.p, 20, MSG_NOSIGNAL);
	wait_for_end(m);
}

/* Only when nobody waits any more. */
static void late(struct message *m)
{
	read_request(m);
	read_rest(m);
	wait_for_end(m);
	write_record(m);
}

static void other_nonce(struct message *m)
{
	read_request(m);
	read_rest(m);
	m->nonce ^= 1;
	write_record(m);
}

static void early(struct message *m)
{
	read_request(m);
	write_record(m);
	read_rest(m);
	wait_for_end(m);
}

static void half(struct message *m)
{
	struct str frame = {0};
	read_request(m);
	read_rest(m);
	frame_begin(&frame, FRAME_RECORD);
	pack_record(m, &frame);
	frame_end(&frame);
	frame.n /= 2;
	frame_send(m->fd, &frame, -1);
}

static void giant(struct message *m)
{
	read_request(m);
	read_rest(m);
	send(m->fd, "\377\377\377\377\5", 5, MSG_NOSIGNAL);
	babble(m);
}

static void large(struct message *m)
{
	struct str record = {0};
	read_request(m);
	read_rest(m);
	pack_record(m, &record);
	while (record.n < LIMIT_BABBLE + 1)
		str_putc(&record, 'x');
	write_whole(m, FRAME_RECORD, &record);
}

static void odd_kind(struct message *m)
{
	read_request(m);
	read_rest(m);
	frame_write(m->fd, FRAME_ANSWER, slice_of("x"), -1);
	wait_for_end(m);
}

static void bad_record(struct message *m)
{
	read_request(m);
	read_rest(m);
	m->finding.class = CLASS_COUNT; /* one past the last */
	write_record(m);
}

static void long_record(struct message *m)
{
	struct str record = {0};
	read_request(m);
	read_rest(m);
	pack_record(m, &record);
	str_putc(&record, 0);
	write_whole(m, FRAME_RECORD, &record);
}

static void no_record(struct message *m)
{
	read_request(m);
	read_rest(m);
	frame_write(m->fd, FRAME_RECORD, (struct slice){0}, -1);
	wait_for_end(m);
}

static const struct {
	const char *name;
	void (*f)(struct message *m);
} mode[] = {
    {"good", good},
    {"asks", asks},
    {"asks-early", asks_early},
    {"asks-late", asks_after_dns_is_over},
    {"asks-48", asks_48},
    {"asks-49", asks_49},
    {"asks-for-ever", asks_for_ever},
    {"asks-nonsense", asks_nonsense},
    {"hoards", hoards},
    {"exits", exits},
    {"crash", crash},
    {"stall", stall},
    {"does-not-read", does_not_read},
    {"babble", babble},
    {"trickle", trickle},
    {"late", late},
    {"other-nonce", other_nonce},
    {"early", early},
    {"half", half},
    {"giant", giant},
    {"large", large},
    {"odd-kind", odd_kind},
    {"bad-record", bad_record},
    {"long-record", long_record},
    {"no-record", no_record},
};

/* -- the zygote ------------------------------------------------------------------------------ */

static _Noreturn void judge(const char *name, int fd)
{
	struct message m = {.mode = name, .fd = fd};
	frame_reader_init(&m.reader, fd);
	for (size_t i = 0; i < sizeof mode / sizeof *mode; i++)
		if (strcmp(mode[i].name, name) == 0) {
			mode[i].f(&m);
			_exit(0);
		}
	fprintf(stderr, "badjudge: no mode %s\n", name);
	_exit(2);
}

/* Until there is a message. */
static void answer_pings(void)
{
	struct pollfd p[2] = {{.fd = JUDGE_FD_MESSAGES, .events = POLLIN},
			      {.fd = JUDGE_FD_CONTROL, .events = POLLIN}};

	while (poll(p, 2, -1) < 0 || p[0].revents == 0)
		if (p[1].revents != 0 && !control_answer(JUDGE_FD_CONTROL))
			p[1].fd = -1;
}

/* -1: the other end is closed. */
static int take(void)
{
	answer_pings();
	char octet;
	struct iovec data = {&octet, 1};
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr m = {.msg_iov = &data,
			   .msg_iovlen = 1,
			   .msg_control = control.room,
			   .msg_controllen = sizeof control.room};
	int fd = -1;
	ssize_t n;
	while ((n = recvmsg(JUDGE_FD_MESSAGES, &m, 0)) < 0 && errno == EINTR)
		;
	const struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&m) : NULL;
	if (c)
		memcpy(&fd, CMSG_DATA(c), sizeof fd);
	return fd;
}

int main(int argc, char **argv)
{
	signal(SIGCHLD, SIG_IGN); /* nobody is waited for */
	int i = 1;
	while (i + 1 < argc && argv[i][0] == '-')
		i += 2;
	if (i >= argc)
		return 2;
	const char ready = CONTROL_READY;
	if (write(JUDGE_FD_CONTROL, &ready, 1) != 1)
		return 2;
	for (int fd; (fd = take()) >= 0; i += i + 1 < argc) {
		if (fork() == 0) {
			close(JUDGE_FD_MESSAGES);
			close(JUDGE_FD_CONTROL);
			judge(argv[i], fd);
		}
		close(fd);
	}
	return 0;
}
