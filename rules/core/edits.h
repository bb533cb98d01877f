/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * edits.h - what is to be done to a message, as data: verdict in, list of header edits out.
 * One file applies them (milter/apply.c), `keepname check` prints them, tests compare them.
 *
 * Order matters: the deletions of our own header first, from the highest index down (right for
 * Postfix, which re-counts after each, and for Sendmail, which does not), then changes and
 * deletions of the priority headers likewise, then what is inserted.
 * Values are without the leading space; folded with LF and a tab, behind ";" and, in lists that are
 * too long for a line, behind ",": no line passes 78 octets unless one name alone does, none 998.
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
const char *edit_action_name(enum edit_action a); /* "delete", "change", "insert", "add" */

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
	size_t copies_left; /* of our header, that are not deleted: see edits_strip */
	bool failed; /* memory was short: the list holds nothing but deletions of our header */
};

void edits_free(struct edits *e); /* takes NULL; leaves it all zero */

#define EDITS_KEEP_NONE ((size_t)-1)

/* Deletes every copy of our header (any spelling), but for the header of index `keep` in the
 * message; what every message gets. Indexes count headers of the same name without regard to case,
 * as MTAs count them. Each deletion makes Postfix read the headers from the start, so a mail of
 * nothing but such headers could keep it busy for hours: LIMIT_OUR_HEADERS are deleted, and how
 * many stay is said in copies_left. Such a mail is an attack; the caller must not let it pass as it
 * is. */
void edits_strip(const struct message *message, size_t keep, struct edits *to);

/* Whether the priority headers are due: GENUINE mail of a class in boost (bits) that is not known
 * to be about somebody else's name. */
bool edits_boost(const struct decision *decision, uint32_t boost);

/* Our header for a decision (not for NONE) and, where edits_boost says so, the priority headers:
 * one that is there is changed and its copies deleted; one that a signature's h= names, present or
 * not, is left as it is. finding gives the domains. by is our authserv-id. */
void edits_mark(const struct message *message, const struct decision *decision,
		const struct finding *finding, uint32_t boost, const char *by, struct edits *to);

/* Appends the value of our header (for edits_mark and the log):
 *   VERDICT; reason=…; class=…; imitates=…; registrar="…"; domain=…; domains=N; deadline=…;
 * proof=…; ours=…; by=… absent keys left out: reason (several with commas) for GENUINE, registrar
 * where the sender is not proved, domains unless there are more than named. The registrar is a
 * quoted string with \" and
 * \\, "?" for what is not printable ASCII, at most EDITS_REGISTRAR octets. A name that is not in
 * its one spelling is left out. */
enum {
	EDITS_REGISTRAR = 60,
};
void edits_header_value(const struct decision *decision, const struct finding *finding,
			const char *by, struct str *to);

#endif
