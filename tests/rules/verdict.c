/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * verdict.c - the rule. A mail that is genuine in every respect, then one respect changed at a
 * time.
 *
 * A row changes the scenario by a function of its own, so that it reads as what an attacker or an
 * accident does; `want` is the verdict, `reasons` exactly those that must be given.
 */
#include "rules/core/verdict.h"
#include "tests/rules/table.h"

#define DAY (24 * 60 * 60)
#define NOW INT64_C(1795000000)

static const char list_text[] = "Sender: one\n"
				"From: noreply@listed.example\n"
				"Registrar: One\n"
				"Classes: verification, suspension, wdrp, verified\n"
				"Reply-To: help@elsewhere.example\n"
				"Confidence: A\n"
				"Evidence: https://e.example/\n"
				"Last-Seen: undated\n"
				"\n"
				"Sender: sub\n"
				"From: noreply@mail.sub.example\n"
				"Registrar: Sub\n"
				"Classes: verification\n"
				"Code: yes\n"
				"Confidence: A\n"
				"Evidence: https://e.example/\n"
				"Last-Seen: undated\n"
				"\n"
				"Sender: strict\n"
				"From: noreply@strict.example\n"
				"Registrar: Strict\n"
				"Classes: verification\n"
				"Align: strict\n"
				"Confidence: A\n"
				"Evidence: https://e.example/\n"
				"Last-Seen: undated\n"
				"\n"
				"Sender: off\n"
				"From: noreply@disabled.example\n"
				"Registrar: Off\n"
				"Classes: verification\n"
				"Confidence: C\n"
				"Evidence: https://e.example/\n"
				"Last-Seen: undated\n"
				"Status: disabled\n";

struct world {
	struct list *list;
	struct classes *classes;
	struct suffixes *suffixes;
	struct candidate_scratch scratch;
	struct message message;
	struct candidate candidate;
};

struct scenario {
	const char *headers, *sender;
	struct finding f;
	bool sender_signs, trusted_hop, overflow;
	enum ours ours;
	uint32_t signatures; /* DKIM-Signature headers in the message */
};

static void base(struct scenario *s)
{
	*s = (struct scenario){
	    .headers = "From: One <noreply@listed.example>\nSubject: x\n",
	    .sender = "<bounce@listed.example>",
	    .f = {.dkim = {{"listed.example", "s", AUTH_PASS, 0, NOW - DAY}},
		  .dkim_count = 1,
		  .spf = AUTH_PASS,
		  .spf_domain = "listed.example",
		  .dmarc_record = AUTH_PASS,
		  .dmarc_policy = 2,
		  .class = CLASS_VERIFICATION,
		  .date = NOW - DAY,
		  .deadline = NOW + 14 * DAY,
		  .deadline_source = DEADLINE_STATED,
		  .asks_action = true,
		  .links = PROOF_YES,
		  .link = {{"listed.example", LINK_A, true}},
		  .link_kept = 1,
		  .link_count = 1,
		  .link_expected = 1},
	};
}

static void decide(struct world *w, const struct scenario *s, struct decision *ret)
{
	message_reset(&w->message);
	message_set_sender(&w->message, s->sender);
	message_parse(&w->message, slice_of(s->headers));
	candidate_test(w->list, w->classes, &w->message, &w->scratch, &w->candidate);
	w->message.overflow = s->overflow;
	if (s->signatures)
		w->message.mark_count[MARK_DKIM] = s->signatures;
	const struct facts facts = {.message = &w->message,
				    .candidate = &w->candidate,
				    .suffixes = w->suffixes,
				    .now = NOW,
				    .sender_signs = s->sender_signs,
				    .spf_trusted_hop = s->trusted_hop,
				    .ours = s->ours};
	verdict_decide(&facts, &s->f, ret);
}

/* -- what is changed ------------------------------------------------------------------------ */

static void nothing(struct scenario *s)
{
	(void)s;
}
static void dkim_only(struct scenario *s)
{
	s->f.spf = AUTH_FAIL;
}
static void no_dkim(struct scenario *s)
{
	s->f.dkim_count = 0;
}
static void neither(struct scenario *s)
{
	no_dkim(s);
	s->f.spf = AUTH_FAIL;
}
static void neither_no_policy(struct scenario *s)
{
	neither(s);
	s->f.dmarc_policy = 0;
}
static void dkim_fails(struct scenario *s)
{
	s->f.dkim[0].result = AUTH_FAIL;
}
static void both_fail(struct scenario *s)
{
	dkim_fails(s);
	s->f.spf = AUTH_SOFTFAIL;
}

