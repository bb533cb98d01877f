/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * zygote.c - descriptors in, children out.
 *
 * One thread, one loop over three descriptors: the messages, a signalfd (SIGCHLD, SIGTERM), and the
 * supervisor's pings, which show that the loop runs. At
 * most LIMIT_JUDGES children; while there are as many, further descriptors wait in the socket. A
 * descriptor whose other end is already closed (nobody waits for that message any more, as after
 * a restart) costs no child.
 *
 * What a child can do to this process: nothing. It shares no descriptor with it, its memory is its
 * own copy, and it may not signal. It can overstay, and is killed for it; a child that was killed
 * or crashed is one line on standard error, which is all that is ever written about it.
 * What the listener can send: packets without a descriptor, which are dropped; several at once, of
 * which the kernel hands over one; descriptors of another kind, on which the child fails.
 */
#include <config.h> /* autoconf's: GNU interfaces (ppoll, dup3, close_range) */

#include "judge/zygote.h"

#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/control.h"
#include "base/limits.h"
#include "judge/child.h"
#include "judge/frame.h"
#include "judge/seal.h"

enum {
	EXIT_TROUBLE = 2,
	MAP_BYTES = 32 * 1024, /* allocations of this size are mapped, and cost what is touched */
	HEAP_STEP = 16 * 1024,
	HOLE_MOST = 4 * 1024 * 1024,
	HOLE_LEAST = 32,
	HOLES = 100000, /* there are some hundred; other allocators lie elsewhere */
};

struct judge {
	pid_t pid;
	int64_t until; /* frame_clock() */
	bool killed;
};

struct zygote {
	const struct zygote_options *options;
	const struct letter_rules *rules;
	void *holes; /* a chain of what settle_memory keeps */
	int signal_fd;
	int control_fd; /* -1: nobody asks any more */
	struct judge judge[LIMIT_JUDGES];
	size_t count;
	bool ending;
};

/* -- children ------------------------------------------------------------------------------- */

/* Does not return. The child's only descriptor is 0: its message. */
static _Noreturn void be_child(int fd, const struct letter_rules *rules)
{
	if ((fd != 0 && dup3(fd, 0, 0) < 0) || close_range(1, ~0U, 0) < 0 || !seal_child())
		_exit(EXIT_TROUBLE);
	_exit(child_serve(0, rules));
}

static bool is_waited_for(int fd)
{
	struct pollfd p = {.fd = fd};
	return poll(&p, 1, 0) == 0;
}

static void judge_one(struct zygote *z, int fd)
{
	if (!is_waited_for(fd))
		return;
	pid_t pid = fork();
	if (pid == 0)
		be_child(fd, z->rules);
	if (pid < 0) {
		fprintf(stderr, "keepname-judge: fork: %s\n", strerror(errno));
		return;
	}
	z->judge[z->count++] = (struct judge){
	    .pid = pid, .until = frame_clock() + (int64_t)z->options->seconds * 1000};
}

static void note_end(const struct judge *j, int status)
{
	if (j->killed)
		fprintf(stderr, "keepname-judge: a judge overstayed and was ended\n");
	else if (WIFSIGNALED(status))
		fprintf(stderr, "keepname-judge: a judge was ended by signal %d\n",
			WTERMSIG(status));
	else if (WEXITSTATUS(status) == EXIT_TROUBLE)
		fprintf(stderr, "keepname-judge: a judge could not be sealed\n");
}

static void reap(struct zygote *z)
{
	int status;
	for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
		for (size_t i = 0; i < z->count; i++)
			if (z->judge[i].pid == pid) {
				note_end(&z->judge[i], status);
				z->judge[i] = z->judge[--z->count];
				break;
			}
}

/* Ends the overstayers; returns ms until the next one would be, -1: none. */
static int end_late(struct zygote *z)
{
	int64_t next = -1, now = z->count ? frame_clock() : 0;
	for (size_t i = 0; i < z->count; i++) {
		struct judge *j = &z->judge[i];
		if (j->killed)
			continue;
		if (j->until <= now) {
			kill(j->pid, SIGKILL);
			j->killed = true;
		} else if (next < 0 || j->until - now < next) {
			next = j->until - now;
		}
	}
	return next > INT_MAX ? INT_MAX : (int)next;
}

/* -- what comes in -------------------------------------------------------------------------- */

