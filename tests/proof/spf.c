/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libspf2 behind its fences: results, budgets at their limit and one past it, and the records that
 * break the library, none of which may reach it.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>

#include "proof/spf.h"
#include "tests/proof/zone.h"
#include "tests/rules/table.h"

struct given {
	const char *zone, *ip, *mail_from, *helo; /* NULL: a@example.com, mail.example.com */
};

static enum auth_result check_zone(struct zone *z, const struct given *g, bool *ret_broad)
{
	struct resolver resolver = zone_resolver(z);
	struct spf_question q = {
	    .family = strchr(g->ip, ':') ? AF_INET6 : AF_INET,
	    .mail_from = g->mail_from ? g->mail_from : "a@example.com",
	    .helo = g->helo ? g->helo : "mail.example.com",
	};
	assert_int_equal(inet_pton(q.family, g->ip, q.ip), 1);
	enum auth_result r = spf_check(&q, &resolver, ret_broad);
	assert_int_equal(zone_counts(z).odd, 0);
	return r;
}

static enum auth_result check(const struct given *g, bool *ret_broad, unsigned *ret_asked)
{
	struct zone *z = zone_new();
	unsigned line = 0;
	assert_non_null(z);
	CHECK(zone_load(z, slice_of(g->zone), &line), "line %u of %s", line, g->zone);
	enum auth_result r = check_zone(z, g, ret_broad);
	*ret_asked = zone_counts(z).asked;
	zone_free(z);
	return r;
}

struct row {
	struct given given;
	enum auth_result want;
	bool broad;
};

static void check_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool broad;
		unsigned asked;
		enum auth_result r = check(&rows[i].given, &broad, &asked);
		CHECK(r == rows[i].want && broad == rows[i].broad,
		      "%s for %s: got %s broad %d, want %s broad %d", rows[i].given.zone,
		      rows[i].given.ip, auth_result_name(r), broad, auth_result_name(rows[i].want),
		      rows[i].broad);
	}
}

#define E   "example.com TXT "
#define IP4 "192.0.2.1"
#define IP6 "2001:db8::1"

