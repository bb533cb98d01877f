/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libopendkim behind its fences: each fence of dkimcheck.h, by mails that are signed when the test
 * runs, and then changed, and by key records of all sorts.
 */
#include <stdio.h>

#include "proof/dkimcheck.h"
#include "tests/proof/signing.h"
#include "tests/proof/zone.h"
#include "tests/rules/table.h"

#define NOW INT64_C(1793534400) /* 2026-11-01T12:00:00Z */

#define HEADERS                                   \
	"From: Registrar <support@example.com>\n" \
	"To: owner@example.net\n"                 \
	"Subject: Please verify your address\n"   \
	"Date: Sun, 01 Nov 2026 10:00:00 +0000\n" \
	"Message-ID: <1@example.com>\n"           \
	"MIME-Version: 1.0\n"                     \
	"Content-Type: text/plain;\n\tcharset=utf-8\n"
#define BODY "Hello,\n\nplease verify  your address.\n"
#define MAIL HEADERS "\n" BODY

static struct signing *signing;
static struct suffixes *suffixes;

/* -- harness -------------------------------------------------------------------------------- */

struct given {
	const char *text; /* headers and body */
	size_t n;         /* 0: strlen */
	size_t piece;     /* octets of the body given at once; 0: all */
	bool cut;
};

static struct finding verify(const struct given *g, struct zone *z, const char *from_domain)
{
	struct finding f = {0};
	struct message m;
	struct resolver resolver = zone_resolver(z);
	struct slice text = tight((struct slice){g->text, g->n ? g->n : strlen(g->text)});
	message_init(&m);
	size_t at = message_parse(&m, text);
	struct dkimcheck *d = dkimcheck_begin(&m, from_domain, suffixes, &resolver, NOW);
	assert_non_null(d);
	for (size_t n; at < text.n; at += n) {
		n = text.n - at;
		if (g->piece && g->piece < n)
			n = g->piece;
		dkimcheck_body(d, text.p + at, n);
	}
	dkimcheck_end(d, g->cut, &f);
	dkimcheck_free(d);
	message_free(&m);
	tight_free(text);
	assert_int_equal(zone_counts(z).odd, 0);
	assert_int_equal(zone_counts(z).unexpected, 0);
	/* What is found must be what the other side takes. */
	struct str packed = {0};
	struct finding copy;
	finding_pack(&f, &packed);
	assert_true(finding_unpack((struct slice){packed.p, packed.n}, &copy));
	str_free(&packed);
	return f;
}

static struct zone *zone_with(const char *key, const char *tags)
{
	struct zone *z = zone_new();
	struct str record = {0}, name = {0};
	assert_non_null(z);
	assert_true(signing_record(signing, key, tags, &record));
	str_printf(&name, "%s._domainkey.example.com", key);
	assert_true(zone_add_raw(z, name.p, QUESTION_TXT, record.p, record.n));
	str_free(&record);
	str_free(&name);
	return z;
}

/* text with the first `from` in it replaced; `from` "": `to` is put in front, "$": at the end. */
static char *edited(const char *text, const char *from, const char *to)
{
	struct str s = {0};
	const char *at = strcmp(from, "$") == 0 ? text + strlen(text) : strstr(text, from);
	assert_non_null(at);
	str_add(&s, text, (size_t)(at - text));
	str_puts(&s, to);
	if (strcmp(from, "$") != 0)
		str_puts(&s, at + strlen(from));
	char *result = str_take(&s);
	assert_non_null(result);
	return result;
}

static char *signed_mail(const char *key, const char *options, const char *mail)
{
	struct str s = {0};
	CHECK(signing_sign(signing, key, "example.com", options, mail, &s), "dkimsign %s", options);
	char *result = str_take(&s);
	assert_non_null(result);
	return result;
}

struct row {
	const char *what, *key, *options, *tags;
	const char *from, *to; /* changed after signing; NULL: nothing */
	enum auth_result want;
	uint32_t flaws;
};

static void check_row(const struct row *r)
{
	char *text = signed_mail(r->key, r->options, MAIL);
	if (r->from) {
		char *changed = edited(text, r->from, r->to);
		free(text);
		text = changed;
	}
	struct zone *z = zone_with(r->key, r->tags);
	struct finding f = verify(&(struct given){.text = text}, z, "example.com");
	CHECK(f.dkim_count == 1 && f.dkim[0].result == r->want && f.dkim[0].flaws == r->flaws,
	      "%s: got %u, %s, flaws %x; want %s, flaws %x\n%s", r->what, f.dkim_count,
	      auth_result_name(f.dkim[0].result), f.dkim[0].flaws, auth_result_name(r->want),
	      r->flaws, text);
	CHECK(strcmp(f.dkim[0].d, "example.com") == 0 && strcmp(f.dkim[0].s, r->key) == 0,
	      "%s: d=%s s=%s", r->what, f.dkim[0].d, f.dkim[0].s);
	zone_free(z);
	free(text);
}

