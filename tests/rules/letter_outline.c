/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * letter_outline.c - shapes of links: what is kept, and that no secret ever is.
 */
#include <stdio.h>

#include "rules/core/shape.h"
#include "rules/letter/outline.h"
#include "tests/rules/table.h"

#define HOST "verify.example.com"

static const struct {
	const char *path;
	const char *want; /* NULL: none */
} rows[] = {
    /* words stay */
    {"/", "/"},
    {"/verify", "/verify"},
    {"/verify/", "/verify/"},
    {"/icann-verification/confirm_contact", "/icann-verification/confirm_contact"},
    {"/v1/ownerChange/Approve", "/v1/ownerChange/Approve"},
    {"/raa/step2", "/raa/step2"},
    {"/servlet/RAAVerification", "/servlet/RAAVerification"},
    {"/servlet/ABCdefGHI", "/servlet/*"},
    {"/cgi-bin/verify.php", "/cgi-bin/verify.php"},
    {"/account/registrantVerification.aspx", "/account/registrantVerification.aspx"},
    {"/?action=APPROVE", "/?action=APPROVE"},
    {"/?type=ownerchange&trigger=1234567890&action=DENY",
     "/?type=ownerchange&trigger=*&action=DENY"},
    {"/verify?", NULL}, /* a star stands for one octet or more */
    /* tokens: numbers, hexadecimal, base64url, UUID, base32, letters of mixed case */
    {"/verify/1234567890", "/verify/*"},
    {"/verify/123", "/verify/*"},
    {"/verify/deadbeef", "/verify/*"},
    {"/verify/0123456789abcdef0123456789abcdef", "/verify/*"},
    {"/verify/550e8400-e29b-41d4-a716-446655440000", "/verify/*"},
    {"/verify/550E8400-E29B-41D4-A716-446655440000/done", "/verify/*/done"},
    {"/verify/dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "/verify/*"},
    {"/verify/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.TJVA95OrM7E2cBab", "/verify/*"},
    {"/verify/JBSWY3DPEHPK3PXP", "/verify/*"},
    {"/verify/QWERTZUI", "/verify/*"},
    {"/verify/aBcDeFgHiJkL", "/verify/*"},
    {"/verify/INVENTED22", "/verify/*"},
    {"/verify/kxqzwvjfhtrk", "/verify/*"},
    {"/verify/lomanetisopuradiwexe", "/verify/*"}, /* can be pronounced, but no stem */
    {"/verify/12-34-56-78", "/verify/*"},
    {"/verify/ab-cd-ef-01", "/verify/*"},
    /* addresses, names */
    {"/verify/erika@owner.example/ok", "/verify/*/ok"},
    {"/verify/erika%40owner.example", "/verify/*"},
    {"/verify/example.com", "/verify/*"},
    {"/verify?email=erika@owner.example", "/verify?email=*"},
    {"/verify?email=erika%40owner.example&domain=example.com", "/verify?email=*&domain=*"},
    {"/verify?name=erika", "/verify?name=*"},
    {"/verify?t=abc==", "/verify?t=*"},
    /* parameters: names stay where they are names */
    {"/?t=abc", "/?t=*"},
    {"/?t=&x=1", "/?t=&x=*"},
    {"/?0123456789abcdef", "/?*"},
    {"/?0123456789abcdef=1", "/?*"},
    {"/?verificationCode=x&contact_id=7", "/?verificationCode=*&contact_id=*"},
    {"/?dBjftJeZ4CVPmB92K27uhb=x", "/?*"},
    /* what nobody should accept: going on elsewhere, and what a star cannot be */
    {"/out?url=evil.example", NULL},
    {"/out?x=1&Redirect_URI=x", NULL},
    {"/out?next=", NULL},
    {"/verify?t=https://evil.example/", NULL},
    {"/verify?t=https%3A%2F%2Fevil.example%2F", NULL},
    {"/verify/%2e%2e/x", NULL},
    {"/verify/../x", NULL},
    {"/verify//x", NULL},
    {"/verify/a:b", NULL},
    {"/verify;jsessionid=0123456789ABCDEF", NULL},
    {"/verify/[x]", NULL},
    {"/verify/*", NULL},
    {"/verify?&t=1", NULL},
    {"/verify?t=1&", NULL},
    {"/verify/caf\xc3\xa9", NULL},
    {"/verify/a b", NULL},
    {"verify", NULL},
    {"", NULL},
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char got[FINDING_SHAPE + 1] = "?";
		struct slice path = tight(slice_of(rows[i].path));
		bool shaped = outline_link(HOST, path, got);
		const char *want = rows[i].want;
		CHECK(shaped == (want != NULL), "\"%s\": %s", rows[i].path, got);
		CHECK(strcmp(got, want ? want : "?") == 0, "\"%s\": got \"%s\", want \"%s\"",
		      rows[i].path, got, want ? want : "nothing written");
		tight_free(path);
	}
}

/* A shape fits the link that it was made of, and another one of the same kind. */
static void test_fits(void **state)
{
	(void)state;
	static const char *const other = "/verify/ffffffff-0000-41d4-a716-446655440001/done";
	char got[FINDING_SHAPE + 1], text[512];
	struct shape s;
	assert_true(
	    outline_link(HOST, slice_of("/verify/550e8400-e29b-41d4-a716-446655440000/done"), got));
	snprintf(text, sizeof text, "%s %s", HOST, got);
	assert_null(shape_parse(slice_of(text), &s));
	assert_true(shape_match(&s, HOST, slice_of(other)));
	assert_false(shape_match(&s, HOST, slice_of("/verify/x/other")));
	assert_false(shape_match(&s, "www.example.com", slice_of(other)));
	shape_free(&s);
}

