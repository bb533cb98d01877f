/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SPF records as they are read and rewritten: what is broken, what is kept from libspf2, what is
 * written instead, what is over-broad, and the limits.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>

#include "proof/spfrecord.h"
#include "tests/rules/table.h"

#define CURRENT "email.example.com"

static struct spfclient client_of(const char *ip)
{
	struct spfclient c = {.family = strchr(ip, ':') ? AF_INET6 : AF_INET,
			      .local = LIT("strong-bad"),
			      .sender = LIT("email.example.com"),
			      .helo = LIT("helo.example")};
	assert_int_equal(inet_pton(c.family, ip, c.ip), 1);
	return c;
}

static void check_of(struct slice record, const struct spfclient *client, enum spfrecord_state want,
		     const char *want_text, bool want_broad)
{
	struct str got = {0};
	bool broad = false;
	struct slice text = tight(record);
	enum spfrecord_state state = spfrecord_rewrite(text, client, CURRENT, &got, &broad);
	CHECK(state == want, "%.200s: got state %d, want %d", record.p, (int)state, (int)want);
	if (want_text)
		CHECK(strcmp(str_text(&got), want_text) == 0, "%s: got \"%s\", want \"%s\"",
		      record.p, str_text(&got), want_text);
	CHECK(state == SPFRECORD_BROKEN || broad == want_broad, "%s: got broad %d", record.p,
	      broad);
	str_free(&got);
	tight_free(text);
}

