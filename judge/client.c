/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * client.c - one message's way to a judge and its finding's way back.
 *
 * The other end may be run by whoever wrote the message, so nothing it says is believed: frames
 * are bounded before they are read (LIMIT_BABBLE), questions are counted here (LIMIT_QUESTIONS),
 * the record must echo the nonce, pass finding_unpack, and come after the end of the body. What was
 * proved is taken from the frame before it, which the judge sends before it reads the letter: after
 * that, nothing it says changes the proofs, and no more questions are taken. The first thing out of
 * order ends the session; the status says what it was.
 *
 * Who writes, and why nobody waits for ever
 *
 * The stream to the judge has one writer at a time, so it needs no lock:
 *   1. until the END frame is out: the thread that owns the session (request, body, END);
 *   2. from the first question asked until dns_deadline: the DNS client's reader thread, which
 *      writes each answer as it comes, whole or not at all, without waiting. One thread, and it
 *      holds the DNS client's lock meanwhile;
 *   3. after dns_deadline, when all waits are cancelled: the owner again. What is unanswered then,
 *      or asked later, is answered ANSWER_TROUBLE.
 * The borders are dns_client_ask (1 to 2) and dns_client_cancel (2 to 3), which take that same
 * lock: after the cancel no callback runs or will run, and what it wrote is seen.
 *
 * Questions that come while the body is still being written stay in the socket, and are asked
 * after END; that costs no time, for MTAs send the body in one go. An honest judge never waits for
 * an answer before END, so it goes on reading the body and the owner can go on writing it. It
 * writes at most LIMIT_QUESTIONS questions and one record, some 40 KB: that fits the socket's
 * buffer (over 200 KB), so it never waits to write while the owner waits to write. A judge that is
 * not honest can fill one buffer and not empty the other, and reaches the deadline, alone.
 *
 * An answer that does not fit the buffer at that moment (phase 2) is dropped: at dns_deadline it
 * is TROUBLE like one that never came. A part that was written would garble the stream: the socket
 * is shut down, which the owner sees as its end.
 *
 * Lifetimes: a relay (one question) belongs to the session and is freed only after its wait has
 * been cancelled. The descriptor is closed after that, so no callback can write to a number that
 * has become somebody else's.
 */
#include "judge/client.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/pack.h"
#include "judge/frame.h"

struct relay {
	struct dns_wait wait;
	struct relay *next;
	struct judge_session *session;
	uint64_t id;   /* the judge's */
	bool answered; /* set by the reader thread; read after cancelling */
};

struct judge_session {
	int fd;
	struct dns_client *dns; /* NULL: every question is answered TROUBLE */
	uint64_t nonce;
	struct frame_reader reader;
	struct str out; /* of whoever writes in the present phase */
	struct relay *relays;
	size_t questions;
	atomic_uint answers[ANSWER_STATUS_COUNT];
	struct str proof; /* the PROOF frame's, unread */
	bool ended;       /* END is out */
	bool proved;      /* PROOF has come */
	bool dns_over;    /* phase 3 */
};

const char *judge_status_name(enum judge_status s)
{
	static const char *const name[JUDGE_STATUS_COUNT] = {
	    [JUDGE_OK] = "ok",     [JUDGE_GONE] = "gone",         [JUDGE_BUSY] = "busy",
	    [JUDGE_LATE] = "late", [JUDGE_NONSENSE] = "nonsense", [JUDGE_NO_MEMORY] = "no-memory",
	};
	return (unsigned)s < JUDGE_STATUS_COUNT ? name[s] : "";
}

static enum judge_status status_of(enum frame_result r)
{
	switch (r) {
	case FRAME_OK: return JUDGE_OK;
	case FRAME_EOF: return JUDGE_GONE;
	case FRAME_LATE: return JUDGE_LATE;
	case FRAME_NONSENSE: return JUDGE_NONSENSE;
	case FRAME_ERROR: break;
	}
	return errno == ENOMEM ? JUDGE_NO_MEMORY : JUDGE_GONE;
}

/* -- beginning ------------------------------------------------------------------------------ */

/* Gives fd to the zygote. */
static enum judge_status hand_over(int zygote_fd, int fd)
{
	char octet = 0;
	struct iovec data = {.iov_base = &octet, .iov_len = 1};
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(int))];
	} control = {.room = {0}};
	struct msghdr m = {.msg_iov = &data,
			   .msg_iovlen = 1,
			   .msg_control = control.room,
			   .msg_controllen = sizeof control.room};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(c), &fd, sizeof fd);
	while (sendmsg(zygote_fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
		if (errno == EINTR)
			continue;
		/* ETOOMANYREFS: too many descriptors of this user lie in sockets. */
		if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS ||
		    errno == ETOOMANYREFS)
			return JUDGE_BUSY;
		return errno == ENOMEM ? JUDGE_NO_MEMORY : JUDGE_GONE;
	}
	return JUDGE_OK;
}

