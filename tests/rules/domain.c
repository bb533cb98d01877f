/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * domain.c - domain names: one spelling, organisational domain, alignment.
 */
#include "rules/core/domain.h"
#include "rules/core/utf8.h"
#include "tests/rules/table.h"

#define L63  "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabc"
#define L61  "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghija"
#define D253 L63 "." L63 "." L63 "." L61
#define D254 L63 "." L63 "." L63 "." L61 "b"

static const struct {
	struct slice name;
	const char *want; /* NULL: refused */
	const char *want_owner;
} spellings[] = {
    {LIT("example.com"), "example.com", "example.com"},
    {LIT("EXAMPLE.Com"), "example.com", "example.com"},
    {LIT("example.com."), "example.com", "example.com"},
    {LIT("a-b.c--d.example.com"), "a-b.c--d.example.com", "a-b.c--d.example.com"},
    {LIT("r3---sn.example.com"), "r3---sn.example.com", "r3---sn.example.com"},
    {LIT("1und1.de"), "1und1.de", "1und1.de"},
    {LIT("xn--bcher-kva.example"), "xn--bcher-kva.example", "xn--bcher-kva.example"},
    {LIT("XN--BCHER-KVA.example"), "xn--bcher-kva.example", "xn--bcher-kva.example"},
    {LIT("b\xc3\xbc"
	 "cher.example"),
     "xn--bcher-kva.example", "xn--bcher-kva.example"},
    {LIT("B\xc3\x9c"
	 "CHER.example"),
     "xn--bcher-kva.example", "xn--bcher-kva.example"},
    /* NFC: u and a combining diaeresis */
    {LIT("bu\xcc\x88"
	 "cher.example"),
     "xn--bcher-kva.example", "xn--bcher-kva.example"},
    /* non-transitional: sharp s stays itself */
    {LIT("stra\xc3\x9f"
	 "e.example"),
     "xn--strae-oqa.example", "xn--strae-oqa.example"},
    {LIT("b\xc3\xbc,cher.example"), NULL, NULL},
    {LIT("b\xc3\xbc@cher.example"), NULL, NULL},
    {LIT("b\xc3\xbc cher.example"), NULL, NULL},
    {LIT("example.\xe4\xb8\xad\xe5\x9b\xbd"), "example.xn--fiqs8s", "example.xn--fiqs8s"},
    {LIT("_spf.example.com"), NULL, "_spf.example.com"},
    {LIT("sel._domainkey.Example.com"), NULL, "sel._domainkey.example.com"},
    {LIT("_spf.b\xc3\xbc"
	 "cher.example"),
     NULL, "_spf.xn--bcher-kva.example"},
    {LIT(D253), D253, D253},
    {LIT(D253 "."), D253, D253},
    {LIT(L63 ".com"), L63 ".com", L63 ".com"},
    /* refused */
    {LIT(D254), NULL, NULL},
    {LIT("a" L63 ".com"), NULL, NULL},
    {LIT(""), NULL, NULL},
    {LIT("."), NULL, NULL},
    {LIT(".."), NULL, NULL},
    {LIT("localhost"), NULL, NULL},
    {LIT("com."), NULL, NULL},
    {LIT("example.com.."), NULL, NULL},
    {LIT(".example.com"), NULL, NULL},
    {LIT("example..com"), NULL, NULL},
    {LIT("-a.example"), NULL, NULL},
    {LIT("a-.example"), NULL, NULL},
    {LIT("exa mple.com"), NULL, NULL},
    {LIT(" example.com"), NULL, NULL},
    {LIT("example.com\n"), NULL, NULL},
    {LIT("example.com\0.evil.example"), NULL, NULL},
    {LIT("example.com\0"), NULL, NULL},
    {LIT("192.0.2.1"), NULL, NULL},
    {LIT("0x7f.0x1"), NULL, NULL},
    {LIT("example.123"), NULL, NULL},
    {LIT("[192.0.2.1]"), NULL, NULL},
    {LIT("a@example.com"), NULL, NULL},
    {LIT("\"example.com\""), NULL, NULL},
    {LIT("example.com:25"), NULL, NULL},
    {LIT("example%2ecom"), NULL, NULL},
    {LIT("*.example.com"), NULL, NULL},
    /* full-width letters, ideographic full stop: some readers make plain ASCII of them */
    {LIT("\xef\xbd\x85xample.com"), NULL, NULL},
    {LIT("example\xe3\x80\x82"
	 "com"),
     NULL, NULL},
    {LIT("b\xc3\xbc"
	 "cher\xef\xbc\x8e"
	 "example.com"),
     NULL, NULL},
    {LIT("example.com\xc2\xad"), NULL, NULL},     /* soft hyphen vanishes */
    {LIT("exa\xe2\x80\x8bmple.com"), NULL, NULL}, /* zero-width space */
    {LIT("b\xfc"
	 "cher.example"),
     NULL, NULL}, /* Latin-1 */
    {LIT("b\xc3"), NULL, NULL},
    {LIT("\xed\xa0\x80.example"), NULL, NULL}, /* surrogate */
    /* what libidn2 drops: each would be the name of bücher */
    {LIT("b\xc3\xbc\x1f"
	 "cher.example"),
     NULL, NULL},
    {LIT("b\xc3\xbc\xe2\x89\xa0"
	 "cher.example"),
     NULL, NULL}, /* unequal */
    {LIT("b\xc3\xbc\xef\xbc\x8c"
	 "cher.example"),
     NULL, NULL}, /* full-width comma */
    {LIT("b\xc3\xbc\xe2\x91\xb4"
	 "cher.example"),
     NULL, NULL},                              /* "(1)" in one character */
    {LIT("\xe2\x92\x88.example"), NULL, NULL}, /* "1." in one character */
};

