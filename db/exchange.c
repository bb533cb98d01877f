/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exchange.c - see exchange.h.
 *
 * SQLite's own JSON functions do the work, with texts that are put together from the schema's list
 * of columns: a column that is added later takes part by itself. The names in these texts are the
 * schema's, never the file's; what the file holds is bound.
 *
 * Numbers of pendings and suggestions are kept where they are free, since people know them by it. A
 * temporary table says what became of each, for the rows that refer to them; another one holds the
 * schema's columns. Each text is prepared once: a parser run for every row is most of the time that
 * 100,000 of them take.
 */
#include "db/exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "db/sql.h"
#include "rules/core/terms.h"

/* Texts of tables[], with ?1 the JSON of the row that goes in and ?2 the id of the one that is
 * there. A pending is the same matter as another where mail would have joined the two
 * (pendings_mail.c); 15552000 s is its half a year. */
static const char same_pending[] =
    "SELECT id FROM pending"
    " WHERE recipient = ?1 ->> '$.recipient' AND class = ?1 ->> '$.class'"
    "  AND domain = ?1 ->> '$.domain' AND mail = ?1 ->> '$.mail' AND origin = ?1 ->> '$.origin'"
    "  AND (first_seen = ?1 ->> '$.first_seen'"
    "   OR (abs(first_seen - (?1 ->> '$.first_seen')) <= 15552000"
    "    AND state NOT IN ('done', 'resolved')"
    "    AND ?1 ->> '$.state' NOT IN ('done', 'resolved')))"
    " ORDER BY first_seen <> ?1 ->> '$.first_seen', id LIMIT 1";

/* The earliest deadline; the state of whoever changed it last. */
static const char merge_pending[] =
    "WITH given AS (SELECT"
    "  ?1 ->> '$.deadline' <> 0 AND (deadline = 0 OR ?1 ->> '$.deadline' < deadline) AS earlier,"
    "  ?1 ->> '$.changed_at' >"
    "   coalesce((SELECT max(at) FROM event WHERE pending = ?2 AND kind <> 'reminded'), 0) AS later"
    "  FROM pending WHERE id = ?2)"
    " UPDATE pending SET first_seen = min(first_seen, ?1 ->> '$.first_seen'),"
    "  last_seen = max(last_seen, ?1 ->> '$.last_seen'), mails = max(mails, ?1 ->> '$.mails'),"
    "  deadline = iif(earlier, ?1 ->> '$.deadline', deadline),"
    "  deadline_source = iif(earlier, ?1 ->> '$.deadline_source', deadline_source),"
    "  state = iif(later, ?1 ->> '$.state', state),"
    "  snoozed_until = iif(later, ?1 ->> '$.snoozed_until', snoozed_until)"
    " FROM given WHERE id = ?2";

static const char same_event[] =
    "SELECT id FROM event WHERE at = ?1 ->> '$.at' AND actor = ?1 ->> '$.actor'"
    "  AND kind = ?1 ->> '$.kind' AND detail = ?1 ->> '$.detail'"
    "  AND sender IS ?1 ->> '$.sender' AND domain IS ?1 ->> '$.domain'"
    "  AND pending IS (SELECT fresh FROM temp.renumbered"
    "   WHERE name = 'pending' AND former = ?1 ->> '$.pending')"
    " LIMIT 1";

static const char same_alarm[] =
    "SELECT id FROM alarm WHERE kind = ?1 ->> '$.kind' AND domain = ?1 ->> '$.domain'"
    "  AND recipient = ?1 ->> '$.recipient' AND (raised_at = ?1 ->> '$.raised_at'"
    "   OR (ended_at = 0 AND ?1 ->> '$.ended_at' = 0))"
    " LIMIT 1";

static const char same_suggestion[] =
    "SELECT id FROM suggestion WHERE address = ?1 ->> '$.address' AND sender = ?1 ->> '$.sender'"
    "  AND link = ?1 ->> '$.link'";
static const char merge_suggestion[] =
    "UPDATE suggestion SET first_seen = min(first_seen, ?1 ->> '$.first_seen'),"
    "  last_seen = max(last_seen, ?1 ->> '$.last_seen'), mails = max(mails, ?1 ->> '$.mails')"
    " WHERE id = ?2";