/* sender */
static void two_from(struct scenario *s)
{
	s->headers = "From: noreply@listed.example\nFrom: noreply@listed.example\n";
}
static void spaced_from(struct scenario *s)
{
	s->headers = "From: noreply@listed.example\nFrom : x@y.example\n";
}
static void no_from(struct scenario *s)
{
	s->headers = "Sender: noreply@listed.example\n";
}
static void odd_from(struct scenario *s)
{
	s->headers = "From: noreply@listed.example (x)\n";
}
static void claim_in_name(struct scenario *s)
{
	s->headers = "From: \"noreply@listed.example\" <x@evil.example>\n";
}
static void reply_elsewhere(struct scenario *s)
{
	s->headers = "From: noreply@listed.example\nReply-To: x@evil.example\n";
}
static void reply_same(struct scenario *s)
{
	s->headers = "From: noreply@listed.example\nReply-To: X <x@mail.Listed.example>\n";
}
static void reply_named(struct scenario *s)
{
	s->headers = "From: noreply@listed.example\nReply-To: HELP@elsewhere.example\n";
}
static void reply_above(struct scenario *s)
{
	s->headers = "From: noreply@mail.sub.example\nReply-To: x@sub.example\n";
	s->sender = "<b@mail.sub.example>";
	strcpy(s->f.spf_domain, "mail.sub.example");
	strcpy(s->f.dkim[0].d, "mail.sub.example");
}
static void two_replies(struct scenario *s)
{
	s->headers = "From: noreply@listed.example\nReply-To: a@listed.example\n"
		     "Reply-To: a@listed.example\n";
}
static void reply_list(struct scenario *s)
{
	s->headers = "From: noreply@listed.example\nReply-To: a@listed.example, b@listed.example\n";
}
static void reply_empty(struct scenario *s)
{
	s->headers = "From: noreply@listed.example\nReply-To:\n";
}
static void overflow(struct scenario *s)
{
	s->overflow = true;
}

/* listed */
static void stranger(struct scenario *s)
{
	s->headers = "From: other@listed.example\n";
}
static void disabled(struct scenario *s)
{
	s->headers = "From: noreply@disabled.example\n";
	strcpy(s->f.dkim[0].d, "disabled.example");
}
static void disabled_no_class(struct scenario *s)
{
	disabled(s);
	s->f.class = CLASS_NONE;
}
static void disabled_forged(struct scenario *s)
{
	disabled(s);
	neither(s);
}

/* DKIM */
static void dkim_other_domain(struct scenario *s)
{
	strcpy(s->f.dkim[0].d, "evil.example");
	s->f.spf = AUTH_FAIL;
	s->f.dmarc_policy = 0;
}
static void dkim_no_name(struct scenario *s)
{
	s->f.dkim[0].d[0] = '\0';
	s->f.spf = AUTH_FAIL;
	s->f.dmarc_policy = 0;
}
static void dkim_suffix(struct scenario *s)
{
	dkim_other_domain(s);
	strcpy(s->f.dkim[0].d, "example");
}
static void dkim_sub(struct scenario *s)
{
	dkim_only(s);
	strcpy(s->f.dkim[0].d, "mail.listed.example");
}
static void dkim_sub_strict_record(struct scenario *s)
{
	dkim_sub(s);
	s->f.dmarc_strict_dkim = true;
	s->f.dmarc_policy = 0;
}
static void dkim_sub_strict_unread(struct scenario *s)
{
	dkim_sub_strict_record(s);
	s->f.dmarc_record = AUTH_NONE; /* what was not in a record counts for nothing */
}
static void dkim_sub_record_lost(struct scenario *s)
{
	dkim_sub(s);
	s->f.dmarc_record = AUTH_TEMPERROR;
}
static void dkim_same_record_lost(struct scenario *s)
{
	dkim_only(s);
	s->f.dmarc_record = AUTH_TEMPERROR;
}
static void dkim_sub_not_asked(struct scenario *s)
{
	dkim_sub(s);
	s->f.dmarc_record = AUTH_NOT_ASKED;
}
static void strict_entry(struct scenario *s)
{
	s->headers = "From: noreply@strict.example\n";
	strcpy(s->f.dkim[0].d, "strict.example");
}
static void strict_entry_sub(struct scenario *s)
{
	strict_entry(s);
	strcpy(s->f.dkim[0].d, "a.strict.example");
	s->sender = "<b@a.strict.example>";
	strcpy(s->f.spf_domain, "a.strict.example");
}
static void dkim_flawed(struct scenario *s)
{
	dkim_only(s);
	s->f.dkim[0].flaws = FLAW_LENGTH;
}
static void dkim_second_clean(struct scenario *s)
{
	dkim_flawed(s);
	s->f.dkim[1] = s->f.dkim[0];
	s->f.dkim[1].flaws = 0;
	s->f.dkim_count = 2;
}
static void dkim_lost(struct scenario *s)
{
	dkim_only(s);
	s->f.dkim[0].result = AUTH_TEMPERROR;
}
static void dkim_lost_and_fail(struct scenario *s)
{
	dkim_lost(s);
	s->f.dkim[1] = s->f.dkim[0];
	s->f.dkim[1].result = AUTH_FAIL;
	s->f.dkim_count = 2;
}
static void dkim_unasked(struct scenario *s)
{
	dkim_only(s);
	s->f.dkim[0].result = AUTH_NOT_ASKED;
}
static void dkim_policy(struct scenario *s)
{
	dkim_only(s);
	s->f.dkim[0].result = AUTH_POLICY;
}
static void dkim_neutral(struct scenario *s)
{
	dkim_only(s);
	s->f.dkim[0].result = AUTH_NEUTRAL;
}

