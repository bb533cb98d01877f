/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pendings_mail.c - matters opened, joined, held and closed by mail; see pendings.h.
 *
 * Joining. A matter is what one recipient must do about one domain (or one mail, where no domain is
 * named) in one class. A mail joins the unsettled matter of its own origin that was last seen if
 * that is the same matter and not last year's: seen within JOIN_DAYS of each other and, where both
 * state a deadline, these within JOIN_DAYS too. Renewal notices of one year lie within four months,
 * those of two years ten months apart. The earliest deadline stays, whatever the order in which
 * mails are recorded (the spool is replayed after newer mail). Matters of origin `open` come from
 * genuine mail alone; review mail opens and joins only matters that review mail has opened, so a
 * stranger cannot touch the others. A matter that is settled is not joined: the registrar writes
 * again because it is not settled.
 *
 * Holding. A genuine suspension mail says that the domain is dark already. It joins the matter of
 * verification that led to it, where there is one for this recipient, and that is held; else it
 * opens one of its own, which is held from the start.
 *
 * Gathering. Anybody can send mail that claims a listed sender and is not proved. Where a recipient
 * has more to be reviewed than he looks through, further such mail is gathered in one matter of its
 * class, without a domain (ceiling.h).
 *
 * Alarm. A transfer away or a change of registrant goes through if nobody objects, so genuine mail
 * about one raises an alarm with its matter; who settles the matter ends it.
 *
 * Settling. A genuine confirmation closes matters of verification and suspension that it names by
 * their domain, of the same recipient and the same sender, of whose entry a person has said that it
 * sends confirmations. It must have been written no earlier than the last mail of the matter: who
 * sends last week's once more, with another Date where that is not signed, closes nothing that was
 * asked for since. Matters of origin `review` stay, for a person to see.
 */
#include <string.h>

#include "db/alarms.h"
#include "db/ceiling.h"
#include "db/events.h"
#include "db/pendings.h"
#include "db/sql.h"

enum {
	DAY = 86400,
	JOIN_DAYS = 180,
};

#define UNSETTLED "state IN ('open', 'review', 'expired', 'held')"

/* One mail's part in one matter. */
struct matter {
	const struct record *record;
	const char *recipient;
	const char *origin;
	enum class_id class;
	const char *domain; /* "" : the mail itself */
	const char *mail;   /* its Message-ID then, else "" */
};

/* "genuine Message-ID deadline": what the mail said. */
static int note_mail(struct store *s, const struct record *r, const char *kind, int64_t id)
{
	struct str detail = {0};
	char when[21];
	str_printf(&detail, "%s %s", verdict_name(r->verdict), r->message_id);
	if (r->deadline) {
		str_time(r->deadline, when);
		str_printf(&detail, " deadline %s", when);
	}
	const struct event e = {r->received_at, ACTOR_MAIL, kind, NULL, id, str_text(&detail)};
	int rc = detail.failed ? SQLITE_NOMEM : events_note(s, &e);
	str_free(&detail);
	return rc;
}

/* The matter to join, or 0. */
static int find(struct store *s, const struct matter *m, int64_t *ret_id)
{
	static const char text[] =
	    "SELECT id FROM pending WHERE recipient = ?1 AND class = ?2 AND domain = ?3"
	    " AND mail = ?4 AND origin = ?5 AND " UNSETTLED
	    " AND ?6 BETWEEN first_seen - ?8 AND last_seen + ?8"
	    " AND (deadline = 0 OR ?7 = 0 OR abs(deadline - ?7) <= ?8)"
	    " ORDER BY last_seen DESC, id DESC LIMIT 1";
	const struct record *r = m->record;
	sqlite3_stmt *st;
	int rc =
	    sql_start(s, text, &st, "tttttiii", m->recipient, class_name(m->class), m->domain,
		      m->mail, m->origin, r->received_at, r->deadline, (int64_t)JOIN_DAYS * DAY);
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
	bool full = false;
	int rc = sql_run(s, text, "iiitt", id, r->received_at, r->deadline,
			 deadline_source_name(r->deadline_source), ours_name(r->ours));
	if (rc == SQLITE_OK && record_is_strangers(r))
		rc = ceiling_joined(s, id, &full);
	return rc == SQLITE_OK && !full ? note_mail(s, r, "joined", id) : rc;
}

static int open_new(struct store *s, const struct matter *m, int64_t *ret_id)
{
	static const char text[] =
	    "INSERT INTO pending (state, origin, recipient, class, domain, mail, registrar, sender,"
	    " from_address, subject, message_id, reasons, deadline, deadline_source, ours,"
	    " first_seen, last_seen, mails)"
	    " VALUES (?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?15,"
	    " 1)";
	const struct record *r = m->record;
	struct str reasons = {0};
	record_reasons_print(r->reasons, &reasons);
	int rc = SQLITE_NOMEM;
	if (!reasons.failed)
		rc = sql_run(s, text, "tttttttttttitti", m->origin, m->recipient,
			     class_name(m->class), m->domain, m->mail, r->registrar, r->sender,
			     r->from, r->subject, r->message_id, str_text(&reasons), r->deadline,
			     deadline_source_name(r->deadline_source), ours_name(r->ours),
			     r->received_at);
	str_free(&reasons);
	if (rc != SQLITE_OK)
		return rc;
	*ret_id = sqlite3_last_insert_rowid(s->db);
	return note_mail(s, r, "opened", *ret_id);
}

