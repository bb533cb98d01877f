/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DMARC records as tables: discovery (RFC 7489 6.6.3), the tag list (6.3), limits.
 */
#include <stdio.h>

#include "proof/dmarc.h"
#include "tests/proof/zone.h"
#include "tests/rules/table.h"

struct want {
	enum auth_result record;
	uint32_t policy; /* 0 none, 1 quarantine, 2 reject */
	bool strict_dkim, strict_spf;
};

static struct suffixes *suffixes;

static void check(const char *zone_text, const char *from, struct want want)
{
	struct zone *z = zone_new();
	unsigned line = 0;
	assert_non_null(z);
	CHECK(zone_load(z, slice_of(zone_text), &line), "zone line %u of %s", line, zone_text);
	struct resolver resolver = zone_resolver(z);
	struct finding f = {.dmarc_record = AUTH_FAIL,
			    .dmarc_policy = 2,
			    .dmarc_strict_dkim = true,
			    .dmarc_strict_spf = true};
	dmarc_expect(from, suffixes, &resolver);
	dmarc_read(from, suffixes, &resolver, &f);
	CHECK(f.dmarc_record == want.record && f.dmarc_policy == want.policy &&
		  f.dmarc_strict_dkim == want.strict_dkim && f.dmarc_strict_spf == want.strict_spf,
	      "%s for %s: got %d p%u %d %d, want %d p%u %d %d", zone_text, from,
	      (int)f.dmarc_record, f.dmarc_policy, f.dmarc_strict_dkim, f.dmarc_strict_spf,
	      (int)want.record, want.policy, want.strict_dkim, want.strict_spf);
	struct zone_counts counts = zone_counts(z);
	CHECK(counts.unexpected == 0 && counts.odd == 0, "%s: unexpected question", zone_text);
	zone_free(z);
}

static void records(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		struct want want;
	} rows[] = {
	    {"v=DMARC1; p=none", {AUTH_PASS, 0, false, false}},
	    {"v=DMARC1; p=quarantine", {AUTH_PASS, 1, false, false}},
	    {"v=DMARC1; p=reject", {AUTH_PASS, 2, false, false}},
	    {"v=DMARC1;p=reject;", {AUTH_PASS, 2, false, false}},
	    {"v = DMARC1 ; p = REJECT ; adkim = s ; aspf = S", {AUTH_PASS, 2, true, true}},
	    {"v=DMARC1; p=reject; adkim=s", {AUTH_PASS, 2, true, false}},
	    {"v=DMARC1; p=reject; aspf=s", {AUTH_PASS, 2, false, true}},
	    {"v=DMARC1; p=reject; adkim=r; aspf=r", {AUTH_PASS, 2, false, false}},
	    {"v=DMARC1; p=reject; adkim=strict; aspf=", {AUTH_PASS, 2, false, false}},
	    {"v=DMARC1; sp=none; p=reject", {AUTH_PASS, 2, false, false}},
	    {"v=DMARC1; rua=mailto:a@b.example; p=reject; fo=1; ri=86400; rf=afrf; ruf=mailto:x@y",
	     {AUTH_PASS, 2, false, false}},
	    {"v=DMARC1; p=reject; unknown=x; nonsense; ; =; x", {AUTH_PASS, 2, false, false}},
	    {"v=DMARC1; p=reject; pct=50", {AUTH_PASS, 2, false, false}},
	    {"v=DMARC1; p=reject; pct=0", {AUTH_PASS, 0, false, false}},
	    {"v=DMARC1; p=reject; pct=x", {AUTH_PASS, 2, false, false}},
	    {"v=DMARC1; p=reject; t=y", {AUTH_PASS, 0, false, false}},
	    {"v=DMARC1; p=reject; t=n", {AUTH_PASS, 2, false, false}},
	    /* without a usable policy: none if reports are wanted, else no record */
	    {"v=DMARC1; p=rejct; rua=mailto:a@b.example", {AUTH_PASS, 0, false, false}},
	    {"v=DMARC1; rua=,mailto:a@b.example", {AUTH_PASS, 0, false, false}},
	    {"v=DMARC1; p=reject; sp=x; rua=mailto:a@b.example", {AUTH_PASS, 0, false, false}},
	    {"v=DMARC1; p=rejct", {AUTH_NONE, 0, false, false}},
	    {"v=DMARC1; p=", {AUTH_NONE, 0, false, false}},
	    {"v=DMARC1; p=reject; sp=x", {AUTH_NONE, 0, false, false}},
	    {"v=DMARC1; rua=", {AUTH_NONE, 0, false, false}},
	    {"v=DMARC1; rua=a@b.example", {AUTH_NONE, 0, false, false}},
	    {"v=DMARC1; rua=mailto:", {AUTH_NONE, 0, false, false}},
	    {"v=DMARC1", {AUTH_NONE, 0, false, false}},
	    /* broken */
	    {"v=DMARC1; p=none; p=reject", {AUTH_NONE, 0, false, false}},
	    {"v=DMARC1; p=reject; P=none", {AUTH_NONE, 0, false, false}},
	    {"v=DMARC1; p=reject; adkim=s; adkim=r", {AUTH_NONE, 0, false, false}},
	    {"v=DMARC1; p=reject; x=\xc3\xbc", {AUTH_NONE, 0, false, false}},
	    /* no DMARC record */
	    {"v=DMARC2; p=reject", {AUTH_NONE, 0, false, false}},
	    {"v=dmarc1; p=reject", {AUTH_NONE, 0, false, false}},
	    {"v=DMARC1 p=reject", {AUTH_NONE, 0, false, false}},
	    {"v=DMARC1x; p=reject", {AUTH_NONE, 0, false, false}},
	    {"p=reject; v=DMARC1", {AUTH_NONE, 0, false, false}},
	    {"\" v=DMARC1; p=reject\"", {AUTH_NONE, 0, false, false}},
	    {"v=spf1 -all", {AUTH_NONE, 0, false, false}},
	    {"\"\"", {AUTH_NONE, 0, false, false}},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str zone = {0};
		str_printf(&zone, "_dmarc.example.com TXT %s\n", rows[i].text);
		check(str_text(&zone), "example.com", rows[i].want);
		str_free(&zone);
	}
}