static void check_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_row(&rows[i]);
}

/* -- one signature -------------------------------------------------------------------------- */

static void signatures(void **state)
{
	(void)state;
	static const struct row rows[] = {
	    {"relaxed", "rsa2048", "", "", NULL, NULL, AUTH_PASS, 0},
	    {"simple", "rsa2048", "-c simple/simple", "", NULL, NULL, AUTH_PASS, 0},
	    {"simple/relaxed", "rsa2048", "-c simple/relaxed", "", NULL, NULL, AUTH_PASS, 0},
	    {"relaxed/simple", "rsa2048", "-c relaxed/simple", "", NULL, NULL, AUTH_PASS, 0},
	    {"ed25519", "ed25519", "", "", NULL, NULL, AUTH_PASS, 0},
	    {"ed25519 simple", "ed25519", "-c simple/simple", "", NULL, NULL, AUTH_PASS, 0},
	    {"1024 bits", "rsa1024", "", "", NULL, NULL, AUTH_PASS, 0},
	    {"1016 bits", "rsa1016", "", "", NULL, NULL, AUTH_POLICY, FLAW_KEY_BITS},
	    {"512 bits", "rsa512", "", "", NULL, NULL, AUTH_POLICY, FLAW_KEY_BITS},
	    {"rsa-sha1", "rsa2048", "-a rsa-sha1", "", NULL, NULL, AUTH_POLICY, FLAW_ALGORITHM},
	    {"spoilt signature", "rsa2048", "--break sig", "", NULL, NULL, AUTH_FAIL, 0},
	    {"spoilt body hash", "rsa2048", "--break bh", "", NULL, NULL, AUTH_FAIL, 0},
	    {"q=foo/bar", "rsa2048", "--tags q=foo/bar", "", NULL, NULL, AUTH_PERMERROR, 0},
	};
	check_rows(rows, COUNT_OF(rows));
}

static void changes(void **state)
{
	(void)state;
	static const struct row rows[] = {
	    {"body changed", "rsa2048", "", "", "please", "Please", AUTH_FAIL, 0},
	    {"body continued", "rsa2048", "", "", "$", "more\n", AUTH_FAIL, 0},
	    {"body shortened", "rsa2048", "", "", "Hello,\n\n", "\n", AUTH_FAIL, 0},
	    {"body space", "rsa2048", "", "", "verify  your", "verify your", AUTH_PASS, 0},
	    {"body space, simple", "rsa2048", "-c relaxed/simple", "", "verify  your",
	     "verify your", AUTH_FAIL, 0},
	    {"body end", "rsa2048", "-c relaxed/simple", "", "$", "\n\n", AUTH_PASS, 0},
	    {"subject changed", "rsa2048", "", "", "Please verify", "Please verifY", AUTH_FAIL, 0},
	    {"header case", "rsa2048", "", "", "\nSubject:", "\nsubject:", AUTH_PASS, 0},
	    {"header case, simple", "rsa2048", "-c simple/simple", "",
	     "\nSubject:", "\nsubject:", AUTH_FAIL, 0},
	    {"header space", "rsa2048", "", "", "Subject: ", "Subject:", AUTH_PASS, 0},
	    {"header space, simple", "rsa2048", "-c simple/simple", "",
	     "Subject: ", "Subject:", AUTH_FAIL, 0},
	    {"header refolded", "rsa2048", "", "", "verify your", "verify\n your", AUTH_PASS, 0},
	    {"header refolded, simple", "rsa2048", "-c simple/simple", "", "verify your",
	     "verify\n your", AUTH_FAIL, 0},
	    {"second From above", "rsa2048", "", "", "", "From: evil@example.org\n", AUTH_PASS,
	     FLAW_MORE_THAN_SIGNED},
	    {"second From below", "rsa2048", "", "", "Content-Type:",
	     "From: evil@example.org\nContent-Type:", AUTH_FAIL, FLAW_MORE_THAN_SIGNED},
	    {"second From, oversigned", "rsa2048", "-o From", "", "", "From: evil@example.org\n",
	     AUTH_FAIL, 0},
	    {"second Subject", "rsa2048", "", "", "", "Subject: evil\n", AUTH_PASS,
	     FLAW_MORE_THAN_SIGNED},
	    {"second Subject with a space", "rsa2048", "", "", "", "Subject : evil\n", AUTH_PASS,
	     FLAW_MORE_THAN_SIGNED},
	    {"Reply-To added", "rsa2048", "", "", "", "Reply-To: evil@example.org\n", AUTH_PASS,
	     FLAW_UNSIGNED_REPLY_TO},
	    {"header added", "rsa2048", "", "", "", "X-Other: x\n", AUTH_PASS, 0},
	};
	check_rows(rows, COUNT_OF(rows));
}