/* SPF */
static void spf_null_sender(struct scenario *s)
{
	no_dkim(s);
	s->sender = "<>";
}
static void spf_odd_sender(struct scenario *s)
{
	no_dkim(s);
	s->sender = "<\"x\"@listed.example>";
}
static void spf_route(struct scenario *s)
{
	no_dkim(s);
	s->sender = "<@evil.example:x@listed.example>";
}
static void spf_other_sender(struct scenario *s)
{
	no_dkim(s);
	s->sender = "<x@evil.example>";
	strcpy(s->f.spf_domain, "evil.example");
}
static void spf_other_question(struct scenario *s)
{
	no_dkim(s);
	strcpy(s->f.spf_domain, "mail.listed.example");
}
static void spf_sub(struct scenario *s)
{
	no_dkim(s);
	s->sender = "<x@mail.listed.example>";
	strcpy(s->f.spf_domain, "mail.listed.example");
}
static void spf_sub_strict(struct scenario *s)
{
	spf_sub(s);
	s->f.dmarc_strict_spf = true;
}
static void spf_sub_strict_other(struct scenario *s)
{
	spf_sub(s);
	s->f.dmarc_strict_dkim = true; /* adkim is not aspf */
}
static void spf_sub_record_lost(struct scenario *s)
{
	spf_sub(s);
	s->f.dmarc_record = AUTH_TEMPERROR;
}
static void spf_signs(struct scenario *s)
{
	no_dkim(s);
	s->sender_signs = true;
}
static void both_and_signs(struct scenario *s)
{
	s->sender_signs = true;
}
static void spf_broad(struct scenario *s)
{
	no_dkim(s);
	s->f.spf_broad = true;
}
static void spf_hop(struct scenario *s)
{
	no_dkim(s);
	s->trusted_hop = true;
}
static void spf_lost(struct scenario *s)
{
	no_dkim(s);
	s->f.spf = AUTH_TEMPERROR;
}
static void spf_unasked(struct scenario *s)
{
	no_dkim(s);
	s->f.spf = AUTH_NOT_ASKED;
}
static void spf_softfail(struct scenario *s)
{
	no_dkim(s);
	s->f.spf = AUTH_SOFTFAIL;
	s->f.dmarc_policy = 1;
}
static void spf_neutral(struct scenario *s)
{
	no_dkim(s);
	s->f.spf = AUTH_NEUTRAL;
}

/* forged, or not for certain */
static void no_record(struct scenario *s)
{
	neither(s);
	s->f.dmarc_record = AUTH_NONE;
}
static void record_lost(struct scenario *s)
{
	neither(s);
	s->f.dmarc_record = AUTH_TEMPERROR;
}
static void forged_expired(struct scenario *s)
{
	both_fail(s);
	s->f.dkim[0].flaws = FLAW_EXPIRED;
}
static void forged_unsigned_subject(struct scenario *s)
{
	both_fail(s);
	s->f.dkim[0].flaws = FLAW_UNSIGNED_SUBJECT;
}
static void forged_null(struct scenario *s)
{
	neither(s);
	s->sender = "<>";
}
static void forged_other_envelope(struct scenario *s)
{
	no_dkim(s);
	s->sender = "<x@evil.example>";
	s->f.spf = AUTH_NOT_ASKED; /* strangers' SPF is not evaluated */
}
static void forged_hop(struct scenario *s)
{
	neither(s);
	s->trusted_hop = true;
}
static void forged_own_signature(struct scenario *s)
{
	neither(s);
	s->f.dkim_count = 1;
	strcpy(s->f.dkim[0].d, "evil.example");
}
static void forged_many(struct scenario *s)
{
	both_fail(s);
	s->signatures = LIMIT_SIGNATURES;
}
static void forged_too_many(struct scenario *s)
{
	both_fail(s);
	s->signatures = LIMIT_SIGNATURES + 1;
}
static void forged_strict_record(struct scenario *s)
{
	dkim_sub(s); /* passes, and is aligned only when relaxed */
	s->f.dmarc_strict_dkim = true;
}
static void strict_entry_relaxed_record(struct scenario *s)
{
	strict_entry_sub(s); /* DMARC passes: nobody is accused */
}

/* class */
static void no_class(struct scenario *s)
{
	s->f.class = CLASS_NONE;
}
static void no_class_limit(struct scenario *s)
{
	no_class(s);
	s->f.reasons = 1u << REASON_LIMIT;
}
static void other_class(struct scenario *s)
{
	s->f.class = CLASS_RENEWAL;
}

