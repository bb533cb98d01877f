/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The frames that come to a judge: request, body, end, answers of the DNS. The daemon writes
 * them, but what is in them is the mail's and the DNS's.
 *
 * The judge ends, with a record or without: it waits for no more than what comes, and writes no
 * more than LIMIT_BABBLE. A record is one that the daemon takes.
 */
#include "tests/fuzz/fuzz.h"

#include <sys/socket.h>
#include <unistd.h>

#include "judge/child.h"
#include "judge/frame.h"
#include "tests/fuzz/cases.h"
#include "tests/fuzz/holds.h"

enum {
	MOST = 128 * 1024, /* of an input: what a socket takes without being read */
};

static struct scene *scene;

void fuzz_seeds(void (*put)(const char *name, const void *p, size_t n))
{
	cases_each(CASES_TO_JUDGE, put);
}

static void open_scene(void)
{
	scene = scene_open(fuzz_srcdir());
	FUZZ_HOLDS(scene);
}

static void hold_record(struct slice payload)
{
	static struct finding f;
	FUZZ_HOLDS(payload.n > 8);
	FUZZ_HOLDS(finding_unpack((struct slice){payload.p + 8, payload.n - 8}, &f));
	holds_finding(&f);
}

/* What the judge wrote: questions, each one that may be asked; at most one record, the last. */
static void hold_written(int fd, int status)
{
	struct frame_reader reader;
	enum frame_kind kind;
	struct slice payload;
	struct question q;
	unsigned questions = 0, proofs = 0, records = 0;
	frame_reader_init(&reader, fd);
	while (frame_read(&reader, LIMIT_BABBLE, -1, &kind, &payload) == FRAME_OK) {
		FUZZ_HOLDS(records == 0);
		FUZZ_HOLDS(kind == FRAME_QUESTION || kind == FRAME_PROOF || kind == FRAME_RECORD);
		if (kind == FRAME_RECORD) {
			records++;
			FUZZ_HOLDS(proofs == 1);
			hold_record(payload);
		} else if (kind == FRAME_PROOF) {
			FUZZ_HOLDS(++proofs == 1);
		} else {
			FUZZ_HOLDS(proofs == 0);
			questions++;
			FUZZ_HOLDS(question_unpack(payload, &q));
		}
	}
	FUZZ_HOLDS(reader.total <= LIMIT_BABBLE && questions <= LIMIT_QUESTIONS);
	FUZZ_HOLDS((status == 0) == (records == 1));
	frame_reader_free(&reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	int pair[2], room = 2 * MOST;
	if (n > MOST)
		return 0;
	if (!scene)
		open_scene();
	const struct letter_rules rules = scene_rules(scene);
	FUZZ_HOLDS(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
	setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
	FUZZ_HOLDS(n == 0 || send(pair[0], p, n, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)n);
	shutdown(pair[0], SHUT_WR);
	int status = child_serve(pair[1], &rules);
	close(pair[1]);
	hold_written(pair[0], status);
	close(pair[0]);
	return 0;
}