static void coverage_and_time(void **state)
{
	(void)state;
	static const struct row rows[] = {
	    {"no From", "rsa2048", "-h Subject:Date:Content-Type", "", NULL, NULL, AUTH_PERMERROR,
	     FLAW_UNSIGNED_FROM},
	    {"no Subject", "rsa2048", "-h From:Date:Content-Type", "", NULL, NULL, AUTH_PASS,
	     FLAW_UNSIGNED_SUBJECT},
	    {"no Date", "rsa2048", "-h From:Subject:Content-Type", "", NULL, NULL, AUTH_PASS,
	     FLAW_UNSIGNED_DATE},
	    {"t= for Date", "rsa2048", "-h From:Subject:Content-Type -t 1793530000", "", NULL, NULL,
	     AUTH_PASS, 0},
	    {"no Content-Type", "rsa2048", "-h From:Subject:Date", "", NULL, NULL, AUTH_PASS,
	     FLAW_UNSIGNED_TYPE},
	    {"l= all", "rsa2048", "-l all", "", NULL, NULL, AUTH_PASS, FLAW_LENGTH},
	    {"l= and more", "rsa2048", "-l all", "", "$", "more\n", AUTH_PASS, FLAW_LENGTH},
	    {"l=0", "rsa2048", "-l 0", "", NULL, NULL, AUTH_PASS, FLAW_LENGTH},
	    {"l= of more than there is", "rsa2048", "-l 100000", "", NULL, NULL, AUTH_PERMERROR,
	     FLAW_LENGTH},
	    {"x= to come", "rsa2048", "-x 1793534401", "", NULL, NULL, AUTH_PASS, 0},
	    {"x= now", "rsa2048", "-x 1793534400", "", NULL, NULL, AUTH_PASS, FLAW_EXPIRED},
	    {"x= before t=", "rsa2048", "-t 1793534400 -x 1793534399", "", NULL, NULL,
	     AUTH_PERMERROR, FLAW_EXPIRED},
	    {"t= a day ahead", "rsa2048", "-t 1793620800", "", NULL, NULL, AUTH_PASS, 0},
	    {"t= more than a day ahead", "rsa2048", "-t 1793620801", "", NULL, NULL, AUTH_PASS,
	     FLAW_FUTURE},
	    {"t= in 1970", "rsa2048", "-t 1", "", NULL, NULL, AUTH_POLICY, 0},
	    {"x= in 1970", "rsa2048", "-x 5", "", NULL, NULL, AUTH_POLICY, FLAW_EXPIRED},
	    {"t= in 9999", "rsa2048", "-t 253402300799", "", NULL, NULL, AUTH_POLICY, FLAW_FUTURE},
	};
	check_rows(rows, COUNT_OF(rows));
}

