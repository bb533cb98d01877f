/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Link shapes: what may be written, what fits, and above all what does not: the ways in which a
 * link can look like a registrar's and lead elsewhere.
 */
#include "rules/core/shape.h"

#include <stdio.h>

#include "tests/rules/table.h"

/* -- writing -------------------------------------------------------------------------------- */

#define BAD_HOST  "the host is no plain host name (letters, digits, hyphens, two labels)"
#define BAD_OCTET "an octet in the path that has no place in a URL's path and query"
#define RUNS_ON   "a * that can be followed by what it stands for itself; let it stand for that too"

static const struct {
	const char *text;
	const char *wrong; /* NULL: none */
} written[] = {
    {"a.example /", NULL},
    {" A.Example\t /x ", NULL},
    {"[www.]a.example /**", NULL},
    {"[a.][b.]c.example /", NULL},
    {"x.[a.]c.example /", NULL},
    {"a.example /[?]trigger=*[&email=*]", NULL},
    {"a.example /x/*/y?z=*&w=*", NULL},
    {"a.example /%41/*", NULL},
    {"a.example /a;b,c:d(e)!$'", NULL},
    {"", "expected a host and a path, parted by a space"},
    {"a.example", "expected a host and a path, parted by a space"},
    {"a.example /x y", "more than a host and a path"},
    {"a.example /x\ty", "more than a host and a path"},
    {"a.example x", "the path does not begin with a slash"},
    {"a.example [/]x", "the path does not begin with a slash"},
    {"http://a.example /", BAD_HOST},
    {"a.example:80 /", BAD_HOST},
    {"u@a.example /", BAD_HOST},
    {"example /", BAD_HOST},
    {"[a.]example /", BAD_HOST},
    {"a..example /", BAD_HOST},
    {"a.example. /", BAD_HOST},
    {"192.0.2.1 /", BAD_HOST},
    {"m\xc3\xbcller.example /", BAD_HOST},
    {"a_b.example /", BAD_HOST},
    {"a.example[b.] /", "[...] in a host must begin where a label begins"},
    {"a.[.b]example /", "[...] in a host must begin where a label begins"},
    {"[www]a.example /", "[...] in a host must end with the dot of its last label"},
    {"w[ww.]a.example /", "[...] in a host must begin where a label begins"},
    {"*.names.example /", NULL},
    {"*.example /", "a * in the host"},
    {"*. /", "a * in the host"},
    {"*..names.example /", "a * in the host"},
    {"*.*.names.example /", "a * in the host"},
    {"x.*.names.example /", "a * in the host"},
    {"x*.names.example /", "a * in the host"},
    {"*x.names.example /", "a * in the host"},
    {"*.[www.]names.example /", "a * in the host"},
    {"[*.]names.example /", "a * in the host"},
    {"a.example /[x", "a [ without a ] after it"},
    {"a.example /x]", "a ] without a [ before it"},
    {"a.example /[x[y]]", "a [ within [...]; groups are not nested"},
    {"a.example /[]", "an empty [...]"},
    {"a.example //x", "two slashes in the path"},
    {"a.example /x#y", BAD_OCTET},
    {"a.example /x\\y", BAD_OCTET},
    {"a.example /\"x", BAD_OCTET},
    {"a.example /\xc3\xbc", BAD_OCTET},
    {"a.example /%4", "a % without two hexadecimal digits after it"},
    {"a.example /%4[1]", "a % without two hexadecimal digits after it"},
    {"a.example /%zz", "a % without two hexadecimal digits after it"},
    {"a.example /x/**", RUNS_ON},
    {"a.example /*x", RUNS_ON},
    {"a.example /*.html", RUNS_ON},
    {"a.example /*%41", RUNS_ON},
    {"a.example /*[x]", RUNS_ON},
    {"a.example /*[/x]y", RUNS_ON},
    {"a.example /[*]x", RUNS_ON},
    {"a.example /[*][/][.y]", RUNS_ON},
};

