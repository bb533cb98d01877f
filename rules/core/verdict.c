/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * verdict.c - the rule, read from bottom to top: verdict_decide, the order of verdicts, the six
 * conditions, the two proofs, alignment.
 *
 * Alignment. A signature or an SPF pass proves some domain; it proves the sender only if that
 * domain is the From domain's, which DMARC (RFC 7489 3.1) calls aligned: the same name, or, when
 * relaxed, the same organisational domain by the public suffix list. Relaxed is DMARC's default and
 * ours, since registrars sign with d=example.com for noreply@mail.example.com; it is strict where
 * the list's entry says so (a domain whose subdomains are other people's) or where the owner's
 * DMARC record does (adkim=s, aspf=s). A record that could not be fetched might have said so: then
 * a name that is not the very same is neither aligned nor not, but unknown. Whether `forged` is
 * said, the one verdict that accuses, goes by the record alone.
 *
 * Three values. "No" needs an answer that says no; whatever did not come is "unknown". Only "yes"
 * blesses, so for the mail both are the same; for the person who reads the reason they are not.
 *
 * The names in a finding come from a process that has parsed hostile octets. They are compared with
 * what this side has read itself: From and MAIL FROM.
 */
#include "rules/core/verdict.h"

#include <stdio.h>
#include <string.h>

#include "rules/core/imitation.h"

enum {
	DAY = 24 * 60 * 60,
	/* A failed signature with one of these may have been good once, or is good to others. */
	FLAWS_UNCERTAIN =
	    FLAW_EXPIRED | FLAW_FUTURE | FLAW_KEY_BITS | FLAW_ALGORITHM | FLAW_TEST_KEY,
};

#define REASON_BIT(name) (1u << REASON_##name)

/* The judge's reasons that speak against the links. */
#define LINK_REASONS                                                                \
	(REASON_BIT(LINKS) | REASON_BIT(NO_LINK) | REASON_BIT(LINK_HIDDEN) |        \
	 REASON_BIT(LINK_EVIDENCE) | REASON_BIT(LINK_TEXT) | REASON_BIT(TRACKING) | \
	 REASON_BIT(ATTACHMENT) | REASON_BIT(LIMIT))

struct judging {
	const struct facts *facts;
	const struct finding *finding;
	const struct candidate *candidate;
	const struct sender *entry; /* NULL or as in candidate */
	struct decision *d;

	/* of the proofs, once condition_proved has run */
	const char *dkim_domain; /* of a signature that proves, or NULL */
	int64_t signed_at;       /* oldest t= of those, 0: none says */
	struct address path;     /* MAIL FROM */
	bool path_plain;         /* it is one plain address; not the null sender */
	bool spf_passed;         /* passes, aligns, not over-broad, asked about the right client */
};

const char *ours_name(enum ours o)
{
	static const char *const names[] = {
	    [OURS_UNSET] = "unset", [OURS_YES] = "yes", [OURS_NO] = "no"};
	return (unsigned)o < sizeof names / sizeof names[0] ? names[o] : "?";
}

/* -- alignment ------------------------------------------------------------------------------ */

static bool says_strict(const struct finding *f, bool strict)
{
	return f->dmarc_record == AUTH_PASS && strict;
}

/* Whether name is aligned with the plain From; record_strict: what the DMARC record says, if there
 * is one, for this mechanism. */
static enum proof alignment(const struct judging *j, const char *name, bool record_strict)
{
	const char *from = j->candidate->from.domain;
	enum auth_result record = j->finding->dmarc_record;
	if (!domain_aligned(j->facts->suffixes, name, from, false))
		return PROOF_NO;
	if (strcmp(name, from) == 0)
		return PROOF_YES;
	if ((j->entry && j->entry->strict) || says_strict(j->finding, record_strict))
		return PROOF_NO;
	if (j->entry && (record == AUTH_TEMPERROR || record == AUTH_NOT_ASKED))
		return PROOF_UNKNOWN;
	return PROOF_YES;
}