static void identities_and_keys(void **state)
{
	(void)state;
	static const struct row rows[] = {
	    {"i= of d=", "rsa2048", "-i user@example.com", "", NULL, NULL, AUTH_PASS, 0},
	    {"i= below", "rsa2048", "-i user@mail.example.com", "", NULL, NULL, AUTH_PASS, 0},
	    {"i= elsewhere", "rsa2048", "-i @example.org", "", NULL, NULL, AUTH_PERMERROR,
	     FLAW_IDENTITY},
	    {"i= coded", "rsa2048", "-i a=2Bb@example.com", "", NULL, NULL, AUTH_PASS, 0},
	    {"i= stray =", "rsa2048", "-i a=@example.com", "", NULL, NULL, AUTH_PERMERROR, 0},
	    {"i= ends in =", "rsa2048", "-i @example.com=", "", NULL, NULL, AUTH_PERMERROR, 0},
	    {"t=s", "rsa2048", "", "t=s; ", NULL, NULL, AUTH_PASS, 0},
	    {"t=s, i= of d=", "rsa2048", "-i @example.com", "t=s; ", NULL, NULL, AUTH_PASS, 0},
	    {"t=s, i= below", "rsa2048", "-i @mail.example.com", "t=s; ", NULL, NULL,
	     AUTH_PERMERROR, FLAW_IDENTITY},
	    {"t=y", "rsa2048", "", "t=y; ", NULL, NULL, AUTH_PASS, FLAW_TEST_KEY},
	    {"t=s:y", "rsa2048", "", "t=s:y; ", NULL, NULL, AUTH_PASS, FLAW_TEST_KEY},
	    {"g=*", "rsa2048", "", "g=*; ", NULL, NULL, AUTH_PASS, 0},
	    {"g=user", "rsa2048", "", "g=user; ", NULL, NULL, AUTH_PASS, FLAW_IDENTITY},
	    {"g=", "rsa2048", "", "g=; ", NULL, NULL, AUTH_PASS, FLAW_IDENTITY},
	    {"h=sha256", "rsa2048", "", "h=sha1:sha256; ", NULL, NULL, AUTH_PASS, 0},
	    {"h=sha1", "rsa2048", "", "h=sha1; ", NULL, NULL, AUTH_PERMERROR, 0},
	    {"s=email", "rsa2048", "", "s=email; ", NULL, NULL, AUTH_PASS, 0},
	    {"s=other", "rsa2048", "", "s=other; ", NULL, NULL, AUTH_PERMERROR, 0},
	    {"second p=", "rsa2048", "", "p=; ", NULL, NULL, AUTH_PASS, 0},
	};
	check_rows(rows, COUNT_OF(rows));
}

/* -- key records ---------------------------------------------------------------------------- */

static void key_records(void **state)
{
	(void)state;
	static const struct {
		const char *zone;
		enum auth_result want;
	} rows[] = {
	    {"", AUTH_PERMERROR},
	    {"rsa2048._domainkey.example.com NAME", AUTH_PERMERROR},
	    {"rsa2048._domainkey.example.com TROUBLE TXT", AUTH_TEMPERROR},
	    {"rsa2048._domainkey.example.com TXT \"\"", AUTH_PERMERROR},
	    {"rsa2048._domainkey.example.com TXT v=DKIM1; p=", AUTH_PERMERROR},
	    {"rsa2048._domainkey.example.com TXT v=DKIM1; k=rsa", AUTH_PERMERROR},
	    {"rsa2048._domainkey.example.com TXT v=DKIM1; p=nonsense!", AUTH_PERMERROR},
	    {"rsa2048._domainkey.example.com TXT v=DKIM1; p=YWJj", AUTH_PERMERROR},
	    {"rsa2048._domainkey.example.com TXT nonsense", AUTH_PERMERROR},
	    {"rsa2048._domainkey.example.com TXT v=spf1 -all", AUTH_PERMERROR},
	    {"rsa2048._domainkey.example.com TXT v=DKIM1; k=dsa; p=YWJj", AUTH_PERMERROR},
	    {"rsa2048._domainkey.example.com TXT p=\xff", AUTH_PERMERROR},
	};
	char *text = signed_mail("rsa2048", "", MAIL);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct zone *z = zone_new();
		unsigned line;
		assert_non_null(z);
		assert_true(zone_load(z, slice_of(rows[i].zone), &line));
		struct finding f = verify(&(struct given){.text = text}, z, "example.com");
		CHECK(f.dkim_count == 1 && f.dkim[0].result == rows[i].want && !f.dkim[0].flaws,
		      "%s: got %s flaws %x", rows[i].zone, auth_result_name(f.dkim[0].result),
		      f.dkim[0].flaws);
		zone_free(z);
	}
	free(text);
}

