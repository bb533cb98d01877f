/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The zygote with judges of our own: this file's child_serve is linked in place of the real one. A
 * message's first octet tells its judge what to do. Whatever one of them does, the next message is
 * judged; and nothing that the other end sends stops the zygote.
 */
#include <config.h> /* autoconf's: GNU interfaces */

#include "judge/zygote.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/control.h"
#include "base/limits.h"
#include "judge/child.h"
#include "judge/frame.h"
#include "tests/rules/table.h"

enum {
	SOON = 20000, /* ms; only a failing test waits so long */
	BRIEF = 50,   /* ms, for seeing that nothing happens */
};

/* Seen by zygote, judges and test. */
struct shared {
	atomic_int judges; /* started so far */
};

/* -- the judge ------------------------------------------------------------------------------ */

static size_t descriptors_but_0(void)
{
	size_t count = 0;
	struct pollfd p = {.events = POLLIN};
	for (p.fd = 1; p.fd < 64; p.fd++)
		if (poll(&p, 1, 0) >= 0 && !(p.revents & POLLNVAL))
			count++;
	return count;
}

int child_serve(int fd, const struct letter_rules *rules)
{
	struct shared *shared = (struct shared *)(uintptr_t)rules;
	atomic_fetch_add(&shared->judges, 1);
	struct pollfd p = {.fd = fd, .events = POLLIN};
	char what = 0, reply = 'E';
	if (recv(fd, &what, 1, 0) != 1)
		return 1;
	switch (what) {
	case 'e': break;
	case 'c': abort(); /* which may not signal itself, and crashes instead */
	case 'q': return 0;
	case 'f': reply = (char)('0' + descriptors_but_0()); break;
	case 's': /* until the other end closes, or for ever if it does not */
	case 'S': /* until it sends something */
		send(fd, "S", 1, MSG_NOSIGNAL);
		while (poll(&p, 1, -1) <= 0)
			;
		break;
	}
	return send(fd, &reply, 1, MSG_NOSIGNAL) == 1 ? 0 : 1;
}

/* -- the test's end ------------------------------------------------------------------------- */

struct fixture {
	pid_t zygote;
	int messages, control;
	struct shared *shared;
};

static char next_octet(int fd, int timeout)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	char c;
	if (poll(&p, 1, timeout) <= 0)
		return '?';                    /* nothing came */
	return read(fd, &c, 1) == 1 ? c : '.'; /* the end */
}

static void start(struct fixture *f, unsigned seconds)
{
	int messages[2], control[2];
	f->shared = mmap(NULL, sizeof *f->shared, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(f->shared != MAP_FAILED);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, messages), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control), 0);
	f->control = control[0];
	f->messages = messages[0];
	f->zygote = fork();
	if (f->zygote == 0) {
		close(messages[0]);
		close(control[0]);
		struct zygote_options options = {
		    .messages_fd = messages[1], .control_fd = control[1], .seconds = seconds};
		_exit(zygote_serve(&options, (const struct letter_rules *)f->shared));
	}
	close(messages[1]);
	close(control[1]);
	assert_int_equal(next_octet(f->control, SOON), CONTROL_READY);
}

static int wait_for_exit(struct fixture *f)
{
	int status;
	assert_int_equal(waitpid(f->zygote, &status, 0), f->zygote);
	munmap(f->shared, sizeof *f->shared);
	close(f->control);
	return status;
}

static void stop(struct fixture *f)
{
	close(f->messages);
	assert_int_equal(wait_for_exit(f), 0);
}

/* Sends one packet with descriptors; count 0: without. */
static void send_packet(const struct fixture *f, size_t octets, const int *fd, size_t count)
{
	char room[CMSG_SPACE(4 * sizeof(int))] __attribute__((aligned(8))) = {0};
	char data[64] = {0};
	struct iovec v = {data, octets};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
	if (count) {
		m.msg_control = room;
		m.msg_controllen = CMSG_SPACE(count * sizeof(int));
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(count * sizeof(int));
		memcpy(CMSG_DATA(c), fd, count * sizeof(int));
	}
	assert_int_equal(sendmsg(f->messages, &m, MSG_NOSIGNAL), (ssize_t)octets);
}