/* -- condition 3, proved -------------------------------------------------------------------- */

static void note_proving(struct judging *j, const struct finding_dkim *sig)
{
	if (!j->dkim_domain)
		j->dkim_domain = sig->d;
	if (sig->signed_at > 0 && (j->signed_at == 0 || sig->signed_at < j->signed_at))
		j->signed_at = sig->signed_at;
}

/* One signature that is aligned, or may be. */
static enum proof signature_proof(struct judging *j, const struct finding_dkim *sig,
				  enum proof aligned, uint32_t *reasons)
{
	if (sig->result == AUTH_TEMPERROR) {
		*reasons |= REASON_BIT(DNS);
		return PROOF_UNKNOWN;
	}
	if (sig->result == AUTH_NOT_ASKED) {
		*reasons |= REASON_BIT(LIMIT);
		return PROOF_UNKNOWN;
	}
	if (sig->result != AUTH_PASS) {
		*reasons |= REASON_BIT(DKIM_FAIL);
		return PROOF_NO;
	}
	if (sig->flaws) {
		*reasons |= REASON_BIT(DKIM_FLAW);
		return PROOF_NO;
	}
	if (aligned != PROOF_YES) {
		*reasons |= REASON_BIT(DNS);
		return PROOF_UNKNOWN;
	}
	note_proving(j, sig);
	return PROOF_YES;
}

static enum proof dkim_proof(struct judging *j, uint32_t *reasons)
{
	const struct finding *f = j->finding;
	enum proof best = PROOF_NO;
	bool any = false;
	for (uint32_t i = 0; i < f->dkim_count; i++) {
		enum proof aligned = alignment(j, f->dkim[i].d, f->dmarc_strict_dkim);
		j->d->dkim_aligned[i] = aligned == PROOF_YES;
		if (aligned == PROOF_NO)
			continue;
		any = true;
		enum proof p = signature_proof(j, &f->dkim[i], aligned, reasons);
		if (p == PROOF_YES || best == PROOF_NO)
			best = p;
	}
	if (!any)
		*reasons |= REASON_BIT(DKIM_NONE);
	return best;
}

static enum proof spf_proof(struct judging *j, uint32_t *reasons)
{
	const struct finding *f = j->finding;
	enum proof aligned =
	    j->path_plain ? alignment(j, j->path.domain, f->dmarc_strict_spf) : PROOF_NO;
	j->d->spf_aligned = aligned == PROOF_YES;
	if (aligned != PROOF_NO && f->spf == AUTH_TEMPERROR) {
		*reasons |= REASON_BIT(DNS);
		return PROOF_UNKNOWN;
	}
	*reasons |= REASON_BIT(SPF);
	if (aligned == PROOF_NO)
		return PROOF_NO;
	if (j->facts->spf_trusted_hop || f->spf == AUTH_NOT_ASKED)
		return PROOF_UNKNOWN;
	if (f->spf != AUTH_PASS || strcmp(f->spf_domain, j->path.domain) != 0)
		return PROOF_NO;
	if (aligned == PROOF_UNKNOWN) {
		*reasons |= REASON_BIT(DNS);
		return PROOF_UNKNOWN;
	}
	j->spf_passed = !f->spf_broad;
	if (!f->spf_broad && !j->facts->sender_signs)
		return PROOF_YES;
	*reasons = (*reasons & ~REASON_BIT(SPF)) | REASON_BIT(SPF_WEAK);
	return PROOF_NO;
}

/* Strangers' SPF is never evaluated: without an entry only DKIM counts. */
static enum proof condition_proved(struct judging *j, uint32_t *reasons)
{
	if (!j->candidate->from_plain) {
		*reasons |= REASON_BIT(DKIM_NONE);
		return PROOF_NO;
	}
	enum proof dkim = dkim_proof(j, reasons);
	enum proof spf = j->entry ? spf_proof(j, reasons) : PROOF_NO;
	if (dkim == PROOF_YES || spf == PROOF_YES)
		return PROOF_YES;
	return dkim == PROOF_UNKNOWN || spf == PROOF_UNKNOWN ? PROOF_UNKNOWN : PROOF_NO;
}

