/* SPDX-License-Identifier: BSD-2-Clause */
/* frames.c - see frames.h. */
#include "tests/fuzz/frames.h"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "judge/child.h"
#include "judge/frame.h"

struct exchange {
	int fd;
	struct zone *zone;
	struct str *to, *from;
	struct str frame;
	bool good;
};

static void send_frame(struct exchange *e)
{
	frame_end(&e->frame);
	str_add(e->to, e->frame.p, e->frame.n);
	e->good = e->good && frame_send(e->fd, &e->frame, -1) == FRAME_OK;
}

static void answer_question(struct exchange *e, struct slice payload)
{
	struct question q;
	const struct answer *known = NULL;
	e->good = e->good && question_unpack(payload, &q);
	if (e->good)
		known = zone_answer(e->zone, q.type, q.name);
	if (!known) {
		e->good = false;
		return;
	}
	struct answer echo = *known;
	echo.id = q.id;
	frame_begin(&e->frame, FRAME_ANSWER);
	answer_pack(&echo, &e->frame);
	send_frame(e);
}

static void listen_until_record(struct exchange *e)
{
	struct frame_reader reader;
	enum frame_kind kind = FRAME_QUESTION;
	frame_reader_init(&reader, e->fd);
	while (e->good && kind != FRAME_RECORD) {
		struct slice payload;
		struct str copy = {0};
		e->good = frame_read(&reader, LIMIT_FRAME, -1, &kind, &payload) == FRAME_OK;
		if (!e->good)
			break;
		frame_begin(&copy, kind);
		str_add(&copy, payload.p, payload.n);
		frame_end(&copy);
		str_add(e->from, copy.p, copy.n);
		str_free(&copy);
		if (kind == FRAME_QUESTION)
			answer_question(e, payload);
	}
	frame_reader_free(&reader);
}

static void send_mail(struct exchange *e, const struct request *r, struct slice body)
{
	frame_begin(&e->frame, FRAME_REQUEST);
	request_pack(r, &e->frame);
	send_frame(e);
	if (body.n > LIMIT_BODY_CHUNK)
		body.n = LIMIT_BODY_CHUNK;
	frame_begin(&e->frame, FRAME_BODY);
	str_add(&e->frame, body.p, body.n);
	send_frame(e);
	frame_begin(&e->frame, FRAME_END);
	str_putc(&e->frame, 0);
	send_frame(e);
}

bool frames_of(struct scene *s, const struct play *p, struct slice mail, struct str *to_judge,
	       struct str *from_judge)
{
	struct outcome o;
	struct request r;
	const struct letter_rules rules = scene_rules(s);
	size_t at = scene_read(s, p, mail, &o);
	int pair[2];
	bool good = o.candidate.lane != CANDIDATE_NO &&
		    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0;
	if (good) {
		pid_t judge = fork();
		if (judge == 0)
			_exit(child_serve(pair[1], &rules));
		close(pair[1]);
		struct exchange e = {.fd = pair[0],
				     .zone = p->zone,
				     .to = to_judge,
				     .from = from_judge,
				     .good = true};
		scene_request(p, &o, &r);
		r.nonce = FRAMES_NONCE;
		send_mail(&e, &r, (struct slice){mail.p + at, mail.n - at});
		listen_until_record(&e);
		close(pair[0]);
		good = waitpid(judge, NULL, 0) == judge && e.good;
		str_free(&e.frame);
	}
	outcome_free(&o);
	return good;
}
