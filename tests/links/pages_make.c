/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pages_make.c - pages and URLs put together from pieces, and pages changed at random; the seed is
 * fixed, so that a page that fails today fails tomorrow. See pages.h.
 */
#include <stdio.h>

#include "tests/links/pages_private.h"

#define PICK(list, seed) ((list)[next(seed) % (sizeof(list) / sizeof((list)[0]))])

/* xorshift64* */
static uint64_t next(uint64_t *seed)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return (*seed * UINT64_C(0x2545f4914f6cdd1d)) >> 33;
}

/* -- pages ------------------------------------------------------------------------------------- */

static const char *const before[] = {
    "",
    "",
    "",
    "",
    "text ",
    "<p>",
    "<!---->",
    "<!-->",
    "<!--->",
    "<!-- x -->",
    "<!-- x --!>",
    "<!-- x ->",
    "<!-- <!-- -->",
    "<!--x--!-->",
    "<!x>",
    "<!>",
    "<?x>",
    "<?xml version='1.0'?>",
    "</>",
    "</ x>",
    "</1>",
    "</p x='>'>",
    "<![CDATA[x]]>",
    "<![CDATA[",
    "<svg><![CDATA[>]]>",
    "<!DOCTYPE html>",
    "<!DOCTYPE x [<!ENTITY y '>",
    "<title>t</title>",
    "<title>t</titlex>",
    "<title>",
    "<textarea>",
    "<textarea></textarea >",
    "<style>x</style >",
    "<style></style/>",
    "<style><!-- </style>",
    "<style><!-- </style> -->",
    "<script>x</script\t>",
    "<script></script>",
    "<script><!--<script></script>",
    "<script><!-- </script>",
    "<xmp>",
    "<xmp></xmp>",
    "<noscript>",
    "<noscript><style></noscript>",
    "<noembed>",
    "<noembed></noembed>",
    "<noframes>",
    "<iframe>",
    "<iframe></iframe>",
    "<template>",
    "<plaintext>",
    "<select>",
    "<select><option>",
    "<table>",
    "<table><tr>",
    "<svg>",
    "<svg><style>",
    "<svg><title>",
    "<svg><desc>",
    "<svg><foreignObject>",
    "<math>",
    "<math><mtext>",
    "<math><annotation-xml encoding='text/html'>",
    "<math><style>",
    "<frameset>",
    "<body><frameset>",
    "<head><",
    "<x y='",
    "<x y=\"",
    "<x y=`",
    "<x y=>",
    "<x y='>' ",
    "<img alt='<' ",
    "<img alt=x><",
    "<<",
    "<a<",
    "< a",
    "<p\f",
    "<a title='</a>'>x</a>",
    "<!--[if mso]>",
    "<!--[if !mso]><!-->",
    "<![if !mso]>",
    "<%",
    "<% x %>",
    "<b\v>",
    "<a b='\n",
    "</script><!--",
    "</style><!--><",
    "<!--\n--\n>",
    "<!- x ->",
    "<!--x--\v>",
    "<listing>",
    "<pre>\n",
    "&lt;",
    "<\xc2\xa0",
    "<br/",
    "<p/x/",
    "<object>",
    "<button>",
    "<marquee>",
    "<a><p>",
    "<b><i></b>",
    "<isindex>",
    "<image>",
    "<nextid>",
    "<center></center ",
    "</a href='",
    "<a x='\xef\xbf\xbd'>",
};

static const char *const opening[] = {
    "a",
    "a",
    "a",
    "a",
    "A",
    "a",
    "area",
    "form",
    "base",
    "iframe",
    "object",
    "embed",
    "button",
    "input",
    "svg:a",
    "svg><a",
    "math><mi",
    "svg/><a",
    "a\xc3\xa4",
    "meta http-equiv=refresh",
    "frame",
    "map><area",
    "form><button",
    "details open><a",
    "a:b",
    "x-a><a",
    "link",
    "img",
};

static const char *const space[] = {
    " ",        " ", " ",    "\t",  "\n", "\f",  "/",    " / ", "//",  "\r",  " \n",          "\v",
    "\xc2\xa0", "",  "\x01", "/\f", " =", " = ", " \" ", " ' ", " < ", " x ", "\xe3\x80\x80", " >",
    "\x1f",
};

