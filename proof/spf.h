/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spf.h - SPF (RFC 7208) by libspf2, fenced, and only for MAIL FROM domains that align with a
 * listed sender.
 *
 * Fences, each with a test: TXT over LIMIT_SPF_TXT, names over 253, LIMIT_SPF_QUERIES,
 * LIMIT_SPF_VOID and LIMIT_SPF_MECHANISMS end the check; records whose terms libspf2 would drop
 * silently or evaluate out of order (redirect= before a mechanism) are not given to it. Whatever
 * ends a check early is TEMPERROR or PERMERROR, never PASS.
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

/* ret_broad: passes for so large a part of the address space (shorter than /8 or /16 in IPv6,
 * "+all", "exists" by anything) that it proves nothing. */
enum auth_result spf_check(const struct spf_question *q, const struct resolver *resolver,
			   bool *ret_broad);

#endif