/* What is done with a row that goes in; ?1 is its JSON. */
struct table {
	const char *name;
	const char *rows; /* which ones, and in which order; also the order of going in */
	bool numbered;    /* its id is not written: what refers to it does not */
	const char
	    *match; /* the id of the row that is the same thing; NULL: the primary key tells */
	const char *merge;  /* what the row that is there (?2) learns from it; NULL: nothing */
	const char *refers; /* a column that is a number of the table before; NULL: none */
	const char *to;     /* that table */
	const char *on_conflict;
	bool own; /* its origin is 'local': what is shipped comes with the program alone */
};

static const struct table tables[] = {
    {.name = "sender", .rows = "WHERE origin = 'local' ORDER BY name", .own = true},
    {.name = "stanza", .rows = "WHERE origin = 'local' ORDER BY kind, name", .own = true},
    {.name = "switch", .rows = "ORDER BY name"},
    {.name = "own_link", .rows = "ORDER BY sender, link"},
    {.name = "owned", .rows = "ORDER BY name"},
    {.name = "signs",
     .rows = "ORDER BY address",
     .on_conflict = "ON CONFLICT DO UPDATE SET first_seen = min(first_seen, excluded.first_seen),"
		    " last_seen = max(last_seen, excluded.last_seen)"
		    " WHERE excluded.first_seen < first_seen OR excluded.last_seen > last_seen"},
    {.name = "counter",
     .rows = "ORDER BY name",
     .on_conflict =
	 "ON CONFLICT DO UPDATE SET value = excluded.value WHERE excluded.value > value"},
    {.name = "run",
     .rows = "ORDER BY name",
     .on_conflict =
	 "ON CONFLICT DO UPDATE SET at = excluded.at, good_at = excluded.good_at,"
	 " detail = excluded.detail, began_at = excluded.began_at WHERE excluded.at > at"},
    {.name = "registered", .rows = "ORDER BY name"},
    {.name = "watched", .rows = "ORDER BY domain", .on_conflict = "ON CONFLICT DO NOTHING"},
    {.name = "message",
     .rows = "ORDER BY received_at, recipient, message_id, verdict",
     .numbered = true},
    {.name = "pending", .rows = "ORDER BY id", .match = same_pending, .merge = merge_pending},
    {.name = "event",
     .rows = "ORDER BY at, id",
     .numbered = true,
     .match = same_event,
     .refers = "pending",
     .to = "pending"},
    {.name = "alarm",
     .rows = "ORDER BY raised_at, id",
     .numbered = true,
     .match = same_alarm,
     .refers = "pending",
     .to = "pending"},
    {.name = "notice",
     .rows = "ORDER BY pending, step",
     .refers = "pending",
     .to = "pending",
     .on_conflict = "ON CONFLICT DO NOTHING"},
    {.name = "suggestion",
     .rows = "ORDER BY id",
     .match = same_suggestion,
     .merge = merge_suggestion},
    {.name = "suggestion_fact",
     .rows = "ORDER BY suggestion, kind, value",
     .refers = "suggestion",
     .to = "suggestion"},
};

static const char *const left_out[] = {
    "meta",      "undo",       "undo_pending",  "undo_message",   "undo_event", "undo_alarm",
    "undo_fact", "undo_owned", "registry_wait", "shipped_before", "mailed",
};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const struct table *find_table(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(tables); i++)
		if (strcmp(tables[i].name, name) == 0)
			return &tables[i];
	return NULL;
}

bool exchange_has(const char *table)
{
	return find_table(table) != NULL;
}

bool exchange_leaves_out(const char *table)
{
	for (size_t i = 0; i < COUNT_OF(left_out); i++)
		if (strcmp(left_out[i], table) == 0)
			return true;
	return false;
}

/* -- texts ---------------------------------------------------------------------------------- */

/* Calls `add` for each column that is written. */
static int each_column(struct store *s, const struct table *t,
		       void (*add)(const struct table *t, const char *column, struct str *to),
		       struct str *to)
{
	static const char text[] = "SELECT name FROM pragma_table_info(?1) ORDER BY cid";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "t", t->name);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			if (!t->numbered || strcmp(sql_text(st, 0), "id") != 0)
				add(t, sql_text(st, 0), to);
	return to->failed ? SQLITE_NOMEM : rc;
}

