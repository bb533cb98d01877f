/* SPDX-License-Identifier: BSD-2-Clause */
/* releases.c - which release of the list is in use, and the one before it; see releases.h. */
#include "db/releases.h"

#include <time.h>

#include "db/events.h"
#include "db/senders.h"
#include "db/sql.h"

#define PRESENT       "release"
#define ISSUED        "release issued"
#define BEFORE        "release before"
#define BEFORE_ISSUED "release before issued"
#define LATEST        "release latest"

static int number(struct store *s, const char *key, int64_t *ret_number)
{
	static const char text[] = "SELECT value FROM meta WHERE key = ?1";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "t", key);
	*ret_number = 0;
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			*ret_number = sqlite3_column_int64(st, 0);
	return rc;
}

static int set_number(struct store *s, const char *key, int64_t value)
{
	static const char text[] = "INSERT INTO meta VALUES (?1, ?2)"
				   " ON CONFLICT DO UPDATE SET value = ?2";
	return sql_run(s, text, "ti", key, value);
}

static int present(struct store *s, struct release *ret_release)
{
	struct release r = {0};
	int rc = number(s, PRESENT, &r.number);
	if (rc == SQLITE_OK)
		rc = number(s, ISSUED, &r.issued);
	if (rc == SQLITE_OK)
		rc = number(s, LATEST, &r.latest);
	r.undone = r.number < r.latest;
	if (rc == SQLITE_OK)
		*ret_release = r;
	return rc;
}

enum store_status releases_present(struct store *s, struct release *ret_release)
{
	return sql_status(s, present(s, ret_release));
}

static int set(struct store *s, const char *number_key, int64_t number, const char *issued_key,
	       int64_t issued)
{
	int rc = set_number(s, number_key, number);
	return rc == SQLITE_OK ? set_number(s, issued_key, issued) : rc;
}

/* The shipped entries that there are, as the list before. */
static int keep(struct store *s, const struct release *now)
{
	static const char empty[] = "DELETE FROM shipped_before";
	static const char senders[] = "INSERT INTO shipped_before SELECT 'sender', name, address,"
				      " domain, stanza FROM sender WHERE origin = 'shipped'";
	static const char stanzas[] = "INSERT INTO shipped_before SELECT kind, name, '', '', stanza"
				      " FROM stanza WHERE origin = 'shipped'";
	int rc = sql_run(s, empty, "");
	if (rc == SQLITE_OK)
		rc = sql_run(s, senders, "");
	if (rc == SQLITE_OK)
		rc = sql_run(s, stanzas, "");
	return rc == SQLITE_OK ? set(s, BEFORE, now->number, BEFORE_ISSUED, now->issued) : rc;
}

/* Within a transaction. */
static int replace(struct store *s, const struct list *list, const struct release *now,
		   const char *actor)
{
	const struct list_release *r = list_release(list);
	int rc = keep(s, now);
	if (rc == SQLITE_OK)
		rc = senders_replace(s, list, actor);
	if (rc == SQLITE_OK)
		rc = set(s, PRESENT, r->number, ISSUED, r->issued);
	return rc == SQLITE_OK && r->number > now->latest ? set_number(s, LATEST, r->number) : rc;
}

enum store_status releases_take(struct store *s, const struct list *list, const char *actor,
				bool *ret_taken)
{
	struct release now = {0};
	bool taken = false;
	int rc = sql_begin(s);
	if (rc == SQLITE_OK)
		rc = present(s, &now);
	if (rc == SQLITE_OK) {
		const int64_t n = list_release(list)->number;
		taken = n >= now.latest && (n != now.number || n == 0);
		rc = taken ? replace(s, list, &now, actor) : rc;
	}
	const enum store_status status = sql_end(s, rc);
	if (status == STORE_OK)
		*ret_taken = taken;
	return status;
}

enum store_status releases_ship(struct store *s, const struct list *list, const char *actor,
				bool *ret_taken)
{
	struct release now = {0};
	bool taken = false, empty;
	int rc = sql_begin(s);
	if (rc == SQLITE_OK)
		rc = present(s, &now);
	if (rc == SQLITE_OK && senders_empty(s, &empty) != STORE_OK)
		rc = SQLITE_ERROR;
	if (rc == SQLITE_OK) {
		taken = empty || list_release(list)->number > now.latest;
		rc = taken ? replace(s, list, &now, actor) : rc;
	}
	const enum store_status status = sql_end(s, rc);
	if (status == STORE_OK)
		*ret_taken = taken;
	return status;
}

static int say_undone(struct store *s, const char *actor, int64_t release)
{
	char detail[48];
	sqlite3_snprintf(sizeof(detail), detail, "release %lld", (long long)release);
	return events_note(s, &(struct event){time(NULL), actor, "update undone", NULL, 0, detail});
}

static int bring_back(struct store *s, const char *actor, struct release *r)
{
	static const char *const texts[] = {
	    "DELETE FROM sender WHERE origin = 'shipped'",
	    "DELETE FROM stanza WHERE origin = 'shipped'",
	    "INSERT INTO sender SELECT 'shipped', name, address, domain, stanza FROM shipped_before"
	    " WHERE kind = 'sender'",
	    "INSERT INTO stanza SELECT 'shipped', kind, name, stanza FROM shipped_before"
	    " WHERE kind <> 'sender'",
	    "DELETE FROM shipped_before",
	    "UPDATE meta SET value = value + 1 WHERE key = 'generation'",
	};
	int rc = number(s, BEFORE, &r->number);
	if (rc == SQLITE_OK)
		rc = number(s, BEFORE_ISSUED, &r->issued);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]) && rc == SQLITE_OK; i++)
		rc = sql_run(s, texts[i], "");
	if (rc == SQLITE_OK)
		rc = set(s, PRESENT, r->number, ISSUED, r->issued);
	return rc == SQLITE_OK ? say_undone(s, actor, r->number) : rc;
}

enum store_status releases_undo(struct store *s, const char *actor, struct release *ret_now)
{
	static const char any[] = "SELECT count(*) FROM shipped_before";
	struct release r = {0};
	int64_t there = 0;
	sqlite3_stmt *st = NULL;
	int rc = sql_begin(s);
	if (rc == SQLITE_OK)
		rc = sql_start(s, any, &st, "");
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			there = sqlite3_column_int64(st, 0);
	if (rc == SQLITE_OK && there)
		rc = bring_back(s, actor, &r);
	const enum store_status status = sql_end(s, rc);
	if (status != STORE_OK)
		return status;
	*ret_now = r; /* latest is not looked for */
	return there ? STORE_OK : STORE_NOT_FOUND;
}
