/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rdap.h - which registry answers for a name (RFC 9224), and what its answer says (RFC 9083).
 *
 * Both are JSON that came over the net: bounded in octets and depth, read by jansson, and an answer
 * moreover in a sealed child (judge/seal.h), which hands back a plain record. What is missing is
 * not known; what is of the wrong type, or about another name, is no answer.
 */
#ifndef CLI_WATCH_RDAP_H
#define CLI_WATCH_RDAP_H

#include "rules/core/standing.h"

/* -- the bootstrap file --------------------------------------------------------------------- */

struct bootstrap;

/* NULL after a message in why[]: no JSON, no services, a base URL that is none. */
struct bootstrap *bootstrap_read(struct slice text, char why[static 256]);
void bootstrap_free(struct bootstrap *b);                   /* takes NULL */
size_t bootstrap_count(const struct bootstrap *b);          /* labels */
const char *bootstrap_published(const struct bootstrap *b); /* "2026-11-01T…", or "" */
/* The base URL for a name in its one spelling, by the longest label that it lies below, https
 * before http; ends in "/". NULL: none. */
const char *bootstrap_find(const struct bootstrap *b, const char *name);

/* -- answers -------------------------------------------------------------------------------- */

struct rdap {
	struct registration registration; /* FOUND */
	char statuses[256];               /* as given, parted by ", "; those that fit */
};

/* Reads a whole answer about a name. False after a message in why[]. */
bool rdap_read(struct slice text, const char *name, struct rdap *ret_rdap, char why[static 160]);
/* The same, in a sealed child. */
bool rdap_read_sealed(struct slice text, const char *name, struct rdap *ret_rdap,
		      char why[static 160]);

#endif
