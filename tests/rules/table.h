/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * table.h - what the table tests of rules/ share: one include for cmocka and slices of literals.
 */
#ifndef TESTS_RULES_TABLE_H
#define TESTS_RULES_TABLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"

#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

/* A string literal that may hold NUL. */
#define LIT(text) ((struct slice){text, sizeof(text) - 1})

/* Fails the test with the row's own words, so that a table says which row it was. */
#define CHECK(condition, ...)                            \
	do {                                             \
		if (!(condition)) {                      \
			print_error("%s: ", #condition); \
			print_error(__VA_ARGS__);        \
			print_error("\n");               \
			fail();                          \
		}                                        \
	} while (0)

/* For messages. */
static inline const char *or_none(const char *text)
{
	return text ? text : "(none)";
}

/* Leaves a test that cannot run here, and says so. cmocka's own skip() is "not ok" in TAP. */
#define SKIP_TEST(why)                             \
	do {                                       \
		print_message("# SKIP %s\n", why); \
		return;                            \
	} while (0)

/* A copy of a slice that ends where its memory ends, so that AddressSanitizer sees a read past it.
 */
static inline struct slice tight(struct slice s)
{
	char *p = malloc(s.n ? s.n : 1);
	if (!p)
		abort();
	if (s.n)
		memcpy(p, s.p, s.n);
	return (struct slice){p, s.n};
}

static inline void tight_free(struct slice s)
{
	free((void *)(uintptr_t)s.p);
}

#endif