static void test_hosts(void **state)
{
	(void)state;
	static const struct {
		const char *host;
		bool want;
	} hosts[] = {
	    {"icann-verification.registrar.eu", true},
	    {"hosting-shop.myorderbox.com", true},
	    {"internationaldomainregistrations.example", true},
	    {"xn--bcher-kva.example", true},
	    {"1api.net", true},
	    {"3f9a8c7d.verify.example", false},
	    {"k3j2h4g5f6d7s8.verify.example", false},
	    {"550e8400-e29b-41d4-a716-446655440000.example", false},
	    {"1234567.example", false},
	};
	for (size_t i = 0; i < COUNT_OF(hosts); i++) {
		char got[FINDING_SHAPE + 1];
		CHECK(outline_link(hosts[i].host, slice_of("/verify"), got) == hosts[i].want, "%s",
		      hosts[i].host);
	}
}

static void test_limits(void **state)
{
	(void)state;
	char got[FINDING_SHAPE + 1];
	struct str path = {0};
	/* eight stars, and one more */
	assert_true(outline_link(HOST, slice_of("/1/2/3/4/5/6/7/8"), got));
	assert_string_equal(got, "/*/*/*/*/*/*/*/*");
	assert_false(outline_link(HOST, slice_of("/1/2/3/4/5/6/7/8/9"), got));
	/* FINDING_SHAPE octets, and one more */
	for (int i = 0; i < FINDING_SHAPE / 8; i++)
		str_puts(&path, "/confirm");
	assert_int_equal(path.n, FINDING_SHAPE);
	assert_true(outline_link(HOST, (struct slice){path.p, path.n}, got));
	str_puts(&path, "/");
	assert_false(outline_link(HOST, (struct slice){path.p, path.n}, got));
	/* the longest path */
	str_reset(&path);
	str_puts(&path, "/");
	while (path.n < LIMIT_LINK_BYTES)
		str_putc(&path, 'x');
	assert_true(outline_link(HOST, (struct slice){path.p, path.n}, got));
	assert_string_equal(got, "/*");
	str_putc(&path, 'x');
	assert_false(outline_link(HOST, (struct slice){path.p, path.n}, got));
	str_free(&path);
}

/* Tokens of every alphabet, none of whose octets, four in a row, come out. */
static void test_no_token_comes_out(void **state)
{
	(void)state;
	static const char *const alphabets[] = {
	    "0123456789",
	    "0123456789abcdef",
	    "0123456789ABCDEF",
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
	};
	static const char *const forms[] = {"/verify/%s", "/verify/%s/done", "/v?t=%s",
					    "/v?%s=1",    "/v?x=1&%s",       "/%s.php"};
	uint64_t random = UINT64_C(0x9e3779b97f4a7c15);
	for (unsigned round = 0; round < 20000; round++) {
		const char *alphabet = alphabets[round % COUNT_OF(alphabets)];
		char token[33] = "", path[80], got[FINDING_SHAPE + 1];
		size_t n = 16 + round % 17;
		for (size_t i = 0; i < n; i++) {
			random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
			token[i] = alphabet[(random >> 33) % strlen(alphabet)];
		}
		const char *form = forms[round / 5 % COUNT_OF(forms)];
		const char *at = strchr(form, '%');
		snprintf(path, sizeof path, "%.*s%s%s", (int)(at - form), form, token, at + 2);
		if (!outline_link(HOST, slice_of(path), got))
			continue;
		for (size_t i = 0; i + 4 <= n; i++) {
			char piece[5];
			memcpy(piece, token + i, 4);
			piece[4] = '\0';
			CHECK(!strstr(got, piece), "%s: %s", path, got);
		}
	}
}

/* Any octets: no shape, or one that fits. */
static void test_any_octets(void **state)
{
	(void)state;
	static const char octets[] = "/////???&&&==%%%2fF3A.-_~+@:;,![]*()'$#\\ \t\x7f\xc3"
				     "abcxyzABC019";
	uint64_t random = UINT64_C(0x2545f4914f6cdd1d);
	unsigned shaped = 0;
	for (unsigned round = 0; round < 50000; round++) {
		char path[64] = "/", got[FINDING_SHAPE + 1];
		size_t n = 1 + round % 40;
		for (size_t i = 1; i < n; i++) {
			random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
			path[i] = octets[(random >> 33) % (sizeof octets - 1)];
		}
		struct slice in = tight((struct slice){path, n});
		if (outline_link(HOST, in, got)) {
			char host[] = HOST;
			const struct shape s = {host, got};
			shaped++;
			CHECK(shape_match(&s, HOST, in), "%s: %s", path, got);
			CHECK(!strpbrk(got, "#[]\\: \t\x7f\xc3"), "%s: %s", path, got);
		}
		tight_free(in);
	}
	CHECK(shaped > 1000, "%u", shaped);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_fits),
	    cmocka_unit_test(test_hosts),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_no_token_comes_out),
	    cmocka_unit_test(test_any_octets),
	};
	return cmocka_run_group_tests_name("letter_outline", tests, NULL, NULL);
}
