/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * voice.h - what our other programs write to standard error, once nobody reads that: in the
 * background it comes through a pipe and is logged by the supervisor, line by line.
 */
#ifndef MILTER_VOICE_H
#define MILTER_VOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/str.h"

struct voice {
	int end[2];      /* of the pipe; -1, -1: none, the programs have our standard error */
	struct str said; /* what has come of a line */
};

/* False with errno. The pipe lives as long as the process. */
bool voice_open(struct voice *v);
/* As program_start, with the pipe as the program's standard error. */
pid_t voice_start(const struct voice *v, const char *dir, const char *name, char *const argv[],
		  const int *fds, size_t count);
/* Logs the lines that have come, without waiting. */
void voice_hear(struct voice *v);

#endif
