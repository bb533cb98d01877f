/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pattern.c - sets of patterns: what is refused, what matches, what a limit gives.
 */
#include <stdio.h>

#include "base/limits.h"
#include "rules/core/pattern.h"
#include "tests/rules/table.h"

static struct pattern_set *compile(const char *const *text, size_t count, struct diags *diags)
{
	struct pattern_source source[40];
	assert_true(count <= COUNT_OF(source));
	for (size_t i = 0; i < count; i++)
		source[i] = (struct pattern_source){slice_of(text[i]), (uint32_t)i + 1, "f.class",
						    (unsigned)i + 10, 5};
	return pattern_compile(source, count, diags);
}

static void test_refused(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		unsigned column;
		const char *why; /* part of the message */
	} rows[] = {
	    {"a(b", 8, "missing closing parenthesis"},
	    {"a)", 6, "unmatched closing parenthesis"},
	    {"a)|(?:b", 6, "unmatched closing parenthesis"},
	    {"[a", 7, "missing terminating ]"},
	    {"ab\\", 8, "\\ at end"},
	    {"a{2,1}", 10, "out of order"},
	    {"*a", 5, "quantifier"},
	    {"", 5, "empty"},
	    {"a*", 5, "empty"},
	    {"a|", 5, "empty"},
	    {"(?!a)", 5, "empty"},
	    {"(?=a)b?A", 5, "PCRE2"},
	    {"a(?=b)", 6, "PCRE2"},
	    {"^", 5, "empty"},
	    {"a(*MARK:7)", 6, "verbs"},
	    {"a(*COMMIT)b", 6, "verbs"},
	    {"(*UTF)a", 5, "verbs"},
	    {"(*ACCEPT)a", 5, "verbs"},
	    {"a(*:7)", 6, "verbs"},
	    {"[(*]a", 6, "verbs"},
	    {"(?<n>a)", 5, "only"},
	    {"(?P<n>a)", 5, "only"},
	    {"(?'n'a)", 5, "only"},
	    {"a(?R)?", 6, "only"},
	    {"a(?0)?", 6, "only"},
	    {"a(?1)?", 6, "only"},
	    {"a(?-1)?", 6, "only"},
	    {"a(?&n)", 6, "only"},
	    {"(?(R)a|b)", 5, "only"},
	    {"(?(DEFINE)a)b", 5, "only"},
	    {"a(?C1)", 6, "only"},
	    {"a(?#b)", 6, "only"},
	    {"a(?#b", 6, "only"},
	    {"(?x)a # b", 5, "only"},
	    {"(?xx:a)", 5, "only"},
	    {"(?ix)a #", 5, "only"},
	    {"(?J)a", 5, "only"},
	    {"(?^)a", 5, "only"},
	    {"(?", 5, "only"},
	    {"[(?]a", 6, "only"},
	    {"\\Qa", 5, "not allowed"},
	    {"a\\Q)|(?:b\\E", 6, "not allowed"},
	    {"a\\Eb", 6, "not allowed"},
	    {"a\\Kb", 6, "not allowed"},
	    {"a\\Cb", 6, "not allowed"},
	    {"\\Ga", 5, "not allowed"},
	    {"a\\g{0}", 6, "not allowed"},
	    {"a\\g<0>", 6, "not allowed"},
	    {"(a)\\k{n}", 8, "not allowed"},
	    {"(a)\\1", 8, "back references"},
	    {"a\\9", 6, "back references"},
	    {"\xff", 5, "UTF-8"},
	    {"a\xc3", 6, "UTF-8"},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *both[] = {"fine", rows[i].text};
		struct diags diags = {0};
		struct pattern_set *set = compile(both, 2, &diags);
		CHECK(!set, "%s", rows[i].text);
		CHECK(diags.errors == 1, "%s: %zu errors", rows[i].text, diags.errors);
		const struct diag *d = &diags.list[0];
		CHECK(!strcmp(d->file, "f.class") && d->line == 11, "%s: line %u", rows[i].text,
		      d->line);
		CHECK(strstr(d->text, rows[i].why) != NULL, "%s: %s", rows[i].text, d->text);
		CHECK(d->column == rows[i].column, "%s: column %u, %s", rows[i].text, d->column,
		      d->text);
		diag_free(&diags);
	}
}

static void test_all_reported(void **state)
{
	(void)state;
	static const char *const texts[] = {"a(", "fine", "b)", "(?R)"};
	struct diags diags = {0};
	assert_null(compile(texts, COUNT_OF(texts), &diags));
	assert_int_equal(diags.errors, 3);
	diag_free(&diags);
}