static void add_pair(const struct table *t, const char *column, struct str *to)
{
	(void)t;
	str_printf(to, ", '%s', %s", column, column);
}

static void add_name(const struct table *t, const char *column, struct str *to)
{
	(void)t;
	str_printf(to, "%s%s", to->p[to->n - 1] == '(' ? "" : ", ", column);
}

static void add_value(const struct table *t, const char *column, struct str *to)
{
	if (to->p[to->n - 1] != '(')
		str_puts(to, ", ");
	if (t->refers && strcmp(column, t->refers) == 0)
		str_printf(to,
			   "(SELECT fresh FROM temp.renumbered WHERE name = '%s'"
			   " AND former = (?1 ->> '$.%s'))",
			   t->to, column);
	else if (strcmp(column, "id") == 0)
		str_printf(to,
			   "(SELECT (?1 ->> '$.id') WHERE (?1 ->> '$.id')"
			   " NOT IN (SELECT id FROM %s))",
			   t->name);
	else
		str_printf(to, "(?1 ->> '$.%s')", column);
}

static int insert_text(struct store *s, const struct table *t, struct str *to)
{
	str_printf(to, "INSERT INTO %s (", t->name);
	int rc = each_column(s, t, add_name, to);
	str_puts(to, ") VALUES (");
	if (rc == SQLITE_OK)
		rc = each_column(s, t, add_value, to);
	str_printf(to, ") %s", t->on_conflict ? t->on_conflict : "ON CONFLICT DO NOTHING");
	return to->failed ? SQLITE_NOMEM : rc;
}

/* -- out ------------------------------------------------------------------------------------ */

static int put_table(struct store *s, const struct table *t,
		     bool (*each)(void *context, const char *json), void *context, bool *more)
{
	struct str text = {0};
	sqlite3_stmt *st = NULL;
	str_printf(&text, "SELECT json_object('table', '%s'", t->name);
	int rc = each_column(s, t, add_pair, &text);
	if (strcmp(t->name, "pending") == 0)
		str_puts(&text, ", 'changed_at', coalesce((SELECT max(at) FROM event e"
				" WHERE e.pending = pending.id AND e.kind <> 'reminded'), 0)");
	str_printf(&text, ") FROM %s %s", t->name, t->rows);
	if (rc == SQLITE_OK && text.failed)
		rc = SQLITE_NOMEM;
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(s->db, str_text(&text), -1, &st, NULL);
	if (rc == SQLITE_OK) {
		while (*more && (rc = sqlite3_step(st)) == SQLITE_ROW)
			*more = each(context, sql_text(st, 0));
		if (rc == SQLITE_DONE || rc == SQLITE_ROW)
			rc = SQLITE_OK;
	}
	sqlite3_finalize(st);
	str_free(&text);
	return rc;
}

enum store_status exchange_each(struct store *s, bool (*each)(void *context, const char *json),
				void *context)
{
	static const char begin[] = "BEGIN";
	bool more = true;
	int rc = sql_run(s, begin, "");
	for (size_t i = 0; i < COUNT_OF(tables) && rc == SQLITE_OK && more; i++)
		rc = put_table(s, &tables[i], each, context, &more);
	const enum store_status status = sql_status(s, rc);
	sql_end(s, SQLITE_ABORT); /* nothing was written */
	return status;
}

/* -- in ------------------------------------------------------------------------------------- */

struct exchange {
	struct store *store;
	sqlite3_stmt *insert[COUNT_OF(tables)]; /* NULL: not needed yet */
};

static int note_columns(struct store *s)
{
	static const char text[] =
	    "INSERT INTO temp.column_of SELECT ?1, name FROM pragma_table_info(?1)";
	int rc = SQLITE_OK;
	for (size_t i = 0; i < COUNT_OF(tables) && rc == SQLITE_OK; i++)
		rc = sql_run(s, text, "t", tables[i].name);
	return rc;
}

