/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ask.h - the judge's resolver: questions as frames to the listener, answers kept for the message.
 */
#ifndef JUDGE_ASK_H
#define JUDGE_ASK_H

#include "judge/frame.h"
#include "proof/resolver.h"

struct ask;

/* fd: the message's stream; reader: its reader, shared with child.c. NULL when memory is short. */
struct ask *ask_new(int fd, struct frame_reader *reader);
void ask_free(struct ask *a);
struct resolver ask_resolver(struct ask *a);
/* Sends what was expected so far; without it that goes with the first question that is waited for.
 */
void ask_flush(struct ask *a);
uint32_t ask_count(const struct ask *a); /* questions asked so far */

#endif
