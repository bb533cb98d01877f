/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * program.c - fork and exec with a known set of descriptors; see program.h.
 *
 * The caller may have threads, so the child calls nothing between fork and exec but
 * async-signal-safe functions; whatever needs memory is made before the fork. Signals are blocked
 * over the fork, so that no handler of the parent ever runs in the child.
 */
#include "base/program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	EXIT_NO_EXEC = 127,
	ENVIRONMENT_MOST = 8,
};

/* -- trust ---------------------------------------------------------------------------------- */

static bool is_safe(const struct stat *st, const char *path, char *why, size_t size)
{
	if (st->st_uid != 0 && st->st_uid != geteuid()) {
		snprintf(why, size, "%s belongs to uid %lu, neither to root nor to us", path,
			 (unsigned long)st->st_uid);
		return false;
	}
	if (st->st_mode & (S_IWGRP | S_IWOTH)) {
		snprintf(why, size, "%s may be written by group or others (mode %04o)", path,
			 (unsigned)(st->st_mode & 07777));
		return false;
	}
	return true;
}

/* The program's whole path, or false with a reason. */
static bool path_of(const char *dir, const char *name, char to[static PATH_MAX], char *why,
		    size_t size)
{
	if (dir[0] != '/') {
		snprintf(why, size, "%s is not an absolute path", dir);
		return false;
	}
	if (!*name || strchr(name, '/')) {
		snprintf(why, size, "%s is not the name of a program", name);
		return false;
	}
	int n = snprintf(to, PATH_MAX, "%s/%s", dir, name);
	if (n < 0 || n >= PATH_MAX) {
		snprintf(why, size, "the path of %s is too long", name);
		return false;
	}
	return true;
}

bool program_trusted(const char *dir, const char *name, char *why, size_t size)
{
	char path[PATH_MAX];
	struct stat st;
	if (!path_of(dir, name, path, why, size))
		return false;
	if (stat(dir, &st) < 0) {
		snprintf(why, size, "%s: %s", dir, strerror(errno));
		return false;
	}
	if (!S_ISDIR(st.st_mode)) {
		snprintf(why, size, "%s is not a folder", dir);
		return false;
	}
	if (!is_safe(&st, dir, why, size))
		return false;
	/* Not followed: a link would lead out of the folder whose rights were just looked at. */
	if (lstat(path, &st) < 0) {
		snprintf(why, size, "%s: %s", path, strerror(errno));
		return false;
	}
	if (!S_ISREG(st.st_mode)) {
		snprintf(why, size, "%s is not a plain file", path);
		return false;
	}
	if (!is_safe(&st, path, why, size))
		return false;
	if (access(path, X_OK) < 0) {
		snprintf(why, size, "%s may not be run: %s", path, strerror(errno));
		return false;
	}
	return true;
}

/* -- starting ------------------------------------------------------------------------------- */

/* What a helper may know of our environment. */
static void reduce_environment(char *to[static ENVIRONMENT_MOST + 1])
{
	static const char *const kept[] = {
	    "PATH=", "TZ=", "ASAN_OPTIONS=", "UBSAN_OPTIONS=", "LSAN_OPTIONS=", "TSAN_OPTIONS=",
	};
	_Static_assert(sizeof(kept) / sizeof(kept[0]) <= ENVIRONMENT_MOST, "room for each");
	size_t n = 0;
	for (size_t k = 0; k < sizeof(kept) / sizeof(kept[0]); k++)
		for (char **e = environ; e && *e; e++)
			if (strncmp(*e, kept[k], strlen(kept[k])) == 0) {
				to[n++] = *e;
				break;
			}
	to[n] = NULL;
}

/*
 * The descriptors may come in any numbers, also in each other's places or below 3. So each is first
 * copied above all places, and only then put in place; everything above them is closed.
 */
static bool place_descriptors(const int *fds, size_t count)
{
	int copy[PROGRAM_FD_MOST];
	const int above = PROGRAM_FD_FIRST + PROGRAM_FD_MOST;
	for (size_t i = 0; i < count; i++) {
		copy[i] = fcntl(fds[i], F_DUPFD, above);
		if (copy[i] < 0)
			return false;
	}
	int error = fcntl(STDERR_FILENO, F_DUPFD, above);
	int null = open("/dev/null", O_RDWR);
	if (null >= 0 && null < above)
		null = fcntl(null, F_DUPFD, above);
	if (null < 0)
		return false;
	if (dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0)
		return false;
	if (dup2(error < 0 ? null : error, STDERR_FILENO) < 0)
		return false;
	for (size_t i = 0; i < count; i++)
		if (dup2(copy[i], PROGRAM_FD_FIRST + (int)i) < 0)
			return false;
	return close_range((unsigned)PROGRAM_FD_FIRST + (unsigned)count, ~0U, 0) == 0;
}

static void default_signals(void)
{
	struct sigaction plain = {.sa_handler = SIG_DFL};
	sigset_t none;
	for (int s = 1; s < NSIG; s++)
		sigaction(s, &plain, NULL); /* fails for SIGKILL, SIGSTOP and glibc's own */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

pid_t program_start(const char *dir, const char *name, char *const argv[], const int *fds,
		    size_t count)
{
	char path[PATH_MAX], why[PATH_MAX + 64];
	char *environment[ENVIRONMENT_MOST + 1];
	sigset_t all, before;
	if (count > PROGRAM_FD_MOST || !path_of(dir, name, path, why, sizeof(why))) {
		errno = EINVAL;
		return -1;
	}
	reduce_environment(environment);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pid_t pid = fork();
	if (pid == 0) {
		if (place_descriptors(fds, count)) {
			default_signals();
			execve(path, argv, environment);
		}
		_exit(EXIT_NO_EXEC);
	}
	int error = errno;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return pid;
}

int program_pair(int type, int ret_pair[2])
{
	int pair[2];
	if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	ret_pair[0] = pair[0];
	ret_pair[1] = pair[1];
	return 0;
}