/* Our end of a message that the zygote now has, after its first octet was sent. */
static int message(const struct fixture *f, char what)
{
	int pair[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	send_packet(f, 1, &pair[1], 1);
	close(pair[1]);
	assert_int_equal(send(pair[0], &what, 1, MSG_NOSIGNAL), 1);
	return pair[0];
}

static char reply_of(int fd)
{
	char c = next_octet(fd, SOON);
	close(fd);
	return c;
}

static void assert_serves(const struct fixture *f)
{
	assert_int_equal(reply_of(message(f, 'e')), 'E');
}

/* -- tests ---------------------------------------------------------------------------------- */

static void each_message_has_a_judge_of_its_own(void **state)
{
	(void)state;
	struct fixture f;
	start(&f, 30);
	for (int i = 0; i < 3 * LIMIT_JUDGES; i++)
		assert_serves(&f);
	assert_int_equal(atomic_load(&f.shared->judges), 3 * LIMIT_JUDGES);
	stop(&f);
}

static void a_judge_holds_nothing_but_its_message(void **state)
{
	(void)state;
	struct fixture f;
	start(&f, 30);
	assert_int_equal(reply_of(message(&f, 'f')), '0');
	stop(&f);
}

static void a_crash_ends_one_message(void **state)
{
	(void)state;
	struct fixture f;
	start(&f, 30);
	assert_int_equal(reply_of(message(&f, 'c')), '.');
	assert_int_equal(reply_of(message(&f, 'q')), '.');
	assert_serves(&f);
	stop(&f);
}

static void who_overstays_is_ended(void **state)
{
	(void)state;
	struct fixture f;
	start(&f, 1);
	int64_t begin = frame_clock();
	int fd = message(&f, 's');
	assert_int_equal(next_octet(fd, SOON), 'S');
	assert_serves(&f);
	assert_int_equal(next_octet(fd, SOON), '.');
	int64_t took = frame_clock() - begin;
	assert_in_range(took, 900, SOON);
	close(fd);
	assert_serves(&f);
	stop(&f);
}

static void one_more_than_the_limit_waits(void **state)
{
	(void)state;
	struct fixture f;
	start(&f, 60);
	int stalled[LIMIT_JUDGES];
	for (int i = 0; i < LIMIT_JUDGES; i++) {
		stalled[i] = message(&f, 'S');
		CHECK(next_octet(stalled[i], SOON) == 'S', "judge %d", i);
	}
	int more = message(&f, 'e');
	assert_int_equal(next_octet(more, BRIEF), '?');
	assert_int_equal(atomic_load(&f.shared->judges), LIMIT_JUDGES);
	assert_int_equal(send(stalled[7], "x", 1, MSG_NOSIGNAL), 1);
	assert_int_equal(next_octet(stalled[7], SOON), 'E');
	assert_int_equal(next_octet(more, SOON), 'E');
	close(more);
	for (int i = 0; i < LIMIT_JUDGES; i++)
		close(stalled[i]);
	assert_serves(&f);
	stop(&f);
}

static void pings_are_answered_with_all_places_taken(void **state)
{
	(void)state;
	struct fixture f;
	start(&f, 60);
	int stalled[LIMIT_JUDGES];
	for (int i = 0; i < LIMIT_JUDGES; i++) {
		stalled[i] = message(&f, 'S');
		assert_int_equal(next_octet(stalled[i], SOON), 'S');
		assert_true(control_send(f.control, CONTROL_PING));
		CHECK(next_octet(f.control, SOON) == CONTROL_PONG, "judge %d", i);
	}
	assert_true(control_send(f.control, CONTROL_DRAIN)); /* none of its words */
	assert_int_equal(next_octet(f.control, BRIEF), '?');
	shutdown(f.control, SHUT_RDWR);
	for (int i = 0; i < LIMIT_JUDGES; i++)
		close(stalled[i]);
	assert_serves(&f);
	stop(&f);
}

static void nobody_waits_so_nobody_judges(void **state)
{
	(void)state;
	struct fixture f;
	start(&f, 30);
	/* While all places are taken these lie in the socket, and their senders give up. */
	int stalled[LIMIT_JUDGES];
	for (int i = 0; i < LIMIT_JUDGES; i++) {
		stalled[i] = message(&f, 'S');
		assert_int_equal(next_octet(stalled[i], SOON), 'S');
	}
	for (int i = 0; i < 10; i++)
		close(message(&f, 'e'));
	for (int i = 0; i < LIMIT_JUDGES; i++)
		close(stalled[i]);
	assert_serves(&f);
	assert_int_equal(atomic_load(&f.shared->judges), LIMIT_JUDGES + 1);
	stop(&f);
}

static void odd_packets_do_no_harm(void **state)
{
	(void)state;
	struct fixture f;
	start(&f, 30);
	send_packet(&f, 1, NULL, 0);
	send_packet(&f, 0, NULL, 0);
	send_packet(&f, 64, NULL, 0);
	int pipes[2];
	assert_int_equal(pipe(pipes), 0);
	send_packet(&f, 1, &pipes[0], 1);
	send_packet(&f, 1, &pipes[1], 1);
	send_packet(&f, 1, pipes, 2);
	close(pipes[0]);
	close(pipes[1]);
	assert_serves(&f);
	/* Of several descriptors only the first is taken, and none stays in the zygote. */
	for (int i = 0; i < 200; i++) {
		int a[2], b[2];
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, a), 0);
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, b), 0);
		send_packet(&f, 1, (int[]){a[1], b[1]}, 2);
		close(a[1]);
		close(b[1]);
		assert_int_equal(next_octet(b[0], SOON), '.');
		close(a[0]);
		close(b[0]);
	}
	assert_serves(&f);
	stop(&f);
}

