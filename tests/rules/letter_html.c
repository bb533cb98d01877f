/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * letter_html.c - text and links of HTML, and the crude scan that looks for what the parser missed.
 */
#include "rules/letter/crude.h"
#include "rules/letter/html.h"
#include "tests/rules/table.h"

#define GOOD "https://reg.example/v?t=1"
#define EVIL "https://evil.example/x"

static void print_links(const struct links *l, struct str *to)
{
	for (size_t i = 0; i < l->count; i++)
		str_printf(to, "%s %s%s%s%s\n", link_kind_name(l->list[i].kind),
			   l->list[i].odd ? "!" : "", l->list[i].misleads ? "?" : "",
			   l->list[i].host, l->list[i].path);
}

struct reading {
	struct str text;
	struct links links, passive;
	bool hidden;
};

static void read_html(struct slice html, struct reading *ret)
{
	*ret = (struct reading){.passive.repeats = true};
	struct slice in = tight(html);
	html_read(in, &ret->text, &ret->links, &ret->passive);
	links_in_text((struct slice){str_text(&ret->text), ret->text.n}, &ret->links);
	CHECK(crude_scan(in, &ret->links, &ret->passive, &ret->hidden), "scan");
	tight_free(in);
}

static void free_reading(struct reading *r)
{
	str_free(&r->text);
	links_free(&r->links);
	links_free(&r->passive);
}

static const struct {
	const char *html, *text;
} texts[] = {
    {"", ""},
    {"plain", "plain\n"},
    {"a  b\n\tc<br>d", "a b c\nd\n"},
    {"<p>one</p><p>two <b>bold</b>, <i>it</i>alic</p>", "one\ntwo bold, italic\n"},
    {"<div><div>x</div></div>y", "x\ny\n"},
    {"<table><tr><th>Date</th><th>Name</th></tr><tr><td>1</td><td>2</td></tr></table>",
     "Date  Name\n1  2\n"},
    {"<ul><li>a<li>b</ul>", "a\nb\n"},
    {"<pre>a\n b</pre>", "a\nb\n"},
    {"a&nbsp;b &amp; &uuml; &#x41; &euro;", "a b & \xc3\xbc A \xe2\x82\xac\n"},
    {"a&period;b&colon;&sol;&commat;&amp;colon;&colonx;&colon", "a.b:/@&colon;&colonx;&colon\n"},
    {"&#0;&#x110000;&#xd800;&#4294967361;&#x80;&#x41&#65x", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
							    "\xef\xbf\xbd\xe2\x82\xac"
							    "AAx\n"},
    {"<div>a<td>b</td><tr>c</div>", "abc\n"}, /* no table, no cells */
    {"<head><title>t</title><style>s{}</style></head><body>x<script>var y;</script>z", "xz\n"},
    {"<p style='display:none'>hidden</p>shown", "hidden\nshown\n"},
    {"no later than:\n   Friday\n January 17.", "no later than: Friday January 17.\n"},
    {"<!-- comment -->x", "x\n"},
    {"<meta charset=iso-8859-1>\xc3\xbc", "\xc3\xbc\n"},
    {"<meta http-equiv=content-type content='text/html; charset=utf-16'>\xc3\xbc", "\xc3\xbc\n"},
};

static void test_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct reading r;
		read_html(slice_of(texts[i].html), &r);
		const char *got = str_text(&r.text);
		while (*got == '\n')
			got++;
		CHECK(strcmp(got, texts[i].text) == 0, "\"%s\": got \"%s\"", texts[i].html, got);
		free_reading(&r);
	}
}

