/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pendings.c - matters that somebody must act on: opened and joined by mail, closed by people.
 *
 * Joining. A matter is what one recipient must do about one domain (or one mail, where no domain is
 * named) in one class. A mail joins the matter of its own state that was last seen if that is the
 * same matter and not last year's: seen within JOIN_DAYS of each other and, where both state a
 * deadline, these within JOIN_DAYS too. Renewal notices of one year lie within four months, those
 * of two years ten months apart. The earliest deadline stays, whatever the order in which mails are
 * recorded (the spool is replayed after newer mail). Open matters come from genuine mail alone;
 * review mail opens and joins only matters in review, so a stranger cannot touch an open one. A
 * matter that is done is not joined: the registrar writes again because it is not settled.
 *
 * Settling. A genuine confirmation closes open matters of verification and suspension that it names
 * by their domain, of the same recipient and the same sender, of whose entry a person has said that
 * it sends confirmations. It must have been written no earlier than the last mail of the matter:
 * who sends last week's once more, with another Date where that is not signed, closes nothing that
 * was asked for since. Matters in review stay, for a person to see.
 */
#include "db/pendings.h"

#include <string.h>

#include "db/sql.h"

enum {
	DAY = 86400,
	JOIN_DAYS = 180,
};

#define ACTOR_MAIL "mail" /* events that a mail caused */

/* -- names ---------------------------------------------------------------------------------- */

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

/* -- events --------------------------------------------------------------------------------- */

static int note_event(struct store *s, int64_t at, const char *actor, const char *kind, int64_t id,
		      const char *detail)
{
	static const char text[] = "INSERT INTO event (at, actor, kind, pending, detail)"
				   " VALUES (?1, ?2, ?3, ?4, ?5)";
	return sql_run(s, text, "ittit", at, actor, kind, id, detail);
}

/* "Message-ID, deadline": what the mail said. */
static int note_mail_event(struct store *s, const struct record *r, const char *kind, int64_t id)
{
	struct str detail = {0};
	char when[21];
	str_printf(&detail, "%s %s", verdict_name(r->verdict), r->message_id);
	if (r->deadline) {
		str_time(r->deadline, when);
		str_printf(&detail, " deadline %s", when);
	}
	int rc = detail.failed
		     ? SQLITE_NOMEM
		     : note_event(s, r->received_at, ACTOR_MAIL, kind, id, str_text(&detail));
	str_free(&detail);
	return rc;
}

/* -- opening and joining -------------------------------------------------------------------- */

/* One mail's part in one matter. */
struct matter {
	const struct record *record;
	const char *recipient;
	const char *state;
	const char *domain; /* "" : the mail itself */
	const char *mail;   /* its Message-ID then, else "" */
};

/* The matter to join, or 0. */
static int find(struct store *s, const struct matter *m, int64_t *ret_id)
{
	static const char text[] =
	    "SELECT id FROM pending WHERE recipient = ?1 AND class = ?2 AND domain = ?3"
	    " AND mail = ?4 AND state = ?5"
	    " AND ?6 BETWEEN first_seen - ?8 AND last_seen + ?8"
	    " AND (deadline = 0 OR ?7 = 0 OR abs(deadline - ?7) <= ?8)"
	    " ORDER BY last_seen DESC, id DESC LIMIT 1";
	const struct record *r = m->record;
	sqlite3_stmt *st;
	int rc =
	    sql_start(s, text, &st, "tttttiii", m->recipient, class_name(r->class), m->domain,
		      m->mail, m->state, r->received_at, r->deadline, (int64_t)JOIN_DAYS * DAY);
	*ret_id = 0;
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			*ret_id = sqlite3_column_int64(st, 0);
	return rc;
}

static int join(struct store *s, const struct matter *m, int64_t id)
{
	static const char text[] =
	    "UPDATE pending SET mails = mails + 1,"
	    " first_seen = min(first_seen, ?2), last_seen = max(last_seen, ?2),"
	    " deadline_source = CASE WHEN ?3 <> 0 AND (deadline = 0 OR ?3 < deadline)"
	    "  THEN ?4 ELSE deadline_source END,"
	    " deadline = CASE WHEN ?3 <> 0 AND (deadline = 0 OR ?3 < deadline)"
	    "  THEN ?3 ELSE deadline END,"
	    " ours = CASE WHEN ours = 'unset' THEN ?5 ELSE ours END"
	    " WHERE id = ?1";
	const struct record *r = m->record;
	int rc = sql_run(s, text, "iiitt", id, r->received_at, r->deadline,
			 deadline_source_name(r->deadline_source), ours_name(r->ours));
	return rc == SQLITE_OK ? note_mail_event(s, r, "joined", id) : rc;
}

