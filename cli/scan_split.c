/* SPDX-License-Identifier: BSD-2-Clause */
/* scan_split.c - see scan_split.h. */
#include "cli/scan_split.h"

#include <string.h>

#include "cli/scan_date.h"

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

enum split_form split_form_of(struct slice start, bool named)
{
	const char *lf = start.n > 0 ? memchr(start.p, '\n', start.n) : NULL;
	int64_t date;

	if (starts(start, "From ") && lf != NULL &&
	    (named || date_of_from_line((struct slice){start.p, (size_t)(lf - start.p)}, &date)))
		return SPLIT_MBOX;
	return named && (starts(start, "text:\n") || starts(start, "text:\r\n")) ? SPLIT_DOVEADM
										 : SPLIT_NONE;
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

/* A form feed is held back until the next line shows whether it was a mark. */
static bool is_doveadm_mark(struct split *p, struct slice line)
{
	if (is_text_mark(line) && (p->form_feed || p->number == 0)) {
		p->form_feed = false;
		end_mail(p);
		begin_mail(p);
		return true;
	}
	if (p->form_feed) {
		p->form_feed = false;
		add_line(p, slice_of("\f\n"), true, true);
	}
	p->form_feed = slice_is(line, "\f\n");
	return p->form_feed;
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
}
