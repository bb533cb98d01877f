/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scan_found.c - from a finding to a verdict, by the daemon's rule, and what becomes of it.
 *
 * Two clocks. Whether the mail was fresh is asked as of its delivery: an old mail is not wrong for
 * being old. What is due is told as of now, and what was due over LIMIT_SCAN_PAST_DAYS ago is shown
 * and not recorded, or ten years of renewals would hide the one matter that can still be saved.
 *
 * Proof. Keys are asked for now. One that is gone proves nothing; the results that our own server
 * wrote when the mail came (authres.h) are looked at only then, and only if the user trusts that
 * server by name. Such mail is known at most, and so goes to review.
 *
 * What an answer of the DNS is missing for is neither proved nor not: it is not recorded, since
 * another scan may prove it.
 */
#include "cli/scan/scan.h"

#include <stdio.h>
#include <string.h>

#include "cli/scan/scan_progress.h"
#include "rules/core/authres.h"

enum {
	DAY = 86400,
	GONE_MOST = 20, /* judges in a row without an answer: there is no judge any more */
};

const char *scan_fate_name(enum scan_fate f)
{
	static const char *const names[SCAN_FATE_COUNT] = {
	    [SCAN_SHOWN] = "shown",         [SCAN_WANTED] = "wanted",
	    [SCAN_RECORDED] = "recorded",   [SCAN_KNOWN] = "known",
	    [SCAN_PAST] = "past",           [SCAN_UNADDRESSED] = "no-recipient",
	    [SCAN_UNDECIDED] = "undecided", [SCAN_UNJUDGED] = "unjudged",
	};

	return (unsigned)f < SCAN_FATE_COUNT ? names[f] : "?";
}

/* -- the verdict ---------------------------------------------------------------------------- */

static bool sender_signs(const struct scan *s, const struct candidate *c)
{
	bool signs = false;

	if (c->entry == NULL || s->store == NULL)
		return false;
	return store_sender_signs(s->store, c->from.text, &signs) != STORE_OK || signs;
}

static void believe_authserv(struct scan *s, struct scan_mail *mail, struct scan_found *f,
			     struct facts *facts)
{
	struct authres heard;
	bool spf;

	if (s->options->authserv == NULL || mail->spliced ||
	    !authres_find(&mail->message, s->options->authserv, &heard) ||
	    !authres_apply(&heard, &f->finding, &spf))
		return;
	if (spf)
		message_set_sender(&mail->message, heard.mail_from);
	facts->by_authserv = true;
	verdict_decide(facts, &f->finding, &f->decision);
}

static void decide(struct scan *s, struct scan_mail *mail, struct scan_found *f)
{
	struct facts facts = {
	    .message = &mail->message,
	    .candidate = &mail->candidate,
	    .suffixes = s->ground.suffixes,
	    .lookalikes = s->ground.lookalikes,
	    .now = mail->delivered,
	    .sender_signs = sender_signs(s, &mail->candidate),
	    .ours = ownership_of(s->ground.ownership, &mail->finding),
	};

	f->finding = mail->finding;
	verdict_decide(&facts, &f->finding, &f->decision);
	if (f->decision.condition[CONDITION_PROVED] != PROOF_YES)
		believe_authserv(s, mail, f, &facts);
	f->pending = verdict_pending(&f->decision);
}

/* -- the record ----------------------------------------------------------------------------- */

/* Its identity is the one that the daemon gives it: without a Message-ID the envelope sender is
 * part of it, which the delivering program has put into Return-Path. The verdict has been said by
 * then. */
static void identify(struct scan_mail *mail)
{
	char path[LIMIT_ADDRESS + 3] = "";
	struct message *m = &mail->message;

	for (size_t i = 0; i < m->header_count; i++)
		if (slice_is_nocase(message_name(m, i), "Return-Path")) {
			slice_copy(slice_trim(message_value(m, i)), path, sizeof(path));
			break;
		}
	message_set_sender(m, path);
}

static void find_recipient(const struct scan *s, struct scan_mail *mail, struct scan_found *f)
{
	if (s->options->recipient != NULL)
		snprintf(f->recipient, sizeof(f->recipient), "%s", s->options->recipient);
	else
		scan_mail_recipient(&mail->message, f->recipient);
	if (f->recipient[0] != '\0')
		message_add_rcpt(&mail->message, f->recipient);
}

