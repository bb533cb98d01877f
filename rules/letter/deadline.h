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

struct deadline {
	int64_t when; /* Unix seconds; 0: none */
	enum deadline_source source;
	bool refused; /* a date was stated as the deadline and is absurd, and none was stated that
		       * is not: it stands in the mail, and when does not follow it */
};

/* subject and text: in the form of fold.h, the text line by line. class decides which dates are
 * sensible and what an expiry date means; CLASS_NONE is fine. date: of the mail, 0 if unknown (then
 * only stated dates count). days: by entry, platform or class, 0 if none. */
void deadline_read(struct slice subject, struct slice text, enum class_id class, int64_t date,
		   unsigned days, struct deadline *ret_deadline);

#endif