static void is_record(void **state)
{
	(void)state;
	static const struct {
		struct slice text;
		bool want;
	} rows[] = {
	    {LIT("v=spf1"), true},
	    {LIT("V=SPF1 -all"), true},
	    {LIT("v=spf1 "), true},
	    {LIT("v=spf10"), false},
	    {LIT("v=spf1\t-all"), false},
	    {LIT("v=spf1-all"), false},
	    {LIT(" v=spf1"), false},
	    {LIT("v=spf"), false},
	    {LIT(""), false},
	    {LIT("spf2.0/pra -all"), false},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK(spfrecord_is(rows[i].text) == rows[i].want, "row %zu", i);
}

static void broken(void **state)
{
	(void)state;
	static const struct slice rows[] = {
	    LIT("v=spf1 nonsense"),
	    LIT("v=spf1 -all nonsense"),
	    LIT("v=spf1 ip4:192.0.2.1 nonsense"),
	    LIT("v=spf1 a:"),
	    LIT("v=spf1 a/"),
	    LIT("v=spf1 a/33"),
	    LIT("v=spf1 a/024"),
	    LIT("v=spf1 a/24/64"),
	    LIT("v=spf1 a//129"),
	    LIT("v=spf1 a//"),
	    LIT("v=spf1 a:/24"),
	    LIT("v=spf1 a:example.com/"),
	    LIT("v=spf1 a:example"),
	    LIT("v=spf1 a:example.123"),
	    LIT("v=spf1 a:example.-com"),
	    LIT("v=spf1 a:example.com-"),
	    LIT("v=spf1 a:example.com.."),
	    LIT("v=spf1 a.example.com"),
	    LIT("v=spf1 mx:"),
	    LIT("v=spf1 mx/33"),
	    LIT("v=spf1 include"),
	    LIT("v=spf1 include:"),
	    LIT("v=spf1 include:example.com/24"),
	    LIT("v=spf1 exists"),
	    LIT("v=spf1 exists:example"),
	    LIT("v=spf1 ptr:"),
	    LIT("v=spf1 ptr/24"),
	    LIT("v=spf1 all:example.com"),
	    LIT("v=spf1 -all."),
	    LIT("v=spf1 --all"),
	    LIT("v=spf1 !all"),
	    LIT("v=spf1 -"),
	    LIT("v=spf1 ip4"),
	    LIT("v=spf1 ip4:"),
	    LIT("v=spf1 ip4:1.2.3"),
	    LIT("v=spf1 ip4:1.2.3.4.5"),
	    LIT("v=spf1 ip4:01.2.3.4"),
	    LIT("v=spf1 ip4:1.2.3.256"),
	    LIT("v=spf1 ip4:1.2.3.4/33"),
	    LIT("v=spf1 ip4:1.2.3.4/"),
	    LIT("v=spf1 ip4:1.2.3.4//32"),
	    LIT("v=spf1 ip4:1.2.3.4/00"),
	    LIT("v=spf1 ip4:2001:db8::1"),
	    LIT("v=spf1 ip6"),
	    LIT("v=spf1 ip6:192.0.2.1"),
	    LIT("v=spf1 ip6:2001:db8::1/129"),
	    LIT("v=spf1 ip6:2001:db8::1::"),
	    LIT("v=spf1 redirect="),
	    LIT("v=spf1 redirect=example"),
	    LIT("v=spf1 redirect:example.com"),
	    LIT("v=spf1 +redirect=example.com"),
	    LIT("v=spf1 redirect=a.example redirect=b.example"),
	    LIT("v=spf1 exp="),
	    LIT("v=spf1 exp=a.example EXP=b.example"),
	    LIT("v=spf1 -exp=a.example"),
	    LIT("v=spf1 =x"),
	    LIT("v=spf1 x=%"),
	    LIT("v=spf1 x=%{z}"),
	    LIT("v=spf1 x=%{d"),
	    /* macros */
	    LIT("v=spf1 a:%"),
	    LIT("v=spf1 a:%a.example.com"),
	    LIT("v=spf1 a:%{d}example"),
	    LIT("v=spf1 a:%{}"),
	    LIT("v=spf1 a:%{x}"),
	    LIT("v=spf1 a:%{c}"),
	    LIT("v=spf1 a:%{t}"),
	    LIT("v=spf1 a:%{d0}"),
	    LIT("v=spf1 a:%{d00}"),
	    LIT("v=spf1 a:%{dr2}"),
	    LIT("v=spf1 a:%{d2rr}"),
	    LIT("v=spf1 a:%{d*}"),
	    LIT("v=spf1 a:%{d} %{d}"),
	    /* octets */
	    LIT("v=spf1 a\t-all"),
	    LIT("v=spf1 a:\xc3\xbc.example"),
	    LIT("v=spf1 x=\0"),
	    LIT("v=spf1 -all\n"),
	};
	struct spfclient client = client_of("192.0.2.1");
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		check_of(rows[i], &client, SPFRECORD_BROKEN, NULL, false);
}

static void rewriting(void **state)
{
	(void)state;
	static const struct {
		const char *ip, *record, *want;
	} rows[] = {
	    {"192.0.2.1", "v=spf1", "v=spf1"},
	    {"192.0.2.1", "V=SPF1  -ALL ", "v=spf1 -all"},
	    {"192.0.2.1", "v=spf1 all", "v=spf1 +all"},
	    {"192.0.2.1", "v=spf1 -all a mx", "v=spf1 -all"},
	    /* addresses are compared here */
	    {"192.0.2.1", "v=spf1 ip4:192.0.2.1 -all", "v=spf1 +all"},
	    {"192.0.2.1", "v=spf1 ip4:192.0.2.2 -all", "v=spf1 -all"},
	    {"192.0.2.1", "v=spf1 ~ip4:192.0.2.0/24 a -all", "v=spf1 ~all"},
	    {"192.0.2.1", "v=spf1 a ip4:192.0.2.0/31 mx -all", "v=spf1 +a +all"},
	    {"192.0.2.1", "v=spf1 ip4:192.0.3.0/23 -all", "v=spf1 +all"},
	    {"192.0.2.1", "v=spf1 ip4:192.0.2.3/31 -all", "v=spf1 -all"},
	    {"192.0.2.1", "v=spf1 ip6:::ffff:192.0.2.1 -all", "v=spf1 -all"},
	    {"2001:db8::1", "v=spf1 ip6:2001:db8::/32 -all", "v=spf1 +all"},
	    {"2001:db8::1", "v=spf1 ip6:2001:db8::2/127 -all", "v=spf1 -all"},
	    {"2001:db8::1", "v=spf1 ip6:2001:DB8:0::1 -all", "v=spf1 +all"},
	    {"2001:db8::1", "v=spf1 ip4:0.0.0.0/0 -all", "v=spf1 -all"},
	    {"192.0.2.1", "v=spf1 ?ip4:0.0.0.0/0 -all", "v=spf1 ?all"},
	    /* masks of the other family go, whole ones too */
	    {"192.0.2.1", "v=spf1 a/24//64 -all", "v=spf1 +a/24 -all"},
	    {"2001:db8::1", "v=spf1 a/24//64 -all", "v=spf1 +a//64 -all"},
	    {"192.0.2.1", "v=spf1 mx:example.com//64 -all", "v=spf1 +mx:example.com -all"},
	    {"192.0.2.1", "v=spf1 a/32 a//0 -all", "v=spf1 +a +a -all"},
	    {"2001:db8::1", "v=spf1 a//128 ?a/0 -all", "v=spf1 +a ?a -all"},
	    /* names as they are */
	    {"192.0.2.1", "v=spf1 A:Example.COM. ptr ptr:a.example include:b.example -all",
	     "v=spf1 +a:Example.COM +ptr +ptr:a.example +include:b.example -all"},
	    /* redirect= goes to the end, or away */
	    {"192.0.2.1", "v=spf1 redirect=b.example a", "v=spf1 +a redirect=b.example"},
	    {"192.0.2.1", "v=spf1 Redirect=b.example", "v=spf1 redirect=b.example"},
	    {"192.0.2.1", "v=spf1 redirect=b.example a -all", "v=spf1 +a -all"},
	    {"192.0.2.1", "v=spf1 redirect=b.example ip4:192.0.2.1", "v=spf1 +all"},
	    /* other modifiers go */
	    {"192.0.2.1", "v=spf1 exp=e.example a=b x.y-z_1=%{d}/:= -all", "v=spf1 -all"},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct spfclient client = client_of(rows[i].ip);
		struct str got = {0};
		bool broad;
		enum spfrecord_state got_state =
		    spfrecord_rewrite(slice_of(rows[i].record), &client, CURRENT, &got, &broad);
		CHECK(got_state == SPFRECORD_GOOD && strcmp(str_text(&got), rows[i].want) == 0,
		      "%s: got %d \"%s\"", rows[i].record, (int)got_state, str_text(&got));
		str_free(&got);
	}
}

/* The examples of RFC 7208 7.4, and what stands between them. */
static void macros(void **state)
{
	(void)state;
	static const struct {
		const char *ip, *domain, *want; /* want NULL: unsafe */
	} rows[] = {
	    {"192.0.2.3", "%{o}", "email.example.com"},
	    {"192.0.2.3", "%{d}", "email.example.com"},
	    {"192.0.2.3", "%{d4}", "email.example.com"},
	    {"192.0.2.3", "%{d3}", "email.example.com"},
	    {"192.0.2.3", "%{d2}", "example.com"},
	    {"192.0.2.3", "%{d1}", "com"},
	    {"192.0.2.3", "%{dr}", "com.example.email"},
	    {"192.0.2.3", "%{d2r}", "example.email"},
	    {"192.0.2.3", "%{l}", "strong-bad"},
	    {"192.0.2.3", "%{l-}", "strong.bad"},
	    {"192.0.2.3", "%{lr}", "strong-bad"},
	    {"192.0.2.3", "%{lr-}", "bad.strong"},
	    {"192.0.2.3", "%{l1r-}", "strong"},
	    {"192.0.2.3", "%{h}", "helo.example"},
	    {"192.0.2.3", "%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"},
	    {"192.0.2.3", "%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"},
	    {"192.0.2.3", "%{lr-}.lp.%{ir}.%{v}._spf.%{d2}",
	     "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"},
	    {"192.0.2.3", "%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}",
	     "3.2.0.192.in-addr.strong.lp._spf.example.com"},
	    {"192.0.2.3", "%{d2}.trusted-domains.example.net",
	     "example.com.trusted-domains.example.net"},
	    {"2001:db8::cb01", "%{ir}.%{v}._spf.%{d2}",
	     "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example."
	     "com"},
	    {"192.0.2.3", "%{D2}.%{I}", "example.com.192.0.2.3"},
	    {"192.0.2.3", "%{D2R}.x.example", "example.email.x.example"},
	    {"192.0.2.3", "%{l-}%{d}", "strong.bademail.example.com"},
	    {"192.0.2.3", "%{d/}.%{d,}.%{d+=_-./,}",
	     "email.example.com.email.example.com.email.example.com"},
	    {"192.0.2.3", "%{d99999999999999999999}", "email.example.com"},
	    {"192.0.2.3", "%{o}..example", "email.example.com..example"}, /* nobody's name */
	    /* what is made of odd octets, or not known */
	    {"192.0.2.3", "%{s}", NULL},
	    {"192.0.2.3", "%{p}", NULL},
	    {"192.0.2.3", "%%.example", NULL},
	    {"192.0.2.3", "%_.example", NULL},
	    {"192.0.2.3", "%-.example", NULL},
	    {"192.0.2.3", "a/b.example", NULL},
	    {"192.0.2.3", "a:b.example", NULL},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct spfclient client = client_of(rows[i].ip);
		struct str record = {0}, want = {0};
		str_printf(&record, "v=spf1 include:%s", rows[i].domain);
		str_printf(&want, "v=spf1 +include:%s", rows[i].want ? rows[i].want : "");
		check_of((struct slice){record.p, record.n}, &client,
			 rows[i].want ? SPFRECORD_GOOD : SPFRECORD_UNSAFE,
			 rows[i].want ? want.p : NULL, false);
		str_free(&record);
		str_free(&want);
	}
}

/* What a mail's envelope brings along goes nowhere but into plain names. */
static void hostile_values(void **state)
{
	(void)state;
	static const struct {
		struct slice local, helo;
		const char *domain;
		enum spfrecord_state want;
	} rows[] = {
	    {LIT("a+b"), LIT(""), "%{l}.example", SPFRECORD_UNSAFE},
	    {LIT("a+b"), LIT(""), "%{l+}.example", SPFRECORD_GOOD},
	    {LIT("a+b"), LIT(""), "%{L}.example", SPFRECORD_UNSAFE},
	    {LIT("a b"), LIT(""), "%{l}.example", SPFRECORD_UNSAFE},
	    {LIT("a%{d}"), LIT(""), "%{l}.example", SPFRECORD_UNSAFE},
	    {LIT("a\0b"), LIT(""), "%{l}.example", SPFRECORD_UNSAFE},
	    {LIT("\xff"), LIT(""), "%{l}.example", SPFRECORD_UNSAFE},
	    {LIT(""), LIT(""), "%{l}.example", SPFRECORD_UNSAFE},
	    {LIT(""), LIT(""), "%{d}.example", SPFRECORD_GOOD},
	    {LIT("a"), LIT(""), "%{h}.example", SPFRECORD_UNSAFE},
	    {LIT("a"), LIT("[192.0.2.1]"), "%{h}.example", SPFRECORD_UNSAFE},
	    {LIT("a"), LIT("localhost"), "%{h}.example", SPFRECORD_GOOD},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct spfclient client = client_of("192.0.2.1");
		struct str record = {0};
		client.local = rows[i].local;
		client.helo = rows[i].helo;
		str_printf(&record, "v=spf1 include:%s", rows[i].domain);
		check_of((struct slice){record.p, record.n}, &client, rows[i].want, NULL, false);
		str_free(&record);
	}
	/* As long as an address may be, and longer. */
	for (size_t past = 0; past < 2; past++) {
		struct spfclient client = client_of("192.0.2.1");
		struct str local = {0};
		while (local.n < LIMIT_ADDRESS + past)
			str_puts(&local, local.n % 2 ? "." : "a");
		client.local = (struct slice){local.p, local.n};
		check_of(LIT("v=spf1 include:%{l1r}.example"), &client,
			 past ? SPFRECORD_UNSAFE : SPFRECORD_GOOD, NULL, false);
		str_free(&local);
	}
}

/* Labels go from the left until a name fits (7.3). */
static void long_names(void **state)
{
	(void)state;
	static const char label[] = "%{d3r}.";
	struct spfclient client = client_of("192.0.2.1");
	struct str record = {0}, got = {0};
	bool broad;
	str_puts(&record, "v=spf1 include:");
	for (int i = 0; i < 20; i++)
		str_puts(&record, label);
	str_puts(&record, "x.example");
	assert_int_equal(
	    spfrecord_rewrite((struct slice){record.p, record.n}, &client, CURRENT, &got, &broad),
	    SPFRECORD_GOOD);
	const char *name = strchr(got.p, ':') + 1;
	assert_true(strlen(name) <= LIMIT_DOMAIN && strlen(name) > LIMIT_DOMAIN - 8);
	assert_string_equal(name + strlen(name) - strlen("com.example.email.x.example"),
			    "com.example.email.x.example");
	str_free(&record);
	str_free(&got);
}

static void unsafe_records(void **state)
{
	(void)state;
	static const struct slice rows[] = {
	    LIT("v=spf1 a/0 -all"),
	    LIT("v=spf1 mx/0 -all"),
	    LIT("v=spf1 exists:%{p}.example"),
	    LIT("v=spf1 exists:%{s}.example"),
	    LIT("v=spf1 redirect=%{p}"),
	};
	struct spfclient client = client_of("192.0.2.1");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str got = {0};
		bool broad;
		CHECK(
		    spfrecord_rewrite(rows[i], &client, CURRENT, &got, &broad) == SPFRECORD_UNSAFE,
		    "%s", rows[i].p);
		str_reset(&got);
		/* Behind what settles the matter it does not count. */
		str_puts(&got, "v=spf1 ip4:192.0.2.1");
		str_puts(&got, rows[i].p + strlen("v=spf1"));
		struct str small = {0};
		CHECK(spfrecord_rewrite((struct slice){got.p, got.n}, &client, CURRENT, &small,
					&broad) == SPFRECORD_GOOD,
		      "%s", got.p);
		str_free(&got);
		str_free(&small);
	}
}

