/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The parts of the program await: the loop that all waits share, and the waits themselves. Every
 * function returns when its event has happened and ends the program otherwise. */
#ifndef KN_TESTS_AWAIT_H
#define KN_TESTS_AWAIT_H

#include <stdbool.h>
#include <stdnoreturn.h>
#include <sys/types.h>

struct await {
	const char *what;   /* for messages */
	int seconds;        /* allowed in all */
	long long deadline; /* monotonic, ms */
	pid_t guard;        /* give up when it ends; 0 for none */
	int guard_fd;
	bool guard_ended;
	int count;
	const char *log;
	const char *record;
	const char *pid_file;
};

/* Sets the deadline and opens the guard. */
void await_start(struct await *a);

/* Waits until fd is readable (true), or RETRY_MS are over where not 0 (false). The guard's end is
 * reported on the second call after it, so that its last deeds still count. */
bool await_event(struct await *a, int fd, int retry_ms);

/* A file descriptor that becomes readable when pid ends; -1 with errno. */
int await_pidfd(pid_t pid);

noreturn void await_fail(const char *what, const char *why);
noreturn void await_trouble(const char *what);

void await_file(struct await *a, const char *path);
void await_text(struct await *a, const char *path, const char *text);
void await_mail(struct await *a, const char *dir, const char *text);
void await_notify(struct await *a, char **command);

#endif