static const char *const junk[] = {
    "",
    "",
    "",
    "",
    "x",
    "x=y",
    "x='y'",
    "x=\"y\"",
    "x='>'",
    "x=\">\"",
    "x=`>`",
    "x=''",
    "x=\"",
    "x='",
    "='y'",
    "=",
    "'",
    "\"",
    "<x",
    "<",
    "x=y'",
    "x='y'z",
    "x=\"y\"z",
    "alt=",
    "title=",
    "title='",
    "alt='href=x'",
    "href",
    "href=",
    "href=''",
    "href='#'",
    "href='{{good}}'",
    "href={{good}}",
    "HREF='mailto:x@reg.example'",
    "x=&quot;",
    "x=a&#39;",
    "style='a:b",
    "src=",
    "src='{{good}}'",
    "xmlns='x'",
    "background='",
    "onclick='x'",
    "data-x='",
    "x=/",
    "x=//",
    "\xc2\xa0x='y'",
    "x\xc2\xa0=\xc2\xa0'y'",
    "x='\n'",
    "!--",
    "-->",
    "</a>",
};

static const char *const named[] = {
    "href",   "href",       "href",   "href",   "HREF",       "hReF",         "xlink:href",
    "action", "formaction", "src",    "data",   "content",    "href\f",       "href\n",
    "href ",  "href\t",     "href/",  "h\nref", "href\x01",   "\"href",       "'href",
    "<href",  "=href",      "srcdoc", "title",  "background", "href\xc2\xa0",
};

static const char *const equals[] = {"=",   "=",   "=",  " =",  "= ",        " = ",   "\n=\n",
				     "=\f", "=\t", "==", "=\v", "=\xc2\xa0", "=\x01", "= \n\t "};

static const char *const quoting[][2] = {
    {"'", "'"},
    {"'", "'"},
    {"\"", "\""},
    {"\"", "\""},
    {"", ""},
    {"", ""},
    {"'", ""},
    {"\"", ""},
    {"`", "`"},
    {"'", "\""},
    {"' ", " '"},
    {"\"\n", "\n\""},
    {"'\x01", "\x1f'"},
    {"''", ""},
    {"\"\"", ""},
    {"&quot;", "&quot;"},
    {"", "'"},
    {"", "/"},
    {"", "\""},
    {"'\f", "\f'"},
    {"\xe2\x80\x9c", "\xe2\x80\x9d"},
    {"'\xc2\xa0", "'"},
    {"'0;url=", "'"},
    {"'&#9;", "'"},
    {"'0;", "'"},
    {"\"&lt;a href='", "'>x\""},
};

static const char *const target[] = {
    "{{evil}}",
    "{{evil}}",
    "{{evil}}",
    "{{evil}}",
    "{{evil}}",
    "//evil.example/x",
    "https:evil.example/x",
    "https:/evil.example/x",
    "https:///evil.example/x",
    "\\\\evil.example/x",
    "/\\evil.example/x",
    "ht\ntps://evil.example/x",
    "https:/\t/evil.example/x",
    "https://ev\nil.example/x",
    "https&colon;//evil.example/x",
    "https&#58;//evil.example/x",
    "https&#x3A//evil.example/x",
    "&#104ttps://evil.example/x",
    "https://evil&period;example/x",
    "https:&sol;&sol;evil.example/x",
    "https&Tab;://evil.example/x",
    "https://reg.example@evil.example/x",
    "https://reg.example%40evil.example/x",
    "https://reg.example\\@evil.example/x",
    "https://evil.example\\x",
    "https://EVIL.example/x",
    "https://evil%2eexample/x",
    "https://evil\xe3\x80\x82"
    "example/x",
    "https://\xef\xbd\x85vil.example/x",
    "https://evil\xc2\xad.example/x",
    "https://evil.example:443/x",
    "https://evil.example./x",
    "javascript:x",
    "java&Tab;script:x",
    "data:text/html,x",
    "vbscript:x",
    "https://1.2.3.4/",
    "https://reg.example/other",
    "https://reg.example/v?t=1&evil",
    "x",
    "/x",
    "?x",
    "#x",
    "..//x",
    "https&amp;#58;//evil.example/x",
    "https://evil.example/x&quot;",
    "https://evil.example&sol;x",
    "https://evil.example&bsol;x",
    "https:&bsol;&bsol;evil.example/x",
    "&NewLine;{{evil}}",
    "https://reg.example&commat;evil.example/x",
    "https://evil.example/&nbsp;x",
    "&#x1;{{evil}}",
    "https://evil.example/a&para=1",
    "https://evil.example/a&copy=1",
    "https://evil.example/?a&lt=1",
    "https://evil.example/?a&amp=1",
    "https://evil.example/?a&ampx=1",
    "&{{evil}}",
    "https://evil.example/&#0;x",
    "https://evil.example/&#x80;x",
    "&Hacek;{{evil}}",
};

