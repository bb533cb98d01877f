/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ambiguous.h - MIME that one reader takes for this and another for that.
 *
 * GMime is not the recipient's mail client. Of two Content-Types it takes the last, of two
 * boundaries the first; base64 ends for it at the first "=", a part at a line that another reader
 * passes over. Whoever can write a mail octet by octet could so show people a part that was never
 * judged. What the standards say no more than one thing about is passed; everything else fails the
 * mail, whatever stands in it. Programs that send registrars' mail write none of it.
 */
#ifndef RULES_LETTER_AMBIGUOUS_H
#define RULES_LETTER_AMBIGUOUS_H

#include <stdbool.h>

#include "base/str.h"

/* A Content-Type (RFC 2045 5.1): a comment or quote in the type, boundary or charset twice or in
 * the pieces of RFC 2231; a comment, or a quote that does not go around a whole value. */
bool ambiguous_type(struct slice value);
/* A Content-Transfer-Encoding: anything but one known word; of a multipart, one that encodes. */
bool ambiguous_encoding(struct slice value, bool multipart);
/* Text in base64: an octet that is none of it, anything behind the padding. */
bool ambiguous_base64(struct slice raw);
/* Text in quoted-printable: "=" before anything but two hexadecimal digits or a line's end. */
bool ambiguous_quoted(struct slice raw);
/* Plain text: the beginning of a file in uuencode, which some show as an attachment. */
bool ambiguous_text(struct slice text);
/* What stands before the first part and behind the last: a line that could begin another part. */
bool ambiguous_outside(const char *text);
/* The lines of a whole body, and the boundaries of all its multiparts: one that begins another, a
 * line that begins with one and goes on, a header of a part that is none. CR ends a line too. */
bool ambiguous_lines(struct slice body, const char *const *boundary, size_t count);

#endif
