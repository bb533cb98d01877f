/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * referral.c - see referral.h.
 *
 * An answer is believed for what its server can know: NXDOMAIN, "no NS here" and NS records in the
 * answer section only with authority (a cache could be a day old: it is lame here); NS records of
 * the very name in the authority section are the referral that a parent gives. A referral to any
 * other zone means that we are at the wrong server.
 */
#include "dns/referral.h"

#include <arpa/nameser.h>
#include <stdlib.h>
#include <string.h>

#include "dns/question.h"

enum {
	SERVERS_READ = 64, /* before the first in order are kept */
};

static void put16(uint8_t *to, unsigned v)
{
	to[0] = (uint8_t)(v >> 8);
	to[1] = (uint8_t)v;
}

size_t referral_query(const char *name, uint16_t id, bool edns, uint8_t to[static REFERRAL_QUERY])
{
	static const uint8_t opt[11] = {0, 0, ns_t_opt, REFERRAL_UDP >> 8, REFERRAL_UDP & 0xff};
	uint8_t wire[NS_MAXCDNAME];
	if (!question_name_ok(name) || ns_name_pton(name, wire, sizeof wire) < 0)
		return 0;
	size_t n = 0;
	while (wire[n])
		n += wire[n] + 1u;
	n++;
	memset(to, 0, 12);
	put16(to, id);
	put16(to + 4, 1);
	put16(to + 10, edns);
	memcpy(to + 12, wire, n);
	n += 12;
	put16(to + n, ns_t_ns);
	put16(to + n + 2, ns_c_in);
	n += 4;
	if (edns) {
		memcpy(to + n, opt, sizeof opt);
		n += sizeof opt;
	}
	return n;
}

/* -- reading -------------------------------------------------------------------------------- */

struct found {
	bool other_zone; /* NS records of another name */
	bool alias;      /* CNAME of the name */
	bool start;      /* a SOA record */
	bool any;        /* NS records of the name, of whatever target */
	size_t count;
	char server[SERVERS_READ][LIMIT_DOMAIN + 1];
};

/* The target of an NS record, where it is a plain name. */
static void add_server(const ns_msg *m, const ns_rr *rr, struct found *f)
{
	char text[NS_MAXDNAME];
	f->any = true;
	if (f->count == SERVERS_READ ||
	    ns_name_uncompress(ns_msg_base(*m), ns_msg_end(*m), ns_rr_rdata(*rr), text,
			       sizeof text) < 0 ||
	    !question_name_ok(text))
		return;
	str_lower(text);
	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->server[i], text) == 0)
			return;
	strcpy(f->server[f->count++], text); /* question_name_ok has measured it */
}

/* False where a record cannot be read. */
static bool read_section(ns_msg *m, ns_sect section, const char *name, struct found *f)
{
	for (int i = 0; i < ns_msg_count(*m, section); i++) {
		ns_rr rr;
		if (ns_parserr(m, section, i, &rr) < 0)
			return false;
		if (ns_rr_class(rr) != ns_c_in)
			continue;
		const bool same = str_same_nocase(ns_rr_name(rr), name);
		switch ((int)ns_rr_type(rr)) {
		case ns_t_ns:
			if (same)
				add_server(m, &rr, f);
			else
				f->other_zone = true;
			break;
		case ns_t_cname: f->alias = f->alias || same; break;
		case ns_t_soa: f->start = true; break;
		}
	}
	return true;
}

static int in_order(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void keep_servers(struct found *f, struct inquiry_answer *a)
{
	qsort(f->server, f->count, sizeof f->server[0], in_order);
	a->count = (uint32_t)(f->count < LIMIT_NAMESERVERS ? f->count : LIMIT_NAMESERVERS);
	for (uint32_t i = 0; i < a->count; i++)
		memcpy(a->server[i], f->server[i], sizeof f->server[i]);
	a->result = a->count ? INQUIRY_FOUND : INQUIRY_NONSENSE;
}

static void judge(ns_msg *m, const char *name, struct inquiry_answer *a)
{
	struct found answer = {0}, authority = {0};
	const int rcode = ns_msg_getflag(*m, ns_f_rcode);
	const bool authoritative = ns_msg_getflag(*m, ns_f_aa);
	a->count = 0;
	if (rcode != ns_r_noerror && rcode != ns_r_nxdomain) {
		a->result = INQUIRY_ERROR;
		return;
	}
	if (!read_section(m, ns_s_an, name, &answer) ||
	    !read_section(m, ns_s_ns, name, &authority)) {
		a->result = INQUIRY_NONSENSE;
		return;
	}
	if (answer.any || answer.alias) {
		/* NXDOMAIN is then said of what the alias leads to. */
		a->result = authoritative ? INQUIRY_EMPTY : INQUIRY_LAME;
		if (authoritative && answer.any)
			keep_servers(&answer, a);
	} else if (rcode == ns_r_nxdomain) {
		a->result = authoritative ? INQUIRY_NO_NAME : INQUIRY_LAME;
	} else if (authority.any) {
		keep_servers(&authority, a);
	} else {
		a->result = authoritative && authority.start && !authority.other_zone
				? INQUIRY_EMPTY
				: INQUIRY_LAME;
	}
}

static bool is_question(ns_msg *m, const char *name)
{
	ns_rr rr;
	return ns_msg_count(*m, ns_s_qd) == 1 && ns_parserr(m, ns_s_qd, 0, &rr) == 0 &&
	       ns_rr_type(rr) == ns_t_ns && ns_rr_class(rr) == ns_c_in &&
	       str_same_nocase(ns_rr_name(rr), name);
}

enum referral_reading referral_read(const uint8_t *packet, size_t n, const char *name, uint16_t id,
				    bool edns, bool tcp, struct inquiry_answer *ret_answer)
{
	ns_msg m;
	if (n < NS_HFIXEDSZ || n > NS_MAXMSG || ns_initparse(packet, (int)n, &m) < 0 ||
	    ns_msg_id(m) != id || !ns_msg_getflag(m, ns_f_qr) ||
	    ns_msg_getflag(m, ns_f_opcode) != ns_o_query)
		return REFERRAL_NOT_OURS;
	const int rcode = ns_msg_getflag(m, ns_f_rcode);
	/* A server from before EDNS may not even give the question back. */
	const bool no_edns = edns && (rcode == ns_r_formerr || rcode == ns_r_notimpl);
	if (!is_question(&m, name))
		return no_edns && ns_msg_count(m, ns_s_qd) == 0 ? REFERRAL_NO_EDNS
								: REFERRAL_NOT_OURS;
	if (no_edns)
		return REFERRAL_NO_EDNS;
	if (ns_msg_getflag(m, ns_f_tc) && !tcp)
		return REFERRAL_TRUNCATED;
	judge(&m, name, ret_answer);
	return REFERRAL_READ;
}
