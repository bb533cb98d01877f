/* SPDX-License-Identifier: BSD-2-Clause */
/* pending_json.c - pendings for programs: stable keys, absent values null, times RFC 3339 UTC. */
#include "cli/pending/pending.h"

json_t *pending_json(const struct pending *p, int64_t now)
{
	json_t *left =
	    p->deadline != 0 ? json_integer(cli_days_left(p->deadline, now)) : json_null();

	return json_pack("{s:I s:s s:o s:o s:o s:o s:o s:o s:o s:s s:o s:o s:I s:o s:b}", "id",
			 (json_int_t)p->id, "state", pending_state_name(p->state), "class",
			 cli_json_text(class_name(p->class)), "domain", cli_json_text(p->domain),
			 "recipient", cli_json_text(p->recipient), "registrar",
			 cli_json_text(p->registrar), "deadline", cli_json_time(p->deadline),
			 "deadline_source", cli_json_text(deadline_source_name(p->deadline_source)),
			 "days_left", left, "ours", ours_name(p->ours), "first_seen",
			 cli_json_time(p->first_seen), "last_seen", cli_json_time(p->last_seen),
			 "mails", (json_int_t)p->mails, "snoozed_until",
			 cli_json_time(p->snoozed_until), "proved", p->proved);
}
