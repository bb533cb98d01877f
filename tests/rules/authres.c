/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * authres.c - Authentication-Results of a server of ours: what is heard, and from where; every
 * forgery that a sender can write into a mail; what the results may stand in for.
 */
#include "rules/core/authres.h"

#include <stdio.h>

#include "tests/rules/table.h"

#define ID   "mx.example.net"
#define AR   "Authentication-Results: "
#define IN   "Received: from mail.sender.example ([192.0.2.1])\n\tby " ID " with ESMTPS id 1\n"
#define DATE "; Sun, 22 Nov 2026 12:00:00 +0000\n"
#define OVER                                                                                   \
	"Received: from " ID "\n\tby " ID " with LMTP\n\tid abc (envelope-from <x@y>)\n\tfor " \
	"<a@" ID ">" DATE
#define PASS AR ID "; dkim=pass header.d=sender.example\n"

struct heard {
	const char *name, *headers;
	const char *want; /* "d[/s] d[/s] <mail_from>" */
};

static void say(const struct authres *a, char to[static 1024])
{
	size_t n = 0;
	to[0] = '\0';
	for (size_t i = 0; i < a->dkim_count; i++)
		n += (size_t)snprintf(to + n, 1024 - n, "%s%s%s ", a->dkim[i].d,
				      a->dkim[i].s[0] ? "/" : "", a->dkim[i].s);
	if (a->mail_from[0])
		n += (size_t)snprintf(to + n, 1024 - n, "<%s> ", a->mail_from);
	if (n > 0)
		to[n - 1] = '\0';
}

static void check(const struct heard *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct message m;
		struct authres a = {0};
		char got[1024];
		struct slice text = tight(slice_of(rows[i].headers));
		message_init(&m);
		message_parse(&m, text);
		bool found = authres_find(&m, ID, &a);
		say(&a, got);
		CHECK(!strcmp(got, rows[i].want), "%s: got \"%s\", want \"%s\"", rows[i].name, got,
		      rows[i].want);
		CHECK(found == (rows[i].want[0] != '\0'), "%s", rows[i].name);
		message_free(&m);
		tight_free(text);
	}
}

static void what_is_written(void **state)
{
	(void)state;
	static const struct heard rows[] = {
	    {"one", PASS IN, "sender.example"},
	    {"with a selector", AR ID "; dkim=pass header.d=sender.example header.s=S1.x\n" IN,
	     "sender.example/s1.x"},
	    {"as opendkim writes",
	     AR ID
	     ";\n\tdkim=pass (2048-bit key; unprotected) header.d=Sender.Example "
	     "header.i=@sender.example header.a=rsa-sha256 header.s=k header.b=\"AbC+/dEf\"\n" IN,
	     "sender.example/k"},
	    {"as rspamd writes",
	     AR ID ";\n\tdkim=pass header.d=sender.example header.s=k header.b=\"q/+w\";\n"
		   "\tdmarc=pass (policy=reject) header.from=sender.example;\n"
		   "\tspf=pass (" ID ": domain of b@sender.example designates 192.0.2.1 as\n"
		   "\t permitted sender) smtp.mailfrom=b@sender.example\n" IN,
	     "sender.example/k <b@sender.example>"},
	    {"SPF of a domain", AR ID "; spf=pass smtp.mailfrom=sender.example\n" IN,
	     "<unknown@sender.example>"},
	    {"SPF of HELO alone", AR ID "; spf=pass smtp.helo=sender.example\n" IN, ""},
	    {"two signatures",
	     AR ID "; dkim=pass header.d=a.example; dkim=pass header.d=b.example\n" IN,
	     "a.example b.example"},
	    {"one of two fails",
	     AR ID "; dkim=fail header.d=a.example; dkim=pass header.d=b.example\n" IN,
	     "b.example"},
	    {"two fields", PASS AR ID "; spf=pass smtp.mailfrom=b@sender.example\n" IN,
	     "sender.example <b@sender.example>"},
	    {"version", AR ID " 1; dkim=pass header.d=sender.example\n" IN, "sender.example"},
	    {"method's version", AR ID "; dkim/1=pass header.d=sender.example\n" IN,
	     "sender.example"},
	    {"case",
	     "AUTHENTICATION-RESULTS: MX.Example.NET; DKIM=Pass Header.D=sender.example\n" IN,
	     "sender.example"},
	    {"a last semicolon", AR ID "; dkim=pass header.d=sender.example;\n" IN,
	     "sender.example"},
	    {"a reason", AR ID "; dkim=pass reason=\"good; it is\" header.d=sender.example\n" IN,
	     "sender.example"},
	    {"none", AR ID "; none\n" IN, ""},
	    {"fail", AR ID "; dkim=fail header.d=sender.example\n" IN, ""},
	    {"no domain", AR ID "; dkim=pass\n" IN, ""},
	    {"an odd domain", AR ID "; dkim=pass header.d=sender_.example\n" IN, ""},
	    {"a null sender", AR ID "; spf=pass smtp.mailfrom=\"\"\n" IN, ""},
	};
	check(rows, COUNT_OF(rows));
}

