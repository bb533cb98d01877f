/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scan_file.c - one file: opened, its first octets looked at, its mails handed on.
 *
 * Nearly every file is an ordinary mail, so that is the short way: one read of FIRST octets, the
 * headers parsed where they lie, the candidate test, closed. Only when the headers are not all
 * there is more read, and only of a candidate the body (at most max_body, as the judge takes no
 * more).
 *
 * The mailbox is not touched: O_NOATIME where the system lets us, no lock, nothing written. A file
 * that is renamed while it is read is read on; one that has gone is told.
 */
#include "cli/scan/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/scan/scan_progress.h"
#include "cli/scan/scan_split.h"
#include "cli/scan/scan_walk.h"

enum {
	FIRST = 8 * 1024,    /* most mails' headers end within */
	STREAM = 256 * 1024, /* read at once of an mbox; a longer line comes in pieces */
};

/* A file under way. */
struct reading {
	struct scan *scan;
	struct octets octets;
	struct scan_origin origin;
	enum walk_kind kind;
	enum octets_status status; /* of the last read */
};

static bool is_trouble(enum octets_status s)
{
	return s != OCTETS_OK && s != OCTETS_END;
}

/* Appends what comes next to the buffer, room octets at most. */
static void read_more(struct reading *r, struct str *to, size_t room)
{
	size_t n = 0;

	if (!str_room(to, room)) {
		errno = ENOMEM;
		r->status = OCTETS_ERROR;
		return;
	}
	r->status = octets_read(&r->octets, to->p + to->n, room, &n);
	to->n += n;
	to->p[to->n] = '\0';
}

static void tell_trouble(struct reading *r)
{
	if (is_trouble(r->status) && !(r->status == OCTETS_ERROR && errno == EINTR))
		scan_pass_over(r->scan, r->origin.path, octets_trouble(r->status),
			       r->kind == WALK_NAMED);
}

/* -- one mail ------------------------------------------------------------------------------- */

/* Whether the headers end in what has been read, where the parser stopped: behind an empty line, or
 * at a line that is none of a header and is all there. */
static bool headers_end(const struct str *text, size_t at)
{
	const char *p = text->p;

	if (at > 0 && p[at - 1] == '\n') {
		if (at == 1 || p[at - 2] == '\n')
			return true;
		if (p[at - 2] == '\r' && (at == 2 || p[at - 3] == '\n'))
			return true;
	}
	return memchr(p + at, '\n', text->n - at) != NULL;
}

/* Parses the headers, reading as far as they go. Returns where the body begins. */
static size_t read_headers(struct reading *r)
{
	struct scan *s = r->scan;
	size_t at;

	for (;;) {
		message_reset(&s->message);
		at = message_parse(&s->message, (struct slice){s->buffer.p, s->buffer.n});
		if (headers_end(&s->buffer, at) || r->status != OCTETS_OK ||
		    s->buffer.n > SCAN_HEADERS_MOST)
			return at;
		read_more(r, &s->buffer, s->buffer.n < STREAM ? 2 * s->buffer.n : STREAM);
	}
}

/* Of a file that nobody called a mail. */
static bool looks_like_mail(const struct message *m)
{
	return m->mark_count[MARK_FROM] > 0 &&
	       (m->mark_count[MARK_SUBJECT] > 0 || m->mark_count[MARK_MESSAGE_ID] > 0);
}

static void read_mail(struct reading *r)
{
	struct scan *s = r->scan;
	const size_t body_at = read_headers(r);
	const size_t most = body_at + (size_t)s->cli->config->max_body + 1;
	struct scan_mail *mail;

	if (is_trouble(r->status)) {
		tell_trouble(r);
		return;
	}
	if (r->kind == WALK_LOOK && !looks_like_mail(&s->message)) {
		s->count.not_mail++;
		return;
	}
	if (r->kind == WALK_NAMED && s->message.header_count == 0) {
		scan_pass_over(s, r->origin.path, "is no mail", true);
		return;
	}
	r->origin.fd = r->octets.fd;
	mail = scan_mail_consider(s, &r->origin);
	if (mail == NULL)
		return;
	str_add(&mail->text, s->buffer.p, s->buffer.n);
	while (r->status == OCTETS_OK && mail->text.n < most && !mail->text.failed)
		read_more(r, &mail->text, STREAM);
	tell_trouble(r);
	mail->body_at = body_at;
	scan_pool_put(s, mail);
}

