/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Gathered errors: how they are printed, what a quoted value looks like, the limit of their number.
 */
#include "base/diag.h"

#include <stdio.h>

#include "base/limits.h"
#include "tests/rules/table.h"

static char *printed(const struct diags *d)
{
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);
	diag_print(d, to);
	fclose(to);
	return text;
}

static void printing_names_the_place(void **state)
{
	(void)state;
	struct diags d = {0};
	diag_add(&d, DIAG_ERROR, "a.list", 3, 7, "%s found", "x");
	diag_add(&d, DIAG_WARNING, "a.list", 4, 0, "odd");
	diag_add(&d, DIAG_ERROR, "b.list", 0, 9, "cannot be read");
	char *got = printed(&d);
	assert_string_equal(got, "a.list:3:7: error: x found\n"
				 "a.list:4: warning: odd\n"
				 "b.list: error: cannot be read\n");
	assert_int_equal(d.errors, 2);
	assert_int_equal(d.warnings, 1);
	free(got);
	diag_free(&d);
	assert_null(d.list);
	assert_int_equal(d.errors, 0);
	diag_free(NULL);
}

static void past_the_limit_only_counts_go_on(void **state)
{
	(void)state;
	struct diags d = {0};
	for (int i = 0; i < LIMIT_DIAGS; i++)
		diag_add(&d, DIAG_ERROR, "f", (unsigned)i + 1, 0, "e");
	assert_int_equal(d.count, LIMIT_DIAGS);
	char *got = printed(&d);
	assert_null(strstr(got, "not shown"));
	free(got);
	diag_add(&d, DIAG_WARNING, "f", 1, 0, "one past");
	assert_int_equal(d.count, LIMIT_DIAGS);
	assert_int_equal(d.errors, LIMIT_DIAGS);
	assert_int_equal(d.warnings, 1);
	got = printed(&d);
	assert_non_null(strstr(got, "and 1 more that are not shown\n"));
	free(got);
	diag_free(&d);
}

static void a_long_text_is_cut(void **state)
{
	(void)state;
	struct diags d = {0};
	char text[5000];
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	diag_add(&d, DIAG_ERROR, "f", 1, 1, "%s", text);
	assert_in_range(strlen(d.list[0].text), 1000, 1100);
	diag_free(&d);
}

#define X10 "xxxxxxxxxx"
#define X80 X10 X10 X10 X10 X10 X10 X10 X10

static const struct {
	struct slice in;
	const char *want;
} quotes[] = {
    {LIT(""), "\"\""},
    {LIT("plain text"), "\"plain text\""},
    {LIT("a\"b\\c"), "\"a\\x22b\\x5cc\""},
    {LIT("a\0\n\x7f\x1b"), "\"a\\x00\\x0a\\x7f\\x1b\""},
    {LIT("\xc3\xbc"), "\"\\xc3\\xbc\""},
    {LIT(X80), "\"" X80 "\""},
    {LIT(X80 "y"), "\"" X80 "\"..."},
    {LIT(X10 X10 X10 X10 X10 X10 X10 "xxxxxx\n"), "\"" X10 X10 X10 X10 X10 X10 X10 "xxxxxx\\x0a\""},
    {LIT(X10 X10 X10 X10 X10 X10 X10 "xxxxxxx\n"), "\"" X10 X10 X10 X10 X10 X10 X10 "xxxxxxx\"..."},
};

static void values_are_quoted(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(quotes); i++) {
		char got[128];
		struct slice in = tight(quotes[i].in);
		CHECK(diag_quote(in.p, in.n, got) == got, "row %zu", i);
		CHECK(strcmp(got, quotes[i].want) == 0, "row %zu: %s", i, got);
		tight_free(in);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(printing_names_the_place),
	    cmocka_unit_test(past_the_limit_only_counts_go_on),
	    cmocka_unit_test(a_long_text_is_cut),
	    cmocka_unit_test(values_are_quoted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
