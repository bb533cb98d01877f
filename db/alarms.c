/* SPDX-License-Identifier: BSD-2-Clause */
/* alarms.c - what cannot wait for the next digest; see alarms.h. */
#include "db/alarms.h"

#include "db/events.h"
#include "db/sql.h"

enum store_status alarms_each(struct store *s, const struct alarm_filter *filter,
			      void (*each)(void *context, const struct alarm *a), void *context)
{
	static const char text[] =
	    "SELECT id, kind, domain, recipient, coalesce(pending, 0), raised_at, ended_at,"
	    " sent_at, detail FROM alarm WHERE (ended_at = 0 OR ?1) AND (sent_at = 0 OR NOT ?2)"
	    " AND max(raised_at, ended_at) >= ?3 AND (?4 = '' OR domain = ?4)"
	    " ORDER BY raised_at DESC, id DESC";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "iiit", (int64_t)filter->ended, (int64_t)filter->unsent,
			   filter->since, filter->domain ? filter->domain : "");
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			struct alarm a = {
			    .id = sqlite3_column_int64(st, 0),
			    .kind = sql_text(st, 1),
			    .domain = sql_text(st, 2),
			    .recipient = sql_text(st, 3),
			    .pending = sqlite3_column_int64(st, 4),
			    .raised_at = sqlite3_column_int64(st, 5),
			    .ended_at = sqlite3_column_int64(st, 6),
			    .sent_at = sqlite3_column_int64(st, 7),
			    .detail = sql_text(st, 8),
			};
			each(context, &a);
		}
	return sql_status(s, rc);
}

int alarms_note(struct store *s, const struct alarm *a, const char *actor, int64_t now,
		bool *ret_new)
{
	static const char text[] =
	    "INSERT INTO alarm (kind, domain, recipient, pending, raised_at, ended_at, sent_at,"
	    " detail) VALUES (?1, ?2, ?3, nullif(?4, 0), ?5, 0, 0, ?6) ON CONFLICT DO NOTHING";
	const char *recipient = a->recipient ? a->recipient : "";
	int rc =
	    sql_run(s, text, "tttiit", a->kind, a->domain, recipient, a->pending, now, a->detail);
	if (rc != SQLITE_OK)
		return rc;
	*ret_new = sqlite3_changes(s->db) > 0;
	if (*ret_new)
		rc = events_note(
		    s, &(struct event){now, actor, "alarm", a->domain, a->pending, a->kind});
	return rc;
}

enum store_status alarms_raise(struct store *s, const struct alarm *a, const char *actor,
			       int64_t now, bool *ret_new)
{
	int rc = sql_begin(s);
	if (rc == SQLITE_OK)
		rc = alarms_note(s, a, actor, now, ret_new);
	return sql_end(s, rc);
}

/* -- ending --------------------------------------------------------------------------------- */

/* Which ones end: of a kind and domain, or of a pending. */
struct ending {
	const char *kind, *domain;
	int64_t pending; /* 0: by kind and domain */
	const char *actor, *reason;
	int64_t now;
};

/* One at a time, so that each leaves its event. */
static int end_one(struct store *s, const struct ending *e, bool *ret_ended)
{
	static const char find[] =
	    "SELECT id, coalesce(pending, 0), domain FROM alarm WHERE ended_at = 0"
	    " AND (CASE WHEN ?3 THEN pending = ?3 ELSE kind = ?1 AND domain = ?2 END) LIMIT 1";
	static const char end[] = "UPDATE alarm SET ended_at = ?2 WHERE id = ?1";
	char domain[LIMIT_DOMAIN + 1] = "";
	int64_t id = 0, pending = 0;
	sqlite3_stmt *st;
	int rc = sql_start(s, find, &st, "tti", e->kind, e->domain, e->pending);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			id = sqlite3_column_int64(st, 0);
			pending = sqlite3_column_int64(st, 1);
			sqlite3_snprintf(sizeof(domain), domain, "%s", sql_text(st, 2));
		}
	*ret_ended = rc == SQLITE_OK && id != 0;
	if (*ret_ended)
		rc = sql_run(s, end, "ii", id, e->now);
	if (*ret_ended && rc == SQLITE_OK)
		rc = events_note(s, &(struct event){e->now, e->actor, "alarm-ended", domain,
						    pending, e->reason});
	return rc;
}

static int end_all(struct store *s, const struct ending *e, size_t *ret_ended)
{
	bool more = true;
	int rc = SQLITE_OK;
	*ret_ended = 0;
	while (rc == SQLITE_OK && more) {
		rc = end_one(s, e, &more);
		if (rc == SQLITE_OK && more)
			(*ret_ended)++;
	}
	return rc;
}

