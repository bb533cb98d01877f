/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * senders.c - the curated list in the database; see senders.h.
 *
 * Shipped entries are replaced as a whole; the site's own (`local`) and its switches stay. A switch
 * is by name and outlives the entry, so that an entry which was switched off stays off when a new
 * shipped list is loaded. It is applied to the stanza's text before that is parsed: switching is
 * writing or leaving out "Status: disabled".
 */
#include "db/senders.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "db/sql.h"

enum {
	BATCH_BYTES = 1024 * 1024, /* stanzas handed to the parser at once */
};

#define STATUS_LINE "Status: disabled\n"

/* -- loading -------------------------------------------------------------------------------- */

/* Without the status line, and with one if it is not enabled. */
static void add_switched(struct str *to, const char *stanza, bool enabled)
{
	const size_t width = sizeof(STATUS_LINE) - 1;
	for (const char *line = stanza; *line;) {
		size_t n = strcspn(line, "\n");
		n += line[n] ? 1 : 0;
		if (n != width || memcmp(line, STATUS_LINE, width) != 0)
			str_add(to, line, n);
		line += n;
	}
	if (!enabled)
		str_puts(to, STATUS_LINE);
}

struct batch {
	struct list *list;
	struct str text;
	const char *file;
	bool local;
	struct diags *diags;
};

static int parse_batch(struct batch *b)
{
	if (b->text.failed)
		return SQLITE_NOMEM;
	int error = list_parse(b->list, (struct slice){str_text(&b->text), b->text.n}, b->file,
			       b->local, b->diags);
	str_reset(&b->text);
	return error ? SQLITE_NOMEM : SQLITE_OK;
}

/* A stanza with the site's switch, the column of a row, if it has one. */
static int add_stanza(struct batch *b, const char *stanza, sqlite3_stmt *st, int column)
{
	if (sqlite3_column_type(st, column) == SQLITE_NULL)
		str_puts(&b->text, stanza);
	else
		add_switched(&b->text, stanza, sqlite3_column_int(st, column) != 0);
	str_puts(&b->text, "\n");
	return b->text.n >= BATCH_BYTES || b->text.failed ? parse_batch(b) : SQLITE_OK;
}

/* Rows of a stanza and, for senders, the site's switch. */
static int parse_rows(struct store *s, const char *text, const char *origin, struct batch *b)
{
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "t", origin);
	if (rc != SQLITE_OK)
		return rc;
	while (sql_row(st, &rc)) {
		int parsed = add_stanza(b, sql_text(st, 0), st, 1);
		if (parsed != SQLITE_OK) {
			sqlite3_reset(st);
			return parsed;
		}
	}
	return rc == SQLITE_OK ? parse_batch(b) : rc;
}

/* The links that the site has accepted, a stanza for each sender. */
static int parse_own_links(struct store *s, struct batch *b)
{
	static const char text[] = "SELECT sender, link FROM own_link ORDER BY sender, link";
	char before[LIST_NAME_BYTES + 1] = "";
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "");
	if (rc != SQLITE_OK)
		return rc;
	while (sql_row(st, &rc)) {
		const char *name = sql_text(st, 0);
		if (strcmp(name, before) != 0)
			str_printf(&b->text, "\nLink-For: %s\nLink:\n", name);
		str_printf(&b->text, " %s\n", sql_text(st, 1));
		slice_copy(slice_of(name), before, sizeof(before));
	}
	return rc == SQLITE_OK ? parse_batch(b) : rc;
}

static int parse_origin(struct store *s, const char *origin, struct batch *b)
{
	static const char stanzas[] = "SELECT stanza, NULL FROM stanza WHERE origin = ?1"
				      " ORDER BY kind DESC, name";
	static const char senders[] =
	    "SELECT sender.stanza, switch.enabled FROM sender LEFT JOIN switch USING (name)"
	    " WHERE origin = ?1 ORDER BY name";
	int rc = parse_rows(s, stanzas, origin, b);
	return rc == SQLITE_OK ? parse_rows(s, senders, origin, b) : rc;
}

static int parse_sender(struct store *s, const struct sender *sender, struct batch *b)
{
	static const char text[] = "SELECT (SELECT enabled FROM switch WHERE name = ?1)";
	struct str stanza = {0};
	sqlite3_stmt *st;
	int rc = sql_start(s, text, &st, "t", sender->name), parsed = SQLITE_OK;
	sender_print(sender, &stanza);
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			parsed = add_stanza(b, str_text(&stanza), st, 0);
	if (stanza.failed)
		parsed = SQLITE_NOMEM;
	str_free(&stanza);
	return rc == SQLITE_OK ? parsed : rc;
}

