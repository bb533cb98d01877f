/* SPDX-License-Identifier: BSD-2-Clause */
/* outside.c - see outside.h. */
#include "cli/outside.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/command.h"

enum {
	WORDS_MOST = 2000, /* octets shown of what a program said */
};

bool outside_find(const char *name, char *to, size_t size)
{
	const char *path = getenv("PATH");
	struct str all = {0};
	bool found = false;

	if (strchr(name, '/') != NULL)
		return (size_t)snprintf(to, size, "%s", name) < size && access(to, X_OK) == 0;
	str_printf(&all, "%s:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin",
		   path != NULL ? path : "/usr/bin");
	for (const char *p = str_text(&all), *end; !found && *p != '\0'; p = end + (*end == ':')) {
		end = p + strcspn(p, ":");
		/* Nothing out of a folder that depends on where we are. */
		if (*p == '/' &&
		    (size_t)snprintf(to, size, "%.*s/%s", (int)(end - p), p, name) < size)
			found = access(to, X_OK) == 0;
	}
	str_free(&all);
	return found;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* What a program gets of our environment: all but the locale, which we read its words in. */
static char **environment_in_c(void)
{
	static char c_locale[] = "LC_ALL=C";
	size_t n = 0, kept = 0;
	char **to;

	while (environ[n] != NULL)
		n++;
	to = calloc(n + 2, sizeof(*to));
	if (to == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (strncmp(environ[i], "LC_ALL=", 7) != 0)
			to[kept++] = environ[i];
	to[kept] = c_locale;
	return to;
}

static int spawn(const char *path, const char *const *argv, const int *pipes, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	char **environment = environment_in_c();
	sigset_t all, none;
	char **arguments;
	int error;

	/* posix_spawn() changes none of them. */
	memcpy(&arguments, &argv, sizeof(arguments));
	sigfillset(&all);
	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, pipes[1], 1);
	posix_spawn_file_actions_adddup2(&actions, pipes[3], 2);
	posix_spawn_file_actions_addclosefrom_np(&actions, 3);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	error = environment == NULL
		    ? ENOMEM
		    : posix_spawn(ret_pid, path, &actions, &attributes, arguments, environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	free(environment);
	return error;
}

/* Reads what has come; false at its end. */
static bool take(int fd, size_t most, struct str *to)
{
	char chunk[8192];
	const ssize_t n = read(fd, chunk, sizeof(chunk));
	const size_t room = most - to->n;

	if (n > 0)
		str_add(to, chunk, (size_t)n < room ? (size_t)n : room);
	return n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN));
}

/* False when the time was over first. */
static bool listen_to(int out, int err, int64_t until, struct outside *o)
{
	struct pollfd from[2] = {{.fd = out, .events = POLLIN}, {.fd = err, .events = POLLIN}};
	struct str *to[2] = {&o->out, &o->err};

	while (from[0].fd >= 0 || from[1].fd >= 0) {
		const int64_t left = until - now_ms();

		if (left <= 0)
			return false;
		if (poll(from, 2, (int)left) <= 0)
			continue;
		for (int i = 0; i < 2; i++)
			if (from[i].revents != 0 && !take(from[i].fd, o->most, to[i]))
				from[i].fd = -1;
	}
	return true;
}

static int reap(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return OUTSIDE_FAILED;
	return WIFEXITED(status) ? WEXITSTATUS(status) : OUTSIDE_FAILED;
}

int outside_run(const char *const *argv, int seconds, struct outside *ret_outside)
{
	return outside_run_long(argv, seconds, LIMIT_OUTSIDE, ret_outside);
}

int outside_run_long(const char *const *argv, int seconds, size_t most, struct outside *ret_outside)
{
	struct outside *o = ret_outside;
	const int64_t until = now_ms() + (int64_t)seconds * 1000;
	int pipes[4] = {-1, -1, -1, -1};
	char path[4096];
	pid_t pid;

	*o = (struct outside){.status = OUTSIDE_FAILED, .most = most};
	if (!outside_find(argv[0], path, sizeof(path)))
		return o->status = OUTSIDE_ABSENT;
	if (pipe2(pipes, O_CLOEXEC) == 0 && pipe2(pipes + 2, O_CLOEXEC) == 0 &&
	    spawn(path, argv, pipes, &pid) == 0) {
		close(pipes[1]);
		close(pipes[3]);
		pipes[1] = pipes[3] = -1;
		const bool ended = listen_to(pipes[0], pipes[2], until, o);

		if (!ended)
			kill(pid, SIGKILL);
		o->status = reap(pid);
		if (!ended)
			o->status = OUTSIDE_SLOW;
	}
	for (int i = 0; i < 4; i++)
		if (pipes[i] >= 0)
			close(pipes[i]);
	return o->status;
}

void outside_free(struct outside *o)
{
	str_free(&o->out);
	str_free(&o->err);
}

static void add_lines(struct slice text, struct str *to)
{
	text = slice_trim(text);
	if (text.n > WORDS_MOST) {
		text.p += text.n - WORDS_MOST;
		text.n = WORDS_MOST;
	}
	while (text.n > 0) {
		const char *end = memchr(text.p, '\n', text.n);
		const size_t n = end != NULL ? (size_t)(end - text.p) : text.n;
		char *line = slice_dup((struct slice){text.p, n});

		if (line != NULL)
			str_puts(cli_plain(line, WORDS_MOST, to), "\n");
		free(line);
		text.p += end != NULL ? n + 1 : n;
		text.n -= end != NULL ? n + 1 : n;
	}
}

const char *outside_words(const struct outside *o, struct str *to)
{
	add_lines((struct slice){str_text(&o->err), o->err.n}, to);
	add_lines((struct slice){str_text(&o->out), o->out.n}, to);
	return str_text(to);
}