static void key_record_variants(void **state)
{
	(void)state;
	char *text = signed_mail("rsa2048", "", MAIL);
	struct str good = {0};
	assert_true(signing_record(signing, "rsa2048", "", &good));
	static const char name[] = "rsa2048._domainkey.example.com";
	struct finding f;

	/* Two records, even the same. */
	struct zone *z = zone_with("rsa2048", "");
	assert_true(zone_add_raw(z, name, QUESTION_TXT, good.p, good.n));
	f = verify(&(struct given){.text = text}, z, "example.com");
	assert_int_equal(f.dkim[0].result, AUTH_PERMERROR);
	zone_free(z);

	/* With another version. */
	z = zone_new();
	char *other = edited(good.p, "v=DKIM1", "v=DKIM2");
	assert_true(zone_add_raw(z, name, QUESTION_TXT, other, strlen(other)));
	f = verify(&(struct given){.text = text}, z, "example.com");
	assert_int_equal(f.dkim[0].result, AUTH_PERMERROR);
	free(other);
	zone_free(z);

	/* As long as may be, and one octet longer. */
	for (size_t past = 0; past < 2; past++) {
		struct str record = {0};
		str_puts(&record, "n=");
		while (record.n + 2 + good.n < LIMIT_KEY_RECORD + past)
			str_putc(&record, 'x');
		str_printf(&record, "; %s", good.p);
		assert_int_equal(record.n, LIMIT_KEY_RECORD + past);
		z = zone_new();
		assert_true(zone_add_raw(z, name, QUESTION_TXT, record.p, record.n));
		f = verify(&(struct given){.text = text}, z, "example.com");
		assert_int_equal(f.dkim[0].result, past ? AUTH_PERMERROR : AUTH_PASS);
		str_free(&record);
		zone_free(z);
	}

	/* What a NUL would hide. */
	struct str record = {0};
	str_add(&record, good.p, good.n);
	str_add(&record, "\0; t=y", 6);
	z = zone_new();
	assert_true(zone_add_raw(z, name, QUESTION_TXT, record.p, record.n));
	f = verify(&(struct given){.text = text}, z, "example.com");
	assert_int_equal(f.dkim[0].result, AUTH_PERMERROR);
	str_free(&record);
	zone_free(z);
	str_free(&good);
	free(text);
}

/* -- body ----------------------------------------------------------------------------------- */

static void body_shapes(void **state)
{
	(void)state;
	static const struct {
		const char *what, *options, *body, *sent; /* sent NULL: as signed */
		size_t n;
		enum auth_result want;
	} rows[] = {
	    {"plain", "", BODY, NULL, 0, AUTH_PASS},
	    {"empty, simple", "-c simple/simple", "", NULL, 0, AUTH_PASS},
	    {"empty, relaxed", "", "", NULL, 0, AUTH_PASS},
	    {"no line end at the end", "-c simple/simple", "a\nb\n", "a\nb", 0, AUTH_PASS},
	    {"no line end at the end, relaxed", "", "a\nb\n", "a\nb", 0, AUTH_PASS},
	    {"mixed line ends", "-c simple/simple", "a\nb\nc\n", "a\r\nb\nc\r\n", 0, AUTH_PASS},
	    {"space at the end", "", "a\n", "a  \t\n \n\n", 0, AUTH_PASS},
	    {"NUL signed away", "", "a\n", "a\0\n", 3, AUTH_FAIL},
	    /* A bare CR stays where it is; a relaxed pass over one is not believed. */
	    {"bare CR added, simple", "-c simple/simple", "ab\n", "a\rb\n", 0, AUTH_FAIL},
	    {"bare CR at a line's start", "", "ab\ncd\n", "ab\n\rcd\n", 0, AUTH_POLICY},
	    {"bare CR at the end, simple", "-c simple/simple", "ab\n", "ab\n\r", 0, AUTH_FAIL},
	};
	struct zone *z = zone_with("rsa2048", "");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *mail = edited(HEADERS "\n", "$", rows[i].body);
		char *text = signed_mail("rsa2048", rows[i].options, mail);
		struct str sent = {0};
		const char *body = strstr(text, "\n\n") + 2;
		str_add(&sent, text, (size_t)(body - text));
		if (rows[i].sent)
			str_add(&sent, rows[i].sent, rows[i].n ? rows[i].n : strlen(rows[i].sent));
		else
			str_puts(&sent, body);
		for (size_t piece = 0; piece < 4; piece++) {
			struct given g = {.text = sent.p, .n = sent.n, .piece = piece};
			struct finding f = verify(&g, z, "example.com");
			CHECK(f.dkim[0].result == rows[i].want,
			      "%s in pieces of %zu: got %s, want %s", rows[i].what, piece,
			      auth_result_name(f.dkim[0].result), auth_result_name(rows[i].want));
		}
		str_free(&sent);
		free(text);
		free(mail);
	}
	zone_free(z);
}

