/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Having a message judged by judges that misbehave (badjudge.c): each leaves that one message
 * unjudged, with the status that says why, and the next message is judged by a good one. DNS is a
 * thread of this test at the other end of the client's socket.
 */
#include "judge/client.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/program.h"
#include "judge/frame.h"
#include "tests/rules/table.h"

enum {
	SOON = 20000, /* ms; only a failing test waits so long */
	SHORT = 300,  /* ms; a deadline that is meant to pass */
};

/* -- DNS ------------------------------------------------------------------------------------ */

static void reply(int fd, const struct question *q)
{
	struct answer a = {.id = q->id, .status = ANSWER_NO_NAME, .ttl = 60};
	struct str packet = {0};
	static char huge[LIMIT_DNS_ANSWER];
	bool ok = true;
	if (strcmp(q->name, "never.example") == 0)
		return;
	if (strcmp(q->name, "data.example") == 0)
		ok = answer_add(&a, "text", 4);
	else if (strcmp(q->name, "huge.example") == 0)
		ok = answer_add(&a, huge, sizeof huge);
	if (a.count)
		a.status = ANSWER_DATA;
	answer_pack(&a, &packet);
	if (ok && !packet.failed)
		send(fd, packet.p, packet.n, MSG_NOSIGNAL);
	str_free(&packet);
	answer_free(&a);
}

static void *resolve(void *arg)
{
	int fd = *(int *)arg;
	char packet[LIMIT_DNS_PACKET];
	for (ssize_t n; (n = recv(fd, packet, sizeof packet, 0)) > 0;) {
		struct question q;
		if (question_unpack((struct slice){packet, (size_t)n}, &q))
			reply(fd, &q);
	}
	close(fd);
	return NULL;
}

/* -- the fixture ---------------------------------------------------------------------------- */

struct fixture {
	pid_t zygote;
	int dns_far;
	pthread_t resolver;
	struct judge_client client;
	struct message message;
	struct request request;
};

static void start_judges(struct fixture *f, char *const modes[])
{
	const char *builddir = getenv("builddir");
	char dir[4096], here[4096], octet;
	char *argv[16] = {(char[]){"badjudge"}};
	for (size_t i = 0; modes[i]; i++)
		argv[i + 1] = modes[i];
	if (!builddir)
		builddir = getcwd(here, sizeof here);
	snprintf(dir, sizeof dir, "%s/tests/judge", builddir);
	int messages[2], ready[2];
	assert_int_equal(program_pair(SOCK_SEQPACKET, messages), 0);
	assert_int_equal(pipe(ready), 0);
	f->zygote = program_start(dir, "badjudge", argv, (int[]){messages[1], ready[1]}, 2);
	assert_true(f->zygote > 0);
	close(messages[1]);
	close(ready[1]);
	assert_int_equal(read(ready[0], &octet, 1), 1);
	close(ready[0]);
	f->client.zygote_fd = messages[0];
}

static void start(struct fixture *f, char *const modes[])
{
	*f = (struct fixture){0};
	int dns[2];
	start_judges(f, modes);
	assert_int_equal(program_pair(SOCK_SEQPACKET, dns), 0);
	f->dns_far = dns[1];
	assert_int_equal(pthread_create(&f->resolver, NULL, resolve, &f->dns_far), 0);
	assert_int_equal(dns_client_open(dns[0], &f->client.dns), 0);
	message_init(&f->message);
	message_add_header(&f->message, "From", "a@sender.example");
	message_add_header(&f->message, "Subject", "s");
	f->request = (struct request){
	    .nonce = UINT64_C(0xfedcba9876543210), .now = 1, .message = &f->message};
}

static void stop(struct fixture *f)
{
	close(f->client.zygote_fd);
	if (f->client.dns)
		dns_client_close(f->client.dns);
	pthread_join(f->resolver, NULL);
	kill(f->zygote, SIGTERM);
	waitpid(f->zygote, NULL, 0);
	message_free(&f->message);
}