static void whose_it_is(void **state)
{
	(void)state;
	static const struct heard rows[] = {
	    {"another's", AR "mx.evil.example; dkim=pass header.d=sender.example\n" IN, ""},
	    {"below our name", AR "x." ID "; dkim=pass header.d=sender.example\n" IN, ""},
	    {"our name and more", AR ID ".evil.example; dkim=pass header.d=sender.example\n" IN,
	     ""},
	    {"our name in a comment", AR "(" ID ") evil.example; dkim=pass header.d=a.example\n" IN,
	     ""},
	    {"our name in quotes", AR "\"" ID "\"; dkim=pass header.d=sender.example\n" IN,
	     "sender.example"},
	    {"a field that looks like it",
	     "Authentication-Results : " ID "; dkim=pass header.d=sender.example\n" IN, ""},
	    {"X-", "X-" PASS IN, ""},
	    {"ARC's", "ARC-Authentication-Results: i=1; " ID "; dkim=pass header.d=a.example\n" IN,
	     ""},
	    {"no name", AR "; dkim=pass header.d=sender.example\n" IN, ""},
	    {"another version", AR ID " 2; dkim=pass header.d=sender.example\n" IN, ""},
	};
	check(rows, COUNT_OF(rows));
}

/* What a sender writes lies below the Received line with which the mail came in. */
static void where_it_stands(void **state)
{
	(void)state;
	static const struct heard rows[] = {
	    {"below the line that let it in", IN PASS, ""},
	    {"below that line, and a line by us below it", IN PASS OVER, ""},
	    {"below that line, which is called like a handing over",
	     "Received: from x by " ID " with ESMTP id 1\n" OVER PASS, ""},
	    {"ours above, the sender's below",
	     AR ID "; dkim=fail header.d=sender.example\n" IN PASS, ""},
	    {"no Received line", PASS "From: a@b.example\n", ""},
	    {"nothing but handing over", PASS OVER, ""},
	    {"above the handing over", PASS OVER IN, "sender.example"},
	    {"below the handing over", OVER PASS IN, "sender.example"},
	    {"below two", OVER OVER PASS IN, "sender.example"},
	    {"Return-Path above", "Return-Path: <x@y>\nDelivered-To: a@b\n" OVER PASS IN,
	     "sender.example"},
	    {"handing over by another", "Received: from x by mx.evil.example with LMTP\n" PASS IN,
	     ""},
	    {"handing over in a comment",
	     "Received: from x (by " ID " with LMTP) by evil.example with ESMTP\n" PASS IN, ""},
	    {"handing over without id and recipient",
	     "Received: from x by " ID " with LMTPS" DATE PASS IN, "sender.example"},
	    {"handing over without a date", "Received: from x by " ID " with LMTP id 1\n" PASS IN,
	     ""},
	    {"HELO with blanks",
	     "Received: from x by " ID " with LMTP (h.evil.example [192.0.2.1])\n\tby " ID
	     " (Postfix) with ESMTP id 1\n\tfor <a@" ID ">" DATE PASS IN,
	     ""},
	    {"HELO with blanks, as Postfix writes it",
	     "Received: from x?by?" ID "?with?LMTP (h.evil.example [192.0.2.1])\n\tby " ID
	     " (Postfix) with ESMTP id 1" DATE PASS IN,
	     ""},
	    {"HELO with an id",
	     "Received: from x by " ID " with LMTP id 1 (h [192.0.2.1])\n\tby " ID
	     " (Postfix) with ESMTP id 1" DATE PASS IN,
	     ""},
	    {"HELO with a semicolon",
	     "Received: from x by " ID " with LMTP; (h [192.0.2.1])\n\tby " ID
	     " (Postfix) with ESMTP id 1" DATE PASS IN,
	     ""},
	    {"HELO with a comment that stays open",
	     "Received: from x by " ID " with LMTP; ( (h [192.0.2.1])\n\tby " ID
	     " (Postfix) with ESMTP id 1" DATE PASS IN,
	     ""},
	    {"HELO says so", "Received: from by (x [192.0.2.1]) by " ID " with SMTP\n" PASS IN, ""},
	    {"LMTP of a word", "Received: from x by " ID " with LMTPX\n" PASS IN, ""},
	    {"Received in an odd spelling", "Received : from x by y with SMTP\n" PASS IN, ""},
	    {"Received with an odd name", "Received\x01: from x by y with SMTP\n" PASS IN, ""},
	    {"Received-SPF is no Received", "Received-SPF: pass\n" PASS IN, "sender.example"},
	};
	check(rows, COUNT_OF(rows));
}

