/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spfrecord.h - reads one SPF record (RFC 7208 4.6, 5, 6, 7) and writes the smaller one that
 * libspf2 is given instead.
 *
 * The whole grammar is checked here, so the library sees no syntax error. Then what need not reach
 * it is taken away, since it is what it does wrong: ip4 and ip6 terms (compared here; the first
 * that fits the client stands for "all" with its qualifier and ends the record, the others go),
 * what follows the first "all", modifiers but redirect=, which goes to the end, address masks of
 * the other family, macros (expanded here: with a count of labels no smaller than what is there the
 * library cuts a letter off, and asks about somebody else's name). Masks of /0, %{p}, names of odd
 * octets, and more than it compiles without dropping the end make the record UNSAFE.
 */
#ifndef PROOF_SPFRECORD_H
#define PROOF_SPFRECORD_H

#include "base/limits.h"
#include "base/str.h"

enum {
	SPFRECORD_COMPILED = 511, /* octets of compiled mechanisms; libspf2 drops those past it */
	SPFRECORD_DOMAIN = 253,   /* octets of one domain-spec as written */
	SPFRECORD_BROAD_4 = 8,    /* shorter prefixes prove nothing */
	SPFRECORD_BROAD_6 = 16,
};

/* What macros stand for. Values may hold any octets; names made of odd ones are UNSAFE. */
struct spfclient {
	int family; /* AF_INET or AF_INET6 */
	unsigned char ip[16];
	struct slice local, sender; /* both sides of the MAIL FROM's "@" */
	struct slice helo;          /* empty: not known */
};

enum spfrecord_state {
	SPFRECORD_GOOD,
	SPFRECORD_BROKEN, /* a syntax error anywhere: permerror, whatever comes before it */
	SPFRECORD_UNSAFE, /* correct as far as known, but not for libspf2: unknown */
};

/* Whether a TXT record is an SPF record at all (RFC 7208 4.5). */
bool spfrecord_is(struct slice text);
/* Adds the smaller record to to. current: the domain whose record it is. ret_broad: terms that
 * pass cover a larger part of the address space than one /8 (/16 in IPv6), or anything at all:
 * "+all", "exists" whose name does not depend on the client's address. Both are written whenever
 * the record is not broken. */
enum spfrecord_state spfrecord_rewrite(struct slice text, const struct spfclient *client,
				       const char *current, struct str *to, bool *ret_broad);

#endif