static void discovery(void **state)
{
	(void)state;
	static const struct {
		const char *zone, *from;
		struct want want;
	} rows[] = {
	    {"", "example.com", {AUTH_NONE, 0, false, false}},
	    /* the organisational domain, with sp= */
	    {"_dmarc.example.com TXT v=DMARC1; p=reject",
	     "mail.example.com",
	     {AUTH_PASS, 2, false, false}},
	    {"_dmarc.example.com TXT v=DMARC1; p=reject; sp=none; adkim=s",
	     "a.b.example.com",
	     {AUTH_PASS, 0, true, false}},
	    {"_dmarc.example.co.uk TXT v=DMARC1; p=none; sp=quarantine",
	     "mail.example.co.uk",
	     {AUTH_PASS, 1, false, false}},
	    /* its own record wins, sp= of it says nothing about itself */
	    {"_dmarc.example.com TXT v=DMARC1; p=reject\n"
	     "_dmarc.mail.example.com TXT v=DMARC1; p=none; sp=reject",
	     "mail.example.com",
	     {AUTH_PASS, 0, false, false}},
	    /* other TXT records do not count */
	    {"_dmarc.mail.example.com TXT hello\n_dmarc.example.com TXT v=DMARC1; p=reject",
	     "mail.example.com",
	     {AUTH_PASS, 2, false, false}},
	    {"_dmarc.example.com TXT hello\n_dmarc.example.com TXT v=DMARC1; p=reject",
	     "example.com",
	     {AUTH_PASS, 2, false, false}},
	    /* several, or a broken one: none, and nobody above is asked */
	    {"_dmarc.example.com TXT v=DMARC1; p=reject\n_dmarc.example.com TXT v=DMARC1; p=reject",
	     "example.com",
	     {AUTH_NONE, 0, false, false}},
	    {"_dmarc.mail.example.com TXT v=DMARC1; p=bad\n"
	     "_dmarc.example.com TXT v=DMARC1; p=reject",
	     "mail.example.com",
	     {AUTH_NONE, 0, false, false}},
	    /* only the organisational domain, not those between, not a public suffix */
	    {"_dmarc.b.example.com TXT v=DMARC1; p=reject",
	     "a.b.example.com",
	     {AUTH_NONE, 0, false, false}},
	    {"_dmarc.com TXT v=DMARC1; p=reject", "example.com", {AUTH_NONE, 0, false, false}},
	    {"_dmarc.co.uk TXT v=DMARC1; p=reject", "co.uk", {AUTH_PASS, 2, false, false}},
	    {"_dmarc.uk TXT v=DMARC1; p=reject", "co.uk", {AUTH_NONE, 0, false, false}},
	    /* trouble is not "no" */
	    {"_dmarc.example.com TROUBLE TXT", "example.com", {AUTH_TEMPERROR, 0, false, false}},
	    {"_dmarc.mail.example.com TROUBLE TXT\n_dmarc.example.com TXT v=DMARC1; p=reject",
	     "mail.example.com",
	     {AUTH_TEMPERROR, 0, false, false}},
	    {"_dmarc.example.com TROUBLE TXT",
	     "mail.example.com",
	     {AUTH_TEMPERROR, 0, false, false}},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		check(rows[i].zone, rows[i].from, rows[i].want);
}

static void limits(void **state)
{
	(void)state;
	for (size_t past = 0; past < 2; past++) {
		struct str text = {0};
		str_puts(&text, "_dmarc.example.com TXT v=DMARC1; p=reject; x=");
		size_t n = text.n - strlen("_dmarc.example.com TXT ");
		for (; n < LIMIT_DMARC_TXT + past; n++)
			str_putc(&text, 'x');
		check(str_text(&text), "example.com",
		      past ? (struct want){AUTH_NONE, 0, false, false}
			   : (struct want){AUTH_PASS, 2, false, false});
		str_free(&text);
	}
	/* The longest From domain that "_dmarc." still fits before, and one octet more. */
	for (size_t past = 0; past < 2; past++) {
		struct str from = {0}, text = {0};
		while (from.n + sizeof("x.example.com") - 1 + 7 + 3 < LIMIT_DOMAIN + past)
			str_puts(&from, "aa.");
		while (from.n + sizeof(".example.com") - 1 + 7 < LIMIT_DOMAIN + past)
			str_putc(&from, 'b');
		str_puts(&from, ".example.com");
		str_printf(&text, "_dmarc.%s TXT v=DMARC1; p=reject", str_text(&from));
		assert_int_equal(from.n + 7, LIMIT_DOMAIN + past);
		check(str_text(&text), str_text(&from),
		      past ? (struct want){AUTH_NONE, 0, false, false}
			   : (struct want){AUTH_PASS, 2, false, false});
		str_free(&from);
		str_free(&text);
	}
}

static int open_suffixes(void **state)
{
	(void)state;
	suffixes = suffixes_open();
	return suffixes ? 0 : -1;
}

static int close_suffixes(void **state)
{
	(void)state;
	suffixes_close(suffixes);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(records),
	    cmocka_unit_test(discovery),
	    cmocka_unit_test(limits),
	};
	return cmocka_run_group_tests_name("proof/dmarc", tests, open_suffixes, close_suffixes);
}
