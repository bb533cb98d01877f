/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The frames that a listener reads: the input stands for a judge that was taken over. A finding
 * that is believed is within all limits and goes through its packed form unchanged.
 */
#include "tests/fuzz/fuzz.h"

#include <sys/socket.h>
#include <unistd.h>

#include "judge/client.h"
#include "judge/frame.h"
#include "dns/client.h"

enum {
	NONCE = 7,
	SOON = 20000,
};

static struct judge_client client;
static int zygote = -1;
static struct message message;

static void open_client(void)
{
	int pair[2], dns[2];
	FUZZ_CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0 &&
		       socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, dns) == 0 &&
		       dns_client_open(dns[0], &client.dns) == 0,
		   "sockets");
	client.zygote_fd = pair[0];
	zygote = pair[1];
	message_init(&message);
	message_parse(&message, slice_of("From: a@example.com\nSubject: x\n\n"));
}

/* The socket of the one message. */
static int take_over(void)
{
	char octet, control[CMSG_SPACE(sizeof(int))];
	struct iovec io = {&octet, 1};
	struct msghdr m = {.msg_iov = &io,
			   .msg_iovlen = 1,
			   .msg_control = control,
			   .msg_controllen = sizeof(control)};
	int fd = -1;
	FUZZ_CHECK(recvmsg(zygote, &m, MSG_CMSG_CLOEXEC) >= 0, "recvmsg");
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	FUZZ_CHECK(c && c->cmsg_type == SCM_RIGHTS, "no descriptor");
	memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

static void record_of(const struct finding *f, struct str *to)
{
	struct str frame = {0};
	frame_begin(&frame, FRAME_RECORD);
	static const char nonce[8] = {0, 0, 0, 0, 0, 0, 0, NONCE};
	str_add(&frame, nonce, sizeof(nonce));
	finding_pack(f, &frame);
	frame_end(&frame);
	str_add(to, frame.p, frame.n);
	str_free(&frame);
}

void fuzz_seeds(void (*put)(const char *name, const void *p, size_t n))
{
	static struct finding f;
	struct str all = {0};
	record_of(&f, &all);
	put("empty", all.p, all.n);
	str_reset(&all);
	f.class = CLASS_VERIFICATION;
	f.dkim_count = 1;
	strcpy(f.dkim[0].d, "example.com");
	strcpy(f.dkim[0].s, "s1");
	f.dkim[0].result = AUTH_PASS;
	f.domain_kept = f.domain_count = 1;
	strcpy(f.domain[0], "example.org");
	f.links = PROOF_YES;
	f.link_kept = f.link_count = f.link_expected = 1;
	strcpy(f.link[0].host, "www.example.com");
	strcpy(f.link[0].shape, "/verify?t=*");
	f.link[0].expected = true;
	f.date = 1795348800;
	f.deadline = 1795348800 + 86400;
	f.deadline_source = DEADLINE_STATED;
	strcpy(f.subject, "Verify");
	struct question q = {.id = 1, .type = QUESTION_TXT, .name = "s1._domainkey.example.com"};
	frame_begin(&all, FRAME_QUESTION);
	question_pack(&q, &all);
	frame_end(&all);
	put("question", all.p, all.n);
	record_of(&f, &all);
	put("record", all.p, all.n);
	str_free(&all);
}

static void check(const struct finding *f)
{
	struct str packed = {0}, again = {0};
	static struct finding back;
	finding_pack(f, &packed);
	FUZZ_CHECK(finding_unpack((struct slice){packed.p, packed.n}, &back), "not taken back");
	finding_pack(&back, &again);
	FUZZ_CHECK(packed.n == again.n && memcmp(packed.p, again.p, again.n) == 0, "not the same");
	FUZZ_CHECK(f->dkim_count <= LIMIT_SIGNATURES && f->domain_kept <= LIMIT_DOMAINS &&
		       f->link_kept <= FINDING_LINKS && f->questions <= LIMIT_QUESTIONS,
		   "past a limit");
	str_free(&packed);
	str_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const struct request request = {
	    .nonce = NONCE, .now = 1795348800, .message = &message, .from = "a@example.com"};
	struct judge_session *s = NULL;
	static struct finding f;
	if (zygote < 0)
		open_client();
	if (n > 100 * 1024)
		return 0;
	const int64_t by = frame_clock() + SOON;
	enum judge_status status = judge_begin(&client, &request, by, &s);
	FUZZ_CHECK(status == JUDGE_OK, "%s", judge_status_name(status));
	int fd = take_over();
	judge_body(s, "x", 1, by);
	FUZZ_CHECK(n == 0 || send(fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)n, "send");
	shutdown(fd, SHUT_WR);
	status = judge_finish(s, false, 0, by, &f);
	FUZZ_CHECK(status != JUDGE_LATE && status != JUDGE_BUSY, "%s", judge_status_name(status));
	if (status == JUDGE_OK)
		check(&f);
	judge_free(s);
	close(fd);
	return 0;
}
