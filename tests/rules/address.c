/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * address.c - From values, plain and hostile: what blesses, what is refused, whom they claim.
 *
 * "claims" names what the lenient reader must see in a value that the strict one refuses.
 */
#include "rules/core/address.h"
#include "tests/rules/table.h"

#define L64 "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcd"
#define D   "b.example"
#define A   "a@b.example"

static const struct row {
	struct slice value;
	const char *want;    /* the address, NULL: refused */
	const char *display; /* raw; NULL: none */
	const char *claims;  /* an address that must be claimed; NULL: want */
} rows[] = {
    /* plain */
    {LIT("a@b.example"), A, NULL, NULL},
    {LIT(" a@b.example"), A, NULL, NULL},
    {LIT("a@b.example \t"), A, NULL, NULL},
    {LIT("<a@b.example>"), A, NULL, NULL},
    {LIT(" <a@b.example> "), A, NULL, NULL},
    {LIT("Name <a@b.example>"), A, "Name", NULL},
    {LIT("Name<a@b.example>"), A, "Name", NULL},
    {LIT(" Key-Systems GmbH  <a@b.example>"), A, "Key-Systems GmbH", NULL},
    {LIT("Namecheap.com Support <a@b.example>"), A, "Namecheap.com Support", NULL},
    {LIT("\"Name, GmbH (DE)\" <a@b.example>"), A, "\"Name, GmbH (DE)\"", NULL},
    {LIT("\"a@b.example\" <a@b.example>"), A, "\"a@b.example\"", NULL},
    {LIT("\"one\" two \"three\" <a@b.example>"), A, "\"one\" two \"three\"", NULL},
    {LIT("\"\" <a@b.example>"), A, "\"\"", NULL},
    {LIT("=?utf-8?Q?J=C3=BCrgen?= <a@b.example>"), A, "=?utf-8?Q?J=C3=BCrgen?=", NULL},
    {LIT("=?utf-8?B?w7w=?=\n =?utf-8?B?w7w=?= <a@b.example>"), A,
     "=?utf-8?B?w7w=?=\n =?utf-8?B?w7w=?=", NULL},
    {LIT("J\xc3\xbcrgen <a@b.example>"), A, "J\xc3\xbcrgen", NULL},
    {LIT("\"J\xc3\xbcrgen\" <a@b.example>"), A, "\"J\xc3\xbcrgen\"", NULL},
    {LIT("Name\n <a@b.example>"), A, "Name", NULL},
    {LIT("Name\r\n\t<a@b.example>"), A, "Name", NULL},
    {LIT("\"two\n words\" <a@b.example>"), A, "\"two\n words\"", NULL},
    {LIT("\n a@b.example"), A, NULL, NULL},
    {LIT("no-reply.x+y_z=1~@b.example"), "no-reply.x+y_z=1~@b.example", NULL, NULL},
    {LIT("A@B.Example"), "A@b.example", NULL, NULL},
    {LIT("a@b\xc3\xbc"
	 "cher.example"),
     "a@xn--bcher-kva.example", NULL, NULL},
    {LIT("a@xn--bcher-kva.example"), "a@xn--bcher-kva.example", NULL, NULL},
    {LIT(L64 "@b.example"), L64 "@b.example", NULL, NULL},
    /* not one address */
    {LIT(""), NULL, NULL, NULL},
    {LIT(" "), NULL, NULL, NULL},
    {LIT("Name"), NULL, NULL, NULL},
    {LIT("<>"), NULL, NULL, NULL},
    {LIT("Name <>"), NULL, NULL, NULL},
    {LIT("a@b.example, c@d.example"), NULL, NULL, "c@d.example"},
    {LIT("a@b.example,c@d.example"), NULL, NULL, A},
    {LIT("a@b.example; c@d.example"), NULL, NULL, A},
    /* behind the comma an Arabic mark, for which libidn2 is asked */
    {LIT("a@b.example,\xd9\x9d@d.example"), NULL, NULL, A},
    {LIT("a@b.example c@d.example"), NULL, NULL, "c@d.example"},
    {LIT("<a@b.example> <c@d.example>"), NULL, NULL, "c@d.example"},
    {LIT("<a@b.example>, <c@d.example>"), NULL, NULL, A},
    {LIT("<a@b.example><c@d.example>"), NULL, NULL, A},
    {LIT("<a@b.example>,"), NULL, NULL, A},
    {LIT(",<a@b.example>"), NULL, NULL, A},
    {LIT("<<a@b.example>>"), NULL, NULL, A},
    {LIT("<a@b.example"), NULL, NULL, A},
    {LIT("a@b.example>"), NULL, NULL, A},
    {LIT("c@d.example <a@b.example>"), NULL, NULL, A},
    {LIT("c@d.example, <a@b.example>"), NULL, NULL, A},
    {LIT("<c@d.example> a@b.example"), NULL, NULL, A},
    /* groups */
    {LIT("Group: a@b.example;"), NULL, NULL, A},
    {LIT("Group:;"), NULL, NULL, NULL},
    {LIT("a:a:a:<a@b.example>;"), NULL, NULL, A},
    {LIT("undisclosed-recipients:; <a@b.example>"), NULL, NULL, A},
    /* comments */
    {LIT("a@b.example (Name)"), NULL, NULL, A},
    {LIT("(Name) a@b.example"), NULL, NULL, A},
    {LIT("(c@d.example) <a@b.example>"), NULL, NULL, A},
    {LIT("Name (x) <a@b.example>"), NULL, NULL, A},
    {LIT("a(x)@b.example"), NULL, NULL, A},
    {LIT("a@(x)b.example"), NULL, NULL, A},
    {LIT("a@b(x).example"), NULL, NULL, A},
    {LIT("a@b.(x)example"), NULL, NULL, A},
    {LIT("<a@b.example>(x)"), NULL, NULL, A},
    {LIT("<a@b.example(.evil.example)>"), NULL, NULL, A},
    {LIT("<(a@b.example)c@d.example>"), NULL, NULL, A},
    {LIT("a@b.example (((("), NULL, NULL, A},
    {LIT("(a@b.example"), NULL, NULL, A},
    /* space */
    {LIT("a @b.example"), NULL, NULL, A},
    {LIT("a@ b.example"), NULL, NULL, A},
    {LIT("a@b .example"), NULL, NULL, A},
    {LIT("a@b. example"), NULL, NULL, A},
    {LIT("< a@b.example>"), NULL, NULL, A},
    {LIT("<a@b.example >"), NULL, NULL, A},
    {LIT("<a@b.example\n >"), NULL, NULL, A},
    {LIT("a\n @b.example"), NULL, NULL, A},
    {LIT("a@\r\n\tb.example"), NULL, NULL, A},
    /* folds that are none */
    {LIT("Name\n<a@b.example>"), NULL, NULL, A},
    {LIT("Name\r <a@b.example>"), NULL, NULL, A},
    {LIT("Name\n \n <a@b.example>"), NULL, NULL, A},
    {LIT("a@b.example\n"), NULL, NULL, A},
    {LIT("a@b.example\r\n"), NULL, NULL, A},
    {LIT("a@b.example\n "), NULL, NULL, A},
    {LIT("a@b.example\r"), NULL, NULL, A},
    {LIT("a@b.example\n\nFrom: c@d.example"), NULL, NULL, A},
    {LIT("\"x\ny\" <a@b.example>"), NULL, NULL, A},
    /* encoded words where an address stands; what they say is the caller's to decode */
    {LIT("=?utf-8?q?a=40b.example?="), NULL, NULL, NULL},
    {LIT("=?utf-8?q?a?=@b.example"), NULL, NULL, "=?utf-8?q?a?=@b.example"},
    {LIT("<=?utf-8?q?a?=@b.example>"), NULL, NULL, "=?utf-8?q?a?=@b.example"},
    {LIT("a@=?utf-8?q?b.example?="), NULL, NULL, NULL},
    {LIT("=?utf-8?q?=3Ca=40b=2Eexample=3E?= <c@d.example>"), "c@d.example",
     "=?utf-8?q?=3Ca=40b=2Eexample=3E?=", NULL},
    {LIT("=?utf-8?q?a,?= <a@b.example>"), NULL, NULL, A},
    /* quotes */
    {LIT("\"a\"@b.example"), NULL, NULL, A},
    {LIT("<\"a\"@b.example>"), NULL, NULL, A},
    {LIT("\"a b\"@b.example"), NULL, NULL, "a b@b.example"},
    {LIT("\"a@b.example\"@d.example"), NULL, NULL, A},
    {LIT("\"Name <a@b.example>"), NULL, NULL, A},
    {LIT("Name\" <a@b.example>"), NULL, NULL, A},
    {LIT("\"Na\"me\" <a@b.example>"), NULL, NULL, A},
    {LIT("\"<c@d.example>\" <a@b.example>"), NULL, NULL, "c@d.example"},
    {LIT("\"x\\\" <c@d.example>, \\\"\" <a@b.example>"), NULL, NULL, "c@d.example"},
    {LIT("\"quoted \\\"pair\\\"\" <a@b.example>"), NULL, NULL, A},
    {LIT("\"Na\\me\" <a@b.example>"), NULL, NULL, A},
    {LIT("\\a@b.example"), NULL, NULL, A},
    {LIT("a\\@b.example"), NULL, NULL, "@b.example"},
    {LIT("Na\\me <a@b.example>"), NULL, NULL, A},
    {LIT("<a@b.example\">"), NULL, NULL, A},
    /* routes */
    {LIT("<@c.example:a@b.example>"), NULL, NULL, A},
    {LIT("<@c.example,@d.example:a@b.example>"), NULL, NULL, A},
    {LIT("@c.example:a@b.example"), NULL, NULL, A},
    {LIT("a%c.example@b.example"), NULL, NULL, "a%c.example@b.example"},
    {LIT("c.example!a@b.example"), NULL, NULL, "c.example!a@b.example"},
    {LIT("a@b.example@d.example"), NULL, NULL, A},
    {LIT("<a@b.example@d.example>"), NULL, NULL, A},
    {LIT("<a@b.example:c@d.example>"), NULL, NULL, A},
    /* text after the address, other brackets */
    {LIT("<a@b.example> text"), NULL, NULL, A},
    {LIT("<a@b.example> <"), NULL, NULL, A},
    {LIT("<a@b.example>;"), NULL, NULL, A},
    {LIT("mailto:a@b.example"), NULL, NULL, A},
    {LIT("[a@b.example]"), NULL, NULL, A},
    {LIT("Name [x] <a@b.example>"), NULL, NULL, A},
    /* local parts and domains */
    {LIT("@b.example"), NULL, NULL, "@b.example"},
    {LIT(".a@b.example"), NULL, NULL, ".a@b.example"},
    {LIT("a.@b.example"), NULL, NULL, "a.@b.example"},
    {LIT("a..a@b.example"), NULL, NULL, "a..a@b.example"},
    {LIT("a?@b.example"), NULL, NULL, "a?@b.example"},
    {LIT(L64 "x@b.example"), NULL, NULL, "@b.example"},
    {LIT("\xc3\xbc@b.example"), NULL, NULL, "\xc3\xbc@b.example"},
    {LIT("a@"), NULL, NULL, NULL},
    {LIT("a@b"), NULL, NULL, NULL},
    {LIT("a@b.example."), NULL, NULL, A},
    {LIT("a@.b.example"), NULL, NULL, NULL},
    {LIT("a@b..example"), NULL, NULL, NULL},
    {LIT("a@[192.0.2.1]"), NULL, NULL, NULL},
    {LIT("a@192.0.2.1"), NULL, NULL, NULL},
    {LIT("a@b_c.example"), NULL, NULL, NULL},
    {LIT("a@b.example/x"), NULL, NULL, A},
    {LIT("a@b.example:25"), NULL, NULL, A},
    {LIT("a@\xef\xbd\x82.example"), NULL, NULL, NULL},
    {LIT("a@b\xe3\x80\x82"
	 "example"),
     NULL, NULL, NULL},
    /* octets */
    {LIT("a\0@b.example"), NULL, NULL, "@b.example"},
    {LIT("a@b.example\0"), NULL, NULL, A},
    {LIT("a@b.example\0.evil.example"), NULL, NULL, A},
    {LIT("\0a@b.example"), NULL, NULL, A},
    {LIT("Na\0me <a@b.example>"), NULL, NULL, A},
    {LIT("\"Na\0me\" <a@b.example>"), NULL, NULL, A},
    {LIT("Na\x01me <a@b.example>"), NULL, NULL, A},
    {LIT("Na\x7fme <a@b.example>"), NULL, NULL, A},
    {LIT("Na\x0bme <a@b.example>"), NULL, NULL, A},
    {LIT("J\xfcrgen <a@b.example>"), NULL, NULL, A},
    {LIT("\"J\xfcrgen\" <a@b.example>"), NULL, NULL, A},
    {LIT("J\xc3 <a@b.example>"), NULL, NULL, A},
    {LIT("x\xe2\x80\xaey <a@b.example>"), NULL, NULL, A}, /* right-to-left override */
    {LIT("x\xc2\x85y <a@b.example>"), NULL, NULL, A},     /* C1 control */
    {LIT("\xef\xbb\xbf"
	 "a@b.example"),
     NULL, NULL,
     "\xef\xbb\xbf"
     "a@b.example"},
    {LIT("a\xc2\xa0@b.example"), NULL, NULL, "a\xc2\xa0@b.example"},
};

