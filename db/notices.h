/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * notices.h - what somebody has been told already: of a pending, the step of its escalation.
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
	NOTICE_STEP_COUNT,
};

struct notice {
	int64_t pending;
	enum notice_step step;
};
/* Starts zeroed. */
struct notices {
	struct notice *list;
	size_t count, size;
	bool failed; /* memory was short */
};
void notices_add(struct notices *n, int64_t pending, enum notice_step step);
void notices_free(struct notices *n);

/* Whether somebody has been told of this step, or of a later one. */
enum store_status notices_has(struct store *s, int64_t pending, enum notice_step step,
			      bool *ret_told);
/* All of them, in one transaction. A pending that has been settled and reopened is told of anew. */
enum store_status notices_note(struct store *s, const struct notices *n, int64_t now);

#endif