/* Another list's entries as if they were the shipped ones, under the site's switches. */
static int parse_list(struct store *s, const struct list *shipped, struct batch *b)
{
	int rc = SQLITE_OK;
	for (size_t i = 0; i < list_platform_count(shipped); i++) {
		platform_print(list_platform_at(shipped, i), &b->text);
		str_puts(&b->text, "\n");
	}
	list_print_hosts(shipped, &b->text);
	for (size_t i = 0; i < list_count(shipped) && rc == SQLITE_OK; i++)
		if (!list_at(shipped, i)->local)
			rc = parse_sender(s, list_at(shipped, i), b);
	return rc == SQLITE_OK ? parse_batch(b) : rc;
}

/* Within a transaction of the caller's. instead: what takes the place of the shipped entries, or
 * NULL. */
static int load(struct store *s, const struct list *instead, struct list *list, struct diags *diags)
{
	struct batch shipped = {.list = list, .file = "database: shipped", .diags = diags};
	struct batch local = {.list = list, .file = "database: own", .local = true, .diags = diags};
	int rc = instead ? parse_list(s, instead, &shipped) : parse_origin(s, "shipped", &shipped);
	if (rc == SQLITE_OK)
		rc = parse_origin(s, "local", &local);
	if (rc == SQLITE_OK)
		rc = parse_own_links(s, &local);
	if (rc == SQLITE_OK && list_finish(list, diags) != 0)
		rc = SQLITE_NOMEM;
	str_free(&shipped.text);
	str_free(&local.text);
	return rc;
}

static int begin_reading(struct store *s)
{
	static const char text[] = "BEGIN";
	return sql_run(s, text, "");
}

static enum store_status load_all(struct store *s, const struct list *instead,
				  struct list **ret_list, struct diags *diags)
{
	struct list *list = list_new();
	bool own = sqlite3_get_autocommit(s->db) != 0;
	int rc = list ? SQLITE_OK : SQLITE_NOMEM;
	enum store_status status;
	if (rc == SQLITE_OK && own)
		rc = begin_reading(s);
	if (rc == SQLITE_OK)
		rc = load(s, instead, list, diags);
	status = own ? sql_end(s, rc) : sql_status(s, rc);
	if (status == STORE_OK)
		*ret_list = list;
	else
		list_free(list);
	return status;
}

enum store_status senders_load(struct store *s, struct list **ret_list, struct diags *diags)
{
	return load_all(s, NULL, ret_list, diags);
}

enum store_status senders_preview(struct store *s, const struct list *shipped,
				  struct list **ret_list, struct diags *diags)
{
	return load_all(s, shipped, ret_list, diags);
}

/* -- changing ------------------------------------------------------------------------------- */

static int raise_generation(struct store *s)
{
	static const char text[] = "UPDATE meta SET value = value + 1 WHERE key = 'generation'";
	return sql_run(s, text, "");
}

static int note_event(struct store *s, const char *actor, const char *kind, const char *sender,
		      const char *detail)
{
	static const char text[] = "INSERT INTO event (at, actor, kind, sender, detail)"
				   " VALUES (?1, ?2, ?3, ?4, ?5)";
	int rc = sql_run(s, text, "itttt", (int64_t)time(NULL), actor, kind, sender, detail);
	return rc == SQLITE_OK ? raise_generation(s) : rc;
}

static int put_sender(struct store *s, const char *origin, const struct sender *sender)
{
	static const char text[] =
	    "INSERT INTO sender (origin, name, address, domain, stanza) VALUES (?1, ?2, ?3, ?4, ?5)"
	    " ON CONFLICT (origin, name) DO UPDATE SET address = ?3, domain = ?4, stanza = ?5";
	struct str stanza = {0}, address = {0};
	sender_print(sender, &stanza);
	str_printf(&address, "%s%s", sender->from ? "" : "*@",
		   sender->from ? sender->from : sender->domain);
	int rc = SQLITE_NOMEM;
	if (!stanza.failed && !address.failed)
		rc = sql_run(s, text, "ttttt", origin, sender->name, str_text(&address),
			     sender->domain, str_text(&stanza));
	str_free(&stanza);
	str_free(&address);
	return rc;
}