static void results(void **state)
{
	(void)state;
	static const struct row rows[] = {
	    {{"", IP4, NULL, NULL}, AUTH_NONE, false},
	    {{"example.com NAME", IP4, NULL, NULL}, AUTH_NONE, false},
	    {{E "hello\n" E "v=spf10 +all", IP4, NULL, NULL}, AUTH_NONE, false},
	    {{E "v=spf1 ip4:192.0.2.0/24 -all", IP4, NULL, NULL}, AUTH_PASS, false},
	    {{E "v=spf1 ip4:192.0.2.0/24 -all", "192.0.3.1", NULL, NULL}, AUTH_FAIL, false},
	    {{E "v=spf1 ip4:192.0.2.0/24 ~all", "192.0.3.1", NULL, NULL}, AUTH_SOFTFAIL, false},
	    {{E "v=spf1 ip4:192.0.2.0/24 ?all", "192.0.3.1", NULL, NULL}, AUTH_NEUTRAL, false},
	    {{E "v=spf1 ip4:192.0.2.0/24", "192.0.3.1", NULL, NULL}, AUTH_NEUTRAL, false},
	    {{E "v=spf1 ip6:2001:db8::/32 -all", IP6, NULL, NULL}, AUTH_PASS, false},
	    {{E "v=spf1 ip4:192.0.2.1 -all", "::ffff:192.0.2.1", NULL, NULL}, AUTH_PASS, false},
	    {{E "hello\n" E "v=spf1 -all", IP4, NULL, NULL}, AUTH_FAIL, false},
	    {{E "v=spf1 -all\n" E "v=spf1 -all", IP4, NULL, NULL}, AUTH_PERMERROR, false},
	    {{E "v=spf1 +all nonsense", IP4, NULL, NULL}, AUTH_PERMERROR, false},
	    {{E "v=spf1 ip4:192.0.2.1 -all include", IP4, NULL, NULL}, AUTH_PERMERROR, false},
	    {{"example.com TROUBLE TXT", IP4, NULL, NULL}, AUTH_TEMPERROR, false},
	    /* by name */
	    {{E "v=spf1 a -all\nexample.com A 192.0.2.1", IP4, NULL, NULL}, AUTH_PASS, false},
	    {{E "v=spf1 a/24 -all\nexample.com A 192.0.2.9", IP4, NULL, NULL}, AUTH_PASS, false},
	    {{E "v=spf1 a -all\nexample.com A 192.0.2.9", IP4, NULL, NULL}, AUTH_FAIL, false},
	    {{E "v=spf1 a//64 -all\nexample.com AAAA 2001:db8::9", IP6, NULL, NULL},
	     AUTH_PASS,
	     false},
	    {{E "v=spf1 a -all\nexample.com TROUBLE A", IP4, NULL, NULL}, AUTH_TEMPERROR, false},
	    {{E "v=spf1 mx -all\nexample.com MX 10 m.example\nm.example A 192.0.2.1", IP4, NULL,
	      NULL},
	     AUTH_PASS,
	     false},
	    {{E "v=spf1 mx -all\nexample.com MX 0 .", IP4, NULL, NULL}, AUTH_FAIL, false},
	    {{E "v=spf1 ptr -all\n1.2.0.192.in-addr.arpa PTR m.example.com\nm.example.com A "
		"192.0.2.1",
	      IP4, NULL, NULL},
	     AUTH_PASS,
	     false},
	    {{E "v=spf1 exists:%{ir}.x.example -all\n1.2.0.192.x.example A 127.0.0.2", IP4, NULL,
	      NULL},
	     AUTH_PASS,
	     false},
	    {{E "v=spf1 exists:%{l}.%{h}.x.example -all\na.mail.example.com.x.example A 127.0.0.2",
	      IP4, NULL, NULL},
	     AUTH_PASS,
	     true},
	    /* other records */
	    {{E "v=spf1 include:b.example -all\nb.example TXT v=spf1 ip4:192.0.2.1 -all", IP4, NULL,
	      NULL},
	     AUTH_PASS,
	     false},
	    {{E "v=spf1 include:b.example ~all\nb.example TXT v=spf1 -all", IP4, NULL, NULL},
	     AUTH_SOFTFAIL,
	     false},
	    {{E "v=spf1 ?include:b.example -all\nb.example TXT v=spf1 ip4:192.0.2.1", IP4, NULL,
	      NULL},
	     AUTH_NEUTRAL,
	     false},
	    {{E "v=spf1 include:b.example +all", IP4, NULL, NULL}, AUTH_PERMERROR, false},
	    {{E "v=spf1 include:b.example +all\nb.example TROUBLE TXT", IP4, NULL, NULL},
	     AUTH_TEMPERROR,
	     false},
	    {{E "v=spf1 include:b.example +all\nb.example TXT v=spf1 nonsense", IP4, NULL, NULL},
	     AUTH_PERMERROR,
	     false},
	    {{E "v=spf1 redirect=b.example\nb.example TXT v=spf1 ip4:192.0.2.1 -all", IP4, NULL,
	      NULL},
	     AUTH_PASS,
	     false},
	    {{E "v=spf1 redirect=b.example", IP4, NULL, NULL}, AUTH_PERMERROR, false},
	    {{E "v=spf1 redirect=example.com", IP4, NULL, NULL}, AUTH_PERMERROR, false},
	    /* redirect= stands before a term that fits; the library would have gone there first */
	    {{E "v=spf1 redirect=b.example ip4:192.0.2.1\nb.example TXT v=spf1 -all", IP4, NULL,
	      NULL},
	     AUTH_PASS,
	     false},
	    {{E "v=spf1 redirect=b.example a\nexample.com A 192.0.2.9\nb.example TXT v=spf1 -all",
	      IP4, NULL, NULL},
	     AUTH_FAIL,
	     false},
	};
	check_rows(rows, COUNT_OF(rows));
}

static void broad(void **state)
{
	(void)state;
	static const struct row rows[] = {
	    {{E "v=spf1 +all", IP4, NULL, NULL}, AUTH_PASS, true},
	    {{E "v=spf1 ip4:192.0.0.0/7 -all", IP4, NULL, NULL}, AUTH_PASS, true},
	    {{E "v=spf1 ip4:192.0.0.0/8 -all", IP4, NULL, NULL}, AUTH_PASS, false},
	    {{E "v=spf1 ip4:0.0.0.0/0 -all", IP4, NULL, NULL}, AUTH_PASS, true},
	    {{E "v=spf1 include:b.example -all\nb.example TXT v=spf1 +all", IP4, NULL, NULL},
	     AUTH_PASS,
	     true},
	    {{E "v=spf1 redirect=b.example\nb.example TXT v=spf1 all", IP4, NULL, NULL},
	     AUTH_PASS,
	     true},
	    {{E "v=spf1 ip4:192.0.2.1 include:b.example\nb.example TXT v=spf1 +all", IP4, NULL,
	      NULL},
	     AUTH_PASS,
	     false},
	    /* not a pass: nothing to be broad */
	    {{E "v=spf1 -ip4:192.0.2.1 +all", IP4, NULL, NULL}, AUTH_FAIL, false},
	};
	check_rows(rows, COUNT_OF(rows));
}