static void broad_records(void **state)
{
	(void)state;
	static const struct {
		const char *record;
		bool want;
	} rows[] = {
	    {"v=spf1 -all", false},
	    {"v=spf1 ?all", false},
	    {"v=spf1 +all", true},
	    {"v=spf1 ip4:192.0.2.1 all", true},
	    {"v=spf1 ip4:10.0.0.0/8 -all", false},
	    {"v=spf1 ip4:10.0.0.0/7 -all", true},
	    {"v=spf1 ip4:0.0.0.0/0 -all", true},
	    {"v=spf1 -ip4:0.0.0.0/0 a", false},
	    {"v=spf1 ip4:10.0.0.0/9 ip4:11.0.0.0/9 -all", false},
	    {"v=spf1 ip4:10.0.0.0/9 ip4:11.0.0.0/9 ip4:192.0.2.7 -all", true},
	    {"v=spf1 ip6:2001::/16 -all", false},
	    {"v=spf1 ip6:2001::/15 -all", true},
	    {"v=spf1 ip6:::/0 -all", true},
	    {"v=spf1 ip6:2001::/17 ip6:2002::/17 -all", false},
	    {"v=spf1 ip6:2001::/17 ip6:2002::/17 ip6:2003::1 -all", true},
	    {"v=spf1 a/8 mx/8 -all", false},
	    {"v=spf1 a/7 -all", true},
	    {"v=spf1 mx//15 -all", true},
	    {"v=spf1 ~mx//15 -all", false},
	    {"v=spf1 exists:%{i}.example -all", false},
	    {"v=spf1 exists:a.example -all", true},
	    {"v=spf1 exists:%{d}.example -all", true},
	    {"v=spf1 ?exists:a.example -all", false},
	    {"v=spf1 ptr -all", false},
	};
	struct spfclient client = client_of("192.0.2.1");
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		check_of(slice_of(rows[i].record), &client, SPFRECORD_GOOD, NULL, rows[i].want);
}