/* links */
static void bad_links(struct scenario *s)
{
	s->f.links = PROOF_NO;
	s->f.reasons = 1u << REASON_LINKS;
}
static void bad_links_unsaid(struct scenario *s)
{
	s->f.links = PROOF_NO;
}
static void unknown_links(struct scenario *s)
{
	s->f.links = PROOF_UNKNOWN;
}
static void links_contradict(struct scenario *s)
{
	s->f.link[0].expected = false;
}
static void links_reason(struct scenario *s)
{
	s->f.reasons = 1u << REASON_TRACKING;
}
static void attachment(struct scenario *s)
{
	s->f.reasons = 1u << REASON_ATTACHMENT;
}
static void hidden(struct scenario *s)
{
	s->f.reasons = 1u << REASON_LINK_HIDDEN;
}
static void limit(struct scenario *s)
{
	s->f.reasons = 1u << REASON_LIMIT;
}
static void no_link(struct scenario *s)
{
	s->f.link_kept = s->f.link_count = s->f.link_expected = 0;
}
static void no_link_no_action(struct scenario *s)
{
	no_link(s);
	s->f.asks_action = false;
}
static void no_link_but_code(struct scenario *s)
{
	reply_above(s);
	s->headers = "From: noreply@mail.sub.example\n";
	no_link(s);
}
static void strange_reason(struct scenario *s)
{
	s->f.reasons = 1u << REASON_DISABLED | 1u << REASON_AGE; /* not the judge's to say */
}

/* fresh */
static void no_date(struct scenario *s)
{
	s->f.date = 0;
}
static void oldest(struct scenario *s)
{
	s->f.date = s->f.dkim[0].signed_at = NOW - 30 * DAY;
}
static void too_old(struct scenario *s)
{
	s->f.date = NOW - 30 * DAY - 1;
}
static void old_signature(struct scenario *s)
{
	s->f.dkim[0].signed_at = NOW - 30 * DAY - 1;
}
static void older_of_two(struct scenario *s)
{
	s->f.dkim[1] = s->f.dkim[0];
	s->f.dkim[1].signed_at = NOW - 40 * DAY;
	s->f.dkim_count = 2;
}
static void old_failing_signature(struct scenario *s)
{
	older_of_two(s);
	s->f.dkim[1].result = AUTH_FAIL; /* proves nothing, so its time counts for nothing */
}
static void ahead(struct scenario *s)
{
	s->f.date = NOW + DAY;
}
static void too_far_ahead(struct scenario *s)
{
	s->f.date = NOW + DAY + 1;
}
static void signature_ahead(struct scenario *s)
{
	s->f.dkim[0].signed_at = NOW + DAY + 1;
}
static void no_time_in_signature(struct scenario *s)
{
	s->f.dkim[0].signed_at = 0;
}

/* unlisted */
static void unlisted(struct scenario *s)
{
	s->headers = "From: x@reseller.example\n";
	strcpy(s->f.dkim[0].d, "reseller.example");
	s->f.dmarc_record = AUTH_NOT_ASKED;
	s->f.spf = AUTH_NOT_ASKED;
	s->f.links = PROOF_UNKNOWN;
	s->f.domain_wording = true;
}
static void unlisted_platform(struct scenario *s)
{
	unlisted(s);
	s->f.domain_wording = false;
	strcpy(s->f.platform, "key-systems");
}
static void unlisted_no_hint(struct scenario *s)
{
	unlisted(s);
	s->f.domain_wording = false;
}
static void unlisted_no_class(struct scenario *s)
{
	unlisted(s);
	s->f.class = CLASS_NONE;
}
static void unlisted_other_signer(struct scenario *s)
{
	unlisted(s);
	strcpy(s->f.dkim[0].d, "esp.example");
}
static void unlisted_flawed(struct scenario *s)
{
	unlisted(s);
	s->f.dkim[0].flaws = FLAW_TEST_KEY;
}
static void unlisted_spf_only(struct scenario *s)
{
	unlisted(s);
	no_dkim(s);
	s->sender = "<x@reseller.example>";
	s->f.spf = AUTH_PASS;
	strcpy(s->f.spf_domain, "reseller.example");
}
static void unlisted_strict_record(struct scenario *s)
{
	unlisted(s);
	strcpy(s->f.dkim[0].d, "a.reseller.example");
	s->f.dmarc_record = AUTH_PASS;
	s->f.dmarc_strict_dkim = true;
}
static void unlisted_sub(struct scenario *s)
{
	unlisted(s);
	strcpy(s->f.dkim[0].d, "a.reseller.example");
}

#define R(name)          (1u << REASON_##name)
#define UNLISTED_REASONS R(NOT_LISTED)

