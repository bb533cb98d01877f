/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * letter_names.c - the domains that a letter is about: the rows of tests/rules/names.tsv, and what
 * they cannot hold.
 */
#include "rules/letter/names.h"
#include "tests/rules/letter_rules.h"
#include "tests/rules/tsv.h"

enum {
	ENTRY,
	SUBJECT,
	TEXT,
	WANT,
	COLUMNS,
};

struct table {
	const struct letter_world *world;
	unsigned wrong;
};

static void read_names(const struct letter_world *w, const struct slice *column, struct finding *f)
{
	struct links l = {0};
	struct str entry_name = {0}, s = {0}, t = {0};
	str_add(&entry_name, column[ENTRY].p, column[ENTRY].n);
	tsv_unescape(column[SUBJECT], &s);
	tsv_unescape(column[TEXT], &t);
	const struct sender *entry = list_find_name(w->list, str_text(&entry_name));
	const struct slice none = {NULL, 0};
	links_add(&l, LINK_A, slice_of("https://host.linked.com/x"), none);
	const struct names_rules rules = {
	    .suffixes = w->suffixes,
	    .platforms = w->list,
	    .entry = entry,
	    .from_domain = entry ? entry->domain : "mail.somebody-reg.com",
	    .links = &l,
	};
	struct slice subject = tight((struct slice){s.p, s.n});
	struct slice text = tight((struct slice){t.p, t.n});
	assert_true(names_read(&rules, subject, text, f));
	tight_free(subject);
	tight_free(text);
	links_free(&l);
	str_free(&entry_name);
	str_free(&s);
	str_free(&t);
}

static void check_row(void *context, unsigned line, const struct slice *column)
{
	struct table *table = context;
	struct finding f = {.domain_count = 7, .domain_kept = 7};
	struct str got = {0};
	read_names(table->world, column, &f);
	for (size_t k = 0; k < f.domain_kept; k++)
		str_printf(&got, "%s%s", k ? " " : "", f.domain[k]);
	if (f.domain_kept == 0)
		str_puts(&got, "-");
	if (!slice_is(column[WANT], str_text(&got)) || f.domain_count != f.domain_kept) {
		print_error("names.tsv:%u: got \"%s\", want \"%.*s\"\n", line, str_text(&got),
			    (int)column[WANT].n, column[WANT].p);
		table->wrong++;
	}
	str_free(&got);
}

static void test_names(void **state)
{
	struct table table = {.world = *state};
	unsigned rows = tsv_read("names.tsv", COLUMNS, check_row, &table);
	CHECK(rows >= 150, "%u rows", rows);
	CHECK(table.wrong == 0, "%u of %u rows", table.wrong, rows);
}

/* A letter by its platform's link alone: the platform's names are none of its own. */
static void test_platform_seen(void **state)
{
	struct letter_world *w = *state;
	struct finding f = {.platform = "plat"};
	const struct links none = {0};
	const struct names_rules rules = {w->suffixes, w->list, NULL, "", &none};
	CHECK(names_read(&rules, LIT(""), LIT("plat-verify.com\nexample.com\n"), &f), "read");
	CHECK(f.domain_count == 1 && strcmp(f.domain[0], "example.com") == 0, "got %s",
	      f.domain[0]);
}

static void test_many(void **state)
{
	struct letter_world *w = *state;
	const struct links none = {0};
	const struct names_rules rules = {w->suffixes, w->list, NULL, "", &none};
	for (unsigned past = 0; past < 2; past++) {
		struct str text = {0};
		struct finding f = {0};
		for (unsigned twice = 0; twice < 2; twice++)
			for (unsigned i = 0; i < LIMIT_DOMAINS_COUNTED + past; i++)
				str_printf(&text, "2026-12-06 n%u.com\n", i);
		CHECK(names_read(&rules, LIT(""), (struct slice){text.p, text.n}, &f), "read");
		CHECK(f.domain_count == LIMIT_DOMAINS_COUNTED, "past %u: %u", past, f.domain_count);
		CHECK(f.domain_kept == LIMIT_DOMAINS && strcmp(f.domain[19], "n19.com") == 0, "%u",
		      f.domain_kept);
		str_free(&text);
	}
	static const unsigned edge[] = {LIMIT_DOMAINS, LIMIT_DOMAINS + 1, 500};
	for (size_t k = 0; k < COUNT_OF(edge); k++) {
		struct str text = {0};
		struct finding f = {0};
		for (unsigned i = 0; i < edge[k]; i++)
			str_printf(&text, "n%u.com\n", i);
		CHECK(names_read(&rules, LIT(""), (struct slice){text.p, text.n}, &f), "read");
		CHECK(f.domain_count == edge[k] && f.domain_kept == LIMIT_DOMAINS, "%u",
		      f.domain_count);
		str_free(&text);
	}
}

/* Hostile repetition ends soon. */
static void test_linear(void **state)
{
	struct letter_world *w = *state;
	static const char *const unit[] = {
	    "a.",      "a.com ",      "a.com", "\xe3\x81\x82", "\xe3\x81\x82.com",
	    "domain ", "2026-12-06 ", "-",     "..",           "www.",
	    "x@",      "\n",          "a[.]",  "[.]",          "a/",
	    "/a.",     "域名",        "(dot)", " 「"};
	const struct links none = {0};
	const struct names_rules rules = {w->suffixes, w->list, NULL, "", &none};
	for (size_t i = 0; i < 2 * COUNT_OF(unit); i++) {
		struct str text = {0};
		struct finding f = {0};
		str_puts(&text, i % 2 ? "域名" : ""); /* a token of both kinds of script */
		while (text.n < LIMIT_TEXT_BYTES)
			str_puts(&text, unit[i / 2]);
		CHECK(names_read(&rules, LIT(""), (struct slice){text.p, text.n}, &f), "%s",
		      unit[i / 2]);
		CHECK(f.domain_count <= 1, "%s: %u", unit[i / 2], f.domain_count);
		str_free(&text);
	}
}

static int set_up(void **state)
{
	static struct letter_world world;
	world_open(&world);
	*state = &world;
	return 0;
}

static int tear_down(void **state)
{
	world_close(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_platform_seen),
	    cmocka_unit_test(test_many),
	    cmocka_unit_test(test_linear),
	};
	return cmocka_run_group_tests_name("letter_names", tests, set_up, tear_down);
}
