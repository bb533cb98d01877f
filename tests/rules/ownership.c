/* SPDX-License-Identifier: BSD-2-Clause */
/* What is ours, by exact name, below one, and as the organisational domain of one. */
#include "rules/core/ownership.h"

#include <stdio.h>

#include "tests/rules/table.h"

static struct suffixes *suffixes;

static struct ownership *make(const char *const name[], size_t count)
{
	struct ownership *o = ownership_new();
	assert_non_null(o);
	for (size_t i = 0; i < count; i++)
		assert_true(ownership_add(o, name[i], suffixes));
	ownership_seal(o);
	return o;
}

static void names(void **state)
{
	(void)state;
	static const char *const set[] = {"z.example",        "example.com", "mail.firm.co.uk",
					  "a.user.github.io", "Not.Plain",   "xn--mnchen-3ya.de"};
	static const struct {
		const char *name;
		bool want;
	} rows[] = {
	    {"example.com", true},
	    {"www.example.com", true},
	    {"a.b.example.com", true},
	    {"notexample.com", false},
	    {"com", false},
	    {"firm.co.uk", true}, /* registrars write about this one */
	    {"mail.firm.co.uk", true},
	    {"other.firm.co.uk", true},
	    {"co.uk", false},
	    {"user.github.io", true},
	    {"other.github.io", false},
	    {"github.io", false},
	    {"z.example", true},
	    {"example", false},
	    {"not.plain", false},
	    {"xn--mnchen-3ya.de", true},
	    {"", false},
	};
	struct ownership *o = make(set, COUNT_OF(set));
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CHECK(ownership_has(o, rows[i].name) == rows[i].want, "%s", rows[i].name);
		CHECK(!ownership_has(NULL, rows[i].name), "of no set: %s", rows[i].name);
	}
	ownership_free(o);
}

static void of_a_mail(void **state)
{
	(void)state;
	static const char *const set[] = {"ours.example"};
	static const struct {
		const char *why, *first, *second;
		uint32_t more; /* that were not kept */
		enum ours want;
	} rows[] = {
	    {"ours", "ours.example", NULL, 0, OURS_YES},
	    {"one of two", "other.example", "ours.example", 0, OURS_YES},
	    {"neither", "other.example", "more.example", 0, OURS_NO},
	    {"no name", NULL, NULL, 0, OURS_UNSET},
	    {"perhaps among the others", "other.example", NULL, 1, OURS_UNSET},
	};
	struct ownership *o = make(set, COUNT_OF(set)), *none = make(NULL, 0);
	static struct finding f;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		f.domain_kept = 0;
		if (rows[i].first)
			snprintf(f.domain[f.domain_kept++], sizeof(f.domain[0]), "%s",
				 rows[i].first);
		if (rows[i].second)
			snprintf(f.domain[f.domain_kept++], sizeof(f.domain[0]), "%s",
				 rows[i].second);
		f.domain_count = f.domain_kept + rows[i].more;
		CHECK(ownership_of(o, &f) == rows[i].want, "%s", rows[i].why);
		CHECK(ownership_of(NULL, &f) == OURS_UNSET, "%s", rows[i].why);
		CHECK(ownership_of(none, &f) == OURS_UNSET, "%s", rows[i].why);
	}
	ownership_free(o);
	ownership_free(none);
}

/* The table is found in, whatever the order in which it was filled. */
static void many(void **state)
{
	(void)state;
	enum { MANY = 20000 };
	struct ownership *o = ownership_new();
	char name[32];
	for (unsigned i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "n%u.example", i * 7919 % MANY * 2);
		assert_true(ownership_add(o, name, suffixes));
	}
	ownership_seal(o);
	for (unsigned i = 0; i < 2 * MANY; i++) {
		snprintf(name, sizeof(name), "n%u.example", i);
		CHECK(ownership_has(o, name) == (i % 2 == 0), "%s", name);
	}
	ownership_free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names),
	    cmocka_unit_test(of_a_mail),
	    cmocka_unit_test(many),
	};
	suffixes = suffixes_open();
	if (!suffixes)
		return 99;
	const int failed = cmocka_run_group_tests(tests, NULL, NULL);
	suffixes_close(suffixes);
	return failed;
}
