/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dkim.h - DKIM verification (RFC 6376, 8301, 8463) by libopendkim, fenced.
 *
 * Fences, each with a test: only signatures that dkimsig_parse accepts, at most LIMIT_SIGNATURES,
 * preferring those aligned with From (the cost of ignored ones is quadratic); a pad header with
 * an unguessable name before the end of the headers; own key lookup that never answers DEFAULT,
 * counts TXT records and bounds them; LF to CRLF; no FIXCRLF, STRICTHDRS, CACHE, dkim_chunk or
 * dkim_ohdrs; a pass is PROCESSED and PASSED, no error, body hash MATCH and nothing else.
 */
#ifndef PROOF_DKIM_H
#define PROOF_DKIM_H

#include "proof/dkimsig.h"
#include "proof/resolver.h"
#include "rules/core/domain.h"

/* Once per process, before anything is sealed; warms OpenSSL (a small verification). */
bool dkim_init(void);
void dkim_deinit(void);

struct dkim;

/* Begins with all headers of a message; expects the keys through the resolver. from_domain: in its
 * one spelling, or "". NULL when memory is short; a message without usable signatures is fine. */
struct dkim *dkim_begin(const struct message *message, const char *from_domain,
			const struct suffixes *suffixes, const struct resolver *resolver,
			int64_t now);
void dkim_body(struct dkim *d, const void *p, size_t n); /* as it came, CRLF or LF */
/* Asks for the keys, verifies, fills dkim and dkim_count of the finding. body_cut: the message went
 * on after what was given: nothing passes then but TEMPERROR and REASON_LIMIT. */
void dkim_end(struct dkim *d, bool body_cut, struct finding *finding);
void dkim_free(struct dkim *d);

#endif
