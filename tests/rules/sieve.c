/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sieve.c - which patterns may match: wherever their texts stand, in whatever case.
 */
#include <stdio.h>

#include "rules/core/sieve.h"
#include "tests/rules/table.h"

static void add(struct sieve *s, size_t i, const char *one, const char *other)
{
	struct literal_needs needs = {.count = one != NULL};
	struct literals *l = &needs.need[0];
	if (one)
		l->text[l->count++] = slice_of(one);
	if (other)
		l->text[l->count++] = slice_of(other);
	assert_int_equal(sieve_add(s, i, &needs), 0);
}

static void ask(const struct sieve *s, struct slice text, struct str *to)
{
	struct sieve_hits hits;
	size_t at = 0, i;
	memset(&hits, 0x55, sizeof hits);
	if (!sieve_ask(s, text, &hits)) {
		str_puts(to, "none");
		return;
	}
	while (sieve_next(s, &hits, &at, &i))
		str_printf(to, "%zu ", i);
}

static void test_ask(void **state)
{
	(void)state;
	static const struct {
		struct slice text;
		const char *want;
	} rows[] = {
	    {LIT(""), "none"},
	    {LIT("dom"), "none"},
	    {LIT("doma"), "3 "},
	    {LIT("xdoma"), "3 "},
	    {LIT("domain"), "0 3 "},
	    {LIT("DoMaIn"), "0 3 "},
	    {LIT("the domains"), "0 3 "},
	    {LIT("domai"), "3 "},
	    {LIT("do main"), "none"},
	    {LIT("verify"), "1 "},
	    {LIT("Confirm"), "1 2 "},
	    {LIT("confirm now"), "1 2 "},
	    {LIT("verify domain"), "0 1 3 "},
	    {LIT("veri\0fy domain"), "0 3 "},
	    {LIT("a  b"), "none"},
	    {LIT("so long"), "4 "},
	    {LIT("SO LONG"), "4 "},
	    {LIT("so\tlong"), "none"},
	    /* what folds to s and k */
	    {LIT("\xc5\xbf"), "none"},
	    {LIT("\xc5\xbfo long"), "0 1 2 3 4 "},
	    {LIT("....\xc5\xbf"), "0 1 2 3 4 "},
	    {LIT("....\xe2\x84\xaa"), "0 1 2 3 4 "},
	    {LIT("\xe2\x84\xaa...."), "0 1 2 3 4 "},
	    {LIT("\xe2\x84\xe2\x84\xaa."), "0 1 2 3 4 "},
	    {LIT("\xc5\xc5\xbf."), "0 1 2 3 4 "},
	    {LIT("....\xc5"), "none"},
	    {LIT("....\xe2\x84"), "none"},
	    {LIT("....\xc5\xbe\xe2\x84\xab"), "none"},
	};
	struct sieve *s = sieve_new(5);
	assert_non_null(s);
	add(s, 0, "Domain", NULL);
	add(s, 1, "verify", "confirm");
	add(s, 2, "CONFIRM", NULL);
	add(s, 3, "doma", NULL);
	add(s, 4, "so long", NULL);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct slice in = tight(rows[i].text);
		struct str got = {0};
		ask(s, in, &got);
		CHECK(!strcmp(str_text(&got), rows[i].want), "row %zu: got %s", i, str_text(&got));
		str_free(&got);
		tight_free(in);
	}
	sieve_free(s);
}

/* All needs of a pattern, in whatever order, each by any of its texts. */
static void test_needs(void **state)
{
	(void)state;
	static const struct {
		struct slice text;
		const char *want;
	} rows[] = {
	    {LIT("domain"), "none"},
	    {LIT("verify"), "none"},
	    {LIT("verify the domain"), "0 "},
	    {LIT("domain, confirm"), "0 "},
	    {LIT("verify verify confirm"), "none"},
	    {LIT("verify domain owner"), "0 1 "},
	    {LIT("domain domain owner"), "1 "},
	    {LIT("verify.\xc5\xbf"), "0 1 "},
	};
	const struct literal_needs first = {
	    .need = {{{LIT("domain")}, 1}, {{LIT("verify"), LIT("confirm")}, 2}}, .count = 2};
	const struct literal_needs second = {.need = {{{LIT("owner")}, 1}, {{LIT("Domain")}, 1}},
					     .count = 2};
	struct sieve *s = sieve_new(2);
	assert_non_null(s);
	assert_int_equal(sieve_add(s, 0, &first), 0);
	assert_int_equal(sieve_add(s, 1, &second), 0);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str got = {0};
		ask(s, rows[i].text, &got);
		CHECK(!strcmp(str_text(&got), rows[i].want), "row %zu: got %s", i, str_text(&got));
		str_free(&got);
	}
	sieve_free(s);
}

