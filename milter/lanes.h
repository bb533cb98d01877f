/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lanes.h - how many messages are with judges at the same time, and who waits.
 *
 * Mail whose sender is listed may use every place; mail that is a candidate by its wording only
 * may use half of them, so that a flood of subjects never keeps a listed sender waiting. Waiting
 * is bounded by LIMIT_LANE_WAIT_MS; then the message goes unjudged.
 *
 * A place is held for so long as its judge may live. MTAs that begin a message and then send
 * nothing more keep no place for longer, and so do not keep judging from others.
 */
#ifndef MILTER_LANES_H
#define MILTER_LANES_H

#include <stdint.h>

#include "rules/core/candidate.h"

struct lanes;
struct lanes *lanes_new(unsigned places);
void lanes_free(struct lanes *l);
/* A place, until lanes_leave() or that time (CLOCK_MONOTONIC, ms): the ticket of it, 0 when none
 * came free in time. */
uint64_t lanes_enter(struct lanes *l, enum candidate_lane lane, int64_t until);
/* Also after the place has been given to somebody else, and with 0. */
void lanes_leave(struct lanes *l, uint64_t ticket);

#endif
