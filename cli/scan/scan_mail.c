/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scan_mail.c - a mail's headers: is it a candidate, when did it come, and to whom.
 *
 * When it came. What the sender wrote must not count, or an old mail could be made fresh; so first
 * what the delivering program wrote outside of the mail (a Maildir's file name, an mbox's From_
 * line, what Dovecot says), then the topmost Received field, which is our server's if the mail came
 * in by SMTP, then the time of the file.
 *
 * To whom. Delivering programs put the recipient above the first Received field, and what stands
 * below came with the mail. X-Original-To is the address as the client gave it, which the daemon
 * has recorded too; Delivered-To may be what aliases made of it. Where nobody says it, To does, if
 * it is one plain address.
 */
#include "cli/scan/scan.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/date.h"

enum {
	AHEAD = 86400, /* a file's name may be ahead of a clock that was wrong */
};

void scan_mail_free(struct scan_mail *mail)
{
	if (mail == NULL)
		return;
	message_free(&mail->message);
	str_free(&mail->text);
	free(mail->path);
	free(mail);
}

/* -- when ----------------------------------------------------------------------------------- */

static bool find_header(const struct message *m, const char *name, size_t end, size_t *ret_index)
{
	for (size_t i = 0; i < end; i++)
		if (slice_is_nocase(message_name(m, i), name)) {
			*ret_index = i;
			return true;
		}
	return false;
}

static bool received_date(const struct message *m, int64_t *ret_time)
{
	size_t i;

	return find_header(m, "Received", m->header_count, &i) &&
	       date_of_received(message_value(m, i), ret_time);
}

int64_t scan_mail_delivered(const struct message *m, const struct scan_origin *origin, int64_t now,
			    const char **ret_by)
{
	struct stat st;
	int64_t t;

	if (origin->maildir_name != NULL && date_of_maildir(origin->maildir_name, &t) &&
	    t <= now + AHEAD) {
		*ret_by = "maildir";
		return t;
	}
	if (origin->from_line) {
		*ret_by = origin->from_by;
		return origin->from_date;
	}
	if (received_date(m, &t) && t <= now + AHEAD) {
		*ret_by = "received";
		return t;
	}
	if (origin->fd >= 0 && fstat(origin->fd, &st) == 0 && S_ISREG(st.st_mode)) {
		*ret_by = "file";
		return (int64_t)st.st_mtim.tv_sec;
	}
	*ret_by = "now";
	return now;
}

/* -- to whom -------------------------------------------------------------------------------- */

static bool address_at(const struct message *m, size_t i, char ret_to[static LIMIT_ADDRESS + 1])
{
	struct address a;

	if (!address_parse(message_value(m, i), &a))
		return false;
	memcpy(ret_to, a.text, sizeof(a.text));
	return true;
}

void scan_mail_recipient(const struct message *m, char ret_to[static LIMIT_ADDRESS + 1])
{
	static const char *const names[] = {"X-Original-To", "Delivered-To", "Envelope-To"};
	size_t above = m->header_count, i;

	ret_to[0] = '\0';
	find_header(m, "Received", m->header_count, &above);
	for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++)
		if (find_header(m, names[n], above, &i) && address_at(m, i, ret_to))
			return;
	for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++)
		if (find_header(m, names[n], m->header_count, &i) && address_at(m, i, ret_to))
			return;
	if (find_header(m, "To", m->header_count, &i) && address_at(m, i, ret_to))
		return;
	ret_to[0] = '\0';
}

/* -- candidate? ----------------------------------------------------------------------------- */

struct scan_mail *scan_mail_consider(struct scan *s, const struct scan_origin *origin)
{
	struct candidate candidate;
	struct scan_mail *mail;
	const char *by;
	int64_t delivered;

	s->count.mails++;
	candidate_test(s->ground.list, s->ground.classes, &s->message, &s->scratch, &candidate);
	if (candidate.lane == CANDIDATE_NO)
		return NULL;
	delivered = scan_mail_delivered(&s->message, origin, s->cli->now, &by);
	if (delivered < s->options->since)
		return NULL;
	mail = calloc(1, sizeof(*mail));
	if (mail != NULL)
		mail->path = strdup(origin->path);
	if (mail == NULL || mail->path == NULL) {
		scan_mail_free(mail);
		scan_pass_over(s, origin->path, "memory is short", true);
		return NULL;
	}
	mail->number = origin->number;
	mail->message = s->message;
	mail->candidate = candidate;
	mail->delivered = delivered;
	mail->dated_by = by;
	mail->spliced = origin->spliced;
	message_init(&s->message);
	return mail;
}
