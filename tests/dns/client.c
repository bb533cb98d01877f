/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The client against a resolver played by the test at the other end of the socket: answers in any
 * order, late, twice, to nobody, garbage, hello, a full socket, and an end that closes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dns/client.h"

enum {
	PATIENCE_MS = 20000, /* of a test that would otherwise hang */
};

/* What an asker sees: a count and the last answer's record, under a lock of its own. */
struct asker {
	struct dns_wait wait;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int answers;
	enum answer_status status;
	char first[64];
};

static void answered(struct dns_wait *wait, const struct answer *answer)
{
	struct asker *a = wait->context;
	pthread_mutex_lock(&a->lock);
	a->answers++;
	a->status = answer->status;
	if (answer->count && answer->record[0].n < sizeof a->first)
		slice_copy(answer->record[0], a->first, sizeof a->first);
	pthread_cond_signal(&a->changed);
	pthread_mutex_unlock(&a->lock);
}

static void asker_init(struct asker *a, const char *name)
{
	*a = (struct asker){0};
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->changed, NULL);
	a->wait.question.type = QUESTION_TXT;
	snprintf(a->wait.question.name, sizeof a->wait.question.name, "%s", name);
	a->wait.answered = answered;
	a->wait.context = a;
}

static void asker_await(struct asker *a)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE_MS / 1000;
	pthread_mutex_lock(&a->lock);
	int rc = 0;
	while (!a->answers && !rc)
		rc = pthread_cond_timedwait(&a->changed, &a->lock, &until);
	pthread_mutex_unlock(&a->lock);
	assert_int_equal(rc, 0);
}

struct fixture {
	int far; /* the resolver's end */
	struct dns_client *client;
};

static int open_pair(void **state)
{
	static struct fixture f;
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -1;
	f.far = pair[1];
	*state = &f;
	return dns_client_open(pair[0], &f.client);
}

static int close_pair(void **state)
{
	struct fixture *f = *state;
	dns_client_close(f->client);
	if (f->far >= 0)
		close(f->far);
	return 0;
}

static struct question far_read(const struct fixture *f)
{
	char packet[LIMIT_DNS_PACKET];
	struct pollfd p = {.fd = f->far, .events = POLLIN};
	assert_int_equal(poll(&p, 1, PATIENCE_MS), 1);
	ssize_t n = recv(f->far, packet, sizeof packet, 0);
	struct question q;
	assert_true(n > 0 && question_unpack((struct slice){packet, (size_t)n}, &q));
	return q;
}

static bool far_has_more(const struct fixture *f)
{
	struct pollfd p = {.fd = f->far, .events = POLLIN};
	return poll(&p, 1, 0) > 0;
}

static void far_write(const struct fixture *f, const void *p, size_t n)
{
	assert_int_equal(send(f->far, p, n, MSG_NOSIGNAL), n);
}

static void far_answer(const struct fixture *f, uint64_t id, const char *text)
{
	struct answer a = {.id = id, .status = text ? ANSWER_DATA : ANSWER_TROUBLE, .ttl = 60};
	if (text)
		assert_true(answer_add(&a, text, strlen(text)));
	struct str packet = {0};
	answer_pack(&a, &packet);
	far_write(f, packet.p, packet.n);
	str_free(&packet);
	answer_free(&a);
}

static void far_hello(const struct fixture *f)
{
	struct str packet = {0};
	hello_pack(&packet);
	far_write(f, packet.p, packet.n);
	str_free(&packet);
}

/* Everything written before has been taken in once an exchange is through: one reader, in order. */
static void flush_client(const struct fixture *f)
{
	struct asker a;
	asker_init(&a, "flush.example");
	assert_true(dns_client_ask(f->client, &a.wait));
	struct question q;
	do
		q = far_read(f);
	while (q.id != a.wait.question.id);
	far_answer(f, q.id, "flushed");
	asker_await(&a);
}