static void large_body(void **state)
{
	(void)state;
	struct str mail = {0};
	str_puts(&mail, HEADERS "\n");
	for (int i = 0; i < 20000; i++)
		str_printf(&mail, "line %d of a body that is larger than one piece\n", i);
	struct zone *z = zone_with("rsa2048", "");
	char *text = signed_mail("rsa2048", "-c simple/simple", mail.p);
	struct finding f = verify(&(struct given){.text = text}, z, "example.com");
	assert_int_equal(f.dkim[0].result, AUTH_PASS);
	text[strlen(text) - 2] ^= 1;
	f = verify(&(struct given){.text = text}, z, "example.com");
	assert_int_equal(f.dkim[0].result, AUTH_FAIL);
	free(text);
	str_free(&mail);
	zone_free(z);
}

static void body_cut(void **state)
{
	(void)state;
	struct zone *z = zone_with("rsa2048", "");
	char *text = signed_mail("rsa2048", "-l 10", MAIL);
	struct given g = {.text = text, .cut = true};
	struct finding f = verify(&g, z, "example.com");
	assert_int_equal(f.dkim[0].result, AUTH_NOT_ASKED);
	assert_true(f.reasons & 1u << REASON_LIMIT);
	assert_int_equal(zone_counts(z).asked, 0);
	free(text);
	zone_free(z);
}

/* -- several signatures --------------------------------------------------------------------- */

static void none(void **state)
{
	(void)state;
	struct zone *z = zone_new();
	struct finding f = verify(&(struct given){.text = MAIL}, z, "example.com");
	assert_int_equal(f.dkim_count, 0);
	f = verify(&(struct given){.text = "no header at all"}, z, "");
	assert_int_equal(f.dkim_count, 0);
	zone_free(z);
}

/* A hundred others above it: only the limit is looked at, and the aligned one is among them. */
static void flood(void **state)
{
	(void)state;
	char *text = signed_mail("rsa2048", "", MAIL);
	struct str all = {0};
	for (int i = 0; i < 100; i++)
		str_printf(
		    &all,
		    "DKIM-Signature: v=1; a=rsa-sha256; d=other%d.example; s=s; h=From; b=YWJj;\n"
		    " bh=YWJj\n",
		    i);
	for (int i = 0; i < 100; i++)
		str_puts(&all, "DKIM-Signature: broken\n");
	str_puts(&all, text);
	struct zone *z = zone_with("rsa2048", "");
	struct finding f = verify(&(struct given){.text = all.p}, z, "mail.example.com");
	assert_int_equal(f.dkim_count, LIMIT_SIGNATURES);
	assert_string_equal(f.dkim[0].d, "example.com");
	assert_int_equal(f.dkim[0].result, AUTH_PASS);
	assert_string_equal(f.dkim[1].d, "other0.example");
	assert_int_equal(zone_counts(z).asked, LIMIT_SIGNATURES);
	zone_free(z);
	str_free(&all);
	free(text);
}

static void limit_of_signatures(void **state)
{
	(void)state;
	for (int past = 0; past < 2; past++) {
		struct str all = {0};
		for (int i = 0; i < LIMIT_SIGNATURES + past; i++)
			str_printf(&all,
				   "DKIM-Signature: v=1; a=rsa-sha256; d=o%d.example; s=s; h=From;"
				   " b=YWJj; bh=YWJj\n",
				   i);
		str_puts(&all, MAIL);
		struct zone *z = zone_new();
		struct finding f = verify(&(struct given){.text = all.p}, z, "example.com");
		assert_int_equal(f.dkim_count, LIMIT_SIGNATURES);
		assert_int_equal(zone_counts(z).asked, LIMIT_SIGNATURES);
		assert_string_equal(f.dkim[LIMIT_SIGNATURES - 1].d, "o9.example");
		zone_free(z);
		str_free(&all);
	}
}

/* Trouble with one key does not keep the next signature from passing. */
static void trouble_then_good(void **state)
{
	(void)state;
	char *one = signed_mail("rsa2048", "", MAIL);
	char *two = signed_mail("ed25519", "", one);
	struct zone *z = zone_with("rsa2048", "");
	assert_true(zone_add_trouble(z, "ed25519._domainkey.example.com", QUESTION_TXT));
	struct finding f = verify(&(struct given){.text = two}, z, "example.com");
	assert_int_equal(f.dkim_count, 2);
	assert_string_equal(f.dkim[0].s, "ed25519");
	assert_int_equal(f.dkim[0].result, AUTH_TEMPERROR);
	assert_int_equal(f.dkim[1].result, AUTH_PASS);
	zone_free(z);
	free(one);
	free(two);
}

