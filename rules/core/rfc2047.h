/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rfc2047.h - encoded words in Subject and display name to UTF-8, on the fast path.
 *
 * Our own and small: UTF-8 (and US-ASCII), ISO-8859-1 and windows-1252, B and Q. An encoded word
 * in another charset, or a broken one, is kept as it stands: such mail is a candidate by address
 * only. Never reads outside the input, output is at most three times its size, valid UTF-8
 * (invalid octets become U+FFFD), with control octets and folding turned into single spaces.
 */
#ifndef RULES_CORE_RFC2047_H
#define RULES_CORE_RFC2047_H

#include "base/str.h"

/* Appends the decoded value to to, at most `most` octets, cut at a character. */
void rfc2047_decode(struct slice value, size_t most, struct str *to);

#endif