static bool is_past(const struct scan *s, const struct scan_found *f)
{
	const int64_t due = f->decision.deadline != 0 ? f->decision.deadline : f->mail->delivered;

	return due < s->cli->now - (int64_t)LIMIT_SCAN_PAST_DAYS * DAY;
}

static enum scan_fate store_trouble(struct scan *s)
{
	cli_trouble("scan", "%s", store_error(s->store));
	s->trouble = true;
	return SCAN_WANTED;
}

static enum scan_fate keep(struct scan *s, const struct scan_found *f, struct record *r)
{
	bool known = false;

	if (s->store != NULL && f->recipient[0] != '\0' &&
	    store_knows(s->store, r, f->recipient, &known) != STORE_OK)
		return store_trouble(s);
	if (known)
		return SCAN_KNOWN;
	if (is_past(s, f))
		return SCAN_PAST;
	if (f->recipient[0] == '\0')
		return SCAN_UNADDRESSED;
	if (!s->options->record)
		return SCAN_WANTED;
	if (store_record(s->store, &r, 1) != STORE_OK)
		return store_trouble(s);
	return SCAN_RECORDED;
}

static enum scan_fate fate_of(struct scan *s, struct scan_mail *mail, const struct scan_found *f)
{
	enum scan_fate fate = SCAN_SHOWN;
	struct record *r;

	if (f->decision.condition[CONDITION_PROVED] == PROOF_UNKNOWN &&
	    (f->decision.reasons & 1u << REASON_DNS) != 0)
		return SCAN_UNDECIDED;
	if (f->pending == PENDING_NO)
		return SCAN_SHOWN;
	r = record_new(&mail->message, &mail->candidate, &f->decision, &f->finding, mail->delivered,
		       "scan");
	if (r == NULL) {
		cli_trouble("scan", "memory is short");
		s->trouble = true;
		return SCAN_WANTED;
	}
	fate = keep(s, f, r);
	record_free(r);
	return fate;
}

/* -- counting and showing ------------------------------------------------------------------- */

static void count(struct scan *s, const struct scan_found *f)
{
	switch (f->fate) {
	case SCAN_WANTED:
	case SCAN_RECORDED:
		s->count.open += f->pending == PENDING_OPEN;
		s->count.review += f->pending == PENDING_REVIEW;
		break;
	case SCAN_KNOWN: s->count.known++; break;
	case SCAN_PAST: s->count.past++; break;
	case SCAN_UNADDRESSED: s->count.unaddressed++; break;
	case SCAN_UNDECIDED: s->count.undecided++; break;
	default: break;
	}
	s->count.found++;
	progress_found(s->progress);
}

void scan_print_found(struct scan *s, const struct scan_found *f)
{
	progress_clear(s->progress);
	if (s->cli->json)
		cli_print_json_line(scan_json_found(s, f));
	else
		scan_text_found(s, f);
}

void scan_print_rejected(struct scan *s, const struct scan_rejected *r)
{
	progress_clear(s->progress);
	if (s->cli->json)
		cli_print_json_line(scan_json_rejected(r));
	else
		scan_text_rejected(s, r);
}

/* A signal that went to the judges too leaves mails without an answer: they are not done. */
static void tell_unjudged(struct scan *s, struct scan_found *f)
{
	if (scan_is_ended(s)) {
		s->lost = true;
		return;
	}
	s->count.unjudged++;
	f->fate = SCAN_UNJUDGED;
	scan_print_found(s, f);
	if (f->mail->status == JUDGE_GONE && ++s->gone == GONE_MOST) {
		cli_trouble("scan", "the judge gives no answers any more");
		s->trouble = true;
		s->trouble_stops = true;
	}
}

void scan_found(struct scan *s, struct scan_mail *mail)
{
	struct scan_found f = {.mail = mail};

	find_recipient(s, mail, &f);
	if (mail->status != JUDGE_OK) {
		tell_unjudged(s, &f);
		return;
	}
	s->gone = 0;
	s->count.judged++;
	decide(s, mail, &f);
	if (f.decision.verdict == VERDICT_NONE)
		return;
	if (f.decision.class == CLASS_NONE) {
		s->count.other++;
		return;
	}
	identify(mail);
	message_id(&mail->message, f.message_id);
	f.fate = fate_of(s, mail, &f);
	count(s, &f);
	scan_print_found(s, &f);
}
