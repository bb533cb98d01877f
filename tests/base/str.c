/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Small strings: buffers that grow and fail, slices, numbers, times, files at their limit.
 */
#include "base/str.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/rules/table.h"

static void buffer_grows_and_ends_in_nul(void **state)
{
	(void)state;
	struct str s = {0};
	assert_string_equal(str_text(&s), "");
	for (unsigned i = 0; i < 1000; i++) {
		str_putc(&s, 'x');
		assert_int_equal(s.n, i + 1);
		assert_int_equal(s.p[s.n], '\0');
	}
	str_reset(&s);
	assert_string_equal(str_text(&s), "");
	str_add(&s, "a\0b", 3);
	str_puts(&s, "c");
	str_printf(&s, "%d-%s", 7, "d");
	assert_int_equal(s.n, 7);
	assert_memory_equal(s.p, "a\0bc7-d", 8);
	str_free(&s);
	assert_null(s.p);
	str_free(NULL);
}

/* Lengths around the first allocation and its double. */
static void buffer_prints_text_of_any_length(void **state)
{
	(void)state;
	char want[300];
	for (int n = 0; n < 299; n++) {
		struct str s = {0};
		memset(want, 'y', (size_t)n);
		want[n] = '\0';
		str_printf(&s, "%s", want);
		assert_false(s.failed);
		assert_string_equal(str_text(&s), want);
		str_free(&s);
	}
}

static void buffer_fails_once_and_stays_failed(void **state)
{
	(void)state;
	struct str s = {0};
	str_puts(&s, "kept");
	str_add(&s, "x", SIZE_MAX / 2);
	assert_true(s.failed);
	str_puts(&s, "dropped");
	assert_string_equal(str_text(&s), "kept");
	assert_null(str_take(&s));
	assert_null(s.p);
	assert_false(s.failed);
	str_puts(&s, "x");
	s.failed = true;
	str_reset(&s);
	assert_false(s.failed);
	str_free(&s);
}

static void buffer_has_room_to_be_filled_by_hand(void **state)
{
	(void)state;
	struct str s = {0};
	for (size_t n = 0; n < 5000; n += 1 + n / 2) {
		assert_true(str_room(&s, n));
		assert_true(s.room > s.n + n);
		memset(s.p + s.n, 'z', n);
		s.n += n;
	}
	assert_true(str_room(&s, 0));
	assert_int_equal(strspn(s.p, "z"), s.n);
	assert_false(str_room(&s, SIZE_MAX / 2));
	assert_true(s.failed);
	assert_false(str_room(&s, 1));
	str_free(&s);
}

static void buffer_is_taken(void **state)
{
	(void)state;
	struct str s = {0};
	char *p = str_take(&s);
	assert_string_equal(p, "");
	free(p);
	str_puts(&s, "abc");
	p = str_take(&s);
	assert_string_equal(p, "abc");
	assert_null(s.p);
	assert_int_equal(s.n, 0);
	free(p);
}

static const struct {
	struct slice in;
	const char *want;
} trims[] = {
    {LIT(""), ""},           {LIT(" \t\r\n"), ""}, {LIT("a"), "a"}, {LIT(" a b\r\n"), "a b"},
    {LIT("\va\v"), "\va\v"},
};

static void slices_are_trimmed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(trims); i++) {
		struct slice in = tight(trims[i].in);
		CHECK(slice_is(slice_trim(in), trims[i].want), "row %zu", i);
		tight_free(in);
	}
	assert_int_equal(slice_of(NULL).n, 0);
	assert_int_equal(slice_trim(slice_of(NULL)).n, 0);
}

static const struct {
	struct slice a;
	const char *b;
	bool same, nocase, starts;
} compares[] = {
    {LIT(""), "", true, true, true},
    {LIT("a"), "", false, false, true},
    {LIT(""), "a", false, false, false},
    {LIT("From"), "From", true, true, true},
    {LIT("FROM"), "from", false, true, true},
    {LIT("from:"), "FROM", false, false, true},
    {LIT("fro"), "from", false, false, false},
    {LIT("a\0"), "a", false, false, true},
    {LIT("\xc3\x84"), "\xc3\xa4", false, false, false}, /* ASCII only */
    {LIT("@"), "`", false, false, false},
    {LIT("["), "{", false, false, false},
};

static void slices_are_compared(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(compares); i++) {
		struct slice a = tight(compares[i].a);
		CHECK(slice_is(a, compares[i].b) == compares[i].same, "row %zu", i);
		CHECK(slice_is_nocase(a, compares[i].b) == compares[i].nocase, "row %zu", i);
		CHECK(slice_starts_nocase(a, compares[i].b) == compares[i].starts, "row %zu", i);
		tight_free(a);
	}
	assert_true(str_same_nocase("Abc", "aBC"));
	assert_false(str_same_nocase("Abc", "abcd"));
}

