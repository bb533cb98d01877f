/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dmarc.h - the DMARC record of a From domain (RFC 7489 6.3, 6.6.3): which policy its owner states
 * and how strictly names must align. Alignment itself is rules/core/verdict.c's.
 */
#ifndef PROOF_DMARC_H
#define PROOF_DMARC_H

#include "proof/resolver.h"
#include "rules/core/domain.h"
#include "rules/core/finding.h"

/* Says through the resolver which questions are coming. */
void dmarc_expect(const char *from_domain, const struct suffixes *suffixes,
		  const struct resolver *resolver);
/* The record of the domain, or of its organisational domain (then sp= counts where it is given).
 * Fills dmarc_record, dmarc_policy, dmarc_strict_dkim and dmarc_strict_spf. Several records, or a
 * broken one, count as none (RFC 7489 6.6.3). */
void dmarc_read(const char *from_domain, const struct suffixes *suffixes,
		const struct resolver *resolver, struct finding *finding);

#endif
