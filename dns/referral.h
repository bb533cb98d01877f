/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * referral.h - the one question that is put to a parent zone's server, and what its answer means.
 *
 * Octets in, a finding out: no socket, no clock. RFC 1034 4.3.2, 1035 4, 2308 2.2, 6891.
 * The packets are read by the C library's ns_parserr(3) family, which checks every length; names
 * that are not plain (question.h) are of no use to anybody and are left out.
 */
#ifndef DNS_REFERRAL_H
#define DNS_REFERRAL_H

#include "dns/inquiry.h"

enum {
	REFERRAL_QUERY = 12 + 255 + 4 + 11, /* octets at most: header, name, type and class, OPT */
	REFERRAL_UDP = 1232,                /* what we say that we take by UDP (flag day 2020) */
};

/* "NS of name", recursion not desired, with an OPT record where edns. The length; 0 for what is no
 * name. */
size_t referral_query(const char *name, uint16_t id, bool edns, uint8_t to[static REFERRAL_QUERY]);

enum referral_reading {
	REFERRAL_NOT_OURS,  /* not an answer to this question: wait for another */
	REFERRAL_TRUNCATED, /* ask again by TCP */
	REFERRAL_NO_EDNS,   /* ask again without OPT */
	REFERRAL_READ,      /* the finding is written */
};
/* Sets result, count and server of *ret_answer, on REFERRAL_READ alone. tcp: never TRUNCATED. */
enum referral_reading referral_read(const uint8_t *packet, size_t n, const char *name, uint16_t id,
				    bool edns, bool tcp, struct inquiry_answer *ret_answer);

#endif