/* -- the other conditions ------------------------------------------------------------------- */

static bool reply_to_fits(const struct judging *j)
{
	const struct message *m = j->facts->message;
	struct address reply;
	size_t i;
	if (m->mark_count[MARK_REPLY_TO] == 0)
		return true;
	if (m->mark_count[MARK_REPLY_TO] > 1 || !message_marked(m, MARK_REPLY_TO, 0, &i) ||
	    !address_parse(message_value(m, i), &reply))
		return false;
	if (domain_is_below(reply.domain, j->candidate->from.domain))
		return true;
	for (size_t n = 0; j->entry && n < j->entry->reply_to_count; n++)
		if (str_same_nocase(reply.text, j->entry->reply_to[n]))
			return true;
	return false;
}

/* 1. One sender. Past a limit a second From may be among the headers that were dropped. */
static enum proof condition_sender(struct judging *j, uint32_t *reasons)
{
	const struct message *m = j->facts->message;
	if (m->overflow)
		*reasons |= REASON_BIT(LIMIT);
	else if (m->mark_count[MARK_FROM] != 1)
		*reasons |= REASON_BIT(FROM_COUNT);
	else if (!j->candidate->from_plain)
		*reasons |= REASON_BIT(FROM_SYNTAX);
	else if (!reply_to_fits(j))
		*reasons |= REASON_BIT(REPLY_TO);
	return *reasons ? PROOF_NO : PROOF_YES;
}

/* 2. Listed by that exact address, or by a whole domain where the entry says why. */
static enum proof condition_listed(struct judging *j, uint32_t *reasons)
{
	if (j->entry && j->entry->enabled)
		return PROOF_YES;
	*reasons |= j->entry ? REASON_BIT(DISABLED) : REASON_BIT(NOT_LISTED);
	return PROOF_NO;
}

/* 4. Of our kind: recognised, and one that this entry sends. */
static enum proof condition_class(struct judging *j, uint32_t *reasons)
{
	const struct finding *f = j->finding;
	if (f->class == CLASS_NONE) {
		bool limit = f->reasons & REASON_BIT(LIMIT);
		*reasons |= REASON_BIT(CLASS) | (limit ? REASON_BIT(LIMIT) : 0);
		return limit ? PROOF_UNKNOWN : PROOF_NO;
	}
	if (j->entry && !(j->entry->classes & 1u << f->class)) {
		*reasons |= REASON_BIT(CLASS_SENDER);
		return PROOF_NO;
	}
	return PROOF_YES;
}

/* 5. It leads where it should: the judge has read the links; here it must not contradict itself. */
static enum proof condition_links(struct judging *j, uint32_t *reasons)
{
	const struct finding *f = j->finding;
	bool code = j->entry && j->entry->code;
	uint32_t seen = f->reasons & LINK_REASONS;
	for (uint32_t i = 0; i < f->link_kept; i++)
		if (!f->link[i].expected && f->links == PROOF_YES)
			seen |= REASON_BIT(LINKS);
	if (f->asks_action && f->link_expected == 0 && f->links == PROOF_YES && !code)
		seen |= REASON_BIT(NO_LINK);
	if (f->links == PROOF_YES && !seen)
		return PROOF_YES;
	*reasons |= seen ? seen : f->links == PROOF_UNKNOWN ? 0 : REASON_BIT(LINKS);
	return f->links == PROOF_UNKNOWN ? PROOF_UNKNOWN : PROOF_NO;
}

