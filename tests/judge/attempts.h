/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * attempts.h - what a process that was taken over would try, and what comes of it in a sealed
 * zygote and in a sealed judge. One table for the seal's own test (tests/judge/seal.c) and for a
 * judge taken over behind the real listener (tests/faults/takenover.c).
 */
#ifndef TESTS_JUDGE_ATTEMPTS_H
#define TESTS_JUDGE_ATTEMPTS_H

#include <stdbool.h>
#include <stddef.h>

enum outcome {
	WORKS,
	REFUSED, /* EPERM */
	FAILS,   /* otherwise */
	DEADLY,  /* the process was ended for it, by SIGSYS */
	NOT_SEALED,
	ODD_END,
	NOT_TRIED,
	OUTCOME_COUNT,
};
const char *outcome_name(enum outcome o);

enum target { FILES, PROGRAMS, NETWORK, OTHERS, MEMORY, ITSELF, KERNEL, JUDGING };

struct attempt {
	enum target target;
	const char *name;
	/* 0 or more when it worked, -1 with errno; NULL: the system call with its arguments. */
	long (*f)(void);
	long call;
	const void *argument[6];
	enum outcome zygote, child;
	/* Works in a process that is not sealed, whoever runs it: that it does not work in a sealed
	 * one is the seal's doing. */
	bool plain;
};
extern const struct attempt attempts[];
extern const size_t attempt_count;

/* Tries it in this process, which may be ended for it. */
enum outcome attempt_try(const struct attempt *a);

#endif