static const struct {
	const char *name;
	void (*change)(struct scenario *s);
	enum verdict want;
	uint32_t reasons;
	const char *proof;
} rows[] = {
#define ROW(change, verdict, reasons, proof)                       \
	{                                                          \
#change, change, VERDICT_##verdict, reasons, proof \
	}
    ROW(nothing, GENUINE, 0, "dkim:listed.example,spf:listed.example"),
    ROW(dkim_only, GENUINE, 0, "dkim:listed.example"),
    ROW(no_dkim, GENUINE, 0, "spf:listed.example"),
    ROW(neither, FORGED, R(DKIM_NONE) | R(SPF) | R(DMARC), ""),
    ROW(neither_no_policy, UNPROVEN, R(DKIM_NONE) | R(SPF), ""),
    ROW(dkim_fails, GENUINE, 0, "spf:listed.example"),
    ROW(both_fail, FORGED, R(DKIM_FAIL) | R(SPF) | R(DMARC), ""),
    /* sender */
    ROW(two_from, UNPROVEN, R(FROM_COUNT) | R(NOT_LISTED) | R(DKIM_NONE), ""),
    ROW(spaced_from, UNPROVEN, R(FROM_COUNT) | R(NOT_LISTED) | R(DKIM_NONE), ""),
    ROW(no_from, NONE, R(FROM_COUNT) | R(NOT_LISTED) | R(DKIM_NONE), ""),
    ROW(odd_from, UNPROVEN, R(FROM_SYNTAX) | R(NOT_LISTED) | R(DKIM_NONE), ""),
    ROW(claim_in_name, UNPROVEN, R(NOT_LISTED) | R(DKIM_NONE), ""),
    ROW(reply_elsewhere, KNOWN, R(REPLY_TO), "dkim:listed.example,spf:listed.example"),
    ROW(reply_same, GENUINE, 0, "dkim:listed.example,spf:listed.example"),
    ROW(reply_named, GENUINE, 0, "dkim:listed.example,spf:listed.example"),
    ROW(reply_above, KNOWN, R(REPLY_TO), "dkim:mail.sub.example,spf:mail.sub.example"),
    ROW(two_replies, KNOWN, R(REPLY_TO), "dkim:listed.example,spf:listed.example"),
    ROW(reply_list, KNOWN, R(REPLY_TO), "dkim:listed.example,spf:listed.example"),
    ROW(reply_empty, KNOWN, R(REPLY_TO), "dkim:listed.example,spf:listed.example"),
    ROW(overflow, KNOWN, R(LIMIT), "dkim:listed.example,spf:listed.example"),
    /* listed */
    ROW(stranger, NONE, R(NOT_LISTED), "dkim:listed.example"),
    ROW(disabled, UNPROVEN, R(DISABLED), "dkim:disabled.example"),
    ROW(disabled_no_class, NONE, R(DISABLED) | R(CLASS), "dkim:disabled.example"),
    ROW(disabled_forged, UNPROVEN, R(DISABLED) | R(DKIM_NONE) | R(SPF), ""),
    /* DKIM */
    ROW(dkim_other_domain, UNPROVEN, R(DKIM_NONE) | R(SPF), ""),
    ROW(dkim_no_name, UNPROVEN, R(DKIM_NONE) | R(SPF), ""),
    ROW(dkim_suffix, UNPROVEN, R(DKIM_NONE) | R(SPF), ""),
    ROW(dkim_sub, GENUINE, 0, "dkim:mail.listed.example"),
    ROW(dkim_sub_strict_record, UNPROVEN, R(DKIM_NONE) | R(SPF), ""),
    ROW(dkim_sub_strict_unread, GENUINE, 0, "dkim:mail.listed.example"),
    ROW(dkim_sub_record_lost, UNPROVEN, R(DNS) | R(SPF), ""),
    ROW(dkim_same_record_lost, GENUINE, 0, "dkim:listed.example"),
    ROW(dkim_sub_not_asked, UNPROVEN, R(DNS) | R(SPF), ""),
    ROW(strict_entry, GENUINE, 0, "dkim:strict.example"),
    ROW(strict_entry_sub, UNPROVEN, R(DKIM_NONE) | R(SPF), ""),
    ROW(dkim_flawed, UNPROVEN, R(DKIM_FLAW) | R(SPF), ""),
    ROW(dkim_second_clean, GENUINE, 0, "dkim:listed.example"),
    ROW(dkim_lost, UNPROVEN, R(DNS) | R(SPF), ""),
    ROW(dkim_lost_and_fail, UNPROVEN, R(DNS) | R(DKIM_FAIL) | R(SPF), ""),
    ROW(dkim_unasked, UNPROVEN, R(LIMIT) | R(SPF), ""),
    ROW(dkim_policy, UNPROVEN, R(DKIM_FAIL) | R(SPF), ""),
    ROW(dkim_neutral, UNPROVEN, R(DKIM_FAIL) | R(SPF), ""),
    /* SPF */
    ROW(spf_null_sender, UNPROVEN, R(DKIM_NONE) | R(SPF), ""),
    ROW(spf_odd_sender, UNPROVEN, R(DKIM_NONE) | R(SPF), ""),
    ROW(spf_route, UNPROVEN, R(DKIM_NONE) | R(SPF), ""),
    ROW(spf_other_sender, FORGED, R(DKIM_NONE) | R(SPF) | R(DMARC), ""),
    ROW(spf_other_question, UNPROVEN, R(DKIM_NONE) | R(SPF), ""),
    ROW(spf_sub, GENUINE, 0, "spf:mail.listed.example"),
    ROW(spf_sub_strict, FORGED, R(DKIM_NONE) | R(SPF) | R(DMARC), ""),
    ROW(spf_sub_strict_other, GENUINE, 0, "spf:mail.listed.example"),
    ROW(spf_sub_record_lost, UNPROVEN, R(DKIM_NONE) | R(SPF) | R(DNS), ""),
    ROW(spf_signs, UNPROVEN, R(DKIM_NONE) | R(SPF_WEAK), ""),
    ROW(both_and_signs, GENUINE, 0, "dkim:listed.example,spf:listed.example"),
    ROW(spf_broad, UNPROVEN, R(DKIM_NONE) | R(SPF_WEAK), ""),
    ROW(spf_hop, UNPROVEN, R(DKIM_NONE) | R(SPF), ""),
    ROW(spf_lost, UNPROVEN, R(DKIM_NONE) | R(DNS), ""),
    ROW(spf_unasked, UNPROVEN, R(DKIM_NONE) | R(SPF), ""),
    ROW(spf_softfail, FORGED, R(DKIM_NONE) | R(SPF) | R(DMARC), ""),
    ROW(spf_neutral, FORGED, R(DKIM_NONE) | R(SPF) | R(DMARC), ""),
    /* forged, or not for certain */
    ROW(no_record, UNPROVEN, R(DKIM_NONE) | R(SPF), ""),
    ROW(record_lost, UNPROVEN, R(DKIM_NONE) | R(SPF), ""),
    ROW(forged_expired, UNPROVEN, R(DKIM_FAIL) | R(SPF), ""),
    ROW(forged_unsigned_subject, FORGED, R(DKIM_FAIL) | R(SPF) | R(DMARC), ""),
    ROW(forged_null, UNPROVEN, R(DKIM_NONE) | R(SPF), ""),
    ROW(forged_other_envelope, FORGED, R(DKIM_NONE) | R(SPF) | R(DMARC), ""),
    ROW(forged_hop, UNPROVEN, R(DKIM_NONE) | R(SPF), ""),
    ROW(forged_own_signature, FORGED, R(DKIM_NONE) | R(SPF) | R(DMARC), ""),
    ROW(forged_many, FORGED, R(DKIM_FAIL) | R(SPF) | R(DMARC), ""),
    ROW(forged_too_many, UNPROVEN, R(DKIM_FAIL) | R(SPF), ""),
    ROW(forged_strict_record, FORGED, R(DKIM_NONE) | R(SPF) | R(DMARC), ""),
    ROW(strict_entry_relaxed_record, UNPROVEN, R(DKIM_NONE) | R(SPF), ""),
    /* class */
    ROW(no_class, KNOWN, R(CLASS), "dkim:listed.example,spf:listed.example"),
    ROW(no_class_limit, KNOWN, R(CLASS) | R(LIMIT), "dkim:listed.example,spf:listed.example"),
    ROW(other_class, KNOWN, R(CLASS_SENDER), "dkim:listed.example,spf:listed.example"),
    /* links */
    ROW(bad_links, KNOWN, R(LINKS), "dkim:listed.example,spf:listed.example"),
    ROW(bad_links_unsaid, KNOWN, R(LINKS), "dkim:listed.example,spf:listed.example"),
    ROW(unknown_links, KNOWN, 0, "dkim:listed.example,spf:listed.example"),
    ROW(links_contradict, KNOWN, R(LINKS), "dkim:listed.example,spf:listed.example"),
    ROW(links_reason, KNOWN, R(TRACKING), "dkim:listed.example,spf:listed.example"),
    ROW(attachment, KNOWN, R(ATTACHMENT), "dkim:listed.example,spf:listed.example"),
    ROW(hidden, KNOWN, R(LINK_HIDDEN), "dkim:listed.example,spf:listed.example"),
    ROW(limit, KNOWN, R(LIMIT), "dkim:listed.example,spf:listed.example"),
    ROW(no_link, KNOWN, R(NO_LINK), "dkim:listed.example,spf:listed.example"),
    ROW(no_link_no_action, GENUINE, 0, "dkim:listed.example,spf:listed.example"),
    ROW(no_link_but_code, GENUINE, 0, "dkim:mail.sub.example,spf:mail.sub.example"),
    ROW(strange_reason, GENUINE, 0, "dkim:listed.example,spf:listed.example"),
    /* fresh */
    ROW(no_date, KNOWN, R(AGE), "dkim:listed.example,spf:listed.example"),
    ROW(oldest, GENUINE, 0, "dkim:listed.example,spf:listed.example"),
    ROW(too_old, KNOWN, R(AGE), "dkim:listed.example,spf:listed.example"),
    ROW(old_signature, KNOWN, R(AGE), "dkim:listed.example,spf:listed.example"),
    ROW(older_of_two, KNOWN, R(AGE), "dkim:listed.example,spf:listed.example"),
    ROW(old_failing_signature, GENUINE, 0, "dkim:listed.example,spf:listed.example"),
    ROW(ahead, GENUINE, 0, "dkim:listed.example,spf:listed.example"),
    ROW(too_far_ahead, KNOWN, R(AGE), "dkim:listed.example,spf:listed.example"),
    ROW(signature_ahead, KNOWN, R(AGE), "dkim:listed.example,spf:listed.example"),
    ROW(no_time_in_signature, GENUINE, 0, "dkim:listed.example,spf:listed.example"),
    /* unlisted */
    ROW(unlisted, UNLISTED, UNLISTED_REASONS, "dkim:reseller.example"),
    ROW(unlisted_platform, UNLISTED, UNLISTED_REASONS, "dkim:reseller.example"),
    ROW(unlisted_no_hint, NONE, UNLISTED_REASONS, "dkim:reseller.example"),
    ROW(unlisted_no_class, NONE, UNLISTED_REASONS | R(CLASS), "dkim:reseller.example"),
    ROW(unlisted_other_signer, NONE, UNLISTED_REASONS | R(DKIM_NONE), ""),
    ROW(unlisted_flawed, NONE, UNLISTED_REASONS | R(DKIM_FLAW), ""),
    ROW(unlisted_spf_only, NONE, UNLISTED_REASONS | R(DKIM_NONE), ""),
    ROW(unlisted_strict_record, NONE, UNLISTED_REASONS | R(DKIM_NONE), ""),
    ROW(unlisted_sub, UNLISTED, UNLISTED_REASONS, "dkim:a.reseller.example"),
};

