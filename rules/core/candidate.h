/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * candidate.h - the fast path: is this message worth a judge? Asked at the end of the headers of
 * every message; nearly all mail is answered "no" here and costs nothing more.
 *
 * LISTED: the domain of the envelope sender, of any address-like thing in a From header, or of a
 * DKIM d= holds an entry that is enabled. WORDING: a subject, or the display name of a plain From,
 * is one that a class names (or hit a match limit). What is looked up is read leniently: a
 * candidate that is odd is judged and found wanting, an odd one that is passed over would be a way
 * around the judge.
 *
 * Bounded: CANDIDATE_FROMS From headers and CANDIDATE_CLAIMS addresses in all of them,
 * CANDIDATE_SUBJECTS subjects of LIMIT_SUBJECT decoded octets, CANDIDATE_SIGNATURES signatures of
 * LIMIT_SIGNATURE_BYTES octets. Mail with more of them is still a candidate by what was looked at.
 */
#ifndef RULES_CORE_CANDIDATE_H
#define RULES_CORE_CANDIDATE_H

#include "rules/core/classes.h"
#include "rules/core/list.h"
#include "rules/core/message.h"

enum {
	CANDIDATE_FROMS = 10,
	CANDIDATE_CLAIMS = 200,
	CANDIDATE_SUBJECTS = 3,
	CANDIDATE_SIGNATURES = 10 * LIMIT_SIGNATURES,
};

enum candidate_lane {
	CANDIDATE_NO,
	CANDIDATE_WORDING, /* waits behind the other lane */
	CANDIDATE_LISTED,
};

/* Belongs to one connection; what it has grown to stays within a few KB. */
struct candidate_scratch {
	struct pattern_scratch *pattern;
	struct str text, folded;
};
bool candidate_scratch_init(struct candidate_scratch *s); /* false when memory is short */
void candidate_scratch_free(struct candidate_scratch *s); /* takes NULL and all zero */

struct candidate {
	enum candidate_lane lane;
	bool from_plain;     /* exactly one From with exactly one plain address */
	struct address from; /* valid if from_plain */
	const struct sender
	    *entry; /* listed by that exact address or whole domain; may be disabled */
	const struct sender *claimed; /* entry, or whose address a From names in any spelling,
				       * display names included; may be disabled */
	enum class_id wording;        /* of the subject; CLASS_NONE if none */
};

/* classes may have only its subject and display sets. Allocates nothing once scratch is warm. */
void candidate_test(const struct list *list, const struct classes *classes,
		    const struct message *message, struct candidate_scratch *scratch,
		    struct candidate *ret_candidate);

#endif