static void test_next(void **state)
{
	(void)state;
	static const char *const texts[] = {
	    "foo",
	    "b(ar|az)",
	    "(?|x1|x2)",
	    "\\bdomain\\b",
	    "^start",
	    "end$",
	    "\xc3\xbc"
	    "ber",
	    "\\(?paren\\)",
	    "(?-i:Case)",
	    "a(?!b)c(?<=c)d",
	    "(?:deep|deeper)",
	    "\\d\\d\\.\\d\\d",
	    "(?s:p.q)",
	    "n o[ ]w",
	};
	static const struct {
		struct slice subject;
		const char *want; /* "tag:match " for each */
	} rows[] = {
	    {LIT(""), ""},
	    {LIT("nothing"), ""},
	    {LIT("FOO baz foo"), "1:FOO 2:baz 1:foo "},
	    {LIT("foofoo"), "1:foo 1:foo "},
	    {LIT("x2x1"), "3:x2 3:x1 "},
	    {LIT("subdomain domain domains"), "4:domain "},
	    {LIT("start\nstart"), "5:start 5:start "},
	    {LIT("end end\r\nend"), "6:end 6:end "},
	    {LIT("\xc3\x9c"
		 "BER"),
	     "7:\xc3\x9c"
	     "BER "},
	    {LIT("(paren) paren)"), "8:(paren) 8:paren) "},
	    {LIT("case Case"), "9:Case "},
	    {LIT("acd abcd"), "10:acd "},
	    {LIT("deeper"), "11:deep "},
	    {LIT("p\nq 12.34"), "13:p\nq 12:12.34 "},
	    {LIT("foo\0foo"), "1:foo 1:foo "},
	    {LIT("\xff\xfe"
		 "foo\xff"
		 "foo"),
	     "1:foo 1:foo "},
	    {LIT("foo\xc3"), "1:foo "},
	    {LIT("foo\xc3"
		 "\xa9"
		 "foo"),
	     "1:foo 1:foo "},
	};
	struct diags diags = {0};
	struct pattern_set *set = compile(texts, COUNT_OF(texts), &diags);
	struct pattern_scratch *scratch = pattern_scratch_new();
	CHECK(set && scratch, "%s", diags.count ? diags.list[0].text : "");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct slice in = tight(rows[i].subject), m;
		struct str got = {0};
		size_t at = 0, before = 0;
		uint32_t tag;
		while (pattern_next(set, scratch, in, &at, &tag, &m) == PROOF_YES) {
			str_printf(&got, "%u:%.*s ", tag, (int)m.n, m.p);
			CHECK(at > before, "row %zu", i);
			before = at;
		}
		CHECK(!strcmp(str_text(&got), rows[i].want), "row %zu: got %s", i, str_text(&got));
		at = in.n + 1;
		assert_int_equal(pattern_next(set, scratch, in, &at, &tag, NULL), PROOF_NO);
		str_free(&got);
		tight_free(in);
	}
	pattern_scratch_free(scratch);
	pattern_free(set);
	diag_free(&diags);
}

/* Where one match hides another, pattern_tags sees both. */
static void test_tags(void **state)
{
	(void)state;
	static const char *const texts[] = {"suspended due to failed verification", "verification",
					    "^suspended", "other"};
	static const struct {
		const char *subject;
		uint32_t wanted, want;
	} rows[] = {
	    {"Suspended due to failed verification", ~0u, 1u << 1 | 1u << 2 | 1u << 3},
	    {"Suspended due to failed verification", 1u << 2, 1u << 2},
	    {"Suspended due to failed verification", 1u << 4, 0},
	    {"please: verification", ~0u, 1u << 2},
	    {"nothing", ~0u, 0},
	    {"", ~0u, 0},
	};
	struct diags diags = {0};
	struct pattern_set *set = compile(texts, COUNT_OF(texts), &diags);
	struct pattern_scratch *scratch = pattern_scratch_new();
	assert_true(set && scratch);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		bool limit = false;
		uint32_t got =
		    pattern_tags(set, scratch, slice_of(rows[i].subject), rows[i].wanted, &limit);
		CHECK(got == rows[i].want && !limit, "row %zu: got %x", i, got);
	}
	pattern_scratch_free(scratch);
	pattern_free(set);
}

static void test_empty_set(void **state)
{
	(void)state;
	struct diags diags = {0};
	struct pattern_set *set = pattern_compile(NULL, 0, &diags);
	struct pattern_scratch *scratch = pattern_scratch_new();
	size_t at = 0;
	uint32_t tag;
	bool limit = false;
	assert_true(set && scratch);
	assert_int_equal(pattern_next(set, scratch, LIT("x"), &at, &tag, NULL), PROOF_NO);
	assert_int_equal(pattern_tags(set, scratch, LIT("x"), ~0u, &limit), 0);
	assert_int_equal(pattern_next(set, scratch, (struct slice){NULL, 0}, &at, &tag, NULL),
			 PROOF_NO);
	pattern_free(set);
	pattern_free(NULL);
	pattern_scratch_free(scratch);
	pattern_scratch_free(NULL);
}

/* Too much work (LIMIT_MATCH, with LIMIT_MATCH_HEAP and LIMIT_MATCH_DEPTH behind it) is "unknown",
 * and says so. */
