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
/* After the body, in this order. First the proofs, by libraries that see headers and octets alone;
 * then the letter, which adds the rest of the finding: whatever takes this process over while it
 * reads MIME and HTML comes too late to change what was said of the proofs. */
void examine_prove(struct examine *e, bool body_cut, struct finding *ret_finding);
/* False when memory was short. */
bool examine_end(struct examine *e, bool body_cut, struct finding *finding);
void examine_free(struct examine *e);

#endif