static void sigterm_lets_judges_finish(void **state)
{
	(void)state;
	struct fixture f;
	start(&f, 30);
	int fd = message(&f, 'S');
	assert_int_equal(next_octet(fd, SOON), 'S');
	kill(f.zygote, SIGTERM);
	assert_int_equal(next_octet(fd, BRIEF), '?');
	int late = message(&f, 'e'); /* stays in the socket */
	assert_int_equal(next_octet(late, BRIEF), '?');
	assert_int_equal(send(fd, "x", 1, MSG_NOSIGNAL), 1);
	assert_int_equal(reply_of(fd), 'E');
	assert_int_equal(wait_for_exit(&f), 0);
	close(late);
	close(f.messages);
}

static void sigterm_waits_no_longer_than_a_judge_may_live(void **state)
{
	(void)state;
	struct fixture f;
	start(&f, 1);
	int fd = message(&f, 'S');
	assert_int_equal(next_octet(fd, SOON), 'S');
	kill(f.zygote, SIGTERM);
	assert_int_equal(reply_of(fd), '.');
	assert_int_equal(wait_for_exit(&f), 0);
	close(f.messages);
}

static void a_killed_zygote_leaves_judges_alone(void **state)
{
	(void)state;
	struct fixture f;
	start(&f, 30);
	int fd = message(&f, 'S');
	assert_int_equal(next_octet(fd, SOON), 'S');
	kill(f.zygote, SIGKILL);
	wait_for_exit(&f);
	assert_int_equal(send(fd, "x", 1, MSG_NOSIGNAL), 1);
	assert_int_equal(reply_of(fd), 'E');
	close(f.messages);
}

static void sigint_and_sighup_are_for_others(void **state)
{
	(void)state;
	struct fixture f;
	start(&f, 30);
	kill(f.zygote, SIGINT);
	kill(f.zygote, SIGHUP);
	assert_serves(&f);
	stop(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_message_has_a_judge_of_its_own),
	    cmocka_unit_test(a_judge_holds_nothing_but_its_message),
	    cmocka_unit_test(a_crash_ends_one_message),
	    cmocka_unit_test(who_overstays_is_ended),
	    cmocka_unit_test(one_more_than_the_limit_waits),
	    cmocka_unit_test(pings_are_answered_with_all_places_taken),
	    cmocka_unit_test(nobody_waits_so_nobody_judges),
	    cmocka_unit_test(odd_packets_do_no_harm),
	    cmocka_unit_test(sigterm_lets_judges_finish),
	    cmocka_unit_test(sigterm_waits_no_longer_than_a_judge_may_live),
	    cmocka_unit_test(a_killed_zygote_leaves_judges_alone),
	    cmocka_unit_test(sigint_and_sighup_are_for_others),
	};
	return cmocka_run_group_tests_name("zygote", tests, NULL, NULL);
}
