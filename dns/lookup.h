/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lookup.h - libunbound in its asynchronous mode, behind questions and answers.
 */
#ifndef DNS_LOOKUP_H
#define DNS_LOOKUP_H

#include "dns/question.h"

struct lookup;

/* nameserver: ADDR[@PORT] each; none: those of the system's resolv.conf, or, where there is no such
 * file, the root (then with DNSSEC, if Debian's root key is installed). NULL and a message in why[]
 * on failure. */
struct lookup *lookup_open(char *const nameserver[], size_t count, char why[static 256]);
/* Drops what is under way without a call of its done. Takes NULL. */
void lookup_close(struct lookup *l);
int lookup_fd(const struct lookup *l); /* readable: call lookup_process */

/* Starts one; done is called once, from lookup_process or, where the answer is at hand, at once; it
 * lives until that returns. False when LIMIT_DNS_UNDER_WAY is reached or memory is short: done will
 * not be called. */
bool lookup_start(struct lookup *l, const struct question *q,
		  void (*done)(void *context, const struct answer *answer), void *context);
void lookup_process(struct lookup *l);

#endif
