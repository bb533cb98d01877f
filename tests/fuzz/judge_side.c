/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The frames that a judge reads: the input stands for a listener that has gone mad. The judge
 * answers with at most one record, a whole one.
 */
#include "tests/fuzz/fuzz.h"

#include <sys/socket.h>
#include <unistd.h>

#include "judge/child.h"
#include "judge/frame.h"
#include "judge/request.h"
#include "judge/rulefiles.h"
#include "proof/dkimcheck.h"
#include "proof/spf.h"

static struct letter_rules rules;

static void open_rules(void)
{
	struct diags d = {0};
	struct str folder = {0};
	str_printf(&folder, "%s/rules/lists", fuzz_srcdir());
	rules = (struct letter_rules){
	    .classes = rulefiles_classes(str_text(&folder), false, &d),
	    .scratch = pattern_scratch_new(),
	    .platforms = rulefiles_list(str_text(&folder), false, &d),
	    .suffixes = suffixes_open(),
	};
	FUZZ_CHECK(rules.classes && rules.scratch && rules.platforms && rules.suffixes &&
		       letter_init() && dkimcheck_init() && spf_init(),
		   "rules");
	str_free(&folder);
	diag_free(&d);
}

static void add(struct str *to, enum frame_kind kind, const void *p, size_t n)
{
	struct str frame = {0};
	frame_begin(&frame, kind);
	str_add(&frame, p, n);
	frame_end(&frame);
	str_add(to, frame.p, frame.n);
	str_free(&frame);
}

void fuzz_seeds(void (*put)(const char *name, const void *p, size_t n))
{
	static const char text[] =
	    "From: noreply@emailverification.info\nSubject: Request for email"
	    " address validation\nDate: Sun, 22 Nov 2026 12:00:00 +0000\n\n";
	static const char body[] = "https://emailverification.info/confirm/1234 example.com\n";
	struct message m;
	struct str all = {0}, packed = {0};
	message_init(&m);
	message_parse(&m, slice_of(text));
	struct request r = {.nonce = 7,
			    .now = 1795348800,
			    .message = &m,
			    .from = "noreply@emailverification.info",
			    .want_proof_of_claim = true};
	request_pack(&r, &packed);
	add(&all, FRAME_REQUEST, packed.p, packed.n);
	put("request", all.p, all.n);
	add(&all, FRAME_BODY, body, sizeof(body) - 1);
	add(&all, FRAME_END, "", 1);
	put("whole", all.p, all.n);
	for (int i = 0; i < 3; i++) {
		struct answer a = {.id = (uint64_t)i + 1, .status = ANSWER_NO_NAME};
		struct str answer = {0};
		answer_pack(&a, &answer);
		add(&all, FRAME_ANSWER, answer.p, answer.n);
		str_free(&answer);
	}
	put("answered", all.p, all.n);
	message_free(&m);
	str_free(&all);
	str_free(&packed);
}

/* What the judge wrote: questions, then a record or none. */
static void check_answers(int fd)
{
	struct frame_reader reader;
	enum frame_kind kind;
	struct slice payload;
	unsigned records = 0, questions = 0;
	frame_reader_init(&reader, fd);
	while (frame_read(&reader, LIMIT_FRAME, -1, &kind, &payload) == FRAME_OK) {
		static struct finding f;
		FUZZ_CHECK(records == 0, "a frame behind the record");
		if (kind == FRAME_QUESTION) {
			struct question q;
			questions++;
			FUZZ_CHECK(question_unpack(payload, &q), "a question of no sense");
			continue;
		}
		FUZZ_CHECK(kind == FRAME_RECORD && payload.n > 8, "frame %d", kind);
		records++;
		FUZZ_CHECK(finding_unpack((struct slice){payload.p + 8, payload.n - 8}, &f),
			   "a record that the listener refuses");
	}
	FUZZ_CHECK(questions <= LIMIT_QUESTIONS, "%u questions", questions);
	frame_reader_free(&reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	int pair[2];
	const int room = 4 * 1024 * 1024;
	if (!rules.classes)
		open_rules();
	if (n > 200 * 1024)
		return 0; /* it must fit into the socket */
	FUZZ_CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0, "socketpair");
	setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	FUZZ_CHECK(n == 0 || send(pair[0], p, n, MSG_DONTWAIT) == (ssize_t)n, "send");
	shutdown(pair[0], SHUT_WR);
	child_serve(pair[1], &rules);
	close(pair[1]);
	check_answers(pair[0]);
	close(pair[0]);
	return 0;
}
