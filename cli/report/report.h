/* SPDX-License-Identifier: BSD-2-Clause */
/* report.h - between the files of keepname report: two pictures, as SVG within the page. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "base/str.h"
#include "rules/core/verdict.h"

enum {
	REPORT_DAYS = 30,  /* of the time line, from today */
	REPORT_WEEKS = 26, /* of verdicts over time */
	REPORT_ROWS = 100, /* of a table; the rest is counted */
};

/* How many matters are due on each day from today; [0] also holds what is over. */
struct report_due {
	size_t proved[REPORT_DAYS + 1], review[REPORT_DAYS + 1];
};
void report_due_svg(const struct report_due *due, struct str *to);

/* Mails by week, the present one last. */
struct report_weeks {
	int64_t first; /* the number of the first week, of 7 days since the epoch */
	int64_t mails[REPORT_WEEKS][VERDICT_COUNT];
};
void report_weeks_svg(const struct report_weeks *weeks, struct str *to);

/* Of the pictures, for html_begin. */
extern const char report_style[];

#endif
