/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * terms.c - the vocabulary's names, as tables.
 *
 * The words are part of keepname's interface (header, log, JSON, database): a new one is added,
 * none is ever renamed. A value that is not in its enum gives "?", which no parser of ours takes.
 */
#include "rules/core/terms.h"

static const char *const verdict_names[VERDICT_COUNT] = {
    [VERDICT_NONE] = "none",         [VERDICT_GENUINE] = "genuine",
    [VERDICT_KNOWN] = "known",       [VERDICT_UNPROVEN] = "unproven",
    [VERDICT_FORGED] = "forged",     [VERDICT_LOOKALIKE] = "lookalike",
    [VERDICT_UNLISTED] = "unlisted",
};

static const char *const class_names[CLASS_COUNT] = {
    [CLASS_NONE] = "",
    [CLASS_VERIFICATION] = "verification",
    [CLASS_SUSPENSION] = "suspension",
    [CLASS_VERIFIED] = "verified",
    [CLASS_TRANSFER_OUT] = "transfer-out",
    [CLASS_TRANSFER_IN] = "transfer-in",
    [CLASS_CHANGE_OF_REGISTRANT] = "change-of-registrant",
    [CLASS_RENEWAL] = "renewal",
    [CLASS_WDRP] = "wdrp",
    [CLASS_NIS2] = "nis2",
};

static const char *const proof_names[PROOF_COUNT] = {
    [PROOF_NO] = "no",
    [PROOF_YES] = "yes",
    [PROOF_UNKNOWN] = "unknown",
};

static const char *const condition_names[CONDITION_COUNT] = {
    [CONDITION_SENDER] = "sender", [CONDITION_LISTED] = "listed", [CONDITION_PROVED] = "proved",
    [CONDITION_CLASS] = "class",   [CONDITION_LINKS] = "links",   [CONDITION_FRESH] = "fresh",
};

static const struct {
	const char *name, *sentence;
} reasons[REASON_COUNT] = {
    [REASON_FROM_COUNT] = {"from-count", "The mail does not have exactly one From header."},
    [REASON_FROM_SYNTAX] = {"from-syntax", "The From header is not one plain address."},
    [REASON_REPLY_TO] = {"reply-to",
			 "Replies would go to an address that this sender does not use."},
    [REASON_NOT_LISTED] = {"not-listed", "The From address is not on the list of senders."},
    [REASON_DISABLED] = {"disabled", "The list's entry for this sender is switched off."},
    [REASON_DKIM_NONE] = {"dkim-none", "No DKIM signature belongs to the From domain."},
    [REASON_DKIM_FAIL] = {"dkim-fail", "The From domain's DKIM signature does not verify."},
    [REASON_DKIM_FLAW] = {"dkim-flaw",
			  "The From domain's DKIM signature verifies, but is weak or leaves out "
			  "what it must sign."},
    [REASON_SPF] = {"spf", "SPF gives no pass for an envelope sender of the From domain."},
    [REASON_SPF_WEAK] = {"spf-weak", "SPF passes, but proves too little for this sender."},
    [REASON_DNS] = {"dns", "An answer from the DNS that was needed did not come."},
    [REASON_CLASS] = {"class", "The wording is not that of a registrar's notice."},
    [REASON_CLASS_SENDER] = {"class-sender", "This sender does not send notices of this kind."},
    [REASON_LINKS] = {"links", "A link leads elsewhere than this sender's links do."},
    [REASON_NO_LINK] = {"no-link", "The mail asks for an action, but no link leads to the sender."},
    [REASON_LINK_HIDDEN] = {"link-hidden", "The HTML hides a link from careful readers."},
    [REASON_LINK_EVIDENCE] = {"link-evidence",
			      "The sender's domain carries other people's pages, and the list does "
			      "not say which hosts are its own."},
    [REASON_LINK_TEXT] = {"link-text", "A link shows another host than the one it leads to."},
    [REASON_TRACKING] = {"tracking", "The links run through a tracking host."},
    [REASON_ATTACHMENT] = {"attachment", "The mail carries more than text and inline images."},
    [REASON_AGE] = {"age", "The mail is too old, dated ahead, or has no date."},
    [REASON_LIMIT] = {"limit", "The mail is larger or more complicated than is read."},
    [REASON_DMARC] = {"dmarc", "The mail misses the policy that the From domain's owner states."},
    [REASON_CONFUSABLE] = {"confusable", "A name in From looks like a listed one."},
    [REASON_MISSPELT] = {"misspelt", "A name in From is a listed one with a slip of the pen."},
    [REASON_SUFFIX] = {"suffix", "A name in From is a listed one under another suffix."},
    [REASON_EMBEDDED] = {"embedded", "From carries a listed name within somebody else's."},
    [REASON_AUTHSERV] = {"authserv",
			 "Only what a server of ours noted when the mail came proves it."},
};

static const char *const deadline_sources[DEADLINE_SOURCE_COUNT] = {
    [DEADLINE_NONE] = "",
    [DEADLINE_STATED] = "stated",
    [DEADLINE_RELATIVE] = "relative",
    [DEADLINE_POLICY] = "policy",
};

const char *verdict_name(enum verdict v)
{
	return (unsigned)v < VERDICT_COUNT ? verdict_names[v] : "?";
}

const char *class_name(enum class_id c)
{
	return (unsigned)c < CLASS_COUNT ? class_names[c] : "?";
}

const char *proof_name(enum proof p)
{
	return (unsigned)p < PROOF_COUNT ? proof_names[p] : "?";
}

const char *condition_name(enum condition c)
{
	return (unsigned)c < CONDITION_COUNT ? condition_names[c] : "?";
}

const char *reason_name(enum reason r)
{
	return (unsigned)r < REASON_COUNT ? reasons[r].name : "?";
}

const char *reason_sentence(enum reason r)
{
	return (unsigned)r < REASON_COUNT ? reasons[r].sentence : "?";
}

const char *deadline_source_name(enum deadline_source s)
{
	return (unsigned)s < DEADLINE_SOURCE_COUNT ? deadline_sources[s] : "?";
}

bool class_of_name(struct slice name, enum class_id *ret_class)
{
	for (unsigned c = CLASS_NONE + 1; c < CLASS_COUNT; c++)
		if (slice_is(name, class_names[c])) {
			*ret_class = (enum class_id)c;
			return true;
		}
	return false;
}

bool verdict_of_name(struct slice name, enum verdict *ret_verdict)
{
	for (unsigned v = 0; v < VERDICT_COUNT; v++)
		if (slice_is(name, verdict_names[v])) {
			*ret_verdict = (enum verdict)v;
			return true;
		}
	return false;
}