static void slices_are_copied(void **state)
{
	(void)state;
	char to[4] = "old";
	assert_true(slice_copy(LIT("abc"), to, sizeof(to)));
	assert_string_equal(to, "abc");
	assert_false(slice_copy(LIT("abcd"), to, sizeof(to)));
	assert_false(slice_copy(LIT("x\0y"), to, sizeof(to)));
	assert_string_equal(to, "abc");
	assert_true(slice_copy(LIT(""), to, 1));
	assert_string_equal(to, "");
	assert_false(slice_copy(LIT(""), to, 0));
	char *p = slice_dup(LIT("x\0y"));
	assert_string_equal(p, "x");
	free(p);
	p = slice_dup((struct slice){NULL, 0});
	assert_string_equal(p, "");
	free(p);
}

static void lower_case_is_ascii(void **state)
{
	(void)state;
	char text[] = "AZ@[az\xc3\x84";
	str_lower(text);
	assert_string_equal(text, "az@[az\xc3\x84");
}

static const struct {
	struct slice in;
	uint64_t max;
	bool want;
	uint64_t value;
} numbers[] = {
    {LIT(""), 9, false, 0},
    {LIT("0"), 0, true, 0},
    {LIT("1"), 0, false, 0},
    {LIT("007"), 9, true, 7},
    {LIT("9"), 9, true, 9},
    {LIT("10"), 9, false, 0},
    {LIT("+1"), 9, false, 0},
    {LIT("-1"), 9, false, 0},
    {LIT(" 1"), 9, false, 0},
    {LIT("1 "), 9, false, 0},
    {LIT("1\0"), 99, false, 0},
    {LIT("0x1"), 99, false, 0},
    {LIT("18446744073709551615"), UINT64_MAX, true, UINT64_MAX},
    {LIT("18446744073709551616"), UINT64_MAX, false, 0},
    {LIT("184467440737095516150"), UINT64_MAX, false, 0},
};

static void numbers_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		uint64_t got = 4711;
		struct slice in = tight(numbers[i].in);
		CHECK(str_to_u64(in, numbers[i].max, &got) == numbers[i].want, "row %zu", i);
		CHECK(got == (numbers[i].want ? numbers[i].value : 4711), "row %zu", i);
		tight_free(in);
	}
}

static const struct {
	struct slice in;
	bool want;
	int64_t value;
} times[] = {
    {LIT("1970-01-01T00:00:00Z"), true, 0},
    {LIT("1970-01-01t00:00:00z"), true, 0},
    {LIT("1969-12-31T23:59:59Z"), true, -1},
    {LIT("2000-02-29T12:00:00Z"), true, 951825600},
    {LIT("1900-02-28T00:00:00Z"), true, -2203977600},
    {LIT("2026-12-06T10:00:00Z"), true, 1796551200},
    {LIT("2026-12-06T10:00:00.999Z"), true, 1796551200},
    {LIT("2026-12-06T12:00:00+02:00"), true, 1796551200},
    {LIT("2026-12-06T02:30:00-07:30"), true, 1796551200},
    {LIT("2016-12-31T23:59:60Z"), true, 1483228800},
    {LIT("9999-12-31T23:59:59Z"), true, 253402300799},
    {LIT("0000-01-01T00:00:00Z"), true, -62167219200},
    {LIT("1796551200"), true, 1796551200},
    {LIT("0"), true, 0},
    {LIT("9223372036854775807"), true, INT64_MAX},
    {LIT("9223372036854775808"), false, 0},
    {LIT("-1"), false, 0},
    {LIT(""), false, 0},
    {LIT("2026-12-06"), false, 0},
    {LIT("2026-12-06T10:00:00"), false, 0},
    {LIT("2026-12-06T10:00:00 Z"), false, 0},
    {LIT("2026-12-06T10:00:00.Z"), false, 0},
    {LIT("2026-12-06T10:00:00Zx"), false, 0},
    {LIT("2026-12-06T10:00:00+0200"), false, 0},
    {LIT("2026-12-06T10:00:00+24:00"), false, 0},
    {LIT("2026-12-06T10:00:00+23:60"), false, 0},
    {LIT("2026-12-06T24:00:00Z"), false, 0},
    {LIT("2026-12-06T10:60:00Z"), false, 0},
    {LIT("2026-12-06T10:00:61Z"), false, 0},
    {LIT("2026-02-29T10:00:00Z"), false, 0},
    {LIT("1900-02-29T10:00:00Z"), false, 0},
    {LIT("2026-00-06T10:00:00Z"), false, 0},
    {LIT("2026-13-06T10:00:00Z"), false, 0},
    {LIT("2026-12-00T10:00:00Z"), false, 0},
    {LIT("2026-04-31T10:00:00Z"), false, 0},
    {LIT("2026-12-6T10:00:00Z"), false, 0},
};