/* The descriptor of one packet, -1 for a packet without; *ret_nothing: there was no packet. */
static int take_descriptor(int messages_fd, bool *ret_nothing)
{
	char octets[16];
	struct iovec data = {.iov_base = octets, .iov_len = sizeof octets};
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	/* CMSG_LEN, not CMSG_SPACE: the padding would hold a second descriptor. */
	struct msghdr m = {.msg_iov = &data,
			   .msg_iovlen = 1,
			   .msg_control = control.room,
			   .msg_controllen = CMSG_LEN(sizeof(int))};
	ssize_t n = recvmsg(messages_fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	const struct cmsghdr *c = n >= 0 ? CMSG_FIRSTHDR(&m) : NULL;
	int fd = -1;
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len == CMSG_LEN(sizeof fd))
		memcpy(&fd, CMSG_DATA(c), sizeof fd);
	*ret_nothing = n <= 0 && fd < 0;
	return fd;
}

static void take_message(struct zygote *z, short revents)
{
	bool nothing;
	int fd = take_descriptor(z->options->messages_fd, &nothing);
	if (fd >= 0) {
		judge_one(z, fd);
		close(fd);
	} else if (nothing && revents & (POLLHUP | POLLERR | POLLNVAL)) {
		z->ending = true;
	}
}

static void take_signals(struct zygote *z)
{
	struct signalfd_siginfo info;
	while (read(z->signal_fd, &info, sizeof info) == (ssize_t)sizeof info)
		if (info.ssi_signo == SIGTERM)
			z->ending = true;
	reap(z);
}

static void answer_pings(struct zygote *z)
{
	if (control_answer(z->control_fd))
		return;
	close(z->control_fd);
	z->control_fd = -1;
}

static void serve(struct zygote *z)
{
	while (!z->ending || z->count) {
		int timeout = end_late(z);
		bool take = !z->ending && z->count < LIMIT_JUDGES;
		struct pollfd p[3] = {{.fd = z->signal_fd, .events = POLLIN},
				      {.fd = take ? z->options->messages_fd : -1, .events = POLLIN},
				      {.fd = z->control_fd, .events = POLLIN}};
		if (poll(p, 3, timeout) < 0)
			continue;
		if (p[0].revents)
			take_signals(z);
		if (p[1].revents && !z->ending && z->count < LIMIT_JUDGES)
			take_message(z, p[1].revents);
		if (p[2].revents)
			answer_pings(z);
	}
}

/* -- the start ------------------------------------------------------------------------------ */

static bool take_over_signals(struct zygote *z)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	z->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	return z->signal_fd >= 0 && sigprocmask(SIG_BLOCK, &set, NULL) == 0;
}

/* A child pays for every page that it is the first to write to: most of what it costs. So
 *   - the holes in the heap are taken away for good: its allocations lie side by side behind them,
 *     not one on each page, and what is free is not put together anew in every child;
 *   - big zeroed tables are mapped, and cost only the pages that are used; the heap grows in
 *     smaller steps than that, or they would be cut from it and zeroed. */
static void settle_memory(struct zygote *z)
{
	mallopt(M_MMAP_THRESHOLD, MAP_BYTES);
	mallopt(M_TOP_PAD, HEAP_STEP);
	malloc_trim(0);
	const char *end = sbrk(0);
	unsigned holes = 0;
	for (size_t size = HOLE_MOST; size >= HOLE_LEAST;
	     size -= size > MAP_BYTES ? size / 2 : 16) {
		void **hole;
		while ((hole = malloc(size)) && (char *)hole < end && holes < HOLES) {
			*hole = z->holes;
			z->holes = hole;
			holes++;
		}
		free(hole);
	}
	malloc_trim(0);
}

/* By write(): what is there may be a pipe. */
static void tell_ready(int fd)
{
	const char octet = CONTROL_READY;
	ssize_t n = fd >= 0 ? write(fd, &octet, 1) : 0;
	(void)n; /* nobody waits for it, then */
}

int zygote_serve(const struct zygote_options *options, const struct letter_rules *rules)
{
	struct zygote z = {.options = options, .rules = rules, .control_fd = options->control_fd};
	if (!take_over_signals(&z) || !seal_zygote()) {
		fprintf(stderr, "keepname-judge: cannot be sealed: %s\n", strerror(errno));
		return EXIT_TROUBLE;
	}
	settle_memory(&z);
	tell_ready(z.control_fd);
	serve(&z);
	return 0;
}
