/* SPDX-License-Identifier: BSD-2-Clause
 *
 * await: waits for one event, so that no test sleeps.
 *
 *   await file PATH               PATH exists
 *   await text [-n N] FILE TEXT   FILE holds TEXT (N times)
 *   await mail [-n N] DIR TEXT    N files in DIR hold TEXT in their first 128 KiB;
 *                                 prints their paths
 *   await connect ADDR            PORT (on 127.0.0.1), or a unix socket's path, accepts
 *   await end PID                 the process has ended
 *   await notify [-l LOG] [-r FILE] [-f PIDFILE] -- COMMAND...
 *
 * notify starts COMMAND and waits for its READY=1 (sd_notify), prints its process id and leaves
 * it running, its output appended to LOG. PIDFILE holds the id as soon as it runs; whatever it
 * tells after it is ready is appended to FILE, a line each.
 *
 * Options: -t SECONDS (default 20); -p PID: give up at once when that process ends; -m WHAT: what
 * is waited for, for the message.
 *
 * Exit: 0 it happened; 1 it did not, with one line on stderr that says what was missing and why;
 * 2 wrong usage or trouble of its own.
 *
 * Events come from inotify, pidfds and the notify socket. Only for "accepts" has the kernel no
 * event: connect is tried again every 5 ms, within the same deadline. */
#include "config.h"

#include "tests/tools/await.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <netinet/in.h>

enum { RETRY_MS = 5 };

noreturn void await_fail(const char *what, const char *why)
{
	fprintf(stderr, "await: %s: %s\n", what, why);
	exit(1);
}

noreturn void await_trouble(const char *what)
{
	fprintf(stderr, "await: %s: %s\n", what, strerror(errno));
	exit(2);
}

int await_pidfd(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

static long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void await_start(struct await *a)
{
	a->deadline = now_ms() + a->seconds * 1000LL;
	a->guard_fd = -1;
	if (a->guard > 0) {
		a->guard_fd = await_pidfd(a->guard);
		if (a->guard_fd < 0)
			await_fail(a->what, "the process that should do it is not running");
	}
}

bool await_event(struct await *a, int fd, int retry_ms)
{
	struct pollfd p[2] = {{.fd = fd, .events = POLLIN}, {.fd = a->guard_fd, .events = POLLIN}};
	long long left = a->deadline - now_ms();
	int ms = left > INT_MAX ? INT_MAX : (int)left;
	char why[64];

	if (left <= 0) {
		snprintf(why, sizeof why, "not within %d s", a->seconds);
		await_fail(a->what, why);
	}
	if (retry_ms > 0 && retry_ms < ms)
		ms = retry_ms;
	if (poll(p, 2, ms) < 0 && errno != EINTR)
		await_trouble("poll");
	/* The event may have come just before the end: the caller looks once more. */
	if (p[1].revents && !a->guard_ended)
		a->guard_ended = true;
	else if (p[1].revents)
		await_fail(a->what, "the process that should do it has ended");
	return (p[0].revents & POLLIN) != 0;
}

/* ---- connect, end -------------------------------------------------------------------------- */

static bool accepts(const char *where)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	bool path = strchr(where, '/') != NULL;
	int fd = socket(path ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int rc;

	if (fd < 0)
		await_trouble("socket");
	if (path) {
		snprintf(un.sun_path, sizeof un.sun_path, "%s", where);
		rc = connect(fd, (struct sockaddr *)&un, sizeof un);
	} else {
		in.sin_port = htons((uint16_t)atoi(where));
		rc = connect(fd, (struct sockaddr *)&in, sizeof in);
	}
	close(fd);
	return rc == 0;
}

static void wait_connect(struct await *a, const char *where)
{
	while (!accepts(where))
		await_event(a, -1, RETRY_MS);
}

static void wait_end(struct await *a, pid_t pid)
{
	int fd = await_pidfd(pid);

	if (fd < 0 && errno == ESRCH)
		return;
	if (fd < 0)
		await_trouble("pidfd_open");
	while (!await_event(a, fd, 0))
		continue;
}

/* ---- main ---------------------------------------------------------------------------------- */

static noreturn void usage(void)
{
	fputs("usage: await [-t SECONDS] [-p PID] [-m WHAT] file PATH | text [-n N] FILE TEXT |\n"
	      "       mail [-n N] DIR TEXT | connect PORT|PATH | end PID |\n"
	      "       notify [-l LOG] [-r FILE] [-f PIDFILE] -- COMMAND...\n",
	      stderr);
	exit(2);
}

static long number(const char *s, long most)
{
	char *end;
	long n = strtol(s, &end, 10);

	if (end == s || *end || n < 1 || n > most)
		usage();
	return n;
}

static void take_options(struct await *a, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "+t:p:m:n:l:r:f:")) != -1) {
		switch (c) {
		case 't': a->seconds = (int)number(optarg, 3600); break;
		case 'p': a->guard = (pid_t)number(optarg, INT_MAX); break;
		case 'm': a->what = optarg; break;
		case 'n': a->count = (int)number(optarg, 1000000); break;
		case 'l': a->log = optarg; break;
		case 'r': a->record = optarg; break;
		case 'f': a->pid_file = optarg; break;
		default: usage();
		}
	}
}

int main(int argc, char **argv)
{
	struct await a = {.seconds = 20, .count = 1};
	const char *kind;
	int left;

	take_options(&a, argc, argv);
	if (optind >= argc)
		usage();
	kind = argv[optind++];
	take_options(&a, argc, argv);
	left = argc - optind;
	argv += optind;
	if (left < 1)
		usage();
	if (!a.what)
		a.what = argv[left > 1 && strcmp(kind, "notify") != 0 ? 1 : 0];
	await_start(&a);

	if (strcmp(kind, "file") == 0 && left == 1)
		await_file(&a, argv[0]);
	else if (strcmp(kind, "text") == 0 && left == 2)
		await_text(&a, argv[0], argv[1]);
	else if (strcmp(kind, "mail") == 0 && left == 2)
		await_mail(&a, argv[0], argv[1]);
	else if (strcmp(kind, "connect") == 0 && left == 1)
		wait_connect(&a, argv[0]);
	else if (strcmp(kind, "end") == 0 && left == 1)
		wait_end(&a, (pid_t)number(argv[0], INT_MAX));
	else if (strcmp(kind, "notify") == 0)
		await_notify(&a, argv);
	else
		usage();
	return 0;
}