enum store_status exchange_begin(struct store *s, struct exchange **ret_exchange)
{
	static const char prepare[] =
	    "PRAGMA temp_store = MEMORY;"
	    "DROP TABLE IF EXISTS temp.renumbered;"
	    "CREATE TEMP TABLE renumbered (name TEXT, former INTEGER, fresh INTEGER,"
	    " PRIMARY KEY (name, former)) WITHOUT ROWID;"
	    "DROP TABLE IF EXISTS temp.column_of;"
	    "CREATE TEMP TABLE column_of (name TEXT, word TEXT,"
	    " PRIMARY KEY (name, word)) WITHOUT ROWID";
	struct exchange *x = calloc(1, sizeof(*x));
	int rc = x ? sqlite3_exec(s->db, prepare, NULL, NULL, NULL) : SQLITE_NOMEM;
	if (rc == SQLITE_OK)
		rc = note_columns(s);
	if (rc == SQLITE_OK)
		rc = sql_begin(s);
	if (rc != SQLITE_OK) {
		free(x);
		return sql_status(s, rc);
	}
	x->store = s;
	*ret_exchange = x;
	return STORE_OK;
}

/* A key that is no column, or a column that is missing; "" where all is well. */
static int odd_key(struct store *s, const struct table *t, const char *json, char to[64])
{
	static const char text[] =
	    "SELECT key FROM json_each(?1) WHERE key <> 'table'"
	    "  AND NOT (key = 'changed_at' AND ?2 = 'pending')"
	    "  AND key NOT IN (SELECT word FROM temp.column_of WHERE name = ?2)"
	    " UNION ALL SELECT word FROM temp.column_of WHERE name = ?2"
	    "  AND word NOT IN (SELECT key FROM json_each(?1)) AND NOT (word = 'id' AND ?3)"
	    " LIMIT 1";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "tti", json, t->name, (int64_t)t->numbered);
	to[0] = '\0';
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			sqlite3_snprintf(64, to, "%s", sql_text(st, 0));
	return rc;
}

/* What our own programs write is shown as it is, so nothing else may come in by it. Texts of mail
 * are made fit where they are shown. */
#define PLAIN                                                                               \
	"'domain', 'class', 'kind', 'actor', 'verdict', 'ours', 'deadline_source', 'name'," \
	" 'address', 'standing'"
#define CONTROL "*[\x01-\x1f\x7f-\xc2\x9f]*"

/* Whether a row says a class that there is not. */
static int odd_class(struct store *s, const char *json, bool *ret_odd)
{
	static const char text[] = "SELECT ?1 ->> '$.class' WHERE ?1 ->> '$.class' <> ''";
	sqlite3_stmt *st;
	enum class_id class;
	int rc = sql_start(s, text, &st, "t", json);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			*ret_odd = !class_of_name(slice_of(sql_text(st, 0)), &class);
	return rc;
}

/* A key whose value cannot be: a number that no time or count reaches, somebody else's origin,
 * control characters in a word of ours; "" where all is well. */
static int odd_value(struct store *s, const struct table *t, const char *json, char to[64])
{
	/* The pattern is no bound value: SQLite would prepare the text anew for each. */
	static const char text[] = "SELECT key FROM json_each(?1)"
				   " WHERE (type = 'integer' AND value NOT BETWEEN -?2 AND ?2)"
				   " OR (key = 'id' AND value < 1)"
				   " OR (?3 AND key = 'origin' AND value IS NOT 'local')"
				   " OR (key IN (" PLAIN ") AND value GLOB '" CONTROL "') LIMIT 1";
	bool odd = false;
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "tii", json, LIMIT_IMPORT_NUMBER, (int64_t)t->own);
	to[0] = '\0';
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			sqlite3_snprintf(64, to, "%s", sql_text(st, 0));
	if (rc == SQLITE_OK)
		rc = odd_class(s, json, &odd);
	if (odd)
		sqlite3_snprintf(64, to, "class");
	return rc;
}

/* A reference to a row that did not come before it. */
static int dangles(struct store *s, const struct table *t, const char *json, bool *ret_dangles)
{
	static const char text[] =
	    "SELECT (?1 ->> ('$.' || ?2)) IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"
	    " temp.renumbered WHERE name = ?3 AND former = (?1 ->> ('$.' || ?2)))";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "ttt", json, t->refers, t->to);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			*ret_dangles = sqlite3_column_int(st, 0) != 0;
	return rc;
}

static int renumber(struct store *s, const struct table *t, const char *json, int64_t fresh)
{
	static const char text[] = "INSERT INTO temp.renumbered VALUES (?2, ?1 ->> '$.id', ?3)";
	return sql_run(s, text, "tti", json, t->name, fresh);
}

