/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * verdict.c - the conditions but for the proof (verdict_proof.c), the order of verdicts, deadlines,
 * pendings.
 *
 * A row changes the genuine mail by a function of its own, so that it reads as what an attacker or
 * an accident does.
 */
#include "tests/rules/scenario.h"

static void nothing(struct scenario *s)
{
	(void)s;
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

/* lookalike */
static void lookalike(struct scenario *s)
{
	unlisted(s);
	no_dkim(s);
	s->headers = "From: x@1isted.example\n";
}
static void lookalike_proved(struct scenario *s)
{
	lookalike(s);
	s->f.dkim_count = 1;
	strcpy(s->f.dkim[0].d, "1isted.example");
}
static void lookalike_plain_wording(struct scenario *s)
{
	lookalike(s);
	s->f.domain_wording = false;
}
static void lookalike_no_class(struct scenario *s)
{
	lookalike_proved(s);
	s->f.class = CLASS_NONE;
}
static void lookalike_claims(struct scenario *s)
{
	lookalike(s);
	s->headers = "From: \"noreply@listed.example\" <x@1isted.example>\n";
}
static void lookalike_neighbour(struct scenario *s)
{
	unlisted(s);
	s->headers = "From: other@listed.example\n";
	strcpy(s->f.dkim[0].d, "listed.example");
}
static void lookalike_two_from(struct scenario *s)
{
	lookalike(s);
	s->headers = "From: a@evil.example\nFrom: x@1isted.example\n";
}
static void lookalike_within(struct scenario *s)
{
	unlisted(s);
	s->headers = "From: \"help@www.listed.example\" <x@reseller.example>\n";
}
static void lookalike_of_unbelieved(struct scenario *s)
{
	unlisted(s);
	s->headers = "From: x@disabled.test\n"; /* that entry is a mention, confidence C */
	strcpy(s->f.dkim[0].d, "disabled.test");
}

#define UNLISTED_REASONS R(NOT_LISTED)

static const struct row rows[] = {
    ROW(nothing, GENUINE, 0, "dkim:listed.example,spf:listed.example"),
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
    /* lookalike */
    ROW(lookalike, LOOKALIKE, R(NOT_LISTED) | R(DKIM_NONE) | R(CONFUSABLE), ""),
    ROW(lookalike_proved, LOOKALIKE, R(NOT_LISTED) | R(CONFUSABLE), "dkim:1isted.example"),
    ROW(lookalike_plain_wording, LOOKALIKE, R(NOT_LISTED) | R(DKIM_NONE) | R(CONFUSABLE), ""),
    ROW(lookalike_no_class, NONE, R(NOT_LISTED) | R(CLASS), "dkim:1isted.example"),
    ROW(lookalike_claims, UNPROVEN, R(NOT_LISTED) | R(DKIM_NONE), ""),
    ROW(lookalike_neighbour, UNLISTED, UNLISTED_REASONS, "dkim:listed.example"),
    ROW(lookalike_two_from, LOOKALIKE, R(FROM_COUNT) | R(NOT_LISTED) | R(DKIM_NONE) | R(CONFUSABLE),
	""),
    ROW(lookalike_within, LOOKALIKE, R(NOT_LISTED) | R(EMBEDDED), "dkim:reseller.example"),
    ROW(lookalike_of_unbelieved, UNLISTED, UNLISTED_REASONS, "dkim:disabled.test"),
};

static void test_table(void **state)
{
	scenario_check(*state, rows, COUNT_OF(rows));
}

static void test_unknown(void **state)
{
	struct world *w = *state;
	struct scenario s;
	struct decision d;
	scenario_base(&s);
	no_class_limit(&s);
	scenario_decide(w, &s, &d);
	assert_int_equal(d.condition[CONDITION_CLASS], PROOF_UNKNOWN);
	scenario_base(&s);
	unknown_links(&s);
	scenario_decide(w, &s, &d);
	assert_int_equal(d.condition[CONDITION_LINKS], PROOF_UNKNOWN);
}

static void test_strangers(void **state)
{
	struct world *w = *state;
	struct scenario s;
	struct decision d;
	scenario_base(&s);
	unlisted(&s);
	scenario_decide(w, &s, &d);
	assert_null(d.entry);
	assert_false(d.dkim_proved); /* nothing to remember about strangers */
	assert_false(d.spf_aligned); /* their SPF is not looked at */
}

static void test_imitates(void **state)
{
	struct world *w = *state;
	struct scenario s;
	struct decision d;
	scenario_base(&s);
	scenario_decide(w, &s, &d);
	assert_string_equal(d.imitates, "");
	lookalike(&s);
	scenario_decide(w, &s, &d);
	assert_string_equal(d.imitates, "listed.example");
	assert_int_equal(d.condition[CONDITION_LISTED], PROOF_NO);
	assert_int_equal(verdict_pending(&d), PENDING_NO);
	/* a site without the index has no such verdict */
	struct lookalikes *x = w->lookalikes;
	w->lookalikes = NULL;
	scenario_decide(w, &s, &d);
	assert_int_equal(d.verdict, VERDICT_NONE);
	w->lookalikes = x;
}

static void test_deadline(void **state)
{
	struct world *w = *state;
	static const struct {
		int64_t date, deadline;
		bool kept;
	} deadlines[] = {
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
	for (size_t i = 0; i < COUNT_OF(deadlines); i++) {
		struct scenario s;
		struct decision d;
		scenario_base(&s);
		s.f.date = deadlines[i].date;
		s.f.deadline = deadlines[i].deadline;
		scenario_decide(w, &s, &d);
		CHECK((d.deadline != 0) == deadlines[i].kept, "row %zu", i);
		CHECK(d.deadline_refused == (deadlines[i].deadline != 0 && !deadlines[i].kept),
		      "row %zu: refused", i);
		CHECK(d.deadline_source == (deadlines[i].kept ? DEADLINE_STATED : DEADLINE_NONE),
		      "row %zu", i);
	}
}

/* A Date that is not signed may have been changed: the signature's own time then says when. */
static void test_written(void **state)
{
	static const struct {
		int64_t date, signed_at, want;
	} written[] = {
	    {NOW - 60, 0, NOW - 60},
	    {NOW - 60, NOW - 70, NOW - 70},
	    {NOW - 60, NOW - 50, NOW - 60},
	    {0, NOW - 50, 0},
	};
	for (size_t i = 0; i < COUNT_OF(written); i++) {
		struct scenario s;
		struct decision d;
		scenario_base(&s);
		s.f.date = written[i].date;
		s.f.dkim[0].signed_at = written[i].signed_at;
		scenario_decide(*state, &s, &d);
		CHECK(d.written_at == written[i].want, "row %zu: got %lld", i,
		      (long long)d.written_at);
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
	    {VERDICT_LOOKALIKE, CLASS_VERIFICATION, PENDING_NO},
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_table),     cmocka_unit_test(test_unknown),
	    cmocka_unit_test(test_strangers), cmocka_unit_test(test_imitates),
	    cmocka_unit_test(test_written),   cmocka_unit_test(test_deadline),
	    cmocka_unit_test(test_pending),
	};
	return cmocka_run_group_tests_name("verdict", tests, scenario_set_up, scenario_tear_down);
}