static void what_breaks_the_grammar(void **state)
{
	(void)state;
	static const struct heard rows[] = {
	    {"a comment without end", AR ID "; dkim=pass (x header.d=sender.example\n" IN, ""},
	    {"a comment that ends twice", AR ID "; dkim=pass (x)) header.d=sender.example\n" IN,
	     ""},
	    {"a quote without end", AR ID "; dkim=pass header.d=\"sender.example\n" IN, ""},
	    {"the pass is in a comment", AR ID "; dkim=fail (dkim=pass header.d=a.example)\n" IN,
	     ""},
	    {"a semicolon in a comment",
	     AR ID "; dkim=fail (; dkim=pass header.d=a.example;) header.d=b.example\n" IN, ""},
	    {"a quoted pair closes no comment",
	     AR ID "; dkim=fail (\\) dkim=pass header.d=a.example) header.d=b.example\n" IN, ""},
	    {"the pass is in a reason",
	     AR ID "; dkim=fail reason=\"; dkim=pass header.d=a.example\"\n" IN, ""},
	    {"a pair in quotes", AR ID "; dkim=pass header.d=\"sen\\der.example\"\n" IN, ""},
	    {"d twice", AR ID "; dkim=pass header.d=a.example header.d=b.example\n" IN, ""},
	    {"an unknown word", AR ID "; dkim=pass header.d=a.example because\n" IN, ""},
	    {"no semicolon", AR ID " dkim=pass header.d=a.example\n" IN, ""},
	    {"no result", AR ID "; dkim= header.d=a.example\n" IN, ""},
	    {"one bad statement spoils the field", AR ID "; dkim=pass header.d=a.example; =\n" IN,
	     ""},
	    {"but not the next field", AR ID "; dkim=pass header.d=a.example; =\n" PASS IN,
	     "sender.example"},
	    {"empty", AR "\n" IN, ""},
	};
	check(rows, COUNT_OF(rows));
}

