/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pendings.c - matters as they are read; see pendings.h.
 *
 * One rule says what is expired, here and in pendings_expire: open or in review, with a deadline
 * before now. Who only looks sees it at once; the timed jobs write it down, with an event.
 */
#include "db/pendings.h"

#include <string.h>

#include "db/sql.h"

static const char *const state_names[PENDING_STATE_COUNT] = {
    [PENDING_STATE_OPEN] = "open", [PENDING_STATE_REVIEW] = "review",
    [PENDING_STATE_DONE] = "done", [PENDING_STATE_EXPIRED] = "expired",
    [PENDING_STATE_HELD] = "held", [PENDING_STATE_RESOLVED] = "resolved",
};

const char *pending_state_name(enum pending_state s)
{
	return (unsigned)s < PENDING_STATE_COUNT ? state_names[s] : "?";
}

bool pending_state_of_name(struct slice name, enum pending_state *ret_state)
{
	for (int i = 0; i < PENDING_STATE_COUNT; i++)
		if (slice_is(name, state_names[i])) {
			*ret_state = (enum pending_state)i;
			return true;
		}
	return false;
}

static void read_pending(sqlite3_stmt *st, struct pending *p)
{
	*p = (struct pending){
	    .id = sqlite3_column_int64(st, 0),
	    .domain = sql_text(st, 3),
	    .recipient = sql_text(st, 4),
	    .registrar = sql_text(st, 5),
	    .sender = sql_text(st, 6),
	    .from = sql_text(st, 7),
	    .subject = sql_text(st, 8),
	    .message_id = sql_text(st, 9),
	    .deadline = sqlite3_column_int64(st, 11),
	    .first_seen = sqlite3_column_int64(st, 14),
	    .last_seen = sqlite3_column_int64(st, 15),
	    .mails = sqlite3_column_int64(st, 16),
	    .snoozed_until = sqlite3_column_int64(st, 17),
	    .proved = strcmp(sql_text(st, 18), state_names[PENDING_STATE_OPEN]) == 0,
	};
	/* A word that we do not know is left at its zero value. */
	pending_state_of_name(slice_of(sql_text(st, 1)), &p->state);
	class_of_name(slice_of(sql_text(st, 2)), &p->class);
	record_reasons_parse(sql_text(st, 10), &p->reasons);
	record_source_of_name(sql_text(st, 12), &p->deadline_source);
	record_ours_of_name(sql_text(st, 13), &p->ours);
}

/* What SQL has no words for: those that are bits here and words there. */
static bool is_wanted(const struct pending *p, const struct pending_filter *filter)
{
	const uint32_t states = filter->states ? filter->states : PENDING_UNSETTLED;
	return (states & 1u << p->state) != 0 &&
	       (filter->classes == 0 || (filter->classes & 1u << p->class) != 0) &&
	       (filter->ours == 0 || (filter->ours & 1u << p->ours) != 0);
}

enum store_status pendings_each(struct store *s, const struct pending_filter *filter,
				void (*each)(void *context, const struct pending *p), void *context)
{
	/* Settled ones pile up over the years: where they are not wanted, the index leaves them
	 * out. */
	static const char text[] =
	    "SELECT id, CASE WHEN state IN ('open', 'review') AND deadline BETWEEN 1 AND ?1 - 1"
	    "  THEN 'expired' ELSE state END AS shown, class, domain, recipient, registrar, sender,"
	    " from_address, subject, message_id, reasons, deadline, deadline_source, ours,"
	    " first_seen, last_seen, mails, snoozed_until, origin FROM pending"
	    " WHERE state IN ('open', 'review', 'expired', 'held', iif(?2, 'done', ''),"
	    "  iif(?2, 'resolved', ''))"
	    " AND (?3 = 0 OR (deadline <> 0 AND deadline <= ?3)) AND (?4 = 0 OR id = ?4)"
	    " AND (?5 = '' OR domain = ?5) AND (?6 = '' OR recipient = lower(?6))"
	    " AND (?7 = '' OR instr(lower(registrar), lower(?7)) > 0)"
	    " AND (?8 = 0 OR snoozed_until <= ?1)"
	    " AND (?9 = 0 OR (origin = 'open') = (?9 = 1))"
	    " AND (?10 = 0 OR state NOT IN ('done', 'resolved') OR ?10 <="
	    "  (SELECT max(at) FROM event e WHERE e.pending = pending.id))"
	    " ORDER BY ours = 'no', shown <> 'held', deadline = 0, deadline, id";
	const bool settled = (filter->states & ~PENDING_UNSETTLED) != 0;
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "iiiitttiii", filter->now, (int64_t)settled,
			   filter->due_before, filter->id, filter->domain ? filter->domain : "",
			   filter->recipient ? filter->recipient : "",
			   filter->registrar ? filter->registrar : "", (int64_t)filter->awake,
			   (int64_t)filter->origin, filter->settled_since);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			struct pending p;
			read_pending(st, &p);
			if (is_wanted(&p, filter))
				each(context, &p);
		}
	return sql_status(s, rc);
}

enum store_status pendings_each_event(struct store *s, int64_t id,
				      void (*each)(void *context, const struct pending_event *e),
				      void *context)
{
	static const char text[] = "SELECT at, actor, kind, detail FROM event WHERE pending = ?1"
				   " ORDER BY at, id";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "i", id);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			struct pending_event e = {
			    .at = sqlite3_column_int64(st, 0),
			    .actor = sql_text(st, 1),
			    .kind = sql_text(st, 2),
			    .detail = sql_text(st, 3),
			};
			each(context, &e);
		}
	return sql_status(s, rc);
}
