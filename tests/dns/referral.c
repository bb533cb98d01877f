/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a packet of a parent's server means: every kind of answer, every kind of nonsense, cut at
 * every octet, changed at random; and inquiries as they cross process borders.
 */
#include "dns/referral.h"

#include <arpa/nameser.h>
#include <stdio.h>

#include "tests/rules/table.h"

enum {
	ID = 0x1234,
	AA = 0x0400,
	TC = 0x0200,
	QR = 0x8000,
};

/* -- packets -------------------------------------------------------------------------------- */

struct packet {
	uint8_t p[8192];
	size_t n;
};

static void add16(struct packet *k, unsigned v)
{
	k->p[k->n++] = (uint8_t)(v >> 8);
	k->p[k->n++] = (uint8_t)v;
}

static void add_name(struct packet *k, const char *name)
{
	uint8_t wire[NS_MAXCDNAME];
	size_t n = 0;
	assert_true(ns_name_pton(name, wire, sizeof(wire)) >= 0);
	while (wire[n])
		n += wire[n] + 1u;
	memcpy(k->p + k->n, wire, n + 1);
	k->n += n + 1;
}

static void add_record(struct packet *k, const char *owner, unsigned type, const char *target)
{
	size_t at;
	add_name(k, owner);
	add16(k, type);
	add16(k, ns_c_in);
	add16(k, 0);
	add16(k, 300);
	at = k->n;
	add16(k, 0);
	if (type == ns_t_ns || type == ns_t_cname) {
		add_name(k, target);
	} else if (type == ns_t_soa) {
		add_name(k, target);
		add_name(k, "root.net");
		for (int i = 0; i < 10; i++)
			add16(k, 1);
	} else {
		add16(k, 0x7f00);
		add16(k, 1);
	}
	const size_t length = k->n - at - 2;
	k->p[at] = (uint8_t)(length >> 8);
	k->p[at + 1] = (uint8_t)length;
}

static unsigned type_of(const char *word)
{
	return strcmp(word, "NS") == 0      ? ns_t_ns
	       : strcmp(word, "CNAME") == 0 ? ns_t_cname
	       : strcmp(word, "SOA") == 0   ? ns_t_soa
					    : ns_t_a;
}

/* Sections are records, "OWNER TYPE TARGET", parted by ";". */
static unsigned add_section(struct packet *k, const char *text)
{
	char owner[300], type[16], target[300];
	unsigned count = 0;
	int n = 0;
	for (; text && sscanf(text, " %299s %15s %299[^ ;]%n", owner, type, target, &n) == 3;
	     count++) {
		add_record(k, owner, type_of(type), target);
		text += n;
		text += *text == ';';
	}
	return count;
}

static void make(struct packet *k, unsigned flags, const char *question, const char *answer,
		 const char *authority)
{
	*k = (struct packet){0};
	add16(k, ID);
	add16(k, QR | flags);
	add16(k, question != NULL);
	add16(k, 0);
	add16(k, 0);
	add16(k, 0);
	if (question) {
		add_name(k, question);
		add16(k, ns_t_ns);
		add16(k, ns_c_in);
	}
	k->p[7] = (uint8_t)add_section(k, answer);
	k->p[9] = (uint8_t)add_section(k, authority);
}

/* -- what they mean ------------------------------------------------------------------------- */

