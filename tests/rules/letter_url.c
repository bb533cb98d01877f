/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * letter_url.c - one URL to host and path, and URLs found in text.
 */
#include "rules/letter/links.h"
#include "rules/letter/url.h"
#include "tests/rules/table.h"

#define ODD true

static const struct {
	struct slice url;
	enum url_kind kind;
	bool odd;
	const char *host, *path;
} urls[] = {
    /* plain */
    {LIT("https://example.com/"), URL_PLACE, 0, "example.com", "/"},
    {LIT("https://example.com"), URL_PLACE, 0, "example.com", "/"},
    {LIT("http://emailverification.info?trigger=ABC&email=a@b.example"), URL_PLACE, 0,
     "emailverification.info", "/?trigger=ABC&email=a@b.example"},
    {LIT("HTTPS://WWW.Example.COM/Path?Q=1#frag"), URL_PLACE, 0, "www.example.com", "/Path?Q=1"},
    {LIT("https://example.com#frag"), URL_PLACE, 0, "example.com", "/"},
    {LIT("  https://example.com/x \r\n"), URL_PLACE, 0, "example.com", "/x"},
    {LIT("//example.com/x"), URL_PLACE, 0, "example.com", "/x"},
    {LIT("www.example.com/x"), URL_PLACE, 0, "www.example.com", "/x"},
    {LIT("https://xn--bcher-kva.example/"), URL_PLACE, 0, "xn--bcher-kva.example", "/"},
    {LIT("https://example.com/a//b"), URL_PLACE, 0, "example.com", "/a//b"},
    {LIT("https://example.com/a..b/..c/.d"), URL_PLACE, 0, "example.com", "/a..b/..c/.d"},
    {LIT("https://example.com/?u=/../"), URL_PLACE, 0, "example.com", "/?u=/../"},
    {LIT("https://example.com/?a&lang=en"), URL_PLACE, 0, "example.com", "/?a&lang=en"},
    /* nowhere */
    {LIT(""), URL_NOWHERE, 0, "", ""},
    {LIT(" \t"), URL_NOWHERE, 0, "", ""},
    {LIT("#top"), URL_NOWHERE, 0, "", ""},
    {LIT("mailto:a@example.com"), URL_NOWHERE, 0, "", ""},
    {LIT("TEL:+49"), URL_NOWHERE, 0, "", ""},
    {LIT("mailto:a@example.com?Subject=Domain%20example.com"), URL_NOWHERE, 0, "", ""},
    /* relative */
    {LIT("x/y?z#f"), URL_RELATIVE, 0, "", "x/y?z"},
    {LIT("/x"), URL_RELATIVE, 0, "", "/x"},
    {LIT("?x"), URL_RELATIVE, 0, "", "?x"},
    {LIT("../x"), URL_RELATIVE, ODD, "", "../x"},
    {LIT("/\texample.com"), URL_RELATIVE, ODD, "", "/example.com"},
    {LIT("https&colon;//example.com/"), URL_RELATIVE, ODD, "", "https&colon;//example.com/"},
    /* another scheme */
    {LIT("javascript:alert(1)"), URL_OTHER, ODD, "", ""},
    {LIT("java\nscript:alert(1)"), URL_OTHER, ODD, "", ""},
    {LIT("data:text/html,x"), URL_OTHER, ODD, "", ""},
    {LIT("ftp://example.com/"), URL_OTHER, ODD, "", ""},
    {LIT("http+x://example.com/"), URL_OTHER, ODD, "", ""},
    {LIT("example.com:80/x"), URL_OTHER, ODD, "", ""},
    {LIT("ftp://example.com/"), URL_OTHER, ODD, "", ""},
    {LIT("mailto:a@example.com?body=x"), URL_OTHER, ODD, "", ""},
    {LIT("mailto:a@example.com?subject=x&bcc=b@example.com"), URL_OTHER, ODD, "", ""},
    {LIT("mailto:?to=a@example.com"), URL_OTHER, ODD, "", ""},
    /* what a browser forgives */
    {LIT("https://example.com./x"), URL_PLACE, ODD, "example.com", "/x"},
    {LIT("https://example.com../x"), URL_PLACE, ODD, "", "/x"},
    {LIT("http:example.com/x"), URL_PLACE, ODD, "example.com", "/x"},
    {LIT("http:/example.com/x"), URL_PLACE, ODD, "example.com", "/x"},
    {LIT("http:///example.com/x"), URL_PLACE, ODD, "example.com", "/x"},
    {LIT("http:\\\\example.com\\x"), URL_PLACE, ODD, "example.com", "\\x"},
    {LIT("\\\\example.com/x"), URL_PLACE, ODD, "example.com", "/x"},
    {LIT("/\\example.com/x"), URL_PLACE, ODD, "example.com", "/x"},
    {LIT("///example.com/x"), URL_PLACE, ODD, "example.com", "/x"},
    {LIT("https://exa\nmple.com/x"), URL_PLACE, ODD, "example.com", "/x"},
    {LIT("https://exa\tmple.com/x"), URL_PLACE, ODD, "example.com", "/x"},
    {LIT("\x01https://example.com/x"), URL_PLACE, ODD, "example.com", "/x"},
    {LIT("https://example.com/x\0y"), URL_PLACE, ODD, "example.com", "/x"},
    {LIT("https://good.example@example.com/x"), URL_PLACE, ODD, "example.com", "/x"},
    {LIT("https://good.example:pw@example.com:443/x"), URL_PLACE, ODD, "example.com", "/x"},
    {LIT("https://example.com:443/x"), URL_PLACE, ODD, "example.com", "/x"},
    {LIT("https://example.com:/x"), URL_PLACE, ODD, "example.com", "/x"},
    {LIT("https://good.example\\@example.com/x"), URL_PLACE, ODD, "good.example",
     "\\@example.com/x"},
    {LIT("https://ex%61mple%2ecom/x"), URL_PLACE, ODD, "example.com", "/x"},
    {LIT("https://example%2fcom/x"), URL_PLACE, ODD, "", "/x"},
    {LIT("https://b\xc3\xbc"
	 "cher.example/x"),
     URL_PLACE, ODD, "xn--bcher-kva.example", "/x"},
    {LIT("https://example\xe3\x80\x82"
	 "com/x"),
     URL_PLACE, ODD, "", "/x"},
    {LIT("https://192.0.2.1/x"), URL_PLACE, ODD, "", "/x"},
    {LIT("https://[2001:db8::1]/x"), URL_PLACE, ODD, "", "/x"},
    {LIT("https://3221225985/x"), URL_PLACE, ODD, "", "/x"},
    {LIT("https://localhost/x"), URL_PLACE, ODD, "", "/x"},
    {LIT("https://a_b.example/x"), URL_PLACE, ODD, "", "/x"},
    {LIT("https://example..com/x"), URL_PLACE, ODD, "", "/x"},
    {LIT("https:///"), URL_PLACE, ODD, "", "/"},
    {LIT("https://"), URL_PLACE, ODD, "", "/"},
    {LIT("https://example.com/a/../b"), URL_PLACE, ODD, "example.com", "/a/../b"},
    {LIT("https://example.com/a/%2E./b"), URL_PLACE, ODD, "example.com", "/a/%2E./b"},
    {LIT("https://example.com/."), URL_PLACE, ODD, "example.com", "/."},
    {LIT("https://example.com/a\\b"), URL_PLACE, ODD, "example.com", "/a\\b"},
    {LIT("https://example.com/&sol;x"), URL_PLACE, ODD, "example.com", "/&sol;x"},
    {LIT("https://example.com/?a&copy"), URL_PLACE, ODD, "example.com", "/?a&copy"},
    {LIT("https://example.com/?a&lt-b"), URL_PLACE, ODD, "example.com", "/?a&lt-b"},
    {LIT("https://example.com/?a&copyx=1&opy=2&copyx&opy"), URL_PLACE, 0, "example.com",
     "/?a&copyx=1&opy=2&copyx&opy"},
    {LIT("https://example.com/?a&copy=1"), URL_PLACE, ODD, "example.com", "/?a&copy=1"},
    {LIT("https://example.com/x&#"), URL_PLACE, ODD, "example.com", "/x&"},
    {LIT("https://example.com/a b"), URL_PLACE, ODD, "example.com", "/a b"},
    {LIT("https://example.com/?a\"b"), URL_PLACE, ODD, "example.com", "/?a\"b"},
    {LIT("https://example.com/?{a}"), URL_PLACE, ODD, "example.com", "/?{a}"},
    {LIT("https://example.com/\xc3\xbc"), URL_PLACE, ODD, "example.com", "/\xc3\xbc"},
    {LIT("https://example.com/?n=O'Brien~a@b.example!$()*,;:[x]"), URL_PLACE, 0, "example.com",
     "/?n=O'Brien~a@b.example!$()*,;:[x]"},
};

