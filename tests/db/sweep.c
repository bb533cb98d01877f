/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Everything that changes the database, with the Nth operation on its files failing, for every N:
 * an error, a full disk, and the power cut there, after which what was not synced is lost, all of
 * it or by chance. Then the database is sound, and it is as it was before or as it is after; after,
 * if we were told that it was done.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

#include "db/alarms.h"
#include "db/exchange.h"
#include "db/notices.h"
#include "db/owned.h"
#include "db/pendings.h"
#include "db/purge.h"
#include "db/runs.h"
#include "db/releases.h"
#include "db/senders.h"
#include "db/suggestions.h"
#include "db/undo.h"
#include "db/watched.h"
#include "tests/db/faultvfs.h"
#include "tests/db/make.h"
#include "tests/db/unsynced.h"

/* -- what changes it ------------------------------------------------------------------------ */

static enum store_status put(struct store *s, const char *id, const char *domain,
			     enum verdict verdict)
{
	struct record *r = make_record("a@example.net", id);
	r->verdict = verdict;
	r->pending = verdict == VERDICT_GENUINE ? PENDING_OPEN : PENDING_REVIEW;
	set_domains(r, 1, &domain);
	enum store_status status = store_record(s, &r, 1);
	record_free(r);
	return status;
}

static enum store_status record_new_matter(struct store *s)
{
	return put(s, "<new@x>", "new.example", VERDICT_GENUINE);
}

static enum store_status record_joining(struct store *s)
{
	return put(s, "<more@x>", "one.example", VERDICT_GENUINE);
}

static enum store_status record_group(struct store *s)
{
	struct record *r[LIMIT_GROUP_COMMIT];
	char id[32];
	for (int i = 0; i < LIMIT_GROUP_COMMIT; i++) {
		snprintf(id, sizeof(id), "<group%d@x>", i);
		r[i] = make_record("g@example.net", id);
	}
	enum store_status status = store_record(s, r, LIMIT_GROUP_COMMIT);
	for (int i = 0; i < LIMIT_GROUP_COMMIT; i++)
		record_free(r[i]);
	return status;
}

static enum store_status record_suggestion(struct store *s)
{
	struct record *r = make_record("a@example.net", "<offer@x>");
	r->verdict = VERDICT_UNLISTED;
	r->pending = PENDING_NO;
	snprintf(r->from, sizeof(r->from), "domains@shop.example");
	r->offer.kind = OFFER_SENDER;
	snprintf(r->offer.org, sizeof(r->offer.org), "shop.example");
	enum store_status status = store_record(s, &r, 1);
	record_free(r);
	return status;
}

static enum store_status done_with_both(struct store *s)
{
	const int64_t id[] = {1, 2};
	int64_t missing;
	return pendings_set(s, id, 2, PENDING_STATE_DONE, "x", "y", NOW, &missing);
}

static enum store_status snooze(struct store *s)
{
	const int64_t id[] = {1, 2};
	int64_t missing;
	return pendings_snooze(s, id, 2, NOW + DAY, "x", "y", NOW, &missing);
}

static enum store_status expire(struct store *s)
{
	size_t count;
	return pendings_expire(s, NOW + 90 * DAY, &count);
}

static enum store_status hold(struct store *s)
{
	size_t count;
	return pendings_hold(s, "two.example", "watch", "clientHold", NOW, &count);
}

static enum store_status purge(struct store *s)
{
	const struct purge what = {.recipient = "a@example.net"};
	struct purged gone;
	return purge_apply(s, &what, PURGE_UNDO, "x", NOW, &gone);
}

static enum store_status undo(struct store *s)
{
	int64_t back, kept;
	return undo_last(s, "x", NOW, &back, &kept);
}

static enum store_status raise_alarm(struct store *s)
{
	const struct alarm a = {
	    .kind = ALARM_HELD, .domain = "one.example", .recipient = "", .detail = "clientHold"};
	bool is_new;
	return alarms_raise(s, &a, "watch", NOW, &is_new);
}