static const struct {
	const char *why;
	unsigned flags;
	const char *question, *answer, *authority;
	const char *want; /* of the reading, and of the finding */
} table[] = {
    {"a referral", 0, "a.com", NULL, "a.com NS NS2.x.net;a.com NS ns1.x.net",
     "delegated ns1.x.net ns2.x.net"},
    {"with authority set, as some do", AA, "a.com", NULL, "a.com NS ns.x.net",
     "delegated ns.x.net"},
    {"in other case", 0, "A.Com", NULL, "a.COM NS ns.x.net", "delegated ns.x.net"},
    {"the same server twice", 0, "a.com", NULL, "a.com NS ns.x.net;a.com NS NS.X.net",
     "delegated ns.x.net"},
    {"a server for both zones", AA, "a.com", "a.com NS ns.x.net", NULL, "delegated ns.x.net"},
    {"NS from a cache", 0, "a.com", "a.com NS ns.x.net", NULL, "lame"},
    {"no such name", AA | 3, "a.com", NULL, "com SOA a.net", "no such name"},
    {"no such name, without authority", 3, "a.com", NULL, "com SOA a.net", "lame"},
    {"no NS", AA, "a.com", NULL, "com SOA a.net", "no name servers"},
    {"no NS, without authority", 0, "a.com", NULL, "com SOA a.net", "lame"},
    {"nothing at all", AA, "a.com", NULL, NULL, "lame"},
    {"an alias", AA, "a.com", "a.com CNAME b.com", NULL, "no name servers"},
    {"an alias to what is not there", AA | 3, "a.com", "a.com CNAME b.com", "com SOA a.net",
     "no name servers"},
    {"an alias from a cache", 0, "a.com", "a.com CNAME b.com", NULL, "lame"},
    {"a referral to the zone itself", 0, "a.com", NULL, "com NS ns.x.net", "lame"},
    {"a referral to the root", 0, "a.com", NULL, ". NS a.root.net", "lame"},
    {"a referral to another name", 0, "a.com", NULL, "b.com NS ns.x.net", "lame"},
    {"a referral to below", 0, "a.com", NULL, "b.a.com NS ns.x.net", "lame"},
    {"another name beside it", 0, "a.com", NULL, "b.com NS n.b.net;a.com NS n.a.net",
     "delegated n.a.net"},
    {"SERVFAIL", 2, "a.com", NULL, NULL, "an error"},
    {"REFUSED", 5, "a.com", NULL, NULL, "an error"},
    {"SERVFAIL with a referral", AA | 2, "a.com", NULL, "a.com NS ns.x.net", "an error"},
    {"to a name that is none", 0, "a.com", NULL, "a.com NS .", "nonsense"},
    {"to odd names, one of them plain", 0, "a.com", NULL,
     "a.com NS x\\.y.net;a.com NS a\\000b.net;a.com NS tld;a.com NS *.net;a.com NS ok.net",
     "delegated ok.net"},
    {"an address for an answer", AA, "a.com", "a.com A x", NULL, "lame"},

    {"FORMERR", 1, "a.com", NULL, NULL, "(no edns)"},
    {"FORMERR, and no question", 1, NULL, NULL, NULL, "(no edns)"},
    {"NOTIMP", 4, "a.com", NULL, NULL, "(no edns)"},
    {"truncated", TC, "a.com", NULL, "a.com NS ns.x.net", "(truncated)"},
    {"no question", 0, NULL, NULL, "a.com NS ns.x.net", "(not ours)"},
    {"NXDOMAIN without a question", AA | 3, NULL, NULL, NULL, "(not ours)"},
    {"another question", AA | 3, "b.com", NULL, "com SOA a.net", "(not ours)"},
    {"another operation", AA | 3 | 1 << 11, "a.com", NULL, NULL, "(not ours)"},
};

static void describe(enum referral_reading reading, const struct inquiry_answer *a, struct str *to)
{
	static const char *const readings[] = {"(not ours)", "(truncated)", "(no edns)"};
	str_reset(to);
	str_puts(to,
		 reading == REFERRAL_READ ? inquiry_result_words(a->result) : readings[reading]);
	for (uint32_t i = 0; reading == REFERRAL_READ && i < a->count; i++)
		str_printf(to, " %s", a->server[i]);
}

static void every_kind_of_answer(void **state)
{
	struct str got = {0};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		struct inquiry_answer a = {0};
		struct packet k;
		make(&k, table[i].flags, table[i].question, table[i].answer, table[i].authority);
		describe(referral_read(k.p, k.n, "a.com", ID, true, false, &a), &a, &got);
		CHECK(strcmp(str_text(&got), table[i].want) == 0, "%s: got %s", table[i].why,
		      str_text(&got));
	}
	str_free(&got);
}