/* Different texts, five times what is kept; whoever comes too late is asked everywhere. */
static void test_too_many_texts(void **state)
{
	(void)state;
	struct sieve *s = sieve_new(LIMIT_PATTERNS);
	char text[LITERALS_MOST][16];
	size_t everywhere = 0;
	assert_non_null(s);
	for (size_t i = 0; i < LIMIT_PATTERNS; i++) {
		struct literal_needs needs = {.count = 1};
		needs.need[0].count = LITERALS_MOST;
		for (size_t k = 0; k < LITERALS_MOST; k++) {
			snprintf(text[k], sizeof text[k], "<%04zu,%02zu>", i, k);
			needs.need[0].text[k] = slice_of(text[k]);
		}
		assert_int_equal(sieve_add(s, i, &needs), 0);
	}
	for (size_t i = 0; i < LIMIT_PATTERNS; i++) {
		struct sieve_hits hits;
		size_t at = i, hit = 0;
		snprintf(text[0], sizeof text[0], "<%04zu,%02d>", i, LITERALS_MOST - 1);
		sieve_ask(s, slice_of(text[0]), &hits);
		CHECK(sieve_next(s, &hits, &at, &hit) && hit == i, "%zu", i);
		sieve_ask(s, LIT("nothing"), &hits);
		at = i;
		everywhere += sieve_next(s, &hits, &at, &hit) && hit == i;
	}
	CHECK(everywhere > 0 && everywhere < LIMIT_PATTERNS, "%zu", everywhere);
	sieve_free(s);
}

static void test_always(void **state)
{
	(void)state;
	struct sieve *s = sieve_new(3);
	struct str got = {0};
	assert_non_null(s);
	add(s, 0, "domain", NULL);
	add(s, 1, NULL, NULL);
	ask(s, LIT(""), &got); /* 2 was never added */
	assert_string_equal(str_text(&got), "1 2 ");
	str_reset(&got);
	ask(s, LIT("my domain"), &got);
	assert_string_equal(str_text(&got), "0 1 2 ");
	sieve_free(s);
	str_free(&got);
	sieve_free(NULL);
}

static void test_empty(void **state)
{
	(void)state;
	struct sieve *s = sieve_new(0);
	struct str got = {0};
	assert_non_null(s);
	ask(s, LIT("domain"), &got);
	ask(s, (struct slice){NULL, 0}, &got);
	assert_string_equal(str_text(&got), "nonenone");
	sieve_free(s);
	str_free(&got);
}

/* Each of as many patterns as there may be is found by its own text alone. */
static void test_many(void **state)
{
	(void)state;
	struct sieve *s = sieve_new(LIMIT_PATTERNS);
	char text[16], want[16];
	assert_non_null(s);
	for (size_t i = 0; i < LIMIT_PATTERNS; i++) {
		snprintf(text, sizeof text, "<%04zu>", i);
		add(s, i, text, NULL);
	}
	for (size_t i = 0; i < LIMIT_PATTERNS; i++) {
		struct str got = {0};
		snprintf(text, sizeof text, ".<%04zu>", i);
		snprintf(want, sizeof want, "%zu ", i);
		ask(s, slice_of(text), &got);
		CHECK(!strcmp(str_text(&got), want), "%s: got %s", text, str_text(&got));
		str_free(&got);
	}
	sieve_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ask),
	    cmocka_unit_test(test_needs),
	    cmocka_unit_test(test_too_many_texts),
	    cmocka_unit_test(test_always),
	    cmocka_unit_test(test_empty),
	    cmocka_unit_test(test_many),
	};
	return cmocka_run_group_tests_name("sieve", tests, NULL, NULL);
}
