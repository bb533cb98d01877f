/* SPDX-License-Identifier: BSD-2-Clause */
/* Kept answers: for their TTL, for their own question, data alone, within their limits. */
#include "dns/kept.h"

#include <stdio.h>
#include <string.h>

#include "tests/rules/table.h"

enum {
	NOW = 1000,
	ID = 77,
};

static struct question ask(enum question_type type, const char *name)
{
	struct question q = {.id = ID, .type = type};
	snprintf(q.name, sizeof q.name, "%s", name);
	return q;
}

/* An answer of so many octets in one record. */
static void note(struct kept *k, const char *name, enum answer_status status, uint32_t ttl,
		 size_t n)
{
	static char octets[LIMIT_DNS_ANSWER];
	struct question q = ask(QUESTION_TXT, name);
	struct answer a = {.id = 5, .status = status, .ttl = ttl};
	memset(octets, 'x', sizeof octets);
	if (n)
		assert_true(answer_add(&a, octets, n));
	kept_note(k, &q, &a, NOW);
	answer_free(&a);
}

static const struct answer *find(struct kept *k, enum question_type type, const char *name,
				 int64_t now)
{
	struct question q = ask(type, name);
	return kept_find(k, &q, now);
}

static void for_their_ttl(void **state)
{
	(void)state;
	struct kept *k = kept_new();
	note(k, "a.example", ANSWER_DATA, 10, 3);
	const struct answer *a = find(k, QUESTION_TXT, "A.example", NOW + 9);
	assert_non_null(a);
	assert_int_equal(a->id, ID);
	assert_int_equal(a->ttl, 1);
	assert_int_equal(a->status, ANSWER_DATA);
	assert_int_equal(a->count, 1);
	assert_int_equal(a->record[0].n, 3);
	assert_memory_equal(a->record[0].p, "xxx", 3);
	assert_null(find(k, QUESTION_TXT, "a.example", NOW + 10));
	assert_null(find(k, QUESTION_TXT, "a.example", NOW)); /* gone for good */
	note(k, "b.example", ANSWER_DATA, LIMIT_DNS_KEPT_S + 1, 3);
	assert_non_null(find(k, QUESTION_TXT, "b.example", NOW + LIMIT_DNS_KEPT_S - 1));
	assert_null(find(k, QUESTION_TXT, "b.example", NOW + LIMIT_DNS_KEPT_S));
	kept_free(k);
}

static void for_their_question_alone(void **state)
{
	(void)state;
	struct kept *k = kept_new();
	note(k, "a.example", ANSWER_DATA, 10, 3);
	assert_null(find(k, QUESTION_MX, "a.example", NOW));
	assert_null(find(k, QUESTION_TXT, "b.example", NOW));
	assert_null(find(k, QUESTION_TXT, "a.example.b", NOW));
	note(k, "a.example", ANSWER_DATA, 10, 4);
	assert_int_equal(find(k, QUESTION_TXT, "a.example", NOW)->record[0].n, 4);
	kept_free(k);
}

static void data_alone_and_within_limits(void **state)
{
	(void)state;
	static const struct {
		enum answer_status status;
		uint32_t ttl;
		size_t n;
		bool kept;
	} rows[] = {
	    {ANSWER_DATA, 1, 1, true},
	    {ANSWER_DATA, 0, 1, false},
	    {ANSWER_NO_DATA, 60, 0, false},
	    {ANSWER_NO_NAME, 60, 0, false},
	    {ANSWER_TROUBLE, 60, 0, false},
	    {ANSWER_DATA, 60, LIMIT_DNS_KEPT_BYTES, true},
	    {ANSWER_DATA, 60, LIMIT_DNS_KEPT_BYTES + 1, false},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct kept *k = kept_new();
		note(k, "a.example", rows[i].status, rows[i].ttl, rows[i].n);
		CHECK((find(k, QUESTION_TXT, "a.example", NOW) != NULL) == rows[i].kept, "row %zu",
		      i);
		kept_free(k);
	}
}

/* More questions than places: each place has the newest, and what is found is right. */
static void newer_ones_take_the_place(void **state)
{
	(void)state;
	enum { ASKED = 4 * LIMIT_DNS_KEPT };
	struct kept *k = kept_new();
	size_t found = 0;
	for (size_t i = 0; i < ASKED; i++) {
		char name[32];
		snprintf(name, sizeof name, "n%zu.example", i);
		note(k, name, ANSWER_DATA, 60, 1 + i % 100);
		assert_non_null(find(k, QUESTION_TXT, name, NOW));
	}
	for (size_t i = 0; i < ASKED; i++) {
		char name[32];
		snprintf(name, sizeof name, "n%zu.example", i);
		const struct answer *a = find(k, QUESTION_TXT, name, NOW);
		if (a)
			assert_int_equal(a->record[0].n, 1 + i % 100);
		found += a != NULL;
	}
	assert_in_range(found, LIMIT_DNS_KEPT / 2, LIMIT_DNS_KEPT);
	kept_free(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(for_their_ttl),
	    cmocka_unit_test(for_their_question_alone),
	    cmocka_unit_test(data_alone_and_within_limits),
	    cmocka_unit_test(newer_ones_take_the_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
