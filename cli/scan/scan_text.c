/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scan_text.c - keepname scan for people: for each mail a line with what it is and a line with
 * where it is and why. Everything that came with a mail, file names too, is shown as plain text.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/pending/pending.h"
#include "cli/scan/scan.h"

enum {
	FILE_MOST = 500, /* octets of a file's name shown */
	NAME_MOST = 120,
};

static void put_plain(const char *text, size_t most)
{
	struct str plain = {0};

	fputs(str_text(cli_plain(text, most, &plain)), stdout);
	str_free(&plain);
}

static const char *fate_text(const struct scan_found *f)
{
	const bool open = f->pending == PENDING_OPEN;

	switch (f->fate) {
	case SCAN_WANTED: return open ? "not recorded yet" : "not recorded yet, to be reviewed";
	case SCAN_RECORDED: return open ? "recorded" : "recorded, to be reviewed";
	case SCAN_KNOWN: return "was recorded before";
	case SCAN_PAST: return "long past, not recorded";
	case SCAN_UNADDRESSED: return "recipient unknown, not recorded (--recipient)";
	case SCAN_UNDECIDED: return "no answer from the DNS: scan again";
	default: return "nothing to be done";
	}
}

static void print_due(const struct scan *s, const struct scan_found *f)
{
	const struct pending p = {.deadline = f->decision.deadline};
	char due[64], when[21];

	printf("%s", pending_due_text(&p, s->cli->now, due));
	if (p.deadline != 0) {
		str_time(p.deadline, when);
		printf(" (%.10s)", when);
	}
}

static void print_domains(const struct finding *f)
{
	if (f->domain_kept == 0)
		put_plain(f->subject[0] != '\0' ? f->subject : "(no domain)", NAME_MOST);
	for (uint32_t i = 0; i < f->domain_kept; i++)
		printf("%s%s", i > 0 ? "," : "", f->domain[i]);
	if (f->domain_count > f->domain_kept)
		printf(" and %" PRIu32 " more", f->domain_count - f->domain_kept);
}

static bool key_is_gone(const struct scan_found *f, uint32_t i)
{
	return f->decision.dkim_aligned[i] && f->finding.dkim[i].result == AUTH_PERMERROR &&
	       f->finding.dkim[i].d[0] != '\0';
}

static void print_why(const struct scan_found *f)
{
	const char *before = ": ";

	if (f->decision.proof[0] != '\0') {
		printf("%s%s", before, f->decision.proof);
		before = ", ";
	}
	for (int i = 0; i < REASON_COUNT; i++)
		if ((f->decision.reasons & 1u << i) != 0) {
			printf("%s%s", before, reason_name((enum reason)i));
			before = ", ";
		}
	for (uint32_t i = 0; i < f->finding.dkim_count; i++)
		if (key_is_gone(f, i))
			printf("; no usable key any more at %s._domainkey.%s", f->finding.dkim[i].s,
			       f->finding.dkim[i].d);
}

static void print_place(const struct scan_mail *mail)
{
	fputs("    ", stdout);
	put_plain(mail->path, FILE_MOST);
	if (mail->number > 0)
		printf(", mail %" PRIu64, mail->number);
}

void scan_text_found(const struct scan *s, const struct scan_found *f)
{
	if (f->fate == SCAN_UNJUDGED) {
		printf("unjudged: %s\n", f->mail->status == JUDGE_STATUS_COUNT
					     ? "headers past a limit"
					     : judge_status_name(f->mail->status));
		print_place(f->mail);
		putchar('\n');
		return;
	}
	printf("%s  %s  ", verdict_name(f->decision.verdict), class_name(f->decision.class));
	print_domains(&f->finding);
	fputs("  ", stdout);
	print_due(s, f);
	fputs("  ", stdout);
	put_plain(f->recipient[0] != '\0' ? f->recipient : "?", NAME_MOST);
	printf("  [%s]\n", fate_text(f));
	print_place(f->mail);
	print_why(f);
	putchar('\n');
}

void scan_text_rejected(const struct scan *s, const struct scan_rejected *r)
{
	char when[21];

	(void)s;
	str_time(r->time, when);
	printf("rejected%s  %s  ", r->temporary ? " for now" : "", when);
	put_plain(r->from, NAME_MOST);
	fputs(" -> ", stdout);
	put_plain(r->to[0] != '\0' ? r->to : "?", NAME_MOST);
	printf("  (%s)\n    from ", r->entry->name);
	put_plain(r->client[0] != '\0' ? r->client : "?", NAME_MOST);
	fputs(": ", stdout);
	put_plain(r->reason, LIMIT_LOG_VALUE);
	putchar('\n');
}

static void print_count(uint64_t n, const char *one, const char *many)
{
	if (n > 0)
		printf("%" PRIu64 " %s\n", n, n == 1 ? one : many);
}

void scan_text_end(const struct scan *s)
{
	const struct scan_counts *c = &s->count;
	const bool now = s->options->record;

	if (s->options->path_count > 0)
		printf("%s%" PRIu64 " mails in %" PRIu64 " files, %" PRIu64 " found\n",
		       s->signal != 0 ? "Not finished: " : "", c->mails, c->files, c->found);
	print_count(c->open, now ? "genuine, recorded" : "genuine, not recorded yet (--record)",
		    now ? "genuine, recorded" : "genuine, not recorded yet (--record)");
	print_count(
	    c->review,
	    now ? "to be reviewed, recorded" : "to be reviewed, not recorded yet (--record)",
	    now ? "to be reviewed, recorded" : "to be reviewed, not recorded yet (--record)");
	print_count(c->known, "was recorded before", "were recorded before");
	print_count(c->past, "due too long ago to be recorded", "due too long ago to be recorded");
	print_count(c->unaddressed, "without a recipient: --recipient",
		    "without a recipient: --recipient");
	print_count(c->undecided, "without an answer from the DNS: scan again",
		    "without an answer from the DNS: scan again");
	print_count(c->unjudged, "left unjudged", "left unjudged");
	print_count(c->other, "other mail of listed senders", "other mails of listed senders");
	print_count(c->rejected, "mail rejected before it came to keepname",
		    "mails rejected before they came to keepname");
	print_count(c->skipped, "file or folder passed over", "files and folders passed over");
}