static const char *const after[] = {
    ">x</a>",
    ">x</a>",
    ">x</a>",
    ">x",
    "/>x",
    ">",
    "",
    " x>y",
    "\n>x</a>",
    "x",
    " -->",
    "--!>",
    "]]>",
    "'>x",
    "\">x",
    "</textarea>x",
    "</style>",
    "</script>",
    "</title>",
    "</noscript>",
    "</template>",
    "<b>x",
    ">x</a><p>",
    "/ >",
    ">{{evil}}",
    ">www.evil.example",
    "></select>",
};

static void add(const char *piece, struct str *to)
{
	pages_add_text(slice_of(piece), to);
}

/* What may stand within a URL in text, and join or part it. */
static const char *const within[] = {
    "<td>",
    "</td>",
    "<tr>",
    "</tr>",
    "<th>",
    "<caption>",
    "<tbody>",
    "<body>",
    "</body>",
    "<html>",
    "</html>",
    "<head>",
    "</head>",
    "<b>",
    "</b>",
    "<div>",
    "</div>",
    "<p>",
    "</p>",
    "<br>",
    "</br>",
    "<wbr>",
    "<!-- -->",
    "<!>",
    "</>",
    "<?x>",
    "<span></span>",
    "<img>",
    "<table>",
    "</table>",
    "<table><tr><td>",
    "<option>",
    "<select>",
    "</select>",
    "<col>",
    "<frame>",
    "<form>",
    "<form></form><form>",
    "<svg>",
    "<math>",
    "<a>",
    "</a>",
    "<li>",
    "<nobr>",
    "<button>",
    "<isindex>",
    "<link>",
    "<meta>",
    "<style></style>",
    "<title></title>",
    "<noscript>",
    "<template></template>",
    "<param>",
    "<hr>",
    "<rt>",
    "<area>",
    "&shy;",
    "&#8203;",
    "&zwj;",
    "&#0;",
    "&nosuch;",
    "&",
    "&#x2e;",
    "\xc2\xad",
    "\xe2\x80\x8b",
    "\xef\xbb\xbf",
    "\f",
    "\n",
    "<x>",
    "</x>",
    "<x y='",
    "<",
    "< ",
    "<1>",
    "<marquee>",
    "<input>",
    "<base>",
    "<xmp>",
    "<dd>",
    "</dd>",
    "<legend>",
    "<summary>",
};

static void make_text(uint64_t *seed, struct str *to)
{
	static const char *const start[] = {"https://reg",
					    "https://reg.example",
					    "https://reg.example/v",
					    "www.reg",
					    "www.reg.example",
					    "https:",
					    "https:/",
					    "ht"};
	static const char *const end[] = {"",
					  ".example",
					  ".evil.example/x",
					  "evil.example/x",
					  ".evil.example",
					  "tps://evil.example",
					  "//evil.example",
					  "/evil.example/x",
					  "@evil.example/x",
					  "/x"};
	for (unsigned n = next(seed) % 2; n; n--)
		add(PICK(before, seed), to);
	add(PICK(start, seed), to);
	for (unsigned n = 1 + next(seed) % 2; n; n--)
		add(PICK(within, seed), to);
	add(PICK(end, seed), to);
	add(PICK(after, seed), to);
}

