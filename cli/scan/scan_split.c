/* SPDX-License-Identifier: BSD-2-Clause */
/* scan_split.c - see scan_split.h. */
#include "cli/scan/scan_split.h"

#include <string.h>

#include "cli/date.h"

enum {
	HELD_MOST = 4096, /* octets of fields between two mails of doveadm's */
};

static bool starts(struct slice s, const char *text)
{
	const size_t n = strlen(text);

	return s.n >= n && memcmp(s.p, text, n) == 0;
}

static bool is_empty(struct slice line)
{
	return slice_is(line, "\n") || slice_is(line, "\r\n");
}

static bool is_text_mark(struct slice line)
{
	return slice_is(line, "text:\n") || slice_is(line, "text:\r\n");
}

/* "uid: 5" */
static bool is_field(struct slice line)
{
	size_t n = 0;

	while (n < line.n &&
	       ((line.p[n] >= 'a' && line.p[n] <= 'z') || line.p[n] == '.' || line.p[n] == '-'))
		n++;
	return n > 0 && n + 1 < line.n && line.p[n] == ':' && line.p[n + 1] == ' ';
}

static struct slice take_line(struct slice *text)
{
	const char *lf = text->n > 0 ? memchr(text->p, '\n', text->n) : NULL;
	const struct slice line = {text->p, lf != NULL ? (size_t)(lf + 1 - text->p) : text->n};

	text->p += line.n;
	text->n -= line.n;
	return line;
}

static bool is_doveadm(struct slice start)
{
	struct slice line = take_line(&start);

	while (is_field(line))
		line = take_line(&start);
	return is_text_mark(line);
}

enum split_form split_form_of(struct slice start, bool named)
{
	struct slice rest = start;
	int64_t date;

	if (starts(start, "From ") && (named || date_of_from_line(take_line(&rest), &date)))
		return SPLIT_MBOX;
	return named && is_doveadm(start) ? SPLIT_DOVEADM : SPLIT_NONE;
}

/* -- a mail --------------------------------------------------------------------------------- */

static void begin_mail(struct split *p)
{
	p->number++;
	p->from_line = false;
	str_reset(&p->headers);
	p->at = SPLIT_HEADERS;
}

static size_t keep_most(const struct split *p)
{
	return p->headers.n + (size_t)p->scan->cli->config->max_body + 1;
}

/* The headers are whole: does anybody want the rest? */
static void end_headers(struct split *p)
{
	const struct scan_origin origin = {
	    .fd = -1,
	    .path = p->path,
	    .number = p->number,
	    .from_line = p->from_line,
	    .from_date = p->from_date,
	    .from_by = p->form == SPLIT_DOVEADM ? "dovecot" : "mbox",
	    .spliced = p->form == SPLIT_DOVEADM,
	};
	struct scan *s = p->scan;
	size_t body_at;

	message_reset(&s->message);
	body_at = message_parse(&s->message, (struct slice){str_text(&p->headers), p->headers.n});
	p->mail = scan_mail_consider(s, &origin);
	p->at = SPLIT_BODY;
	if (p->mail == NULL)
		return;
	p->at = SPLIT_KEPT;
	p->mail->body_at = body_at;
	str_add(&p->mail->text, p->headers.p, p->headers.n);
}

/* An mbox has an empty line of its own behind every mail. */
static void drop_last_line(struct str *text, size_t least)
{
	if (text->n > least + 1 && text->p[text->n - 1] == '\n' && text->p[text->n - 2] == '\n')
		text->n--;
	else if (text->n > least + 2 && memcmp(text->p + text->n - 3, "\n\r\n", 3) == 0)
		text->n -= 2;
}

static void end_mail(struct split *p)
{
	if (p->at == SPLIT_HEADERS)
		end_headers(p);
	if (p->at == SPLIT_KEPT) {
		if (p->form == SPLIT_MBOX)
			drop_last_line(&p->mail->text, p->mail->body_at);
		scan_pool_put(p->scan, p->mail);
		p->mail = NULL;
	}
	p->at = SPLIT_BETWEEN;
}