/* Two signatures of one key: each keeps its own flaws. */
static void same_key_twice(void **state)
{
	(void)state;
	char *one = signed_mail("rsa2048", "", MAIL);
	char *two = signed_mail("rsa2048", "-l 5 -h From", one);
	struct zone *z = zone_with("rsa2048", "");
	struct finding f = verify(&(struct given){.text = two}, z, "example.com");
	assert_int_equal(f.dkim_count, 2);
	assert_int_equal(f.dkim[0].result, AUTH_PASS);
	assert_true(f.dkim[0].flaws & FLAW_LENGTH);
	assert_int_equal(f.dkim[1].result, AUTH_PASS);
	assert_int_equal(f.dkim[1].flaws, 0);
	zone_free(z);
	free(one);
	free(two);
}

/* A signature that nobody may read stands above one with flaws, with the same names: the flaws stay
 * with the one that passes, whatever else differs. */
static void flaws_are_not_swapped(void **state)
{
	(void)state;
	static const char *const above[] = {
	    "q=foo/bar; ", "c=nowsp; ", "1=2; ", "i=@x=; ", "a=rsa-sha256; ", "",
	};
	char *weak = signed_mail("rsa2048", "-l 5", MAIL);
	struct zone *z = zone_with("rsa2048", "");
	for (size_t i = 0; i < COUNT_OF(above); i++) {
		struct str all = {0};
		str_printf(&all,
			   "DKIM-Signature: v=1; a=rsa-sha256; %sd=example.com; s=rsa2048;\n"
			   " h=From:Subject:Date:Content-Type; b=YWJj; bh=YWJj\n%s",
			   above[i], weak);
		struct finding f = verify(&(struct given){.text = all.p}, z, "example.com");
		unsigned passed = 0;
		for (uint32_t k = 0; k < f.dkim_count; k++) {
			passed += f.dkim[k].result == AUTH_PASS;
			CHECK(f.dkim[k].result != AUTH_PASS || f.dkim[k].flaws == FLAW_LENGTH,
			      "row %zu: a pass with flaws %x", i, f.dkim[k].flaws);
		}
		CHECK(passed == 1, "row %zu: %u passes", i, passed);
		str_free(&all);
	}
	zone_free(z);
	free(weak);
}

/* Where h= covers signatures that are kept from the library, a mismatch proves nothing. */
static void withheld_signatures(void **state)
{
	(void)state;
	char *mail = edited(MAIL, "", "DKIM-Signature: broken\n");
	char *text =
	    signed_mail("rsa2048", "-h From:Subject:Date:Content-Type:DKIM-Signature", mail);
	struct zone *z = zone_with("rsa2048", "");
	struct finding f = verify(&(struct given){.text = text}, z, "example.com");
	assert_int_equal(f.dkim_count, 2);
	assert_int_equal(f.dkim[0].result, AUTH_POLICY);
	assert_int_equal(f.dkim[1].result, AUTH_PERMERROR);
	assert_int_equal(f.dkim[1].flaws, FLAW_NAMES);
	zone_free(z);
	free(text);
	free(mail);
}

/* h= that names every header of the message, itself and more: with both parities of their number
 * (the pad keeps the library within its array). */
static void names_everything(void **state)
{
	(void)state;
	for (int extra = 0; extra < 8; extra++) {
		struct str all = {0};
		str_puts(&all,
			 "DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=rsa2048; b=YWJj; "
			 "bh=YWJj;\n h=From:To:Subject:Date:Message-ID:MIME-Version:"
			 "Content-Type:dkim-signature");
		for (int i = 0; i < extra; i++)
			str_printf(&all, ":X-%d", i);
		for (int i = 0; i < 40; i++)
			str_puts(&all, ":From:X-Pad");
		str_puts(&all, "\n");
		for (int i = 0; i < extra; i++)
			str_printf(&all, "X-%d: x\n", i);
		str_puts(&all, MAIL);
		struct zone *z = zone_with("rsa2048", "");
		struct finding f = verify(&(struct given){.text = all.p}, z, "example.com");
		assert_int_equal(f.dkim_count, 1);
		assert_int_equal(f.dkim[0].result, AUTH_FAIL);
		zone_free(z);
		str_free(&all);
	}
}

/* -- odd headers ---------------------------------------------------------------------------- */

