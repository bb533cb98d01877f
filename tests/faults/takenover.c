/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * takenover - keepname-judge whose children are an attacker's: the real program, zygote and seal,
 * with this file's child_serve in place of the real one, as if the first octets of the message had
 * taken the child over.
 *
 * Started as the real one is. What a child does is said by its message's header Attack: the number
 * of an attempt on the system (tests/judge/attempts.h), or a word of the table `behaviour` below.
 * What came of it is the domain in its record: works.example, refused.example ...
 */
#include <config.h> /* autoconf's: GNU interfaces */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/pack.h"
#include "dns/question.h"
#include "judge/child.h"
#include "judge/frame.h"
#include "judge/request.h"
#include "tests/faults/takenover.h"
#include "rules/core/finding.h"

enum {
	PAGE = 4096,
	WINDOW = 64 * 1024, /* pages on both sides of what is known */
};

struct victim {
	int fd;
	struct frame_reader reader;
	struct request_copy copy;
	char attack[64];
	struct finding finding;
};

/* -- what an honest child does, too ---------------------------------------------------------- */

static bool read_request(struct victim *v)
{
	enum frame_kind kind;
	struct slice payload;
	if (frame_read(&v->reader, LIMIT_FRAME, -1, &kind, &payload) != FRAME_OK ||
	    kind != FRAME_REQUEST || request_unpack(payload, &v->copy) != 0)
		return false;
	const struct message *m = v->copy.request.message;
	for (size_t i = 0; i < m->header_count; i++)
		if (slice_is_nocase(message_name(m, i), "Attack"))
			return slice_copy(slice_trim(message_value(m, i)), v->attack,
					  sizeof v->attack);
	return false;
}

static void read_body(struct victim *v)
{
	enum frame_kind kind;
	struct slice payload;
	do
		if (frame_read(&v->reader, LIMIT_FRAME, -1, &kind, &payload) != FRAME_OK)
			_exit(1);
	while (kind != FRAME_END);
}

/* Everything that speaks for the message: the sender's own signature and SPF, a class, a link. */
static void claim_all(struct victim *v)
{
	const struct request *r = &v->copy.request;
	const char *at = strrchr(r->from, '@');
	const char *domain = at ? at + 1 : "";
	struct finding f = {
	    .dkim = {{.s = "demo", .result = AUTH_PASS, .signed_at = r->now}},
	    .dkim_count = 1,
	    .spf = AUTH_PASS,
	    .dmarc_record = AUTH_PASS,
	    .class = CLASS_VERIFICATION,
	    .domain_wording = true,
	    .date = r->now,
	    .domain = {"claimed.example"},
	    .domain_kept = 1,
	    .domain_count = 1,
	    .deadline = r->now + 86400,
	    .deadline_source = DEADLINE_STATED,
	    .links = PROOF_YES,
	    .link_count = 1,
	    .link_expected = 1,
	};
	snprintf(f.dkim[0].d, sizeof f.dkim[0].d, "%s", domain);
	snprintf(f.spf_domain, sizeof f.spf_domain, "%s", domain);
	v->finding = f;
}

static void pack_record(const struct victim *v, struct str *frame)
{
	frame_begin(frame, FRAME_RECORD);
	pack_u64(frame, v->copy.request.nonce);
	finding_pack(&v->finding, frame);
	frame_end(frame);
}

static void write_proof(const struct victim *v)
{
	struct str frame = {0};
	frame_begin(&frame, FRAME_PROOF);
	pack_u64(&frame, v->copy.request.nonce);
	finding_pack_proof(&v->finding, &frame);
	frame_end(&frame);
	frame_send(v->fd, &frame, -1);
	str_free(&frame);
}

static void write_record(const struct victim *v)
{
	struct str frame = {0};
	write_proof(v);
	pack_record(v, &frame);
	frame_send(v->fd, &frame, -1);
	str_free(&frame);
}

static void tell(struct victim *v, const char *word)
{
	v->finding =
	    (struct finding){.class = CLASS_VERIFICATION, .domain_kept = 1, .domain_count = 1};
	snprintf(v->finding.domain[0], sizeof v->finding.domain[0], "%s.example", word);
	write_record(v);
}

static bool ask(const struct victim *v, uint64_t id, const char *name)
{
	struct question q = {.id = id, .type = QUESTION_TXT};
	struct str frame = {0};
	snprintf(q.name, sizeof q.name, "%s", name);
	frame_begin(&frame, FRAME_QUESTION);
	question_pack(&q, &frame);
	frame_end(&frame);
	bool sent = frame_send(v->fd, &frame, -1) == FRAME_OK;
	str_free(&frame);
	return sent;
}