static bool is_claim(const struct address *a, void *context)
{
	const char *const *want = context;
	return *want == NULL || strcmp(a->text, *want) == 0;
}

static void test_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct row *r = &rows[i];
		struct slice in = tight(r->value);
		struct address got = {"untouched", "untouched"};
		bool ok = address_parse(in, &got);
		CHECK(ok == (r->want != NULL), "row %zu (%s): got %s", i, r->value.p, got.text);
		CHECK(strcmp(got.text, r->want ? r->want : "untouched") == 0,
		      "row %zu (%s): got %s", i, r->value.p, got.text);
		if (ok)
			CHECK(strcmp(got.domain, strchr(got.text, '@') + 1) == 0, "row %zu: %s", i,
			      got.domain);
		struct slice display = address_display(in);
		CHECK(slice_is(display, r->display ? r->display : ""), "row %zu (%s): got %.*s", i,
		      r->value.p, (int)display.n, display.p);
		const char *claim = r->claims ? r->claims : r->want;
		bool claimed = address_each_claim(in, is_claim, &claim);
		CHECK(claimed == (claim != NULL), "row %zu (%s): claims %s", i, r->value.p, claim);
		tight_free(in);
	}
}

/* Cut at every octet, and with every octet replaced: nothing is read past the end, and what is
 * accepted is in the one spelling. */