/* The id of the row that is the same thing, or 0. */
static int find_same(struct store *s, const struct table *t, const char *json, int64_t *ret_id)
{
	sqlite3_stmt *st;
	int rc = t->match ? sql_start(s, t->match, &st, "t", json) : SQLITE_OK;
	*ret_id = 0;
	if (rc == SQLITE_OK && t->match)
		while (sql_row(st, &rc))
			*ret_id = sqlite3_column_int64(st, 0);
	return rc;
}

static int insert(struct exchange *x, const struct table *t, const char *json)
{
	sqlite3_stmt **st = &x->insert[t - tables];
	struct str text = {0};
	int rc = *st ? SQLITE_OK : insert_text(x->store, t, &text);
	if (rc == SQLITE_OK && !*st)
		rc = sqlite3_prepare_v3(x->store->db, str_text(&text), -1,
					SQLITE_PREPARE_PERSISTENT, st, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text(*st, 1, json, -1, SQLITE_STATIC);
	if (rc == SQLITE_OK)
		while (sql_row(*st, &rc))
			;
	str_free(&text);
	return rc;
}

/* A row that is well-formed as far as keys go. */
static int take_row(struct exchange *x, const struct table *t, const char *json,
		    struct exchanged *count)
{
	struct store *s = x->store;
	int64_t id = 0;
	int rc = find_same(s, t, json, &id);
	if (rc == SQLITE_OK && id && t->merge)
		rc = sql_run(s, t->merge, "ti", json, id);
	if (rc == SQLITE_OK && !id) {
		rc = insert(x, t, json);
		if (rc == SQLITE_OK && sqlite3_changes(s->db) > 0) {
			count->fresh++;
			count->pendings += strcmp(t->name, "pending") == 0;
		}
		id = sqlite3_last_insert_rowid(s->db);
	}
	return rc == SQLITE_OK && t->match && !t->numbered ? renumber(s, t, json, id) : rc;
}

static int table_of(struct store *s, const char *json, char to[64])
{
	static const char text[] = "SELECT ?1 ->> '$.table'";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "t", json);
	to[0] = '\0';
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			sqlite3_snprintf(64, to, "%s", sql_text(st, 0));
	return rc;
}

bool exchange_take(struct exchange *x, const char *json, struct exchanged *count,
		   char ret_why[static 256])
{
	struct store *s = x->store;
	char name[64], key[64];
	bool dangling = false;
	int rc = table_of(s, json, name);
	const struct table *t = rc == SQLITE_OK ? find_table(name) : NULL;
	if (rc == SQLITE_OK && !t) {
		snprintf(ret_why, 256, "\"table\" is \"%s\", which is none of ours", name);
		return false;
	}
	if (rc == SQLITE_OK)
		rc = odd_key(s, t, json, key);
	if (rc == SQLITE_OK && *key) {
		snprintf(ret_why, 256, "a row of %s: the key \"%s\" is missing or unknown", name,
			 key);
		return false;
	}
	if (rc == SQLITE_OK)
		rc = odd_value(s, t, json, key);
	if (rc == SQLITE_OK && *key) {
		snprintf(ret_why, 256, "a row of %s: the value of \"%s\" cannot be", name, key);
		return false;
	}
	if (rc == SQLITE_OK && t->refers)
		rc = dangles(s, t, json, &dangling);
	if (rc == SQLITE_OK && dangling) {
		snprintf(ret_why, 256, "a row of %s: its %s did not come before it", name,
			 t->refers);
		return false;
	}
	if (rc == SQLITE_OK)
		rc = take_row(x, t, json, count);
	if (rc != SQLITE_OK) {
		snprintf(ret_why, 256, "a row of %s: %s", name, sqlite3_errmsg(s->db));
		return false;
	}
	count->rows++;
	return true;
}

enum store_status exchange_end(struct exchange *x, bool keep)
{
	static const char raise[] = "UPDATE meta SET value = value + 1 WHERE key = 'generation'";
	struct store *s = x->store;
	int rc = keep ? sql_run(s, raise, "") : SQLITE_ABORT;
	for (size_t i = 0; i < COUNT_OF(tables); i++)
		sqlite3_finalize(x->insert[i]);
	free(x);
	const enum store_status status = sql_end(s, rc);
	return keep ? status : STORE_OK;
}
