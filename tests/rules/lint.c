/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lint.c - names that were registered after their entry was seen last. What the linter finds
 * without asking anybody is in tests/rules/lists/lint.in.
 */
#include "rules/core/lint.h"
#include "tests/rules/table.h"

static const char text[] =
    "Platform: p\nLink: click.plat.example /x\n\n"
    "Sender: day\nFrom: a@mail.day.example\nClasses: wdrp\nLast-Seen: 2026-08-21\n\n"
    "Sender: month\nFrom: a@month.example\nClasses: wdrp\nLast-Seen: 2026-08\n\n"
    "Sender: year\nFrom: a@year.example\nClasses: wdrp\nLast-Seen: 2025\n\n"
    "Sender: links\nFrom: a@links.example\nPlatform: p\nClasses: wdrp\n"
    "Link: [www.]own.example /\nLast-Seen: 2026-01-01\n\n"
    "Sender: undated\nFrom: a@undated.example\nClasses: wdrp\nLast-Seen: undated\n\n"
    "Sender: unsaid\nFrom: a@unsaid.example\nClasses: wdrp\n\n"
    "Sender: off\nFrom: a@off.example\nClasses: wdrp\nLast-Seen: 2020\nStatus: disabled\n";

#define DAY(days) ((int64_t)(days)*86400)

static const struct {
	const char *domain; /* what is asked about */
	int64_t at;
	const char *want; /* "SENDER DOMAIN", or NULL for no warning */
} rows[] = {
    {"day.example", DAY(20686), NULL},     /* 2026-08-21 */
    {"day.example", DAY(20687) - 1, NULL}, /* the same day's last second */
    {"day.example", DAY(20687), "day day.example"},
    {"day.example", 0, NULL},
    {"mail.day.example", DAY(30000), NULL}, /* no registered name */
    {"month.example", DAY(20696), NULL},    /* 2026-08-31 */
    {"month.example", DAY(20697), "month month.example"},
    {"year.example", DAY(20453), NULL}, /* 2025-12-31 */
    {"year.example", DAY(20454), "year year.example"},
    {"own.example", DAY(20455), "links own.example"},
    {"plat.example", DAY(20455), "links plat.example"},
    {"plat.example", DAY(20454), NULL},
    {"undated.example", DAY(30000), NULL},
    {"unsaid.example", DAY(30000), NULL},
    {"off.example", DAY(30000), NULL},
};

static int64_t registered_at(void *context, const char *domain)
{
	const size_t *i = context;
	return strcmp(rows[*i].domain, domain) == 0 ? rows[*i].at : 0;
}

static void names_that_changed_hands(void **state)
{
	(void)state;
	struct suffixes *suffixes = suffixes_open();
	struct list *l = list_new();
	struct diags none = {0};
	assert_true(suffixes && l);
	assert_int_equal(list_parse(l, slice_of(text), "f", false, &none), 0);
	assert_int_equal(list_finish(l, &none), 0);
	assert_int_equal(none.count, 0);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct diags found = {0};
		struct str want = {0};
		lint_registered(l, suffixes, registered_at, &i, &found);
		CHECK(found.count == (rows[i].want ? 1 : 0) && found.errors == 0,
		      "row %zu, %s: %zu warnings", i, rows[i].domain, found.count);
		if (rows[i].want) {
			const char *domain = strchr(rows[i].want, ' ') + 1;
			str_printf(&want, "sender \"%.*s\": \"%s\" was registered after",
				   (int)(domain - 1 - rows[i].want), rows[i].want, domain);
			CHECK(strncmp(found.list[0].text, str_text(&want), want.n) == 0 &&
				  found.list[0].line > 0,
			      "row %zu: %u: %s", i, found.list[0].line, found.list[0].text);
		}
		str_free(&want);
		diag_free(&found);
	}
	list_free(l);
	suffixes_close(suffixes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_that_changed_hands),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