/* 6. Fresh: the older of Date and the proving signature's t=, neither far ahead. */
static enum proof condition_fresh(struct judging *j, uint32_t *reasons)
{
	int64_t now = j->facts->now, date = j->finding->date;
	int64_t signed_at = j->signed_at > 0 ? j->signed_at : date;
	int64_t older = signed_at < date ? signed_at : date;
	j->d->written_at = date > 0 ? older : 0;
	int64_t newer = signed_at < date ? date : signed_at;
	if (date > 0 && older >= now - (int64_t)LIMIT_AGE_DAYS * DAY &&
	    newer <= now + (int64_t)LIMIT_AHEAD_DAYS * DAY)
		return PROOF_YES;
	*reasons |= REASON_BIT(AGE);
	return PROOF_NO;
}

/* -- the order of verdicts ------------------------------------------------------------------ */

static bool missed_by_dkim(const struct judging *j)
{
	const struct finding *f = j->finding;
	if (j->facts->message->mark_count[MARK_DKIM] > LIMIT_SIGNATURES)
		return false; /* not all were looked at */
	for (uint32_t i = 0; i < f->dkim_count; i++) {
		const struct finding_dkim *sig = &f->dkim[i];
		if (!domain_aligned(j->facts->suffixes, sig->d, j->candidate->from.domain,
				    f->dmarc_strict_dkim))
			continue;
		bool failed = sig->result == AUTH_FAIL || sig->result == AUTH_PERMERROR ||
			      sig->result == AUTH_NONE;
		if (!failed || sig->flaws & FLAWS_UNCERTAIN)
			return false;
	}
	return true;
}

static bool missed_by_spf(const struct judging *j)
{
	const struct finding *f = j->finding;
	if (!j->path_plain || j->facts->spf_trusted_hop)
		return false; /* DMARC would look at HELO, or at a client that we cannot see */
	if (!domain_aligned(j->facts->suffixes, j->path.domain, j->candidate->from.domain,
			    f->dmarc_strict_spf))
		return true;
	return f->spf == AUTH_FAIL || f->spf == AUTH_SOFTFAIL || f->spf == AUTH_NEUTRAL ||
	       f->spf == AUTH_NONE || f->spf == AUTH_PERMERROR;
}

static bool is_forged(const struct judging *j)
{
	const struct finding *f = j->finding;
	return j->candidate->from_plain && f->dmarc_record == AUTH_PASS && f->dmarc_policy > 0 &&
	       missed_by_dkim(j) && missed_by_spf(j);
}

static bool is_unlisted(const struct judging *j)
{
	const struct finding *f = j->finding;
	return j->candidate->from_plain && !j->entry && f->class != CLASS_NONE && j->dkim_domain &&
	       (f->platform[0] || f->domain_wording);
}

/* Mail of a listed sender, or that claims one's address, has had its verdict before. */
static bool is_lookalike(const struct judging *j)
{
	const struct facts *k = j->facts;
	struct imitation i;
	if (j->d->class == CLASS_NONE || !k->lookalikes ||
	    !imitation_find(k->lookalikes, k->suffixes, k->message, j->candidate, &i))
		return false;
	snprintf(j->d->imitates, sizeof j->d->imitates, "%s", i.name);
	j->d->reasons |= i.how;
	return true;
}

static bool all_yes(const struct decision *d)
{
	for (unsigned i = 0; i < CONDITION_COUNT; i++)
		if (d->condition[i] != PROOF_YES)
			return false;
	return true;
}

static enum verdict verdict_of(struct judging *j)
{
	const struct decision *d = j->d;
	const struct sender *claimed = j->candidate->claimed;
	bool listed = d->condition[CONDITION_LISTED] == PROOF_YES;
	if (all_yes(d) && !j->facts->by_authserv)
		return VERDICT_GENUINE;
	if (listed && d->condition[CONDITION_PROVED] == PROOF_YES)
		return VERDICT_KNOWN;
	if (listed && is_forged(j))
		return VERDICT_FORGED;
	if (listed || (claimed && claimed->enabled))
		return VERDICT_UNPROVEN;
	if (claimed && d->class != CLASS_NONE)
		return VERDICT_UNPROVEN;
	if (is_lookalike(j))
		return VERDICT_LOOKALIKE;
	return is_unlisted(j) ? VERDICT_UNLISTED : VERDICT_NONE;
}

