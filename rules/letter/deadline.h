/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * deadline.h - until when: dates in the text, relative spans, policy (facts: policy of ICANN's
 * 2013 RAA, Registration Data Accuracy Program Specification).
 *
 * A stated date wins, and of several the earliest; "N days left" and "within N days" count from
 * the mail's own Date; otherwise Date + the sender's or class's days. Dates without a zone are
 * UTC; a date without a time means the end of that day (23:59:59Z). Absurd dates (limits.h) are
 * passed over.
 */
#ifndef RULES_LETTER_DEADLINE_H
#define RULES_LETTER_DEADLINE_H

#include "base/str.h"
#include "rules/core/terms.h"

struct deadline {
	int64_t when; /* Unix seconds; 0: none */
	enum deadline_source source;
};

/* date: of the mail, 0 if unknown (then only stated dates count). days: by entry, platform or
 * class, 0 if none. */
void deadline_read(struct slice subject, struct slice text, int64_t date, unsigned days,
		   struct deadline *ret_deadline);
/* RFC 5322 date-time to Unix seconds; false if it is not one. */
bool deadline_mail_date(struct slice value, int64_t *ret_time);

#endif
