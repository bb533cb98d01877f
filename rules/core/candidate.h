/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * candidate.h - the fast path: is this message worth a judge? Asked at the end of the headers of
 * every message; nearly all mail is answered "no" here and costs nothing more.
 *
 * YES by listing: the domain of the envelope sender, any address-like thing in any From header, or
 * a DKIM d= holds an entry. YES by wording: the subject or a From display name is one that a class
 * names. What is looked up is read leniently: a candidate that is odd is judged and found wanting,
 * an odd one that is passed over would be a way around the judge.
 */
#ifndef RULES_CORE_CANDIDATE_H
#define RULES_CORE_CANDIDATE_H

#include "rules/core/classes.h"
#include "rules/core/list.h"
#include "rules/core/message.h"

enum candidate_lane {
	CANDIDATE_NO,
	CANDIDATE_WORDING, /* waits behind the other lane */
	CANDIDATE_LISTED,
};

/* Belongs to one connection. */
struct candidate_scratch {
	struct pattern_scratch *pattern;
	struct str text;
};
bool candidate_scratch_init(struct candidate_scratch *s);
void candidate_scratch_free(struct candidate_scratch *s);

struct candidate {
	enum candidate_lane lane;
	bool from_plain;             /* exactly one From with exactly one plain address */
	struct address from;         /* valid if from_plain */
	const struct sender *entry;  /* listed by that exact address or whole domain; may be disabled */
	const struct sender *claimed; /* entry, or what a From of any spelling claims to be */
	enum class_id wording;       /* of the subject; CLASS_NONE if none */
};

/* classes may have only its subject and display sets. */
void candidate_test(const struct list *list, const struct classes *classes,
		    const struct message *message, struct candidate_scratch *scratch,
		    struct candidate *ret_candidate);

#endif