static void test_url(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(urls); i++) {
		struct url got;
		struct slice in = tight(urls[i].url);
		url_read(in, &got);
		tight_free(in);
		CHECK(got.kind == urls[i].kind, "%s: got kind %d", urls[i].url.p, got.kind);
		CHECK(got.odd == urls[i].odd, "%s: got odd %d", urls[i].url.p, got.odd);
		CHECK(strcmp(got.host, urls[i].host) == 0, "%s: got host %s", urls[i].url.p,
		      got.host);
		CHECK(strcmp(got.path, urls[i].path) == 0, "%s: got path %s", urls[i].url.p,
		      got.path);
	}
}

static void test_url_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(urls); i++)
		for (size_t n = 0; n <= urls[i].url.n; n++) {
			struct url got;
			struct slice in = tight((struct slice){urls[i].url.p, n});
			url_read(in, &got);
			CHECK(got.path_n <= LIMIT_LINK_BYTES + 1, "row %zu cut at %zu", i, n);
			tight_free(in);
		}
}

static void test_url_limit(void **state)
{
	(void)state;
	char text[LIMIT_LINK_BYTES + 2];
	struct url got;
	memset(text, 'a', sizeof text);
	memcpy(text, "http://example.com?", 19);
	url_read((struct slice){text, LIMIT_LINK_BYTES}, &got);
	CHECK(!got.odd && strcmp(got.host, "example.com") == 0, "at the limit: %s", got.host);
	CHECK(got.path_n == LIMIT_LINK_BYTES - 18 + 1, "path of %zu", got.path_n);
	url_read((struct slice){text, LIMIT_LINK_BYTES + 1}, &got);
	CHECK(got.odd && got.kind == URL_PLACE && !got.host[0], "one past it: %s", got.host);
}

