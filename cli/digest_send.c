/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * digest_send.c - the digest as a message, through the sendmail command (`sendmail -t -oi`).
 *
 * RFC 5322 header, UTF-8, quoted-printable not needed: lines are short and 8BITMIME is said. The
 * subject is ASCII. Auto-Submitted (RFC 3834) keeps vacation programs quiet.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/digest.h"

extern char **environ;

static void add_from(const struct config *config, struct str *to)
{
	char host[256] = "localhost";

	if (config->digest_from[0] != '\0') {
		str_printf(to, "From: keepname <%s>\n", config->digest_from);
		return;
	}
	gethostname(host, sizeof(host) - 1);
	str_printf(to, "From: keepname <keepname@%s>\n", host);
}

static void add_message(const struct config *config, const char *recipient, const struct digest *d,
			const char *text, struct str *to)
{
	const time_t now = (time_t)d->now;
	char date[64];
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S +0000", &tm);
	add_from(config, to);
	str_printf(to, "To: %s\nDate: %s\nSubject: ", recipient, date);
	digest_subject(d, to);
	str_puts(to, "\nAuto-Submitted: auto-generated\nMIME-Version: 1.0\n"
		     "Content-Type: text/plain; charset=utf-8\n"
		     "Content-Transfer-Encoding: 8bit\n\n");
	str_puts(to, text);
}

/* Starts sendmail with a pipe as its input; the pipe's writing end, or -1 with errno. */
static int start_sendmail(const char *path, pid_t *ret_pid)
{
	char minus_t[] = "-t", minus_oi[] = "-oi", *program = strdup(path);
	char *argv[] = {program, minus_t, minus_oi, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t broken_pipe;
	int pair[2], error;

	if (program == NULL || pipe2(pair, O_CLOEXEC) != 0) {
		free(program);
		return -1;
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pair[0], 0);
	/* We ignore it, and an ignored signal stays so in a new program. */
	sigemptyset(&broken_pipe);
	sigaddset(&broken_pipe, SIGPIPE);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &broken_pipe);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	error = posix_spawn(ret_pid, path, &actions, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	free(program);
	close(pair[0]);
	if (error != 0) {
		close(pair[1]);
		errno = error;
		return -1;
	}
	return pair[1];
}

int digest_send(const struct config *config, const char *to, const struct digest *d,
		const char *text)
{
	struct str message = {0};
	int status = 0, fd;
	pid_t pid;
	FILE *pipe;
	bool written;

	signal(SIGPIPE, SIG_IGN); /* a sendmail that dies early is told by its status */
	add_message(config, to, d, text, &message);
	fd = message.failed ? -1 : start_sendmail(config->sendmail, &pid);
	pipe = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (pipe == NULL) {
		str_free(&message);
		return cli_trouble("digest", "cannot run %s: %s", config->sendmail,
				   strerror(errno));
	}
	written = fwrite(message.p, 1, message.n, pipe) == message.n;
	written = fclose(pipe) == 0 && written;
	str_free(&message);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!written || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return cli_trouble("digest", "%s did not take the message (status %d)",
				   config->sendmail, WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	return CLI_DONE;
}