/* -- a stream ------------------------------------------------------------------------------- */

/* Gives the lines out of the buffer and leaves what is no whole line yet. */
static void give_lines(struct split *p, struct str *buffer, bool all)
{
	const char *at = buffer->p, *end = at + buffer->n;

	while (at < end) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));
		const bool whole = lf != NULL;

		if (!whole && !all && (size_t)(end - at) < STREAM)
			break;
		lf = whole ? lf + 1 : end;
		split_line(p, (struct slice){at, (size_t)(lf - at)}, whole || all);
		at = lf;
	}
	buffer->n = (size_t)(end - at);
	memmove(buffer->p, at, buffer->n);
}

static void read_stream(struct reading *r, enum split_form form)
{
	struct scan *s = r->scan;
	struct split split = {.scan = s, .path = r->origin.path, .form = form};

	while (r->status == OCTETS_OK && scan_looks(s)) {
		give_lines(&split, &s->buffer, false);
		read_more(r, &s->buffer, STREAM);
		progress_within(s->progress, r->octets.raw_total);
	}
	if (scan_looks(s))
		give_lines(&split, &s->buffer, true);
	split_end(&split, s->signal == 0);
	tell_trouble(r);
}

/* -- a file --------------------------------------------------------------------------------- */

static void read_file(struct reading *r)
{
	struct scan *s = r->scan;
	enum split_form form = SPLIT_NONE;

	s->count.files++;
	str_reset(&s->buffer);
	read_more(r, &s->buffer, FIRST);
	/* Compressed octets, and those of a pipe, may come in drops. */
	while (r->status == OCTETS_OK && s->buffer.n < OCTETS_LEAST)
		read_more(r, &s->buffer, FIRST);
	if (r->kind != WALK_MAIL)
		form =
		    split_form_of((struct slice){s->buffer.p, s->buffer.n}, r->kind == WALK_NAMED);
	if (s->buffer.n == 0 && !is_trouble(r->status))
		return;
	if (s->buffer.n == 0)
		tell_trouble(r);
	else if (form != SPLIT_NONE)
		read_stream(r, form);
	else
		read_mail(r);
}

static int open_file(const struct walk_file *f)
{
	int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOATIME;
	int fd;

	if (f->kind != WALK_NAMED)
		flags |= O_NOFOLLOW;
	fd = openat(f->dir_fd, f->name, flags);
	if (fd < 0 && errno == EPERM) /* somebody else's file: its atime is not ours to keep */
		fd = openat(f->dir_fd, f->name, flags & ~O_NOATIME);
	return fd;
}

bool scan_file(struct scan *s, const struct walk_file *file)
{
	struct reading r = {
	    .scan = s,
	    .kind = file->kind,
	    .origin = {.path = file->path, .maildir_name = file->maildir ? file->name : NULL},
	};
	const int fd = open_file(file);

	if (fd < 0) {
		scan_pass_over(s, file->path,
			       errno == ENOENT ? "has gone meanwhile" : strerror(errno),
			       file->kind == WALK_NAMED);
	} else {
		octets_open(&r.octets, fd, -1);
		read_file(&r);
		octets_close(&r.octets);
	}
	progress_file(s->progress);
	return scan_goes_on(s);
}

bool scan_standard_input(struct scan *s)
{
	struct reading r = {.scan = s, .kind = WALK_NAMED, .origin = {.path = "-"}};

	octets_open(&r.octets, dup(STDIN_FILENO), s->signal_fd);
	read_file(&r);
	octets_close(&r.octets);
	return scan_goes_on(s);
}
