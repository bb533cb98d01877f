/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * notices.h - what somebody has been told already: of a pending, the step of its escalation; of an
 * alarm, that it stands; and who has the day's digest.
 */
#ifndef DB_NOTICES_H
#define DB_NOTICES_H

#include "db/store.h"

/* Steps, from the earliest to the last. */
enum notice_step {
	NOTICE_WEEK,
	NOTICE_THREE,
	NOTICE_ONE,
	NOTICE_TODAY, /* due today, or over */
	NOTICE_HELD,
	NOTICE_NAMED, /* no step: a digest names it */
};

struct notice {
	int64_t pending; /* 0: it is about an alarm */
	enum notice_step step;
	int64_t alarm;
};
/* What one mail tells. Starts zeroed. */
struct notices {
	struct notice *list;
	size_t count, size;
	bool failed; /* memory was short */
};
void notices_add(struct notices *n, int64_t pending, enum notice_step step);
void notices_add_alarm(struct notices *n, int64_t alarm);
void notices_free(struct notices *n);

/* Whether somebody has been told of this step, or of a later one. */
enum store_status notices_has(struct store *s, int64_t pending, enum notice_step step,
			      bool *ret_told);
/* All of them, in one transaction, once that mail is out to this address. A pending that has been
 * settled and reopened is told of anew. Each pending's history says "reminded", of what and whom.
 */
enum store_status notices_note(struct store *s, const struct notices *n, const char *actor,
			       const char *to, int64_t now);

/* Whether a digest went to this recipient at or after `since`; "": the administrator. */
enum store_status notices_mailed(struct store *s, const char *recipient, int64_t since, int64_t now,
				 bool *ret_mailed);
/* When the last one went to the administrator; 0: never. */
enum store_status notices_last_mailed(struct store *s, int64_t *ret_at);
enum store_status notices_note_mailed(struct store *s, const char *recipient, int64_t now);
/* Forgets recipients to whom the last one went before then. */
enum store_status notices_forget_mailed(struct store *s, int64_t before);

#endif