static enum store_status add_domains(struct store *s)
{
	const char *const come[] = {"one.example", "three.example"};
	size_t added, removed;
	return owned_change(s, come, 2, NULL, 0, "added", "x", NOW, &added, &removed);
}

static enum store_status note_notices(struct store *s)
{
	struct notices n = {0};
	notices_add(&n, 1, NOTICE_WEEK);
	notices_add(&n, 2, NOTICE_THREE);
	enum store_status status = notices_note(s, &n, "clock", "boss@example.net", NOW);
	notices_free(&n);
	return status;
}

static enum store_status note_run(struct store *s)
{
	return runs_note(s, "backup", true, "12 MB", NOW);
}

static enum store_status note_watched(struct store *s)
{
	const struct watched w = {.domain = "one.example",
				  .standing = STANDING_FINE,
				  .since = NOW,
				  .checked_at = NOW,
				  .tried_at = NOW,
				  .trouble = "",
				  .servers = "a.example b.example",
				  .former = "",
				  .registrar = "",
				  .statuses = ""};
	return watched_note(s, &w, "watch", NOW);
}

static enum store_status ship_list(struct store *s)
{
	static const char text[] = "Sender: one\nFrom: support@one.example\n"
				   "Registrar: One\nClasses: renewal\n";
	struct diags d = {0};
	struct list *l = list_new();
	assert_non_null(l);
	assert_int_equal(list_parse(l, slice_of(text), "test", false, &d), 0);
	assert_int_equal(list_finish(l, &d), 0);
	bool taken;
	enum store_status status = releases_take(s, l, "x", &taken);
	list_free(l);
	diag_free(&d);
	return status;
}

static enum store_status switch_sender(struct store *s)
{
	return senders_switch(s, "one", false, "x");
}

static enum store_status add_link(struct store *s)
{
	return senders_add_link(s, "one", "v.one.example /v/*", "x");
}

static enum store_status import(struct store *s)
{
	static const char line[] =
	    "{\"table\":\"owned\",\"name\":\"four.example\",\"source\":\"x\",\"added_at\":1}";
	struct exchanged count = {0};
	char why[256] = "";
	struct exchange *x = NULL;
	enum store_status status = exchange_begin(s, &x);
	if (status != STORE_OK)
		return status;
	bool taken = exchange_take(x, line, &count, why);
	status = exchange_end(x, taken);
	return taken ? status : STORE_ERROR;
}

static const struct change {
	const char *name;
	enum store_status (*make)(struct store *s);
} changes[] = {
    {"a mail of a new matter", record_new_matter},
    {"a mail that joins", record_joining},
    {"a group of mails", record_group},
    {"a mail with a suggestion", record_suggestion},
    {"done", done_with_both},
    {"snooze", snooze},
    {"expire", expire},
    {"hold", hold},
    {"purge", purge},
    {"undo", undo},
    {"an alarm", raise_alarm},
    {"our domains", add_domains},
    {"notices", note_notices},
    {"a run", note_run},
    {"a look of the watch", note_watched},
    {"a sender switched off", switch_sender},
    {"a link of the site's own", add_link},
    {"an import", import},
};

/* -- the database --------------------------------------------------------------------------- */

static struct store *open_store(void)
{
	struct store *s = NULL;
	char why[256] = "";
	enum store_status got = store_open(in_folder("s.db"), STORE_WRITE, 0, &s, why);
	CHECK(got == STORE_OK, "%s", why);
	return s;
}

/* Two matters, one of them done, which can be undone. */
static void make_base(struct str *ret_base)
{
	struct store *s = open_store();
	int64_t missing, first = 1;
	assert_int_equal(ship_list(s), STORE_OK);
	assert_int_equal(put(s, "<1@x>", "one.example", VERDICT_GENUINE), STORE_OK);
	assert_int_equal(put(s, "<2@x>", "two.example", VERDICT_UNPROVEN), STORE_OK);
	assert_int_equal(pendings_set(s, &first, 1, PENDING_STATE_DONE, "x", "y", NOW, &missing),
			 STORE_OK);
	store_close(s);
	slurp("s.db", ret_base);
}