/* Has one message judged, its body of n octets. deadline and dns_deadline: ms from now. */
static enum judge_status judge(struct fixture *f, size_t n, int dns_deadline, int deadline,
			       struct finding *ret_finding)
{
	int64_t now = frame_clock();
	struct judge_session *s = NULL;
	char *body = calloc(1, n + 1);
	assert_non_null(body);
	f->request.nonce++;
	enum judge_status status = judge_begin(&f->client, &f->request, now + deadline, &s);
	if (status == JUDGE_OK)
		status = judge_body(s, body, n, now + deadline);
	if (status == JUDGE_OK)
		status = judge_finish(s, false, now + dns_deadline, now + deadline, ret_finding);
	judge_free(s);
	free(body);
	return status;
}

static void assert_good(struct fixture *f)
{
	static struct finding finding;
	assert_int_equal(judge(f, 1000, SOON, SOON, &finding), JUDGE_OK);
	assert_string_equal(finding.spf_domain, "good.example");
	assert_int_equal(finding.date, 1000);
}

/* -- tests ---------------------------------------------------------------------------------- */

static void good_judges_are_believed(void **state)
{
	(void)state;
	static const size_t size[] = {0, 1, LIMIT_BODY_CHUNK, LIMIT_BODY_CHUNK + 1, 3000000};
	struct fixture f;
	start(&f, (char *[]){(char[]){"good"}, NULL});
	for (size_t i = 0; i < COUNT_OF(size); i++) {
		static struct finding finding;
		enum judge_status status = judge(&f, size[i], SOON, SOON, &finding);
		CHECK(status == JUDGE_OK, "%zu octets: %s", size[i], judge_status_name(status));
		CHECK(finding.date == (int64_t)size[i], "%zu octets came as %d", size[i],
		      (int)finding.date);
	}
	stop(&f);
}

static void each_bad_judge_leaves_one_message_unjudged(void **state)
{
	(void)state;
	static const struct {
		char mode[24];
		int deadline; /* ms */
		size_t body;
		enum judge_status want;
	} row[] = {
	    {"crash", SOON, 1000, JUDGE_GONE},
	    {"crash", SOON, 3000000, JUDGE_GONE},
	    {"exits", SOON, 1000, JUDGE_GONE},
	    {"half", SOON, 1000, JUDGE_GONE},
	    {"stall", SHORT, 1000, JUDGE_LATE},
	    {"late", SHORT, 1000, JUDGE_LATE},
	    {"trickle", SHORT, 1000, JUDGE_LATE},
	    {"does-not-read", SHORT, 3000000, JUDGE_LATE},
	    {"does-not-read", SHORT, 1000, JUDGE_LATE},
	    {"hoards", SHORT, 1000, JUDGE_LATE},
	    {"babble", SOON, 1000, JUDGE_NONSENSE},
	    {"babble", SOON, 0, JUDGE_NONSENSE},
	    {"other-nonce", SOON, 1000, JUDGE_NONSENSE},
	    {"giant", SOON, 1000, JUDGE_NONSENSE},
	    {"large", SOON, 1000, JUDGE_NONSENSE},
	    {"odd-kind", SOON, 1000, JUDGE_NONSENSE},
	    {"bad-record", SOON, 1000, JUDGE_NONSENSE},
	    {"long-record", SOON, 1000, JUDGE_NONSENSE},
	    {"no-record", SOON, 1000, JUDGE_NONSENSE},
	    {"asks-49", SOON, 1000, JUDGE_NONSENSE},
	    {"asks-for-ever", SOON, 1000, JUDGE_NONSENSE},
	    {"asks-nonsense", SOON, 1000, JUDGE_NONSENSE},
	};
	for (size_t i = 0; i < COUNT_OF(row); i++) {
		struct fixture f;
		static struct finding finding, before;
		char mode[24];
		memcpy(mode, row[i].mode, sizeof mode);
		start(&f, (char *[]){mode, (char[]){"good"}, NULL});
		memset(&finding, 0x5a, sizeof finding);
		before = finding;
		int64_t begin = frame_clock();
		enum judge_status status =
		    judge(&f, row[i].body, row[i].deadline / 2, row[i].deadline, &finding);
		int64_t took = frame_clock() - begin;
		CHECK(status == row[i].want, "%s: %s", mode, judge_status_name(status));
		CHECK(memcmp(&finding, &before, sizeof finding) == 0, "%s wrote a finding", mode);
		CHECK(took < row[i].deadline + SOON / 2, "%s took %d ms", mode, (int)took);
		assert_good(&f);
		stop(&f);
	}
}

