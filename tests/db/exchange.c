/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What goes out comes in again: all of it, once, the same octets out of an empty database; matters
 * that two databases know are one. What is no row of ours changes nothing.
 */
#include "db/exchange.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/notices.h"
#include "db/pendings.h"
#include "tests/db/make.h"

static struct store *open_store(const char *name)
{
	struct store *s = NULL;
	char why[256] = "", side[64];
	static const char *const endings[] = {"", "-wal", "-shm"};
	for (size_t i = 0; i < COUNT_OF(endings); i++) {
		snprintf(side, sizeof(side), "%s%s", name, endings[i]);
		unlink(side);
	}
	CHECK(store_open(in_folder(name), STORE_WRITE, 100, &s, why) == STORE_OK, "%s", why);
	return s;
}

static void run_sql(const char *name, const char *sql)
{
	sqlite3 *db = NULL;
	char *why = NULL;
	assert_int_equal(sqlite3_open(name, &db), SQLITE_OK);
	CHECK(sqlite3_exec(db, sql, NULL, NULL, &why) == SQLITE_OK, "%s: %s", sql, why);
	sqlite3_close(db);
}

static void each_name(const char *name, const char *sql, void (*each)(const char *name))
{
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;
	assert_int_equal(sqlite3_open(name, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW)
		each((const char *)sqlite3_column_text(st, 0));
	sqlite3_finalize(st);
	sqlite3_close(db);
}

static void check_known(const char *table)
{
	CHECK(exchange_has(table) != exchange_leaves_out(table),
	      "%s: neither or both of exchanged and left out in db/exchange.c", table);
}

static void every_table_is_known(void **state)
{
	(void)state;
	store_close(open_store("a.db"));
	each_name(
	    "a.db",
	    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
	    check_known);
}

/* A row in each table, with something in every column. */
static void fill_one(const char *table)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;
	struct str names = {0}, values = {0}, sql = {0};
	int number = 10;
	if (!exchange_has(table) || strcmp(table, "pending") == 0 || strcmp(table, "event") == 0)
		return;
	assert_int_equal(sqlite3_open("a.db", &db), SQLITE_OK);
	str_printf(&sql, "SELECT name, type FROM pragma_table_info('%s')", table);
	assert_int_equal(sqlite3_prepare_v2(db, str_text(&sql), -1, &st, NULL), SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(st, 0);
		const char *type = (const char *)sqlite3_column_text(st, 1);
		str_printf(&names, "%s%s", names.n ? ", " : "", name);
		str_puts(&values, values.n ? ", " : "");
		if (strcmp(name, "origin") == 0)
			str_puts(&values, "'local'");
		else if (strcmp(name, "class") == 0)
			str_puts(&values, "'verification'");
		else if (strcmp(name, "state") == 0)
			str_puts(&values, "'open'");
		else if (strcmp(table, "stanza") == 0 && strcmp(name, "kind") == 0)
			str_puts(&values, "'hosts'");
		else if (strcmp(name, "enabled") == 0 || strcmp(name, "pending") == 0)
			str_puts(&values, "1");
		else if (strcmp(name, "suggestion") == 0 || strcmp(name, "id") == 0)
			str_puts(&values, "77");
		else if (strcmp(type, "INTEGER") == 0)
			str_printf(&values, "%d", number++);
		else
			str_printf(&values, "'%s \"\\ é %d'", name, number++);
	}
	sqlite3_finalize(st);
	sqlite3_close(db);
	str_reset(&sql);
	str_printf(&sql, "INSERT INTO %s (%s) VALUES (%s)", table, str_text(&names),
		   str_text(&values));
	run_sql("a.db", str_text(&sql));
	str_free(&names);
	str_free(&values);
	str_free(&sql);
}

static void record_one(struct store *s, const char *id, const char *domain, int received)
{
	struct record *r = make_record("a@example.net", id);
	r->received_at = NOW + received * DAY;
	set_domains(r, 1, &domain);
	CHECK(store_record(s, &r, 1) == STORE_OK, "%s", store_error(s));
	record_free(r);
}

static bool put(void *context, const char *json)
{
	str_printf(context, "%s\n", json);
	return true;
}

static void out(struct store *s, struct str *to)
{
	str_reset(to);
	CHECK(exchange_each(s, put, to) == STORE_OK, "%s", store_error(s));
}