static void what_depends_on_how_it_was_asked(void **state)
{
	struct inquiry_answer a = {0};
	struct packet k;
	(void)state;
	make(&k, TC, "a.com", NULL, "a.com NS ns.x.net");
	assert_int_equal(referral_read(k.p, k.n, "a.com", ID, true, true, &a), REFERRAL_READ);
	assert_int_equal(a.result, INQUIRY_FOUND);
	make(&k, 1, "a.com", NULL, NULL);
	assert_int_equal(referral_read(k.p, k.n, "a.com", ID, false, false, &a), REFERRAL_READ);
	assert_int_equal(a.result, INQUIRY_ERROR);
	assert_int_equal(a.count, 0);
	make(&k, AA | 3, "a.com", NULL, NULL);
	assert_int_equal(referral_read(k.p, k.n, "a.com", ID + 1, true, false, &a),
			 REFERRAL_NOT_OURS);
	k.p[2] &= 0x7f; /* a question */
	assert_int_equal(referral_read(k.p, k.n, "a.com", ID, true, false, &a), REFERRAL_NOT_OURS);
	/* Another type, another class. */
	make(&k, AA | 3, "a.com", NULL, NULL);
	k.p[k.n - 3] = ns_t_a;
	assert_int_equal(referral_read(k.p, k.n, "a.com", ID, true, false, &a), REFERRAL_NOT_OURS);
	make(&k, AA | 3, "a.com", NULL, NULL);
	k.p[k.n - 1] = ns_c_chaos;
	assert_int_equal(referral_read(k.p, k.n, "a.com", ID, true, false, &a), REFERRAL_NOT_OURS);
}

/* LIMIT_NAMESERVERS: at it all are given, past it the first in order. */
static void many_servers(void **state)
{
	(void)state;
	for (int more = -1; more <= 200; more += more < 2 ? 1 : 99) {
		const int count = LIMIT_NAMESERVERS + more;
		struct inquiry_answer a = {0};
		struct packet k;
		char name[32];
		make(&k, 0, "a.com", NULL, NULL);
		for (int i = count; i-- > 0;) {
			snprintf(name, sizeof(name), "ns%03d.x.net", i);
			add_record(&k, "a.com", ns_t_ns, name);
		}
		k.p[9] = (uint8_t)count;
		assert_int_equal(referral_read(k.p, k.n, "a.com", ID, true, false, &a),
				 REFERRAL_READ);
		assert_int_equal(a.result, INQUIRY_FOUND);
		assert_int_equal(a.count, more < 0 ? count : LIMIT_NAMESERVERS);
		if (count <= 64) /* of more, those that came first are put in order */
			assert_string_equal(a.server[0], "ns000.x.net");
	}
}

/* Cut, changed, pointing anywhere: read without harm, and never a plain lie made of it. */
static void broken_packets(void **state)
{
	struct packet k, whole;
	struct inquiry_answer a;
	uint32_t seed = 1;
	(void)state;
	make(&whole, 0, "a.com", NULL, "a.com NS ns.x.net;a.com NS ns.y.net;b.com A x");
	for (size_t n = 0; n < whole.n; n++) {
		struct slice cut = tight((struct slice){(const char *)whole.p, n});
		assert_int_equal(
		    referral_read((const uint8_t *)cut.p, n, "a.com", ID, true, false, &a),
		    REFERRAL_NOT_OURS);
		tight_free(cut);
	}
	for (int round = 0; round < 200000; round++) {
		k = whole;
		for (int i = 0; i < 3; i++) {
			seed = seed * 1664525 + 1013904223;
			const size_t at = 2 + (seed >> 8) % (k.n - 2);
			seed = seed * 1664525 + 1013904223;
			k.p[at] = seed >> 28 < 4 ? 0xc0 : (uint8_t)(seed >> 16);
		}
		struct slice t = tight((struct slice){(const char *)k.p, k.n});
		a = (struct inquiry_answer){0};
		if (referral_read((const uint8_t *)t.p, t.n, "a.com", ID, true, round & 1, &a) ==
		    REFERRAL_READ) {
			struct inquiry_answer back;
			struct str packed = {0};
			inquiry_answer_pack(&a, &packed);
			assert_true(
			    inquiry_answer_unpack((struct slice){packed.p, packed.n}, &back));
			str_free(&packed);
		}
		tight_free(t);
	}
}

