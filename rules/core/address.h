/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * address.h - mail addresses, read strictly, before any decoding (RFC 5322 3.4, RFC 5321 4.1.2).
 *
 * Attacks on mail authentication live in what two parsers see differently, so what we do not
 * recognise as one plain address is not boosted: several From, lists, groups, encoded words or
 * comments in the address, comments anywhere else, NUL or other control octets, unbalanced quotes,
 * quoted pairs, source routes (also by "%" and "!"), quoted local parts, literals, a trailing dot,
 * space inside <>, text after the address, folded lines of nothing but space, octets that are no
 * UTF-8. A display name may be atoms, dots, quoted strings without "<", ">" and "\", and encoded
 * words (ASCII or UTF-8) in front of exactly one <addr-spec>.
 */
#ifndef RULES_CORE_ADDRESS_H
#define RULES_CORE_ADDRESS_H

#include <stdbool.h>

#include "base/limits.h"
#include "base/str.h"

struct address {
	char text[LIMIT_ADDRESS + 1];  /* local@domain; local part as written, domain in its one
					* spelling */
	char domain[LIMIT_DOMAIN + 1]; /* in its one spelling */
};

/* One From (or Reply-To) value as it came from the wire, folded or not. Linear. */
bool address_parse(struct slice value, struct address *ret_address);
/* The display name's raw octets of a value (empty slice if there is none or it is odd). */
struct slice address_display(struct slice value);

/* MAIL FROM as the MTA hands it over, with or without <>. The null sender gives true and an empty
 * text. Routes, comments, quoted local parts and literals give false. */
bool address_parse_path(struct slice path, struct address *ret_address);

enum {
	ADDRESS_CLAIMS = 100, /* "@" looked at in one value */
};

/* Leniently: calls found() for each thing in the value that looks like local@domain to anybody,
 * however odd the value is (used only to see whom a mail claims to be from, never to bless).
 * Space and comments around "@" and dots, quotes, routes and lists are seen through; encoded words
 * are not decoded here. A local part that cannot be made out is left empty. Looks at the first
 * ADDRESS_CLAIMS "@", a bounded number of octets around each: linear. Stops when found() returns
 * true; returns whether it did. */
bool address_each_claim(struct slice value, bool (*found)(const struct address *a, void *context),
			void *context);

#endif
