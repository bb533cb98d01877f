/* SPDX-License-Identifier: BSD-2-Clause */
/* watched.c - how each watched domain stands at its registry; see watched.h. */
#include "db/watched.h"

#include <string.h>

#include "db/events.h"
#include "db/sql.h"

/* -- reading -------------------------------------------------------------------------------- */

static void read_row(sqlite3_stmt *st, struct watched *w)
{
	*w = (struct watched){
	    .domain = sql_text(st, 0),
	    .causes = standing_causes_read(slice_of(sql_text(st, 2))),
	    .since = sqlite3_column_int64(st, 3),
	    .checked_at = sqlite3_column_int64(st, 4),
	    .tried_at = sqlite3_column_int64(st, 5),
	    .trouble = sql_text(st, 6),
	    .servers = sql_text(st, 7),
	    .former = sql_text(st, 8),
	    .registrar = sql_text(st, 9),
	    .iana_id = sqlite3_column_int64(st, 10),
	    .registered_at = sqlite3_column_int64(st, 11),
	    .expires_at = sqlite3_column_int64(st, 12),
	    .statuses = sql_text(st, 13),
	    .asked_at = sqlite3_column_int64(st, 14),
	};
	if (!standing_of_name(slice_of(sql_text(st, 1)), &w->standing))
		w->standing = STANDING_UNKNOWN;
}

enum store_status watched_each(struct store *s, const struct watched_filter *filter,
			       void (*each)(void *context, const struct watched *w), void *context)
{
	static const char text[] =
	    "SELECT domain, standing, causes, since, checked_at, tried_at, trouble, servers,"
	    " former, registrar, iana_id, registered_at, expires_at, statuses, asked_at FROM "
	    "watched"
	    " WHERE ?1 = '' OR domain = ?1 ORDER BY CASE standing WHEN 'held' THEN 0"
	    " WHEN 'gone' THEN 1 WHEN 'delegation' THEN 2 WHEN 'transfer' THEN 3"
	    " WHEN 'expiring' THEN 4 WHEN 'unknown' THEN 5 ELSE 6 END, domain";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "t", filter->domain ? filter->domain : "");
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			struct watched w;
			read_row(st, &w);
			if (filter->standings == 0 || (filter->standings & 1u << w.standing) != 0)
				each(context, &w);
		}
	return sql_status(s, rc);
}

enum store_status watched_each_event(struct store *s, const char *domain,
				     void (*each)(void *context, const struct watched_event *e),
				     void *context)
{
	static const char text[] = "SELECT at, kind, detail FROM event WHERE domain = ?1"
				   " AND kind IN ('standing', 'servers', 'registrar') ORDER BY id";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "t", domain);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			struct watched_event e = {sqlite3_column_int64(st, 0), sql_text(st, 1),
						  sql_text(st, 2)};
			each(context, &e);
		}
	return sql_status(s, rc);
}

/* -- writing -------------------------------------------------------------------------------- */

/* What a row said, as the events put it. */
struct before {
	struct str standing, servers, registrar;
};

static void before_free(struct before *b)
{
	str_free(&b->standing);
	str_free(&b->servers);
	str_free(&b->registrar);
}

static int look(struct store *s, const char *domain, struct before *b)
{
	static const char text[] = "SELECT rtrim(standing || ' ' || causes), servers, registrar"
				   " FROM watched WHERE domain = ?1";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "t", domain);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			str_puts(&b->standing, sql_text(st, 0));
			str_puts(&b->servers, sql_text(st, 1));
			str_puts(&b->registrar, sql_text(st, 2));
		}
	return rc == SQLITE_OK && (b->standing.failed || b->servers.failed || b->registrar.failed)
		   ? SQLITE_NOMEM
		   : rc;
}

static int tell(struct store *s, const char *kind, const char *domain, const char *is,
		const struct str *was, const char *actor, int64_t now)
{
	struct str detail = {0};
	int rc = SQLITE_OK;
	if (strcmp(is, str_text(was)) == 0)
		return rc;
	str_printf(&detail, "%s (before: %s)", *is ? is : "none", was->n ? str_text(was) : "none");
	rc = detail.failed
		 ? SQLITE_NOMEM
		 : events_note(s, &(struct event){now, actor, kind, domain, 0, str_text(&detail)});
	str_free(&detail);
	return rc;
}

static int write_row(struct store *s, const struct watched *w, const char *causes)
{
	static const char text[] =
	    "INSERT OR REPLACE INTO watched (domain, standing, causes, since, checked_at, tried_at,"
	    " trouble, servers, former, registrar, iana_id, registered_at, expires_at, statuses,"
	    " asked_at)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
	return sql_run(s, text, "tttiiittttiiiti", w->domain, standing_name(w->standing), causes,
		       w->since, w->checked_at, w->tried_at, w->trouble, w->servers, w->former,
		       w->registrar, w->iana_id, w->registered_at, w->expires_at, w->statuses,
		       w->asked_at);
}

