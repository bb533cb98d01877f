/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * examine.c - the judgement of one message, in the order of the data:
 *
 *   headers   DKIM begins, and says which keys it will need; SPF and DMARC likewise
 *   body      to DKIM whole, its first LIMIT_MIME_BYTES kept for the letter
 *   end       the proofs, once the answers are there; then the letter
 *
 * What is asked depends on who the mail says it is from. A listed sender: DKIM, SPF and DMARC.
 * One who claims to be listed: DKIM and DMARC, for whether the owner wants forgeries refused.
 * A stranger: DKIM alone. libspf2 is given a MAIL FROM only if its domain aligns with the entry's:
 * no stranger chooses the record that it reads.
 */
#include "judge/examine.h"

#include <stdlib.h>
#include <string.h>

#include "proof/dkimcheck.h"
#include "proof/dmarc.h"
#include "proof/spf.h"

struct examine {
	const struct request *request;
	const struct letter_rules *rules;
	const struct resolver *resolver;
	const char *from_domain; /* of request->from, or "" */
	struct dkimcheck *dkim;
	struct str body;
	bool body_short; /* of the whole body, only this much was kept */
};

static const char *domain_of(const char *address)
{
	const char *at = strrchr(address, '@');
	return at ? at + 1 : "";
}

static bool wants_dmarc(const struct examine *e)
{
	return e->from_domain[0] && (e->request->entry || e->request->want_proof_of_claim);
}

static bool wants_spf(const struct examine *e)
{
	const struct request *r = e->request;
	const char *domain = domain_of(r->mail_from);
	return r->entry && r->client_family && domain[0] &&
	       domain_aligned(e->rules->suffixes, domain, r->entry->domain, r->entry->strict);
}

static struct spf_question spf_question_of(const struct request *r)
{
	struct spf_question q = {
	    .family = r->client_family, .helo = r->helo, .mail_from = r->mail_from};
	memcpy(q.ip, r->client_ip, sizeof q.ip);
	return q;
}

/* Says which answers will be needed; DKIM has said so itself. */
static void expect_answers(const struct examine *e)
{
	if (wants_dmarc(e))
		dmarc_expect(e->from_domain, e->rules->suffixes, e->resolver);
	if (wants_spf(e)) {
		struct spf_question q = spf_question_of(e->request);
		spf_expect(&q, e->resolver);
	}
}

struct examine *examine_begin(const struct request *request, const struct letter_rules *rules,
			      const struct resolver *resolver)
{
	struct examine *e = calloc(1, sizeof *e);
	if (!e)
		return NULL;
	e->request = request;
	e->rules = rules;
	e->resolver = resolver;
	e->from_domain = domain_of(request->from);
	e->dkim = dkimcheck_begin(request->message, e->from_domain, rules->suffixes, resolver,
				  request->now);
	if (!e->dkim) {
		free(e);
		return NULL;
	}
	expect_answers(e);
	return e;
}

void examine_body(struct examine *e, const void *p, size_t n)
{
	dkimcheck_body(e->dkim, p, n);
	size_t room = LIMIT_MIME_BYTES - e->body.n;
	if (n > room) {
		e->body_short = true;
		n = room;
	}
	str_add(&e->body, p, n);
}

static void check_spf(const struct examine *e, struct finding *f)
{
	struct spf_question q = spf_question_of(e->request);
	f->spf = spf_check(&q, e->resolver, &f->spf_broad);
	strcpy(f->spf_domain, domain_of(q.mail_from));
}

void examine_prove(struct examine *e, bool body_cut, struct finding *ret_finding)
{
	struct finding f = {0};
	dkimcheck_end(e->dkim, body_cut, &f);
	if (wants_spf(e))
		check_spf(e, &f);
	if (wants_dmarc(e))
		dmarc_read(e->from_domain, e->rules->suffixes, e->resolver, &f);
	*ret_finding = f;
}

bool examine_end(struct examine *e, bool body_cut, struct finding *finding)
{
	return !e->body.failed &&
	       letter_read(e->rules, e->request->message, (struct slice){e->body.p, e->body.n},
			   body_cut || e->body_short, e->request->entry, e->from_domain, finding);
}

void examine_free(struct examine *e)
{
	if (!e)
		return;
	dkimcheck_free(e->dkim);
	str_free(&e->body);
	free(e);
}
