/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * question.h - a DNS question and its answer as they cross process borders; one a packet.
 *
 * Names are plain: labels of letters, digits, hyphen, underscore, at most 253 octets, two labels
 * or more (for NS, one is enough), no trailing dot. (SPF macros can make others; those are never
 * asked about.) Answers are bounded by LIMIT_DNS_RECORDS and LIMIT_DNS_ANSWER; what is larger is
 * ANSWER_TROUBLE.
 */
#ifndef DNS_QUESTION_H
#define DNS_QUESTION_H

#include "base/limits.h"
#include "base/pack.h"

enum question_type {
	QUESTION_A,
	QUESTION_AAAA,
	QUESTION_MX,
	QUESTION_PTR,
	QUESTION_TXT,
	QUESTION_NS,
	QUESTION_TYPE_COUNT,
};
/* The DNS type number (RFC 1035, 3596). */
unsigned question_type_number(enum question_type t);

struct question {
	uint64_t id; /* the asker's; answers echo it */
	enum question_type type;
	char name[LIMIT_DOMAIN + 1];
};

enum answer_status {
	ANSWER_DATA,
	ANSWER_NO_DATA, /* the name exists, without records of this type */
	ANSWER_NO_NAME, /* NXDOMAIN */
	ANSWER_TROUBLE, /* SERVFAIL, time-out, bogus, too large, budget: unknown, not "no" */
	ANSWER_STATUS_COUNT,
};

/* Record data as octets: A 4, AAAA 16, TXT its strings joined, PTR and NS a name as text, MX 16
 * bits of preference (big-endian) and a name as text. Names have no trailing dot; the root is "".
 * Whoever reads a record checks its length against its type. Owns its storage: a struct copy
 * moves the ownership. */
struct answer {
	uint64_t id;
	enum answer_status status;
	uint32_t ttl; /* s */
	uint32_t count;
	struct slice record[LIMIT_DNS_RECORDS]; /* into data */
	struct str data;
};
void answer_free(struct answer *a); /* what it holds, not the struct */
/* Adds a record; false when it does not fit the limits or memory is short. Moves the others. */
bool answer_add(struct answer *a, const void *p, size_t n);

enum packet_kind {
	PACKET_QUESTION, /* to the resolver */
	PACKET_ANSWER,   /* from it */
	PACKET_HELLO,    /* from a resolver that has just started: ask again what is under way */
	PACKET_KIND_COUNT,
};

/* Whether a name may be asked about. */
bool question_name_ok(const char *name);
/* The same for a type: NS of a top-level domain may. */
bool question_ok(enum question_type t, const char *name);
void question_pack(const struct question *q, struct str *to); /* kind and question */
void answer_pack(const struct answer *a, struct str *to);     /* kind and answer */
void hello_pack(struct str *to);
/* The kind of a packet; PACKET_KIND_COUNT if it is none. */
enum packet_kind packet_kind_of(struct slice packet);
/* False for anything out of range; a false one leaves *ret alone. */
bool question_unpack(struct slice packet, struct question *ret_question);
bool answer_unpack(struct slice packet, struct answer *ret_answer); /* answer_free */

#endif