static void test_resolve(void **state)
{
	(void)state;
	static const struct {
		const char *base, *relative, *path;
		bool odd;
	} rows[] = {
	    {"https://example.com/a/b?c", "x", "/a/x", false},
	    {"https://example.com/a/b?c", "/x", "/x", false},
	    {"https://example.com/a/b?c", "?x", "/a/b?x", false},
	    {"https://example.com?c=/d", "x?y", "/x?y", false},
	    {"https://example.com", "x", "/x", false},
	    {"https://example.com", "../x", "/../x", true},
	    {"https://a@example.com", "x", "/x", true},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct url base, relative, got;
		url_read(slice_of(rows[i].base), &base);
		url_read(slice_of(rows[i].relative), &relative);
		url_resolve(&base, &relative, &got);
		CHECK(strcmp(got.host, "example.com") == 0, "row %zu: got %s", i, got.host);
		CHECK(strcmp(got.path, rows[i].path) == 0, "row %zu: got %s", i, got.path);
		CHECK(got.odd == rows[i].odd, "row %zu: got %d", i, got.odd);
	}
}

/* What is found in a text, one "[!]host path" a line. */
static const struct {
	const char *text, *want;
} texts[] = {
    {"", ""},
    {"no link at all: example.com, a@www.example.com, 12:30, and/or", ""},
    {"see https://example.com/x.", "example.com /x\n"},
    {"see <http://emailverification.info?trigger=T&email=a@b.example>",
     "emailverification.info /?trigger=T&email=a@b.example\n"},
    {"(https://example.com/a) (https://example.com/b(c))", "example.com /a\nexample.com /b(c)\n"},
    {"\"https://example.com/x\", 'https://example.com/y'", "example.com /x\nexample.com /y\n"},
    {"URL:https://example.com/x", "example.com /x\n"},
    {"URL\xef\xbc\x9ahttps://example.com/x\xe3\x82\x92", "example.com /x\n"},
    {"\xe3\x81\xafwww.example.com/x", "www.example.com /x\n"},
    {"www.example.com and WWW.Example.COM/x!", "www.example.com /\nwww.example.com /x\n"},
    {"URL:www.example.com", "www.example.com /\n"},
    {"...www.example.com", "www.example.com /\n"},
    {"foo.www.example.com www.", ""},
    {"//example.com/x", "example.com /x\n"},
    {"://www.example.com/x", "www.example.com /x\n"},
    {"// comment, and//or.example", ""},
    {"http:// and https://", ""},
    {"https://example.com/a\nhttps://example.com/b", "example.com /a\nexample.com /b\n"},
    {"https://example.com/a\r\nmore", "example.com /a\n"},
    {"https://example.com/a https://example.com/a", "example.com /a\n"},
    {"ftp://example.com/x hxxp://example.com", "!\n!\n"},
    {"https://exa\xe2\x80\x8bmple.com/x", "! /x\n"},
    {"https://b\xc3\xbc"
     "cher.example/x",
     "!xn--bcher-kva.example /x\n"},
    {"https://192.0.2.1/x", "! /x\n"},
    {"https://a@example.com/x", "!example.com /x\n"},
    {"x-https://example.com/x", "!\n"},
    {"https://example.com/a,https://evil.example/b",
     "example.com /a,https://evil.example/b\nevil.example /b\n"},
    {"https://example.com/?u=//evil.example/b",
     "example.com /?u=//evil.example/b\nevil.example /b\n"},
    {"https://example.com/a//b", "example.com /a//b\n"},
    {"(www.example.com)(www.evil.example)", "www.example.com /\nwww.evil.example /\n"},
};