static int put_stanza(struct store *s, const char *kind, const char *name, const struct str *stanza)
{
	static const char text[] = "INSERT INTO stanza (origin, kind, name, stanza)"
				   " VALUES ('shipped', ?1, ?2, ?3)";
	if (stanza->failed)
		return SQLITE_NOMEM;
	return sql_run(s, text, "ttt", kind, name, str_text(stanza));
}

static int put_platforms(struct store *s, const struct list *list)
{
	struct str stanza = {0};
	int rc = SQLITE_OK;
	for (size_t i = 0; i < list_platform_count(list) && rc == SQLITE_OK; i++) {
		const struct platform *p = list_platform_at(list, i);
		str_reset(&stanza);
		platform_print(p, &stanza);
		rc = put_stanza(s, "platform", p->name, &stanza);
	}
	str_reset(&stanza);
	list_print_hosts(list, &stanza);
	if (rc == SQLITE_OK && stanza.n > 0)
		rc = put_stanza(s, "hosts", "", &stanza);
	str_free(&stanza);
	return rc;
}

/* The list's own entries of the site, if it has any, are no part of what is shipped. */
static int ship(struct store *s, const struct list *shipped, size_t *ret_count)
{
	static const char no_senders[] = "DELETE FROM sender WHERE origin = 'shipped'";
	static const char no_stanzas[] = "DELETE FROM stanza WHERE origin = 'shipped'";
	int rc = sql_run(s, no_senders, "");
	if (rc == SQLITE_OK)
		rc = sql_run(s, no_stanzas, "");
	if (rc == SQLITE_OK)
		rc = put_platforms(s, shipped);
	for (size_t i = 0; i < list_count(shipped) && rc == SQLITE_OK; i++) {
		const struct sender *sender = list_at(shipped, i);
		if (sender->local)
			continue;
		rc = put_sender(s, "shipped", sender);
		++*ret_count;
	}
	return rc;
}

int senders_replace(struct store *s, const struct list *shipped, const char *actor)
{
	char detail[64];
	size_t count = 0;
	int rc = ship(s, shipped, &count);
	sqlite3_snprintf(sizeof(detail), detail, "release %lld, %llu senders",
			 (long long)list_release(shipped)->number, (unsigned long long)count);
	return rc == SQLITE_OK ? note_event(s, actor, "shipped", "", detail) : rc;
}

enum store_status senders_empty(struct store *s, bool *ret_empty)
{
	static const char text[] = "SELECT 1 FROM sender WHERE origin = 'shipped' UNION ALL"
				   " SELECT 1 FROM stanza WHERE origin = 'shipped' LIMIT 1";
	sqlite3_stmt *st;
	bool empty = true;
	int rc = sql_start(s, text, &st, "");
	if (rc == SQLITE_OK)
		while (sql_row(st, &rc))
			empty = false;
	if (rc == SQLITE_OK)
		*ret_empty = empty;
	return sql_status(s, rc);
}

enum store_status senders_add(struct store *s, const struct sender *sender, const char *actor)
{
	int rc = sql_begin(s);
	if (rc == SQLITE_OK)
		rc = put_sender(s, "local", sender);
	if (rc == SQLITE_OK)
		rc = note_event(s, actor, "added", sender->name, sender->domain);
	return sql_end(s, rc);
}

/* Ends the transaction, which has come to nothing if found is false. */
static enum store_status end_found(struct store *s, int rc, bool found)
{
	if (rc != SQLITE_OK || found)
		return sql_end(s, rc);
	sql_end(s, SQLITE_ABORT);
	return STORE_NOT_FOUND;
}

enum store_status senders_remove(struct store *s, const char *name, const char *actor)
{
	static const char text[] = "DELETE FROM sender WHERE origin = 'local' AND name = ?1";
	static const char no_links[] = "DELETE FROM own_link WHERE sender = ?1";
	static const char no_switch[] = "DELETE FROM switch WHERE name = ?1 AND NOT EXISTS"
					" (SELECT 1 FROM sender WHERE name = ?1)";
	bool found = false;
	int rc = sql_begin(s);
	if (rc == SQLITE_OK)
		rc = sql_run(s, text, "t", name);
	if (rc == SQLITE_OK)
		found = sqlite3_changes(s->db) > 0;
	if (found)
		rc = sql_run(s, no_switch, "t", name);
	if (rc == SQLITE_OK)
		rc = sql_run(s, no_links, "t", name);
	if (rc == SQLITE_OK)
		found = found || sqlite3_changes(s->db) > 0;
	if (found && rc == SQLITE_OK)
		rc = note_event(s, actor, "removed", name, "");
	return end_found(s, rc, found);
}

