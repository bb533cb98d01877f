/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reader of DKIM-Signature headers: what it accepts, what it refuses and why, its limits, and
 * the flaws that a tag list shows by itself.
 */
#include <stdio.h>

#include "proof/dkimsig.h"
#include "tests/rules/table.h"

#define NOW INT64_C(1790000000)

#define B    "b=YWJj; bh=YWJj; "
#define GOOD "v=1; a=rsa-sha256; d=example.com; s=s1; h=From:Subject:Date; " B

static bool parse(const char *text, struct dkimsig *sig)
{
	return dkimsig_parse(slice_of(text), sig);
}

static void accepts(void **state)
{
	(void)state;
	static const struct {
		const char *value, *d, *s;
	} rows[] = {
	    {GOOD, "example.com", "s1"},
	    {" v=1;a=rsa-sha256;d=example.com;s=s1;h=From;b=YWJj;bh=YWJj", "example.com", "s1"},
	    {GOOD " \r\n\t", "example.com", "s1"},
	    {"v=1; a=rsa-sha256;\n\td=Example.COM; s=S1.x;\n h=From :\n\t To; b=YW\n\tJj;\n bh=Y "
	     "WJj",
	     "example.com", "s1.x"},
	    {"h=From; " B "s=a_b; d=xn--bcher-kva.example; a=ed25519-sha256; v=1",
	     "xn--bcher-kva.example", "a_b"},
	    {GOOD "c=relaxed/simple; q=dns/txt; l=0; t=1; x=2; i=@example.com; z=From:a|To:b; r=y",
	     "example.com", "s1"},
	    {GOOD "i=user=2Bx@mail.example.com; c=relaxed", "example.com", "s1"},
	    {GOOD "unknown=; another_1=any=thing", "example.com", "s1"},
	    {"v=1; a=RSA-SHA1; d=example.com; s=s1; h=From; " B, "example.com", "s1"},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct dkimsig sig;
		struct slice value = tight(slice_of(rows[i].value));
		CHECK(dkimsig_parse(value, &sig), "row %zu: %s", i, rows[i].value);
		CHECK(strcmp(sig.d, rows[i].d) == 0 && strcmp(sig.s, rows[i].s) == 0,
		      "row %zu: got d=%s s=%s", i, sig.d, sig.s);
		tight_free(value);
	}
}