static void put_base(const struct str *base)
{
	unlink("s.db-wal");
	unlink("s.db-shm");
	unlink("s.db-journal");
	FILE *f = fopen("s.db", "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(base->p, 1, base->n, f), base->n);
	assert_int_equal(fclose(f), 0);
}

static void add_rows(sqlite3 *db, const char *table, struct str *to)
{
	sqlite3_stmt *st = NULL;
	char sql[128];
	snprintf(sql, sizeof(sql), "SELECT * FROM \"%s\"", table);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW) {
		str_puts(to, table);
		for (int i = 0; i < sqlite3_column_count(st); i++)
			/* Some changes read the clock themselves, for their event alone. */
			if (strcmp(sqlite3_column_name(st, i), "at") != 0)
				str_printf(to, "|%s", (const char *)sqlite3_column_text(st, i));
		str_puts(to, "\n");
	}
	sqlite3_finalize(st);
}

/* All rows of all tables, and that SQLite finds no fault with it. */
static void dump(struct str *to)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;
	str_reset(to);
	assert_int_equal(sqlite3_open("s.db", &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &st, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	assert_string_equal(sqlite3_column_text(st, 0), "ok");
	sqlite3_finalize(st);
	assert_int_equal(
	    sqlite3_prepare_v2(db, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1",
			       -1, &st, NULL),
	    SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW)
		add_rows(db, (const char *)sqlite3_column_text(st, 0), to);
	sqlite3_finalize(st);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* -- the sweep ------------------------------------------------------------------------------ */

struct sweep {
	const struct change *change;
	struct str base, before, after, got;
};

/* The change with the fault at the nth operation; whether that was reached. cut: a power cut, with
 * this seed, in place of an error. */
static bool try(struct sweep *w, int nth, int code, bool cut, unsigned seed)
{
	put_base(&w->base);
	if (cut)
		faultvfs_cut_power(1 << 30);
	struct store *s = open_store();
	if (cut)
		faultvfs_cut_power(nth);
	else
		faultvfs_fail(nth, code);
	enum store_status status = w->change->make(s);
	if (cut)
		store_close(s); /* dead too: it cannot tidy up */
	bool reached = faultvfs_clear() >= nth;
	if (!cut)
		store_close(s);
	if (cut) {
		unsynced_lose(seed);
		unlink("s.db-shm");
	}
	dump(&w->got);
	bool is_before = strcmp(str_text(&w->got), str_text(&w->before)) == 0;
	bool is_after = strcmp(str_text(&w->got), str_text(&w->after)) == 0;
	CHECK(is_after || (is_before && status != STORE_OK),
	      "%s, fault %d (%s, seed %u): told %d, and the database is %s", w->change->name, nth,
	      cut ? "power" : "error", seed, status, is_before ? "as before" : "something else");
	return reached;
}

static int sweep_one(const struct change *change)
{
	struct sweep w = {.change = change};
	int nth = 0;
	unlink("s.db");
	make_base(&w.base);
	dump(&w.before);
	struct store *s = open_store();
	CHECK(change->make(s) == STORE_OK, "%s: %s", change->name, store_error(s));
	store_close(s);
	dump(&w.after);
	CHECK(strcmp(str_text(&w.before), str_text(&w.after)) != 0, "%s", change->name);
	for (bool reached = true; reached;) {
		reached = try(&w, ++nth, SQLITE_IOERR_WRITE, false, 0);
		try(&w, nth, SQLITE_FULL, false, 0);
		for (unsigned seed = 0; seed < 6; seed++)
			reached = try(&w, nth, 0, true, seed * 2654435769u) || reached;
	}
	str_free(&w.base);
	str_free(&w.before);
	str_free(&w.after);
	str_free(&w.got);
	return nth;
}

static void before_or_after_and_nothing_between(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(changes); i++) {
		int faults = sweep_one(&changes[i]);
		print_message("# %s: %d places\n", changes[i].name, faults - 1);
		CHECK(faults > 3, "%s: %d places", changes[i].name, faults);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(before_or_after_and_nothing_between),
	};
	faultvfs_install();
	return cmocka_run_group_tests_name("sweep", tests, enter_folder, leave_folder);
}
