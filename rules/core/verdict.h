/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * verdict.h - the rule: from what we know ourselves and what the judge found to a verdict.
 *
 * Pure and small on purpose: this page is the one an auditor reads. Each of the six conditions is
 * a function of its own in verdict.c; all must be YES for GENUINE. See the manual
 * keepname-verdict(7) for the same in words. The first verdict that fits is given:
 *
 *   genuine    all six
 *   known      listed and proved; also all six, where the proof is a server's of ours of when the
 *              mail came, not ours of now (reason authserv)
 *   forged     listed, and DMARC's policy of quarantine or reject is missed for certain: the record
 *              came, neither mechanism passes and aligns by the record's own adkim and aspf, and
 *              nothing about either is unknown (a null sender, an odd one, a client of ours, an
 *              expired or test signature: not certain)
 *   unproven   listed; or a From names a listed address in some odd spelling or as display name
 *   unproven   likewise for an entry that is disabled, if the class is recognised, so that a person
 *              sees it (reason disabled); such mail is never genuine, known or forged
 *   lookalike  not listed, the class recognised, and a name in From imitates a listed one
 *              (imitation.h); whoever has proved that name has proved the wrong one
 *   unlisted   not listed, one plain From, the class recognised, a clean DKIM pass aligned with the
 *              From domain, and a platform's link shape or wording about a domain registration
 *   none
 *
 * What the judge says is not believed where it can be known here: alignment, the MAIL FROM domain
 * that SPF was asked about, freshness, the deadline's sanity, that no link is unexpected.
 */
#ifndef RULES_CORE_VERDICT_H
#define RULES_CORE_VERDICT_H

#include "rules/core/candidate.h"
#include "rules/core/domain.h"
#include "rules/core/finding.h"
#include "rules/core/lookalike.h"

enum ours {
	OURS_UNSET, /* no list of our own domains is in use */
	OURS_YES,
	OURS_NO,
};
const char *ours_name(enum ours o);

/* What the judging side knows without having parsed anything hostile. */
struct facts {
	const struct message *message;
	const struct candidate *candidate;
	const struct suffixes *suffixes;
	const struct lookalikes *lookalikes; /* of the list; NULL: nothing is a lookalike */
	int64_t now;                         /* Unix seconds */
	bool sender_signs; /* this entry has been seen with aligned DKIM: SPF alone is no proof */
	bool spf_trusted_hop; /* the client is one of ours: SPF says nothing about the sender */
	bool by_authserv;     /* passes in the finding are a server's of ours, of when the mail came
			       * (authres.h), not the judge's: then at most known */
	enum ours ours;
};

struct decision {
	enum verdict verdict;
	enum proof condition[CONDITION_COUNT];
	uint32_t reasons; /* bits of enum reason, of the conditions that are not YES; REASON_DNS
			   * only when an answer did not come */
	enum class_id class;
	const struct sender *entry; /* of the From address, or NULL; lives as long as the list; may
				     * be disabled */
	char imitates[LIMIT_DOMAIN + 1];   /* LOOKALIKE: the listed name; else "" */
	bool dkim_proved;                  /* for remembering that this sender signs */
	char proof[2 * LIMIT_DOMAIN + 32]; /* "dkim:DOMAIN,spf:DOMAIN", those that passed and align,
					    * behind "authserv:" if so; "" unless proved is YES */
	int64_t written_at; /* the older of Date and the proving signatures' t=; 0: no Date */
	int64_t deadline;   /* 0: none, or it was absurd */
	enum deadline_source deadline_source;
	bool
	    deadline_refused; /* the mail states one that cannot be right; deadline is without it */
	enum ours ours;
	bool dkim_aligned[LIMIT_SIGNATURES]; /* for each signature of the finding */
	bool spf_aligned;
};

void verdict_decide(const struct facts *facts, const struct finding *finding,
		    struct decision *ret_decision);

/* Whether it opens a pending: OPEN from genuine mail of a class that asks or warns (all but
 * verified and wdrp, after which nothing happens if nobody acts), REVIEW from known or unproven
 * mail of such a class. */
enum pending_kind {
	PENDING_NO,
	PENDING_OPEN,
	PENDING_REVIEW,
};
enum pending_kind verdict_pending(const struct decision *decision);

#endif