static void envelopes(void **state)
{
	(void)state;
	static const char local[] =
	    E "v=spf1 exists:%{l}.x.example -all\npostmaster.x.example A 127.0.0.2\n";
	static const char helo[] = E "v=spf1 exists:%{h}.%{i}.x.example -all\n";
	static const char open_[] = E "v=spf1 ip4:192.0.2.1 -all\n";
	static const struct row rows[] = {
	    /* no sender that could be asked about */
	    {{open_, IP4, "", NULL}, AUTH_NONE, false},
	    {{open_, IP4, "a", NULL}, AUTH_NONE, false},
	    {{open_, IP4, "a@", NULL}, AUTH_NONE, false},
	    {{open_, IP4, "a@com", NULL}, AUTH_NONE, false},
	    {{open_, IP4, "a@example..com", NULL}, AUTH_NONE, false},
	    {{open_, IP4, "a@exa mple.com", NULL}, AUTH_NONE, false},
	    /* a local part that may not go into names does not matter unless one asks for it */
	    {{open_, IP4, "a\"b%{d}@example.com", NULL}, AUTH_PASS, false},
	    {{open_, IP4, "\xff\xfe@example.com", NULL}, AUTH_PASS, false},
	    {{open_, IP4, "@example.com", NULL}, AUTH_PASS, false},
	    {{local, IP4, "a b@example.com", NULL}, AUTH_TEMPERROR, false},
	    {{local, IP4, "\xff@example.com", NULL}, AUTH_TEMPERROR, false},
	    {{local, IP4, "postmaster@example.com", NULL}, AUTH_PASS, true},
	    {{local, IP4, "@example.com", NULL}, AUTH_PASS, true},
	    /* and HELO likewise */
	    {{open_, IP4, NULL, ""}, AUTH_PASS, false},
	    {{open_, IP4, NULL, "[192.0.2.1]"}, AUTH_PASS, false},
	    {{helo, IP4, NULL, "\xff%{d}"}, AUTH_TEMPERROR, false},
	    {{helo, IP4, NULL, ""}, AUTH_TEMPERROR, false},
	    {{helo, IP4, NULL, "mail.example"}, AUTH_FAIL, false},
	    /* the library lets these pass without a look at any record */
	    {{E "v=spf1 -all", "127.0.0.1", NULL, NULL}, AUTH_NOT_ASKED, false},
	    {{E "v=spf1 -all", "127.255.0.1", NULL, NULL}, AUTH_NOT_ASKED, false},
	    {{E "v=spf1 -all", "::1", NULL, NULL}, AUTH_NOT_ASKED, false},
	    {{E "v=spf1 -all", "::ffff:127.0.0.1", NULL, NULL}, AUTH_NOT_ASKED, false},
	    {{E "v=spf1 -all", "128.0.0.1", NULL, NULL}, AUTH_FAIL, false},
	};
	check_rows(rows, COUNT_OF(rows));
}

/* -- budgets -------------------------------------------------------------------------------- */

static void terms_of_one_record(void **state)
{
	(void)state;
	for (int past = 0; past < 2; past++) {
		struct str zone = {0};
		str_puts(&zone, E "v=spf1");
		for (int i = 0; i < LIMIT_SPF_MECHANISMS + past; i++)
			str_printf(&zone, " a:h%d.example", i);
		str_puts(&zone, " ~all\n");
		for (int i = 0; i < LIMIT_SPF_MECHANISMS + past; i++)
			str_printf(&zone, "h%d.example A 192.0.2.9\n", i);
		bool wide;
		unsigned asked;
		enum auth_result r = check(&(struct given){zone.p, IP4, NULL, NULL}, &wide, &asked);
		assert_int_equal(r, past ? AUTH_PERMERROR : AUTH_SOFTFAIL);
		str_free(&zone);
	}
}

