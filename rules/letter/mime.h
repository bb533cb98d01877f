/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mime.h - the parts of a body (GMime).
 *
 * Fences, each with a test. GMime sees a synthetic header only: MIME-Version and Content-*, each at
 * most LIMIT_MIME_HEADER octets, one of each. Address headers of a message inside the body overflow
 * its stack when groups are nested deeply, and it is quadratic in their addresses and in the
 * parameters of Content-*: a body with such a header is not given to it at all.
 * g_mime_object_to_string, _get_headers and get_boundary are never called. Charsets are ours
 * (charset.h). Whatever hits a limit, or what readers of mail take differently, sets `limit`: the
 * mail is read as far as it goes and is not genuine.
 */
#ifndef RULES_LETTER_MIME_H
#define RULES_LETTER_MIME_H

#include "rules/core/message.h"

struct mime {
	struct str text;  /* text parts but HTML, UTF-8, parted by newlines */
	struct str *html; /* HTML parts, UTF-8, each by itself */
	size_t html_count;
	bool attachment; /* a part that is neither plain text nor HTML nor an inline image */
	bool limit;      /* too many parts, too large, nested too deep, NUL, unknown charset or
			  * transfer encoding, ambiguous headers */
	bool failed;     /* memory was short */
};

/* Once per process, before anything is sealed. */
bool mime_init(void);
/* body: at most LIMIT_MIME_BYTES are read. */
void mime_read(const struct message *message, struct slice body, struct mime *ret_mime);
void mime_free(struct mime *m);

/* A Subject as it came, to printable UTF-8 on one line: encoded words (RFC 2047) in every charset
 * of charset.h. Appends at most LIMIT_SUBJECT octets. */
void mime_subject(struct slice value, struct str *to);

#endif
