/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz.h - a fuzz target: octets in, invariants checked. Under configure --enable-fuzzing (clang)
 * its main is libFuzzer's, otherwise replay.c's, which plays seeds and findings as a test.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

/* The target. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* Seeds that are made, rather than kept as files, because they hold checksums, keys or lengths. A
 * target that has none does not define it. */
void fuzz_seeds(void (*put)(const char *name, const void *p, size_t n));

#define FUZZ_CHECK(condition, ...)                                                      \
	do {                                                                            \
		if (!(condition)) {                                                     \
			fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition); \
			fprintf(stderr, __VA_ARGS__);                                   \
			fputc('\n', stderr);                                            \
			abort();                                                        \
		}                                                                       \
	} while (0)

#define FUZZ_HOLDS(condition) FUZZ_CHECK(condition, "does not hold")

/* Takes the next line off, without its end; all there is when it has none. */
struct slice fuzz_line(struct slice *rest);
bool fuzz_same(struct slice a, struct slice b);

/* The tree's folder, for its lists: srcdir of the environment, or ".". */
const char *fuzz_srcdir(void);
/* A temporary folder of this process, in memory where that can be had; removed at the end. */
const char *fuzz_folder(void);
/* The input as a file: its path, good until the next call. */
const char *fuzz_file(const void *p, size_t n);

/* Takes off what stands before a line of "%%" (all of the input if there is none). */
struct slice fuzz_part(struct slice *rest);

#endif
