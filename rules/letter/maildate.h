/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * maildate.h - the Date header.
 */
#ifndef RULES_LETTER_MAILDATE_H
#define RULES_LETTER_MAILDATE_H

#include "base/str.h"

/* RFC 5322 3.3 date-time (and the obsolete forms of 4.3) to Unix seconds. */
bool maildate_read(struct slice value, int64_t *ret_time);

#endif
