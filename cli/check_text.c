/* SPDX-License-Identifier: BSD-2-Clause */
/* check_text.c - keepname check for people: the verdict, then each condition with its evidence. */
#include <inttypes.h>
#include <stdio.h>

#include "cli/check.h"

#define RED    "\033[31m"
#define GREEN  "\033[32m"
#define YELLOW "\033[33m"
#define PLAIN  "\033[0m"

static const char *colour_of(enum proof p)
{
	return p == PROOF_YES ? GREEN : p == PROOF_NO ? RED : YELLOW;
}

/* The reasons that belong to a condition. */
static uint32_t reasons_of(enum condition c)
{
	static const uint32_t set[CONDITION_COUNT] = {
	    [CONDITION_SENDER] =
		1u << REASON_FROM_COUNT | 1u << REASON_FROM_SYNTAX | 1u << REASON_REPLY_TO,
	    [CONDITION_LISTED] = 1u << REASON_NOT_LISTED | 1u << REASON_DISABLED |
				 1u << REASON_CONFUSABLE | 1u << REASON_MISSPELT |
				 1u << REASON_SUFFIX | 1u << REASON_EMBEDDED,
	    [CONDITION_PROVED] = 1u << REASON_DKIM_NONE | 1u << REASON_DKIM_FAIL |
				 1u << REASON_DKIM_FLAW | 1u << REASON_SPF | 1u << REASON_SPF_WEAK |
				 1u << REASON_DNS | 1u << REASON_DMARC | 1u << REASON_AUTHSERV,
	    [CONDITION_CLASS] = 1u << REASON_CLASS | 1u << REASON_CLASS_SENDER,
	    [CONDITION_LINKS] = 1u << REASON_LINKS | 1u << REASON_NO_LINK |
				1u << REASON_LINK_HIDDEN | 1u << REASON_LINK_EVIDENCE |
				1u << REASON_LINK_TEXT | 1u << REASON_TRACKING |
				1u << REASON_ATTACHMENT | 1u << REASON_LIMIT,
	    [CONDITION_FRESH] = 1u << REASON_AGE,
	};
	return set[c];
}

/* A line of evidence below the first stands under it. */
#define BELOW "                   "

static const char *verdict_sentence(enum verdict v)
{
	static const char *const sentences[VERDICT_COUNT] = {
	    [VERDICT_NONE] =
		"It neither claims a listed sender nor reads like a registrar's notice.",
	    [VERDICT_GENUINE] = "All six conditions hold.",
	    [VERDICT_KNOWN] = "The sender is listed and proved, but not everything else holds.",
	    [VERDICT_UNPROVEN] = "It claims a listed sender, and nothing proves that.",
	    [VERDICT_FORGED] = "It claims a listed sender whose own policy says that this is not "
			       "theirs.",
	    [VERDICT_LOOKALIKE] = "It imitates a listed name.",
	    [VERDICT_UNLISTED] = "It reads like a registrar's notice and is proved for its own "
				 "domain, which is not listed.",
	};
	return (unsigned)v < VERDICT_COUNT ? sentences[v] : "";
}

/* -- the evidence of each condition --------------------------------------------------------- */

static void print_sender(const struct checked *c)
{
	if (c->candidate.from_plain)
		printf("From is %s and no other", c->candidate.from.text);
	else
		printf("From is not one plain address");
}

static void print_listed(const struct checked *c)
{
	const struct sender *entry = c->decision.entry;

	if (entry == NULL)
		printf("no entry for this address%s%s",
		       c->decision.imitates[0] != '\0' ? ", which imitates " : "",
		       c->decision.imitates);
	else
		printf("%s%s%s%s, by its %s", entry->name, entry->registrar != NULL ? " (" : "",
		       entry->registrar != NULL ? entry->registrar : "",
		       entry->registrar != NULL ? ")" : "",
		       entry->from != NULL ? "exact address" : "whole domain");
}

