/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists as files: what tests/rules/lists/NAME.in gives is in NAME.ref, every diagnostic with its
 * place, then what is left of the list in canonical text. Given a file, the program prints what its
 * .ref should be; read it before you keep it. links.in has LIMIT_SHAPES links, and one more.
 */
#include <stdio.h>

#include "rules/core/lint.h"
#include "tests/rules/table.h"

enum {
	NOW = 1795305600, /* 2026-11-22T00:00:00Z */
};

static void put_diags(const struct diags *diags, struct str *to)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);
	assert_non_null(f);
	diag_print(diags, f);
	assert_int_equal(fclose(f), 0);
	str_add(to, text, n);
	free(text);
}

static void put_list(const struct list *l, struct str *to)
{
	for (size_t i = 0; i < list_platform_count(l); i++) {
		platform_print(list_platform_at(l, i), to);
		str_putc(to, '\n');
	}
	for (size_t i = 0; i < list_count(l); i++) {
		sender_print(list_at(l, i), to);
		str_putc(to, '\n');
		if (list_at(l, i)->added_count == 0)
			continue;
		sender_print_added(list_at(l, i), to);
		str_putc(to, '\n');
	}
	list_print_hosts(l, to);
	if (list_release(l)->number > 0)
		str_printf(to, "# release %lld %lld %lld\n", (long long)list_release(l)->number,
			   (long long)list_release(l)->issued, (long long)list_release(l)->expires);
}

/* Reads, finishes, lints where the name says so, prints. */
static void judge(struct slice text, const char *name, struct str *to)
{
	struct diags diags = {0};
	struct list *l = list_new();
	struct suffixes *suffixes = suffixes_open();
	assert_non_null(l);
	assert_non_null(suffixes);
	assert_int_equal(list_parse(l, text, name, false, &diags), 0);
	assert_int_equal(list_finish(l, &diags), 0);
	if (strncmp(name, "lint", 4) == 0)
		lint_list(l, suffixes, NOW, &diags);
	put_diags(&diags, to);
	str_puts(to, "--\n");
	put_list(l, to);
	suffixes_close(suffixes);
	list_free(l);
	diag_free(&diags);
}

static void read_file(const char *name, const char *suffix, struct str *to)
{
	struct str path = {0};
	const char *srcdir = getenv("srcdir");
	str_printf(&path, "%s/tests/rules/lists/%s%s", srcdir ? srcdir : ".", name, suffix);
	int error = str_read_file(str_text(&path), 1024 * 1024, to);
	CHECK(error == 0, "%s: %s", str_text(&path), strerror(error));
	str_free(&path);
}

static void check_file(void **state)
{
	const char *name = *state;
	struct str in = {0}, want = {0}, got = {0}, shown = {0};
	read_file(name, ".in", &in);
	read_file(name, ".ref", &want);
	str_printf(&shown, "%s.in", name);
	struct slice text = tight((struct slice){in.p, in.n});
	judge(text, str_text(&shown), &got);
	CHECK(strcmp(str_text(&got), str_text(&want)) == 0, "%s gives\n%s", name, str_text(&got));
	tight_free(text);
	str_free(&in);
	str_free(&want);
	str_free(&got);
	str_free(&shown);
}

static void canonical_text_reads_as_it_stands(void **state)
{
	(void)state;
	struct str in = {0}, once = {0}, twice = {0};
	read_file("good", ".in", &in);
	judge((struct slice){in.p, in.n}, "f", &once);
	const char *text = strstr(str_text(&once), "--\n") + 3;
	judge(slice_of(text), "f", &twice);
	assert_string_equal(strstr(str_text(&twice), "--\n") + 3, text);
	str_free(&in);
	str_free(&once);
	str_free(&twice);
}

#define FILE_TEST(name)                                    \
	{                                                  \
		name, check_file, NULL, NULL, (void *)name \
	}

int main(int argc, char **argv)
{
	static char good[] = "good", kinds[] = "kinds", fields[] = "fields", links[] = "links",
		    stanzas[] = "stanzas", duplicates[] = "duplicates", lint[] = "lint",
		    lint_neighbours[] = "lint_neighbours", releases[] = "releases";
	const struct CMUnitTest tests[] = {
	    FILE_TEST(good),     FILE_TEST(kinds),
	    FILE_TEST(fields),   FILE_TEST(links),
	    FILE_TEST(stanzas),  FILE_TEST(duplicates),
	    FILE_TEST(lint),     FILE_TEST(lint_neighbours),
	    FILE_TEST(releases), cmocka_unit_test(canonical_text_reads_as_it_stands),
	};
	if (argc == 2) {
		struct str in = {0}, out = {0};
		const char *name = strrchr(argv[1], '/');
		if (str_read_file(argv[1], 1024 * 1024, &in))
			return 2;
		judge((struct slice){in.p, in.n}, name ? name + 1 : argv[1], &out);
		fputs(str_text(&out), stdout);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