/* -- reading other messages ------------------------------------------------------------------ */

/* By a call that reads 8 octets and says EFAULT where there are none; signals are nothing to us. */
static bool is_mapped(uintptr_t at)
{
	return syscall(SYS_rt_sigprocmask, SIG_BLOCK, at, NULL, 8) == 0;
}

/* In any page that this process can read within WINDOW of an address. The mark is spelt with an
 * octet more between any two, or it would find itself. */
static bool found_near(const void *known, const char *mark, size_t n)
{
	uintptr_t middle = (uintptr_t)known & ~(uintptr_t)(PAGE - 1);
	for (uintptr_t i = 0; i < 2 * WINDOW; i++) {
		uintptr_t page = middle + (i - WINDOW) * PAGE;
		if (!is_mapped(page))
			continue;
		for (const char *p = (const char *)page; p < (const char *)page + PAGE - n; p++) {
			size_t same = 0;
			while (same < n && p[same] == mark[2 * same])
				same++;
			if (same == n)
				return true;
		}
	}
	return false;
}

/* The mark stands in the messages that were judged before this one, and in those whose judges wait
 * now: is it anywhere in the memory that a child is born with? */
static void search(struct victim *v)
{
	static const char mark[] = "S-e-c-r-e-t-O-f-A-n-o-t-h-e-r";
	static int in_the_program;
	int on_the_stack;
	void *mapped = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const void *known[] = {&in_the_program, sbrk(0), &on_the_stack, mapped,
			       (void *)v->reader.buffer};
	bool found = false;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		found = found || found_near(known[i], mark, sizeof mark / 2);
	read_body(v);
	tell(v, found ? "works" : "refused");
}

/* Whether the search would find it: it is in this message's own body. */
static void search_own(struct victim *v)
{
	enum frame_kind kind;
	struct slice payload;
	static const char mark[] = "S-e-c-r-e-t-O-f-A-n-o-t-h-e-r";
	bool found = false;
	while (frame_read(&v->reader, LIMIT_FRAME, -1, &kind, &payload) == FRAME_OK &&
	       kind == FRAME_BODY)
		found = found || found_near(payload.p, mark, sizeof mark / 2);
	tell(v, found ? "works" : "refused");
}

/* -- wearing out whoever waits --------------------------------------------------------------- */

static void wait_for_end(const struct victim *v)
{
	struct pollfd p = {.fd = v->fd};
	while (poll(&p, 1, -1) <= 0)
		;
}

static void spin(struct victim *v)
{
	(void)v;
	for (volatile unsigned n = 0;; n++)
		;
}

static void never_read(struct victim *v)
{
	wait_for_end(v);
}

static void say_nothing(struct victim *v)
{
	read_body(v);
	wait_for_end(v);
}

/* But for the last piece, which it gives back so that it can say how much there was. */
static void use_all_memory(struct victim *v)
{
	char *last = NULL;
	size_t most = 0;
	for (char *p; (p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
				-1, 0)) != MAP_FAILED;
	     most += 1 << 20) {
		memset(p, 1, 1 << 20);
		last = p;
	}
	munmap(last, 1 << 20);
	read_body(v);
	tell(v, most <= LIMIT_JUDGE_MEMORY ? "refused" : "works");
}

static void ask_for_ever(struct victim *v)
{
	read_body(v);
	for (uint64_t i = 0; ask(v, i, "data.example"); i++)
		;
	wait_for_end(v);
}

/* As many as there may be, and no answer read. */
static void ask_and_hoard(struct victim *v)
{
	read_body(v);
	for (uint64_t i = 0; i < LIMIT_QUESTIONS; i++)
		ask(v, i, "data.example");
	wait_for_end(v);
}

static void write_frames_for_ever(struct victim *v)
{
	for (unsigned i = 0; frame_write(v->fd, (enum frame_kind)(i % FRAME_KIND_COUNT),
					 slice_of("x"), -1) == FRAME_OK;
	     i++)
		;
}

static void giant_frame(struct victim *v)
{
	read_body(v);
	send(v->fd, "\377\377\377\377\5", 5, MSG_NOSIGNAL);
	while (send(v->fd, "nothing", 7, MSG_NOSIGNAL) > 0)
		;
}