static void make(uint64_t *seed, struct str *to)
{
	const char *const *quote;
	if (next(seed) % 4)
		add("<a href='{{good}}'>x</a>", to);
	for (unsigned n = next(seed) % 3; n; n--)
		add(PICK(before, seed), to);
	add("<", to);
	add(PICK(opening, seed), to);
	add(PICK(space, seed), to);
	for (unsigned n = next(seed) % 3; n; n--) {
		add(PICK(junk, seed), to);
		add(PICK(space, seed), to);
	}
	add(PICK(named, seed), to);
	add(PICK(equals, seed), to);
	quote = PICK(quoting, seed);
	add(quote[0], to);
	add(PICK(target, seed), to);
	add(quote[1], to);
	add(PICK(after, seed), to);
}

static struct page *numbered(struct pages *to, const char *what, size_t number)
{
	struct str name = {0};
	str_printf(&name, "%s %zu", what, number);
	struct page *p = pages_new(to, str_text(&name));
	str_free(&name);
	return p;
}

void pages_make(unsigned count, struct pages *to)
{
	uint64_t seed = UINT64_C(0x6b6565706e616d65);
	for (unsigned i = 0; i < count; i++)
		if (i % 4)
			make(&seed, &numbered(to, "made", i)->text);
		else
			make_text(&seed, &numbered(to, "text", i)->text);
}

/* -- pages changed ----------------------------------------------------------------------------- */

static const char *const inserted[] = {
    "<",         ">",    "\"",    "'",     "`",        "=",        "/",        "&",
    "#",         ";",    "-",     "!",     "?",        "-->",      "<!--",     "<!-->",
    "\t",        "\n",   "\f",    " ",     "\x01",     "\xc2\xa0", "\xc2\xad", "\xe2\x80\x8b",
    "<a ",       "</a>", "href=", "<svg>", "</style>", "<style>",  "<title>",  "<x y='",
    "<![CDATA[", "]]>",  "&amp;", "&#x",   "&quot;",   "@",        "\\",       ":",
    "%",
};

static void spoil(uint64_t *seed, struct slice from, struct str *to)
{
	size_t at = from.n ? next(seed) % from.n : 0, taken = 0;
	str_add(to, from.p, at);
	switch (next(seed) % 4) {
	case 0: taken = 1; break;
	case 1: add(PICK(inserted, seed), to); break;
	case 2:
		taken = 1;
		add(PICK(inserted, seed), to);
		break;
	default: /* a part again, or left out */
		taken = next(seed) % 2 ? next(seed) % 12 : 0;
		if (!taken)
			str_add(to, from.p + at, from.n - at);
	}
	if (taken > from.n - at)
		taken = from.n - at;
	str_add(to, from.p + at + taken, from.n - at - taken);
}

void pages_spoil(size_t count, unsigned rounds, struct pages *to)
{
	uint64_t seed = UINT64_C(0x6c696e6b732e2e2e);
	for (unsigned round = 0; round < rounds; round++)
		for (size_t i = 0; i < count; i++) {
			struct page *p = numbered(to, "spoilt", i);
			struct slice text = {str_text(&to->page[i].text), to->page[i].text.n};
			spoil(&seed, text, &p->text);
		}
}

/* -- URLs -------------------------------------------------------------------------------------- */

static const char *const schemes[] = {
    "https:",  "http:",      "HTTPS:", "",      " https:", "ht\ntps:",           "ftp:",
    "https :", "\x01https:", "ws:",    "file:", "x:",      "view-source:https:", "blob:https:"};
static const char *const slashes[] = {"//",  "",    "/",    "///",  "\\\\",
				      "/\\", "\\/", "/\t/", "//\n", "////"};
static const char *const users[] = {
    "",  "reg.example@", "reg.example:x@", "reg.example%40", "reg.example\\@",
    "@", "a@b@",         "reg.example/@",  "reg.example#@",  "reg.example?@"};