static void one_question(void **state)
{
	const struct fixture *f = *state;
	struct asker a;
	asker_init(&a, "one.example");
	assert_true(dns_client_ask(f->client, &a.wait));
	assert_true(a.wait.under_way);
	struct question q = far_read(f);
	assert_string_equal(q.name, "one.example");
	assert_int_equal(q.type, QUESTION_TXT);
	far_answer(f, q.id, "text");
	asker_await(&a);
	assert_int_equal(a.status, ANSWER_DATA);
	assert_string_equal(a.first, "text");
	dns_client_cancel(f->client, &a.wait);
	assert_false(a.wait.under_way);
}

static void any_order(void **state)
{
	const struct fixture *f = *state;
	struct asker a[3];
	struct question q[3];
	for (int i = 0; i < 3; i++) {
		char name[32];
		snprintf(name, sizeof name, "n%d.example", i);
		asker_init(&a[i], name);
		assert_true(dns_client_ask(f->client, &a[i].wait));
		q[i] = far_read(f);
	}
	far_answer(f, q[2].id, "two");
	far_answer(f, q[0].id, "zero");
	far_answer(f, q[1].id, NULL);
	static const char *const want[] = {"zero", "", "two"};
	for (int i = 0; i < 3; i++) {
		asker_await(&a[i]);
		assert_string_equal(a[i].first, want[i]);
	}
	assert_int_equal(a[1].status, ANSWER_TROUBLE);
}

static void twice_late_and_to_nobody(void **state)
{
	const struct fixture *f = *state;
	struct asker a, late;
	asker_init(&a, "a.example");
	asker_init(&late, "late.example");
	assert_true(dns_client_ask(f->client, &a.wait));
	assert_true(dns_client_ask(f->client, &late.wait));
	uint64_t id = far_read(f).id, late_id = far_read(f).id;
	far_answer(f, id + 1000, "nobody's");
	far_answer(f, id, "first");
	far_answer(f, id, "second");
	dns_client_cancel(f->client, &late.wait);
	far_answer(f, late_id, "too late");
	flush_client(f);
	assert_int_equal(a.answers, 1);
	assert_string_equal(a.first, "first");
	assert_int_equal(late.answers, 0);
}

static void garbage_is_dropped(void **state)
{
	const struct fixture *f = *state;
	struct asker a;
	asker_init(&a, "a.example");
	assert_true(dns_client_ask(f->client, &a.wait));
	uint64_t id = far_read(f).id;
	char *big = calloc(1, 2 * LIMIT_DNS_PACKET);
	assert_non_null(big);
	big[0] = PACKET_ANSWER;
	far_write(f, big, 2 * LIMIT_DNS_PACKET);
	free(big);
	far_write(f, "", 0);
	far_write(f, "\xff", 1);
	far_write(f, "\1", 1);
	far_write(f, "\2hello", 6);
	struct str packet = {0};
	struct question q = {.id = id, .type = QUESTION_A, .name = "a.example"};
	question_pack(&q, &packet);
	far_write(f, packet.p, packet.n);
	str_free(&packet);
	flush_client(f);
	assert_int_equal(a.answers, 0);
	assert_false(far_has_more(f)); /* nor was "hello" with more behind it a hello */
	far_answer(f, id, "good");
	asker_await(&a);
	assert_string_equal(a.first, "good");
}

static void hello_asks_again(void **state)
{
	const struct fixture *f = *state;
	struct asker a[3];
	static const char *const name[] = {"a.example", "b.example", "c.example"};
	uint64_t id[3];
	for (int i = 0; i < 3; i++) {
		asker_init(&a[i], name[i]);
		assert_true(dns_client_ask(f->client, &a[i].wait));
		id[i] = far_read(f).id;
	}
	far_answer(f, id[0], "answered");
	asker_await(&a[0]);
	dns_client_cancel(f->client, &a[1].wait);
	far_hello(f);
	struct question q = far_read(f);
	assert_int_equal(q.id, id[2]);
	assert_string_equal(q.name, "c.example");
	flush_client(f);
	far_answer(f, q.id, "again");
	asker_await(&a[2]);
	assert_string_equal(a[2].first, "again");
	assert_false(far_has_more(f));
}

static void names_are_checked(void **state)
{
	const struct fixture *f = *state;
	struct asker a;
	asker_init(&a, "bad name.example");
	assert_false(dns_client_ask(f->client, &a.wait));
	asker_init(&a, "good.example");
	a.wait.question.type = QUESTION_TYPE_COUNT;
	assert_false(dns_client_ask(f->client, &a.wait));
	assert_false(a.wait.under_way);
	dns_client_cancel(f->client, &a.wait);
	assert_false(far_has_more(f));
}

