/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rfc2047.c - encoded words: what is decoded, what stays, and what the output can never hold.
 */
#include "rules/core/rfc2047.h"
#include "base/limits.h"
#include "rules/core/charset.h"
#include "rules/core/utf8.h"
#include "tests/rules/table.h"

#define BROKEN "\xef\xbf\xbd"

static const struct {
	struct slice value;
	const char *want;
} rows[] = {
    {LIT(""), ""},
    {LIT("plain"), "plain"},
    {LIT(" leading, trailing \t"), "leading, trailing"},
    {LIT("folded\n line\r\n\tand  more"), "folded line and more"},
    {LIT("a\0b\x01\x7f"
	 "c"),
     "a b c"},
    {LIT("a\x1b[31mb"), "a [31mb"},
    {LIT("raw \xc3\xbc \xe2\x9c\x93 \xf0\x9f\x98\x80"),
     "raw \xc3\xbc \xe2\x9c\x93 \xf0\x9f\x98\x80"},
    {LIT("raw \xfc latin"), "raw " BROKEN " latin"},
    {LIT("\xe2(\xe2\x82("), BROKEN "(" BROKEN BROKEN "("},
    {LIT("\xe2\x82"), BROKEN BROKEN},
    {LIT("\xed\xa0\x80"), BROKEN BROKEN BROKEN},
    {LIT("a\xc2\x85"
	 "b"),
     "a b"},
    {LIT("a\xe2\x80\xa8"
	 "b"),
     "a b"},
    {LIT("veri\xc2\xad"
	 "fica\xe2\x80\x8btion"),
     "verification"},
    {LIT("x\xe2\x80\xaey"), "xy"},
    /* Q */
    {LIT("=?utf-8?q?J=C3=BCrgen?="), "J\xc3\xbcrgen"},
    {LIT("=?UTF-8?Q?two_words=3f?="), "two words?"},
    {LIT("=?utf-8?q?=c3=bc?="), "\xc3\xbc"},
    {LIT("=?us-ascii?q?a?= b"), "a b"},
    {LIT("=?utf-8?q?"
	 "?="),
     ""},
    {LIT("=?utf-8?q?_a_?="), "a"},
    {LIT("=?utf-8?q?a=00b=0Ac?="), "a b c"},
    {LIT("=?utf-8?q?=FF?="), BROKEN},
    {LIT("=?utf-8*en?q?a?="), "a"},
    {LIT("=?utf-8?q?a=b?="), "=?utf-8?q?a=b?="},
    {LIT("=?utf-8?q?a=4?="), "=?utf-8?q?a=4?="},
    {LIT("=?utf-8?q?a=?="), "=?utf-8?q?a=?="},
    {LIT("=?utf-8?q?a=zz?="), "=?utf-8?q?a=zz?="},
    /* B */
    {LIT("=?utf-8?B?SsO8cmdlbg==?="), "J\xc3\xbcrgen"},
    {LIT("=?utf-8?b?SsO8cmdlbg?="), "J\xc3\xbcrgen"},
    {LIT("=?utf-8?b?YQ==?="), "a"},
    {LIT("=?utf-8?b?YWI=?="), "ab"},
    {LIT("=?utf-8?b?"
	 "?="),
     ""},
    {LIT("=?utf-8?b?Y?="), "=?utf-8?b?Y?="},
    {LIT("=?utf-8?b?Y*==?="), "=?utf-8?b?Y*==?="},
    {LIT("=?utf-8?b?YQ=a?="), "=?utf-8?b?YQ=a?="},
    {LIT("=?utf-8?b?YWI===?="), "=?utf-8?b?YWI===?="},
    /* charsets */
    {LIT("=?iso-8859-1?q?J=FCrgen?="), "J\xc3\xbcrgen"},
    {LIT("=?ISO-8859-1?Q?=80=99?="), "\xe2\x82\xac\xe2\x84\xa2"},
    {LIT("=?windows-1252?q?=84a=93=81?="), "\xe2\x80\x9e"
					   "a\xe2\x80\x9c" BROKEN},
    {LIT("=?cp1252?b?gA==?="), "\xe2\x82\xac"},
    {LIT("=?iso-2022-jp?B?GyRCPUVNVxsoQg==?="), "重要"},
    {LIT("=?ISO-2022-JP*ja?q?=1B$BF|=1B(B?="), "日"},
    {LIT("=?cp50220?b?GyRCPUVNVxsoQg==?="), "重要"},
    {LIT("=?iso-2022-jp?q?=1B$BF?="), "F"},
    {LIT("=?iso-2022-jp?q?a=1B?= b"), "a b"},
    {LIT("=?shift_jis?b?g2iDgYNDg5M=?="), "ドメイン"},
    {LIT("=?euc-jp?q?=A5=C9=A5=E1?="), "ドメ"},
    {LIT("=?gb18030?b?0/LD+w==?="), "域名"},
    {LIT("=?gb18030?q?=949=DA3=D3=F2?="), "\xf0\x9f\x92\xa9域"},
    {LIT("=?gb18030?q?=810=8B8=D3=F2?="), BROKEN "域"},
    {LIT("=?gb18030?q?=810?= x"), BROKEN "0 x"},
    {LIT("=?gb2312?q?=D3=F2=C3=FB?="), "域名"},
    {LIT("=?big5?b?uvSw7A==?="), "網域"},
    {LIT("=?euc-kr?b?tbW43sDO?="), "도메인"},
    {LIT("=?iso-8859-2?q?dom=E9na_dr=BEitele?="), "doména držitele"},
    {LIT("=?iso-8859-9?q?ad=FDn=FDz?="), "adınız"},
    {LIT("=?windows-1258?q?ti=EA=CCn?="), "ti\xc3\xaa\xcc\x80n"},
    {LIT("=?iso-8859-15?q?=A4?="), "\xe2\x82\xac"},
    {LIT("=?shift_jis?q?=83?="), BROKEN},
    {LIT("=?shift_jis?q?=83?= x"), BROKEN " x"},
    {LIT("=?utf-7?q?+ADw-?="), "=?utf-7?q?+ADw-?="},
    {LIT("=?x-unheard-of?q?a?="), "=?x-unheard-of?q?a?="},
    {LIT("=??q?a?="), "=??q?a?="},
    {LIT("=?utf-8 ?q?a?="), "=?utf-8 ?q?a?="},
    {LIT("=?*en?q?a?="), "=?*en?q?a?="},
    /* neighbours */
    {LIT("=?utf-8?q?a?= =?utf-8?q?b?="), "ab"},
    {LIT("=?utf-8?q?a?=\n\t =?utf-8?q?b?="), "ab"},
    {LIT("=?utf-8?q?a?==?utf-8?q?b?="), "ab"},
    {LIT("=?utf-8?q?a?= b =?utf-8?q?c?="), "a b c"},
    {LIT("=?utf-8?q?a_?= =?utf-8?q?b?="), "a b"},
    {LIT("=?utf-8?q?a?= =?koi8-r?q?=C1?="), "aа"},
    {LIT("=?utf-8?q?a?= =?x-unheard-of?q?b?="), "a =?x-unheard-of?q?b?="},
    {LIT("=?shift_jis?b?g2g=?= =?Shift_JIS?b?g4E=?="), "ドメ"},
    {LIT("=?shift_jis?b?gw==?= =?shift_jis?b?aA==?="), "ド"}, /* cut inside a character */
    {LIT("=?shift_jis?b?gw==?= =?euc-jp?q?=A5=C9?="), BROKEN "ド"},
    {LIT("=?iso-2022-jp?q?=1B$BF?= =?iso-2022-jp?q?|=1B(B?="), "日"},
    {LIT("=?iso-2022-jp?q?=1B$BF|?= x =?iso-2022-jp?q?F|?="), "日 x F|"},
    {LIT("=?utf-8?q?a?= x=?utf-8?q?b?="), "a xb"},
    {LIT("=?utf-8?q?a=C3?= =?utf-8?q?=BCb?="), "a\xc3\xbc"
					       "b"},
    {LIT("=?utf-8?b?4pw=?= =?utf-8?b?kw==?="), "\xe2\x9c\x93"},
    {LIT("=?utf-8?q?=C3?= =?iso-8859-1?q?=FC?="), BROKEN "\xc3\xbc"},
    {LIT("=?utf-8?q?=C3?= x"), BROKEN " x"},
    {LIT("=?utf-8?q?=C3?=\xbc"), BROKEN BROKEN},
    {LIT("\xc3=?utf-8?q?=BC?="), "\xc3\xbc"}, /* joined octet by octet */
    /* not words */
    {LIT("=?"), "=?"},
    {LIT("=?utf-8"), "=?utf-8"},
    {LIT("=?utf-8?"), "=?utf-8?"},
    {LIT("=?utf-8?q"), "=?utf-8?q"},
    {LIT("=?utf-8?q?"), "=?utf-8?q?"},
    {LIT("=?utf-8?q?a"), "=?utf-8?q?a"},
    {LIT("=?utf-8?q?a?"), "=?utf-8?q?a?"},
    {LIT("=?utf-8?q?a?x"), "=?utf-8?q?a?x"},
    {LIT("=?utf-8?x?a?="), "=?utf-8?x?a?="},
    {LIT("=?utf-8?qq?a?="), "=?utf-8?qq?a?="},
    {LIT("=?utf-8?q?a b?="), "=?utf-8?q?a b?="},
    {LIT("=?utf-8?q?a\n b?="), "=?utf-8?q?a b?="},
    {LIT("=?=?utf-8?q?a?="), "=?a"},
    {LIT("=?utf-8?q?=?utf-8?q?a?="), "=?utf-8?q?a"},
};

