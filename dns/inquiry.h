/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inquiry.h - what one of a zone's own name servers says about the delegation of a name below it,
 * as it crosses process borders; one a packet.
 *
 * keepname-inquirer takes them on its descriptor 3 and answers each once. Names are plain, as in
 * question.h; a parent may be a single label ("com").
 */
#ifndef DNS_INQUIRY_H
#define DNS_INQUIRY_H

#include "base/limits.h"
#include "base/pack.h"

struct inquiry {
	uint64_t id; /* the asker's; the answer echoes it */
	char name[LIMIT_DOMAIN + 1];
	uint8_t family;      /* 4 or 6 */
	uint8_t address[16]; /* of the server, network order; of IPv4 the first 4 */
};

enum inquiry_result {
	INQUIRY_NO_NAME,  /* NXDOMAIN, with authority */
	INQUIRY_EMPTY,    /* with authority: the name is there, without NS records */
	INQUIRY_FOUND,    /* its name servers: a referral to them, or an answer with authority */
	INQUIRY_SILENT,   /* no answer in time */
	INQUIRY_ERROR,    /* SERVFAIL, REFUSED, another error code */
	INQUIRY_LAME,     /* no authority, or a referral elsewhere */
	INQUIRY_NONSENSE, /* what is no DNS, by TCP; NS records without a plain name */
	INQUIRY_RESULT_COUNT,
};
/* "no such name", "silent" …: for a person. */
const char *inquiry_result_words(enum inquiry_result r);

struct inquiry_answer {
	uint64_t id;
	enum inquiry_result result;
	uint32_t count; /* of FOUND at least 1, else 0 */
	char server[LIMIT_NAMESERVERS]
		   [LIMIT_DOMAIN + 1]; /* lower case, sorted; of more the first */
};

void inquiry_pack(const struct inquiry *q, struct str *to);
void inquiry_answer_pack(const struct inquiry_answer *a, struct str *to);
/* False for anything out of range; a false one leaves *ret alone. */
bool inquiry_unpack(struct slice packet, struct inquiry *ret_inquiry);
bool inquiry_answer_unpack(struct slice packet, struct inquiry_answer *ret_answer);

#endif
