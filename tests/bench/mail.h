/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mail.h - a message file as an MTA hands it to a filter.
 *
 * Takes LF or CRLF. Header values are all that stands after the colon, the lines of a folded one
 * joined by "\n"; a blank before the colon is dropped (Postfix does). The body has CRLF throughout
 * and ends in one. The first line that is no header field ends the header; nothing is refused.
 */
#ifndef TESTS_BENCH_MAIL_H
#define TESTS_BENCH_MAIL_H

#include <stddef.h>

struct mail_header {
	char *name;
	char *value;
};

struct mail {
	struct mail_header *headers;
	size_t header_count;
	char *body;
	size_t body_len;
};

/* 0, or a negative errno. The result is the caller's (mail_free). */
int mail_parse(const char *octets, size_t len, struct mail **ret_mail);
int mail_read(const char *path, struct mail **ret_mail);
/* Puts a body of plain text lines of just that many octets (at least 2) in place of the old. */
int mail_fill_body(struct mail *mail, size_t len);
/* Takes NULL. */
void mail_free(struct mail *mail);

#endif
