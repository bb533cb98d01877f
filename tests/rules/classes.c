/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * classes.c - class files: what is read, what is reported where, which class counts.
 */
#include "rules/core/classes.h"
#include "tests/rules/table.h"

static const char good_text[] = "Class: verification\n"
				"Language: en\n"
				"Action: yes\n"
				"Days: 14\n"
				"Subject:\n"
				" ^(final )?request for e-?mail address validation\n"
				" verification\n"
				"Listed-Subject:\n"
				" ^third notice$\n"
				"Display-Name:\n"
				" \\bICANN\\b\n"
				"Body:\n"
				" verify (the|your) e-?mail\n"
				"Domain-Wording:\n"
				" domain name registration\n"
				"\n"
				"# another language, another stanza\n"
				"Class: verification\n"
				"Language: de\n"
				"Subject: best\xc3\xa4tigen\n"
				"Body: best\xc3\xa4tigen sie\n"
				"\n"
				"Class: suspension\n"
				"Action: no\n"
				"Subject: suspended\n"
				"Body: suspended\n";

static struct classes *build(const char *text, bool only_subjects, struct diags *diags)
{
	struct classes_builder *b = classes_builder_new();
	assert_non_null(b);
	assert_int_equal(classes_parse(b, slice_of(text), "f.class", diags), 0);
	return classes_build(b, only_subjects, diags);
}

static void test_good(void **state)
{
	(void)state;
	struct diags diags = {0};
	struct classes *c = build(good_text, false, &diags);
	struct pattern_scratch *scratch = pattern_scratch_new();
	bool limit = false;
	CHECK(c && scratch, "%s", diags.count ? diags.list[0].text : "");
	assert_true(c->action[CLASS_VERIFICATION]);
	assert_false(c->action[CLASS_SUSPENSION]);
	assert_int_equal(c->days[CLASS_VERIFICATION], 14);
	assert_int_equal(c->days[CLASS_SUSPENSION], 0);
	assert_int_equal(
	    classes_in(c->subject, scratch, LIT("Suspended due to failed verification"), &limit),
	    1u << CLASS_SUSPENSION | 1u << CLASS_VERIFICATION);
	assert_int_equal(classes_in(c->subject, scratch, LIT("BESTATIGEN"), &limit),
			 1u << CLASS_VERIFICATION);
	assert_int_equal(classes_in(c->subject, scratch, LIT("Third Notice"), &limit), 0);
	assert_int_equal(classes_in(c->listed_subject, scratch, LIT("Third Notice"), &limit),
			 1u << CLASS_VERIFICATION);
	assert_int_equal(classes_in(c->display, scratch, LIT("ICANN Registrar"), &limit),
			 1u << CLASS_VERIFICATION);
	assert_int_equal(classes_in(c->body, scratch, LIT("please verify your email"), &limit),
			 1u << CLASS_VERIFICATION);
	assert_int_equal(classes_among(c->body, scratch, LIT("suspended; verify your email"),
				       1u << CLASS_SUSPENSION, &limit),
			 1u << CLASS_SUSPENSION);
	assert_int_equal(classes_in(c->domain_wording, scratch, LIT("x"), &limit), 0);
	assert_false(limit);
	classes_free(c);

	c = build(good_text, true, &diags);
	assert_non_null(c);
	assert_true(c->subject && c->display);
	assert_true(!c->listed_subject && !c->body && !c->domain_wording);
	assert_int_equal(c->days[CLASS_VERIFICATION], 14);
	classes_free(c);
	c = build("", false, &diags);
	assert_non_null(c);
	classes_free(c);
	classes_free(NULL);
	classes_builder_free(NULL);
	pattern_scratch_free(scratch);
}

