/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * digest_mime.h - UTF-8 as mail has it: encoded words in a header (RFC 2047), a body in lines of 76
 * characters at most (RFC 2045 6.7, 6.8). What comes out is ASCII, and no server on the way needs
 * to change it.
 */
#ifndef CLI_DIGEST_MIME_H
#define CLI_DIGEST_MIME_H

#include "base/str.h"

/* "NAME: text" and a line's end, folded. Control characters of text become "?". */
void digest_mime_header(const char *name, const char *text, struct str *to);
/* The rest of a part: Content-Transfer-Encoding, an empty line, and the text in it. Lines of text
 * end in "\n". Quoted-printable, or base64 where that is shorter. */
void digest_mime_body(const struct str *text, struct str *to);

#endif