static void shapes_are_read_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(written); i++) {
		struct shape s;
		struct slice text = tight(slice_of(written[i].text));
		const char *got = shape_parse(text, &s);
		CHECK(!got == !written[i].wrong && (!got || strcmp(got, written[i].wrong) == 0),
		      "\"%s\": %s", written[i].text, got ? got : "read");
		if (!got)
			shape_free(&s);
		tight_free(text);
	}
	shape_free(NULL);
	assert_non_null(shape_parse(LIT("a.example\0.b.example /"), &(struct shape){0}));
	assert_non_null(shape_parse(LIT("a.example /x\0"), &(struct shape){0}));
}

/* What is wrong with a shape of n octets, if anything. */
static const char *wrong_with_length(size_t n)
{
	struct str text = {0};
	struct shape s;
	str_puts(&text, "a.example /");
	while (text.n < n)
		str_putc(&text, 'x');
	const char *wrong = shape_parse((struct slice){text.p, text.n}, &s);
	if (!wrong)
		shape_free(&s);
	str_free(&text);
	return wrong;
}

static void shapes_keep_their_limits(void **state)
{
	(void)state;
	struct shape s;
	assert_null(wrong_with_length(LIMIT_SHAPE_BYTES));
	assert_string_equal(wrong_with_length(LIMIT_SHAPE_BYTES + 1), "longer than 512 octets");
	assert_null(shape_parse(LIT("a.example /[a][b][c][d][e][f][g][h]"), &s));
	shape_free(&s);
	assert_string_equal(shape_parse(LIT("a.example /[a][b][c][d][e][f][g][h][i]"), &s),
			    "more than 8 [...]");
	assert_null(shape_parse(LIT("a.example /*/*/*/*/*/*/*/*"), &s));
	shape_free(&s);
	assert_string_equal(shape_parse(LIT("a.example /*/*/*/*/*/*/*/*/*"), &s),
			    "more than 8 stars");
}

/* -- fitting -------------------------------------------------------------------------------- */

#define KEY_SYSTEMS "[www.]emailverification.info /?trigger=*[&email=*]"
#define ENOM        "raa.name-services.com /raaverification/verification.aspx?VerificationCode=*"
#define ANY         "[www.]icann.org /**"