static enum judge_status send_request(struct judge_session *s, const struct request *request,
				      int64_t deadline)
{
	frame_begin(&s->out, FRAME_REQUEST);
	request_pack(request, &s->out);
	frame_end(&s->out);
	return status_of(frame_send(s->fd, &s->out, deadline));
}

enum judge_status judge_begin(const struct judge_client *client, const struct request *request,
			      int64_t deadline, struct judge_session **ret_session)
{
	struct judge_session *s = calloc(1, sizeof *s);
	if (!s)
		return JUDGE_NO_MEMORY;
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) < 0) {
		enum judge_status status = errno == ENOMEM ? JUDGE_NO_MEMORY : JUDGE_BUSY;
		free(s);
		return status;
	}
	s->fd = pair[0];
	s->dns = client->dns;
	s->nonce = request->nonce;
	frame_reader_init(&s->reader, s->fd);

	enum judge_status status = hand_over(client->zygote_fd, pair[1]);
	close(pair[1]);
	if (status == JUDGE_OK)
		status = send_request(s, request, deadline);
	if (status != JUDGE_OK) {
		judge_free(s);
		return status;
	}
	*ret_session = s;
	return JUDGE_OK;
}

enum judge_status judge_body(struct judge_session *s, const void *p, size_t n, int64_t deadline)
{
	const char *at = p;
	while (n) {
		size_t chunk = n < LIMIT_BODY_CHUNK ? n : LIMIT_BODY_CHUNK;
		enum judge_status status =
		    status_of(frame_write(s->fd, FRAME_BODY, (struct slice){at, chunk}, deadline));
		if (status != JUDGE_OK)
			return status;
		at += chunk;
		n -= chunk;
	}
	return JUDGE_OK;
}

/* -- questions ------------------------------------------------------------------------------ */

static void pack_reply(struct judge_session *s, uint64_t id, const struct answer *answer)
{
	struct answer echo = *answer; /* shares the data; only the id is the judge's */
	echo.id = id;
	frame_begin(&s->out, FRAME_ANSWER);
	answer_pack(&echo, &s->out);
	frame_end(&s->out);
}

/* Phase 2, in the reader thread. */
static void answered(struct dns_wait *wait, const struct answer *answer)
{
	struct relay *relay = wait->context;
	struct judge_session *s = relay->session;
	atomic_fetch_add(&s->answers[answer->status], 1);
	pack_reply(s, relay->id, answer);
	switch (frame_try(s->fd, &s->out)) {
	case FRAME_OK: relay->answered = true; break;
	case FRAME_LATE: break;
	case FRAME_EOF:
	case FRAME_NONSENSE:
	case FRAME_ERROR: shutdown(s->fd, SHUT_RDWR); break;
	}
}

/* Phase 3, in the owner's. */
static enum judge_status answer_trouble(struct judge_session *s, struct relay *relay,
					int64_t deadline)
{
	struct answer trouble = {.status = ANSWER_TROUBLE};
	atomic_fetch_add(&s->answers[ANSWER_TROUBLE], 1);
	pack_reply(s, relay->id, &trouble);
	relay->answered = true;
	return status_of(frame_send(s->fd, &s->out, deadline));
}

static void cancel_all(struct judge_session *s)
{
	for (struct relay *r = s->relays; r && s->dns; r = r->next)
		dns_client_cancel(s->dns, &r->wait);
}

static enum judge_status end_dns(struct judge_session *s, int64_t deadline)
{
	cancel_all(s);
	s->dns_over = true;
	for (struct relay *r = s->relays; r; r = r->next) {
		enum judge_status status = r->answered ? JUDGE_OK : answer_trouble(s, r, deadline);
		if (status != JUDGE_OK)
			return status;
	}
	return JUDGE_OK;
}

/* Notes a question, and asks it if END is out. One that the client does not take (too many under
 * way) is left unanswered until dns_deadline: there is one writer at a time. */
static enum judge_status take_question(struct judge_session *s, struct slice payload,
				       int64_t deadline)
{
	struct question question;
	if (++s->questions > LIMIT_QUESTIONS || !question_unpack(payload, &question))
		return JUDGE_NONSENSE;
	struct relay *relay = calloc(1, sizeof *relay);
	if (!relay)
		return JUDGE_NO_MEMORY;
	relay->id = question.id;
	relay->session = s;
	relay->wait.question = question;
	relay->wait.answered = answered;
	relay->wait.context = relay;
	relay->next = s->relays;
	s->relays = relay;
	if (s->dns_over)
		return answer_trouble(s, relay, deadline);
	if (s->ended)
		dns_client_ask(s->dns, &relay->wait);
	return JUDGE_OK;
}

