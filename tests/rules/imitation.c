/* SPDX-License-Identifier: BSD-2-Clause */
/* imitation: which names of a message's From headers are looked at, and whom they imitate. */
#include <stdio.h>

#include "rules/core/imitation.h"
#include "tests/rules/table.h"

static const char list_text[] =
    "Sender: ks\nFrom: noreply@emailverification.info\nClasses: verification\n\n"
    "Sender: enom\nFrom: info2@enom.com\nClasses: verification\n";

static struct suffixes *suffixes;
static struct list *list;
static struct lookalikes *lookalikes;
static struct classes *classes;
static struct candidate_scratch scratch;

static int set_up(void **state)
{
	(void)state;
	static const char class_text[] = "Class: verification\nSubject: ^verify\nBody: verify\n";
	struct diags diags = {0};
	struct classes_builder *b = classes_builder_new();
	suffixes = suffixes_open();
	list = list_new();
	assert_int_equal(list_parse(list, slice_of(list_text), "list", false, &diags), 0);
	assert_int_equal(list_finish(list, &diags), 0);
	assert_int_equal(classes_parse(b, slice_of(class_text), "class", &diags), 0);
	classes = classes_build(b, true, &diags);
	assert_int_equal(diags.errors, 0);
	assert_non_null(classes);
	lookalikes = lookalikes_new(list, suffixes);
	assert_non_null(lookalikes);
	assert_true(candidate_scratch_init(&scratch));
	diag_free(&diags);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	candidate_scratch_free(&scratch);
	lookalikes_free(lookalikes);
	classes_free(classes);
	list_free(list);
	suffixes_close(suffixes);
	return 0;
}

static bool look(const char *headers, struct imitation *ret)
{
	struct message m;
	struct candidate c;
	message_init(&m);
	message_parse(&m, slice_of(headers));
	candidate_test(list, classes, &m, &scratch, &c);
	bool found = imitation_find(lookalikes, suffixes, &m, &c, ret);
	message_free(&m);
	return found;
}

#define KS "emailverification.info"

static const struct {
	const char *from, *want;
	enum reason how;
} rows[] = {
    /* the domain of From */
    {"x@emai1verification.info", KS, REASON_CONFUSABLE},
    {"Key-Systems <x@emailverification.com>", KS, REASON_SUFFIX},
    {"x@mail.emailverification.info.evil.example", KS, REASON_EMBEDDED},
    {"x@\xd0\xb5mailverification.info", KS, REASON_CONFUSABLE},
    {"x@xn--mailverification-7fn.info", KS, REASON_CONFUSABLE},
    {"x@reseller.example", NULL, 0},
    /* a listed domain, whatever else is there */
    {"x@emailverification.info", NULL, 0},
    {"\"emai1verification.info\" <x@mail.emailverification.info>", NULL, 0},
    /* the display name */
    {"\"noreply@emai1verification.info\" <x@evil.example>", KS, REASON_CONFUSABLE},
    {"\"emailverification.com\" <x@evil.example>", KS, REASON_SUFFIX},
    {"emailverification.info <x@evil.example>", KS, REASON_EMBEDDED},
    {"\"www.emailverification.info.\" <x@evil.example>", KS, REASON_EMBEDDED},
    {"\"support@emailverification.info\" <x@evil.example>", KS, REASON_EMBEDDED},
    {"\"(https://emailverification.info/)\" <x@evil.example>", KS, REASON_EMBEDDED},
    {"=?utf-8?q?emailverification=2Einfo?= <x@evil.example>", KS, REASON_EMBEDDED},
    {"=?utf-8?b?ZW1haWx2ZXJpZmljYXRpb24uY29t?= <x@evil.example>", KS, REASON_SUFFIX},
    {"\"enom.com\" <x@evil.example>", "enom.com", REASON_EMBEDDED},
    {"emailverification <x@evil.example>", NULL, 0},
    {"Your domain. Please verify <x@evil.example>", NULL, 0},
    {"\"evil.example\" <x@evil.example>", NULL, 0},
    {"\"mail.reseller.example\" <x@reseller.example>", NULL, 0},
    /* the local part */
    {"emailverification.info@evil.example", KS, REASON_EMBEDDED},
    {"noreply.emailverification.info@evil.example", KS, REASON_EMBEDDED},
    {"first.last@evil.example", NULL, 0},
    /* no plain From: only what looks like a listed name, not the name itself */
    {"x@emai1verification.info (comment)", KS, REASON_CONFUSABLE},
    {"a@evil.example, b@emailverification.org", KS, REASON_SUFFIX},
    {"x @ emailverification . com", KS, REASON_SUFFIX},
    {"x@emailverification.info (comment)", NULL, 0},
    {"", NULL, 0},
    {"<>", NULL, 0},
    {"....", NULL, 0},
};

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char headers[512];
		struct imitation got = {0};
		snprintf(headers, sizeof headers, "From: %s\nSubject: verify\n\n", rows[i].from);
		bool found = look(headers, &got);
		CHECK(found == (rows[i].want != NULL), "%s: got %s", rows[i].from,
		      or_none(got.name));
		CHECK(!found || strcmp(got.name, rows[i].want) == 0, "%s: got %s", rows[i].from,
		      or_none(got.name));
		CHECK(!found || got.how == 1u << rows[i].how, "%s: got %x", rows[i].from,
		      (unsigned)got.how);
	}
}

static void test_several(void **state)
{
	(void)state;
	struct imitation i;
	assert_true(look("From: a@evil.example\nFrom: b@emai1verification.info\n\n", &i));
	assert_false(look("Subject: verify\n\n", &i));
	assert_false(look("Sender: b@emai1verification.info\n\n", &i)); /* nobody is shown it */
}

/* The last name that is looked at, and the one behind it. */
static void test_bound(void **state)
{
	(void)state;
	for (unsigned innocent = IMITATION_NAMES - 1; innocent <= IMITATION_NAMES; innocent++) {
		struct str headers = {0};
		struct imitation i;
		str_puts(&headers, "From: \"");
		for (unsigned k = 0; k < innocent; k++)
			str_printf(&headers, "h%u.example.com ", k);
		str_puts(&headers, "emailverification.org\" <x@evil.example>\n\n");
		assert_int_equal(look(str_text(&headers), &i), innocent < IMITATION_NAMES);
		str_free(&headers);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_table),
	    cmocka_unit_test(test_several),
	    cmocka_unit_test(test_bound),
	};
	return cmocka_run_group_tests_name("imitation", tests, set_up, tear_down);
}