static void refuses(void **state)
{
	(void)state;
	static const struct slice rows[] = {
	    LIT(""),
	    LIT(";"),
	    LIT("nonsense"),
	    /* each required tag missing */
	    LIT("a=rsa-sha256; d=example.com; s=s1; h=From; " B),
	    LIT("v=1; d=example.com; s=s1; h=From; " B),
	    LIT("v=1; a=rsa-sha256; s=s1; h=From; " B),
	    LIT("v=1; a=rsa-sha256; d=example.com; h=From; " B),
	    LIT("v=1; a=rsa-sha256; d=example.com; s=s1; " B),
	    LIT("v=1; a=rsa-sha256; d=example.com; s=s1; h=From; bh=YWJj"),
	    LIT("v=1; a=rsa-sha256; d=example.com; s=s1; h=From; b=YWJj"),
	    /* one copy of each, and nothing that looks like it */
	    LIT(GOOD "d=example.com"),
	    LIT(GOOD "D=example.net"),
	    LIT(GOOD "x=5; X=6"),
	    LIT(GOOD "foo=1; foo=2"),
	    LIT("V=1; a=rsa-sha256; d=example.com; s=s1; h=From; " B),
	    LIT(GOOD "; t=1"),
	    LIT(GOOD "=1"),
	    LIT(GOOD "1a=1"),
	    LIT(GOOD "a b=1"),
	    LIT(GOOD "!cd=example.com"),
	    LIT(GOOD "t"),
	    /* values */
	    LIT("v=2; a=rsa-sha256; d=example.com; s=s1; h=From; " B),
	    LIT("v=1; a=rsa-md5; d=example.com; s=s1; h=From; " B),
	    LIT("v=1; a=rsa-sha 256; d=example.com; s=s1; h=From; " B),
	    LIT("v=1; a=rsa-sha256; d=com; s=s1; h=From; " B),
	    LIT("v=1; a=rsa-sha256; d=; s=s1; h=From; " B),
	    LIT("v=1; a=rsa-sha256; d=exa mple.com; s=s1; h=From; " B),
	    LIT("v=1; a=rsa-sha256; d=.example.com; s=s1; h=From; " B),
	    LIT("v=1; a=rsa-sha256; d=example.com.; s=s1; h=From; " B),
	    LIT("v=1; a=rsa-sha256; d=192.0.2.1; s=s1; h=From; " B),
	    LIT("v=1; a=rsa-sha256; d=b\xc3\xbc.example; s=s1; h=From; " B),
	    LIT("v=1; a=rsa-sha256; d=example.com; s=; h=From; " B),
	    LIT("v=1; a=rsa-sha256; d=example.com; s=a..b; h=From; " B),
	    LIT("v=1; a=rsa-sha256; d=example.com; s=a.; h=From; " B),
	    LIT("v=1; a=rsa-sha256; d=example.com; s=a/b; h=From; " B),
	    LIT("v=1; a=rsa-sha256; d=example.com; s=s1; h=; " B),
	    LIT("v=1; a=rsa-sha256; d=example.com; s=s1; h=From::To; " B),
	    LIT("v=1; a=rsa-sha256; d=example.com; s=s1; h=From:; " B),
	    LIT("v=1; a=rsa-sha256; d=example.com; s=s1; h=From:X Y; " B),
	    LIT("v=1; a=rsa-sha256; d=example.com; s=s1; h=From; b=YWJj; bh=YW!j"),
	    LIT("v=1; a=rsa-sha256; d=example.com; s=s1; h=From; b=YWJj; bh=YWJ"),
	    LIT("v=1; a=rsa-sha256; d=example.com; s=s1; h=From; b=YWJj; bh=YW=j"),
	    LIT("v=1; a=rsa-sha256; d=example.com; s=s1; h=From; b=YWJj; bh=YWJj===="),
	    LIT("v=1; a=rsa-sha256; d=example.com; s=s1; h=From; b=; bh=YWJj"),
	    LIT(GOOD "c=nowsp"),
	    LIT(GOOD "c=relaxed/"),
	    LIT(GOOD "c=relaxed/relaxed/relaxed"),
	    LIT(GOOD "q=foo/bar"),
	    LIT(GOOD "q=dns"),
	    LIT(GOOD "q=foo/bar:dns/txt"),
	    LIT(GOOD "q="),
	    LIT(GOOD "l=-1"),
	    LIT(GOOD "l=1e3"),
	    LIT(GOOD "l="),
	    LIT(GOOD "l=1234567890123456"),
	    LIT(GOOD "t=-5"),
	    LIT(GOOD "t="),
	    LIT(GOOD "t=1 2"),
	    LIT(GOOD "t=999999999999"),
	    LIT(GOOD "x=0x10"),
	    LIT(GOOD "x=1234567890123"),
	    /* i= as the library must not read it */
	    LIT(GOOD "i=a="),
	    LIT(GOOD "i=a@example.com="),
	    LIT(GOOD "i=a@example.com=4"),
	    LIT(GOOD "i=a=4g@example.com"),
	    LIT(GOOD "i=a=2b@example.com"),
	    LIT(GOOD "i=a=00@example.com"),
	    LIT(GOOD "i=a b@example.com"),
	    /* octets */
	    LIT(GOOD "n=a\0b"),
	    LIT(GOOD "n=a\x01"),
	    LIT(GOOD "n=a\x0b"),
	    LIT(GOOD "n=a\x7f"),
	    LIT(GOOD "n=\xc3\xbc"),
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct dkimsig sig;
		struct slice value = tight(rows[i]);
		CHECK(!dkimsig_parse(value, &sig), "row %zu: %s", i, rows[i].p);
		tight_free(value);
	}
}

/* A refused signature still says who it claims to be by, or that its names are odd. */
static void refused_keeps_names(void **state)
{
	(void)state;
	struct dkimsig sig;
	assert_false(parse(GOOD "q=foo/bar", &sig));
	assert_string_equal(sig.d, "example.com");
	assert_string_equal(sig.s, "s1");
	assert_false(parse("v=1; a=rsa-sha256; d=b\xc3\xbc.example; s=s1; h=From; " B, &sig));
	assert_string_equal(sig.d, "");
}

static char *with(const char *before, const char *repeated, size_t n, const char *after)
{
	struct str s = {0};
	str_puts(&s, before);
	for (size_t i = 0; i < n; i++)
		str_puts(&s, repeated);
	str_puts(&s, after);
	char *text = str_take(&s);
	assert_non_null(text);
	return text;
}