static int open_new(struct store *s, const struct matter *m)
{
	static const char text[] =
	    "INSERT INTO pending (state, recipient, class, domain, mail, registrar, sender,"
	    " from_address, subject, message_id, reasons, deadline, deadline_source, ours,"
	    " first_seen, last_seen, mails)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?15, 1)";
	const struct record *r = m->record;
	struct str reasons = {0};
	record_reasons_print(r->reasons, &reasons);
	int rc = SQLITE_NOMEM;
	if (!reasons.failed)
		rc = sql_run(s, text, "tttttttttttitti", m->state, m->recipient,
			     class_name(r->class), m->domain, m->mail, r->registrar, r->sender,
			     r->from, r->subject, r->message_id, str_text(&reasons), r->deadline,
			     deadline_source_name(r->deadline_source), ours_name(r->ours),
			     r->received_at);
	str_free(&reasons);
	if (rc != SQLITE_OK)
		return rc;
	return note_mail_event(s, r, "opened", sqlite3_last_insert_rowid(s->db));
}

static int note_matter(struct store *s, const struct matter *m)
{
	int64_t id;
	int rc = find(s, m, &id);
	if (rc != SQLITE_OK)
		return rc;
	return id ? join(s, m, id) : open_new(s, m);
}

int pendings_note(struct store *s, const struct record *r, const char *recipient)
{
	struct matter m = {
	    .record = r,
	    .recipient = recipient,
	    .state =
		state_names[r->pending == PENDING_OPEN ? PENDING_STATE_OPEN : PENDING_STATE_REVIEW],
	    .mail = "",
	};
	int rc = SQLITE_OK;
	for (uint32_t i = 0; i < r->domain_kept && rc == SQLITE_OK; i++) {
		m.domain = r->domain[i];
		rc = note_matter(s, &m);
	}
	/* Also where the mail names more than were kept: what is left is to be looked up in it. */
	if (rc == SQLITE_OK && r->domain_kept == r->domain_count && r->domain_count > 0)
		return rc;
	m.domain = "";
	m.mail = r->message_id;
	return rc == SQLITE_OK ? note_matter(s, &m) : rc;
}

/* -- reading -------------------------------------------------------------------------------- */

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
	};
	/* A word that we do not know is left at its zero value. */
	pending_state_of_name(slice_of(sql_text(st, 1)), &p->state);
	class_of_name(slice_of(sql_text(st, 2)), &p->class);
	record_reasons_parse(sql_text(st, 10), &p->reasons);
	record_source_of_name(sql_text(st, 12), &p->deadline_source);
	record_ours_of_name(sql_text(st, 13), &p->ours);
}

enum store_status pendings_each(struct store *s, const struct pending_filter *filter,
				void (*each)(void *context, const struct pending *p), void *context)
{
	static const char text[] =
	    "SELECT id, state, class, domain, recipient, registrar, sender, from_address, subject,"
	    " message_id, reasons, deadline, deadline_source, ours, first_seen, last_seen, mails,"
	    " snoozed_until FROM pending WHERE (?1 = 0 OR id = ?1)"
	    " AND (?2 = 0 OR (deadline <> 0 AND deadline <= ?2))"
	    " AND ((state = 'open' AND ?3 & 1) OR (state = 'review' AND ?3 & 2)"
	    "  OR (state = 'done' AND ?3 & 4) OR (state = 'expired' AND ?3 & 8)"
	    "  OR (state = 'held' AND ?3 & 16) OR (state = 'resolved' AND ?3 & 32))"
	    " ORDER BY deadline = 0, deadline, id";
	const uint32_t unsettled = 1u << PENDING_STATE_OPEN | 1u << PENDING_STATE_REVIEW |
				   1u << PENDING_STATE_EXPIRED | 1u << PENDING_STATE_HELD;
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "iii", filter->id, filter->due_before,
			   (int64_t)(filter->states ? filter->states : unsettled));
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			struct pending p;
			read_pending(st, &p);
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

