/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Octets of what crosses a process boundary: the encoding itself, every truncation, and readers
 * that ask for more than there is.
 */
#include "base/pack.h"

#include "tests/rules/table.h"

static void pack_sample(struct str *s)
{
	pack_u8(s, 0xfe);
	pack_u32(s, 0x01020304);
	pack_u64(s, UINT64_C(0x0102030405060708));
	pack_i64(s, -2);
	pack_slice(s, LIT("a\0b"));
	pack_text(s, "xyz");
	pack_text(s, NULL);
}

static const unsigned char sample[] = {
    0xfe, 1, 2, 3, 4, 1,   2, 3,   4, 5, 6, 7, 8,   0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xfe, 0, 0, 0, 3, 'a', 0, 'b', 0, 0, 0, 3, 'x', 'y',  'z',  0,    0,    0,    0,
};

static void encoding_is_big_endian(void **state)
{
	(void)state;
	struct str s = {0};
	pack_sample(&s);
	assert_int_equal(s.n, sizeof(sample));
	assert_memory_equal(s.p, sample, sizeof(sample));
	str_free(&s);
}

/* Reads the sample; true when pack_done agrees. */
static bool read_sample(struct slice in, bool check)
{
	struct unpack u = unpack_of(in.p, in.n);
	char text[4];
	uint8_t a = unpack_u8(&u);
	uint32_t b = unpack_u32(&u);
	uint64_t c = unpack_u64(&u);
	int64_t d = unpack_i64(&u);
	struct slice e = unpack_slice(&u);
	unpack_text(&u, text, sizeof(text));
	struct slice f = unpack_slice(&u);
	if (check) {
		assert_int_equal(a, 0xfe);
		assert_int_equal(b, 0x01020304);
		assert_true(c == UINT64_C(0x0102030405060708));
		assert_true(d == -2);
		assert_int_equal(e.n, 3);
		assert_memory_equal(e.p, "a\0b", 3);
		assert_string_equal(text, "xyz");
		assert_int_equal(f.n, 0);
	}
	return pack_done(&u);
}

static void every_truncation_is_refused(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof(sample); n++) {
		struct slice in = tight((struct slice){(const char *)sample, n});
		CHECK(!read_sample(in, false), "%zu octets", n);
		tight_free(in);
	}
	struct slice in = tight((struct slice){(const char *)sample, sizeof(sample)});
	assert_true(read_sample(in, true));
	tight_free(in);
}

static void what_is_left_over_is_refused(void **state)
{
	(void)state;
	struct unpack u = unpack_of("ab", 2);
	unpack_u8(&u);
	assert_false(pack_done(&u));
	unpack_u8(&u);
	assert_true(pack_done(&u));
	unpack_u8(&u);
	assert_false(pack_done(&u));
}

static void after_a_failure_everything_is_empty(void **state)
{
	(void)state;
	char text[8] = "old";
	struct unpack u = unpack_of("\0\0\0\5abcdefgh", 12);
	u.failed = true;
	assert_int_equal(unpack_u8(&u), 0);
	assert_int_equal(unpack_u32(&u), 0);
	assert_true(unpack_u64(&u) == 0);
	assert_true(unpack_i64(&u) == 0);
	assert_int_equal(unpack_slice(&u).n, 0);
	assert_non_null(unpack_slice(&u).p);
	assert_int_equal(unpack_max(&u, 10), 0);
	unpack_text(&u, text, sizeof(text));
	assert_string_equal(text, "");
	assert_false(pack_done(&u));
}

static void a_length_is_not_believed(void **state)
{
	(void)state;
	struct slice in = tight(LIT("\xff\xff\xff\xff"
				    "abc"));
	struct unpack u = unpack_of(in.p, in.n);
	assert_int_equal(unpack_slice(&u).n, 0);
	assert_true(u.failed);
	tight_free(in);
}

static const struct {
	struct slice in;
	size_t size;
	const char *want; /* NULL: fails */
} texts[] = {
    {LIT("\0\0\0\3abc"), 4, "abc"}, {LIT("\0\0\0\3abc"), 3, NULL}, {LIT("\0\0\0\3a\0c"), 8, NULL},
    {LIT("\0\0\0\0"), 1, ""},       {LIT("\0\0\0\0"), 0, NULL},
};

static void texts_fit_or_fail(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		char got[8] = "old";
		struct unpack u = unpack_of(texts[i].in.p, texts[i].in.n);
		unpack_text(&u, got, texts[i].size);
		CHECK(u.failed == !texts[i].want, "row %zu", i);
		if (texts[i].size)
			CHECK(strcmp(got, texts[i].want ? texts[i].want : "") == 0, "row %zu", i);
	}
}

static void a_maximum_is_kept(void **state)
{
	(void)state;
	struct unpack u = unpack_of("\0\0\0\7", 4);
	assert_int_equal(unpack_max(&u, 7), 7);
	assert_true(pack_done(&u));
	u = unpack_of("\0\0\0\10", 4);
	assert_int_equal(unpack_max(&u, 7), 0);
	assert_true(u.failed);
}

static void numbers_at_their_ends(void **state)
{
	(void)state;
	static const int64_t all[] = {INT64_MIN, -1, 0, 1, INT64_MAX};
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		struct str s = {0};
		pack_i64(&s, all[i]);
		struct unpack u = unpack_of(s.p, s.n);
		CHECK(unpack_i64(&u) == all[i] && pack_done(&u), "row %zu", i);
		str_free(&s);
	}
}

static void a_string_too_long_for_its_length_fails(void **state)
{
	(void)state;
	struct str s = {0};
	pack_slice(&s, (struct slice){"x", (size_t)UINT32_MAX + 1});
	assert_true(s.failed);
	assert_int_equal(s.n, 0);
	str_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(encoding_is_big_endian),
	    cmocka_unit_test(every_truncation_is_refused),
	    cmocka_unit_test(what_is_left_over_is_refused),
	    cmocka_unit_test(after_a_failure_everything_is_empty),
	    cmocka_unit_test(a_length_is_not_believed),
	    cmocka_unit_test(texts_fit_or_fail),
	    cmocka_unit_test(a_maximum_is_kept),
	    cmocka_unit_test(numbers_at_their_ends),
	    cmocka_unit_test(a_string_too_long_for_its_length_fails),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