/* Terms count over all records of a check; those that are not reached do not. */
static void terms_of_several_records(void **state)
{
	(void)state;
	for (int past = 0; past < 2; past++) {
		struct str zone = {0};
		/* 1 include with 4 terms, 1 include with 3, and one a: ten. */
		str_puts(&zone, E "v=spf1 include:b.example include:c.example a:h.example ");
		str_printf(&zone, "%s ~all\n", past ? "a:h.example" : "");
		str_puts(&zone,
			 "b.example TXT v=spf1 a:h.example mx:m.example exists:h.%{i}.example "
			 "ptr:p.example ?all\n"
			 "c.example TXT v=spf1 a:h.example a:h.example a:h.example -all a a a\n"
			 "h.example A 192.0.2.9\n"
			 "m.example MX 1 h.example\nm.example MX 2 h.example\n"
			 "x.192.0.2.1.example A 192.0.2.9\n"
			 "1.2.0.192.in-addr.arpa PTR h.example\n");
		bool wide;
		unsigned asked;
		enum auth_result r = check(&(struct given){zone.p, IP4, NULL, NULL}, &wide, &asked);
		CHECK(r == (past ? AUTH_PERMERROR : AUTH_SOFTFAIL), "past %d: got %s", past,
		      auth_result_name(r));
		str_free(&zone);
	}
}

static void void_answers(void **state)
{
	(void)state;
	for (int past = 0; past < 2; past++) {
		struct str zone = {0};
		str_puts(&zone, E "v=spf1");
		for (int i = 0; i < LIMIT_SPF_VOID + past; i++)
			str_printf(&zone, " a:nowhere%d.example", i);
		str_puts(&zone, " ip4:192.0.2.1 -all\n");
		bool wide;
		unsigned asked;
		enum auth_result r = check(&(struct given){zone.p, IP4, NULL, NULL}, &wide, &asked);
		assert_int_equal(r, past ? AUTH_PERMERROR : AUTH_PASS);
		str_free(&zone);
	}
}

/* mx with names: 1 record, 3 × (1 + 9) lookups would be 31 queries. */
static void queries(void **state)
{
	(void)state;
	for (int past = 0; past < 2; past++) {
		struct str zone = {0};
		/* 1 TXT + 2 × (1 MX + 9 A) + 1 MX + 8 (or 9) A = 30 (or 31) */
		str_puts(&zone, E "v=spf1 mx:m0.example mx:m1.example mx:m2.example -all\n");
		for (int m = 0; m < 3; m++)
			for (int i = 0; i < (m == 2 ? 8 + past : 9); i++)
				str_printf(&zone, "m%d.example MX 1 h%d.example\n", m, i);
		for (int i = 0; i < 9; i++)
			str_printf(&zone, "h%d.example A 192.0.2.9\n", i);
		bool wide;
		unsigned asked;
		enum auth_result r = check(&(struct given){zone.p, IP4, NULL, NULL}, &wide, &asked);
		CHECK(r == (past ? AUTH_TEMPERROR : AUTH_FAIL), "past %d: got %s", past,
		      auth_result_name(r));
		assert_int_equal(asked, LIMIT_SPF_QUERIES);
		str_free(&zone);
	}
}

static void names_of_mx_and_ptr(void **state)
{
	(void)state;
	for (int past = 0; past < 2; past++) {
		struct str zone = {0};
		bool wide;
		unsigned asked;
		str_puts(&zone, E "v=spf1 mx -all\n");
		for (int i = 0; i < 10 + past; i++)
			str_printf(&zone,
				   "example.com MX 1 h%d.example\nh%d.example A 192.0.2.%d\n", i, i,
				   i == 9 ? 1 : 9);
		enum auth_result r = check(&(struct given){zone.p, IP4, NULL, NULL}, &wide, &asked);
		assert_int_equal(r, past ? AUTH_PERMERROR : AUTH_PASS);
		/* Names of a PTR answer past the tenth are not looked at (RFC 7208 4.6.4). */
		str_reset(&zone);
		str_puts(&zone, E "v=spf1 ptr -all\n");
		for (int i = 0; i < 10 + past; i++)
			str_printf(&zone,
				   "1.2.0.192.in-addr.arpa PTR h%d.example.com\n"
				   "h%d.example.com A 192.0.2.%d\n",
				   i, i, i == 9 + past ? 1 : 9);
		r = check(&(struct given){zone.p, IP4, NULL, NULL}, &wide, &asked);
		assert_int_equal(r, past ? AUTH_FAIL : AUTH_PASS);
		str_free(&zone);
	}
}

