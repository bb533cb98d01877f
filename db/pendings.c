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

/* -- which ones ------------------------------------------------------------------------------ */

/* How the rows are found: the caller's narrowest condition decides on the index, so that what is
 * asked about one domain or customer costs the same among a thousand matters and among a million.
 */
enum way {
	WAY_STATE, /* pending_to_do, which holds all that conditions, order and counts need */
	WAY_ID,
	WAY_DOMAIN,
	WAY_RECIPIENT,
	WAY_COUNT,
};

#define SHOWN                                                                     \
	"CASE WHEN state IN ('open', 'review') AND deadline BETWEEN 1 AND ?1 - 1" \
	" THEN 'expired' ELSE state END"
#define FULL                                                                                     \
	"SELECT id, " SHOWN ", origin, class, deadline, ours, snoozed_until, domain, recipient," \
	" registrar, sender, from_address, subject, message_id, reasons, deadline_source,"       \
	" first_seen, last_seen, mails FROM pending WHERE "
#define BRIEF \
	"SELECT id, " SHOWN ", origin, class, deadline, ours, snoozed_until FROM pending WHERE "

/* Settled ones pile up over the years: where they are not wanted, the index leaves them out. A plus
 * keeps a condition from choosing the index. */
#define BY_STATE                                                                        \
	"state IN (iif(?2, 'open', ''), iif(?2, 'review', ''), iif(?2, 'expired', '')," \
	" iif(?3, 'held', ''), iif(?4, 'done', ''), iif(?4, 'resolved', ''))"           \
	" AND deadline BETWEEN ?5 AND ?6"
#define BY_OTHER " AND +deadline BETWEEN ?5 AND ?6"
#define CONDITIONS                                                                    \
	" AND instr(?7, " SHOWN ") > 0"                                               \
	" AND (?8 = '' OR instr(?8, class) > 0) AND (?9 = '' OR instr(?9, ours) > 0)" \
	" AND (?10 = 0 OR snoozed_until <= ?1)"                                       \
	" AND (?11 = 0 OR (origin = 'open') = (?11 = 1))"                             \
	" AND (?12 = 0 OR +id = ?12) AND (?13 = '' OR +domain = ?13)"                 \
	" AND (?14 = '' OR +recipient = lower(?14))"                                  \
	" AND (?15 = '' OR instr(lower(registrar), lower(?15)) > 0)"                  \
	" AND (?16 = 0 OR state NOT IN ('done', 'resolved') OR +id IN"                \
	"  (SELECT pending FROM event WHERE at >= ?16 AND pending IS NOT NULL))"
#define ORDERED " ORDER BY ours = 'no', " SHOWN " <> 'held', deadline = 0, deadline, id LIMIT ?17"

static const char *const full_texts[WAY_COUNT] = {
    [WAY_STATE] = FULL BY_STATE CONDITIONS ORDERED,
    [WAY_ID] = FULL "id = ?12" BY_OTHER CONDITIONS ORDERED,
    [WAY_DOMAIN] = FULL "domain = ?13" BY_OTHER CONDITIONS ORDERED,
    [WAY_RECIPIENT] = FULL "recipient = lower(?14)" BY_OTHER CONDITIONS ORDERED,
};
static const char *const brief_texts[WAY_COUNT] = {
    [WAY_STATE] = BRIEF BY_STATE CONDITIONS,
    [WAY_ID] = BRIEF "id = ?12" BY_OTHER CONDITIONS,
    [WAY_DOMAIN] = BRIEF "domain = ?13" BY_OTHER CONDITIONS,
    [WAY_RECIPIENT] = BRIEF "recipient = lower(?14)" BY_OTHER CONDITIONS,
};
static const char recipients_text[] =
    "SELECT DISTINCT recipient FROM pending WHERE " BY_STATE CONDITIONS " ORDER BY recipient";

static enum way way_of(const struct pending_filter *filter)
{
	if (filter->id)
		return WAY_ID;
	if (filter->domain && *filter->domain)
		return WAY_DOMAIN;
	return filter->recipient && *filter->recipient ? WAY_RECIPIENT : WAY_STATE;
}

/* The words of the bits that are set; none is a part of another. */
static void words_of(uint32_t bits, int count, const char *(*name)(int), char *to, size_t size)
{
	*to = '\0';
	for (int i = 0; i < count; i++)
		if (bits & 1u << i) {
			const size_t n = strlen(to);
			sqlite3_snprintf((int)(size - n), to + n, "%s,", name(i));
		}
}

static const char *state_at(int i)
{
	return state_names[i];
}