static void questions(void **state)
{
	uint8_t p[REFERRAL_QUERY];
	char name[LIMIT_DOMAIN + 2];
	ns_msg m;
	ns_rr rr;
	(void)state;
	memset(name, 'a', sizeof(name));
	for (size_t i = 1; i < LIMIT_DOMAIN; i += 2)
		name[i] = '.';
	name[LIMIT_DOMAIN] = '\0';
	for (int edns = 0; edns < 2; edns++) {
		const size_t n = referral_query(name, ID, edns, p);
		assert_true(n > LIMIT_DOMAIN && n <= REFERRAL_QUERY);
		assert_int_equal(ns_initparse(p, (int)n, &m), 0);
		assert_int_equal(ns_msg_id(m), ID);
		assert_false(ns_msg_getflag(m, ns_f_rd));
		assert_int_equal(ns_msg_count(m, ns_s_ar), edns);
		assert_int_equal(ns_parserr(&m, ns_s_qd, 0, &rr), 0);
		assert_string_equal(ns_rr_name(rr), name);
		assert_int_equal(ns_rr_type(rr), ns_t_ns);
	}
	assert_int_equal(ns_parserr(&m, ns_s_ar, 0, &rr), 0);
	assert_int_equal(ns_rr_class(rr), REFERRAL_UDP);
	assert_int_equal(referral_query("no name", ID, true, p), 0);
	assert_int_equal(referral_query("com", ID, true, p), 0);
}

static void inquiries_there_and_back(void **state)
{
	struct inquiry q = {.id = 0xfedcba9876543210u, .name = "a.com", .family = 6}, q_back;
	struct inquiry_answer a = {.id = 7, .result = INQUIRY_FOUND, .count = 2}, a_back;
	struct str packet = {0};
	(void)state;
	memset(q.address, 0xab, sizeof(q.address));
	inquiry_pack(&q, &packet);
	assert_true(inquiry_unpack((struct slice){packet.p, packet.n}, &q_back));
	assert_int_equal(q_back.id, q.id);
	assert_string_equal(q_back.name, q.name);
	assert_memory_equal(q_back.address, q.address, 16);
	for (size_t n = 0; n < packet.n; n++)
		assert_false(inquiry_unpack((struct slice){packet.p, n}, &q_back));
	str_reset(&packet);
	q.family = 5;
	inquiry_pack(&q, &packet);
	assert_false(inquiry_unpack((struct slice){packet.p, packet.n}, &q_back));
	strcpy(a.server[0], "ns.x.net");
	strcpy(a.server[1], "ns.y.net");
	str_reset(&packet);
	inquiry_answer_pack(&a, &packet);
	assert_true(inquiry_answer_unpack((struct slice){packet.p, packet.n}, &a_back));
	assert_int_equal(a_back.count, 2);
	assert_string_equal(a_back.server[1], "ns.y.net");
	for (size_t n = 0; n < packet.n; n++)
		assert_false(inquiry_answer_unpack((struct slice){packet.p, n}, &a_back));
	/* What a process taken over could say. */
	static const struct {
		enum inquiry_result result;
		uint32_t count;
		const char *server;
	} lies[] = {
	    {INQUIRY_FOUND, 0, ""},           {INQUIRY_NO_NAME, 1, "ns.x.net"},
	    {INQUIRY_RESULT_COUNT, 0, ""},    {INQUIRY_FOUND, 1, "ns x.net"},
	    {INQUIRY_FOUND, 1, "ns.x.net\n"}, {INQUIRY_FOUND, 1, ""},
	};
	for (size_t i = 0; i < COUNT_OF(lies); i++) {
		a = (struct inquiry_answer){.result = lies[i].result, .count = lies[i].count};
		strcpy(a.server[0], lies[i].server);
		str_reset(&packet);
		inquiry_answer_pack(&a, &packet);
		CHECK(!inquiry_answer_unpack((struct slice){packet.p, packet.n}, &a_back),
		      "lie %zu", i);
	}
	str_reset(&packet);
	pack_u64(&packet, 1);
	pack_u8(&packet, INQUIRY_FOUND);
	pack_u32(&packet, LIMIT_NAMESERVERS + 1);
	for (int i = 0; i <= LIMIT_NAMESERVERS; i++)
		pack_text(&packet, "ns.x.net");
	assert_false(inquiry_answer_unpack((struct slice){packet.p, packet.n}, &a_back));
	str_free(&packet);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_kind_of_answer),
	    cmocka_unit_test(what_depends_on_how_it_was_asked),
	    cmocka_unit_test(many_servers),
	    cmocka_unit_test(broken_packets),
	    cmocka_unit_test(questions),
	    cmocka_unit_test(inquiries_there_and_back),
	};
	return cmocka_run_group_tests_name("referral", tests, NULL, NULL);
}