static void test_normalise(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(spellings); i++)
		for (int owner = 0; owner < 2; owner++) {
			const char *want = owner ? spellings[i].want_owner : spellings[i].want;
			char got[LIMIT_DOMAIN + 1] = "untouched";
			struct slice in = tight(spellings[i].name);
			bool ok = domain_normalise(in, owner, got);
			CHECK(ok == (want != NULL), "row %zu (%s): got %d", i, spellings[i].name.p,
			      ok);
			CHECK(strcmp(got, want ? want : "untouched") == 0,
			      "row %zu: got %s, want %s", i, got, or_none(want));
			if (want) {
				struct slice w = slice_of(want);
				char again[LIMIT_DOMAIN + 1];
				CHECK(domain_normalise(w, owner, again), "row %zu again", i);
				CHECK(strcmp(again, want) == 0, "row %zu: again %s", i, again);
				CHECK(owner ? domain_is_owner(w) : domain_is_plain(w), "row %zu",
				      i);
			}
			tight_free(in);
		}
}

/* Whatever domain_normalise accepts from a cut or damaged name is in the one spelling. */
static void test_normalise_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(spellings); i++)
		for (size_t n = 0; n <= spellings[i].name.n; n++) {
			struct slice in = tight((struct slice){spellings[i].name.p, n});
			char got[LIMIT_DOMAIN + 1];
			if (domain_normalise(in, true, got))
				CHECK(domain_is_owner(slice_of(got)), "row %zu cut at %zu: %s", i,
				      n, got);
			tight_free(in);
		}
}

static void test_plain(void **state)
{
	(void)state;
	static const struct {
		struct slice name;
		bool want, want_owner;
	} rows[] = {
	    {LIT("example.com"), true, true},
	    {LIT("Example.com"), false, false},
	    {LIT("example.com."), false, false},
	    {LIT("_dmarc.example.com"), false, true},
	    {LIT("com"), false, false},
	    {LIT("example.1"), false, false},
	    {LIT("b\xc3\xbc.example"), false, false},
	    {LIT("a.b\0"), false, false},
	    {LIT(D253), true, true},
	    {LIT(D254), false, false},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CHECK(domain_is_plain(rows[i].name) == rows[i].want, "row %zu", i);
		CHECK(domain_is_owner(rows[i].name) == rows[i].want_owner, "row %zu", i);
	}
}