static void print_links(const struct links *l, struct str *to)
{
	for (size_t i = 0; i < l->count; i++)
		str_printf(to, "%s%s%s%s\n", l->list[i].odd ? "!" : "", l->list[i].host,
			   l->list[i].path_n ? " " : "", l->list[i].path);
}

static void test_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct links l = {0};
		struct str got = {0};
		struct slice in = tight(slice_of(texts[i].text));
		links_in_text(in, &l);
		tight_free(in);
		print_links(&l, &got);
		CHECK(strcmp(str_text(&got), texts[i].want) == 0, "\"%s\": got \"%s\"",
		      texts[i].text, str_text(&got));
		str_free(&got);
		links_free(&l);
	}
}

static void add_numbered(struct links *l, unsigned n)
{
	struct str url = {0};
	str_printf(&url, "https://example.com/%u", n);
	links_add(l, LINK_A, (struct slice){url.p, url.n}, (struct slice){NULL, 0});
	str_free(&url);
}

static void test_limits(void **state)
{
	(void)state;
	char text[LIMIT_LINK_BYTES + 1];
	struct links l = {0};
	const struct slice none = {NULL, 0};
	for (unsigned i = 0; i < LIMIT_LINKS; i++)
		add_numbered(&l, i);
	CHECK(l.count == LIMIT_LINKS && !l.limit, "at the limit: %zu", l.count);
	add_numbered(&l, 0);
	CHECK(!l.limit, "the same again is no further link");
	add_numbered(&l, LIMIT_LINKS);
	CHECK(l.count == LIMIT_LINKS && l.limit, "one past it: %zu", l.count);
	links_free(&l);

	memset(text, 'a', sizeof text);
	memcpy(text, "http://example.com?", 19);
	links_add(&l, LINK_A, (struct slice){text, LIMIT_LINK_BYTES}, none);
	CHECK(l.count == 1 && !l.limit, "a long link: %zu", l.count);
	links_add(&l, LINK_A, (struct slice){text, LIMIT_LINK_BYTES + 1}, none);
	CHECK(l.count == 1 && l.limit, "a longer one: %zu", l.count);
	links_free(&l);
	struct str long_text = {0};
	str_add(&long_text, text, sizeof text);
	links_in_text((struct slice){long_text.p, long_text.n}, &l);
	CHECK(l.limit, "in a text");
	links_free(&l);
	str_free(&long_text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_url),       cmocka_unit_test(test_url_cut),
	    cmocka_unit_test(test_url_limit), cmocka_unit_test(test_resolve),
	    cmocka_unit_test(test_text),      cmocka_unit_test(test_limits),
	};
	return cmocka_run_group_tests_name("letter_url", tests, NULL, NULL);
}
