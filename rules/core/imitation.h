/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * imitation.h - whether the names in a message's From imitate a listed one (lookalike.h).
 *
 * Looked at are the domain of a plain From, then whatever else in a From header looks like a host
 * name or an address, display names included, raw and decoded. A plain From in a listed name's
 * domain imitates nobody, whatever else it says. A listed name itself is an imitation where it
 * stands beside a plain From of another domain ("embedded").
 *
 * Asked only about mail that reads like a registrar's and claims to come from no listed address.
 * Bounded: CANDIDATE_FROMS headers, IMITATION_NAMES names.
 */
#ifndef RULES_CORE_IMITATION_H
#define RULES_CORE_IMITATION_H

#include "rules/core/candidate.h"
#include "rules/core/lookalike.h"

enum {
	IMITATION_NAMES = 20, /* in all From headers of a message */
};

/* The first imitation that is found. False for none, and when memory is short. */
bool imitation_find(const struct lookalikes *lookalikes, const struct suffixes *suffixes,
		    const struct message *message, const struct candidate *candidate,
		    struct imitation *ret_imitation);

#endif
