/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kept.h - answers that have been given lately, by question.
 *
 * libunbound has them too, but in its own thread: four writes and reads of a pipe for each
 * question, and half of what the resolver costs a message. Only data is kept, never that there is
 * none or that there was trouble, for its own TTL and no longer than LIMIT_DNS_KEPT_S. Each
 * question has one place, shared with others: the newer answer takes it.
 */
#ifndef DNS_KEPT_H
#define DNS_KEPT_H

#include "dns/question.h"

struct kept;

struct kept *kept_new(void); /* NULL: memory is short */
void kept_free(struct kept *k);
/* The answer, its id that of the question and its TTL what is left of it; borrowed until the next
 * call. NULL: none is kept, or no more. now: s, of a clock that runs on while the system sleeps. */
const struct answer *kept_find(struct kept *k, const struct question *q, int64_t now);
/* Copies it. */
void kept_note(struct kept *k, const struct question *q, const struct answer *a, int64_t now);

#endif
