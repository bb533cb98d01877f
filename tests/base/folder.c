/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rule folders: every file of one ending in the order of names, and what cannot be read is told.
 */
#include "base/folder.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/rules/table.h"

static char folder[] = "/tmp/keepname-folder-XXXXXX";

static int enter_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
	(void)state;
	static const char *const names[] = {"b.list",  "a.list", ".c.list",
					    "x.class", ".list",  "d.list"};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (unlink(names[i]) < 0)
			rmdir(names[i]);
	return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static void make(const char *name, const char *text)
{
	FILE *to = fopen(name, "we");
	assert_non_null(to);
	fputs(text, to);
	fclose(to);
}

static void files_come_in_the_order_of_names(void **state)
{
	(void)state;
	struct folder f = {0};
	struct diags d = {0};
	assert_true(folder_read(".", ".list", 10, &f, &d));
	assert_int_equal(f.count, 0);
	folder_free(&f);
	make("b.list", "bb");
	make("a.list", "a");
	make(".c.list", "hidden");
	make("x.class", "other");
	make(".list", "no name");
	assert_true(folder_read(".", ".list", 10, &f, &d));
	assert_int_equal(f.count, 2);
	assert_string_equal(f.file[0].path, "./a.list");
	assert_string_equal(str_text(&f.file[1].text), "bb");
	folder_free(&f);
	assert_int_equal(d.errors, 0);
}

/* At the limit of octets, one past it, and a folder in a file's place. */
static void what_cannot_be_read_is_told(void **state)
{
	(void)state;
	struct folder f = {0};
	struct diags d = {0};
	make("b.list", "0123456789");
	assert_true(folder_read(".", ".list", 10, &f, &d));
	folder_free(&f);
	assert_false(folder_read(".", ".list", 9, &f, &d));
	assert_int_equal(d.errors, 1);
	assert_string_equal(d.list[0].file, "./b.list");
	assert_string_equal(d.list[0].text, "File too large");
	assert_int_equal(mkdir("d.list", 0700), 0);
	assert_false(folder_read(".", ".list", 10, &f, &d));
	assert_string_equal(d.list[1].text, "Is a directory");
	assert_false(folder_read("./none", ".list", 10, &f, &d));
	assert_string_equal(d.list[2].file, "./none");
	assert_int_equal(f.count, 0);
	diag_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(files_come_in_the_order_of_names),
	    cmocka_unit_test(what_cannot_be_read_is_told),
	};
	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
