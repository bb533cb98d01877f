/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * client.h - having one message judged: the side that owns something and trusts nothing.
 *
 *   judge_begin    a socket pair, one end to the zygote, the request down the other
 *   judge_body     any number of times
 *   judge_finish   relays DNS questions until the record, the deadline, or nonsense comes
 *   judge_free     at end, abort or close, in any state
 *
 * A session belongs to one thread at a time. A judge that crashes, stalls, babbles, answers late
 * or for another message leaves this one message unjudged and nothing else.
 */
#ifndef JUDGE_CLIENT_H
#define JUDGE_CLIENT_H

#include "dns/client.h"
#include "judge/request.h"
#include "rules/core/finding.h"

struct judge_client {
	int zygote_fd; /* SOCK_SEQPACKET */
	struct dns_client *dns;
};

enum judge_status {
	JUDGE_OK,
	JUDGE_GONE, /* no zygote, or the child died */
	JUDGE_BUSY, /* the zygote's socket is full */
	JUDGE_LATE,
	JUDGE_NONSENSE, /* giant frame, wrong nonce, bad record, babble */
	JUDGE_NO_MEMORY,
	JUDGE_STATUS_COUNT,
};
const char *judge_status_name(enum judge_status s);

struct judge_session; /* one message */

/* Deadlines as in frame.h. The request is copied. */
enum judge_status judge_begin(const struct judge_client *client, const struct request *request,
			      int64_t deadline, struct judge_session **ret_session);
enum judge_status judge_body(struct judge_session *s, const void *p, size_t n, int64_t deadline);
/* dns_deadline: questions that are unanswered then, and all later ones, are answered
 * ANSWER_TROUBLE, so that the judge still gives its record. */
enum judge_status judge_finish(struct judge_session *s, bool body_cut, int64_t dns_deadline,
			       int64_t deadline, struct finding *ret_finding);
/* How its questions were answered so far. */
void judge_answers(const struct judge_session *s, unsigned ret_count[static ANSWER_STATUS_COUNT]);
void judge_free(struct judge_session *s);

#endif