/* -- the decision --------------------------------------------------------------------------- */

static void decide_conditions(struct judging *j)
{
	static enum proof (*const conditions[CONDITION_COUNT])(struct judging *, uint32_t *) = {
	    [CONDITION_SENDER] = condition_sender, [CONDITION_LISTED] = condition_listed,
	    [CONDITION_PROVED] = condition_proved, [CONDITION_CLASS] = condition_class,
	    [CONDITION_LINKS] = condition_links,   [CONDITION_FRESH] = condition_fresh,
	};
	for (unsigned i = 0; i < CONDITION_COUNT; i++) {
		uint32_t reasons = 0;
		j->d->condition[i] = conditions[i](j, &reasons);
		if (j->d->condition[i] != PROOF_YES)
			j->d->reasons |= reasons;
	}
}

static void name_proof(const struct judging *j)
{
	struct decision *d = j->d;
	if (d->condition[CONDITION_PROVED] != PROOF_YES)
		return;
	const char *dkim = j->dkim_domain, *spf = j->spf_passed ? j->path.domain : NULL;
	snprintf(d->proof, sizeof d->proof, "%s%s%s%s%s%s",
		 j->facts->by_authserv ? "authserv:" : "", dkim ? "dkim:" : "", dkim ? dkim : "",
		 dkim && spf ? "," : "", spf ? "spf:" : "", spf ? spf : "");
}

/* A deadline far from the mail's own date, or from now where that is ahead of us, is absurd. */
static void keep_deadline(const struct judging *j)
{
	const struct finding *f = j->finding;
	int64_t now = j->facts->now;
	bool dated = f->date > 0 && f->date <= now + (int64_t)LIMIT_AHEAD_DAYS * DAY;
	int64_t base = dated ? f->date : now;
	j->d->deadline_refused = f->deadline_refused;
	if (f->deadline_source == DEADLINE_NONE || f->deadline <= 0)
		return;
	if (f->deadline < base - (int64_t)LIMIT_DEADLINE_PAST_DAYS * DAY ||
	    f->deadline > base + (int64_t)LIMIT_DEADLINE_AHEAD_DAYS * DAY) {
		j->d->deadline_refused = true;
		return;
	}
	j->d->deadline = f->deadline;
	j->d->deadline_source = f->deadline_source;
}

void verdict_decide(const struct facts *facts, const struct finding *finding,
		    struct decision *ret_decision)
{
	struct decision d = {
	    .class = finding->class,
	    .entry = facts->candidate->entry,
	    .ours = facts->ours,
	};
	struct judging j = {
	    .facts = facts,
	    .finding = finding,
	    .candidate = facts->candidate,
	    .entry = facts->candidate->entry,
	    .d = &d,
	};
	j.path_plain =
	    address_parse_path(message_sender(facts->message), &j.path) && j.path.domain[0] != '\0';
	decide_conditions(&j);
	d.dkim_proved = j.entry && j.dkim_domain && !facts->by_authserv;
	name_proof(&j);
	keep_deadline(&j);
	d.verdict = verdict_of(&j);
	if (d.verdict == VERDICT_FORGED)
		d.reasons |= REASON_BIT(DMARC);
	if (facts->by_authserv && d.condition[CONDITION_PROVED] == PROOF_YES)
		d.reasons |= REASON_BIT(AUTHSERV);
	*ret_decision = d;
}

enum pending_kind verdict_pending(const struct decision *decision)
{
	if (decision->class == CLASS_NONE || decision->class == CLASS_VERIFIED ||
	    decision->class == CLASS_WDRP)
		return PENDING_NO;
	switch (decision->verdict) {
	case VERDICT_GENUINE: return PENDING_OPEN;
	case VERDICT_KNOWN:
	case VERDICT_UNPROVEN: return PENDING_REVIEW;
	default: return PENDING_NO;
	}
}
