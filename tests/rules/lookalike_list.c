/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lookalike_list: ordinary names are no imitations. The domains of lookalike_names.txt, hundreds of
 * registrars, hosting companies and plain words, imitate nobody on the shipped list; and were each
 * of them a listed sender, hardly any would be taken for an imitation of another: those that are
 * have to be named here.
 */
#include <stdio.h>

#include "base/folder.h"
#include "rules/core/lookalike.h"
#include "tests/rules/table.h"

static struct suffixes *suffixes;
static struct str names;
static struct list *shipped;

static void path_of(const char *name, struct str *to)
{
	const char *srcdir = getenv("srcdir");
	str_printf(to, "%s/%s", srcdir ? srcdir : ".", name);
}

static struct list *read_shipped(void)
{
	struct list *list = list_new();
	struct folder folder;
	struct str path = {0};
	struct diags diags = {0};
	path_of("rules/lists", &path);
	assert_non_null(list);
	assert_true(folder_read(str_text(&path), ".list", LIMIT_LIST_BYTES, &folder, &diags));
	for (size_t i = 0; i < folder.count; i++)
		assert_int_equal(
		    list_parse(list, (struct slice){folder.file[i].text.p, folder.file[i].text.n},
			       folder.file[i].path, false, &diags),
		    0);
	assert_int_equal(list_finish(list, &diags), 0);
	assert_int_equal(diags.errors, 0);
	folder_free(&folder);
	str_free(&path);
	diag_free(&diags);
	return list;
}

static int set_up(void **state)
{
	(void)state;
	struct str path = {0};
	suffixes = suffixes_open();
	assert_non_null(suffixes);
	path_of("tests/rules/lookalike_names.txt", &path);
	assert_int_equal(str_read_file(str_text(&path), 1024 * 1024, &names), 0);
	str_free(&path);
	shipped = read_shipped();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	list_free(shipped);
	str_free(&names);
	suffixes_close(suffixes);
	return 0;
}

/* Calls visit() for each name of the file; how many there are. */
static size_t each_name(void (*visit)(const char *name, void *context), void *context)
{
	size_t count = 0;
	char name[LIMIT_DOMAIN + 1];
	for (const char *p = str_text(&names); *p; p += strcspn(p, "\n") + 1) {
		if (*p == '#')
			continue;
		CHECK(domain_normalise((struct slice){p, strcspn(p, "\n")}, false, name), "%.40s",
		      p);
		visit(name, context);
		count++;
	}
	return count;
}

/* -- against the shipped list --------------------------------------------------------------- */

static void is_innocent(const char *name, void *context)
{
	struct imitation i = {0};
	CHECK(!lookalikes_find(context, name, &i), "%s is taken for %s", name, or_none(i.name));
}

static void test_shipped(void **state)
{
	(void)state;
	struct lookalikes *x = lookalikes_new(shipped, suffixes);
	assert_non_null(x);
	assert_true(each_name(is_innocent, x) > 600);
	lookalikes_free(x);
}

/* -- against each other --------------------------------------------------------------------- */

static void add_sender(const char *name, void *context)
{
	str_printf(context, "Sender: %s\nFrom: noreply@%s\nClasses: renewal\n\n", name, name);
}

/* Pairs of which one would be taken for an imitation of the other, both ways: one company's names
 * under several suffixes, and few that belong to different ones. */
static const char *const pairs[][2] = {
    {"active24.com", "active24.cz"},
    {"cloudflare.com", "cloudflare.net"},
    {"crazydomains.com", "crazydomains.com.au"},
    {"domainnameshop.com", "domainnameshop.no"},
    {"exabytes.com", "exabytes.my"},
    {"fabulous.com", "fabulous.com.au"},
    {"infomaniak.ch", "infomaniak.com"},
    {"netfleet.com", "netfleet.com.au"},
    {"openprovider.com", "openprovider.eu"},
    {"openprovider.com", "openprovider.nl"},
    {"openprovider.eu", "openprovider.nl"},
    {"registrant-verification.com", "registrant-verification.net"},
    {"squarespace.com", "squarespace.domains"},
    {"webnames.ca", "webnames.ru"},
    {"world4you.biz", "world4you.com"},
};

struct asking {
	const struct lookalikes *lookalikes;
	const char *name;
	size_t pairs;
};

static bool is_known_pair(const char *a, const char *b)
{
	for (size_t i = 0; i < COUNT_OF(pairs); i++)
		if ((strcmp(pairs[i][0], a) == 0 && strcmp(pairs[i][1], b) == 0) ||
		    (strcmp(pairs[i][0], b) == 0 && strcmp(pairs[i][1], a) == 0))
			return true;
	return false;
}

static bool note_pair(const struct imitation *i, void *context)
{
	struct asking *a = context;
	CHECK(is_known_pair(a->name, i->name), "%s is taken for %s", a->name, i->name);
	a->pairs++;
	return false;
}

static void ask_all(const char *name, void *context)
{
	struct asking *a = context;
	a->name = name;
	lookalikes_each(a->lookalikes, name, note_pair, a);
}

static void test_each_other(void **state)
{
	(void)state;
	struct str text = {0};
	struct diags diags = {0};
	struct list *list = list_new();
	each_name(add_sender, &text);
	assert_int_equal(list_parse(list, (struct slice){text.p, text.n}, "names", false, &diags),
			 0);
	assert_int_equal(list_finish(list, &diags), 0);
	assert_int_equal(diags.errors, 0);
	struct lookalikes *x = lookalikes_new(list, suffixes);
	struct asking a = {.lookalikes = x};
	each_name(ask_all, &a);
	assert_int_equal(a.pairs, 2 * COUNT_OF(pairs));
	lookalikes_free(x);
	list_free(list);
	diag_free(&diags);
	str_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_shipped),
	    cmocka_unit_test(test_each_other),
	};
	return cmocka_run_group_tests_name("lookalike_list", tests, set_up, tear_down);
}
