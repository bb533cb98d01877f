/* SPDX-License-Identifier: BSD-2-Clause */
/* voice.c - see voice.h. Lines that are too long are logged in pieces. */
#include "milter/voice.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/program.h"

enum {
	LINE_MOST = 1024,
};

bool voice_open(struct voice *v)
{
	return pipe2(v->end, O_CLOEXEC | O_NONBLOCK) == 0;
}

pid_t voice_start(const struct voice *v, const char *dir, const char *name, char *const argv[],
		  const int *fds, size_t count)
{
	const int kept = v->end[1] >= 0 ? fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3) : -1;
	pid_t pid;
	int error;

	if (kept >= 0)
		dup2(v->end[1], STDERR_FILENO);
	pid = program_start(dir, name, argv, fds, count);
	error = errno;
	if (kept >= 0) {
		dup2(kept, STDERR_FILENO);
		close(kept);
	}
	errno = error;
	return pid;
}

static void log_said(struct voice *v)
{
	const char *text = str_text(&v->said);
	const bool error = strstr(text, ": error: ") != NULL;

	if (v->said.n > 0)
		log_say(error ? LOG_LEVEL_ERROR : LOG_LEVEL_WARNING, "%s", text);
	str_reset(&v->said);
}

void voice_hear(struct voice *v)
{
	char octets[4096];
	ssize_t n;

	while (v->end[0] >= 0 && (n = read(v->end[0], octets, sizeof(octets))) > 0)
		for (ssize_t i = 0; i < n; i++) {
			if (octets[i] != '\n')
				str_putc(&v->said, octets[i]);
			if (octets[i] == '\n' || v->said.n >= LINE_MOST)
				log_said(v);
		}
}
