/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spf.c - libspf2 behind its fences.
 *
 * The library drives the evaluation; every record and every address it sees goes through look_up.
 * There records are rewritten (spfrecord.c), names, queries, void answers and terms are counted
 * over the whole check (the library counts per record), and the first thing that must end the check
 * is noted in `stop`. From then on all lookups answer TRY_AGAIN, and at the end stop is the result
 * whatever the library says. The client's address decides most of a record before the library sees
 * it; what is left to it is include, redirect, a, mx, ptr, exists and lower-case macros.
 *
 * Never given to it: type SPF (99), a HELO or local part that is not plain, loopback addresses (it
 * passes them unasked), exp= (it expands text of others).
 */
#include "proof/spf.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <arpa/nameser.h>
#include <spf2/spf.h>

#include "proof/spfrecord.h"

enum {
	NAMES_MOST = 10, /* of one MX or PTR answer, RFC 7208 4.6.4 */
};

struct check {
	SPF_dns_server_t dns;
	const struct resolver *resolver;
	struct spfclient client;
	bool begun; /* the first record has been asked for */
	bool broad;
	unsigned queries, voids, terms;
	uint32_t names_left;   /* address lookups that still belong to the last MX or PTR answer */
	enum auth_result stop; /* AUTH_NOT_ASKED: go on */
};

/* -- answers for the library ---------------------------------------------------------------- */

static SPF_dns_rr_t *new_answer(struct check *c, const char *name, ns_type type, int status)
{
	SPF_dns_rr_t *rr = SPF_dns_rr_new_init(&c->dns, name, type, 0, status);
	if (!rr)
		abort(); /* NULL would make the library do so; the message goes unjudged */
	return rr;
}

static SPF_dns_rr_t *stop(struct check *c, enum auth_result why, const char *name, ns_type type)
{
	if (c->stop == AUTH_NOT_ASKED)
		c->stop = why;
	return new_answer(c, name, type, TRY_AGAIN);
}

/* Data with a NUL behind it, so that names and texts are strings. */
static bool add_data(SPF_dns_rr_t *rr, const void *data, size_t n)
{
	int i = rr->num_rr;
	if (SPF_dns_rr_buf_realloc(rr, i, n + 1) != SPF_E_SUCCESS)
		return false;
	memcpy(rr->rr[i], data, n);
	((char *)rr->rr[i])[n] = '\0';
	rr->num_rr = i + 1;
	return true;
}

/* -- records -------------------------------------------------------------------------------- */

/* The SPF records of an answer (RFC 7208 4.5). */
static unsigned find_record(const struct answer *a, struct slice *ret_text)
{
	unsigned found = 0;
	for (uint32_t i = 0; a->status == ANSWER_DATA && i < a->count; i++) {
		if (!spfrecord_is(a->record[i]))
			continue;
		*ret_text = a->record[i];
		found++;
	}
	return found;
}

static SPF_dns_rr_t *give_record(struct check *c, const char *name, const struct answer *a)
{
	struct slice text;
	unsigned found = find_record(a, &text);
	if (found == 0)
		return new_answer(c, name, ns_t_txt,
				  a->status == ANSWER_NO_NAME ? HOST_NOT_FOUND : NO_DATA);
	if (found > 1)
		return stop(c, AUTH_PERMERROR, name, ns_t_txt);
	if (text.n > LIMIT_SPF_TXT)
		return stop(c, AUTH_TEMPERROR, name, ns_t_txt);
	struct str small = {0};
	bool broad = false;
	enum spfrecord_state state = spfrecord_rewrite(text, &c->client, name, &small, &broad);
	c->broad |= broad;
	SPF_dns_rr_t *rr;
	if (state == SPFRECORD_BROKEN) {
		rr = stop(c, AUTH_PERMERROR, name, ns_t_txt);
	} else if (state == SPFRECORD_UNSAFE || small.failed) {
		rr = stop(c, AUTH_TEMPERROR, name, ns_t_txt);
	} else {
		rr = new_answer(c, name, ns_t_txt, NETDB_SUCCESS);
		if (!add_data(rr, small.p, small.n)) {
			SPF_dns_rr_free(rr);
			rr = stop(c, AUTH_TEMPERROR, name, ns_t_txt);
		}
	}
	str_free(&small);
	return rr;
}