/* A record that is there before END goes out is seen as what it is. */
static void a_record_before_the_end(void **state)
{
	(void)state;
	struct fixture f;
	static struct finding finding;
	start(&f, (char *[]){(char[]){"early"}, (char[]){"good"}, NULL});
	struct judge_session *s = NULL;
	int64_t deadline = frame_clock() + SOON;
	assert_int_equal(judge_begin(&f.client, &f.request, deadline, &s), JUDGE_OK);
	/* It comes as soon as the request is read; a body that is larger than the socket's buffer
	 * cannot be written before. */
	static char body[1000000];
	assert_int_equal(judge_body(s, body, sizeof body, deadline), JUDGE_OK);
	assert_int_equal(judge_finish(s, false, deadline, deadline, &finding), JUDGE_NONSENSE);
	judge_free(s);
	assert_good(&f);
	stop(&f);
}

static void questions_are_answered(void **state)
{
	(void)state;
	static const struct {
		char mode[24];
		int dns_deadline; /* ms */
		bool dns;
		enum auth_result want;
		uint32_t questions;
	} row[] = {
	    {"asks", SOON, true, AUTH_PASS, 1},
	    {"asks", SOON, false, AUTH_TEMPERROR, 1},
	    {"asks-early", SHORT, true, AUTH_TEMPERROR, 2},
	    {"asks-late", SHORT, true, AUTH_TEMPERROR, 2},
	    {"asks-late", SOON, false, AUTH_TEMPERROR, 2},
	    {"asks-48", SOON, true, AUTH_PASS, LIMIT_QUESTIONS},
	};
	for (size_t i = 0; i < COUNT_OF(row); i++) {
		struct fixture f;
		static struct finding finding;
		char mode[24];
		memcpy(mode, row[i].mode, sizeof mode);
		start(&f, (char *[]){mode, NULL});
		struct dns_client *dns = f.client.dns;
		if (!row[i].dns)
			f.client.dns = NULL;
		enum judge_status status = judge(&f, 1000, row[i].dns_deadline, SOON, &finding);
		f.client.dns = dns;
		CHECK(status == JUDGE_OK, "%s: %s", mode, judge_status_name(status));
		CHECK(finding.spf == row[i].want, "%s: %s", mode, auth_result_name(finding.spf));
		CHECK(finding.questions == row[i].questions, "%s: %u", mode, finding.questions);
		stop(&f);
	}
}

/* One that does not read its answers keeps nobody else from theirs. */
static void a_hoarder_does_not_stop_dns(void **state)
{
	(void)state;
	struct fixture f;
	static struct finding finding;
	start(&f, (char *[]){(char[]){"hoards"}, (char[]){"asks"}, NULL});
	struct judge_session *hoarder = NULL;
	int64_t deadline = frame_clock() + SOON;
	assert_int_equal(judge_begin(&f.client, &f.request, deadline, &hoarder), JUDGE_OK);
	int64_t end = frame_clock() + SHORT; /* it has asked long before */
	assert_int_equal(judge_finish(hoarder, false, deadline, end, &finding), JUDGE_LATE);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(judge(&f, 10, SOON, SOON, &finding), JUDGE_OK);
		assert_int_equal(finding.spf, AUTH_PASS);
	}
	judge_free(hoarder);
	stop(&f);
}

static void a_session_may_end_in_any_state(void **state)
{
	(void)state;
	struct fixture f;
	static struct finding finding;
	start(&f, (char *[]){(char[]){"asks-early"}, NULL});
	for (int step = 0; step < 4; step++) {
		struct judge_session *s = NULL;
		int64_t deadline = frame_clock() + SOON;
		if (step > 0)
			assert_int_equal(judge_begin(&f.client, &f.request, deadline, &s),
					 JUDGE_OK);
		if (step > 1)
			assert_int_equal(judge_body(s, "x", 1, deadline), JUDGE_OK);
		if (step > 2)
			assert_int_equal(
			    judge_finish(s, true, deadline, frame_clock() + SHORT, &finding),
			    JUDGE_LATE);
		judge_free(s);
	}
	stop(&f);
}