static void print_reasons(uint32_t reasons)
{
	for (unsigned r = 0; r < REASON_COUNT; r++)
		if (reasons & 1u << r)
			print_error(" %s", reason_name((enum reason)r));
	print_error("\n");
}

static void test_table(void **state)
{
	struct world *w = *state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct scenario s;
		struct decision d;
		base(&s);
		rows[i].change(&s);
		decide(w, &s, &d);
		if (d.reasons != rows[i].reasons)
			print_reasons(d.reasons);
		CHECK(d.verdict == rows[i].want, "%s: got %s", rows[i].name,
		      verdict_name(d.verdict));
		CHECK(d.reasons == rows[i].reasons, "%s: got %x", rows[i].name, d.reasons);
		CHECK(!strcmp(d.proof, rows[i].proof), "%s: got %s", rows[i].name, d.proof);
		if (d.verdict == VERDICT_GENUINE)
			for (unsigned c = 0; c < CONDITION_COUNT; c++)
				CHECK(d.condition[c] == PROOF_YES, "%s: %u", rows[i].name, c);
	}
}

/* No single change of a value in the finding makes a mail genuine that no proof supports. */
static void test_only_proof_blesses(void **state)
{
	struct world *w = *state;
	for (unsigned r = 0; r < AUTH_COUNT; r++)
		for (unsigned p = 0; p < AUTH_COUNT; p++)
			for (uint32_t flaw = 0; flaw <= 14; flaw++) {
				struct scenario s;
				struct decision d;
				base(&s);
				s.f.dkim[0].result = (enum auth_result)r;
				s.f.dkim[0].flaws = flaw < 14 ? 1u << flaw : 0;
				s.f.spf = (enum auth_result)p;
				decide(w, &s, &d);
				bool want = (r == AUTH_PASS && flaw == 14) || p == AUTH_PASS;
				CHECK((d.verdict == VERDICT_GENUINE) == want, "%u %u %u: %s", r, p,
				      flaw, verdict_name(d.verdict));
				if (d.verdict == VERDICT_FORGED)
					CHECK(r != AUTH_PASS && p != AUTH_PASS &&
						  p != AUTH_TEMPERROR && r != AUTH_TEMPERROR,
					      "%u %u", r, p);
			}
}