static void test_org(void **state)
{
	struct suffixes *s = *state;
	static const struct {
		const char *name, *want;
	} rows[] = {
	    {"example.com", "example.com"},
	    {"a.b.example.com", "example.com"},
	    {"a.example.co.uk", "example.co.uk"},
	    {"co.uk", NULL},
	    {"a.b.github.io", "b.github.io"}, /* private suffixes count */
	    {"github.io", NULL},
	    {"a.b.unknown-tld-here", "b.unknown-tld-here"},
	    {"_dmarc.example.com", "example.com"},
	    /* what libpsl would answer with nonsense */
	    {"a.EXAMPLE.CO.UK", NULL},
	    {"example.com.", NULL},
	    {"192.0.2.1", NULL},
	    {"x..y.com", NULL},
	    {"", NULL},
	    {"com", NULL},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *got = domain_org(s, rows[i].name);
		CHECK((got == NULL) == (rows[i].want == NULL), "%s: got %s", rows[i].name,
		      or_none(got));
		if (got) {
			CHECK(strcmp(got, rows[i].want) == 0, "%s: got %s", rows[i].name,
			      or_none(got));
			CHECK(got >= rows[i].name && got <= rows[i].name + strlen(rows[i].name),
			      "%s: not a pointer into the name", rows[i].name);
		}
	}
}

