/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * verdict_proof.c - condition 3 and `forged`: which signature or SPF pass proves a sender, and when
 * a mail is said to be forged.
 *
 * A row changes the genuine mail by a function of its own, so that it reads as what an attacker or
 * an accident does.
 */
#include "tests/rules/scenario.h"

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
static void both_and_broad(struct scenario *s)
{
	s->f.spf_broad = true;
}

static void both_and_hop(struct scenario *s)
{
	s->trusted_hop = true;
}

static void authserv(struct scenario *s)
{
	s->by_authserv = true;
}
static void authserv_dkim(struct scenario *s)
{
	s->f.spf = AUTH_FAIL;
	s->by_authserv = true;
}
static void authserv_nothing(struct scenario *s)
{
	no_dkim(s);
	s->f.spf = AUTH_FAIL;
	s->by_authserv = true;
}
static void authserv_old(struct scenario *s)
{
	s->f.date -= 40 * DAY;
	s->by_authserv = true;
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

static const struct row rows[] = {
    ROW(nothing, GENUINE, 0, "dkim:listed.example,spf:listed.example"),
    ROW(dkim_only, GENUINE, 0, "dkim:listed.example"),
    ROW(no_dkim, GENUINE, 0, "spf:listed.example"),
    ROW(neither, FORGED, R(DKIM_NONE) | R(SPF) | R(DMARC), ""),
    ROW(neither_no_policy, UNPROVEN, R(DKIM_NONE) | R(SPF), ""),
    ROW(dkim_fails, GENUINE, 0, "spf:listed.example"),
    ROW(both_fail, FORGED, R(DKIM_FAIL) | R(SPF) | R(DMARC), ""),
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
    ROW(both_and_broad, GENUINE, 0, "dkim:listed.example"),
    ROW(authserv, KNOWN, R(AUTHSERV), "authserv:dkim:listed.example,spf:listed.example"),
    ROW(authserv_dkim, KNOWN, R(AUTHSERV), "authserv:dkim:listed.example"),
    ROW(authserv_nothing, FORGED, R(DKIM_NONE) | R(SPF) | R(DMARC), ""),
    ROW(authserv_old, KNOWN, R(AUTHSERV) | R(AGE),
	"authserv:dkim:listed.example,spf:listed.example"),
    ROW(both_and_hop, GENUINE, 0, "dkim:listed.example"),
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
};

static void test_table(void **state)
{
	scenario_check(*state, rows, COUNT_OF(rows));
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
				scenario_base(&s);
				s.f.dkim[0].result = (enum auth_result)r;
				s.f.dkim[0].flaws = flaw < 14 ? 1u << flaw : 0;
				s.f.spf = (enum auth_result)p;
				scenario_decide(w, &s, &d);
				bool want = (r == AUTH_PASS && flaw == 14) || p == AUTH_PASS;
				CHECK((d.verdict == VERDICT_GENUINE) == want, "%u %u %u: %s", r, p,
				      flaw, verdict_name(d.verdict));
				if (d.verdict == VERDICT_FORGED)
					CHECK(r != AUTH_PASS && p != AUTH_PASS &&
						  p != AUTH_TEMPERROR && r != AUTH_TEMPERROR,
					      "%u %u", r, p);
			}
}

/* What did not come is unknown, not "no". */
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
	};
	for (size_t i = 0; i < COUNT_OF(unknown); i++) {
		struct scenario s;
		struct decision d;
		scenario_base(&s);
		unknown[i].change(&s);
		scenario_decide(w, &s, &d);
		CHECK(d.condition[unknown[i].condition] == PROOF_UNKNOWN, "row %zu: got %s", i,
		      proof_name(d.condition[unknown[i].condition]));
	}
}

static void test_facts_in_decision(void **state)
{
	struct world *w = *state;
	struct scenario s;
	struct decision d;
	scenario_base(&s);
	s.ours = OURS_NO;
	s.f.dkim[1] = s.f.dkim[0];
	strcpy(s.f.dkim[0].d, "esp.example");
	s.f.dkim_count = 2;
	scenario_decide(w, &s, &d);
	assert_string_equal(d.entry->name, "one");
	assert_true(d.dkim_proved && d.spf_aligned);
	assert_false(d.dkim_aligned[0]);
	assert_true(d.dkim_aligned[1]);
	assert_int_equal(d.ours, OURS_NO);
	assert_int_equal(d.class, CLASS_VERIFICATION);
	scenario_base(&s);
	no_dkim(&s);
	scenario_decide(w, &s, &d);
	assert_false(d.dkim_proved);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_table),
	    cmocka_unit_test(test_only_proof_blesses),
	    cmocka_unit_test(test_unknown),
	    cmocka_unit_test(test_facts_in_decision),
	};
	return cmocka_run_group_tests_name("verdict_proof", tests, scenario_set_up,
					   scenario_tear_down);
}