/* Each condition: unknown. */
static void test_unknown(void **state)
{
	struct world *w = *state;
	static const struct {
		void (*change)(struct scenario *s);
		enum condition condition;
	} unknown[] = {
	    {dkim_lost, CONDITION_PROVED},
	    {spf_lost, CONDITION_PROVED},
	    {spf_hop, CONDITION_PROVED},
	    {spf_unasked, CONDITION_PROVED},
	    {dkim_sub_record_lost, CONDITION_PROVED},
	    {dkim_unasked, CONDITION_PROVED},
	    {spf_sub_record_lost, CONDITION_PROVED},
	    {dkim_lost_and_fail, CONDITION_PROVED},
	    {no_class_limit, CONDITION_CLASS},
	    {unknown_links, CONDITION_LINKS},
	};
	for (size_t i = 0; i < COUNT_OF(unknown); i++) {
		struct scenario s;
		struct decision d;
		base(&s);
		unknown[i].change(&s);
		decide(w, &s, &d);
		CHECK(d.condition[unknown[i].condition] == PROOF_UNKNOWN, "row %zu: got %s", i,
		      proof_name(d.condition[unknown[i].condition]));
	}
}

static void test_facts_in_decision(void **state)
{
	struct world *w = *state;
	struct scenario s;
	struct decision d;
	base(&s);
	s.ours = OURS_NO;
	s.f.dkim[1] = s.f.dkim[0];
	strcpy(s.f.dkim[0].d, "esp.example");
	s.f.dkim_count = 2;
	decide(w, &s, &d);
	assert_string_equal(d.entry->name, "one");
	assert_true(d.dkim_proved && d.spf_aligned);
	assert_false(d.dkim_aligned[0]);
	assert_true(d.dkim_aligned[1]);
	assert_int_equal(d.ours, OURS_NO);
	assert_int_equal(d.class, CLASS_VERIFICATION);
	unlisted(&s);
	s.f.dkim_count = 1;
	decide(w, &s, &d);
	assert_null(d.entry);
	assert_false(d.dkim_proved); /* nothing to remember about strangers */
	base(&s);
	no_dkim(&s);
	decide(w, &s, &d);
	assert_false(d.dkim_proved);
}