static void limits(void **state)
{
	(void)state;
	static const struct {
		size_t depth, pad;
		const char *want;
	} rows[] = {
	    {AUTHRES_DEPTH, 0, "a.example"},
	    {AUTHRES_DEPTH + 1, 0, ""},
	    {0, AUTHRES_BYTES - 1, "a.example"},
	    {0, AUTHRES_BYTES, ""},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str s = {0};
		size_t start;
		str_puts(&s, "Authentication-Results:");
		start = s.n;
		str_puts(&s, ID "; dkim=pass ");
		for (size_t k = 0; k < rows[i].depth; k++)
			str_putc(&s, '(');
		for (size_t k = 0; k < rows[i].depth; k++)
			str_putc(&s, ')');
		str_puts(&s, " header.d=a.example");
		while (s.n - start < rows[i].pad)
			str_putc(&s, ' ');
		str_puts(&s, "\n" IN);
		check(&(struct heard){"limit", str_text(&s), rows[i].want}, 1);
		str_free(&s);
	}
	struct str s = {0};
	struct message m;
	struct authres a;
	str_puts(&s, AR ID);
	for (int k = 0; k < LIMIT_SIGNATURES + 1; k++)
		str_printf(&s, "; dkim=pass header.d=d%d.example", k);
	str_puts(&s, "\n" IN);
	message_init(&m);
	message_parse(&m, (struct slice){s.p, s.n});
	assert_true(authres_find(&m, ID, &a));
	assert_int_equal(a.dkim_count, LIMIT_SIGNATURES);
	message_free(&m);
	str_free(&s);
}

static void what_it_stands_in_for(void **state)
{
	(void)state;
	static const struct {
		const char *name, *d, *s;
		enum auth_result result;
		uint32_t flaws;
		enum auth_result want;
	} rows[] = {
	    {"the key is gone", "a.example", "k", AUTH_PERMERROR, 0, AUTH_PASS},
	    {"another domain", "b.example", "k", AUTH_PERMERROR, 0, AUTH_PERMERROR},
	    {"a domain below", "x.a.example", "k", AUTH_PERMERROR, 0, AUTH_PERMERROR},
	    {"another selector", "a.example", "k2", AUTH_PERMERROR, 0, AUTH_PERMERROR},
	    {"it is wrong", "a.example", "k", AUTH_FAIL, 0, AUTH_FAIL},
	    {"no answer came", "a.example", "k", AUTH_TEMPERROR, 0, AUTH_TEMPERROR},
	    {"it is too weak", "a.example", "k", AUTH_POLICY, 0, AUTH_POLICY},
	    {"it leaves something out", "a.example", "k", AUTH_PERMERROR, FLAW_UNSIGNED_SUBJECT,
	     AUTH_PERMERROR},
	};
	const struct authres a = {.dkim = {{"a.example", "k"}}, .dkim_count = 1};
	bool spf;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct finding f = {.dkim_count = 1};
		strcpy(f.dkim[0].d, rows[i].d);
		strcpy(f.dkim[0].s, rows[i].s);
		f.dkim[0].result = rows[i].result;
		f.dkim[0].flaws = rows[i].flaws;
		bool changed = authres_apply(&a, &f, &spf);
		CHECK(f.dkim[0].result == rows[i].want, "%s: got %s", rows[i].name,
		      auth_result_name(f.dkim[0].result));
		CHECK(changed == (rows[i].want == AUTH_PASS) && !spf, "%s", rows[i].name);
	}
	const struct authres by_spf = {.mail_from = "b@a.example"};
	struct finding f = {.spf = AUTH_NOT_ASKED}, asked = {.spf = AUTH_FAIL};
	assert_true(authres_apply(&by_spf, &f, &spf) && spf);
	assert_int_equal(f.spf, AUTH_PASS);
	assert_string_equal(f.spf_domain, "a.example");
	assert_false(authres_apply(&by_spf, &asked, &spf) || spf);
	assert_int_equal(asked.spf, AUTH_FAIL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_written), cmocka_unit_test(whose_it_is),
	    cmocka_unit_test(where_it_stands), cmocka_unit_test(what_breaks_the_grammar),
	    cmocka_unit_test(limits),          cmocka_unit_test(what_it_stands_in_for),
	};
	return cmocka_run_group_tests_name("authres", tests, NULL, NULL);
}
