/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lanes.h - how many messages are with judges at the same time, and who waits.
 *
 * Mail whose sender is listed may use every place; mail that is a candidate by its wording only
 * may use half of them, so that a flood of subjects never keeps a listed sender waiting. Waiting
 * is bounded by LIMIT_LANE_WAIT_MS; then the message goes unjudged.
 */
#ifndef MILTER_LANES_H
#define MILTER_LANES_H

#include "rules/core/candidate.h"

struct lanes;
struct lanes *lanes_new(unsigned places);
void lanes_free(struct lanes *l);
/* A place; false when none came free in time. */
bool lanes_enter(struct lanes *l, enum candidate_lane lane);
void lanes_leave(struct lanes *l, enum candidate_lane lane);

#endif
