/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dkimcheck.h - DKIM verification (RFC 6376, 8301, 8463) by libopendkim, fenced. (Its own names
 * begin with dkim_, so ours do not.)
 *
 * Fences, each with a test: only signatures that dkimsig_parse accepts, at most LIMIT_SIGNATURES,
 * preferring those aligned with From (the cost of ignored ones is quadratic); a pad header with
 * an unguessable name before the end of the headers; own key lookup that never answers DEFAULT,
 * counts TXT records and bounds them; LF to CRLF; no FIXCRLF, STRICTHDRS, CACHE, dkim_chunk or
 * dkim_ohdrs; a pass is PROCESSED and PASSED, no error, body hash MATCH and nothing else.
 *
 * Results: PASS is a signature that verifies; what is wrong with it nevertheless is in its flaws,
 * and only a pass without flaws is proof. FAIL is a signature that certainly does not fit the
 * message. TEMPERROR is trouble with the DNS or with memory. POLICY is a signature that we do not
 * verify or believe: rsa-sha1, a short key, times beyond reason, more signatures than the limit,
 * what the library cannot be trusted with. PERMERROR is all else: a broken signature, no key, a
 * revoked or broken key.
 */
#ifndef PROOF_DKIMCHECK_H
#define PROOF_DKIMCHECK_H

#include "proof/dkimsig.h"
#include "proof/resolver.h"
#include "rules/core/domain.h"

/* Once per process, before anything is sealed; warms OpenSSL (a small verification). */
bool dkimcheck_init(void);
void dkimcheck_deinit(void);

struct dkimcheck;

/* Begins with all headers of a message; expects the keys through the resolver. from_domain: in its
 * one spelling, or "". NULL when memory is short; a message without usable signatures is fine. */
struct dkimcheck *dkimcheck_begin(const struct message *message, const char *from_domain,
				  const struct suffixes *suffixes, const struct resolver *resolver,
				  int64_t now);
void dkimcheck_body(struct dkimcheck *d, const void *p, size_t n); /* as it came, CRLF or LF */
/* Asks for the keys, verifies, fills dkim and dkim_count of the finding. body_cut: the message went
 * on after what was given: then no signature is verified (NOT_ASKED), and REASON_LIMIT is said. */
void dkimcheck_end(struct dkimcheck *d, bool body_cut, struct finding *finding);
void dkimcheck_free(struct dkimcheck *d);

#endif