enum store_status alarms_end(struct store *s, const char *kind, const char *domain,
			     const char *actor, const char *reason, int64_t now, size_t *ret_ended)
{
	const struct ending e = {kind, domain, 0, actor, reason, now};
	size_t count = 0;
	int rc = sql_begin(s);
	if (rc == SQLITE_OK)
		rc = end_all(s, &e, &count);
	enum store_status status = sql_end(s, rc);
	if (status == STORE_OK)
		*ret_ended = count;
	return status;
}

int alarms_settle(struct store *s, int64_t pending, const char *actor, int64_t now)
{
	const struct ending e = {"", "", pending, actor, "settled", now};
	size_t count;
	return pending ? end_all(s, &e, &count) : SQLITE_OK;
}

int alarms_disown(struct store *s, const char *domain, const char *actor, int64_t now)
{
	static const char *const kinds[] = {ALARM_TRANSFER, ALARM_REGISTRANT};
	size_t count;
	int rc = SQLITE_OK;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && rc == SQLITE_OK; i++) {
		const struct ending e = {kinds[i], domain, 0, actor, "not ours", now};
		rc = end_all(s, &e, &count);
	}
	return rc;
}

/* -- standing again ------------------------------------------------------------------------- */

const char *alarms_kind(enum class_id class)
{
	switch (class) {
	case CLASS_TRANSFER_OUT: return ALARM_TRANSFER;
	case CLASS_CHANGE_OF_REGISTRANT: return ALARM_REGISTRANT;
	default: return NULL;
	}
}

/* A matter of which an alarm may have to stand. */
struct matter {
	const char *kind; /* NULL: none of these */
	char domain[LIMIT_DOMAIN + 1];
	char recipient[LIMIT_ADDRESS + 1];
	struct str mail;
};

static int look(struct store *s, int64_t pending, struct matter *m)
{
	static const char text[] =
	    "SELECT class, domain, recipient, message_id FROM pending WHERE id = ?1"
	    " AND origin = 'open' AND ours <> 'no' AND state NOT IN ('done', 'resolved')";
	enum class_id class;
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "i", pending);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			if (class_of_name(slice_of(sql_text(st, 0)), &class))
				m->kind = alarms_kind(class);
			sqlite3_snprintf(sizeof(m->domain), m->domain, "%s", sql_text(st, 1));
			sqlite3_snprintf(sizeof(m->recipient), m->recipient, "%s", sql_text(st, 2));
			str_puts(&m->mail, sql_text(st, 3));
		}
	return m->mail.failed ? SQLITE_NOMEM : rc;
}

/* The last alarm of the matter, or 0; and whether only the matter's own state has ended it. */
static int find_last(struct store *s, int64_t pending, const char *kind, int64_t *ret_id,
		     bool *ret_settled)
{
	static const char text[] =
	    "SELECT id, ended_at <> 0 AND EXISTS (SELECT 1 FROM event e WHERE e.pending = ?1"
	    "  AND e.kind = 'alarm-ended' AND e.at = ended_at"
	    "  AND e.detail IN ('settled', 'not ours'))"
	    " FROM alarm WHERE pending = ?1 AND kind = ?2 ORDER BY raised_at DESC, id DESC LIMIT 1";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "it", pending, kind);
	*ret_id = 0;
	*ret_settled = false;
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			*ret_id = sqlite3_column_int64(st, 0);
			*ret_settled = sqlite3_column_int(st, 1) != 0;
		}
	return rc;
}

static int stand(struct store *s, int64_t pending, const struct matter *m, const char *actor,
		 int64_t now)
{
	/* Unless mail has raised another one meanwhile: one of a kind stands at a time. */
	static const char text[] =
	    "UPDATE OR IGNORE alarm SET ended_at = 0, sent_at = 0 WHERE id = ?1";
	const struct alarm fresh = {.kind = m->kind,
				    .domain = m->domain,
				    .recipient = m->recipient,
				    .pending = pending,
				    .detail = str_text(&m->mail)};
	bool settled, is_new;
	int64_t id;
	int rc = find_last(s, pending, m->kind, &id, &settled);
	if (rc == SQLITE_OK && !id)
		return alarms_note(s, &fresh, actor, now, &is_new);
	if (rc == SQLITE_OK && settled)
		rc = sql_run(s, text, "i", id);
	if (rc == SQLITE_OK && settled && sqlite3_changes(s->db) > 0)
		rc = events_note(s,
				 &(struct event){now, actor, "alarm", m->domain, pending, m->kind});
	return rc;
}

int alarms_stand(struct store *s, int64_t pending, const char *actor, int64_t now)
{
	struct matter m = {0};
	int rc = look(s, pending, &m);
	if (rc == SQLITE_OK && m.kind)
		rc = stand(s, pending, &m, actor, now);
	str_free(&m.mail);
	return rc;
}
