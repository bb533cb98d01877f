/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * examine.h - the judgement of one message, as calls in the order of the data; the same in the
 * sealed child and in the replay tests.
 */
#ifndef JUDGE_EXAMINE_H
#define JUDGE_EXAMINE_H

#include "judge/request.h"
#include "proof/resolver.h"
#include "rules/letter/letter.h"

struct examine;

struct examine *examine_begin(const struct request *request, const struct letter_rules *rules,
			      const struct resolver *resolver);
void examine_body(struct examine *e, const void *p, size_t n);
/* False when memory was short. */
bool examine_end(struct examine *e, bool body_cut, struct finding *ret_finding);
void examine_free(struct examine *e);

#endif
