/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * edits.h - what is to be done to a message, as data: verdict in, list of header edits out.
 * One file applies them (milter/apply.c), `keepname check` prints them, tests compare them.
 *
 * Order matters: the deletions of our own header first, from the highest index down (right for
 * Postfix, which re-counts after each, and for Sendmail, which does not), then changes and
 * deletions of the priority headers likewise, then what is inserted.
 * Values are without the leading space; folded with LF and a tab.
 */
#ifndef RULES_CORE_EDITS_H
#define RULES_CORE_EDITS_H

#include "rules/core/verdict.h"

enum edit_action {
	EDIT_DELETE, /* the index-th header of that name, from 1 */
	EDIT_CHANGE,
	EDIT_INSERT, /* at the very top */
	EDIT_ADD,    /* at the end of the headers */
};
const char *edit_action_name(enum edit_action a);

struct edit {
	enum edit_action action;
	char *name;
	unsigned index; /* 0 for INSERT and ADD */
	char *value;    /* NULL for DELETE */
};

struct edits {
	struct edit *list;
	size_t count;
	size_t room;
	bool failed; /* memory was short: apply none but the deletions already in the list */
};

void edits_free(struct edits *e);

#define EDITS_KEEP_NONE ((size_t)-1)

/* Deletes every copy of our header (any spelling), but for the header of index `keep` in the
 * message; what every message gets. Indexes count headers of the same name without regard to case,
 * as MTAs count them. */
void edits_strip(const struct message *message, size_t keep, struct edits *to);
/* Our header for a decision and, for GENUINE mail of a class in boost (bits) that is not known to
 * be about somebody else's name, the priority headers. finding gives the domains. by is our
 * authserv-id. */
void edits_mark(const struct message *message, const struct decision *decision,
		const struct finding *finding, uint32_t boost, const char *by, struct edits *to);
/* The value of our header (for edits_mark and the log). */
void edits_header_value(const struct decision *decision, const struct finding *finding,
			const char *by, struct str *to);

#endif
