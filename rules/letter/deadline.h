/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * deadline.h - until when: dates in the text, relative spans, policy (ICANN's 2013 RAA,
 * Registration Data Accuracy Program Specification; Transfer Policy; ERRP). The arithmetic is
 * explained in deadline.c.
 */
#ifndef RULES_LETTER_DEADLINE_H
#define RULES_LETTER_DEADLINE_H

#include "base/str.h"
#include "rules/core/terms.h"
#include "rules/letter/maildate.h"

struct deadline {
	int64_t when; /* Unix seconds; 0: none */
	enum deadline_source source;
	bool refused; /* a date was stated as the deadline and is absurd or no day at all, and none
		       * was stated that is not: it stands in the mail, and when does not follow it
		       */
};

/* subject and text: in the form of fold.h, the text line by line. class decides which dates are
 * sensible and what an expiry date means; CLASS_NONE is fine. date: of the mail; unknown, only
 * stated dates with a year count. days: by entry, platform or class, 0 if none. */
void deadline_read(struct slice subject, struct slice text, enum class_id class,
		   struct maildate date, unsigned days, struct deadline *ret_deadline);

#endif