static const char *const hosts[] = {
    "evil.example",
    "EVIL.example",
    "evil.example.",
    "evil.example..",
    "evil..example",
    ".evil.example",
    "evil%2eexample",
    "evil%2Fexample",
    "%65vil.example",
    "evil%00.example",
    "evil\xe3\x80\x82"
    "example",
    "evil\xef\xbc\x8e"
    "example",
    "evil\xef\xbd\xa1"
    "example",
    "\xef\xbd\x85vil.example",
    "\xe2\x93\x94vil.example",
    "evil\xc2\xad.example",
    "evil\xe2\x80\x8d.example",
    "evil\xe2\x80\xae.example",
    "evil\xe2\x80\x8b.example",
    "\xd0\xb5vil.example",
    "b\xc3\xbc"
    "cher.example",
    "B\xc3\x9c"
    "CHER.example",
    "stra\xc3\x9f"
    "e.example",
    "xn--bcher-kva.example",
    "XN--BCHER-KVA.example",
    "xn--a.example",
    "xn--.example",
    "evil_x.example",
    "-evil.example",
    "evil-.example",
    "a--b.example",
    "ab--c.example",
    "127.0.0.1",
    "127.1",
    "0x7f.1",
    "0177.0.0.1",
    "2130706433",
    "0x7f000001",
    "1.2.3.4.",
    "1.2.3.256",
    "evil.example.1",
    "evil.0x1",
    "[::1]",
    "[1::2]",
    "[v1.x]",
    "localhost",
    "evil",
    "evil.example:443",
    "evil.example:80",
    "evil.example:",
    "evil.example:x",
    "evil.example:99999",
    "evil.example:0443",
    "evil example",
    "evil\texample.com",
    "evil<.example",
    "evil^.example",
    "evil|.example",
    "evil\x01.example",
    "evil.\xe4\xb8\xad\xe5\x9b\xbd",
    "faß.de",
    "evil.example\xef\xbc\x8f",
    "evil.example\xe2\x84\x80x",
    "\xe2\x80\xaa"
    "evil.example",
    "e\xcc\x81vil.example",
    "\xc7\x86vil.example",
    "\xe3\x8f\x82.example",
    "1.example",
    "a.1a",
    "a.0x1g",
    "a.0x",
    "*.evil.example",
    "evil\xcd\x8f.example",
    "\xef\xb8\x8f"
    "evil.example",
    "evil.exa\xc2\xb7mple",
    "evil%25.example",
    "evil%ad.example",
    "evil%C2%AD.example",
    "%ef%bd%85vil.example",
};
static const char *const paths[] = {
    "",        "/",         "/x",          "/x?y=1",   "?y=1",          "#f",     "/x#f",
    "/a/../b", "/a/./b",    "/a/%2e%2e/b", "/a/.%2e",  "\\x",           "/a\\b",  "/a b",
    "/a\tb",   "/\xc3\xbc", "/?\xc3\xbc",  "/a\"b",    "/<a>",          "/?a'b",  "/a'b",
    "/a|b",    "/{a}",      "/a^b",        "/`",       "/?`",           "/?{}",   "/%zz",
    "/%",      "//x",       "/x//",        "/;x",      "/..",           "/.",     "/?a=/../",
    "/?a=\\",  "/@x",       "/:x",         "/x?y?z",   "/x#f?y",        "/~x",    "/a%2Fb",
    "/.../",   "/..x",      "/%2e",        "/a;b=c,d", "/!$&()*+,;=:@", "/ ",     "/?a b",
    "/?\"",    "/?<>",      "/[x]",        "/?[x]",    "/x&amp;y",      "/x&y;z", "/\x7f",
    "/\x01"};

static void make_url(uint64_t *seed, struct str *to)
{
	unsigned plain = next(seed) % 5; /* the part that is crooked for certain; others may be */
	add(plain == 0 || next(seed) % 4 == 0 ? PICK(schemes, seed) : "https:", to);
	add(plain == 1 || next(seed) % 4 == 0 ? PICK(slashes, seed) : "//", to);
	add(plain == 2 || next(seed) % 6 == 0 ? PICK(users, seed) : "", to);
	add(plain == 3 || next(seed) % 3 == 0 ? PICK(hosts, seed) : "evil.example", to);
	add(plain == 4 || next(seed) % 3 == 0 ? PICK(paths, seed) : "/x", to);
}

/* Each host and each path by itself, then all together. */
void pages_make_urls(struct pages *to)
{
	enum { MIXED = 3000 };
	uint64_t seed = UINT64_C(0x75726c732e2e2e2e);
	for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
		struct page *p = numbered(to, "host", i);
		add("https://", &p->text);
		add(hosts[i], &p->text);
		add("/x", &p->text);
	}
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		struct page *p = numbered(to, "path", i);
		add("https://reg.example", &p->text);
		add(paths[i], &p->text);
	}
	for (size_t i = 0; i < MIXED; i++)
		make_url(&seed, &numbered(to, "mixed", i)->text);
}
