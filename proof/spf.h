/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spf.h - SPF (RFC 7208) by libspf2, fenced, and only for MAIL FROM domains that align with a
 * listed sender.
 *
 * Fences, each with a test: records are read by spfrecord.c and given to the library in a smaller
 * form; a syntax error anywhere is PERMERROR before anything is evaluated. TXT over LIMIT_SPF_TXT,
 * LIMIT_SPF_QUERIES and what the library cannot be trusted with end the check with TEMPERROR
 * (unknown); LIMIT_SPF_VOID and LIMIT_SPF_MECHANISMS, counted over the whole check, with
 * PERMERROR. Whatever ends a check early is never PASS. Senders without a plain domain are NONE;
 * about loopback clients nothing is asked.
 */
#ifndef PROOF_SPF_H
#define PROOF_SPF_H

#include "proof/resolver.h"
#include "rules/core/finding.h"

bool spf_init(void); /* once per process, before anything is sealed */

struct spf_question {
	int family;            /* AF_INET or AF_INET6; an IPv4-mapped address counts as IPv4 */
	unsigned char ip[16];  /* network order */
	const char *helo;      /* "" if unknown */
	const char *mail_from; /* local@domain, domain in its one spelling */
};

/* Says through the resolver which question is coming first. */
void spf_expect(const struct spf_question *q, const struct resolver *resolver);
/* ret_broad: passes, and a record on the way lets pass so large a part of the address space that it
 * proves nothing: more than a /8 (/16 in IPv6), "+all", "exists" whose name does not depend on the
 * client's address. */
enum auth_result spf_check(const struct spf_question *q, const struct resolver *resolver,
			   bool *ret_broad);

#endif
