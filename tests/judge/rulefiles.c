/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rulefiles: list files without their senders, which is what a judge reads: everything else is
 * there, whatever stands around it, and errors have the lines that they have in the file.
 */
#include <stdio.h>
#include <unistd.h>

#include "judge/rulefiles.h"
#include "tests/rules/table.h"

static char folder[] = "/tmp/keepname-rulefiles.XXXXXX";
static struct str path;

static int set_up(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	str_printf(&path, "%s/a.list", folder);
	return path.failed ? -1 : 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(str_text(&path));
	rmdir(folder);
	str_free(&path);
	return 0;
}

#define SENDER "From: a@b.example\nClasses: wdrp\n"

static const struct {
	const char *text;
	const char *platforms; /* their names, a space behind each */
	unsigned error_line;   /* of the first error; 0: none */
} rows[] = {
    {"", "", 0},
    {"Platform: p\n", "p ", 0},
    {"Platform: p", "p ", 0},
    {"Sender: s\n" SENDER, "", 0},
    {"Sender: s\nFrom: a@b.example", "", 0},
    {"Sender: s\n" SENDER "\nPlatform: p\n", "p ", 0},
    {"sender: s\n" SENDER "\nPlatform: p\n", "p ", 0},
    {"# head\n\n# about s\nSender: s\n# within\n" SENDER " \t\nPlatform: p\n", "p ", 0},
    {"\n\n  \nSender: s\nNote: a\n  b\n .\n\n\n\nPlatform: p\n\nSender: t\n\nPlatform: q\n", "p q ",
     0},
    /* no sender: its first field is another */
    {"Platform: p\nSender: s\n", "", 2},
    {"# one\nSender: s\nNonsense\n\nPlatform: p\nColour: blue\n", "", 6},
    {"Sender: s\nX\n\n\nSender: t\n\nPlatform: p\n\nColour: blue\n", "p ", 9},
};

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct diags diags = {0};
		struct str names = {0};
		FILE *f = fopen(str_text(&path), "we");
		assert_non_null(f);
		fputs(rows[i].text, f);
		assert_int_equal(fclose(f), 0);
		struct list *list = rulefiles_list(folder, false, &diags);
		assert_non_null(list);
		assert_int_equal(list_count(list), 0);
		for (size_t k = 0; k < list_platform_count(list); k++)
			str_printf(&names, "%s ", list_platform_at(list, k)->name);
		CHECK(strcmp(str_text(&names), rows[i].platforms) == 0, "row %zu: got %s", i,
		      str_text(&names));
		CHECK((diags.count ? diags.list[0].line : 0) == rows[i].error_line,
		      "row %zu: line %u", i, diags.count ? diags.list[0].line : 0);
		str_free(&names);
		list_free(list);
		diag_free(&diags);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_table),
	};
	return cmocka_run_group_tests_name("rulefiles", tests, set_up, tear_down);
}
