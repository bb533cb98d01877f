/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spfrecord.h - reads one SPF record (RFC 7208 4.6, 5, 6, 7) and writes the smaller one that
 * libspf2 is given instead.
 *
 * The whole grammar is checked here, so the library sees no syntax error. Then what need not reach
 * it is taken away, since all of it is what it does wrong: ip4 and ip6 terms (compared here; the
 * first that fits the client stands for "all" with its qualifier and ends the record, the others
 * go), what follows the first "all", modifiers but redirect=, which goes to the end, address masks
 * of the other family. Masks of /0, upper-case macros, %{p}, delimiters and lengths that it does
 * not know or cuts silently make the record UNSAFE.
 */
#ifndef PROOF_SPFRECORD_H
#define PROOF_SPFRECORD_H

#include "base/limits.h"
#include "base/str.h"

enum {
	SPFRECORD_COMPILED = 511, /* octets of compiled mechanisms; libspf2 drops those past it */
	SPFRECORD_DOMAIN = 253,   /* octets of one domain-spec as written */
	SPFRECORD_MACROS = 8,     /* of one domain-spec */
	SPFRECORD_BROAD_4 = 8,    /* shorter prefixes prove nothing */
	SPFRECORD_BROAD_6 = 16,
};

struct spfclient {
	int family; /* AF_INET or AF_INET6 */
	unsigned char ip[16];
	bool local_usable; /* %{l} and %{s} may be expanded */
	bool helo_usable;  /* %{h} may be expanded */
};

enum spfrecord_state {
	SPFRECORD_GOOD,
	SPFRECORD_BROKEN, /* a syntax error anywhere: permerror, whatever comes before it */
	SPFRECORD_UNSAFE, /* correct as far as known, but not for libspf2: unknown */
};

/* Whether a TXT record is an SPF record at all (RFC 7208 4.5). */
bool spfrecord_is(struct slice text);
/* Adds the smaller record to to. ret_broad: terms that pass cover a larger part of the address
 * space than one /8 (/16 in IPv6), or anything at all: "+all", "exists" whose name does not depend
 * on the client's address. Both are written whenever the record is not broken. */
enum spfrecord_state spfrecord_rewrite(struct slice text, const struct spfclient *client,
				       struct str *to, bool *ret_broad);

#endif
