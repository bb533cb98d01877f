/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fold.c - one form for the spellings of a wording: what becomes of texts and of patterns.
 */
#include "rules/core/fold.h"
#include "rules/core/utf8.h"
#include "tests/rules/table.h"

static const struct {
	struct slice text;
	const char *want;
} rows[] = {
    {LIT(""), ""},
    {LIT("plain"), "plain"},
    /* white space */
    {LIT(" one\t two\r\n three \n"), "one two three"},
    {LIT("no-break\xc2\xa0space"), "no-break space"},
    {LIT("a\0b\x7f"
	 "c"),
     "a b c"},
    {LIT(" \n "), ""},
    {LIT("ドメイ\nン情報　認証 の"), "ドメイン情報認証の"},
    {LIT("域名\r\n  即将过期。\n请续费"), "域名即将过期。请续费"},
    {LIT("15 日 以内"), "15 日以内"},
    {LIT("example.com の\nドメイン example.jp"), "example.com のドメイン example.jp"},
    {LIT("도메인\n이전 요청"), "도메인 이전 요청"},
    {LIT("【重要】 [お名前.com] ドメイン"), "【重要】 [お名前.com] ドメイン"},
    /* Latin letters */
    {LIT("Přenos domény, držitel"), "Prenos domeny, drzitel"},
    {LIT("Właściciel ŁÓDŹ"), "Wlasciciel LODZ"},
    {LIT("İLETİŞİM doğrulaması ıI"), "ILETISIM dogrulamasi iI"},
    {LIT("tên miền Địa chỉ ƯỞ"), "ten mien Dia chi UO"},
    {LIT("te\xcc\x82n mie\xcc\x82\xcc\x80n"), "ten mien"},
    {LIT("ti\xc3\xaa\xcc\x80n"), "tien"}, /* as windows-1258 has it */
    {LIT("Straße Œuvre æ þ"), "Straße Œuvre æ þ"},
    {LIT("\xcc\x81x"), "x"},
    /* Greek, Cyrillic */
    {LIT("Ώρα μία ΐ"), "Ωρα μια ι"},
    {LIT("Йё и\xcc\x86 ґ"), "Ие и ґ"},
    /* width */
    {LIT("ＩＣＡＮＮ（ｗｈｏｉｓ）！"), "ICANN(whois)!"},
    {LIT("ﾄﾞﾒｲﾝ ﾊﾟｽﾜｰﾄﾞ｡"), "ドメインパスワード。"},
    {LIT("ﾄﾞ\nﾒｲﾝ"), "ドメイン"},
    {LIT("ヴ ｳﾞ う゛"), "ヴヴう゛"},
    /* decomposed */
    {LIT("ト\xe3\x82\x99メインの確認か\xe3\x82\x99 は\xe3\x82\x9a"), "ドメインの確認がぱ"},
    {LIT("あ\xe3\x82\x99 カ\xe3\x82\x9a"), "あ\xe3\x82\x99カ\xe3\x82\x9a"},
    {LIT("\xe3\x82\x99"), "\xe3\x82\x99"},
    {LIT("ト \xe3\x82\x99"), "ド"},
    {LIT("\xe1\x84\x83\xe1\x85\xa9\xe1\x84\x86\xe1\x85\xa6\xe1\x84\x8b\xe1\x85\xb5\xe1\x86\xab"),
     "도메인"},
    {LIT("도\xe1\x86\xab 돈\xe1\x86\xab"), "돈 돈\xe1\x86\xab"},
    /* broken */
    {LIT("a\xff\xc3"), "a\xef\xbf\xbd\xef\xbf\xbd"},
};

static void test_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str got = {0}, again = {0};
		struct slice in = tight(rows[i].text);
		fold_text(in, &got);
		CHECK(strcmp(str_text(&got), rows[i].want) == 0, "row %zu: got %s, want %s", i,
		      str_text(&got), rows[i].want);
		fold_text((struct slice){got.p, got.n}, &again);
		CHECK(strcmp(str_text(&got), str_text(&again)) == 0, "row %zu: twice: %s", i,
		      str_text(&again));
		bool same = in.n == got.n && memcmp(in.p, str_text(&got), in.n) == 0;
		CHECK(same || fold_needed(in), "row %zu: not needed", i);
		str_free(&got);
		str_free(&again);
		tight_free(in);
	}
}