static void test_suffix_known(void **state)
{
	struct suffixes *s = *state;
	static const struct {
		const char *name;
		bool want;
	} rows[] = {
	    {"example.com", true},
	    {"a.b.co.uk", true},
	    {"example.de", true},
	    {"www.example.co.ck", true}, /* only "*.ck" is in the list */
	    {"xn--e1afmkfd.xn--p1ai", true},
	    {"address.please", false},
	    {"verification.aspx", false},
	    {"index.php", false},
	    {"example.test", false},
	    {"a.COM", false},
	    {"com", false},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK(domain_suffix_known(s, rows[i].name) == rows[i].want, "%s", rows[i].name);
}

static void test_suffix_private(void **state)
{
	(void)state;
	struct suffixes *s = suffixes_open();
	assert_non_null(s);
	assert_true(domain_suffix_private(s, "somebody.github.io"));
	assert_true(domain_suffix_private(s, "mail.somebody.github.io"));
	assert_false(domain_suffix_private(s, "github.com"));
	assert_false(domain_suffix_private(s, "example.co.uk"));
	assert_false(domain_suffix_private(s, "example.nosuchtld"));
	assert_false(domain_suffix_private(s, ""));
	assert_false(domain_suffix_private(s, "Somebody.GitHub.io"));
	suffixes_close(s);
}

static void test_aligned(void **state)
{
	struct suffixes *s = *state;
	static const struct {
		const char *a, *b;
		bool relaxed, strict;
	} rows[] = {
	    {"example.com", "example.com", true, true},
	    {"mail.example.com", "example.com", true, false},
	    {"example.com", "mail.example.com", true, false},
	    {"a.example.co.uk", "b.example.co.uk", true, false},
	    {"a.co.uk", "b.co.uk", false, false},
	    {"co.uk", "co.uk", false, false}, /* a public suffix is aligned with nothing */
	    {"a.github.io", "b.github.io", false, false},
	    {"example.com", "notexample.com", false, false},
	    {"example.com.evil.example", "example.com", false, false},
	    {"EXAMPLE.com", "EXAMPLE.com", false, false},
	    {"", "", false, false},
	    {"1.2.3.4", "1.2.3.4", false, false},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CHECK(domain_aligned(s, rows[i].a, rows[i].b, false) == rows[i].relaxed,
		      "relaxed %s %s", rows[i].a, rows[i].b);
		CHECK(domain_aligned(s, rows[i].a, rows[i].b, true) == rows[i].strict,
		      "strict %s %s", rows[i].a, rows[i].b);
	}
}

static void test_below(void **state)
{
	(void)state;
	assert_true(domain_is_below("example.com", "example.com"));
	assert_true(domain_is_below("a.b.example.com", "example.com"));
	assert_false(domain_is_below("notexample.com", "example.com"));
	assert_false(domain_is_below("com", "example.com"));
	assert_false(domain_is_below("example.com", ""));
	assert_false(domain_is_below("", "example.com"));
}

static void test_utf8(void **state)
{
	(void)state;
	static const struct {
		struct slice text;
		size_t want;
		uint32_t want_char;
	} rows[] = {
	    {LIT(""), 0, 0},
	    {LIT("\0"), 1, 0},
	    {LIT("\x7f"), 1, 0x7f},
	    {LIT("\x80"), 0, 0},
	    {LIT("\xc1\xbf"), 0, 0},
	    {LIT("\xc2\x80"), 2, 0x80},
	    {LIT("\xc2"), 0, 0},
	    {LIT("\xdf\xbf"), 2, 0x7ff},
	    {LIT("\xe0\x9f\xbf"), 0, 0},
	    {LIT("\xe0\xa0\x80"), 3, 0x800},
	    {LIT("\xed\x9f\xbf"), 3, 0xd7ff},
	    {LIT("\xed\xa0\x80"), 0, 0},
	    {LIT("\xef\xbf\xbf"), 3, 0xffff},
	    {LIT("\xf0\x8f\xbf\xbf"), 0, 0},
	    {LIT("\xf0\x90\x80\x80"), 4, 0x10000},
	    {LIT("\xf4\x8f\xbf\xbf"), 4, 0x10ffff},
	    {LIT("\xf4\x90\x80\x80"), 0, 0},
	    {LIT("\xf5\x80\x80\x80"), 0, 0},
	    {LIT("\xff"), 0, 0},
	    {LIT("\xe2\x82\x28"), 0, 0},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		for (size_t n = 0; n <= rows[i].text.n; n++) {
			struct slice in = tight((struct slice){rows[i].text.p, n});
			uint32_t c = 0;
			size_t got = utf8_next(in, &c);
			size_t want = n == rows[i].text.n ? rows[i].want : 0;
			CHECK(got == want, "row %zu cut at %zu: got %zu", i, n, got);
			if (want) {
				char back[4];
				CHECK(c == rows[i].want_char, "row %zu: got %x", i, c);
				CHECK(utf8_put(c, back) == want && !memcmp(back, in.p, want),
				      "row %zu", i);
			}
			tight_free(in);
		}
}

static void test_printable(void **state)
{
	(void)state;
	assert_true(utf8_is_printable(LIT("")));
	assert_true(utf8_is_printable(LIT("Pr\xc3\xbc"
					  "fung \xe2\x9c\x93 \xf0\x9f\x98\x80 \xe7\xa2\xba")));
	assert_false(utf8_is_printable(LIT("a\nb")));
	assert_false(utf8_is_printable(LIT("a\0b")));
	assert_false(utf8_is_printable(LIT("a\x1b[31m")));
	assert_false(utf8_is_printable(LIT("a\x7f")));
	assert_false(utf8_is_printable(LIT("a\xc2\x85")));     /* C1 */
	assert_false(utf8_is_printable(LIT("a\xe2\x80\xae"))); /* right-to-left override */
	assert_false(utf8_is_printable(LIT("a\xe2\x81\xa6"))); /* isolate */
	assert_false(utf8_is_printable(LIT("a\xef\xbb\xbf")));
	assert_false(utf8_is_printable(LIT("a\xf3\xa0\x80\x81"))); /* tag */
	assert_false(utf8_is_printable(LIT("a\xef\xbf\xbf")));
	assert_false(utf8_is_printable(LIT("a\xff")));
	assert_false(utf8_is_printable(LIT("\xe2\x82")));
}

static int open_suffixes(void **state)
{
	*state = suffixes_open();
	return *state ? 0 : -1;
}

static int close_suffixes(void **state)
{
	suffixes_close(*state);
	suffixes_close(NULL);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_normalise),    cmocka_unit_test(test_normalise_cut),
	    cmocka_unit_test(test_plain),        cmocka_unit_test(test_org),
	    cmocka_unit_test(test_suffix_known), cmocka_unit_test(test_suffix_private),
	    cmocka_unit_test(test_aligned),      cmocka_unit_test(test_below),
	    cmocka_unit_test(test_utf8),         cmocka_unit_test(test_printable),
	};
	return cmocka_run_group_tests_name("domain", tests, open_suffixes, close_suffixes);
}