/* What keeps a signature that verifies from being proof. */
static void print_flaws(uint32_t flaws)
{
	static const struct {
		enum dkim_flaw flaw;
		const char *words;
	} table[] = {
	    {FLAW_UNSIGNED_FROM, "From is not signed"},
	    {FLAW_UNSIGNED_SUBJECT, "Subject is not signed"},
	    {FLAW_UNSIGNED_DATE, "neither Date nor t= is signed"},
	    {FLAW_UNSIGNED_TYPE, "Content-Type is not signed"},
	    {FLAW_UNSIGNED_REPLY_TO, "Reply-To is not signed"},
	    {FLAW_MORE_THAN_SIGNED, "a header stands there more often than signed"},
	    {FLAW_LENGTH, "l= leaves the end of the body unsigned"},
	    {FLAW_ALGORITHM, "a weak algorithm"},
	    {FLAW_KEY_BITS, "a key of too few bits"},
	    {FLAW_TEST_KEY, "the key is for tests (t=y)"},
	    {FLAW_EXPIRED, "expired"},
	    {FLAW_FUTURE, "signed in the future"},
	    {FLAW_NAMES, "d= or s= is no plain name"},
	    {FLAW_IDENTITY, "i= lies outside of d="},
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if ((flaws & table[i].flaw) != 0)
			printf("; %s", table[i].words);
}

static void print_dmarc(const struct finding *f)
{
	static const char *const policy[] = {"none", "quarantine", "reject"};

	if (f->dmarc_record == AUTH_PASS && f->dmarc_policy < sizeof(policy) / sizeof(policy[0]))
		printf("DMARC policy %s", policy[f->dmarc_policy]);
	else if (f->dmarc_record == AUTH_NONE)
		printf("DMARC no policy");
	else
		printf("DMARC %s", auth_result_name(f->dmarc_record));
}

static void print_proofs(const struct checked *c)
{
	const struct finding *f = &c->finding;
	const struct decision *d = &c->decision;

	for (uint32_t i = 0; i < f->dkim_count; i++) {
		printf("DKIM %s, selector %s: %s, %s", f->dkim[i].d[0] != '\0' ? f->dkim[i].d : "?",
		       f->dkim[i].s[0] != '\0' ? f->dkim[i].s : "?",
		       auth_result_name(f->dkim[i].result),
		       d->dkim_aligned[i] ? "aligned" : "not aligned");
		print_flaws(f->dkim[i].flaws);
		printf("\n" BELOW);
	}
	if (f->dkim_count == 0)
		printf("no DKIM signature\n" BELOW);
	printf("SPF %s%s%s\n" BELOW, f->spf_domain, f->spf_domain[0] != '\0' ? ": " : "",
	       auth_result_name(f->spf));
	print_dmarc(f);
}

static void print_links(const struct checked *c)
{
	const struct finding *f = &c->finding;

	printf("%" PRIu32 " link%s, %" PRIu32 " where they should lead", f->link_count,
	       f->link_count == 1 ? "" : "s", f->link_expected);
	for (uint32_t i = 0; i < f->link_kept; i++)
		printf("\n" BELOW "%s: %s%s%s (%s)",
		       f->link[i].expected ? "as it should" : "elsewhere",
		       f->link[i].host[0] != '\0' ? f->link[i].host : "an odd link",
		       f->link[i].shape[0] != '\0' ? " " : "", f->link[i].shape,
		       link_kind_name(f->link[i].kind));
	if (f->link_count > f->link_kept)
		printf("\n" BELOW "and %" PRIu32 " more", f->link_count - f->link_kept);
}

static void print_fresh(const struct checked *c)
{
	const int64_t days = (c->now - c->finding.date) / (24 * 60 * 60);
	char when[21];

	if (c->finding.date == 0) {
		printf("no date, or more than one");
		return;
	}
	str_time(c->finding.date, when);
	printf("dated %s, %" PRId64 " day%s %s", when, days < 0 ? -days : days,
	       days == 1 || days == -1 ? "" : "s", days < 0 ? "ahead" : "old");
}

static void print_evidence(const struct checked *c, enum condition condition)
{
	switch (condition) {
	case CONDITION_SENDER: print_sender(c); break;
	case CONDITION_LISTED: print_listed(c); break;
	case CONDITION_PROVED: print_proofs(c); break;
	case CONDITION_CLASS:
		printf("%s", c->decision.class != CLASS_NONE ? class_name(c->decision.class)
							     : "no class recognised");
		break;
	case CONDITION_LINKS: print_links(c); break;
	case CONDITION_FRESH: print_fresh(c); break;
	case CONDITION_COUNT: break;
	}
}

static void print_condition(const struct checked *c, enum condition condition, bool colour)
{
	const enum proof p = c->decision.condition[condition];

	printf("  %-7s %s%-7s%s  ", condition_name(condition), colour ? colour_of(p) : "",
	       proof_name(p), colour ? PLAIN : "");
	print_evidence(c, condition);
	putchar('\n');
	for (int i = 0; i < REASON_COUNT; i++)
		if ((c->decision.reasons & reasons_of(condition) & 1u << i) != 0)
			printf(BELOW "%s%s: %s%s\n", colour ? colour_of(p) : "",
			       reason_name((enum reason)i), reason_sentence((enum reason)i),
			       colour ? PLAIN : "");
}

static void print_matter(const struct checked *c)
{
	char when[21];

	for (uint32_t i = 0; i < c->finding.domain_kept; i++)
		printf("%s %s", i == 0 ? "about  " : ",", c->finding.domain[i]);
	if (c->finding.domain_count > c->finding.domain_kept)
		printf(" and %" PRIu32 " more", c->finding.domain_count - c->finding.domain_kept);
	if (c->finding.domain_kept > 0)
		putchar('\n');
	if (c->decision.deadline != 0) {
		str_time(c->decision.deadline, when);
		printf("due     %s (%s)\n", when,
		       deadline_source_name(c->decision.deadline_source));
	}
	if (c->decision.deadline_refused)
		printf("        It states a date as its deadline that cannot be right.\n");
}

void check_print_text(const struct checked *c, bool colour)
{
	const bool good = c->decision.verdict == VERDICT_GENUINE;

	printf("verdict %s%s%s\n", colour ? good ? GREEN : YELLOW : "",
	       verdict_name(c->decision.verdict), colour ? PLAIN : "");
	if (!c->judged) {
		printf("        Neither sender nor subject is one that keepname looks at.\n");
	} else {
		printf("        %s\n", verdict_sentence(c->decision.verdict));
		for (int i = 0; i < CONDITION_COUNT; i++)
			print_condition(c, (enum condition)i, colour);
		print_matter(c);
	}
	for (size_t i = 0; i < c->edits.count; i++) {
		const struct edit *e = &c->edits.list[i];

		printf("edit    %s %s%s%s\n", edit_action_name(e->action), e->name,
		       e->value != NULL ? ": " : "", e->value != NULL ? e->value : "");
	}
}