static const struct {
	const char *html, *want;
} links[] = {
    {"<a href='" GOOD "'>x</a>", "a reg.example/v?t=1\n"},
    {"<A HREF=" GOOD ">x", "a reg.example/v?t=1\n"},
    {"<a href='https://reg.example/?a&amp;b=1'>", "a reg.example/?a&b=1\n"},
    {"<a href='https://reg.example/?approve&lang=en'>", "a reg.example/?approve&lang=en\n"},
    {"<a href='&#104;ttps&#x3a;//reg.example/'>", "a reg.example/\n"},
    {"<a href='https&colon;//reg.example/'>", "a reg.example/\n"},
    {"<a href='https&nosuch;//reg.example/'>", "a !\n"},
    {"<map><area href='" GOOD "'></map>", "area reg.example/v?t=1\n"},
    {"<form action='" GOOD "'></form>", "form reg.example/v?t=1\n"},
    {"<form action=''><button formaction='" GOOD "'>", "form reg.example/v?t=1\n"},
    {"<input type=submit formaction='" GOOD "'>", "form reg.example/v?t=1\n"},
    {"<form action='mailto:x@example.com'>", "form !\n"},
    {"<meta http-equiv=refresh content='5; url=" GOOD "'>", "meta reg.example/v?t=1\n"},
    {"<meta http-equiv=' Refresh ' content='0;URL = \"" GOOD "\"'>", "meta reg.example/v?t=1\n"},
    {"<meta http-equiv=refresh content='0; " GOOD "'>", "meta reg.example/v?t=1\n"},
    {"<meta http-equiv=refresh content=30>", ""},
    {"<base href='https://reg.example/a/'><a href='b?c'>",
     "base reg.example/a/\na reg.example/a/b?c\n"},
    {"<a href='b?c'><base href='https://reg.example/a/'>",
     "base reg.example/a/\na reg.example/a/b?c\n"},
    {"<base href='/x'><a href='b'>", "base !\na !\n"},
    {"<base href='https://reg.example/'><base href='https://evil.example/'><a href=b>",
     "base reg.example/\nbase evil.example/\na reg.example/b\n"},
    {"<a href='b'>", "a !\n"},
    {"<a href='#x'><a href='mailto:x@example.com'><a href=''><a name=x>", ""},
    {"<a href='javascript:x()'>", "a !\n"},
    {"<a href='www.reg.example/v'>", "a !www.reg.example/v\n"},
    {"<a href='" GOOD "' onclick='x()'>x</a>", "a !\na reg.example/v?t=1\n"},
    {"<body onload=x><p one='' on=x onx=''>", "a !\n"},
    {"<iframe src='" EVIL "'></iframe>", "a evil.example/x\n"},
    {"<object data='" EVIL "'></object>", "a evil.example/x\n"},
    {"<svg><a xlink:href='" EVIL "'></svg>", "a evil.example/x\n"},
    {"<v:roundrect href='" GOOD "'>", "a reg.example/v?t=1\n"},
    {"<img src='" EVIL "'><link href='" EVIL "'>", ""},
    {"see " GOOD " or www.reg.example", "text reg.example/v?t=1\ntext www.reg.example/\n"},
    {"<a href='" GOOD "'>" GOOD "</a>", "a reg.example/v?t=1\ntext reg.example/v?t=1\n"},
    {"<a href='" GOOD "'>www.reg.example</a>", "a reg.example/v?t=1\ntext www.reg.example/\n"},
    {"<a href='" GOOD "'><b>https://bank</b>.example/x</a>",
     "a ?reg.example/v?t=1\ntext bank.example/x\n"},
    {"<a href='" GOOD "'> http://reg.example@bank.example </a>",
     "a ?reg.example/v?t=1\ntext !bank.example/\n"},
    {"<a href='" GOOD "'>example.com</a>", "a reg.example/v?t=1\n"},
    {"<a href='" GOOD "'><img src=x alt='https://bank.example'></a>", "a ?reg.example/v?t=1\n"},
    {"<a href='" GOOD "'><img src=x alt='Logo'></a><img alt='https://bank.example'>",
     "a reg.example/v?t=1\n"},
    {"<a href='" GOOD "'>Go to https://bank.example now</a>",
     "a ?reg.example/v?t=1\ntext bank.example/\n"},
    {"<a href='https://xn--bcher-kva.example/'>https://B\xc3\xbc"
     "cher.example</a>",
     "a xn--bcher-kva.example/\ntext !xn--bcher-kva.example/\n"},
    {"<a href='" GOOD "'>one<a href='" EVIL "'>two", "a reg.example/v?t=1\na evil.example/x\n"},
};

static void test_links(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(links); i++) {
		struct reading r;
		struct str got = {0};
		read_html(slice_of(links[i].html), &r);
		print_links(&r.links, &got);
		CHECK(strcmp(str_text(&got), links[i].want) == 0, "\"%s\": got \"%s\"",
		      links[i].html, str_text(&got));
		str_free(&got);
		free_reading(&r);
	}
}

static const struct {
	const char *html;
	bool limit;
} charsets[] = {
    {"<meta charset=utf-8>", false},
    {"<meta charset=' ISO-8859-1 '>", false},
    {"<meta http-equiv=content-type content='text/html; charset=\"windows-1252\"'>", false},
    {"<meta http-equiv=content-type content='text/html'>", false},
    {"<meta http-equiv=content-type content='text/html; charset=UTF-16'>", false},
    {"<meta charset=utf-7>", true},
    {"<meta charset=hz-gb-2312>", true},
    {"<meta http-equiv=content-type content='text/html; charset = ibm037'>", true},
};

static void test_charsets(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(charsets); i++) {
		struct reading r;
		read_html(slice_of(charsets[i].html), &r);
		CHECK(r.links.limit == charsets[i].limit, "\"%s\": got %d", charsets[i].html,
		      r.links.limit);
		free_reading(&r);
	}
}