static void limits(void **state)
{
	(void)state;
	static const struct {
		const char *before, *repeated, *after;
		size_t most; /* as often it may be repeated */
	} rows[] = {
	    /* names in h=, the one before included */
	    {"v=1; a=rsa-sha256; d=example.com; s=s1; " B "h=From", ":To", "", DKIMSIG_HEADERS - 1},
	    /* octets of h=, with a colon for each name */
	    {"v=1; a=rsa-sha256; d=example.com; s=s1; " B "h=From:", "x", "", DKIMSIG_NAMES - 6},
	    /* octets of i= */
	    {GOOD "i=", "x", "@example.com", LIMIT_DKIM_IDENTITY - 12},
	    /* a label of d= and of s= */
	    {"v=1; a=rsa-sha256; s=s1; h=From; " B "d=", "x", ".example", LIMIT_LABEL},
	    {"v=1; a=rsa-sha256; d=example.com; h=From; " B "s=", "x", "", LIMIT_LABEL},
	    /* the name of the key record: a._domainkey.… */
	    {"v=1; a=rsa-sha256; s=s; h=From; " B "d=", "x.", "com",
	     (LIMIT_DOMAIN - sizeof("s._domainkey.com") + 1) / 2},
	    /* the whole */
	    {GOOD "n=", "x", "", LIMIT_SIGNATURE_BYTES - sizeof(GOOD "n=") + 1},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		for (size_t past = 0; past < 2; past++) {
			struct dkimsig sig;
			char *text = with(rows[i].before, rows[i].repeated, rows[i].most + past,
					  rows[i].after);
			CHECK(parse(text, &sig) == !past, "row %zu, %zu past the limit", i, past);
			free(text);
		}
	/* tags */
	for (size_t past = 0; past < 2; past++) {
		struct str s = {0};
		struct dkimsig sig;
		str_puts(&s, GOOD); /* has 7 */
		for (size_t i = 7; i < DKIMSIG_TAGS + past; i++)
			str_printf(&s, "n%zu=1; ", i);
		CHECK(parse(str_text(&s), &sig) == !past, "%zu tags past the limit", past);
		str_free(&s);
	}
}

static void identities(void **state)
{
	(void)state;
	static const struct {
		const char *identity;
		bool odd, below;
	} rows[] = {
	    {"@example.com", false, false},
	    {"user@EXAMPLE.com", false, false},
	    {"user=40x@example.com", true, false}, /* decodes to two "@" */
	    {"@mail.example.com", false, true},
	    {"@notexample.com", true, false},
	    {"@example.com.evil.example", true, false},
	    {"@com", true, false},
	    {"user", true, false},
	    {"a@b@example.com", true, false},
	    {"@", true, false},
	    {"user=40example.com", false, false}, /* a coded "@" is one */
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct dkimsig sig;
		struct str s = {0};
		str_printf(&s, GOOD "i=%s", rows[i].identity);
		CHECK(parse(str_text(&s), &sig), "i=%s", rows[i].identity);
		CHECK(sig.identity_odd == rows[i].odd && sig.identity_below == rows[i].below,
		      "i=%s: got odd %d below %d", rows[i].identity, sig.identity_odd,
		      sig.identity_below);
		str_free(&s);
	}
}

static void names_counts_instances(void **state)
{
	(void)state;
	struct dkimsig sig;
	assert_true(parse(
	    "v=1; a=rsa-sha256; d=example.com; s=s1; " B "h=From:from: FROM\n\t:Fromage:To", &sig));
	assert_int_equal(dkimsig_names(&sig, "From"), 3);
	assert_int_equal(dkimsig_names(&sig, "to"), 1);
	assert_int_equal(dkimsig_names(&sig, "Subject"), 0);
}

static void flaws(void **state)
{
	(void)state;
	static const struct {
		const char *tags, *headers; /* header names, space-separated */
		uint32_t want;
	} rows[] = {
	    {"h=From:Subject:Date", "From Subject Date", 0},
	    {"h=from:subject:date", "FROM SUBJECT DATE To Cc", 0},
	    {"h=From:From:Subject:Date", "From Subject Date", 0},
	    {"h=Subject:Date", "From Subject Date", FLAW_UNSIGNED_FROM},
	    {"h=From:Date", "From Subject Date", FLAW_UNSIGNED_SUBJECT},
	    {"h=From:Date", "From Date", FLAW_UNSIGNED_SUBJECT},
	    {"h=From:Subject", "From Subject Date", FLAW_UNSIGNED_DATE},
	    {"h=From:Subject; t=1789999999", "From Subject Date", 0},
	    {"h=From:Subject:Date; t=1789999999", "From Subject Date Date", FLAW_MORE_THAN_SIGNED},
	    {"h=From:Subject:Date", "From Subject Date Content-Type", FLAW_UNSIGNED_TYPE},
	    {"h=From:Subject:Date:Content-Type", "From Subject Date Content-Type", 0},
	    {"h=From:Subject:Date:Content-Type", "From Subject Date Content-Type content-type",
	     FLAW_MORE_THAN_SIGNED},
	    {"h=From:Subject:Date", "From Subject Date Reply-To", FLAW_UNSIGNED_REPLY_TO},
	    {"h=From:Subject:Date:Reply-To", "From Subject Date", 0},
	    {"h=From:Subject:Date", "From From Subject Date", FLAW_MORE_THAN_SIGNED},
	    {"h=From:From:Subject:Date", "From From Subject Date", 0},
	    {"h=From:Subject:Date", "From From\x0b Subject Date", FLAW_MORE_THAN_SIGNED},
	    {"h=From:Subject:Date", "From Subject subject Date", FLAW_MORE_THAN_SIGNED},
	    {"h=From:Subject:Date; l=10", "From Subject Date", FLAW_LENGTH},
	    {"h=From:Subject:Date; i=@other.example", "From Subject Date", FLAW_IDENTITY},
	    {"h=From:Subject:Date; x=1790000001", "From Subject Date", 0},
	    {"h=From:Subject:Date; x=1790000000", "From Subject Date", FLAW_EXPIRED},
	    {"h=From:Subject:Date; t=1790000000; x=1790000000", "From Subject Date", FLAW_EXPIRED},
	    {"h=From:Subject:Date; t=1790000002; x=1790000001", "From Subject Date", FLAW_EXPIRED},
	    {"h=From:Subject:Date; t=1790086400", "From Subject Date", 0},
	    {"h=From:Subject:Date; t=1790086401", "From Subject Date", FLAW_FUTURE},
	    {"h=To", "From Subject Date Content-Type Reply-To",
	     FLAW_UNSIGNED_FROM | FLAW_UNSIGNED_SUBJECT | FLAW_UNSIGNED_DATE | FLAW_UNSIGNED_TYPE |
		 FLAW_UNSIGNED_REPLY_TO},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct message m;
		message_init(&m);
		for (struct slice left = slice_of(rows[i].headers); left.n;) {
			const char *end = memchr(left.p, ' ', left.n);
			size_t n = end ? (size_t)(end - left.p) : left.n;
			message_add_header_n(&m, (struct slice){left.p, n}, LIT(" x"));
			left.p += n + (end != NULL);
			left.n -= n + (end != NULL);
		}
		struct str s = {0};
		struct dkimsig sig;
		str_printf(&s, "v=1; a=rsa-sha256; d=example.com; s=s1; " B "%s", rows[i].tags);
		CHECK(parse(str_text(&s), &sig), "%s", rows[i].tags);
		uint32_t got = dkimsig_flaws(&sig, &m, NOW);
		CHECK(got == rows[i].want, "%s over %s: got %x want %x", rows[i].tags,
		      rows[i].headers, got, rows[i].want);
		str_free(&s);
		message_free(&m);
	}
}

static void algorithm_flaw(void **state)
{
	(void)state;
	struct message m;
	struct dkimsig sig;
	message_init(&m);
	assert_true(parse("v=1; a=rsa-sha1; d=example.com; s=s1; h=From:Subject:Date; " B, &sig));
	assert_int_equal(dkimsig_flaws(&sig, &m, NOW), FLAW_ALGORITHM);
	assert_true(
	    parse("v=1; a=ed25519-sha256; d=example.com; s=s1; h=From:Subject:Date; " B, &sig));
	assert_int_equal(dkimsig_flaws(&sig, &m, NOW), 0);
	message_free(&m);
}

/* Every truncation and every changed octet of a good signature is read or refused, no more. */
static void any_octets(void **state)
{
	(void)state;
	static const char text[] =
	    GOOD "i=a=2Bb@mail.example.com; t=1; x=2; l=3; q=dns/txt; c=relaxed";
	static const char odd[] = "\0\x01\t\n\r =;:@.\x7f\xff";
	struct dkimsig sig;
	for (size_t n = 0; n < sizeof text; n++) {
		struct slice value = tight((struct slice){text, n});
		dkimsig_parse(value, &sig);
		for (size_t o = 0; n && o < sizeof odd; o++) {
			char *p = (char *)(uintptr_t)value.p;
			char was = p[n - 1];
			p[n - 1] = odd[o];
			dkimsig_parse(value, &sig);
			p[n - 1] = was;
		}
		tight_free(value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(accepts),
	    cmocka_unit_test(refuses),
	    cmocka_unit_test(refused_keeps_names),
	    cmocka_unit_test(limits),
	    cmocka_unit_test(identities),
	    cmocka_unit_test(names_counts_instances),
	    cmocka_unit_test(flaws),
	    cmocka_unit_test(algorithm_flaw),
	    cmocka_unit_test(any_octets),
	};
	return cmocka_run_group_tests_name("proof/dkimsig", tests, NULL, NULL);
}
