/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * maildate.h - the Date header.
 */
#ifndef RULES_LETTER_MAILDATE_H
#define RULES_LETTER_MAILDATE_H

#include "base/str.h"

struct maildate {
	int64_t when; /* Unix seconds; 0: unknown */
	int east;     /* of UTC, in minutes: the clock by which it was written */
};

/* RFC 5322 3.3 date-time (and the obsolete forms of 4.3). */
bool maildate_read(struct slice value, struct maildate *ret_date);

#endif
