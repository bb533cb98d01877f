/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * plumbing.c - starting and ending a resolver and a zygote.
 *
 * Both are waited for by process descriptors, with an end: what has not ended STOP_MS after
 * SIGTERM is killed. Programs that may not be trusted (base/program.h) are not started.
 */
#include <config.h> /* autoconf's: GNU interfaces */

#include "judge/plumbing.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/program.h"
#include "judge/frame.h"

#define RESOLVER "keepname-resolver"
#define JUDGE    "keepname-judge"

enum {
	READY_MS = 30000, /* reading the rules takes well under a second */
	STOP_MS = 5000,
	EXIT_RULES = 78,
	EXIT_NO_EXEC = 127,
	WHY = 256,
};

char **plumbing_resolver_argv(const struct config *config)
{
	static char name[] = RESOLVER, flag[] = "-n";
	const struct config_list *servers = &config->nameservers;
	char **argv = calloc(2 * servers->count + 2, sizeof *argv);
	if (!argv)
		return NULL;
	size_t n = 0;
	argv[n++] = name;
	for (size_t i = 0; i < servers->count; i++) {
		argv[n++] = flag;
		argv[n++] = servers->item[i];
	}
	return argv;
}

/* The zygote gives a judge up later than the listener does: it is the one that only cleans up. */
char **plumbing_judge_argv(const struct config *config)
{
	static char name[] = JUDGE, lists[] = "-l", seconds[] = "-t";
	enum {
		WORDS = 6,
		DIGITS = 24,
	};
	char **argv = calloc(1, WORDS * sizeof *argv + DIGITS);
	if (!argv)
		return NULL;
	char *number = (char *)(argv + WORDS);
	snprintf(number, DIGITS, "%ld", config->dns_timeout + 2L * LIMIT_JUDGE_SPARE);
	argv[0] = name;
	argv[1] = lists;
	argv[2] = config->lists;
	argv[3] = seconds;
	argv[4] = number;
	return argv;
}

/* -- starting ------------------------------------------------------------------------------- */

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static pid_t start(const struct config *config, const char *name, char **argv, const int *fds,
		   size_t count, char why[static WHY])
{
	pid_t pid = -1;
	if (!argv)
		snprintf(why, WHY, "%s: out of memory", name);
	else if (program_trusted(config->libexec_dir, name, why, WHY)) {
		pid = program_start(config->libexec_dir, name, argv, fds, count);
		if (pid < 0)
			snprintf(why, WHY, "%s: cannot be started: %s", name, strerror(errno));
	}
	free(argv);
	return pid;
}

static bool start_resolver(const struct config *config, struct plumbing *p, char why[static WHY])
{
	int pair[2];
	if (program_pair(SOCK_SEQPACKET, pair) < 0) {
		snprintf(why, WHY, "%s: no sockets: %s", RESOLVER, strerror(errno));
		return false;
	}
	p->resolver_fd = pair[0];
	pid_t pid = start(config, RESOLVER, plumbing_resolver_argv(config), &pair[1], 1, why);
	close(pair[1]);
	p->resolver = pid > 0 ? pid : 0;
	return pid > 0;
}

/* Why the zygote did not become ready. */
static void explain(struct plumbing *p, char why[static WHY])
{
	int status;
	kill(p->zygote, SIGKILL); /* if it only was slow */
	while (waitpid(p->zygote, &status, 0) < 0)
		if (errno != EINTR)
			return;
	p->zygote = 0;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		snprintf(why, WHY, "%s was not ready after %d s", JUDGE, READY_MS / 1000);
	else if (WIFSIGNALED(status))
		snprintf(why, WHY, "%s was ended by signal %d", JUDGE, WTERMSIG(status));
	else if (WEXITSTATUS(status) == EXIT_RULES)
		snprintf(why, WHY, "%s: the rules are faulty", JUDGE);
	else if (WEXITSTATUS(status) == EXIT_NO_EXEC)
		snprintf(why, WHY, "%s could not be executed", JUDGE);
	else
		snprintf(why, WHY, "%s ended with status %d", JUDGE, WEXITSTATUS(status));
}

static bool is_ready(int fd)
{
	int64_t deadline = frame_clock() + READY_MS;
	for (int64_t left; (left = deadline - frame_clock()) > 0;) {
		struct pollfd poll_ready = {.fd = fd, .events = POLLIN};
		char octet;
		if (poll(&poll_ready, 1, (int)left) > 0)
			return read(fd, &octet, 1) == 1;
	}
	return false;
}

static bool start_zygote(const struct config *config, struct plumbing *p, char why[static WHY])
{
	int pair[2], ready[2];
	if (program_pair(SOCK_SEQPACKET, pair) < 0) {
		snprintf(why, WHY, "%s: no sockets: %s", JUDGE, strerror(errno));
		return false;
	}
	p->zygote_fd = pair[0];
	if (pipe2(ready, O_CLOEXEC) < 0) {
		snprintf(why, WHY, "%s: no pipe: %s", JUDGE, strerror(errno));
		close(pair[1]);
		return false;
	}
	pid_t pid =
	    start(config, JUDGE, plumbing_judge_argv(config), (int[]){pair[1], ready[1]}, 2, why);
	close(pair[1]);
	close(ready[1]);
	p->zygote = pid > 0 ? pid : 0;
	bool ok = pid > 0 && is_ready(ready[0]);
	close(ready[0]);
	if (pid > 0 && !ok)
		explain(p, why);
	return ok;
}

bool plumbing_start(const struct config *config, struct plumbing *ret_plumbing,
		    char why[static 256])
{
	struct plumbing p = {.resolver_fd = -1, .zygote_fd = -1};
	if (!start_resolver(config, &p, why) || !start_zygote(config, &p, why)) {
		plumbing_stop(&p);
		return false;
	}
	*ret_plumbing = p;
	return true;
}

/* -- ending --------------------------------------------------------------------------------- */

static void wait_for_end(pid_t *pid)
{
	if (*pid <= 0)
		return;
	int fd = pidfd_open(*pid, 0);
	struct pollfd p = {.fd = fd, .events = POLLIN};
	if (fd < 0 || poll(&p, 1, STOP_MS) <= 0)
		kill(*pid, SIGKILL);
	if (fd >= 0)
		close(fd);
	while (waitpid(*pid, NULL, 0) < 0 && errno == EINTR)
		;
	*pid = 0;
}

void plumbing_stop(struct plumbing *p)
{
	close_one(&p->resolver_fd);
	close_one(&p->zygote_fd);
	if (p->resolver > 0)
		kill(p->resolver, SIGTERM);
	if (p->zygote > 0)
		kill(p->zygote, SIGTERM);
	wait_for_end(&p->resolver);
	wait_for_end(&p->zygote);
}
