/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * letter_rules.h - a small list and small classes for the tests of the letter room: one sender with
 * links of its own, one by its platform, one without links, one on a shared domain, one with codes,
 * one of a platform that is only recognised, one of it that names its own host, and one that is
 * off.
 */
#ifndef TESTS_RULES_LETTER_RULES_H
#define TESTS_RULES_LETTER_RULES_H

#include "rules/letter/letter.h"
#include "tests/rules/table.h"

#define SENDER(name, domain, more)                                                          \
	"Sender: " name "\nFrom: noreply@" domain "\nRegistrar: R\nClasses: verification, " \
	"suspension, renewal, transfer-out\nConfidence: A\nLast-Seen: 2026-08\n"            \
	"Evidence: https://example.net/\n" more "\n"

static const char letter_list[] =
    "Platform: plat\nLink:\n [www.]plat-verify.com /?t=*\n [www.]plat-verify.com /\n"
    "Days: verification 15\nHold-NS: ns1.plat-hold.net\n\n"
    "Platform: other\nLink: other-verify.com /v/*\nDays: verification 7\n\n"
    "Platform: resold\nRecognise:\n *.panels.com /servlet?t=*\n seen-alone.com /**\n\n"
    "Harmless: icann\nLink: [www.]icann.org /**\n\n"
    "Tracking: track\nHost: sendgrid.net\n\n" SENDER(
	"own", "own-reg.com", "Link: own-reg.com /v?t=*\n") SENDER("platform", "plat-mail.com",
								   "Platform: plat\n")
	SENDER("domain", "mail.plain-reg.com", "Days: verification 10\n") SENDER(
	    "shared", "shared-reg.com",
	    "Shared-Domain: carries customers' pages\n") "Link-For: domain\nLink: new-verify.com "
							 "/v/*\n\n"
							 "Link-For: shared\nLink: "
							 "verify.shared-reg.com /v/*\n\n"
							 "Link-For: own\nLink:\n new-verify.com "
							 "/v/*\n sendgrid.net /v/*\n\n" SENDER(
							     "code", "code-reg.com", "Code: yes\n")
							     SENDER("resold", "resold-reg.com",
								    "Platform: resold\n")
								 SENDER("tenant", "tenant-reg.com",
									"Platform: resold\nLink: "
									"mine.panels.com "
									"/servlet?t=*\n")
								     SENDER("off", "off-reg.com",
									    "Status: disabled\n");

static const char letter_classes[] =
    "Class: verification\nLanguage: en\nAction: yes\nDays: 14\nSubject: verify|verification\n"
    "Listed-Subject: ^account info$|^second notice$\n"
    "Body: (verify|confirm) your e-?mail address\nDomain-Wording: domain name registration\n\n"
    "Class: suspension\nLanguage: en\nAction: no\nSubject: suspended\nBody: has been suspended\n\n"
    "Class: renewal\nLanguage: en\nAction: no\nDays: 30\nSubject: will expire\n"
    "Listed-Subject: ^second notice$\nBody: expire\n\n"
    "Class: transfer-out\nLanguage: en\nAction: no\nSubject: transfer of\nBody: transfer\n\n"
    "Class: wdrp\nLanguage: en\nAction: no\nSubject: whois data\n"
    "Listed-Subject: ^yearly notice$\nBody: data (?:\\w+ ?)+[!?]\n";

struct letter_world {
	struct list *list;
	struct classes *classes;
	struct pattern_scratch *scratch;
	struct suffixes *suffixes;
	struct letter_rules rules;
};

static inline void world_open(struct letter_world *w)
{
	struct diags diags = {0};
	w->list = list_new();
	w->suffixes = suffixes_open();
	w->scratch = pattern_scratch_new();
	struct classes_builder *b = classes_builder_new();
	assert_true(w->list && w->suffixes && w->scratch && b);
	list_parse(w->list, slice_of(letter_list), "list", false, &diags);
	list_finish(w->list, &diags);
	classes_parse(b, slice_of(letter_classes), "classes", &diags);
	w->classes = classes_build(b, false, &diags);
	CHECK(!diags.errors && w->classes, "%s:%u: %s", diags.count ? diags.list[0].file : "",
	      diags.count ? diags.list[0].line : 0, diags.count ? diags.list[0].text : "");
	diag_free(&diags);
	w->rules = (struct letter_rules){w->classes, w->scratch, w->list, w->suffixes};
}

static inline void world_close(struct letter_world *w)
{
	classes_free(w->classes);
	pattern_scratch_free(w->scratch);
	suffixes_close(w->suffixes);
	list_free(w->list);
}

/* Reasons by their words. */
static inline void print_reasons(uint32_t reasons, struct str *to)
{
	for (enum reason r = 0; r < REASON_COUNT; r++)
		if (reasons & 1u << r)
			str_printf(to, " %s", reason_name(r));
}

#endif