/* Lines in; the reason why not, or "". */
static const char *in(struct store *s, const char *lines, struct exchanged *count)
{
	static char why[256];
	struct exchange *x = NULL;
	char *copy = strdup(lines);
	bool good = true;
	assert_non_null(copy);
	*count = (struct exchanged){0};
	why[0] = '\0';
	assert_int_equal(exchange_begin(s, &x), STORE_OK);
	for (char *line = strtok(copy, "\n"); line && good; line = strtok(NULL, "\n"))
		good = exchange_take(x, line, count, why);
	assert_int_equal(exchange_end(x, good), STORE_OK);
	free(copy);
	return why;
}

static void what_goes_out_comes_in(void **state)
{
	(void)state;
	struct store *a = open_store("a.db"), *b = open_store("b.db");
	struct str first = {0}, second = {0};
	struct exchanged count;
	int64_t missing;
	record_one(a, "<1@x>", "one.example", 0);
	record_one(a, "<2@x>", "one.example", 1);
	record_one(a, "<3@x>", "two.example", 2);
	assert_int_equal(pendings_set(a, (const int64_t[]){2}, 1, PENDING_STATE_DONE, "anna", "",
				      NOW + 3 * DAY, &missing),
			 STORE_OK);
	each_name(
	    "a.db",
	    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
	    fill_one);
	out(a, &first);
	assert_string_equal(in(b, str_text(&first), &count), "");
	assert_int_equal(count.rows, count.fresh);
	assert_int_equal(count.pendings, 2);
	out(b, &second);
	assert_string_equal(str_text(&first), str_text(&second));
	/* Again: nothing is doubled. */
	assert_string_equal(in(b, str_text(&first), &count), "");
	assert_int_equal(count.fresh, 0);
	out(b, &second);
	assert_string_equal(str_text(&first), str_text(&second));
	str_free(&first);
	str_free(&second);
	store_close(a);
	store_close(b);
}

static void note(void *context, const struct pending *p)
{
	str_printf(context, "%d %s %s due %d first %d last %d\n", (int)p->id, p->domain,
		   pending_state_name(p->state), (int)((p->deadline - NOW) / DAY),
		   (int)((p->first_seen - NOW) / DAY), (int)((p->last_seen - NOW) / DAY));
}

static void two_databases_become_one(void **state)
{
	(void)state;
	const struct pending_filter all = {.states = PENDING_ALL};
	struct notices told = {0};
	struct store *a = open_store("a.db"), *b = open_store("b.db");
	struct str lines = {0}, got = {0};
	struct exchanged count;
	int64_t missing;
	record_one(a, "<1@x>", "both.example", 0);
	record_one(a, "<2@x>", "a.example", 0);
	record_one(a, "<3@x>", "settled.example", 0);
	record_one(b, "<4@x>", "b.example", 0);
	record_one(b, "<5@x>", "both.example", 2);
	record_one(b, "<3@x>", "settled.example", 0);
	assert_int_equal(pendings_set(a, (const int64_t[]){3}, 1, PENDING_STATE_DONE, "anna", "",
				      NOW + 5 * DAY, &missing),
			 STORE_OK);
	/* Somebody was reminded later, which is no change. */
	notices_add(&told, 3, NOTICE_NAMED);
	assert_int_equal(notices_note(b, &told, "clock", "boss@example.net", NOW + 9 * DAY),
			 STORE_OK);
	notices_free(&told);
	out(a, &lines);
	assert_string_equal(in(b, str_text(&lines), &count), "");
	assert_int_equal(count.pendings, 1); /* a.example, by a number that was free or new */
	assert_int_equal(pendings_each(b, &all, note, &got), STORE_OK);
	CHECK(strcmp(str_text(&got), "1 b.example open due 15 first 0 last 0\n"
				     "2 both.example open due 15 first 0 last 2\n"
				     "3 settled.example done due 15 first 0 last 0\n"
				     "4 a.example open due 15 first 0 last 0\n") == 0,
	      "got\n%s", str_text(&got));
	assert_int_equal(ask("b.db", "SELECT count(*) FROM event WHERE pending = 2"), 2);
	assert_int_equal(ask("b.db", "SELECT count(*) FROM event WHERE pending = 4"), 1);
	assert_int_equal(ask("b.db", "SELECT count(*) FROM message"), 5);
	/* The other way: what was done later stays done. */
	out(b, &lines);
	assert_string_equal(in(a, str_text(&lines), &count), "");
	assert_int_equal(ask("a.db", "SELECT count(*) FROM pending WHERE state = 'done'"), 1);
	assert_int_equal(ask("a.db", "SELECT count(*) FROM pending"), 4);
	str_free(&lines);
	str_free(&got);
	store_close(a);
	store_close(b);
}