enum store_status watched_note(struct store *s, const struct watched *w, const char *actor,
			       int64_t now)
{
	struct before before = {0};
	struct str causes = {0}, is = {0};
	standing_causes_print(w->causes, &causes);
	str_printf(&is, "%s%s%s", standing_name(w->standing), causes.n ? " " : "",
		   str_text(&causes));
	int rc = causes.failed || is.failed ? SQLITE_NOMEM : sql_begin(s);
	if (rc == SQLITE_OK)
		rc = look(s, w->domain, &before);
	if (rc == SQLITE_OK)
		rc = write_row(s, w, str_text(&causes));
	if (rc == SQLITE_OK)
		rc = tell(s, "standing", w->domain, str_text(&is), &before.standing, actor, now);
	if (rc == SQLITE_OK)
		rc = tell(s, "servers", w->domain, w->servers, &before.servers, actor, now);
	if (rc == SQLITE_OK)
		rc = tell(s, "registrar", w->domain, w->registrar, &before.registrar, actor, now);
	before_free(&before);
	str_free(&causes);
	str_free(&is);
	return sql_end(s, rc);
}

/* -- what is to be watched ------------------------------------------------------------------ */

/* Names of what somebody must act on (?1: or had to), of ours, and of alarms of the watch that
 * stand. */
#define CAUSE_TO_WATCH                                          \
	"SELECT domain FROM pending WHERE domain <> '' AND (?1" \
	" OR state IN ('open', 'review', 'expired', 'held'))"   \
	" UNION SELECT name FROM owned"                         \
	" UNION SELECT domain FROM alarm WHERE ended_at = 0 AND recipient = ''"

enum store_status watched_each_due(struct store *s, bool settled,
				   void (*each)(void *context, const struct watched_due *d),
				   void *context)
{
	static const char text[] =
	    "SELECT d.domain, coalesce(w.tried_at, 0), coalesce(w.asked_at, 0),"
	    " EXISTS (SELECT 1 FROM pending p WHERE p.domain = d.domain"
	    "  AND p.state IN ('open', 'review', 'expired', 'held')) FROM (" CAUSE_TO_WATCH ") d"
	    " LEFT JOIN watched w ON w.domain = d.domain ORDER BY 2, 1";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "i", (int64_t)settled);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			struct watched_due d = {
			    .domain = sql_text(st, 0),
			    .tried_at = sqlite3_column_int64(st, 1),
			    .asked_at = sqlite3_column_int64(st, 2),
			    .matter = sqlite3_column_int(st, 3) != 0,
			};
			each(context, &d);
		}
	return sql_status(s, rc);
}

enum store_status watched_prune(struct store *s, int64_t before)
{
	static const char text[] =
	    "DELETE FROM watched WHERE tried_at < ?2 AND domain NOT IN (" CAUSE_TO_WATCH ")";
	int rc = sql_begin(s);
	if (rc == SQLITE_OK)
		rc = sql_run(s, text, "ii", (int64_t)1, before);
	return sql_end(s, rc);
}

/* -- servers that want to be left alone ------------------------------------------------------ */

enum store_status watched_wait(struct store *s, const char *base, int64_t *ret_until)
{
	static const char text[] = "SELECT until FROM registry_wait WHERE base = ?1";
	int64_t until = 0;
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "t", base);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			until = sqlite3_column_int64(st, 0);
	if (rc == SQLITE_OK)
		*ret_until = until;
	return sql_status(s, rc);
}

enum store_status watched_note_wait(struct store *s, const char *base, int64_t until)
{
	static const char text[] = "INSERT OR REPLACE INTO registry_wait VALUES (?1, ?2)";
	int rc = sql_begin(s);
	if (rc == SQLITE_OK)
		rc = sql_run(s, text, "ti", base, until);
	return sql_end(s, rc);
}

/* -- when names were registered ------------------------------------------------------------- */

enum store_status watched_registered(struct store *s, const char *name, int64_t *ret_registered_at,
				     int64_t *ret_checked_at)
{
	static const char text[] =
	    "SELECT registered_at, checked_at FROM registered WHERE name = ?1";
	int64_t registered_at = 0, checked_at = 0;
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "t", name);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc)) {
			registered_at = sqlite3_column_int64(st, 0);
			checked_at = sqlite3_column_int64(st, 1);
		}
	if (rc == SQLITE_OK) {
		*ret_registered_at = registered_at;
		*ret_checked_at = checked_at;
	}
	return sql_status(s, rc);
}

enum store_status watched_note_registered(struct store *s, const char *name, int64_t registered_at,
					  int64_t now)
{
	static const char text[] =
	    "INSERT INTO registered VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET"
	    " registered_at = CASE WHEN ?2 <> 0 THEN ?2 ELSE registered_at END, checked_at = ?3";
	int rc = sql_begin(s);
	if (rc == SQLITE_OK)
		rc = sql_run(s, text, "tii", name, registered_at, now);
	return sql_end(s, rc);
}