static const char *class_at(int i)
{
	return class_name((enum class_id)i);
}

static const char *ours_at(int i)
{
	return ours_name((enum ours)i);
}

/* The words that a filter's statement is bound to: until it is reset. */
struct words {
	char states[128], classes[256], ours[32];
};

static int start(struct store *s, const char *text, bool ordered, const struct pending_filter *f,
		 struct words *w, sqlite3_stmt **ret_st)
{
	const uint32_t states = f->states ? f->states : PENDING_UNSETTLED;
	const uint32_t shown_expired =
	    1u << PENDING_STATE_OPEN | 1u << PENDING_STATE_REVIEW | 1u << PENDING_STATE_EXPIRED;
	const int64_t open = (states & shown_expired) != 0;
	const int64_t held = (states & 1u << PENDING_STATE_HELD) != 0;
	const int64_t settled = (states & ~PENDING_UNSETTLED) != 0;
	words_of(states, PENDING_STATE_COUNT, state_at, w->states, sizeof(w->states));
	words_of(f->classes, CLASS_COUNT, class_at, w->classes, sizeof(w->classes));
	words_of(f->ours, OURS_NO + 1, ours_at, w->ours, sizeof(w->ours));
	return sql_start(s, text, ret_st, ordered ? "iiiiiitttiiitttii" : "iiiiiitttiiittti",
			 f->now, open, held, settled, f->due_before ? (int64_t)1 : INT64_MIN,
			 f->due_before ? f->due_before : INT64_MAX, w->states, w->classes, w->ours,
			 (int64_t)f->awake, (int64_t)f->origin, f->id, f->domain ? f->domain : "",
			 f->recipient ? f->recipient : "", f->registrar ? f->registrar : "",
			 f->settled_since, f->most ? (int64_t)f->most : (int64_t)-1);
}

static void read_brief(sqlite3_stmt *st, struct pending *p)
{
	*p = (struct pending){
	    .id = sqlite3_column_int64(st, 0),
	    .proved = strcmp(sql_text(st, 2), state_names[PENDING_STATE_OPEN]) == 0,
	    .deadline = sqlite3_column_int64(st, 4),
	    .snoozed_until = sqlite3_column_int64(st, 6),
	    .domain = "",
	    .recipient = "",
	    .registrar = "",
	    .sender = "",
	    .from = "",
	    .subject = "",
	    .message_id = "",
	};
	/* A word that we do not know is left at its zero value. */
	pending_state_of_name(slice_of(sql_text(st, 1)), &p->state);
	class_of_name(slice_of(sql_text(st, 3)), &p->class);
	record_ours_of_name(sql_text(st, 5), &p->ours);
}

static void read_pending(sqlite3_stmt *st, struct pending *p)
{
	read_brief(st, p);
	p->domain = sql_text(st, 7);
	p->recipient = sql_text(st, 8);
	p->registrar = sql_text(st, 9);
	p->sender = sql_text(st, 10);
	p->from = sql_text(st, 11);
	p->subject = sql_text(st, 12);
	p->message_id = sql_text(st, 13);
	record_reasons_parse(sql_text(st, 14), &p->reasons);
	record_source_of_name(sql_text(st, 15), &p->deadline_source);
	p->first_seen = sqlite3_column_int64(st, 16);
	p->last_seen = sqlite3_column_int64(st, 17);
	p->mails = sqlite3_column_int64(st, 18);
}

enum store_status pendings_each(struct store *s, const struct pending_filter *filter,
				void (*each)(void *context, const struct pending *p), void *context)
{
	struct words words;
	struct pending p;
	sqlite3_stmt *st;
	int rc = start(s, full_texts[way_of(filter)], true, filter, &words, &st);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			read_pending(st, &p);
			each(context, &p);
		}
	return sql_status(s, rc);
}

enum store_status pendings_each_brief(struct store *s, const struct pending_filter *filter,
				      void (*each)(void *context, const struct pending *p),
				      void *context)
{
	struct words words;
	struct pending p;
	sqlite3_stmt *st;
	int rc = start(s, brief_texts[way_of(filter)], false, filter, &words, &st);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			read_brief(st, &p);
			each(context, &p);
		}
	return sql_status(s, rc);
}

enum store_status pendings_each_recipient(struct store *s, const struct pending_filter *filter,
					  void (*each)(void *context, const char *recipient),
					  void *context)
{
	struct words words;
	sqlite3_stmt *st;
	int rc = start(s, recipients_text, false, filter, &words, &st);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			each(context, sql_text(st, 0));
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