/* Of a suspension: the verification that was not answered, or 0. */
static int find_cause(struct store *s, const struct matter *m, int64_t *ret_id)
{
	struct matter cause = *m;
	cause.class = CLASS_VERIFICATION;
	*ret_id = 0;
	return *m->domain ? find(s, &cause, ret_id) : SQLITE_OK;
}

const char *pendings_alarm(const struct record *r)
{
	return r->verdict == VERDICT_GENUINE && r->ours != OURS_NO ? alarms_kind(r->class) : NULL;
}

static int raise_alarm(struct store *s, const struct matter *m, int64_t id)
{
	bool is_new;
	const struct alarm a = {
	    .kind = pendings_alarm(m->record),
	    .domain = m->domain,
	    .recipient = m->recipient,
	    .pending = id,
	    .detail = m->record->message_id,
	};
	return a.kind ? alarms_note(s, &a, ACTOR_MAIL, m->record->received_at, &is_new) : SQLITE_OK;
}

/* The matter to join instead of opening one more for a stranger's mail, if it is there; then it is
 * m that is to be opened. */
static int find_gathered(struct store *s, struct matter *m, int64_t *ret_id)
{
	bool full = false;
	int rc = ceiling_review(s, m->recipient, &full);
	if (rc != SQLITE_OK || !full)
		return rc;
	m->domain = "";
	m->mail = "";
	return find(s, m, ret_id);
}

static int note_matter(struct store *s, struct matter *m)
{
	const bool dark = m->class == CLASS_SUSPENSION && m->record->verdict == VERDICT_GENUINE;
	int64_t id = 0;
	int rc = dark ? find_cause(s, m, &id) : SQLITE_OK;
	if (rc == SQLITE_OK && !id)
		rc = find(s, m, &id);
	if (rc == SQLITE_OK && !id && record_is_strangers(m->record))
		rc = find_gathered(s, m, &id);
	if (rc == SQLITE_OK)
		rc = id ? join(s, m, id) : open_new(s, m, &id);
	if (rc == SQLITE_OK && dark)
		rc = pendings_move(s, id, PENDING_STATE_HELD, "held", ACTOR_MAIL,
				   m->record->message_id, m->record->received_at);
	return rc == SQLITE_OK ? raise_alarm(s, m, id) : rc;
}

int pendings_note(struct store *s, const struct record *r, const char *recipient)
{
	struct matter m = {
	    .record = r,
	    .recipient = recipient,
	    .origin = pending_state_name(r->pending == PENDING_OPEN ? PENDING_STATE_OPEN
								    : PENDING_STATE_REVIEW),
	    .class = r->class,
	    .mail = "",
	};
	int rc = SQLITE_OK;
	for (uint32_t i = 0; i < r->domain_kept && rc == SQLITE_OK; i++) {
		m.domain = r->domain[i];
		m.mail = "";
		rc = note_matter(s, &m);
	}
	/* Also where the mail names more than were kept: what is left is to be looked up in it. */
	if (rc == SQLITE_OK && r->domain_kept == r->domain_count && r->domain_count > 0)
		return rc;
	m.domain = "";
	m.mail = r->message_id;
	return rc == SQLITE_OK ? note_matter(s, &m) : rc;
}

/* -- settling ------------------------------------------------------------------------------- */

/* The first matter that the record settles, or 0; whether it is held. */
static int find_settled(struct store *s, const struct record *r, const char *recipient,
			const char *domain, int64_t *ret_id, bool *ret_held)
{
	static const char text[] =
	    "SELECT id, state = 'held' FROM pending WHERE recipient = ?1 AND domain = ?2"
	    " AND sender = ?3 AND origin = 'open' AND " UNSETTLED
	    " AND class IN ('verification', 'suspension') AND last_seen <= ?4 ORDER BY id LIMIT 1";
	int64_t when = r->date < r->received_at ? r->date : r->received_at;
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "ttti", recipient, domain, r->sender, when);
	*ret_id = 0;
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			*ret_id = sqlite3_column_int64(st, 0);
			*ret_held = sqlite3_column_int(st, 1);
		}
	return rc;
}

static int settle(struct store *s, const struct record *r, const char *recipient,
		  const char *domain)
{
	struct str why = {0};
	bool held = false;
	int64_t id;
	int rc = find_settled(s, r, recipient, domain, &id, &held);
	str_printf(&why, "confirmed by genuine %s", r->message_id);
	if (why.failed)
		rc = SQLITE_NOMEM;
	while (rc == SQLITE_OK && id) {
		rc = pendings_move(s, id, held ? PENDING_STATE_RESOLVED : PENDING_STATE_DONE,
				   held ? "resolved" : "done", ACTOR_MAIL, str_text(&why),
				   r->received_at);
		if (rc == SQLITE_OK)
			rc = find_settled(s, r, recipient, domain, &id, &held);
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