/* -- addresses and names -------------------------------------------------------------------- */

/* What the library's record holds of one of ours; false for one that is not of its type. */
static bool data_of(enum question_type type, struct slice record, struct slice *ret_data)
{
	size_t skip = type == QUESTION_MX ? 2 : 0;
	if ((type == QUESTION_A && record.n != 4) || (type == QUESTION_AAAA && record.n != 16) ||
	    record.n < skip || record.n > LIMIT_DOMAIN + skip)
		return false;
	*ret_data = (struct slice){record.p + skip, record.n - skip};
	return true;
}

static SPF_dns_rr_t *give_data(struct check *c, const char *name, ns_type type,
			       enum question_type question, const struct answer *a)
{
	bool names = question == QUESTION_MX || question == QUESTION_PTR;
	if (question == QUESTION_MX && a->count > NAMES_MOST)
		return stop(c, AUTH_PERMERROR, name, type);
	SPF_dns_rr_t *rr = new_answer(c, name, type, NETDB_SUCCESS);
	for (uint32_t i = 0; i < a->count && !(names && i == NAMES_MOST); i++) {
		struct slice data;
		if (!data_of(question, a->record[i], &data) || !add_data(rr, data.p, data.n)) {
			SPF_dns_rr_free(rr);
			return stop(c, AUTH_TEMPERROR, name, type);
		}
	}
	if (names)
		c->names_left = (uint32_t)rr->num_rr;
	return rr;
}

/* -- lookups -------------------------------------------------------------------------------- */

static bool question_of(ns_type type, enum question_type *ret_question)
{
	switch ((int)type) {
	case ns_t_a: *ret_question = QUESTION_A; return true;
	case ns_t_aaaa: *ret_question = QUESTION_AAAA; return true;
	case ns_t_mx: *ret_question = QUESTION_MX; return true;
	case ns_t_ptr: *ret_question = QUESTION_PTR; return true;
	case ns_t_txt: *ret_question = QUESTION_TXT; return true;
	default: return false;
	}
}

/* Counts the terms that this lookup begins (RFC 7208 4.6.4). The library evaluates in order, and
 * after an MX or PTR answer it asks for the addresses of its names before anything else. */
static bool count_term(struct check *c, enum question_type question)
{
	bool address = question == QUESTION_A || question == QUESTION_AAAA;
	if (!c->begun) {
		c->begun = true;
		return true;
	}
	if (address && c->names_left) {
		c->names_left--;
		return true;
	}
	c->names_left = 0;
	return ++c->terms <= LIMIT_SPF_MECHANISMS;
}

/* The name without a trailing dot. False: over-long. */
static bool copy_name(const char *domain, char to[static LIMIT_DOMAIN + 1])
{
	struct slice name = slice_of(domain);
	if (name.n && name.p[name.n - 1] == '.')
		name.n--;
	return slice_copy(name, to, LIMIT_DOMAIN + 1);
}

/* Whether the DNS could have such a name at all: no empty label, none over 63 octets. */
static bool possible_name(const char *name)
{
	size_t label = 0;
	for (; *name; name++) {
		if (*name == '.' && label == 0)
			return false;
		label = *name == '.' ? 0 : label + 1;
		if (label > LIMIT_LABEL)
			return false;
	}
	return label > 0;
}