/* The record with a term repeated. */
static char *with(const char *term, size_t n, const char *after)
{
	struct str s = {0};
	str_puts(&s, "v=spf1");
	for (size_t i = 0; i < n; i++)
		str_printf(&s, " %s", term);
	str_puts(&s, after);
	char *text = str_take(&s);
	assert_non_null(text);
	return text;
}

static void limits(void **state)
{
	(void)state;
	struct spfclient client = client_of("192.0.2.1");
	/* Octets of compiled mechanisms, the last "all" included. */
	for (size_t past = 0; past < 2; past++) {
		size_t each = 4 + 4 + (strlen("a.example") + 3) / 4 * 4;
		size_t most = (SPFRECORD_COMPILED - 4) / each;
		char *text = with("ptr:a.example", most + past, " -all");
		check_of(slice_of(text), &client, past ? SPFRECORD_UNSAFE : SPFRECORD_GOOD, NULL,
			 false);
		free(text);
	}
	/* Any number of addresses is fine. */
	char *text = with("ip4:198.51.100.1", 110, " ip4:192.0.2.1 -all");
	check_of(slice_of(text), &client, SPFRECORD_GOOD, "v=spf1 +all", false);
	free(text);
	/* The length of a domain-spec as written. */
	for (size_t past = 0; past < 2; past++) {
		struct str s = {0};
		str_puts(&s, "v=spf1 a:");
		for (size_t i = strlen(".com"); i < SPFRECORD_DOMAIN + past; i++)
			str_putc(&s, 'x');
		str_puts(&s, ".com");
		check_of((struct slice){s.p, s.n}, &client,
			 past ? SPFRECORD_UNSAFE : SPFRECORD_GOOD, NULL, false);
		str_free(&s);
	}
}

