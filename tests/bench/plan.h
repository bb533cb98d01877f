/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * plan.h - what a run of the load client is to do, from its command line.
 */
#ifndef TESTS_BENCH_PLAN_H
#define TESTS_BENCH_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "tests/bench/dialogue.h"
#include "tests/bench/mail.h"
#include "tests/bench/tally.h"

enum { PLAN_PIDS = 16 };

/* One message file and how it is sent. Strings but the mail are borrowed from argv. */
struct sample {
	const char *path;
	struct mail *mail;
	struct client client;
	const char *sender;
	const char *rcpt; /* {n} stands for the recipient's number */
	const char *auth;
};

struct plan {
	const char *socket;
	size_t connections;
	size_t per_connection; /* messages before a connection is closed */
	size_t messages;
	size_t rcpts; /* {n} runs from 0 to rcpts - 1 */
	bool fresh_id;
	bool verbose; /* print each answer */
	bool probe;   /* negotiate, print the terms, end */
	size_t hold;  /* only so many connections, until stdin ends; 0: messages */
	int timeout_ms;
	int wait_ms;           /* until the socket answers at all */
	pid_t pids[PLAN_PIDS]; /* whose CPU is counted, with their descendants */
	size_t pid_count;
	struct expectation expect;
	struct sample *samples;
	size_t sample_count;
};

/* Takes the command line. 0: ret_plan is to be run, and freed by plan_free. 1: help or the version
 * was printed. -1: an error was printed. */
int plan_parse(int argc, char **argv, struct plan *ret_plan);
void plan_free(struct plan *plan);

#endif