static void odd_headers(void **state)
{
	(void)state;
	char *text = signed_mail("rsa2048", "", MAIL);
	struct zone *z = zone_with("rsa2048", "");
	struct finding f;

	/* A NUL somewhere: the library would see another header. */
	char *changed = edited(text, "", "X-Nul: a?b\n");
	size_t n = strlen(changed);
	*strchr(changed, '?') = '\0';
	f = verify(&(struct given){.text = changed, .n = n}, z, "example.com");
	assert_int_equal(f.dkim[0].result, AUTH_POLICY);
	free(changed);

	/* A name that the library refuses is no part of any signature. */
	changed = edited(text, "", "X;Odd: x\n");
	f = verify(&(struct given){.text = changed}, z, "example.com");
	assert_int_equal(f.dkim[0].result, AUTH_PASS);
	free(changed);

	/* The library takes white space before the colon for nothing. */
	changed = edited(text, "DKIM-Signature:", "DKIM-Signature :");
	f = verify(&(struct given){.text = changed}, z, "example.com");
	assert_int_equal(f.dkim_count, 1);
	free(changed);
	changed = edited(text, "", "dkim-signature\t: v=1; i=====; d=example.com\n");
	f = verify(&(struct given){.text = changed}, z, "example.com");
	assert_int_equal(f.dkim_count, 2);
	assert_int_equal(f.dkim[0].result, AUTH_PASS);
	free(changed);

	/* No From: nothing passes. */
	changed = edited(text, "From: Registrar <support@example.com>\n", "");
	f = verify(&(struct given){.text = changed}, z, "");
	assert_int_not_equal(f.dkim[0].result, AUTH_PASS);
	free(changed);
	free(text);
	zone_free(z);
}

/* Another domain's signature is found, and said to be another's. */
static void other_domain(void **state)
{
	(void)state;
	struct str text = {0};
	assert_true(signing_sign(signing, "rsa2048", "mailer.example", "", MAIL, &text));
	struct zone *z = zone_new();
	struct str record = {0};
	assert_true(signing_record(signing, "rsa2048", "", &record));
	assert_true(
	    zone_add_raw(z, "rsa2048._domainkey.mailer.example", QUESTION_TXT, record.p, record.n));
	struct finding f = verify(&(struct given){.text = text.p}, z, "example.com");
	assert_int_equal(f.dkim_count, 1);
	assert_string_equal(f.dkim[0].d, "mailer.example");
	assert_int_equal(f.dkim[0].result, AUTH_PASS);
	zone_free(z);
	str_free(&record);
	str_free(&text);
}

/* -- main ----------------------------------------------------------------------------------- */

static int open_all(void **state)
{
	(void)state;
	/* The library counts bits in octets: one octet less is the next length that it can see. */
	static const struct {
		const char *name;
		int bits; /* 0: Ed25519 */
	} keys[] = {
	    {"rsa2048", 2048},
	    {"rsa1024", LIMIT_DKIM_KEY_BITS},
	    {"rsa1016", LIMIT_DKIM_KEY_BITS - 8},
	    {"rsa512", 512},
	    {"ed25519", 0},
	};
	signing = signing_open();
	suffixes = suffixes_open();
	if (!signing || !suffixes || !dkimcheck_init())
		return -1;
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		char kind[32] = "ed25519";
		if (keys[i].bits)
			snprintf(kind, sizeof kind, "rsa:%d", keys[i].bits);
		if (!signing_key(signing, keys[i].name, kind))
			return -1;
	}
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	signing_close(signing);
	suffixes_close(suffixes);
	dkimcheck_deinit();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(signatures),
	    cmocka_unit_test(changes),
	    cmocka_unit_test(coverage_and_time),
	    cmocka_unit_test(identities_and_keys),
	    cmocka_unit_test(key_records),
	    cmocka_unit_test(key_record_variants),
	    cmocka_unit_test(body_shapes),
	    cmocka_unit_test(large_body),
	    cmocka_unit_test(body_cut),
	    cmocka_unit_test(none),
	    cmocka_unit_test(flood),
	    cmocka_unit_test(limit_of_signatures),
	    cmocka_unit_test(trouble_then_good),
	    cmocka_unit_test(same_key_twice),
	    cmocka_unit_test(flaws_are_not_swapped),
	    cmocka_unit_test(withheld_signatures),
	    cmocka_unit_test(names_everything),
	    cmocka_unit_test(odd_headers),
	    cmocka_unit_test(other_domain),
	};
	return cmocka_run_group_tests_name("proof/dkimcheck", tests, open_all, close_all);
}