static void decode(struct slice value, size_t most, struct str *to)
{
	struct slice in = tight(value);
	rfc2047_decode(in, most, to);
	tight_free(in);
}

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str got = {0};
		decode(rows[i].value, LIMIT_SUBJECT, &got);
		CHECK(!strcmp(str_text(&got), rows[i].want) && got.n == strlen(rows[i].want),
		      "row %zu (%s): got %s", i, rows[i].value.p, str_text(&got));
		str_free(&got);
	}
}

/* Cut anywhere, and with the output cut anywhere: well formed, and never longer than allowed. */
static void test_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		for (size_t n = 0; n <= rows[i].value.n; n++)
			for (size_t most = 0; most < 9; most++) {
				struct str got = {0};
				decode((struct slice){rows[i].value.p, n}, most, &got);
				CHECK(got.n <= most, "row %zu cut at %zu", i, n);
				CHECK(utf8_is_printable((struct slice){got.p, got.n}), "row %zu",
				      i);
				str_free(&got);
			}
}

static void test_every_octet(void **state)
{
	(void)state;
	for (unsigned a = 0; a < 256; a++)
		for (unsigned b = 0; b < 256; b++) {
			char pair[] = {(char)a, (char)b};
			struct str got = {0};
			decode((struct slice){pair, 2}, 100, &got);
			CHECK(utf8_is_printable((struct slice){got.p, got.n}), "%02x %02x", a, b);
			CHECK(got.n <= 6, "%02x %02x", a, b);
			str_free(&got);
		}
}

