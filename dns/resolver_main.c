/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keepname-resolver - asks the DNS for whoever judges; started by the supervisor and by keepname.
 *
 *   keepname-resolver [-n ADDR@PORT]...      questions on 3, control on 4 (base/program.h)
 *
 * What was queued before the start is thrown away and a hello sent, whereupon the asker sends
 * again what it still wants. Then one loop: a packet in, a lookup started; a lookup done, a packet
 * out. A packet that is no question is dropped. An answer that finds the socket full is dropped:
 * the asker's deadline covers that, and the resolver never waits for a reader. Where the library
 * takes no more, the answer is ANSWER_TROUBLE at once. The supervisor's pings are answered in the
 * same loop, and so show that it runs.
 *
 * The library keeps an answer until a time of day. A clock that is put back would keep what it has
 * for as long as it was put back, so then the process ends, and another begins with an empty cache.
 *
 * Exit: 0 when the other end closes or SIGTERM comes, at once; 3 for that clock; 2 with a line on
 * stderr for wrong arguments or when the library cannot be set up.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/control.h"
#include "base/program.h"
#include "dns/lookup.h"

enum {
	BATCH = 64,  /* packets taken in before answers get their turn */
	BACK_S = 10, /* that the clock may be put back in all */
	EXIT_TROUBLE = 2,
	EXIT_CLOCK = 3,
};

static const rlim_t address_space = (rlim_t)1 << 30; /* caches 27 MB, thread arenas and stacks */

static void on_term(int signal_number)
{
	(void)signal_number;
	_exit(0);
}

/* The address space is left alone where more than the limit is mapped already: so it is with
 * sanitizers, and a limit would only break the next allocation. */
static void limit_memory(void)
{
	unsigned long pages = 0;
	FILE *statm = fopen("/proc/self/statm", "re");
	if (!statm)
		return;
	int n = fscanf(statm, "%lu", &pages);
	fclose(statm);
	if (n != 1 || pages >= address_space / (rlim_t)sysconf(_SC_PAGESIZE))
		return;
	setrlimit(RLIMIT_AS, &(struct rlimit){address_space, address_space});
}

static bool give_up_rights(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0})) {
		perror("keepname-resolver: giving up rights");
		return false;
	}
	limit_memory();
	return true;
}

/* -- packets -------------------------------------------------------------------------------- */

static void send_answer(void *context, const struct answer *answer)
{
	(void)context;
	struct str packet = {0};
	answer_pack(answer, &packet);
	if (!packet.failed)
		send(RESOLVER_FD_QUESTIONS, packet.p, packet.n, MSG_DONTWAIT | MSG_NOSIGNAL);
	str_free(&packet);
}

static void take_packet(struct lookup *lookup, struct slice packet)
{
	struct question q;
	if (question_unpack(packet, &q) && !lookup_start(lookup, &q, send_answer, NULL))
		send_answer(NULL, &(struct answer){.id = q.id, .status = ANSWER_TROUBLE});
}

/* False when the other end has closed. */
static bool take_packets(struct lookup *lookup)
{
	static char packet[LIMIT_DNS_PACKET];
	for (int i = 0; i < BATCH; i++) {
		ssize_t n = recv(RESOLVER_FD_QUESTIONS, packet, sizeof packet, MSG_DONTWAIT);
		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		if (n == 0) { /* closed, or an empty packet */
			struct pollfd p = {.fd = RESOLVER_FD_QUESTIONS, .events = POLLIN};
			return poll(&p, 1, 0) >= 0 && !(p.revents & POLLHUP);
		}
		take_packet(lookup, (struct slice){packet, (size_t)n});
	}
	return true;
}

static bool say_hello(void)
{
	char ignored;
	while (recv(RESOLVER_FD_QUESTIONS, &ignored, 1, MSG_DONTWAIT) > 0)
		;
	struct str packet = {0};
	hello_pack(&packet);
	ssize_t n =
	    packet.failed ? -1 : send(RESOLVER_FD_QUESTIONS, packet.p, packet.n, MSG_NOSIGNAL);
	str_free(&packet);
	return n > 0;
}

/* Seconds that the time of day is ahead of the time since the system's start. */
static time_t clock_offset(void)
{
	struct timespec day = {0}, up = {0};
	clock_gettime(CLOCK_REALTIME, &day);
	clock_gettime(CLOCK_MONOTONIC, &up);
	return day.tv_sec - up.tv_sec;
}

/* control: -1: nobody pings. */
static int serve(struct lookup *lookup, int control)
{
	time_t ahead = clock_offset();
	if (!say_hello())
		return 0;
	control_send(control, CONTROL_READY);
	for (;;) {
		struct pollfd p[3] = {{.fd = RESOLVER_FD_QUESTIONS, .events = POLLIN},
				      {.fd = lookup_fd(lookup), .events = POLLIN},
				      {.fd = control, .events = POLLIN}};
		if (poll(p, 3, -1) < 0 && errno != EINTR)
			return EXIT_TROUBLE;
		const time_t now_ahead = clock_offset();
		if (now_ahead < ahead - BACK_S) {
			fprintf(stderr, "keepname-resolver: the clock was put back by %lld s\n",
				(long long)(ahead - now_ahead));
			return EXIT_CLOCK;
		}
		if (now_ahead > ahead)
			ahead = now_ahead;
		if (p[2].revents && !control_answer(control))
			control = -1;
		if (p[1].revents)
			lookup_process(lookup);
		if (p[0].revents && !take_packets(lookup))
			return 0;
	}
}

/* -- start ---------------------------------------------------------------------------------- */

static int usage(void)
{
	fputs("usage: keepname-resolver [-n ADDR@PORT]...\n"
	      "Started by keepname-milter and keepname, with a socket as descriptor 3.\n",
	      stderr);
	return EXIT_TROUBLE;
}

/* Looked at before the library opens descriptors of its own, in what places are free. */
static bool is_given(int fd)
{
	int type = 0;
	socklen_t size = sizeof type;
	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET;
}

/* Returns only when it cannot start. */
static int run(char *const nameserver[], size_t count)
{
	char why[256];
	const int control = is_given(RESOLVER_FD_CONTROL) ? RESOLVER_FD_CONTROL : -1;
	struct sigaction term = {.sa_handler = on_term};
	sigaction(SIGTERM, &term, NULL);
	if (!give_up_rights())
		return EXIT_TROUBLE;
	struct lookup *lookup = lookup_open(nameserver, count, why);
	if (!lookup) {
		fprintf(stderr, "keepname-resolver: %s\n", why);
		return EXIT_TROUBLE;
	}
	/* No lookup_close: it would wait for the library's thread, and we leave at once. */
	_exit(serve(lookup, control));
}

int main(int argc, char **argv)
{
	size_t count = 0;
	bool ok = true;
	char **nameserver = calloc((size_t)argc + 1, sizeof *nameserver);
	if (!nameserver)
		return EXIT_TROUBLE;
	for (int c; (c = getopt(argc, argv, "n:")) != -1;) {
		ok = ok && c == 'n';
		nameserver[count++] = optarg;
	}
	int rc = ok && optind == argc && is_given(RESOLVER_FD_QUESTIONS) ? run(nameserver, count)
									 : usage();
	free(nameserver);
	return rc;
}