static void times_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(times); i++) {
		int64_t got = 4711;
		struct slice in = tight(times[i].in);
		CHECK(str_to_time(in, &got) == times[i].want, "row %zu", i);
		CHECK(got == (times[i].want ? times[i].value : 4711), "row %zu: %lld", i,
		      (long long)got);
		tight_free(in);
	}
}

static const struct {
	int64_t in;
	const char *want;
} written[] = {
    {0, "1970-01-01T00:00:00Z"},
    {-1, "1969-12-31T23:59:59Z"},
    {1796551200, "2026-12-06T10:00:00Z"},
    {951782400, "2000-02-29T00:00:00Z"},
    {253402300799, "9999-12-31T23:59:59Z"},
    {253402300800, "9999-12-31T23:59:59Z"},
    {-62167219200, "0000-01-01T00:00:00Z"},
    {-62167219201, "0000-01-01T00:00:00Z"},
    {INT64_MAX, "9999-12-31T23:59:59Z"},
    {INT64_MIN, "0000-01-01T00:00:00Z"},
};

static void times_are_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(written); i++) {
		char got[21];
		str_time(written[i].in, got);
		CHECK(strcmp(got, written[i].want) == 0, "row %zu: %s", i, got);
	}
}

/* Every day of 500 years, written and read back. */
static void times_come_back(void **state)
{
	(void)state;
	for (int64_t t = INT64_C(-5000000000); t < INT64_C(11000000000); t += 86399) {
		char text[21];
		int64_t back = 0;
		str_time(t, text);
		CHECK(str_to_time(slice_of(text), &back) && back == t, "%s", text);
	}
}

static char *file_of(const char *text, size_t n)
{
	static char path[64];
	snprintf(path, sizeof(path), "/tmp/keepname-str-XXXXXX");
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, n), n);
	close(fd);
	return path;
}

static void files_are_read_up_to_a_limit(void **state)
{
	(void)state;
	struct str got = {0};
	char *path = file_of("a\0bcd", 5);
	assert_int_equal(str_read_file(path, 5, &got), 0);
	assert_int_equal(got.n, 5);
	assert_memory_equal(got.p, "a\0bcd", 6);
	assert_int_equal(str_read_file(path, 4, &got), EFBIG);
	assert_int_equal(got.n, 5);
	unlink(path);
	assert_int_equal(str_read_file(path, 5, &got), ENOENT);
	assert_int_equal(str_read_file("/tmp", 5, &got), EISDIR);
	/* Says that it has no octets, and has endlessly many. */
	assert_int_equal(str_read_file("/dev/zero", 200000, &got), EFBIG);
	assert_int_equal(str_read_file("/dev/null", 0, &got), 0);
	assert_int_equal(got.n, 0);
	assert_string_equal(str_text(&got), "");
	str_free(&got);
}

static void hash_is_fnv1a(void **state)
{
	(void)state;
	assert_true(str_hash_nocase(LIT(""), 0) == UINT64_C(0xcbf29ce484222325));
	assert_true(str_hash_nocase(LIT("a"), 0) == UINT64_C(0xaf63dc4c8601ec8c));
	assert_true(str_hash_nocase(LIT("FooBar"), 0) == UINT64_C(0x85944171f73967e8));
	assert_true(str_hash_nocase(LIT("foobar"), 1) != str_hash_nocase(LIT("foobar"), 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(buffer_grows_and_ends_in_nul),
	    cmocka_unit_test(buffer_prints_text_of_any_length),
	    cmocka_unit_test(buffer_fails_once_and_stays_failed),
	    cmocka_unit_test(buffer_has_room_to_be_filled_by_hand),
	    cmocka_unit_test(buffer_is_taken),
	    cmocka_unit_test(slices_are_trimmed),
	    cmocka_unit_test(slices_are_compared),
	    cmocka_unit_test(slices_are_copied),
	    cmocka_unit_test(lower_case_is_ascii),
	    cmocka_unit_test(numbers_are_read),
	    cmocka_unit_test(times_are_read),
	    cmocka_unit_test(times_are_written),
	    cmocka_unit_test(times_come_back),
	    cmocka_unit_test(files_are_read_up_to_a_limit),
	    cmocka_unit_test(hash_is_fnv1a),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