void judge_answers(const struct judge_session *s, unsigned ret_count[static ANSWER_STATUS_COUNT])
{
	for (int i = 0; i < ANSWER_STATUS_COUNT; i++)
		ret_count[i] = atomic_load(&s->answers[i]);
}

/* -- finishing ------------------------------------------------------------------------------ */

static enum frame_result next_frame(struct judge_session *s, int64_t until,
				    enum frame_kind *ret_kind, struct slice *ret_payload)
{
	enum frame_result r = frame_read(&s->reader, LIMIT_BABBLE, until, ret_kind, ret_payload);
	return s->reader.total > LIMIT_BABBLE ? FRAME_NONSENSE : r;
}

/* What stands behind our nonce. */
static bool behind_nonce(const struct judge_session *s, struct slice payload,
			 struct slice *ret_rest)
{
	struct unpack u = unpack_of(payload.p, payload.n);
	uint64_t nonce = unpack_u64(&u);
	*ret_rest = (struct slice){(const char *)u.p, u.left};
	return !u.failed && nonce == s->nonce;
}

static enum judge_status take_proof(struct judge_session *s, struct slice payload)
{
	struct slice packed;
	if (s->proved || !behind_nonce(s, payload, &packed))
		return JUDGE_NONSENSE;
	s->proved = true;
	str_add(&s->proof, packed.p, packed.n);
	return s->proof.failed ? JUDGE_NO_MEMORY : JUDGE_OK;
}

static enum judge_status take_record(const struct judge_session *s, struct slice payload,
				     struct finding *ret_finding)
{
	struct slice packed;
	if (!s->proved || !behind_nonce(s, payload, &packed) ||
	    !finding_unpack(packed, ret_finding) ||
	    !finding_unpack_proof((struct slice){s->proof.p, s->proof.n}, ret_finding))
		return JUDGE_NONSENSE;
	ret_finding->questions = (uint32_t)s->questions;
	return JUDGE_OK;
}

/* What came before END: questions only. */
static enum judge_status take_early(struct judge_session *s, int64_t deadline)
{
	for (;;) {
		enum frame_kind kind;
		struct slice payload;
		enum frame_result r = next_frame(s, 0, &kind, &payload);
		if (r == FRAME_LATE)
			return JUDGE_OK;
		if (r != FRAME_OK)
			return status_of(r);
		enum judge_status status =
		    kind == FRAME_QUESTION ? take_question(s, payload, deadline) : JUDGE_NONSENSE;
		if (status != JUDGE_OK)
			return status;
	}
}

static enum judge_status send_end(struct judge_session *s, bool body_cut, int64_t deadline)
{
	char cut = body_cut;
	enum frame_result r = frame_write(s->fd, FRAME_END, (struct slice){&cut, 1}, deadline);
	if (r != FRAME_OK)
		return status_of(r);
	s->ended = true;
	if (!s->dns)
		return end_dns(s, deadline);
	for (struct relay *relay = s->relays; relay; relay = relay->next)
		dns_client_ask(s->dns, &relay->wait);
	return JUDGE_OK;
}

/* Frames until the record. */
static enum judge_status relay_until_record(struct judge_session *s, int64_t dns_deadline,
					    int64_t deadline, struct finding *ret_finding)
{
	for (;;) {
		enum frame_kind kind;
		struct slice payload;
		bool dns_first =
		    !s->dns_over && dns_deadline >= 0 && (deadline < 0 || dns_deadline < deadline);
		enum frame_result r =
		    next_frame(s, dns_first ? dns_deadline : deadline, &kind, &payload);
		enum judge_status status = JUDGE_NONSENSE;
		if (r == FRAME_LATE && dns_first)
			status = end_dns(s, deadline);
		else if (r != FRAME_OK)
			status = status_of(r);
		else if (kind == FRAME_RECORD)
			return take_record(s, payload, ret_finding);
		else if (kind == FRAME_PROOF)
			status = take_proof(s, payload);
		else if (kind == FRAME_QUESTION && !s->proved)
			status = take_question(s, payload, deadline);
		if (status != JUDGE_OK)
			return status;
	}
}

enum judge_status judge_finish(struct judge_session *s, bool body_cut, int64_t dns_deadline,
			       int64_t deadline, struct finding *ret_finding)
{
	enum judge_status status = take_early(s, deadline);
	if (status == JUDGE_OK)
		status = send_end(s, body_cut, deadline);
	if (status == JUDGE_OK)
		status = relay_until_record(s, dns_deadline, deadline, ret_finding);
	cancel_all(s);
	return status;
}

void judge_free(struct judge_session *s)
{
	if (!s)
		return;
	cancel_all(s);
	while (s->relays) {
		struct relay *next = s->relays->next;
		free(s->relays);
		s->relays = next;
	}
	frame_reader_free(&s->reader);
	close(s->fd);
	str_free(&s->out);
	str_free(&s->proof);
	free(s);
}