static SPF_dns_rr_t *look_up(SPF_dns_server_t *dns, const char *domain, ns_type type,
			     int should_cache)
{
	struct check *c = dns->hook;
	enum question_type question;
	char name[LIMIT_DOMAIN + 1];
	(void)should_cache;
	if (c->stop != AUTH_NOT_ASKED)
		return new_answer(c, domain, type, TRY_AGAIN);
	if (!question_of(type, &question)) /* type SPF is history (RFC 7208 3.1) */
		return new_answer(c, domain, type, NO_DATA);
	bool first = !c->begun;
	if (!count_term(c, question))
		return stop(c, AUTH_PERMERROR, domain, type);
	if (!copy_name(domain, name))
		return stop(c, AUTH_TEMPERROR, domain, type);

	static const struct answer no_name = {.status = ANSWER_NO_NAME};
	const struct answer *a = &no_name;
	if (possible_name(name)) {
		/* A name that may exist and may not be asked about is unknown. */
		if (!question_name_ok(name) || ++c->queries > LIMIT_SPF_QUERIES)
			return stop(c, AUTH_TEMPERROR, domain, type);
		a = c->resolver->ask(c->resolver->context, question, name);
	}
	if (a->status == ANSWER_TROUBLE)
		return stop(c, AUTH_TEMPERROR, domain, type);
	if (a->status != ANSWER_DATA && !first && ++c->voids > LIMIT_SPF_VOID)
		return stop(c, AUTH_PERMERROR, domain, type);
	if (question == QUESTION_TXT)
		return give_record(c, name, a);
	if (a->status != ANSWER_DATA)
		return new_answer(c, domain, type,
				  a->status == ANSWER_NO_NAME ? HOST_NOT_FOUND : NO_DATA);
	return give_data(c, domain, type, question, a);
}

/* -- one check ------------------------------------------------------------------------------ */

static enum auth_result result_of(SPF_response_t *response)
{
	switch (SPF_response_result(response)) {
	case SPF_RESULT_PASS:
		/* By a term of the record, not by one of the library's own favours. */
		return SPF_response_reason(response) == SPF_REASON_MECH ? AUTH_PASS
									: AUTH_TEMPERROR;
	case SPF_RESULT_FAIL: return AUTH_FAIL;
	case SPF_RESULT_SOFTFAIL: return AUTH_SOFTFAIL;
	case SPF_RESULT_NEUTRAL: return AUTH_NEUTRAL;
	case SPF_RESULT_NONE: return AUTH_NONE;
	case SPF_RESULT_TEMPERROR: return AUTH_TEMPERROR;
	case SPF_RESULT_PERMERROR: return AUTH_PERMERROR;
	case SPF_RESULT_INVALID: break;
	}
	SPF_errcode_t error = SPF_response_errcode(response);
	return error == SPF_E_DNS_ERROR || error == SPF_E_NO_MEMORY ? AUTH_TEMPERROR
								    : AUTH_PERMERROR;
}

static bool set_request(SPF_request_t *request, const struct check *c, const char *mail_from)
{
	struct in_addr ip4;
	struct in6_addr ip6;
	memcpy(&ip4, c->client.ip, sizeof ip4);
	memcpy(&ip6, c->client.ip, sizeof ip6);
	SPF_errcode_t error = c->client.family == AF_INET ? SPF_request_set_ipv4(request, ip4)
							  : SPF_request_set_ipv6(request, ip6);
	return error == SPF_E_SUCCESS && SPF_request_set_env_from(request, mail_from) == 0;
}

/* A constant in place of the default explanation, which expands the sender's address. */
static bool set_explanation(SPF_server_t *server)
{
	SPF_response_t *response = NULL;
	SPF_errcode_t error = SPF_server_set_explanation(server, "-", &response);
	if (response)
		SPF_response_free(response);
	return error == SPF_E_SUCCESS;
}

static enum auth_result run(struct check *c, const char *mail_from)
{
	enum auth_result result = AUTH_TEMPERROR;
	SPF_response_t *response = NULL;
	SPF_request_t *request = NULL;
	SPF_server_t *server = SPF_server_new_dns(&c->dns, 0);
	if (server && set_explanation(server))
		request = SPF_request_new(server);
	if (request && set_request(request, c, mail_from)) {
		SPF_request_query_mailfrom(request, &response);
		if (response)
			result = result_of(response);
	}
	if (response)
		SPF_response_free(response);
	if (request)
		SPF_request_free(request);
	if (server)
		SPF_server_free(server);
	return c->stop != AUTH_NOT_ASKED ? c->stop : result;
}

