/* SPDX-License-Identifier: BSD-2-Clause */
/* pending_text.c - pendings for people. */
#include <stdio.h>

#include "cli/pending.h"

const char *pending_due_text(const struct pending *p, int64_t now, char to[static 64])
{
	const int64_t days = cli_days_left(p->deadline, now);

	if (p->deadline == 0)
		snprintf(to, 64, "no date");
	else if (days > 1)
		snprintf(to, 64, "in %lld days", (long long)days);
	else if (days == 1)
		snprintf(to, 64, "within a day");
	else if (p->deadline >= now)
		snprintf(to, 64, "now");
	else if (days >= -1)
		snprintf(to, 64, "a day ago");
	else
		snprintf(to, 64, "%lld days ago", -(long long)days);
	return to;
}

const char *pending_matter(const struct pending *p)
{
	return p->domain[0] != '\0' ? p->domain : p->subject;
}

void pending_reasons(const struct pending *p, struct str *to)
{
	for (int i = 0; i < REASON_COUNT; i++)
		if ((p->reasons & 1u << i) != 0)
			str_printf(to, "%s%s", to->n > 0 ? ", " : "", reason_name((enum reason)i));
}