/* Truncated and changed in every place, a record is read and no more. */
static void any_octets(void **state)
{
	(void)state;
	static const char text[] = "v=spf1 +a:%{ir2.}.x.example/24//64 mx ptr:b.c ip4:1.2.3.4/5 "
				   "ip6:a::b/17 exists:%{l}.d redirect=%{d} exp=x.y q=%%%_%-";
	static const char odd[] = "\0 :/=%{}.-+?~19zZ\xff\t";
	struct spfclient client = client_of("2001:db8::1");
	for (size_t n = 0; n < sizeof text; n++) {
		struct slice value = tight((struct slice){text, n});
		char *p = (char *)(uintptr_t)value.p;
		for (size_t o = 0; o < (n ? sizeof odd : 1); o++) {
			struct str got = {0};
			bool broad;
			char was = n ? p[n - 1] : '\0';
			if (o)
				p[n - 1] = odd[o - 1];
			spfrecord_rewrite(value, &client, CURRENT, &got, &broad);
			if (n)
				p[n - 1] = was;
			str_free(&got);
		}
		tight_free(value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(is_record),  cmocka_unit_test(broken),
	    cmocka_unit_test(rewriting),  cmocka_unit_test(unsafe_records),
	    cmocka_unit_test(macros),     cmocka_unit_test(hostile_values),
	    cmocka_unit_test(long_names), cmocka_unit_test(broad_records),
	    cmocka_unit_test(limits),     cmocka_unit_test(any_octets),
	};
	return cmocka_run_group_tests_name("proof/spfrecord", tests, NULL, NULL);
}
