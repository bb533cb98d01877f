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
	    [CONDITION_LISTED] = 1u << REASON_NOT_LISTED | 1u << REASON_DISABLED,
	    [CONDITION_PROVED] = 1u << REASON_DKIM_NONE | 1u << REASON_DKIM_FAIL |
				 1u << REASON_DKIM_FLAW | 1u << REASON_SPF | 1u << REASON_SPF_WEAK |
				 1u << REASON_DNS | 1u << REASON_DMARC,
	    [CONDITION_CLASS] = 1u << REASON_CLASS | 1u << REASON_CLASS_SENDER,
	    [CONDITION_LINKS] = 1u << REASON_LINKS | 1u << REASON_NO_LINK |
				1u << REASON_LINK_HIDDEN | 1u << REASON_LINK_EVIDENCE |
				1u << REASON_TRACKING | 1u << REASON_ATTACHMENT |
				1u << REASON_LIMIT,
	    [CONDITION_FRESH] = 1u << REASON_AGE,
	};
	return set[c];
}

static void print_evidence(const struct checked *c, enum condition condition)
{
	const struct decision *d = &c->decision;
	const struct finding *f = &c->finding;
	char when[21];

	switch (condition) {
	case CONDITION_SENDER:
		printf("%s", c->candidate.from_plain ? c->candidate.from.text
						     : "From is not one plain address");
		break;
	case CONDITION_LISTED:
		if (d->entry != NULL)
			printf("%s (%s)", d->entry->name,
			       d->entry->registrar != NULL ? d->entry->registrar : "");
		break;
	case CONDITION_PROVED:
		for (uint32_t i = 0; i < f->dkim_count; i++)
			printf("dkim %s %s%s; ", f->dkim[i].d[0] != '\0' ? f->dkim[i].d : "?",
			       auth_result_name(f->dkim[i].result),
			       d->dkim_aligned[i] ? "" : " (not aligned)");
		printf("spf %s%s%s", f->spf_domain, f->spf_domain[0] != '\0' ? " " : "",
		       auth_result_name(f->spf));
		break;
	case CONDITION_CLASS: printf("%s", class_name(d->class)); break;
	case CONDITION_LINKS:
		printf("%" PRIu32 " links, %" PRIu32 " where they should lead", f->link_count,
		       f->link_expected);
		for (uint32_t i = 0; i < f->link_kept; i++)
			if (!f->link[i].expected)
				printf("; elsewhere: %s",
				       f->link[i].host[0] != '\0' ? f->link[i].host : "(odd)");
		break;
	case CONDITION_FRESH:
		if (f->date != 0) {
			str_time(f->date, when);
			printf("dated %s", when);
		}
		break;
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
			printf("                   %s: %s\n", reason_name((enum reason)i),
			       reason_sentence((enum reason)i));
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
}

void check_print_text(const struct checked *c, bool colour)
{
	const bool good = c->decision.verdict == VERDICT_GENUINE;

	printf("verdict %s%s%s\n", colour ? good ? GREEN : YELLOW : "",
	       verdict_name(c->decision.verdict), colour ? PLAIN : "");
	if (!c->judged) {
		printf("        neither sender nor subject is one that keepname looks at\n");
	} else {
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
