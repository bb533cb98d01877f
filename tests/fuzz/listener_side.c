/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The frames that come from a judge, as an attacker writes them who has taken it over;
 * taken in by the daemon's own client. No question is answered, so that the DNS is no part of it.
 *
 * A finding is taken from a record alone that echoes the nonce, and is one that packs to the same
 * octets; nobody but a listed sender is genuine by it (record.c has that). Octets past LIMIT_BABBLE
 * and questions past LIMIT_QUESTIONS are nonsense.
 */
#include "tests/fuzz/fuzz.h"

#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "judge/client.h"
#include "judge/frame.h"
#include "tests/fuzz/cases.h"
#include "tests/fuzz/holds.h"
#include "tests/fuzz/frames.h"

enum {
	MOST = 128 * 1024, /* of an input: what a socket takes without being read */
	PATIENCE = 60000,  /* ms; not waited for */
};

static int zygote[2];
static struct message message;

void fuzz_seeds(void (*put)(const char *name, const void *p, size_t n))
{
	cases_each(CASES_FROM_JUDGE, put);
}

static void open_client(void)
{
	FUZZ_HOLDS(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, zygote) == 0);
	message_init(&message);
	message_add_header(&message, "From", "a@sender.example");
}

/* The judge's end of the session that has just begun. */
static int take_judge_end(void)
{
	char octet;
	struct iovec data = {.iov_base = &octet, .iov_len = 1};
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr m = {.msg_iov = &data,
			   .msg_iovlen = 1,
			   .msg_control = control.room,
			   .msg_controllen = sizeof control.room};
	int fd;
	FUZZ_HOLDS(recvmsg(zygote[1], &m, MSG_CMSG_CLOEXEC) == 1 && CMSG_FIRSTHDR(&m));
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof fd);
	return fd;
}

static struct slice after_first(struct slice input)
{
	return input.n ? (struct slice){input.p + 1, input.n - 1} : input;
}

/* Whether whole frames lead to one that is a record with our nonce. */
static bool has_record(struct slice frames)
{
	struct unpack u = unpack_of(frames.p, frames.n);
	while (!u.failed) {
		uint32_t n = unpack_u32(&u);
		bool record = unpack_u8(&u) == FRAME_RECORD;
		if (u.failed || n > u.left)
			return false;
		struct unpack payload = unpack_of(u.p, n);
		if (record)
			return unpack_u64(&payload) == FRAMES_NONCE;
		u = unpack_of(u.p + n, u.left - n);
	}
	return false;
}

static void write_all(int fd, struct slice s)
{
	while (s.n) {
		ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL);
		if (n <= 0)
			return; /* the session has ended */
		s = (struct slice){s.p + n, s.n - (size_t)n};
	}
}

struct judge {
	int fd;
	struct slice late; /* what it writes when it has seen the end of the body */
};

static void *write_late(void *context)
{
	struct judge *j = context;
	struct frame_reader reader;
	enum frame_kind kind = FRAME_REQUEST;
	struct slice payload;
	frame_reader_init(&reader, j->fd);
	while (kind != FRAME_END &&
	       frame_read(&reader, LIMIT_FRAME, -1, &kind, &payload) == FRAME_OK)
		;
	write_all(j->fd, j->late);
	shutdown(j->fd, SHUT_WR);
	while (frame_read(&reader, LIMIT_FRAME, -1, &kind, &payload) == FRAME_OK)
		;
	frame_reader_free(&reader);
	return NULL;
}

/* The first octet says how much of the rest comes before the end of the body. */
static enum judge_status judge(struct slice input, struct finding *ret_finding)
{
	const struct request r = {.nonce = FRAMES_NONCE, .now = 1, .message = &message};
	const struct judge_client c = {.zygote_fd = zygote[0]};
	struct judge_session *s;
	pthread_t thread;
	int64_t deadline = frame_clock() + PATIENCE;
	size_t early = input.n ? (unsigned char)input.p[0] : 0;
	struct slice frames = after_first(input);
	if (early > frames.n)
		early = frames.n;
	FUZZ_HOLDS(judge_begin(&c, &r, deadline, &s) == JUDGE_OK);
	struct judge j = {take_judge_end(), {frames.p + early, frames.n - early}};
	write_all(j.fd, (struct slice){frames.p, early});
	FUZZ_HOLDS(pthread_create(&thread, NULL, write_late, &j) == 0);
	enum judge_status status = judge_body(s, "body", 4, deadline);
	if (status == JUDGE_OK)
		status = judge_finish(s, false, 0, deadline, ret_finding);
	judge_free(s);
	pthread_join(thread, NULL);
	close(j.fd);
	return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct finding f;
	struct slice input = {(const char *)p, n};
	if (n > MOST)
		return 0;
	if (zygote[1] == 0)
		open_client();
	enum judge_status status = judge(input, &f);
	FUZZ_HOLDS(status == JUDGE_OK || status == JUDGE_NONSENSE || status == JUDGE_GONE);
	if (status == JUDGE_OK) {
		FUZZ_HOLDS(has_record(after_first(input)));
		FUZZ_HOLDS(f.questions <= LIMIT_QUESTIONS);
		holds_finding(&f);
	}
	return 0;
}
