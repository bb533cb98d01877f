/* SPDX-License-Identifier: BSD-2-Clause */
/* events.c - what happened, when, by whom and why; see events.h. */
#include "db/events.h"

#include "db/sql.h"

int events_note(struct store *s, const struct event *e)
{
	static const char text[] = "INSERT INTO event (at, actor, kind, domain, pending, detail)"
				   " VALUES (?1, ?2, ?3, nullif(?4, ''), nullif(?5, 0), ?6)";
	return sql_run(s, text, "itttit", e->at, e->actor, e->kind, e->domain ? e->domain : "",
		       e->pending, e->detail);
}