static void text_size(void **state)
{
	(void)state;
	for (size_t past = 0; past < 2; past++) {
		struct str zone = {0};
		str_puts(&zone, E "v=spf1 ip4:192.0.2.1 x=");
		while (zone.n - strlen(E) < LIMIT_SPF_TXT + past)
			str_putc(&zone, 'x');
		bool wide;
		unsigned asked;
		enum auth_result r = check(&(struct given){zone.p, IP4, NULL, NULL}, &wide, &asked);
		assert_int_equal(r, past ? AUTH_TEMPERROR : AUTH_PASS);
		str_free(&zone);
	}
}

/* A name of 253 octets is asked about; one of 254 loses its first label (RFC 7208 7.3). */
static void name_size(void **state)
{
	(void)state;
	static const char label[] =
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.";
	for (size_t past = 0; past < 2; past++) {
		struct str name = {0}, zone = {0};
		for (int i = 0; i < 3; i++)
			str_puts(&name, label); /* 63 octets with the dot */
		while (name.n + strlen(".example.com") < LIMIT_DOMAIN + past)
			str_putc(&name, name.n % 50 ? 'b' : '.');
		str_printf(&zone, E "v=spf1 a:%s.%%{d} ~all\n%s.example.com A 192.0.2.1\n", name.p,
			   name.p);
		assert_int_equal(name.n + strlen(".example.com"), LIMIT_DOMAIN + past);
		bool wide;
		unsigned asked;
		enum auth_result r = check(&(struct given){zone.p, IP4, NULL, NULL}, &wide, &asked);
		CHECK(r == (past ? AUTH_SOFTFAIL : AUTH_PASS), "past %zu: got %s", past,
		      auth_result_name(r));
		str_free(&name);
		str_free(&zone);
	}
}

/* -- what the library cannot stand ---------------------------------------------------------- */

/* More addresses than it compiles: with ours left out, the last one counts and so does -all. */
static void many_addresses(void **state)
{
	(void)state;
	struct str zone = {0};
	str_puts(&zone, E "v=spf1");
	for (int i = 0; i < 90; i++)
		str_printf(&zone, " ip4:198.51.100.%d", i);
	str_puts(&zone, " ip4:192.0.2.1 -all\n");
	const struct row rows[] = {
	    {{zone.p, IP4, NULL, NULL}, AUTH_PASS, false},
	    {{zone.p, "192.0.2.2", NULL, NULL}, AUTH_FAIL, false},
	    {{zone.p, IP6, NULL, NULL}, AUTH_FAIL, false},
	};
	check_rows(rows, COUNT_OF(rows));
	str_free(&zone);
}

/* As many octets of names as it compiles without dropping the end, and more. */
static void compiled_size(void **state)
{
	(void)state;
	bool seen[2] = {false, false};
	for (size_t length = 20; length < 60; length++) {
		struct str zone = {0};
		str_puts(&zone, E "v=spf1");
		for (int i = 0; i < 10; i++) {
			str_printf(&zone, " a:%c", 'a' + i);
			for (size_t n = strlen("a.example"); n < length; n++)
				str_putc(&zone, 'x');
			str_puts(&zone, ".example");
		}
		str_puts(&zone, " -all\n");
		for (int i = 0; i < 10; i++) {
			str_printf(&zone, "%c", 'a' + i);
			for (size_t n = strlen("a.example"); n < length; n++)
				str_putc(&zone, 'x');
			str_puts(&zone, ".example A 192.0.2.9\n");
		}
		bool wide;
		unsigned asked;
		enum auth_result r = check(&(struct given){zone.p, IP4, NULL, NULL}, &wide, &asked);
		CHECK(r == AUTH_FAIL || r == AUTH_TEMPERROR, "names of %zu: got %s", length,
		      auth_result_name(r));
		seen[r == AUTH_FAIL] = true;
		str_free(&zone);
	}
	assert_true(seen[0] && seen[1]);
}

/* Each include asks for two more: the library counts per record and would go on for ever. */
static void include_tree(void **state)
{
	(void)state;
	struct str zone = {0};
	str_puts(&zone, E "v=spf1 include:t.example -all\n");
	struct zone *z = zone_new();
	unsigned line;
	for (int depth = 0; depth < 6; depth++) {
		str_reset(&zone);
		str_printf(&zone, "t%d.example TXT v=spf1", depth);
		for (int i = 0; i < 10; i++)
			str_printf(&zone, " include:t%d.example", depth + 1);
		str_puts(&zone, " ?all\n");
		assert_true(zone_load(z, (struct slice){zone.p, zone.n}, &line));
	}
	assert_true(zone_load(z,
			      LIT(E "v=spf1 include:t0.example +all\n"
				    "t6.example TXT v=spf1 ?all\n"),
			      &line));
	bool wide;
	enum auth_result r = check_zone(z, &(struct given){"", IP4, NULL, NULL}, &wide);
	assert_int_equal(r, AUTH_PERMERROR);
	assert_true(zone_counts(z).asked <= LIMIT_SPF_MECHANISMS + 1);
	zone_free(z);
	str_free(&zone);
}

