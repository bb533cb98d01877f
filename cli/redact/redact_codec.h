/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * redact_codec.h - base64 and quoted-printable there and back (RFC 2045 6.7, 6.8; RFC 2047 4), as
 * lenient as mail programs are: what is no digit is passed over. Shortage of memory shows in
 * to->failed.
 */
#ifndef CLI_REDACT_CODEC_H
#define CLI_REDACT_CODEC_H

#include "base/str.h"

enum redact_encoding {
	REDACT_PLAIN, /* 7bit, 8bit, binary, none, unknown */
	REDACT_BASE64,
	REDACT_QUOTED,
};

enum redact_encoding redact_encoding_of(struct slice name);
void redact_decode(enum redact_encoding e, struct slice body, struct str *to);
void redact_encode(enum redact_encoding e, struct slice body, struct str *to);

void redact_base64_decode(struct slice text, struct str *to);
/* Lines of `line` characters, each with a line end; 0: one line without. */
void redact_base64_encode(struct slice octets, size_t line, struct str *to);
void redact_q_decode(struct slice text, struct str *to); /* the Q of encoded words */

#endif