static void test_parse_cut(void **state)
{
	(void)state;
	static const char bad[] = {'\0', '\n', '"', '<', '@', '\\', '(', '\xff'};
	const char *none = "";
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		for (size_t n = 0; n <= rows[i].value.n; n++)
			for (size_t b = 0; b < sizeof bad; b++) {
				struct slice in = tight((struct slice){rows[i].value.p, n});
				struct address got;
				if (n > 0)
					((char *)(uintptr_t)in.p)[n - 1] = bad[b];
				if (address_parse(in, &got)) {
					struct address again;
					CHECK(address_parse(slice_of(got.text), &again), "%s",
					      got.text);
					CHECK(!strcmp(again.text, got.text), "%s", got.text);
				}
				address_display(in);
				address_parse_path(in, &got);
				address_each_claim(in, is_claim, &none);
				tight_free(in);
			}
}

static void test_length(void **state)
{
	(void)state;
	char value[LIMIT_FROM_VALUE + 2];
	struct address got;
	memset(value, 'x', sizeof value);
	memcpy(value + LIMIT_FROM_VALUE - 14, " <a@b.example>", 14);
	assert_true(address_parse((struct slice){value, LIMIT_FROM_VALUE}, &got));
	memset(value, 'x', sizeof value);
	memcpy(value + LIMIT_FROM_VALUE - 13, " <a@b.example>", 14);
	assert_false(address_parse((struct slice){value, LIMIT_FROM_VALUE + 1}, &got));
}