/* The crude scan knows what the parser reported ... */
static const char *const open_mails[] = {
    "<a href='" GOOD "'>verify</a> or paste " GOOD ".",
    "<a href='https://reg.example/?a&amp;b=1&lang=en'>x</a>",
    "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" "
    "\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">"
    "<html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:v='urn:schemas-microsoft-com:vml'>x",
    "<img src='https://cdn.example/a.png' alt='https://cdn.example'><td "
    "background=\"//cdn.example/b\">",
    "<style>@import \"https://cdn.example/x.css\"; b{background:url( 'https://cdn.example/y')}"
    "</style>",
    "<link rel=stylesheet href='https://cdn.example/x.css'>",
    "<link href='https://cdn.example/x.css'><link href='https://cdn.example/x.css'>",
    "<!--[if mso]><v:roundrect href='" GOOD "'></v:roundrect><![endif]--><a href='" GOOD "'>x</a>",
    "<!-- no link here: a = b, c=/d -->",
    "<a href='" GOOD "' title='https://reg.example'>x</a>",
    "<meta name=x content='https://cdn.example'>",
    "<a href='https://reg.example/v'>x</a> http://reg&#46;example/v &amp; co",
    "<p>example.com, and/or, 12:30, a=b, mailto:x@example.com, // note",
    "https://reg.example/v&nbsp;is it",
    "<a href='javascript:x'>", /* known, and failed for that */
    "<a href='relative/x'>",
    "<form action=relative/x>",
    "<img src='data:image/png;base64,iVBORw0KGgo='><p style='a:b'>a=urn:x",
    "<table><tr><td>www.reg.example</td><td>Phone</td></tr><tr><th>https://reg.example</th>"
    "<td>x</td></tr></table>Text",
    "<table> <tr> <td><table><tr><td>www.reg.example</td></tr></table></td><td>x</td></table>",
    "www.reg.example<br>Phone<p>www.reg.example<p>Phone",
    "<!--[if mso]><table><tr><td><![endif]-->www.reg.example<!--[if mso]></td></table><![endif]-->",
    "https://reg.example/?type=x&action=approve",
    "url=" GOOD ". URL=" GOOD "<br>x=" GOOD ") y=" GOOD "&rdquo; z=\"" GOOD "\"",
    "&ldquo;" GOOD "&rdquo; &raquo;" GOOD "&laquo;,",
    "<meta http-equiv=refresh content=\"0; url=" GOOD "\">",
};

/* ... and finds what it did not. */
static const char *const hidden_mails[] = {
    "<a/href='" EVIL "'>x</a>",
    "<A/HREF=" EVIL ">x</A>",
    "<a\fhref='" EVIL "' x/href='" EVIL "'><!-- <a/href=" EVIL ">",
    "<!--><a href='" EVIL "'>-->",
    "<!-- > <a href='" EVIL "'> -->",
    "<!--[if mso]><a href='" EVIL "'>x</a><![endif]-->",
    "<!-- unterminated <a href='" EVIL "'>x</a>",
    "<a/href='https://ev\nil.example/x'>",
    "<a/href='ht\ttps:/\n/evil.example/x'>",
    "<a/href='/\t/evil.example/x'>",
    "<a/href='\\\\evil.example/x'>",
    "<a/href='https:\\\\evil.example/x'>",
    "<a/href='https:evil.example/x'>",
    "<a/href = \"\n " EVIL "\">",
    "<a/href='https&colon;&sol;&sol;evil.example/x'>",
    "<a/href='&#104;ttps&#58//evil.example/x'>",
    "<a/href='&#x68&#x74&#x74&#x70s:&sol;/evil.example/x'>",
    "<a/href='https://evil&period;example/x'>",
    "<a/href='https&Tab;:&NewLine;//evil.example/x'>",
    "<a href='" GOOD "'></a><a/href='https://reg.example&quot;@evil.example/x'>",
    "<a href='" GOOD "'></a><a/href='https://reg.example/other'>",
    "<a/href=//evil.example/x>",
    "<a/href=www.evil.example/x>",
    "<a/href='https://192.0.2.1/x'>",
    "<a/href='javascript:x()'>",
    "<a/href='java\nscript:x()'>",
    "<form/action='" EVIL "'>",
    "<button/formaction='" EVIL "'>",
    "<base/href='" EVIL "'>",
    "<meta/http-equiv=refresh/content='0;url=" EVIL "'>",
    "<meta/http-equiv=refresh/content='0; " EVIL "'>",
    "<svg/a/xlink:href='" EVIL "'>",
    "<iframe/src='" EVIL "'>",
    "<x y='<img' src='" EVIL "'><script>",
    "<link href='" EVIL "'><a/href='" EVIL "'>",
    "<img src='" EVIL "'><a/href='" EVIL "'>",
    "<style>x{} </style/><a/href=" EVIL ">",
    "<script>location='" EVIL "'</script>",
    "<style>/* www.evil.example */</style>",
    "<title>" EVIL "</title>",
    "<p onclick=\"location='" EVIL "'\">",
    "<a/href=title='" EVIL "'>", /* relative */
    "<base href='" GOOD "'><a/href=other>",
    "<a href='" GOOD "'></a><a/href='" GOOD "&to=other'>",     /* no more, */
    "<a href='" GOOD "'></a><a/href='https://reg.example/v'>", /* no less */
    "<a href='" GOOD "'></a><a/href=" GOOD "\">",
    "<a href='https://reg.example/&#x110000;x'>x</a>",
    "<a href='" GOOD "'>x</a><script type='application/ld+json'>{}</script>",
    "<template><a href='" GOOD "'>x</a></template>",
    "<plaintext>",
    "<noembed>",
    "<noframes>",
    "<xmp>",
    "<base; href='" GOOD "'>",
    "<a///href=&quot;#x&quot;>x</a>",
    "<a href=&quot;" GOOD "&quot;>x</a>",
    "<p content='0;url=htts://reg.example/'>x",
    "<x src='https://cdn.example/x'>",
    "</a><meta http-equiv=refresh content='0;url=data:text/html,x'>",
    "<img src='java&Tab;script:x'>",
    "<img src='\nVBscript:x'>",
    "<!DOCTYPE html PUBLIC '>' 'https://cdn.example/x'>",
    "www.reg.example<th>.evil.example/x", /* joined */
    "https://reg.example<body>.evil.example/x",
    "https:/</>/evil.example/x",
    "www.reg.example<table>.evil.example/<tr><td>x</table>",
    "<noscript><style></noscript>https:/<col>/evil.example/x",
    "<a href",
    "<p\f>",
    "<p\x0b>",
    "<p>\x7f",
};