static void what_is_no_row_changes_nothing(void **state)
{
	(void)state;
	static const struct {
		const char *lines, *why;
	} rows[] = {
	    {"{\"table\":\"meta\",\"key\":\"x\",\"value\":1}", "none of ours"},
	    {"{\"table\":\"undo\"}", "none of ours"},
	    {"{\"a\":1}", "none of ours"},
	    {"[]", "none of ours"},
	    {"{\"table\":\"owned\",\"name\":\"a.example\",\"source\":\"x\"}", "\"added_at\""},
	    {"{\"table\":\"owned\",\"name\":\"a.example\",\"source\":\"x\",\"added_at\":1,"
	     "\"x; DROP TABLE owned\":1}",
	     "\"x; DROP TABLE owned\""},
	    {"{\"table\":\"owned\",\"name\":\"a.example\",\"source\":\"x\",\"added_at\":\"soon\"}",
	     "cannot store TEXT"},
	    {"{\"table\":\"owned\",\"name\":null,\"source\":\"x\",\"added_at\":1}", "NOT NULL"},
	    {"{\"table\":\"owned\",\"name\":{\"a\":1},\"source\":[],\"added_at\":1.5}",
	     "cannot store REAL"},
	    {"{\"table\":\"owned\",\"name\":\"a\\u001b[2J.example\",\"source\":\"x\","
	     "\"added_at\":1}",
	     "\"name\" cannot be"},
	    {"{\"table\":\"owned\",\"name\":\"a\\u009b.example\",\"source\":\"x\","
	     "\"added_at\":1}",
	     "\"name\" cannot be"},
	    {"{\"table\":\"message\",\"received_at\":1,\"recipient\":\"\",\"message_id\":\"\","
	     "\"queue_id\":\"\",\"verdict\":\"genuine\",\"class\":\"nonsense\","
	     "\"from_address\":\"\",\"sender\":\"\",\"registrar\":\"\",\"proof\":\"\","
	     "\"reasons\":\"\",\"ours\":\"\",\"date\":0,\"subject\":\"\",\"deadline\":0,"
	     "\"deadline_source\":\"\",\"domains\":\"\",\"domain_count\":0}",
	     "\"class\" cannot be"},
	    /* LIMIT_IMPORT_NUMBER, and one more */
	    {"{\"table\":\"owned\",\"name\":\"a.example\",\"source\":\"x\","
	     "\"added_at\":253402300799}\n{\"table\":\"nothing\"}",
	     "none of ours"},
	    {"{\"table\":\"owned\",\"name\":\"a.example\",\"source\":\"x\","
	     "\"added_at\":253402300800}",
	     "\"added_at\" cannot be"},
	    {"{\"table\":\"owned\",\"name\":\"a.example\",\"source\":\"x\","
	     "\"added_at\":-253402300800}",
	     "\"added_at\" cannot be"},
	    {"{\"table\":\"sender\",\"origin\":\"shipped\",\"name\":\"x\","
	     "\"address\":\"a@x.example\",\"domain\":\"x.example\",\"stanza\":\"\"}",
	     "\"origin\" cannot be"},
	    {"{\"table\":\"switch\",\"name\":\"x\",\"enabled\":7}", "CHECK"},
	    {"{\"table\":\"suggestion_fact\",\"suggestion\":5,\"kind\":\"x\",\"value\":\"y\","
	     "\"mails\":1,\"last_seen\":1}",
	     "did not come before"},
	    {"{\"table\":\"owned\",\"name\":\"good.example\",\"source\":\"x\",\"added_at\":1}\n"
	     "{\"table\":\"nothing\"}",
	     "none of ours"},
	};
	struct store *s = open_store("a.db");
	struct exchanged count;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *why = in(s, rows[i].lines, &count);
		CHECK(strstr(why, rows[i].why), "row %zu: %s", i, why);
		CHECK(ask("a.db", "SELECT count(*) FROM owned") == 0, "row %zu", i);
	}
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_table_is_known),
	    cmocka_unit_test(what_goes_out_comes_in),
	    cmocka_unit_test(two_databases_become_one),
	    cmocka_unit_test(what_is_no_row_changes_nothing),
	};
	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
