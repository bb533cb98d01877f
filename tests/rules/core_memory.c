/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that runs short at each allocation in turn, in the modules that every mail passes through:
 * the mail is left unjudged, our forged header still goes, nothing is lost or half done.
 *
 * The linker wraps the allocators of this program (--wrap): the tree's own code has no hook.
 * Allocations inside the libraries are not reached.
 */
#include <stdio.h>

#include "rules/core/candidate.h"
#include "rules/core/edits.h"
#include "rules/core/lookalike.h"
#include "rules/core/rfc2047.h"
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

static void start(size_t n)
{
	allocations = 0;
	fails_at = n;
}

/* Whether the allocation that was to fail came at all. */
static bool stop(void)
{
	bool failed = fails_at > 0 && allocations >= fails_at;
	fails_at = 0;
	return failed;
}

static void test_message(void **state)
{
	(void)state;
	bool failed = true;
	for (size_t n = 1; failed; n++) {
		struct message m;
		message_init(&m);
		start(n);
		message_set_sender(&m, "<a@b.example>");
		for (int i = 0; i < 10; i++)
			message_add_rcpt(&m, "<c@d.example>");
		for (int i = 0; i < 100; i++)
			message_add_header(
			    &m, i % 2 ? "X-Keepname" : "Subject",
			    "a value of some length, so that the arena grows: "
			    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
		failed = stop();
		CHECK(m.overflow == failed, "allocation %zu", n);
		CHECK(m.mark_count[MARK_OURS] == 50, "allocation %zu: %u", n,
		      m.mark_count[MARK_OURS]);
		for (size_t i = 0; i < m.header_count; i++)
			assert_int_equal(message_name(&m, i).n, i % 2 ? 10 : 7);
		message_free(&m);
	}
}

static const char class_text[] =
    "Class: verification\nSubject: a\nDisplay-Name: b\nBody: c\n"
    "Domain-Wording: d\nAction: yes\n\nClass: renewal\nSubject: e\nBody: f\n";

static void test_classes(void **state)
{
	(void)state;
	bool failed = true;
	for (size_t n = 1; failed; n++) {
		struct diags diags = {0};
		struct classes *c = NULL;
		start(n);
		struct classes_builder *b = classes_builder_new();
		int rc = b ? classes_parse(b, slice_of(class_text), "f", &diags) : 0;
		if (b && rc == 0)
			c = classes_build(b, false, &diags);
		else
			classes_builder_free(b);
		failed = stop();
		CHECK((c == NULL) == failed, "allocation %zu", n);
		CHECK(failed || diags.errors == 0, "allocation %zu", n);
		classes_free(c);
		diag_free(&diags);
	}
}

static void test_candidate(void **state)
{
	(void)state;
	struct diags diags = {0};
	struct classes_builder *b = classes_builder_new();
	assert_true(b && !classes_parse(b, slice_of(class_text), "f", &diags));
	struct classes *classes = classes_build(b, true, &diags);
	struct list *list = list_new();
	assert_true(classes && list && !list_finish(list, &diags));
	struct message m;
	message_init(&m);
	message_parse(&m, slice_of("From: Bee <x@y.example>\nSubject: =?utf-8?q?a?=\n"));
	struct candidate_scratch scratch;
	struct candidate c;
	start(1);
	assert_false(candidate_scratch_init(&scratch));
	assert_true(stop());
	candidate_scratch_free(&scratch);
	assert_true(candidate_scratch_init(&scratch));
	start(1); /* the buffer for decoded text: nothing is recognised, nothing breaks */
	candidate_test(list, classes, &m, &scratch, &c);
	assert_true(stop());
	assert_true(c.from_plain);
	candidate_test(list, classes, &m, &scratch, &c);
	assert_int_equal(c.lane, CANDIDATE_WORDING);
	start(1); /* warm: nothing is allocated */
	candidate_test(list, classes, &m, &scratch, &c);
	assert_false(stop());
	assert_int_equal(allocations, 0);
	candidate_scratch_free(&scratch);
	message_free(&m);
	list_free(list);
	classes_free(classes);
}

static void test_lookalikes(void **state)
{
	(void)state;
	struct diags diags = {0};
	struct list *list = list_new();
	struct suffixes *suffixes = suffixes_open();
	assert_int_equal(list_parse(list,
				    slice_of("Platform: p\nLink: host.example /\n\nSender: a\n"
					     "From: a@b.example\nClasses: wdrp\n"),
				    "list", false, &diags),
			 0);
	assert_int_equal(list_finish(list, &diags), 0);
	bool failed = true;
	for (size_t n = 1; failed; n++) {
		start(n);
		struct lookalikes *x = lookalikes_new(list, suffixes);
		failed = stop();
		CHECK((x == NULL) == failed, "allocation %zu", n);
		lookalikes_free(x);
	}
	suffixes_close(suffixes);
	list_free(list);
}

static void test_decode(void **state)
{
	(void)state;
	bool failed = true;
	for (size_t n = 1; failed; n++) {
		struct str to = {0};
		start(n);
		rfc2047_decode(LIT("a value of =?utf-8?q?some=20length?= that is longer than the "
				   "first sixty-four octets of a buffer \xc3\xbc \xff"),
			       998, &to);
		failed = stop();
		assert_int_equal(to.failed, failed);
		str_free(&to);
	}
}

/* Whatever runs short, the list holds our deletions first, and nothing half done behind them. */
static void test_edits(void **state)
{
	(void)state;
	struct sender s = {.registrar = (char *)(uintptr_t) "R"};
	struct decision d = {.verdict = VERDICT_GENUINE,
			     .class = CLASS_VERIFICATION,
			     .entry = &s,
			     .proof = "dkim:a.b"};
	struct finding f = {.domain = {"a.example"}, .domain_kept = 1, .domain_count = 1};
	struct message m;
	message_init(&m);
	message_parse(&m, slice_of("X-Keepname: 1\nX-Keepname: 2\nPriority: x\nPriority: y\n"));
	bool failed = true;
	for (size_t n = 1; failed; n++) {
		struct edits e = {0};
		start(n);
		edits_strip(&m, EDITS_KEEP_NONE, &e);
		edits_mark(&m, &d, &f, ~0u, "mx", &e);
		failed = stop();
		assert_int_equal(e.failed, failed);
		assert_true(failed ? e.count <= 2 : e.count == 7);
		for (size_t i = 0; i < e.count && i < 2; i++) {
			assert_int_equal(e.list[i].action, EDIT_DELETE);
			assert_string_equal(e.list[i].name, "X-Keepname");
			assert_int_equal(e.list[i].index, 2 - i);
		}
		edits_free(&e);
	}
	message_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_message),   cmocka_unit_test(test_classes),
	    cmocka_unit_test(test_candidate), cmocka_unit_test(test_decode),
	    cmocka_unit_test(test_edits),     cmocka_unit_test(test_lookalikes),
	};
	return cmocka_run_group_tests_name("core_memory", tests, NULL, NULL);
}
