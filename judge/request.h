/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request.h - what a judge is told about one message: headers, envelope, the matched entry, the
 * time. The matched entry travels as the list's own text (sender_print, platform_print), so that
 * there is one format and the size of the list never touches the judge.
 */
#ifndef JUDGE_REQUEST_H
#define JUDGE_REQUEST_H

#include "rules/core/list.h"
#include "rules/core/message.h"

struct request {
	uint64_t nonce;                    /* random; the record echoes it */
	int64_t now;                       /* Unix seconds */
	const struct message *message;     /* its headers (and whether they keep the leading space);
					    * envelope and recipients stay behind */
	const struct sender *entry;        /* or NULL */
	char from[LIMIT_ADDRESS + 1];      /* the plain From address, "" if there is none */
	char mail_from[LIMIT_ADDRESS + 1]; /* plain, "" for the null sender or an odd one */
	char helo[LIMIT_DOMAIN + 1];       /* "" when unknown */
	int client_family; /* AF_INET, AF_INET6, or 0: unknown: then SPF is not asked */
	unsigned char client_ip[16];
	bool want_proof_of_claim; /* From claims a listed sender: ask DMARC as well */
};

void request_pack(const struct request *r, struct str *to);

/* The judge's copy of a request: owns all it points to, and points into itself: do not move it. */
struct request_copy {
	struct request request;
	struct message message;
	struct list *list; /* holds the entry */
};
/* 0, EBADMSG for anything out of range, or ENOMEM. */
int request_unpack(struct slice packed, struct request_copy *ret_copy);
void request_copy_free(struct request_copy *c);

#endif
