/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tally.h - what came out of a run: times, verdicts, edits, faults.
 *
 * Shared by all threads of a run; every function here locks it.
 */
#ifndef TESTS_BENCH_TALLY_H
#define TESTS_BENCH_TALLY_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "tests/bench/answer.h"

struct tally;

/* What every answer must be; fields that are 0 or NULL are not looked at. */
struct expectation {
	char verdict, stage;     /* 0: any */
	const char *header_name; /* with header_prefix */
	const char *header_prefix;
	long edits; /* -1: any number */
};

/* Room for so many messages; NULL without memory. */
struct tally *tally_new(size_t messages, const struct expectation *expect);
void tally_free(struct tally *t);
/* One answered message: its name (a file) for complaints, its time, its answer. */
void tally_answer(struct tally *t, const char *mail, uint64_t ns, const struct answer *a);
/* A broken dialogue, or one that could not begin. The first few are printed to stderr. */
void tally_fault(struct tally *t, const char *mail, const char *fault);
/* How many faults and missed expectations. */
size_t tally_faults(const struct tally *t);
size_t tally_missed(const struct tally *t);
/* key=value lines; seconds is the run's wall time. */
void tally_print(struct tally *t, double seconds, FILE *to);

#endif
