/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scan_split.h - a stream of mails, cut at its marks: an mbox, or what doveadm fetch prints.
 *
 * mbox: a mail begins at a line "From ADDRESS DATE" at the start or behind an empty line; a line
 * that lacks the date is text. ">From " in a body loses its ">" again (mboxrd; DKIM signs what was
 * there before). Content-Length is not looked at: it comes with the mail.
 * doveadm fetch 'date.received.unixtime text': a mail begins behind a line "text:" that follows a
 * line "FIELD: VALUE" or more of them, at the start or after a line of one form feed. (Of text
 * alone Dovecot 2.3 prints no form feed.) Nothing is escaped there, so that a mail can hold the
 * mark and begin another.
 */
#ifndef CLI_SCAN_SPLIT_H
#define CLI_SCAN_SPLIT_H

#include "cli/scan/scan.h"

enum split_form {
	SPLIT_NONE, /* no stream: one mail */
	SPLIT_MBOX,
	SPLIT_DOVEADM,
};

/* By a file's first octets. named: by the user, and so more than mboxes as they should be. */
enum split_form split_form_of(struct slice start, bool named);

struct split {
	struct scan *scan;
	const char *path;
	enum split_form form;
	uint64_t number; /* of the mail at hand */
	int64_t from_date;
	bool from_line;
	enum {
		SPLIT_BETWEEN, /* no mail at hand */
		SPLIT_HEADERS,
		SPLIT_BODY, /* that nobody wants */
		SPLIT_KEPT,
	} at;
	bool continued;     /* the last piece did not end its line */
	bool empty;         /* the last line was empty */
	struct str held;    /* doveadm: a form feed and fields, that may yet be part of the mail */
	struct str headers; /* of the mail at hand */
	struct scan_mail *mail; /* SPLIT_KEPT */
};

/* One line, or a piece of one that is too long (whole: with its end). */
void split_line(struct split *p, struct slice piece, bool whole);
/* The stream has ended, or (not whole) was left; releases all. */
void split_end(struct split *p, bool whole);

#endif
