/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * judgement.h - the way of one message through the listener, in four steps that the callbacks call.
 *
 * No trouble of ours ever stops a message: judgement_give_up() is the one place that ends in
 * "unjudged", it logs once, and the message goes through with nothing but forged copies of our
 * header taken away.
 */
#ifndef MILTER_JUDGEMENT_H
#define MILTER_JUDGEMENT_H

#include "milter/session.h"
#include "rules/core/edits.h"

enum judgement_wish {
	JUDGEMENT_NOTHING, /* accept now: no body, no end of message */
	JUDGEMENT_STRIP,   /* the end of the message is wanted, to delete headers; no body */
	JUDGEMENT_BODY,    /* the body is wanted */
};

/* At the end of the headers: candidate? If so a judge gets the request. */
enum judgement_wish judgement_headers(struct session *s, const char *queue_id);
/* A piece of the body; false: no more is wanted. */
bool judgement_body(struct session *s, const void *p, size_t n);

struct judgement {
	struct edits edits;
	bool defer; /* on_dns_error = tempfail, a listed sender, and the DNS gave no answer */
};
/* At the end of the message: verdict, record (durable before this returns), log line, edits. */
void judgement_end(struct session *s, const char *queue_id, struct judgement *ret_judgement);

#endif