/* One octet a packet: slow, and right. */
static void drip(struct victim *v)
{
	struct str frame = {0};
	read_body(v);
	v->finding = (struct finding){.class = CLASS_VERIFICATION,
				      .domain = {"dripped.example"},
				      .domain_kept = 1,
				      .domain_count = 1};
	write_proof(v);
	pack_record(v, &frame);
	for (size_t i = 0; i < frame.n; i++)
		if (send(v->fd, frame.p + i, 1, MSG_NOSIGNAL) != 1)
			_exit(1);
	wait_for_end(v);
}

/* -- lies ------------------------------------------------------------------------------------ */

static void lie_with_proof(struct victim *v)
{
	claim_all(v);
	write_record(v);
}

static void lie(struct victim *v)
{
	read_body(v);
	lie_with_proof(v);
}

/* Taken over by the letter, when the proofs are out: there were none. */
static void lie_late(struct victim *v)
{
	read_body(v);
	write_proof(v);
	claim_all(v);
	struct str frame = {0};
	pack_record(v, &frame);
	frame_send(v->fd, &frame, -1);
	str_free(&frame);
}

static void prove_again(struct victim *v)
{
	read_body(v);
	write_proof(v);
	lie_with_proof(v);
}

static void ask_late(struct victim *v)
{
	read_body(v);
	write_proof(v);
	ask(v, 1, "what-it-has-read.example");
	lie_with_proof(v);
}

static void prove_nothing(struct victim *v)
{
	struct str frame = {0};
	read_body(v);
	claim_all(v);
	pack_record(v, &frame);
	frame_send(v->fd, &frame, -1);
	str_free(&frame);
}

static void lie_twice(struct victim *v)
{
	struct str frames = {0};
	read_body(v);
	claim_all(v);
	write_proof(v);
	pack_record(v, &frames);
	size_t one = frames.n;
	strcpy(v->finding.domain[0], "second.example");
	struct str second = {0};
	pack_record(v, &second);
	str_add(&frames, second.p, second.n);
	if (send(v->fd, frames.p, frames.n, MSG_NOSIGNAL) < (ssize_t)one)
		_exit(1);
	wait_for_end(v);
}

static void lie_for_another(struct victim *v)
{
	v->copy.request.nonce ^= 1;
	lie(v);
}

/* One value out of range: the number behind the word says which. */
static void lie_out_of_range(struct victim *v)
{
	read_body(v);
	claim_all(v);
	struct finding *f = &v->finding;
	switch (v->attack[strlen(v->attack) - 1]) {
	case '0': f->class = CLASS_COUNT; break;
	case '1': f->deadline = INT64_MAX; break;
	case '2': f->date = -1; break;
	case '3': f->domain_count = 0; break;
	case '4': strcpy(f->domain[0], "Upper.Example"); break;
	case '5': strcpy(f->subject, "a line\nverdict=genuine"); break;
	case '6': f->reasons = 1u << 31; break;
	case '7': f->link_expected = 2; break;
	case '8': strcpy(f->dkim[0].s, "a b"); break;
	default: strcpy(f->platform, "<b>"); break;
	}
	write_record(v);
}

/* The first that the header begins with. */
static const struct {
	const char *word;
	void (*f)(struct victim *v);
} behaviour[] = {
    {"search-own", search_own},
    {"search", search},
    {"spin", spin},
    {"never-read", never_read},
    {"say-nothing", say_nothing},
    {"use-all-memory", use_all_memory},
    {"ask-for-ever", ask_for_ever},
    {"ask-and-hoard", ask_and_hoard},
    {"write-frames-for-ever", write_frames_for_ever},
    {"giant-frame", giant_frame},
    {"drip", drip},
    {"lie-twice", lie_twice},
    {"lie-late", lie_late},
    {"prove-again", prove_again},
    {"prove-nothing", prove_nothing},
    {"ask-late", ask_late},
    {"lie-for-another", lie_for_another},
    {"lie-out-of-range-", lie_out_of_range},
    {"lie", lie},
};

int child_serve(int fd, const struct letter_rules *rules)
{
	struct victim v = {.fd = fd};
	uint64_t number;
	(void)rules;
	frame_reader_init(&v.reader, fd);
	if (!read_request(&v))
		return 1;
	if (str_to_u64(slice_of(v.attack), attempt_count - 1, &number)) {
		enum outcome o = attempt_try(&attempts[number]);
		read_body(&v);
		tell(&v, takenover_word(o));
		return 0;
	}
	for (size_t i = 0; i < sizeof behaviour / sizeof *behaviour; i++)
		if (strncmp(v.attack, behaviour[i].word, strlen(behaviour[i].word)) == 0) {
			behaviour[i].f(&v);
			return 0;
		}
	return 1;
}