static void hostile_records(void **state)
{
	(void)state;
	struct str smash = {0}, doubling = {0};
	/* Smashes the library's stack when it compiles it. */
	str_puts(&smash, E "v=spf1 a:");
	for (int i = 0; i < 127; i++)
		str_puts(&smash, "%{d}");
	for (int i = 0; i < 4000; i++)
		str_putc(&smash, 'x');
	/* The same within the size of a TXT record that is read at all. */
	str_puts(&doubling, E "v=spf1 a:");
	for (int i = 0; i < 127; i++)
		str_puts(&doubling, "%{d}");
	for (int i = 0; i < 1200; i++)
		str_putc(&doubling, 'x');
	str_puts(&doubling, ".com");
	const struct row rows[] = {
	    {{smash.p, IP4, NULL, NULL}, AUTH_TEMPERROR, false},
	    {{doubling.p, IP4, NULL, NULL}, AUTH_TEMPERROR, false},
	    /* names that double with each step */
	    {{E "v=spf1 include:%{d}.%{d} -all\nexample.com.example.com TXT v=spf1 "
		"include:%{d}.%{d}\n"
		"example.com.example.com.example.com.example.com TXT v=spf1 "
		"include:%{d}.%{d}.%{d}.%{d}."
		"%{d}.%{d} +all",
	      IP4, NULL, NULL},
	     AUTH_PERMERROR,
	     false},
	    /* a count of labels no smaller than there are: the library would cut a letter off */
	    {{E "v=spf1 include:%{d2} -all\nxample.com TXT v=spf1 +all", IP4, NULL, NULL},
	     AUTH_PERMERROR,
	     false},
	    {{E "v=spf1 a:%{d5} -all\nexample.com A 192.0.2.1", IP4, NULL, NULL}, AUTH_PASS, false},
	    {{E "v=spf1 exists:%{S} +all", IP4, NULL, NULL}, AUTH_TEMPERROR, false},
	    {{E "v=spf1 a:%{p}.x.example +all", IP4, NULL, NULL}, AUTH_TEMPERROR, false},
	    {{E "v=spf1 exp=%{S}.%{d}.x.example -all", IP4, NULL, NULL}, AUTH_FAIL, false},
	    {{E "v=spf1 include:example.com -all", IP4, NULL, NULL}, AUTH_PERMERROR, false},
	    {{E "v=spf1 a:a%_b.example -all", IP4, NULL, NULL}, AUTH_TEMPERROR, false},
	    {{E "v=spf1 a:a..b.example -all", IP4, NULL, NULL}, AUTH_FAIL, false},
	};
	check_rows(rows, COUNT_OF(rows));
	str_free(&smash);
	str_free(&doubling);
}

static void expects_the_first(void **state)
{
	(void)state;
	struct zone *z = zone_new();
	struct resolver resolver = zone_resolver(z);
	struct spf_question q = {.family = AF_INET, .mail_from = "a@example.com", .helo = ""};
	spf_expect(&q, &resolver);
	assert_int_equal(zone_counts(z).expected, 1);
	q.mail_from = "";
	spf_expect(&q, &resolver);
	assert_int_equal(zone_counts(z).expected, 1);
	zone_free(z);
}

static int open_all(void **state)
{
	(void)state;
	return spf_init() ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(results),
	    cmocka_unit_test(broad),
	    cmocka_unit_test(envelopes),
	    cmocka_unit_test(terms_of_one_record),
	    cmocka_unit_test(terms_of_several_records),
	    cmocka_unit_test(void_answers),
	    cmocka_unit_test(queries),
	    cmocka_unit_test(names_of_mx_and_ptr),
	    cmocka_unit_test(text_size),
	    cmocka_unit_test(name_size),
	    cmocka_unit_test(many_addresses),
	    cmocka_unit_test(compiled_size),
	    cmocka_unit_test(include_tree),
	    cmocka_unit_test(hostile_records),
	    cmocka_unit_test(expects_the_first),
	};
	return cmocka_run_group_tests_name("proof/spf", tests, open_all, NULL);
}
