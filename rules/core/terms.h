/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * terms.h - the vocabulary of keepname as types: verdict, class, proof, condition, reason.
 *
 * The names returned here stand in headers, log lines, JSON and the database; they never change.
 */
#ifndef RULES_CORE_TERMS_H
#define RULES_CORE_TERMS_H

#include <stdbool.h>

#include "base/str.h"

enum verdict {
	VERDICT_NONE,     /* neither claims a listed sender nor reads like registrar mail */
	VERDICT_GENUINE,  /* all six conditions hold; the only one that is ever boosted */
	VERDICT_KNOWN,    /* listed and proved, but class, links or age fail */
	VERDICT_UNPROVEN, /* claims a listed sender, no proof */
	VERDICT_FORGED, /* claims a listed sender whose DMARC policy it misses by both mechanisms */
	VERDICT_LOOKALIKE, /* imitates a listed name and reads like one of our classes */
	VERDICT_UNLISTED,  /* reads like registrar mail, DKIM-proved for its own domain, not listed
			    */
	VERDICT_COUNT,
};

enum class_id {
	CLASS_NONE,
	CLASS_VERIFICATION,
	CLASS_SUSPENSION,
	CLASS_VERIFIED,
	CLASS_TRANSFER_OUT,
	CLASS_TRANSFER_IN,
	CLASS_CHANGE_OF_REGISTRANT,
	CLASS_RENEWAL,
	CLASS_WDRP,
	CLASS_NIS2,
	CLASS_COUNT,
};

/* Three-valued; a DNS time-out is UNKNOWN, and only YES blesses. */
enum proof {
	PROOF_NO,
	PROOF_YES,
	PROOF_UNKNOWN,
	PROOF_COUNT,
};

/* The six conditions of "genuine", in the order in which they are shown. */
enum condition {
	CONDITION_SENDER, /* one plain From, Reply-To as it should be */
	CONDITION_LISTED,
	CONDITION_PROVED,
	CONDITION_CLASS,
	CONDITION_LINKS,
	CONDITION_FRESH,
	CONDITION_COUNT,
};

/* Why a condition is not "yes". The word goes into the header, the sentence is for people. */
enum reason {
	REASON_FROM_COUNT,  /* from-count: no or several From headers */
	REASON_FROM_SYNTAX, /* from-syntax: From is not one plain address */
	REASON_REPLY_TO,    /* reply-to: elsewhere than the From domain or the entry's */
	REASON_NOT_LISTED,  /* not-listed */
	REASON_DISABLED,    /* disabled: the entry is switched off */
	REASON_DKIM_NONE,   /* dkim-none: no signature aligned with From */
	REASON_DKIM_FAIL,   /* dkim-fail: aligned signature does not verify */
	REASON_DKIM_FLAW, /* dkim-flaw: verifies, but leaves out what must be signed, or is weak */
	REASON_SPF,       /* spf: no pass for an aligned MAIL FROM */
	REASON_SPF_WEAK,  /* spf-weak: passes, but this sender signs, or the record is over-broad */
	REASON_DNS,       /* dns: an answer that was needed did not come */
	REASON_CLASS,     /* class: wording not recognised */
	REASON_CLASS_SENDER,  /* class-sender: recognised, but the entry does not send this class */
	REASON_LINKS,         /* links: leads elsewhere */
	REASON_NO_LINK,       /* no-link: the class asks for an action and nothing leads there */
	REASON_LINK_HIDDEN,   /* link-hidden: a link that the HTML parser did not report */
	REASON_LINK_EVIDENCE, /* link-evidence: the domain carries others' pages, no host is named
			       */
	REASON_LINK_TEXT,     /* link-text: a link shows another host than it leads to */
	REASON_TRACKING,      /* tracking: links through a tracking host */
	REASON_ATTACHMENT,    /* attachment: more than text and inline images */
	REASON_AGE,           /* age: older than 30 days, dated ahead, or no date */
	REASON_LIMIT,         /* limit: larger or more complicated than keepname reads */
	REASON_DMARC,         /* dmarc: misses the sender's own policy of quarantine or reject */
	REASON_CONFUSABLE,    /* confusable: looks like a listed name, in other characters */
	REASON_MISSPELT,      /* misspelt: a listed name with one character or hyphen changed */
	REASON_SUFFIX,        /* suffix: a listed name under another public suffix */
	REASON_EMBEDDED,      /* embedded: a listed name within another's, or as display name */
	REASON_AUTHSERV,      /* authserv: proved only by what our own server wrote when it came */
	REASON_COUNT,
};

enum deadline_source {
	DEADLINE_NONE,
	DEADLINE_STATED,   /* a date in the text */
	DEADLINE_RELATIVE, /* "within N days", "N days left": from the mail's Date */
	DEADLINE_POLICY,   /* Date + the sender's or class's days */
	DEADLINE_SOURCE_COUNT,
};

/* Sets of classes and of reasons are an unsigned or uint32_t with bit 1u << value. */

const char *verdict_name(enum verdict v);
const char *class_name(enum class_id c); /* "" for CLASS_NONE */
const char *proof_name(enum proof p);    /* "no", "yes", "unknown" */
const char *condition_name(enum condition c);
const char *reason_name(enum reason r);
const char *reason_sentence(enum reason r);
const char *deadline_source_name(enum deadline_source s); /* "", stated, relative, policy */
/* By name; false when there is none of that name. */
bool class_of_name(struct slice name, enum class_id *ret_class);
bool verdict_of_name(struct slice name, enum verdict *ret_verdict);

#endif