static void test_lines(void **state)
{
	(void)state;
	static const char *const lines[][2] = {
	    {" one  two\n\n\tthree \n", " one  two\n\n\tthree \n"},
	    {"15日以\n内に", "15日以内に"},
	    {"15日以\n  内に", "15日以内に"},
	    {"登録\n\n期限", "登録\n\n期限"},
	    {"期限\nexample.jp 2026年", "期限\nexample.jp 2026年"},
	    {"도메인\n이전", "도메인\n이전"},
	    {"Ｅｘｐｉｒｙ　\nspätestens\xc2\xa0!", "Expiry \nspatestens !"},
	};
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		struct str got = {0};
		struct slice in = tight(slice_of(lines[i][0]));
		fold_lines(in, &got);
		CHECK(strcmp(str_text(&got), lines[i][1]) == 0, "row %zu: got %s", i,
		      str_text(&got));
		str_free(&got);
		tight_free(in);
	}
}

static void test_needed(void **state)
{
	(void)state;
	static const struct {
		struct slice text;
		bool want;
	} needs[] = {
	    {LIT(""), false},    {LIT("a"), false},    {LIT("a b c"), false},   {LIT(" a"), true},
	    {LIT("a "), true},   {LIT("a  b"), true},  {LIT("a\tb"), true},     {LIT("a\nb"), true},
	    {LIT("a\0b"), true}, {LIT("a\x7f"), true}, {LIT("\xc3\xa4"), true}, {LIT(" "), true},
	};
	for (size_t i = 0; i < COUNT_OF(needs); i++)
		CHECK(fold_needed(needs[i].text) == needs[i].want, "row %zu", i);
}

static void test_pattern(void **state)
{
	(void)state;
	static const struct {
		const char *pattern, *want;
	} patterns[] = {
	    {"dom[eé]n\\w+  .{0,4}", "dom[ee]n\\w+  .{0,4}"},
	    {"^\\W*(?:Przypomnienie|tên miền)\\b", "^\\W*(?:Przypomnienie|ten mien)\\b"},
	    {"域名 ?（过期）", "域名 ?（过期）"}, /* a bracket of the text is none of the pattern */
	    {"läuft ab$ ", "lauft ab$ "},
	};
	for (size_t i = 0; i < COUNT_OF(patterns); i++) {
		struct str got = {0};
		fold_pattern(slice_of(patterns[i].pattern), &got);
		CHECK(strcmp(str_text(&got), patterns[i].want) == 0, "row %zu: got %s", i,
		      str_text(&got));
		str_free(&got);
	}
}

/* Each character by itself and behind a kana: valid, no longer, and the same when folded again. */
static void test_every_character(void **state)
{
	(void)state;
	for (uint32_t c = 1; c <= 0x10ffff; c++) {
		char text[8] = "\xe3\x83\x88";
		struct str once = {0}, twice = {0};
		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		struct slice in = {text, 3 + utf8_put(c, text + 3)};
		if (c % 2) {
			in.p += 3;
			in.n -= 3;
		}
		fold_text(in, &once);
		fold_text((struct slice){str_text(&once), once.n}, &twice);
		CHECK(once.n <= in.n && once.n == twice.n &&
			  memcmp(str_text(&once), str_text(&twice), once.n) == 0,
		      "U+%04X", c);
		for (struct slice s = {once.p, once.n}; s.n > 0;) {
			size_t n = utf8_next(s, NULL);
			CHECK(n > 0, "U+%04X", c);
			s.p += n;
			s.n -= n;
		}
		str_free(&once);
		str_free(&twice);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_text),
	    cmocka_unit_test(test_lines),
	    cmocka_unit_test(test_needed),
	    cmocka_unit_test(test_pattern),
	    cmocka_unit_test(test_every_character),
	};
	return cmocka_run_group_tests_name("fold", tests, NULL, NULL);
}