/* -- closing and reopening ------------------------------------------------------------------ */

static int state_of(struct store *s, int64_t id, bool *ret_found, enum pending_state *ret_state)
{
	static const char text[] = "SELECT state FROM pending WHERE id = ?1";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "i", id);
	*ret_found = false;
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			*ret_found = pending_state_of_name(slice_of(sql_text(st, 0)), ret_state);
	return rc;
}

/* What is reopened: open only what genuine mail has opened. One that was to be reviewed still is,
 * or a person's two commands would make a stranger's mail look proved. */
static int state_again(struct store *s, int64_t id, enum pending_state *ret_state)
{
	static const char text[] = "SELECT 1 FROM event WHERE pending = ?1 AND kind = 'opened'"
				   " AND detail LIKE 'genuine %'";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "i", id);
	*ret_state = PENDING_STATE_REVIEW;
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			*ret_state = PENDING_STATE_OPEN;
	return rc;
}

static int set_one(struct store *s, int64_t id, enum pending_state state, const char *actor,
		   const char *reason, int64_t now, bool *ret_found)
{
	static const char text[] = "UPDATE pending SET state = ?2 WHERE id = ?1";
	const bool done = state == PENDING_STATE_DONE;
	enum pending_state before = PENDING_STATE_OPEN;
	int rc = state_of(s, id, ret_found, &before);
	if (rc != SQLITE_OK || !*ret_found || (before == PENDING_STATE_DONE) == done)
		return rc;
	if (!done)
		rc = state_again(s, id, &state);
	if (rc == SQLITE_OK)
		rc = sql_run(s, text, "it", id, state_names[state]);
	if (rc == SQLITE_OK)
		rc = note_event(s, now, actor, done ? "done" : "reopened", id, reason);
	return rc;
}

/* The first matter that the record settles, or 0. */
static int find_settled(struct store *s, const struct record *r, const char *recipient,
			const char *domain, int64_t *ret_id)
{
	static const char text[] =
	    "SELECT id FROM pending WHERE recipient = ?1 AND domain = ?2 AND sender = ?3"
	    " AND state = 'open' AND class IN ('verification', 'suspension') AND last_seen <= ?4"
	    " ORDER BY id LIMIT 1";
	int64_t when = r->date < r->received_at ? r->date : r->received_at;
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "ttti", recipient, domain, r->sender, when);
	*ret_id = 0;
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			*ret_id = sqlite3_column_int64(st, 0);
	return rc;
}

static int settle(struct store *s, const struct record *r, const char *recipient,
		  const char *domain)
{
	struct str why = {0};
	int64_t id;
	bool found;
	int rc = find_settled(s, r, recipient, domain, &id);
	str_printf(&why, "confirmed by genuine %s", r->message_id);
	if (why.failed)
		rc = SQLITE_NOMEM;
	while (rc == SQLITE_OK && id) {
		rc = set_one(s, id, PENDING_STATE_DONE, ACTOR_MAIL, str_text(&why), r->received_at,
			     &found);
		if (rc == SQLITE_OK)
			rc = find_settled(s, r, recipient, domain, &id);
	}
	str_free(&why);
	return rc;
}

int pendings_settle(struct store *s, const struct record *r, const char *recipient)
{
	int rc = SQLITE_OK;
	if (r->verdict != VERDICT_GENUINE || r->class != CLASS_VERIFIED || !*r->sender)
		return rc;
	for (uint32_t i = 0; i < r->domain_kept && rc == SQLITE_OK; i++)
		rc = settle(s, r, recipient, r->domain[i]);
	return rc;
}

enum store_status pendings_set(struct store *s, const int64_t *id, size_t count,
			       enum pending_state state, const char *actor, const char *reason,
			       int64_t now, int64_t *ret_missing)
{
	bool found = true;
	size_t i = 0;
	int rc = sql_begin(s);
	for (; i < count && rc == SQLITE_OK && found; i++)
		rc = set_one(s, id[i], state, actor, reason ? reason : "", now, &found);
	if (rc != SQLITE_OK || found)
		return sql_end(s, rc);
	*ret_missing = id[i - 1];
	sql_end(s, SQLITE_ABORT);
	return STORE_NOT_FOUND;
}
