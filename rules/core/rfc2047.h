/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rfc2047.h - encoded words in Subject and display name to UTF-8, on the fast path.
 *
 * Our own and small: B and Q, UTF-8 (and US-ASCII), ISO-8859-1 and windows-1252 (both read as the
 * latter, as everybody does), and every other charset of charset.h once its tables are made. An
 * encoded word in an unknown charset, or a broken one, is kept as it stands: such mail is a
 * candidate by address only. Raw octets above ASCII are UTF-8 (RFC 6532); those of another charset,
 * which nothing names, become U+FFFD, and only the words around them are recognised. Adjacent encoded words of one charset are joined octet by octet, so
 * that a character split between two of them is whole again.
 *
 * Never reads outside the input; linear. The output is valid UTF-8 that may be shown to people
 * (utf8.h): what is no UTF-8 becomes U+FFFD, a run of space and control characters (folding too)
 * one space, none at either end; characters that only hide or reorder text are left out.
 */
#ifndef RULES_CORE_RFC2047_H
#define RULES_CORE_RFC2047_H

#include "base/str.h"

/* Appends the decoded value to to, at most `most` octets, cut at a character. In a value of only
 * broken octets each becomes three. A shortage of memory shows in to->failed. */
void rfc2047_decode(struct slice value, size_t most, struct str *to);

#endif
