/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that runs short at each allocation in turn while a list is read, finished, linted: it
 * says ENOMEM (or leaves a diagnostic out), and nothing is lost, read twice or used unset.
 *
 * The linker wraps the allocators of this program (--wrap): the tree's own code has no hook.
 */
#include <errno.h>
#include <stdio.h>

#include "rules/core/lint.h"
#include "tests/rules/table.h"

static size_t allocations, fails_at; /* 0: never */

static bool runs_short(void)
{
	return ++allocations == fails_at;
}

void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t n);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t n);
void *__wrap_realloc(void *p, size_t n);

void *__wrap_malloc(size_t n)
{
	return runs_short() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t count, size_t n)
{
	return runs_short() ? NULL : __real_calloc(count, n);
}

void *__wrap_realloc(void *p, size_t n)
{
	return runs_short() ? NULL : __real_realloc(p, n);
}

/* Some errors among good entries, and enough of them that blocks and arrays grow. */
static char *make_text(void)
{
	struct str text = {0};
	str_puts(&text, "Platform: p\nLink: [www.]a.example /x\nHold-NS: n.a.example\n\n"
			"Platform: p\nLink: b.example /x\n\n"
			"Harmless: h\nLink: c.example /**\n\nTracking: t\nHost: d.example\n\n"
			"Sender: bad\nFrom: nobody\nClasses: wdrp, x\nNote: y\n\n");
	for (unsigned i = 0; i < 40; i++)
		str_printf(&text,
			   "Sender: s%u\nFrom: a%u@e.example\nPlatform: %s\nClasses: wdrp\n"
			   "Registrar: R%u\nReply-To: b@c.example\nEvidence: https://x.example/%u\n"
			   "Link: f%u.example /*\nShared-Domain: y\nNote: n\n o\n\n",
			   i, i % 37, i % 5 ? "p" : "q", i, i, i);
	return str_take(&text);
}

/* 0, or ENOMEM as it came back. */
static int once(const char *text, const struct suffixes *suffixes, size_t *ret_count)
{
	struct diags diags = {0};
	struct list *l = list_new();
	if (!l)
		return ENOMEM;
	int error = list_parse(l, slice_of(text), "f", false, &diags);
	if (!error)
		error = list_finish(l, &diags);
	if (!error) {
		lint_list(l, suffixes, 0, &diags);
		*ret_count = list_count(l);
	}
	list_free(l);
	diag_free(&diags);
	return error;
}

static void each_allocation_may_fail(void **state)
{
	(void)state;
	struct suffixes *suffixes = suffixes_open();
	char *text = make_text();
	size_t count = 0, total;
	unsigned refused = 0;
	assert_non_null(suffixes);
	assert_non_null(text);
	allocations = 0;
	assert_int_equal(once(text, suffixes, &count), 0);
	total = allocations;
	assert_int_equal(count, 30);
	for (size_t n = 1; n <= total; n++) {
		allocations = 0;
		fails_at = n;
		int error = once(text, suffixes, &count);
		fails_at = 0;
		CHECK(error == 0 || error == ENOMEM, "allocation %zu: %d", n, error);
		CHECK(error || count == 30, "allocation %zu: %zu senders", n, count);
		refused += error != 0;
	}
	assert_in_range(refused, 10, total);
	free(text);
	suffixes_close(suffixes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_allocation_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