enum store_status senders_add_link(struct store *s, const char *name, const char *link,
				   const char *actor)
{
	static const char text[] =
	    "INSERT INTO own_link (sender, link) SELECT ?1, ?2"
	    " WHERE EXISTS (SELECT 1 FROM sender WHERE name = ?1) ON CONFLICT DO NOTHING";
	bool found = false;
	int rc = sql_begin(s);
	if (rc == SQLITE_OK)
		rc = sql_run(s, text, "tt", name, link);
	if (rc == SQLITE_OK)
		found = sqlite3_changes(s->db) > 0;
	if (found)
		rc = note_event(s, actor, "link added", name, link);
	return end_found(s, rc, found);
}

enum store_status senders_remove_links(struct store *s, const char *name, const char *actor)
{
	static const char text[] = "DELETE FROM own_link WHERE sender = ?1";
	bool found = false;
	int rc = sql_begin(s);
	if (rc == SQLITE_OK)
		rc = sql_run(s, text, "t", name);
	if (rc == SQLITE_OK)
		found = sqlite3_changes(s->db) > 0;
	if (found)
		rc = note_event(s, actor, "links removed", name, "");
	return end_found(s, rc, found);
}

enum store_status senders_switch(struct store *s, const char *name, bool enabled, const char *actor)
{
	static const char text[] = "INSERT INTO switch (name, enabled) SELECT ?1, ?2"
				   " WHERE EXISTS (SELECT 1 FROM sender WHERE name = ?1)"
				   " ON CONFLICT (name) DO UPDATE SET enabled = ?2";
	bool found = false;
	int rc = sql_begin(s);
	if (rc == SQLITE_OK)
		rc = sql_run(s, text, "ti", name, (int64_t)enabled);
	if (rc == SQLITE_OK)
		found = sqlite3_changes(s->db) > 0;
	if (found)
		rc = note_event(s, actor, enabled ? "enabled" : "disabled", name, "");
	return end_found(s, rc, found);
}

/* -- for readers ---------------------------------------------------------------------------- */

enum {
	READ_WAIT_MS = 2000,
};

static enum store_status read_current(struct store *s, struct list **ret_list,
				      int64_t *ret_generation, struct diags *diags)
{
	bool empty = false;
	struct list *list = NULL;
	int rc = begin_reading(s);
	enum store_status status = sql_status(s, rc);
	if (status == STORE_OK)
		status = senders_empty(s, &empty);
	if (status == STORE_OK)
		status = store_generation(s, ret_generation);
	if (status == STORE_OK && !empty)
		status = senders_load(s, &list, diags);
	sql_end(s, SQLITE_OK);
	if (status == STORE_OK)
		*ret_list = list;
	return status;
}

/* Opens it for reading; NULL, and *ret_refused is set, where it must not be used at all. */
static struct store *open_current(const char *database, bool *ret_refused, struct diags *diags)
{
	struct store *s = NULL;
	char why[256];
	enum store_status status = store_open(database, STORE_READ, READ_WAIT_MS, &s, why);
	*ret_refused = status == STORE_NOT_OURS || status == STORE_NEWER;
	/* The path stands before the message already, unless it was too long for both. */
	size_t path = strlen(database) + strlen(": ");
	if (*ret_refused)
		diag_add(diags, DIAG_ERROR, database, 0, 0, "%s",
			 why + (path < strlen(why) ? path : 0));
	return status == STORE_OK ? s : NULL;
}

struct list *senders_current(const char *database, int64_t *ret_generation, bool *ret_refused,
			     struct diags *diags)
{
	struct list *list = NULL;
	int64_t generation = 0;
	struct store *s = open_current(database, ret_refused, diags);
	if (s) {
		read_current(s, &list, &generation, diags);
		store_close(s);
	}
	if (list)
		*ret_generation = generation;
	return list;
}

bool senders_usable(const char *database, struct diags *diags)
{
	bool refused;
	struct store *s = open_current(database, &refused, diags);
	if (s)
		store_close(s);
	return !refused;
}