static void test_most(void **state)
{
	(void)state;
	static const struct {
		size_t most;
		const char *want;
	} cuts[] = {
	    {0, ""},
	    {1, "a"},
	    {2, "a"},
	    {3, "a"},
	    {4, "a \xc3\xbc"},
	    {5, "a \xc3\xbc"
		"b"},
	    {6, "a \xc3\xbc"
		"b"},
	};
	for (size_t i = 0; i < COUNT_OF(cuts); i++) {
		struct str got = {0};
		str_puts(&got, "x"); /* appends; what is there already does not count */
		decode(LIT("a \xc3\xbc"
			   "b"),
		       cuts[i].most, &got);
		CHECK(!strcmp(got.p + 1, cuts[i].want), "%zu: got %s", cuts[i].most, got.p);
		str_free(&got);
	}
	struct str long_value = {0}, got = {0};
	for (size_t i = 0; i < LIMIT_SUBJECT + 1; i++)
		str_putc(&long_value, 'a');
	decode((struct slice){long_value.p, LIMIT_SUBJECT}, LIMIT_SUBJECT, &got);
	assert_int_equal(got.n, LIMIT_SUBJECT);
	str_reset(&got);
	decode((struct slice){long_value.p, LIMIT_SUBJECT + 1}, LIMIT_SUBJECT, &got);
	assert_int_equal(got.n, LIMIT_SUBJECT);
	str_free(&got);
	str_free(&long_value);
}

/* Beginnings of words without end: linear (a quadratic reader takes minutes here). */
static void test_linear(void **state)
{
	(void)state;
	static const char *const units[] = {"=?",
					    "=?utf-8?q?",
					    "=?utf-8?q?a",
					    "=?utf-8?b?YQ?",
					    "=?utf-8?q?a?= \n ",
					    "=?iso-2022-jp?q?=1B$B?= ",
					    "=?shift_jis?q?=83?= "};
	for (size_t i = 0; i < COUNT_OF(units); i++) {
		struct str value = {0}, got = {0};
		while (value.n < 500000)
			str_puts(&value, units[i]);
		decode((struct slice){value.p, value.n}, SIZE_MAX / 4, &got);
		assert_false(got.failed);
		str_free(&value);
		str_free(&got);
	}
}

int main(void)
{
	if (!charset_init())
		return 1;
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_table),       cmocka_unit_test(test_cut),
	    cmocka_unit_test(test_every_octet), cmocka_unit_test(test_most),
	    cmocka_unit_test(test_linear),
	};
	return cmocka_run_group_tests_name("rfc2047", tests, NULL, NULL);
}