static void test_errors(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		unsigned line, column;
		const char *why;
	} rows[] = {
	    {"Sender: x\n", 1, 1, "expected Class"},
	    {"\n\nLanguage: en\nClass: renewal\n", 3, 1, "expected Class"},
	    {"Class: renewals\n", 1, 8, "expected verification"},
	    {"Class:\n", 1, 1, "expected verification"},
	    {"Class: renewal\nSubjects: x\n", 2, 11, "unknown field Subjects"},
	    {"Class: renewal\nAction: maybe\n", 2, 9, "yes or no"},
	    {"Class: renewal\nAction: Yes\n", 2, 9, "yes or no"},
	    {"Class: renewal\nAction: no\n\nClass: renewal\nAction: yes\n", 5, 9, "once"},
	    {"Class: renewal\nDays: 0\n", 2, 7, "1 to 400"},
	    {"Class: renewal\nDays: 401\n", 2, 7, "1 to 400"},
	    {"Class: renewal\nDays: x\n", 2, 7, "1 to 400"},
	    {"Class: renewal\nDays: 7\n\nClass: renewal\nDays: 7\n", 5, 7, "once"},
	    {"Class: renewal\nSubject:\n", 2, 1, "one pattern"},
	    {"Class: renewal\nSubject:\n# only a comment\n", 2, 1, "one pattern"},
	    {"Class: renewal\nBody: x\nSubject:\n fine\n  a(b\n", 5, 6, "missing closing"},
	    {"Class: renewal\nBody: (?R)x\n", 2, 7, "only"},
	    {"Class: renewal\nSubject: x\n", 2, 10, "expected Body"},
	    {"Class: renewal\nListed-Subject: x\n", 2, 17, "expected Body"},
	    {"Class: renewal\nBody: x\nListed-Subject: a(b\n", 3, 20, "missing closing"},
	    {"Class: renewal\nListed-Subject:\n", 2, 1, "one pattern"},
	    {"Class: renewal\nSubject: x\nSubject: y\nBody: x\n", 3, 1, ""},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct diags diags = {0};
		struct classes *c = build(rows[i].text, false, &diags);
		CHECK(!c && diags.errors == 1, "row %zu: %zu errors", i, diags.errors);
		const struct diag *d = &diags.list[0];
		CHECK(d->line == rows[i].line && d->column == rows[i].column, "row %zu: %u:%u %s",
		      i, d->line, d->column, d->text);
		CHECK(strstr(d->text, rows[i].why) != NULL, "row %zu: %s", i, d->text);
		diag_free(&diags);
	}
}

static void test_days_limit(void **state)
{
	(void)state;
	struct diags diags = {0};
	struct classes *c = build("Class: renewal\nDays: 400\n", false, &diags);
	assert_non_null(c);
	assert_int_equal(c->days[CLASS_RENEWAL], 400);
	classes_free(c);
}

static void test_cut(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof good_text; n++) {
		struct slice in = tight((struct slice){good_text, n});
		struct diags diags = {0};
		struct classes_builder *b = classes_builder_new();
		assert_non_null(b);
		assert_int_equal(classes_parse(b, in, "f", &diags), 0);
		classes_free(classes_build(b, n % 2, &diags));
		diag_free(&diags);
		tight_free(in);
	}
}

static void test_first(void **state)
{
	(void)state;
	assert_int_equal(classes_first(0), CLASS_NONE);
	assert_int_equal(classes_first(1u << CLASS_NONE), CLASS_NONE);
	for (unsigned c = 1; c < CLASS_COUNT; c++)
		assert_int_equal(classes_first(1u << c), c);
	assert_int_equal(classes_first(1u << CLASS_VERIFICATION | 1u << CLASS_SUSPENSION),
			 CLASS_SUSPENSION);
	assert_int_equal(classes_first(1u << CLASS_VERIFICATION | 1u << CLASS_VERIFIED),
			 CLASS_VERIFICATION);
	assert_int_equal(classes_first(~0u), CLASS_SUSPENSION);
}

static void test_limit(void **state)
{
	(void)state;
	struct diags diags = {0};
	struct classes *c = build("Class: renewal\nSubject: ^(a+)+$\nBody: x\n", true, &diags);
	struct pattern_scratch *scratch = pattern_scratch_new();
	bool limit = false;
	assert_true(c && scratch);
	assert_int_equal(classes_in(c->subject, scratch,
				    LIT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"), &limit),
			 0);
	assert_true(limit);
	classes_in(c->subject, scratch, LIT("b"), &limit);
	assert_true(limit); /* never cleared */
	pattern_scratch_free(scratch);
	classes_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good),       cmocka_unit_test(test_errors),
	    cmocka_unit_test(test_days_limit), cmocka_unit_test(test_cut),
	    cmocka_unit_test(test_first),      cmocka_unit_test(test_limit),
	};
	return cmocka_run_group_tests_name("classes", tests, NULL, NULL);
}
