/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * terms.c - the words that stand in headers, logs, JSON and the database: pinned, since they never
 * change.
 */
#include "rules/core/terms.h"
#include "tests/rules/table.h"

static void check_words(const char *const *want, size_t count, const char *(*name)(unsigned))
{
	for (size_t i = 0; i < count; i++)
		CHECK(!strcmp(name((unsigned)i), want[i]), "%zu: got %s, want %s", i,
		      name((unsigned)i), want[i]);
	CHECK(!strcmp(name((unsigned)count), "?"), "past the end: %s", name((unsigned)count));
	CHECK(!strcmp(name(~0u), "?"), "far past the end: %s", name(~0u));
}

#define WORDS(function, type)                        \
	static const char *function##_of(unsigned v) \
	{                                            \
		return function((enum type)v);       \
	}
WORDS(verdict_name, verdict)
WORDS(class_name, class_id)
WORDS(proof_name, proof)
WORDS(condition_name, condition)
WORDS(reason_name, reason)
WORDS(deadline_source_name, deadline_source)

static void test_words(void **state)
{
	(void)state;
	static const char *const verdicts[VERDICT_COUNT] = {
	    "none", "genuine", "known", "unproven", "forged", "lookalike", "unlisted"};
	static const char *const classes[CLASS_COUNT] = {"",
							 "verification",
							 "suspension",
							 "verified",
							 "transfer-out",
							 "transfer-in",
							 "change-of-registrant",
							 "renewal",
							 "wdrp",
							 "nis2"};
	static const char *const proofs[PROOF_COUNT] = {"no", "yes", "unknown"};
	static const char *const conditions[CONDITION_COUNT] = {"sender", "listed", "proved",
								"class",  "links",  "fresh"};
	static const char *const reasons[REASON_COUNT] = {
	    "from-count",   "from-syntax", "reply-to", "not-listed",  "disabled",      "dkim-none",
	    "dkim-fail",    "dkim-flaw",   "spf",      "spf-weak",    "dns",           "class",
	    "class-sender", "links",       "no-link",  "link-hidden", "link-evidence", "link-text",
	    "tracking",     "attachment",  "age",      "limit",       "dmarc",         "confusable",
	    "misspelt",     "suffix",      "embedded", "authserv"};
	static const char *const sources[DEADLINE_SOURCE_COUNT] = {"", "stated", "relative",
								   "policy"};
	check_words(verdicts, VERDICT_COUNT, verdict_name_of);
	check_words(classes, CLASS_COUNT, class_name_of);
	check_words(proofs, PROOF_COUNT, proof_name_of);
	check_words(conditions, CONDITION_COUNT, condition_name_of);
	check_words(reasons, REASON_COUNT, reason_name_of);
	check_words(sources, DEADLINE_SOURCE_COUNT, deadline_source_name_of);
}

static void test_sentences(void **state)
{
	(void)state;
	for (unsigned r = 0; r < REASON_COUNT; r++) {
		const char *s = reason_sentence((enum reason)r);
		CHECK(strlen(s) > 10 && s[0] >= 'A' && s[0] <= 'Z' && s[strlen(s) - 1] == '.', "%s",
		      reason_name((enum reason)r));
	}
	assert_string_equal(reason_sentence(REASON_COUNT), "?");
}

static void test_of_name(void **state)
{
	(void)state;
	enum class_id c;
	enum verdict v;
	for (unsigned i = 1; i < CLASS_COUNT; i++)
		assert_true(class_of_name(slice_of(class_name((enum class_id)i)), &c) && c == i);
	for (unsigned i = 0; i < VERDICT_COUNT; i++)
		assert_true(verdict_of_name(slice_of(verdict_name((enum verdict)i)), &v) && v == i);
	static const char *const none[] = {"", "?", "Genuine", "genuine ", "verificatio", "x"};
	for (size_t i = 0; i < COUNT_OF(none); i++) {
		CHECK(!class_of_name(slice_of(none[i]), &c), "%s", none[i]);
		CHECK(!verdict_of_name(slice_of(none[i]), &v), "%s", none[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_sentences),
	    cmocka_unit_test(test_of_name),
	};
	return cmocka_run_group_tests_name("terms", tests, NULL, NULL);
}