/* -- lines ---------------------------------------------------------------------------------- */

static void add_to_body(struct split *p, struct slice piece, bool at_start)
{
	const size_t most = keep_most(p);
	struct slice quoted = piece;

	while (quoted.n > 0 && quoted.p[0] == '>') {
		quoted.p++;
		quoted.n--;
	}
	if (at_start && p->form == SPLIT_MBOX && quoted.n < piece.n && starts(quoted, "From ")) {
		piece.p++;
		piece.n--;
	}
	if (p->mail->text.n < most)
		str_add(&p->mail->text, piece.p,
			piece.n < most - p->mail->text.n ? piece.n : most - p->mail->text.n);
}

static void add_line(struct split *p, struct slice piece, bool at_start, bool whole)
{
	if (p->at == SPLIT_KEPT) {
		add_to_body(p, piece, at_start);
		return;
	}
	if (p->at != SPLIT_HEADERS)
		return;
	str_add(&p->headers, piece.p, piece.n);
	if ((at_start && whole && is_empty(piece)) || p->headers.n > SCAN_HEADERS_MOST)
		end_headers(p);
}

/* Whether the line begins a mail, and is none of its text. */
static bool is_mbox_mark(struct split *p, struct slice line)
{
	int64_t date;

	if (p->number > 0 && !p->empty)
		return false;
	if (!starts(line, "From ") || (!date_of_from_line(line, &date) && p->number > 0))
		return false;
	end_mail(p);
	begin_mail(p);
	p->from_line = date_of_from_line(line, &p->from_date);
	return true;
}

/* What was held back is part of the mail at hand after all. */
static void give_held(struct split *p)
{
	struct slice rest = {str_text(&p->held), p->held.n};

	while (rest.n > 0)
		add_line(p, take_line(&rest), true, true);
	str_reset(&p->held);
}

static void note_date(struct split *p)
{
	static const char name[] = "date.received.unixtime: ";
	struct slice rest = {str_text(&p->held), p->held.n};

	p->from_line = false;
	while (rest.n > 0) {
		struct slice line = take_line(&rest);
		uint64_t t;

		if (!starts(line, name))
			continue;
		line.p += sizeof(name) - 1;
		line.n -= sizeof(name) - 1;
		p->from_line = str_to_u64(slice_trim(line), UINT32_MAX, &t);
		if (p->from_line)
			p->from_date = (int64_t)t;
	}
}

/* A form feed and the fields behind it are held back until a line shows whether they are a mark. */
static bool is_doveadm_mark(struct split *p, struct slice line)
{
	const bool may_be = p->held.n > 0 || p->number == 0;

	if (may_be && is_text_mark(line)) {
		end_mail(p);
		begin_mail(p);
		note_date(p);
		str_reset(&p->held);
		return true;
	}
	if (may_be && is_field(line) && p->held.n + line.n <= HELD_MOST) {
		str_add(&p->held, line.p, line.n);
		return true;
	}
	give_held(p);
	if (slice_is(line, "\f\n"))
		str_add(&p->held, line.p, line.n);
	return p->held.n > 0;
}

void split_line(struct split *p, struct slice piece, bool whole)
{
	const bool at_start = !p->continued;
	bool mark = false;

	p->continued = !whole;
	if (at_start && whole && p->form == SPLIT_MBOX && piece.p[0] == 'F')
		mark = is_mbox_mark(p, piece);
	else if (at_start && whole && p->form == SPLIT_DOVEADM)
		mark = is_doveadm_mark(p, piece);
	if (!mark)
		add_line(p, piece, at_start, whole);
	p->empty = at_start && whole && is_empty(piece);
}

void split_end(struct split *p, bool whole)
{
	if (whole)
		end_mail(p);
	else if (p->mail != NULL)
		p->scan->lost = true;
	scan_mail_free(p->mail);
	str_free(&p->headers);
	str_free(&p->held);
}
