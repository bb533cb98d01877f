/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dkimsig.h - reads a DKIM-Signature's tag list (RFC 6376 3.2, 3.5) before libopendkim does.
 *
 * The library is only given signatures that this reader accepts: that is the fence around its
 * memory errors (i= decoding) and around what it accepts and should not. Strict: one copy of each
 * tag, plain labels in d= and s=, no control octets, h= of header names.
 */
#ifndef PROOF_DKIMSIG_H
#define PROOF_DKIMSIG_H

#include "rules/core/finding.h"
#include "rules/core/message.h"

enum {
	DKIMSIG_HEADERS = 200, /* names in h= */
};

struct dkimsig {
	char d[LIMIT_DOMAIN + 1]; /* lower case */
	char s[LIMIT_DOMAIN + 1];
	bool rsa_sha256, ed25519_sha256, rsa_sha1;
	bool has_length; /* l= */
	int64_t signed_at, expires_at; /* t=, x=; 0: absent */
	struct slice h[DKIMSIG_HEADERS]; /* into the value */
	size_t h_count;
	bool identity_odd; /* i= outside d=, over-long, or coded oddly */
};

/* False: libopendkim must not see this one. value is as it came from the wire, folded or not. */
bool dkimsig_parse(struct slice value, struct dkimsig *ret_sig);
/* Instances of a header that h= names. */
size_t dkimsig_names(const struct dkimsig *sig, const char *header);
/* The flaws that the tag list shows by itself, given the message and the time. */
uint32_t dkimsig_flaws(const struct dkimsig *sig, const struct message *message, int64_t now);

#endif
