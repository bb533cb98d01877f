/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * child.c - the life of one judge: request in, body in, proofs out, record out.
 *
 * It knows no deadline: the listener stops waiting, the zygote ends whoever overstays. Whatever is
 * out of order on the stream, or short memory, ends it with a status and without a record; the
 * listener sees the stream's end and leaves the message unjudged.
 */
#include "judge/child.h"

#include "base/pack.h"
#include "judge/ask.h"
#include "judge/examine.h"
#include "judge/frame.h"

struct child {
	int fd;
	struct frame_reader reader;
	struct request_copy copy;
	struct ask *ask;
	struct resolver resolver;
	struct examine *examine;
};

static bool read_request(struct child *c)
{
	enum frame_kind kind;
	struct slice payload;
	return frame_read(&c->reader, LIMIT_FRAME, -1, &kind, &payload) == FRAME_OK &&
	       kind == FRAME_REQUEST && request_unpack(payload, &c->copy) == 0;
}

static bool begin(struct child *c, const struct letter_rules *rules)
{
	c->ask = ask_new(c->fd, &c->reader);
	if (!c->ask)
		return false;
	c->resolver = ask_resolver(c->ask);
	c->examine = examine_begin(&c->copy.request, rules, &c->resolver);
	ask_flush(c->ask);
	return c->examine != NULL;
}

static bool read_body(struct child *c, bool *ret_cut)
{
	for (;;) {
		enum frame_kind kind;
		struct slice payload;
		if (frame_read(&c->reader, LIMIT_FRAME, -1, &kind, &payload) != FRAME_OK)
			return false;
		if (kind == FRAME_BODY) {
			examine_body(c->examine, payload.p, payload.n);
		} else if (kind == FRAME_END && payload.n == 1) {
			*ret_cut = payload.p[0] != 0;
			return true;
		} else {
			return false;
		}
	}
}

/* kind: PROOF or RECORD. */
static bool write_finding(struct child *c, enum frame_kind kind, const struct finding *f)
{
	struct str record = {0};
	frame_begin(&record, kind);
	pack_u64(&record, c->copy.request.nonce);
	if (kind == FRAME_PROOF)
		finding_pack_proof(f, &record);
	else
		finding_pack(f, &record);
	frame_end(&record);
	bool ok = frame_send(c->fd, &record, -1) == FRAME_OK;
	str_free(&record);
	return ok;
}

int child_serve(int fd, const struct letter_rules *rules)
{
	struct child c = {.fd = fd};
	struct finding f;
	bool cut;
	frame_reader_init(&c.reader, fd);
	bool ok = read_request(&c) && begin(&c, rules) && read_body(&c, &cut);
	if (ok) {
		examine_prove(c.examine, cut, &f);
		f.questions = ask_count(c.ask);
		ok = write_finding(&c, FRAME_PROOF, &f) && examine_end(c.examine, cut, &f) &&
		     write_finding(&c, FRAME_RECORD, &f);
	}
	examine_free(c.examine);
	ask_free(c.ask);
	request_copy_free(&c.copy);
	frame_reader_free(&c.reader);
	return ok ? 0 : 1;
}