static void test_crude(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(open_mails) + COUNT_OF(hidden_mails); i++) {
		bool want = i >= COUNT_OF(open_mails);
		const char *html = want ? hidden_mails[i - COUNT_OF(open_mails)] : open_mails[i];
		struct reading r;
		read_html(slice_of(html), &r);
		CHECK(r.hidden == want, "\"%s\": got %d", html, r.hidden);
		free_reading(&r);
	}
}

/* Tables within each other, as many as joined.c follows, and one more. */
static void test_tables(void **state)
{
	(void)state;
	for (unsigned count = 60; count <= 61; count++) {
		struct str html = {0};
		struct reading r;
		for (unsigned i = 0; i < count; i++)
			str_puts(&html, "<table><tr><td>");
		str_puts(&html, GOOD);
		read_html((struct slice){html.p, html.n}, &r);
		CHECK(r.hidden == (count > 60), "%u: got %d", count, r.hidden);
		free_reading(&r);
		str_free(&html);
	}
}

/* Cut anywhere, nothing reads past the end. */
static void test_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(hidden_mails); i++)
		for (size_t n = 0; n <= strlen(hidden_mails[i]); n++) {
			struct reading r;
			read_html((struct slice){hidden_mails[i], n}, &r);
			free_reading(&r);
		}
}

/* Hostile sizes end soon: a repeated text of 256 KB each. */
static void test_linear(void **state)
{
	(void)state;
	static const char *const unit[] = {
	    "<div>",
	    "<a href=x>",
	    "<b><i></b>",
	    "=http:",
	    "=\"http://",
	    "&#104;",
	    "&amp",
	    "www.",
	    "http://",
	    "//a.example",
	    "<!--",
	    "<p a=b ",
	    "((((",
	    "))))",
	    "http://a.example)))))",
	    "<base href=//a.example>",
	    "\n ",
	    "=                ",
	    "<table><tr><td>",
	    "aaaa:",
	};
	for (size_t i = 0; i < COUNT_OF(unit); i++) {
		struct str html = {0};
		struct reading r;
		while (html.n < LIMIT_TEXT_BYTES)
			str_puts(&html, unit[i]);
		read_html((struct slice){html.p, html.n}, &r);
		CHECK(r.links.count <= LIMIT_LINKS, "\"%s\": %zu links", unit[i], r.links.count);
		CHECK(r.text.n <= 2 * html.n, "\"%s\": %zu of text", unit[i], r.text.n);
		free_reading(&r);
		str_free(&html);
	}
}

static int setup(void **state)
{
	(void)state;
	return html_init() ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_text),     cmocka_unit_test(test_links),
	    cmocka_unit_test(test_tables),   cmocka_unit_test(test_crude),
	    cmocka_unit_test(test_cut),      cmocka_unit_test(test_linear),
	    cmocka_unit_test(test_charsets),
	};
	return cmocka_run_group_tests_name("letter_html", tests, setup, NULL);
}
