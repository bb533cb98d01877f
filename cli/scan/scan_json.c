/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scan_json.c - keepname scan --json: one object a line, of the types mail, rejected, skipped, and
 * one summary at the end. Stable keys, absent values null.
 */
#include <string.h>

#include "cli/scan/scan.h"

static json_t *keys_gone(const struct scan_found *f)
{
	json_t *array = json_array();

	for (uint32_t i = 0; i < f->finding.dkim_count; i++)
		if (f->decision.dkim_aligned[i] && f->finding.dkim[i].result == AUTH_PERMERROR)
			json_array_append_new(array,
					      json_sprintf("%s._domainkey.%s", f->finding.dkim[i].s,
							   f->finding.dkim[i].d));
	return array;
}

static const char *entry_name(const struct scan_found *f, bool registrar)
{
	const struct sender *entry =
	    f->decision.entry != NULL ? f->decision.entry : f->mail->candidate.claimed;

	return entry == NULL ? NULL : registrar ? entry->registrar : entry->name;
}

static const char *pending_word(const struct scan_found *f)
{
	return f->pending == PENDING_OPEN ? "open" : f->pending == PENDING_REVIEW ? "review" : NULL;
}

static json_t *days_left(const struct scan *s, int64_t deadline)
{
	return deadline != 0 ? json_integer(cli_days_left(deadline, s->cli->now)) : json_null();
}

static json_t *number(uint64_t n)
{
	return n > 0 ? json_integer((json_int_t)n) : json_null();
}

json_t *scan_json_found(const struct scan *s, const struct scan_found *f)
{
	const struct decision *d = &f->decision;
	const struct scan_mail *mail = f->mail;
	const bool judged = f->fate != SCAN_UNJUDGED;
	const char *from = mail->candidate.from_plain ? mail->candidate.from.text : NULL;
	const char *why = judged                               ? NULL
			  : mail->status == JUDGE_STATUS_COUNT ? "headers past a limit"
							       : judge_status_name(mail->status);

	return json_pack(
	    "{s:s s:o s:o s:o s:s s:o s:o s:o s:o s:o s:o s:o s:o s:o s:o s:o s:o s:o "
	    "s:o s:o s:o s:s s:s s:o}",
	    "type", "mail", "file", cli_json_text(mail->path), "number", number(mail->number),
	    "delivered", cli_json_time(mail->delivered), "delivered_by", mail->dated_by, "verdict",
	    cli_json_text(judged ? verdict_name(d->verdict) : NULL), "reasons", cli_json_reasons(d),
	    "class", cli_json_text(class_name(d->class)), "registrar",
	    cli_json_text(entry_name(f, true)), "sender", cli_json_text(entry_name(f, false)),
	    "from", cli_json_text(from), "subject", cli_json_text(f->finding.subject), "domains",
	    cli_json_domains(&f->finding), "deadline", cli_json_time(d->deadline),
	    "deadline_source", cli_json_text(deadline_source_name(d->deadline_source)), "days_left",
	    days_left(s, d->deadline), "recipient", cli_json_text(f->recipient), "message_id",
	    cli_json_text(f->message_id), "proof", cli_json_text(d->proof), "keys_gone",
	    keys_gone(f), "pending", cli_json_text(pending_word(f)), "ours", ours_name(d->ours),
	    "fate", scan_fate_name(f->fate), "unjudged", cli_json_text(why));
}

json_t *scan_json_rejected(const struct scan_rejected *r)
{
	return json_pack("{s:s s:o s:s s:o s:o s:o s:o s:o s:b s:o}", "type", "rejected", "time",
			 cli_json_time(r->time), "sender", r->entry->name, "registrar",
			 cli_json_text(r->entry->registrar), "from", cli_json_text(r->from),
			 "recipient", cli_json_text(r->to), "client", cli_json_text(r->client),
			 "queue_id", cli_json_text(r->queue_id), "temporary", (int)r->temporary,
			 "reason", cli_json_text(r->reason));
}

json_t *scan_json_skipped(const char *path, const char *why)
{
	return json_pack("{s:s s:o s:s}", "type", "skipped", "file", cli_json_text(path), "why",
			 why);
}

json_t *scan_json_end(const struct scan *s)
{
	const struct scan_counts *c = &s->count;

	return json_pack(
	    "{s:s s:b s:I s:I s:I s:I s:I s:I s:I s:I s:I s:I s:I s:I s:I s:I s:I s:b}", "type",
	    "summary", "finished", (int)(s->signal == 0 && !s->lost && !s->trouble_stops), "files",
	    (json_int_t)c->files, "mails", (json_int_t)c->mails, "not_mail",
	    (json_int_t)c->not_mail, "skipped", (json_int_t)c->skipped, "judged",
	    (json_int_t)c->judged, "unjudged", (json_int_t)c->unjudged, "undecided",
	    (json_int_t)c->undecided, "other", (json_int_t)c->other, "found", (json_int_t)c->found,
	    "open", (json_int_t)c->open, "review", (json_int_t)c->review, "known",
	    (json_int_t)c->known, "past", (json_int_t)c->past, "no_recipient",
	    (json_int_t)c->unaddressed, "rejected", (json_int_t)c->rejected, "recorded",
	    (int)s->options->record);
}