static const struct {
	const char *shape;
	const char *host, *path;
	bool fits;
} links[] = {
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=MTc3.x_~-%3D", true},
    {KEY_SYSTEMS, "www.emailverification.info", "/?trigger=a&email=b.c+d@e.example", true},
    {KEY_SYSTEMS, "www.emailverification.info", "/?trigger=a%3D%3D&email=b%40e.example", true},
    {ENOM, "raa.name-services.com", "/raaverification/verification.aspx?VerificationCode=A8E3-1",
     true},
    {"h.example /", "h.example", "/", true},
    {"*.h.example /", "a.h.example", "/", true},
    {"*.h.example /", "xn--a-1.h.example", "/", true},
    {"*.H.example /x/*", "a.h.example", "/x/y", true},
    {"*.h.example /x/*", "a.h.example", "/y", false},
    {"*.h.example /", "h.example", "/", false},
    {"*.h.example /", ".h.example", "/", false},
    {"*.h.example /", "a.b.h.example", "/", false},
    {"*.h.example /", "ah.example", "/", false},
    {"*.h.example /", "a.xh.example", "/", false},
    {"*.h.example /", "a.h.example.evil.example", "/", false},
    {"*.h.example /", "h", "/", false},
    {"h.example /[a]", "h.example", "/", true},
    {"h.example /[a]", "h.example", "/a", true},
    {"h.example /[a][b][a]", "h.example", "/ba", true},
    {"h.example /[a][b][a]", "h.example", "/aa", true},
    {"h.example /[a][b][a]", "h.example", "/aba", true},
    {"h.example /[a][b][a]", "h.example", "/abab", false},
    {"h.example /x[?k=*]", "h.example", "/x", true},
    {"h.example /x[?k=*]", "h.example", "/x?k=v", true},
    {"h.example /x[?k=*]", "h.example", "/x?k=", false},
    {"h.example /*/*", "h.example", "/a/b", true},
    {"h.example /*/*", "h.example", "/a/b/c", false},
    {"h.example /%2Fx", "h.example", "/%2Fx", true},
    {"h.example /%2Fx", "h.example", "/%2fx", false},
    {"H.Example /X", "h.example", "/X", true},
    {"H.Example /X", "h.example", "/x", false},
    {"[a.][b.]c.example /", "c.example", "/", true},
    {"[a.][b.]c.example /", "b.c.example", "/", true},
    {"[a.][b.]c.example /", "a.b.c.example", "/", true},
    {"[a.][b.]c.example /", "b.a.c.example", "/", false},
    {ANY, "www.icann.org", "/resources/pages/transfer-policy-2016-06-01-en", true},
    {ANY, "icann.org", "/", true},
    {ANY, "icann.org", "/x?y=%2Fz&w[]=(1)", true},
    {ANY, "icann.org", "/a/b/c.d/", true},
    /* Hosts around the right one. */
    {KEY_SYSTEMS, "emailverification.info.evil.example", "/?trigger=a", false},
    {KEY_SYSTEMS, "evilemailverification.info", "/?trigger=a", false},
    {KEY_SYSTEMS, "x.emailverification.info", "/?trigger=a", false},
    {KEY_SYSTEMS, "www.www.emailverification.info", "/?trigger=a", false},
    {KEY_SYSTEMS, "wwwemailverification.info", "/?trigger=a", false},
    {KEY_SYSTEMS, "www.emailverification.inf", "/?trigger=a", false},
    {KEY_SYSTEMS, "email-verification.info", "/?trigger=a", false},
    {KEY_SYSTEMS, "", "/?trigger=a", false},
    {KEY_SYSTEMS, "info", "/?trigger=a", false},
    {KEY_SYSTEMS, "u:p@emailverification.info", "/?trigger=a", false},
    {KEY_SYSTEMS, "emailverification.info:80", "/?trigger=a", false},
    /* Paths: nothing, more, less, other. */
    {KEY_SYSTEMS, "emailverification.info", "", false},
    {KEY_SYSTEMS, "emailverification.info", "/", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=", false},
    {KEY_SYSTEMS, "emailverification.info", "/?Trigger=a", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=a&", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=a&email=", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=a&email=b&next=c", false},
    {KEY_SYSTEMS, "emailverification.info", "/?next=c&trigger=a", false},
    {KEY_SYSTEMS, "emailverification.info", "/?email=b&trigger=a", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=a&trigger=b", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=a;next=b", false},
    {KEY_SYSTEMS, "emailverification.info", "/x?trigger=a", false},
    {KEY_SYSTEMS, "emailverification.info", "//?trigger=a", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=a b", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=a#b", false},
    {KEY_SYSTEMS, "emailverification.info", " /?trigger=a", false},
    /* Another URL in the parameter: plain, coded, coded twice. */
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=http://evil.example", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=//evil.example", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=a/b", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=%2f%2Fevil.example", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=http%3A%2F%2Fevil.example", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=a%3Ab", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=a%5cb", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=a%252F", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=a%23b", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=a%3Fb", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=a%0d%0ab", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=a%00", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=a%7f", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=a%c0%af", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=a\xc0\xaf", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=a%", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=a%4", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=a%zz", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=a\\b", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=a:b", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=\"onload", false},
    {KEY_SYSTEMS, "emailverification.info", "/?trigger=<b>", false},
    /* Segments that a browser takes away. */
    {"h.example /x/*", "h.example", "/x/..", false},
    {"h.example /x/*", "h.example", "/x/.", false},
    {"h.example /x/*", "h.example", "/x/%2e%2E", false},
    {"h.example /x/*", "h.example", "/x/.%2e", false},
    {"h.example /x/*", "h.example", "/x/%2e", false},
    {"h.example /x/*", "h.example", "/x/...", true},
    {"h.example /x/*", "h.example", "/x/..a", true},
    {"h.example /x/*/y", "h.example", "/x/../y", false},
    {"h.example /x?*", "h.example", "/x?..", true},
    {"h.example /../x", "h.example", "/../x", false},
    {ANY, "icann.org", "/a/../b", false},
    {ANY, "icann.org", "/a/%2e%2e/b", false},
    /* Any path is not any redirector. */
    {ANY, "icann.org", "", false},
    {ANY, "icann.org", "x", false},
    {ANY, "icann.org", "//evil.example", false},
    {ANY, "icann.org", "/r?u=//evil.example", false},
    {ANY, "icann.org", "/r?u=/%2Fevil.example", false},
    {ANY, "icann.org", "/r?u=%2f/evil.example", false},
    {ANY, "icann.org", "/r?u=%2f%2Fevil.example", false},
    {ANY, "icann.org", "/r?u=http:evil", false},
    {ANY, "icann.org", "/r?u=https%3Aevil", false},
    {ANY, "icann.org", "/r?u=%5Cevil", false},
    {ANY, "icann.org", "/r?u=\\evil", false},
    {ANY, "icann.org", "/r?u=%253A", false},
    {ANY, "icann.org", "/a%00b", false},
    {ANY, "icann.org", "/a%0Ab", false},
    {ANY, "icann.org", "/a b", false},
    {ANY, "icann.org", "/a#b", false},
    {ANY, "icann.org", "/a\xc3\xbc", false},
    {ANY, "icann.org", "/a%4", false},
    {ANY, "icann.org.evil.example", "/", false},
};

static void links_fit_their_shape_and_nothing_else(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(links); i++) {
		struct shape s;
		assert_null(shape_parse(slice_of(links[i].shape), &s));
		struct slice path = tight(slice_of(links[i].path));
		bool got = shape_match(&s, links[i].host, path);
		CHECK(got == links[i].fits, "%s: %s %s %s", links[i].shape, links[i].host,
		      links[i].path, got ? "fits" : "does not fit");
		tight_free(path);
		shape_free(&s);
	}
}

static void a_nul_in_the_path_fits_nothing(void **state)
{
	(void)state;
	struct shape s;
	assert_null(shape_parse(LIT("h.example /x"), &s));
	assert_true(shape_match(&s, "h.example", LIT("/x")));
	assert_false(shape_match(&s, "h.example", LIT("/x\0")));
	assert_false(shape_match(&s, "h.example", LIT("/x\0.evil")));
	shape_free(&s);
	assert_null(shape_parse(LIT("h.example /*"), &s));
	assert_false(shape_match(&s, "h.example", LIT("/x\0y")));
	shape_free(&s);
	assert_null(shape_parse(LIT("h.example /**"), &s));
	assert_false(shape_match(&s, "h.example", LIT("/x\0y")));
	shape_free(&s);
}

/* Going back and forth over groups would take 2^8 ways through each of thousands of octets, and
 * without the bounds of shape_check far more; the test's end is the proof. */
static void matching_hostile_paths_ends(void **state)
{
	(void)state;
	struct shape s;
	struct str path = {0};
	assert_null(
	    shape_parse(LIT("h.example /[a][aa][aaaa][aaaaaaaa][a][aa][aaaa][aaaaaaaa]b"), &s));
	str_puts(&path, "/");
	while (path.n < LIMIT_LINK_BYTES)
		str_putc(&path, 'a');
	for (unsigned i = 0; i < 2000; i++)
		assert_false(shape_match(&s, "h.example", (struct slice){path.p, path.n}));
	shape_free(&s);

	assert_null(shape_parse(LIT("h.example /*[&*][&*][&*][&*][&*][&*][&*]"), &s));
	str_reset(&path);
	str_puts(&path, "/");
	while (path.n < LIMIT_LINK_BYTES)
		str_puts(&path, path.n % 300 ? "a" : "&");
	assert_true(shape_match(&s, "h.example", (struct slice){path.p, path.n}));
	str_puts(&path, "a");
	assert_false(shape_match(&s, "h.example", (struct slice){path.p, path.n}));
	shape_free(&s);
	str_free(&path);
}

static void hosts_alone(void **state)
{
	(void)state;
	struct shape s;
	char host[LIMIT_DOMAIN + 1];
	assert_null(shape_parse(LIT("[www.]A.example /x"), &s));
	assert_true(shape_match_host(&s, "a.example"));
	assert_true(shape_match_host(&s, "www.a.example"));
	assert_false(shape_match_host(&s, "b.a.example"));
	shape_shortest_host(&s, host);
	assert_string_equal(host, "a.example");
	shape_free(&s);
	assert_null(shape_parse(LIT("*.A.example /x"), &s));
	shape_shortest_host(&s, host);
	assert_string_equal(host, "a.example");
	assert_true(shape_is_wide(slice_of(s.host)));
	assert_false(shape_is_wide(LIT("a.example")));
	assert_false(shape_is_wide(LIT("*.")));
	shape_free(&s);
}

/* -- one within another --------------------------------------------------------------------- */

static const struct {
	const char *narrow, *wide;
	bool within;
} pairs[] = {
    {"a.example /x", "a.example /x", true},
    {"a.example /x", "a.example /y", false},
    {"a.example /x", "b.example /x", false},
    {"a.example /x", "[www.]a.example /x", true},
    {"[www.]a.example /x", "a.example /x", false},
    {"[www.]a.example /x", "[www.][old.]a.example /x", true},
    {"a.example /abc", "a.example /a*", true},
    {"a.example /a*", "a.example /abc", false},
    {"a.example /ab*", "a.example /a*", true},
    {"a.example /a*", "a.example /ab*", false},
    {"a.example /a*", "a.example /a[b]*", true},
    {"a.example /a%41*", "a.example /a*", true},
    {"a.example /a%2F*", "a.example /a*", false},
    {"a.example /*/b", "a.example /*", false},
    {"a.example /x?a=*", "a.example /x?a=*[&b=*]", true},
    {"a.example /x?a=*[&b=*]", "a.example /x?a=*", false},
    {"a.example /x[y][z]", "a.example /x[y][z]", true},
    {"a.example /x[y]", "a.example /x[yz]", false},
    {"a.example /x*", "a.example /**", true},
    {"a.example /x[/*]", "a.example /**", true},
    {"a.example /x:y", "a.example /**", false},
    {"a.example /**", "a.example /**", true},
    {"a.example /**", "a.example /*", false},
    {"*.a.example /x", "*.a.example /x", true},
    {"*.a.example /x", "a.example /x", false},
    {"b.a.example /x", "*.a.example /x", true},
    /* SHAPE_GROUPS in all, and one more */
    {"[w.]a.example /[a/][b/][c/][d/][e/][f/][g/]", "[w.]a.example /**", true},
    {"[w.]a.example /[a/][b/][c/][d/][e/][f/][g/][h/]", "[w.]a.example /**", false},
};

static void what_fits_one_fits_the_other(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		struct shape narrow, wide;
		assert_null(shape_parse(slice_of(pairs[i].narrow), &narrow));
		assert_null(shape_parse(slice_of(pairs[i].wide), &wide));
		CHECK(shape_is_within(&narrow, &wide, 1) == pairs[i].within, "row %zu: %s in %s", i,
		      pairs[i].narrow, pairs[i].wide);
		assert_false(shape_is_within(&narrow, &wide, 0));
		shape_free(&narrow);
		shape_free(&wide);
	}
}

static void below_a_domain(void **state)
{
	(void)state;
	static const struct {
		const char *narrow;
		bool below;
	} below[] = {
	    {"a.example /x*", true},   {"[www.]a.example /**", true}, {"b.a.example /a[/b]", true},
	    {"b.example /x", false},   {"[a.]b.example /x", false},   {"a.example /[a]/b", false},
	    {"a.example /%25", false}, {"*.a.example /x", true},      {"xa.example /x", false},
	};
	for (size_t i = 0; i < COUNT_OF(below); i++) {
		struct shape s;
		assert_null(shape_parse(slice_of(below[i].narrow), &s));
		CHECK(shape_is_below(&s, "a.example") == below[i].below, "%s", below[i].narrow);
		shape_free(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(shapes_are_read_or_refused),
	    cmocka_unit_test(shapes_keep_their_limits),
	    cmocka_unit_test(links_fit_their_shape_and_nothing_else),
	    cmocka_unit_test(a_nul_in_the_path_fits_nothing),
	    cmocka_unit_test(matching_hostile_paths_ends),
	    cmocka_unit_test(hosts_alone),
	    cmocka_unit_test(what_fits_one_fits_the_other),
	    cmocka_unit_test(below_a_domain),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