/* More than the socket holds: all arrive nevertheless; and one past the limit is refused. */
static void full_socket_and_limit(void **state)
{
	const struct fixture *f = *state;
	struct asker *a = calloc(LIMIT_DNS_UNDER_WAY, sizeof *a), more;
	assert_non_null(a);
	for (int i = 0; i < LIMIT_DNS_UNDER_WAY; i++) {
		char name[32];
		snprintf(name, sizeof name, "n%d.example", i);
		asker_init(&a[i], name);
		assert_true(dns_client_ask(f->client, &a[i].wait));
	}
	asker_init(&more, "more.example");
	assert_false(dns_client_ask(f->client, &more.wait));
	assert_false(more.wait.under_way);
	for (int i = 0; i < LIMIT_DNS_UNDER_WAY; i++) {
		struct question q = far_read(f);
		far_answer(f, q.id, q.name);
	}
	for (int i = 0; i < LIMIT_DNS_UNDER_WAY; i++) {
		asker_await(&a[i]);
		assert_int_equal(a[i].answers, 1);
		assert_string_equal(a[i].first, a[i].wait.question.name);
	}
	assert_true(dns_client_ask(f->client, &more.wait));
	dns_client_cancel(f->client, &more.wait);
	free(a);
}

static void resolver_gone(void **state)
{
	struct fixture *f = *state;
	struct asker a;
	asker_init(&a, "a.example");
	close(f->far);
	f->far = -1;
	assert_true(dns_client_ask(f->client, &a.wait));
	assert_true(a.wait.under_way);
	dns_client_cancel(f->client, &a.wait);
	assert_int_equal(a.answers, 0);
}

/* -- many threads --------------------------------------------------------------------------- */

enum {
	THREADS = 8,
	ROUNDS = 200,
};

struct party {
	struct dns_client *client;
	int number;
	int wrong;
};

static void *ask_many(void *arg)
{
	struct party *p = arg;
	for (int i = 0; i < ROUNDS; i++) {
		struct asker a;
		char name[64];
		snprintf(name, sizeof name, "t%d.n%d.example", p->number, i);
		asker_init(&a, name);
		if (!dns_client_ask(p->client, &a.wait)) {
			p->wrong++;
			continue;
		}
		if (i % 4 == 0) {
			dns_client_cancel(p->client, &a.wait);
			continue;
		}
		asker_await(&a);
		if (a.answers != 1 || strcmp(a.first, name) != 0)
			p->wrong++;
	}
	return NULL;
}

static void many_threads(void **state)
{
	const struct fixture *f = *state;
	pthread_t thread[THREADS];
	struct party party[THREADS];
	for (int i = 0; i < THREADS; i++) {
		party[i] = (struct party){f->client, i, 0};
		assert_int_equal(pthread_create(&thread[i], NULL, ask_many, &party[i]), 0);
	}
	/* A cancelled question may have been sent or not: answer until all threads have ended. */
	int joined = 0;
	while (joined < THREADS) {
		struct pollfd p = {.fd = f->far, .events = POLLIN};
		if (poll(&p, 1, 10) > 0) {
			struct question q = far_read(f);
			far_answer(f, q.id, q.name);
		} else if (pthread_tryjoin_np(thread[joined], NULL) == 0) {
			assert_int_equal(party[joined].wrong, 0);
			joined++;
		}
	}
}

#define WITH_PAIR(test) cmocka_unit_test_setup_teardown(test, open_pair, close_pair)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_PAIR(one_question),
	    WITH_PAIR(any_order),
	    WITH_PAIR(twice_late_and_to_nobody),
	    WITH_PAIR(garbage_is_dropped),
	    WITH_PAIR(hello_asks_again),
	    WITH_PAIR(names_are_checked),
	    WITH_PAIR(full_socket_and_limit),
	    WITH_PAIR(resolver_gone),
	    WITH_PAIR(many_threads),
	};
	return cmocka_run_group_tests_name("dns/client", tests, NULL, NULL);
}
