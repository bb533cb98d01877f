/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * date.h - the dates that stand on old mail and in logs. Times are Unix seconds.
 */
#ifndef CLI_DATE_H
#define CLI_DATE_H

#include <time.h>

#include "base/str.h"

/* RFC 5322 3.3, "Fri, 27 Nov 2026 05:30:13 +0100 (CET)"; the day's name may be absent, the seconds
 * too. An obsolete zone but UT and GMT is taken for UTC. */
bool date_of_mail(struct slice text, int64_t *ret_time);
/* The date behind the last semicolon of a Received field. */
bool date_of_received(struct slice value, int64_t *ret_time);
/* An mbox's line "From ADDRESS Fri Nov 27 05:30:13 2026": a zone may stand before or after the
 * year; without one UTC is taken. False also when it is no such line. */
bool date_of_from_line(struct slice line, int64_t *ret_time);
/* The seconds with which a Maildir's file name begins, "1700000000.M1P2.host:2,S". */
bool date_of_maildir(const char *name, int64_t *ret_time);
/* "2026-11-22" (its first second here), RFC 3339, or seconds. */
bool date_of_option(const char *text, int64_t *ret_time);
/* What a log line begins with, taken off it with the space behind: RFC 3339, or "Nov 27 05:30:13"
 * of local time, which has no year: the latest that is not over a day after `latest`. */
bool date_of_log(struct slice *line, int64_t latest, int64_t *ret_time);

#endif
