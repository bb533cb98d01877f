/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * digest_send.c - the digest as a message, through the sendmail command (`sendmail -t -oi`).
 *
 * All of it is ASCII in short lines (digest_mime.h), so that no server on the way changes it, and a
 * signature made on the way holds. Date and Message-ID are ours: it is the same mail wherever it is
 * seen. Auto-Submitted (RFC 3834) keeps vacation programs quiet.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/digest/digest.h"
#include "cli/digest/digest_mime.h"

extern char **environ;

/* keepname's own address. */
static void write_from(const struct config *config, struct str *to)
{
	char host[256] = "localhost";

	if (config->digest_from[0] != '\0') {
		str_puts(to, config->digest_from);
		return;
	}
	gethostname(host, sizeof(host) - 1);
	str_printf(to, "keepname@%s", host);
}

/* RFC 5322 3.6.4: the time, and chance enough that no two are the same. */
static void add_message_id(const char *from, int64_t now, struct str *to)
{
	uint64_t chance = 0;

	if (getrandom(&chance, sizeof(chance), 0) != (ssize_t)sizeof(chance))
		chance = (uint64_t)getpid();
	str_printf(to, "Message-ID: <%lld.%016llx.%s>\n", (long long)now,
		   (unsigned long long)chance, from);
}

static void add_date(int64_t when, struct str *to)
{
	const time_t t = (time_t)when;
	char date[64];
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S +0000", &tm);
	str_printf(to, "Date: %s\n", date);
}

/* A line that ends a part. "=_" is in no quoted-printable, and "_" in no base64. */
#define BOUNDARY "=_keepname_alternative"

static void add_part(const char *type, const struct str *text, struct str *to)
{
	str_printf(to, "--" BOUNDARY "\nContent-Type: text/%s; charset=utf-8\n", type);
	digest_mime_body(text, to);
	str_puts(to, "\n");
}

/* The same twice: the last alternative is the one that a mail program prefers (RFC 2046 5.1.4). */
static void add_message(const struct cli *cli, const char *recipient, const struct digest *d,
			struct str *to)
{
	struct str part = {0}, from = {0};

	write_from(cli->config, &from);
	str_printf(to, "From: keepname <%s>\nTo: %s\n", str_text(&from), recipient);
	add_date(cli->now, to);
	add_message_id(str_text(&from), cli->now, to);
	digest_mime_header("Subject", str_text(&d->subject), to);
	str_puts(to, "Auto-Submitted: auto-generated\nMIME-Version: 1.0\n"
		     "Content-Type: multipart/alternative; boundary=\"" BOUNDARY "\"\n\n");
	digest_text(d, cli->now, &part);
	add_part("plain", &part, to);
	str_reset(&part);
	digest_html(d, cli->now, &part);
	add_part("html", &part, to);
	str_puts(to, "--" BOUNDARY "--\n");
	to->failed = to->failed || part.failed || from.failed;
	str_free(&part);
	str_free(&from);
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

int digest_send(const struct cli *cli, const char *to, const struct digest *d)
{
	const struct config *config = cli->config;
	struct str message = {0};
	int status = 0, fd;
	pid_t pid;
	FILE *pipe;
	bool written;

	signal(SIGPIPE, SIG_IGN); /* a sendmail that dies early is told by its status */
	add_message(cli, to, d, &message);
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
