/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dkimsig.h - reads a DKIM-Signature's tag list (RFC 6376 3.2, 3.5) before libopendkim does.
 *
 * The library is only given signatures that this reader accepts: that is the fence around its
 * memory errors (i= decoding), around what it cuts silently (h= past 4 KB), and around what it
 * accepts and should not. Strict: one copy of each tag and no look-alikes in other case, plain
 * names in d= and s=, no white space within values but where it is usual (b=, bh=, h=, z=), no
 * control or 8-bit octets, h= of header names, only q=dns/txt, i= coded as RFC 6376 2.11 says.
 */
#ifndef PROOF_DKIMSIG_H
#define PROOF_DKIMSIG_H

#include "rules/core/finding.h"
#include "rules/core/message.h"

enum {
	DKIMSIG_HEADERS = 200, /* names in h= */
	DKIMSIG_NAMES = 4000,  /* octets of h= without white space: the library cuts at 4095 */
	DKIMSIG_TAGS = 32,
};

struct dkimsig {
	char d[LIMIT_DOMAIN + 1]; /* lower case */
	char s[LIMIT_DOMAIN + 1];
	bool rsa_sha256, ed25519_sha256, rsa_sha1;
	bool has_length;                 /* l= */
	int64_t signed_at, expires_at;   /* t=, x=; 0: absent */
	struct slice h[DKIMSIG_HEADERS]; /* into the value */
	size_t h_count;
	bool identity_odd;   /* i= outside d=, or without one "@" */
	bool identity_below; /* i= in a subdomain of d= */
};

/* False: libopendkim must not see this one. value is as it came from the wire, folded or not.
 * Where they could be read, ret_sig->d and s name it even then (d is "" otherwise). */
bool dkimsig_parse(struct slice value, struct dkimsig *ret_sig);
/* The name of the key record, "s._domainkey.d"; false when that is too long. */
bool dkimsig_key_name(const struct dkimsig *sig, char ret_name[static LIMIT_DOMAIN + 1]);
/* Instances of a header that h= names. */
size_t dkimsig_names(const struct dkimsig *sig, const char *header);
/* Whether header i has this name for any reader: white space and control octets behind it do not
 * count, nor does what a NUL hides. */
bool dkimsig_header_is(const struct message *message, size_t i, const char *header);
/* The flaws that the tag list shows by itself, given the message and the time. */
uint32_t dkimsig_flaws(const struct dkimsig *sig, const struct message *message, int64_t now);

#endif
