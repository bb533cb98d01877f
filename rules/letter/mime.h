/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mime.h - the parts of a body (GMime).
 *
 * GMime sees a synthetic header only: MIME-Version and Content-*, each at most LIMIT_MIME_HEADER
 * octets. Address headers never reach it: it overflows its stack on one, leaks on another.
 * g_mime_object_to_string, _get_headers and get_boundary are never called.
 */
#ifndef RULES_LETTER_MIME_H
#define RULES_LETTER_MIME_H

#include "rules/core/message.h"

struct mime {
	struct str text;  /* text/plain parts, UTF-8, parted by newlines */
	struct str html;  /* text/html parts, UTF-8, each as it is, parted by newlines */
	bool attachment;  /* a part that is neither text nor an inline image */
	bool limit;       /* too many parts, too large, nested too deep, charset unknown */
};

bool mime_init(void);
void mime_read(const struct message *message, struct slice body, struct mime *ret_mime);
void mime_free(struct mime *m);

#endif