static bool count(const struct address *a, void *context)
{
	(void)a;
	++*(size_t *)context;
	return false;
}

static void test_claims_bounded(void **state)
{
	(void)state;
	struct str s = {0};
	for (size_t i = 0; i < ADDRESS_CLAIMS; i++)
		str_puts(&s, "a@b.example ");
	size_t n = 0;
	assert_false(address_each_claim((struct slice){s.p, s.n}, count, &n));
	assert_int_equal(n, ADDRESS_CLAIMS);
	str_puts(&s, "a@b.example ");
	n = 0;
	assert_false(address_each_claim((struct slice){s.p, s.n}, count, &n));
	assert_int_equal(n, ADDRESS_CLAIMS);
	str_free(&s);
}

static void test_path(void **state)
{
	(void)state;
	static const struct {
		struct slice path;
		const char *want; /* NULL: refused */
	} paths[] = {
	    {LIT(""), ""},
	    {LIT("<>"), ""},
	    {LIT("<a@b.example>"), A},
	    {LIT("a@b.example"), A},
	    {LIT("<a@B.EXAMPLE>"), A},
	    {LIT("<b=1+x-y@b.example>"), "b=1+x-y@b.example"},
	    {LIT("<a@b\xc3\xbc"
		 "cher.example>"),
	     "a@xn--bcher-kva.example"},
	    {LIT("<" L64 "@b.example>"), L64 "@b.example"},
	    {LIT("<" L64 "x@b.example>"), NULL},
	    {LIT("<"), NULL},
	    {LIT(">"), NULL},
	    {LIT("< >"), NULL},
	    {LIT("<<>>"), NULL},
	    {LIT("<a>"), NULL},
	    {LIT("a"), NULL},
	    {LIT("MAILER-DAEMON"), NULL},
	    {LIT("<a@b.example"), NULL},
	    {LIT("a@b.example>"), NULL},
	    {LIT("<a@b.example> "), NULL},
	    {LIT("<a@b.example>x"), NULL},
	    {LIT("<a@b.example> BODY=8BITMIME"), NULL},
	    {LIT("<@c.example:a@b.example>"), NULL},
	    {LIT("<a@c.example:b@b.example>"), NULL},
	    {LIT("<\"a\"@b.example>"), NULL},
	    {LIT("<\"\"@b.example>"), NULL},
	    {LIT("<a(x)@b.example>"), NULL},
	    {LIT("<(x)>"), NULL},
	    {LIT("<a@b.example(x)>"), NULL},
	    {LIT("<a@[192.0.2.1]>"), NULL},
	    {LIT("<a@b.example.>"), NULL},
	    {LIT("<a%c@b.example>"), NULL},
	    {LIT("<a@b.example@d.example>"), NULL},
	    {LIT("<a b@b.example>"), NULL},
	    {LIT("<a@b.example\0>"), NULL},
	    {LIT("<\0>"), NULL},
	    {LIT("<a@b.example\n>"), NULL},
	};
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		struct slice in = tight(paths[i].path);
		struct address got = {"untouched", "untouched"};
		bool ok = address_parse_path(in, &got);
		const char *want = paths[i].want;
		CHECK(ok == (want != NULL), "row %zu (%s): got %s", i, paths[i].path.p, got.text);
		CHECK(!strcmp(got.text, want ? want : "untouched"), "row %zu: got %s", i, got.text);
		tight_free(in);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_parse),          cmocka_unit_test(test_parse_cut),
	    cmocka_unit_test(test_length),         cmocka_unit_test(test_path),
	    cmocka_unit_test(test_claims_bounded),
	};
	return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