static void test_match_limit(void **state)
{
	(void)state;
	static const char *const texts[] = {"^(a+)+$"};
	struct diags diags = {0};
	struct pattern_set *set = compile(texts, 1, &diags);
	struct pattern_scratch *scratch = pattern_scratch_new();
	assert_true(set && scratch);
	size_t at = 0;
	uint32_t tag;
	bool limit = false;
	assert_int_equal(pattern_next(set, scratch, LIT("aaaaaa!"), &at, &tag, NULL), PROOF_NO);
	struct slice evil = LIT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
	assert_int_equal(pattern_next(set, scratch, evil, &at, &tag, NULL), PROOF_UNKNOWN);
	assert_int_equal(at, 0);
	assert_int_equal(pattern_tags(set, scratch, evil, ~0u, &limit), 0);
	assert_true(limit);
	pattern_scratch_free(scratch);
	pattern_free(set);
}

static struct pattern_set *repeat(size_t count, size_t octets, struct diags *diags)
{
	struct pattern_source *source = calloc(count, sizeof *source);
	char *texts = malloc(count * octets);
	assert_true(source && texts);
	for (size_t i = 0; i < count; i++) {
		char *text = texts + i * octets;
		memset(text, 'x', octets);
		int n = snprintf(text, octets, "%05zu", i);
		text[n] = 'x';
		source[i] =
		    (struct pattern_source){{text, octets}, (uint32_t)(i % 9) + 1, "f", 1, 1};
	}
	struct pattern_set *set = pattern_compile(source, count, diags);
	free(texts);
	free(source);
	return set;
}

/* As many as may be: the leftmost match is found, and each tag. */
static void test_many(void **state)
{
	(void)state;
	struct diags diags = {0};
	struct pattern_set *set = repeat(LIMIT_PATTERNS, 60, &diags);
	struct pattern_scratch *scratch = pattern_scratch_new();
	struct str subject = {0};
	assert_true(set && scratch);
	static const unsigned order[] = {1999, 0, 1000, 7};
	for (size_t i = 0; i < COUNT_OF(order); i++) {
		str_printf(&subject, "%05u", order[i]);
		for (int x = 0; x < 56; x++)
			str_putc(&subject, 'x');
	}
	struct slice in = {subject.p, subject.n}, m;
	size_t at = 0;
	uint32_t tag;
	for (size_t i = 0; i < COUNT_OF(order); i++) {
		assert_int_equal(pattern_next(set, scratch, in, &at, &tag, &m), PROOF_YES);
		assert_int_equal(tag, order[i] % 9 + 1);
		assert_int_equal(m.p - in.p, i * 61);
	}
	bool limit = false;
	assert_int_equal(pattern_tags(set, scratch, in, ~0u, &limit),
			 1u << (1999 % 9 + 1) | 1u << 1 | 1u << (1000 % 9 + 1) | 1u << 8);
	pattern_free(set);
	assert_null(repeat(LIMIT_PATTERNS + 1, 60, &diags));
	assert_int_equal(diags.errors, 1);
	str_free(&subject);
	diag_free(&diags);
	pattern_scratch_free(scratch);
}

/* Patterns that have no text of four octets of their own are asked everywhere; so are all, where a
 * character folds to an ASCII one. */
static void test_unsieved(void **state)
{
	(void)state;
	static const char *const texts[] = {"domain", "\\d\\d:\\d\\d", "ask|tell me",
					    "the disk is (?:ok|bad)"};
	static const struct {
		const char *subject;
		uint32_t want;
	} rows[] = {
	    {"12:30", 1u << 2},
	    {"12:30 in the domain", 1u << 1 | 1u << 2},
	    {"tell me", 1u << 3},
	    {"ask", 1u << 3},
	    {"A\xc5\xbf\xe2\x84\xaa", 1u << 3},
	    {"the di\xc5\xbf\xe2\x84\xaa i\xc5\xbf OK", 1u << 4},
	    {"the disc is ok", 0},
	};
	struct diags diags = {0};
	struct pattern_set *set = compile(texts, COUNT_OF(texts), &diags);
	struct pattern_scratch *scratch = pattern_scratch_new();
	assert_true(set && scratch);
	assert_int_equal(pattern_unsieved(set), 2);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		bool limit = false;
		uint32_t got = pattern_tags(set, scratch, slice_of(rows[i].subject), ~0u, &limit);
		CHECK(got == rows[i].want && !limit, "row %zu: got %x", i, got);
	}
	pattern_scratch_free(scratch);
	pattern_free(set);
}

static void test_pattern_length(void **state)
{
	(void)state;
	struct diags diags = {0};
	struct pattern_set *set = repeat(1, LIMIT_PATTERN_BYTES, &diags);
	assert_non_null(set);
	pattern_free(set);
	assert_null(repeat(1, LIMIT_PATTERN_BYTES + 1, &diags));
	assert_int_equal(diags.errors, 1);
	diag_free(&diags);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_refused),        cmocka_unit_test(test_all_reported),
	    cmocka_unit_test(test_next),           cmocka_unit_test(test_tags),
	    cmocka_unit_test(test_empty_set),      cmocka_unit_test(test_match_limit),
	    cmocka_unit_test(test_many),           cmocka_unit_test(test_unsieved),
	    cmocka_unit_test(test_pattern_length),
	};
	return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
