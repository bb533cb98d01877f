/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * client.h - the asker's side of the resolver: many threads ask through one socket.
 *
 * One reader thread takes the packets in. A question is under way until its answer is delivered or
 * it is cancelled; ids start at a random number, so that answers to a process of the past fit
 * nothing. After a hello every question under way is sent again. What does not fit into a full
 * socket is sent when there is room; if the resolver is gone for good, the question simply gets no
 * answer: the asker's own deadline ends it.
 */
#ifndef DNS_CLIENT_H
#define DNS_CLIENT_H

#include "dns/question.h"

struct dns_client;

/* Takes over fd (SOCK_SEQPACKET) and starts the reader thread. 0, or an errno value. */
int dns_client_open(int fd, struct dns_client **ret_client);
/* Ends the thread; nothing may be under way any more. Takes NULL. */
void dns_client_close(struct dns_client *c);

/* A question of one asker; the asker's storage, all zero at first. */
struct dns_wait {
	struct dns_wait *next, **link; /* client's */
	struct question question;
	bool under_way;
	bool unsent; /* client's: waits for room in the socket, or for a hello */
	/* Called by the reader thread with the client's lock held: be short, do not ask. The answer
	 * is the client's. Not called any more once dns_client_cancel has returned. */
	void (*answered)(struct dns_wait *wait, const struct answer *answer);
	void *context;
};

/* Sends wait->question (type and name set by the caller; the id is set here). False when
 * LIMIT_DNS_UNDER_WAY are under way or the name may not be asked: answered will not be called. */
bool dns_client_ask(struct dns_client *c, struct dns_wait *wait);
void dns_client_cancel(struct dns_client *c, struct dns_wait *wait); /* also when not under way */

#endif