/* IPv4-mapped addresses are IPv4 (RFC 7208 5). False for loopback, which the library passes. */
static bool set_client(struct spfclient *client, const struct spf_question *q)
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	static const unsigned char loopback[16] = {[15] = 1};
	client->family = q->family;
	memcpy(client->ip, q->ip, sizeof client->ip);
	if (q->family == AF_INET6 && memcmp(q->ip, mapped, sizeof mapped) == 0) {
		client->family = AF_INET;
		memcpy(client->ip, q->ip + sizeof mapped, 4);
	}
	if (client->family == AF_INET)
		return client->ip[0] != 127;
	return client->family == AF_INET6 && memcmp(client->ip, loopback, 16) != 0;
}

/* Where the domain begins; NULL for a sender without a name that can be asked about. */
static const char *domain_of(const struct spf_question *q)
{
	const char *at = strrchr(q->mail_from, '@');
	return at && question_name_ok(at + 1) ? at + 1 : NULL;
}

void spf_expect(const struct spf_question *q, const struct resolver *resolver)
{
	const char *domain = domain_of(q);
	if (domain && resolver->expect)
		resolver->expect(resolver->context, QUESTION_TXT, domain);
}

enum auth_result spf_check(const struct spf_question *q, const struct resolver *resolver,
			   bool *ret_broad)
{
	struct check c = {.resolver = resolver};
	const char *domain = domain_of(q);
	char mail_from[LIMIT_DOMAIN + sizeof "postmaster@"] = "postmaster@";
	*ret_broad = false;
	if (!set_client(&c.client, q))
		return AUTH_NOT_ASKED;
	if (!domain)
		return AUTH_NONE;
	size_t local = (size_t)(domain - 1 - q->mail_from);
	c.client.local = local ? (struct slice){q->mail_from, local} : slice_of("postmaster");
	c.client.sender = slice_of(domain);
	c.client.helo = slice_of(q->helo);
	strcat(mail_from, domain);
	c.dns.lookup = look_up;
	c.dns.name = "keepname";
	c.dns.hook = &c;
	enum auth_result result = run(&c, mail_from);
	*ret_broad = c.broad && result == AUTH_PASS;
	return result;
}

/* -- start ---------------------------------------------------------------------------------- */

static const struct answer *self_ask(void *context, enum question_type type, const char *name)
{
	static const char text[] = "v=spf1 include:a.keepname.example -all";
	static const char included[] = "v=spf1 a:%{d} ?all";
	static const unsigned char ip[] = {192, 0, 2, 1};
	struct answer *a = context;
	answer_free(a);
	bool first = strcmp(name, "keepname.example") == 0;
	bool ok = type == QUESTION_TXT ? first ? answer_add(a, text, sizeof text - 1)
					       : answer_add(a, included, sizeof included - 1)
				       : answer_add(a, ip, sizeof ip);
	a->status = ok ? ANSWER_DATA : ANSWER_TROUBLE;
	return a;
}

bool spf_init(void)
{
	/* What it has to say about others' records is nothing for our log. */
	SPF_warning_handler = NULL;
	SPF_info_handler = NULL;
	SPF_debug_handler = NULL;
	struct answer answer = {0};
	struct resolver resolver = {.ask = self_ask, .context = &answer};
	struct spf_question q = {.family = AF_INET,
				 .ip = {192, 0, 2, 1},
				 .helo = "keepname.example",
				 .mail_from = "self@keepname.example"};
	bool broad;
	bool ok = spf_check(&q, &resolver, &broad) == AUTH_PASS && !broad;
	q.ip[3] = 2;
	ok = ok && spf_check(&q, &resolver, &broad) == AUTH_FAIL;
	answer_free(&answer);
	return ok;
}