static void no_zygote(void **state)
{
	(void)state;
	struct fixture f;
	static struct finding finding;
	start(&f, (char *[]){(char[]){"good"}, NULL});
	kill(f.zygote, SIGKILL);
	waitpid(f.zygote, NULL, 0);
	assert_int_equal(judge(&f, 0, SOON, SOON, &finding), JUDGE_GONE);
	stop(&f);
}

/* The supervisor holds both ends: then messages lie there until somebody comes or the socket is
 * full, and whoever waits for them is late. */
static void nobody_takes_messages(void **state)
{
	(void)state;
	struct fixture f;
	static struct judge_session *s[5000];
	static struct finding finding;
	start(&f, (char *[]){(char[]){"good"}, NULL});
	struct rlimit files = {0};
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	int messages[2], real = f.client.zygote_fd;
	assert_int_equal(program_pair(SOCK_SEQPACKET, messages), 0);
	f.client.zygote_fd = messages[0];
	size_t n = 0;
	enum judge_status status = JUDGE_OK;
	while (n < COUNT_OF(s) && status == JUDGE_OK)
		status = judge_begin(&f.client, &f.request, frame_clock() + SOON, &s[n++]);
	assert_int_equal(status, JUDGE_BUSY);
	assert_true(n > 10);
	assert_int_equal(
	    judge_finish(s[0], false, frame_clock() + SHORT, frame_clock() + SHORT, &finding),
	    JUDGE_LATE);
	while (n > 0)
		judge_free(s[--n]);
	close(messages[0]);
	close(messages[1]);
	f.client.zygote_fd = real;
	assert_good(&f);
	stop(&f);
}

struct parallel {
	struct fixture *f;
	unsigned ok;
};

static void *judge_many(void *arg)
{
	struct parallel *p = arg;
	struct request request = p->f->request;
	for (int i = 0; i < 40; i++) {
		struct finding *finding = calloc(1, sizeof *finding);
		struct judge_session *s = NULL;
		int64_t deadline = frame_clock() + SOON;
		request.nonce += (uintptr_t)p;
		if (finding && judge_begin(&p->f->client, &request, deadline, &s) == JUDGE_OK &&
		    judge_finish(s, false, deadline, deadline, finding) == JUDGE_OK)
			p->ok += finding->spf == AUTH_PASS;
		judge_free(s);
		free(finding);
	}
	return NULL;
}

static void threads_share_a_client(void **state)
{
	(void)state;
	struct fixture f;
	pthread_t thread[4];
	struct parallel p[4];
	start(&f, (char *[]){(char[]){"asks"}, NULL});
	for (size_t i = 0; i < 4; i++) {
		p[i] = (struct parallel){.f = &f};
		assert_int_equal(pthread_create(&thread[i], NULL, judge_many, &p[i]), 0);
	}
	for (size_t i = 0; i < 4; i++) {
		pthread_join(thread[i], NULL);
		assert_int_equal(p[i].ok, 40);
	}
	stop(&f);
}

static void names_of_statuses(void **state)
{
	(void)state;
	for (int s = 0; s < JUDGE_STATUS_COUNT; s++)
		assert_true(judge_status_name((enum judge_status)s)[0]);
	assert_string_equal(judge_status_name(JUDGE_STATUS_COUNT), "");
	judge_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(good_judges_are_believed),
	    cmocka_unit_test(each_bad_judge_leaves_one_message_unjudged),
	    cmocka_unit_test(a_record_before_the_end),
	    cmocka_unit_test(questions_are_answered),
	    cmocka_unit_test(a_hoarder_does_not_stop_dns),
	    cmocka_unit_test(a_session_may_end_in_any_state),
	    cmocka_unit_test(no_zygote),
	    cmocka_unit_test(nobody_takes_messages),
	    cmocka_unit_test(threads_share_a_client),
	    cmocka_unit_test(names_of_statuses),
	};
	return cmocka_run_group_tests_name("client", tests, NULL, NULL);
}