static void test_deadline(void **state)
{
	struct world *w = *state;
	static const struct {
		int64_t date, deadline;
		bool kept;
	} rows_[] = {
	    {NOW, NOW - 60 * DAY, true},
	    {NOW, NOW - 60 * DAY - 1, false},
	    {NOW, NOW + 400 * DAY, true},
	    {NOW, NOW + 400 * DAY + 1, false},
	    {NOW - 20 * DAY, NOW + 380 * DAY, true},
	    {NOW - 20 * DAY, NOW + 380 * DAY + 1, false},
	    {0, NOW + 400 * DAY, true},
	    {0, NOW + 400 * DAY + 1, false},
	    {NOW + DAY, NOW + 401 * DAY, true},
	    {NOW + DAY + 1, NOW + 401 * DAY, false}, /* a date ahead of us moves nothing */
	    {FINDING_TIME_MOST, FINDING_TIME_MOST, false},
	};
	for (size_t i = 0; i < COUNT_OF(rows_); i++) {
		struct scenario s;
		struct decision d;
		base(&s);
		s.f.date = rows_[i].date;
		s.f.deadline = rows_[i].deadline;
		decide(w, &s, &d);
		CHECK((d.deadline != 0) == rows_[i].kept, "row %zu", i);
		CHECK(d.deadline_source == (rows_[i].kept ? DEADLINE_STATED : DEADLINE_NONE),
		      "row %zu", i);
	}
}

static void test_pending(void **state)
{
	(void)state;
	static const struct {
		enum verdict verdict;
		enum class_id class;
		enum pending_kind want;
	} pendings[] = {
	    {VERDICT_GENUINE, CLASS_VERIFICATION, PENDING_OPEN},
	    {VERDICT_GENUINE, CLASS_SUSPENSION, PENDING_OPEN},
	    {VERDICT_GENUINE, CLASS_TRANSFER_OUT, PENDING_OPEN},
	    {VERDICT_GENUINE, CLASS_TRANSFER_IN, PENDING_OPEN},
	    {VERDICT_GENUINE, CLASS_CHANGE_OF_REGISTRANT, PENDING_OPEN},
	    {VERDICT_GENUINE, CLASS_RENEWAL, PENDING_OPEN},
	    {VERDICT_GENUINE, CLASS_NIS2, PENDING_OPEN},
	    {VERDICT_GENUINE, CLASS_WDRP, PENDING_NO},
	    {VERDICT_GENUINE, CLASS_VERIFIED, PENDING_NO},
	    {VERDICT_KNOWN, CLASS_VERIFICATION, PENDING_REVIEW},
	    {VERDICT_KNOWN, CLASS_NONE, PENDING_NO},
	    {VERDICT_KNOWN, CLASS_VERIFIED, PENDING_NO},
	    {VERDICT_UNPROVEN, CLASS_SUSPENSION, PENDING_REVIEW},
	    {VERDICT_UNPROVEN, CLASS_NONE, PENDING_NO},
	    {VERDICT_FORGED, CLASS_VERIFICATION, PENDING_NO},
	    {VERDICT_UNLISTED, CLASS_VERIFICATION, PENDING_NO},
	    {VERDICT_NONE, CLASS_VERIFICATION, PENDING_NO},
	};
	for (size_t i = 0; i < COUNT_OF(pendings); i++) {
		struct decision d = {.verdict = pendings[i].verdict, .class = pendings[i].class};
		CHECK(verdict_pending(&d) == pendings[i].want, "row %zu", i);
	}
	assert_string_equal(ours_name(OURS_UNSET), "unset");
	assert_string_equal(ours_name(OURS_NO), "no");
	assert_string_equal(ours_name((enum ours)7), "?");
}

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	struct diags diags = {0};
	struct classes_builder *b = classes_builder_new();
	if (!w || !b)
		return -1;
	w->list = list_new();
	w->suffixes = suffixes_open();
	w->classes = classes_build(b, true, &diags);
	message_init(&w->message);
	if (!w->list || !w->suffixes || !w->classes || !candidate_scratch_init(&w->scratch) ||
	    list_parse(w->list, slice_of(list_text), "list", false, &diags) ||
	    list_finish(w->list, &diags))
		return -1;
	for (size_t i = 0; i < diags.count; i++)
		print_error("%s:%u: %s\n", diags.list[i].file, diags.list[i].line,
			    diags.list[i].text);
	*state = w;
	return diags.count == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
	struct world *w = *state;
	list_free(w->list);
	classes_free(w->classes);
	suffixes_close(w->suffixes);
	candidate_scratch_free(&w->scratch);
	message_free(&w->message);
	free(w);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_table),    cmocka_unit_test(test_only_proof_blesses),
	    cmocka_unit_test(test_unknown),  cmocka_unit_test(test_facts_in_decision),
	    cmocka_unit_test(test_deadline), cmocka_unit_test(test_pending),
	};
	return cmocka_run_group_tests_name("verdict", tests, set_up, tear_down);
}
