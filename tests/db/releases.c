/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which list is in use, whichever way lists come: packages and updates are of one row of numbers,
 * and none takes the place of a later one. A list is taken, and taken back, as a whole or not at
 * all: where the Nth write fails, and where the process is killed at it, for every N.
 */
#include "db/releases.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/senders.h"
#include "tests/db/faultvfs.h"
#include "tests/db/make.h"

/* A list of one sender, of that number; 0: without one. */
static struct list *list_of(int64_t number)
{
	struct str text = {0};
	struct diags none = {0};
	struct list *l = list_new();
	if (number > 0)
		str_printf(&text, "Release: %lld\nIssued: 2026-11-%02d\n\n", (long long)number,
			   (int)number % 28 + 1);
	str_printf(&text,
		   "Platform: p\nLink: p.example /%lld\n\n"
		   "Sender: s%lld\nFrom: s%lld@s.example\nPlatform: p\nClasses: wdrp\n\n"
		   "Tracking: t\nHost: t%lld.example\n",
		   (long long)number, (long long)number, (long long)number, (long long)number);
	assert_non_null(l);
	assert_int_equal(list_parse(l, slice_of(str_text(&text)), "f", false, &none), 0);
	assert_int_equal(list_finish(l, &none), 0);
	assert_int_equal(none.count, 0);
	str_free(&text);
	return l;
}

static struct store *open_store(const char *name)
{
	struct store *s = NULL;
	char why[256] = "";
	CHECK(store_open(in_folder(name), STORE_WRITE, 0, &s, why) == STORE_OK, "%s", why);
	return s;
}

/* -- which list stays ----------------------------------------------------------------------- */

/* Steps: pN a package of list N, uN an update by it, z undo. What is in use, the highest ever, and
 * whether the step did something ("." it did not), after each. */
static const struct {
	const char *steps, *want;
} rows[] = {
    {"p0", "0/0"},
    {"p0 p0", "0/0 .0/0"},
    {"p1 p1", "1/1 .1/1"},
    {"p0 p1", "0/0 1/1"}, /* a database from before lists had numbers */
    {"p1 p2", "1/1 2/2"},
    {"p2 p1", "2/2 .2/2"},
    {"p2 p0", "2/2 .2/2"},
    {"p2 u1", "2/2 .2/2"},
    {"p1 u3 p2", "1/1 3/3 .3/3"},         /* a package older than the list in use leaves it */
    {"p1 u3 p2 u3", "1/1 3/3 .3/3 .3/3"}, /* so they cannot take turns */
    {"p1 u3 p4 u4", "1/1 3/3 4/4 .4/4"},
    {"p1 u3 z", "1/1 3/3 1/3"},
    {"p1 u3 z p2 p3 u2", "1/1 3/3 1/3 .1/3 .1/3 .1/3"}, /* what was taken back stays away … */
    {"p1 u3 z u3", "1/1 3/3 1/3 3/3"},                  /* … until somebody takes it again */
    {"p1 u3 z p4", "1/1 3/3 1/3 4/4"},
    {"p1 u2 u3 z z", "1/1 2/2 3/3 2/3 .2/3"},
    {"p1 p2 z", "1/1 2/2 1/2"}, /* a package's list can be taken back, too */
    {"p1 z", "1/1 .1/1"},
    {"z", ".0/0"},
};

static bool take_step(struct store *s, const char *step)
{
	struct release now;
	bool taken = false;
	if (*step == 'z') {
		const enum store_status got = releases_undo(s, "test", &now);
		assert_true(got == STORE_OK || got == STORE_NOT_FOUND);
		return got == STORE_OK;
	}
	struct list *l = list_of(atoi(step + 1));
	const enum store_status got = *step == 'p' ? releases_ship(s, l, "test", &taken)
						   : releases_take(s, l, "test", &taken);
	assert_int_equal(got, STORE_OK);
	list_free(l);
	return taken;
}

/* What is in use is what the number says. */
static void check_content(struct store *s, const struct release *r)
{
	struct diags none = {0};
	struct list *l = NULL;
	char name[32];
	assert_int_equal(senders_load(s, &l, &none), STORE_OK);
	snprintf(name, sizeof(name), "s%lld", (long long)r->number);
	if (list_count(l) > 0) {
		assert_int_equal(list_count(l), 1);
		assert_string_equal(list_at(l, 0)->name, name);
		assert_string_equal(list_find_platform(l, "p")->link[0].path + 1, name + 1);
		snprintf(name, sizeof(name), "t%lld.example", (long long)r->number);
		assert_true(list_is_tracking(l, name));
	}
	assert_int_equal(r->issued > 0, r->number > 0);
	assert_int_equal(r->undone, r->number < r->latest);
	list_free(l);
	diag_free(&none);
}

static void a_list_never_goes_back_by_itself(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char name[16];
		snprintf(name, sizeof(name), "%zu.db", i);
		struct store *s = open_store(name);
		struct str got = {0};
		for (const char *p = rows[i].steps; *p; p += strspn(p, " ")) {
			struct release r;
			const bool did = take_step(s, p);
			assert_int_equal(releases_present(s, &r), STORE_OK);
			check_content(s, &r);
			str_printf(&got, "%s%s%lld/%lld", got.n ? " " : "", did ? "" : ".",
				   (long long)r.number, (long long)r.latest);
			p += strcspn(p, " ");
		}
		CHECK(strcmp(str_text(&got), rows[i].want) == 0, "%s: got %s, want %s",
		      rows[i].steps, str_text(&got), rows[i].want);
		str_free(&got);
		store_close(s);
	}
}

static void what_is_the_sites_own_stays(void **state)
{
	(void)state;
	struct store *s = open_store("own.db");
	struct list *own = list_new(), *l = NULL;
	struct diags none = {0};
	take_step(s, "p1");
	assert_int_equal(list_parse(own, LIT("Sender: own\nFrom: o@o.example\nClasses: wdrp\n"),
				    "f", true, &none),
			 0);
	assert_int_equal(list_finish(own, &none), 0);
	assert_int_equal(senders_add(s, list_at(own, 0), "anna"), STORE_OK);
	assert_int_equal(senders_switch(s, "s1", false, "anna"), STORE_OK);
	assert_int_equal(senders_add_link(s, "s1", "l.example /x", "anna"), STORE_OK);
	for (const char *const *step = (const char *const[]){"u2", "z", "p3", "z", NULL}; *step;
	     step++) {
		assert_true(take_step(s, *step));
		assert_int_equal(senders_load(s, &l, &none), STORE_OK);
		const struct sender *mine = list_find_name(l, "own"), *s1 = list_find_name(l, "s1");
		assert_true(mine && mine->local);
		assert_true(**step != 'z' || (s1 && !s1->enabled && s1->added_count == 1));
		list_free(l);
	}
	diag_free(&none);
	list_free(own);
	store_close(s);
}

/* -- as a whole or not at all --------------------------------------------------------------- */

/* All that a list is, in one text. */
static void dump(const char *database, struct str *to)
{
	static const char query[] =
	    "SELECT 'sender', origin, name, address, stanza FROM sender UNION ALL "
	    "SELECT kind, origin, name, '', stanza FROM stanza UNION ALL "
	    "SELECT 'before', kind, name, address, stanza FROM shipped_before UNION ALL "
	    "SELECT 'meta', key, value, '', '' FROM meta UNION ALL "
	    "SELECT 'event', kind, detail, '', '' FROM event ORDER BY 1, 2, 3";
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;
	str_reset(to);
	assert_int_equal(sqlite3_open(database, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, query, -1, &st, NULL), SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW)
		for (int i = 0; i < 5; i++)
			str_printf(to, "%s\n", (const char *)sqlite3_column_text(st, i));
	assert_int_equal(sqlite3_finalize(st), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &st, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	assert_string_equal((const char *)sqlite3_column_text(st, 0), "ok");
	sqlite3_finalize(st);
	sqlite3_close(db);
}

static void fresh(void)
{
	unlink("f.db");
	unlink("f.db-wal");
	unlink("f.db-shm");
	struct store *s = open_store("f.db");
	assert_true(take_step(s, "p1"));
	assert_true(take_step(s, "u2"));
	store_close(s);
}

static enum store_status do_step(struct store *s, const char *step)
{
	struct release now;
	bool taken;
	if (*step == 'z')
		return releases_undo(s, "test", &now);
	struct list *l = list_of(atoi(step + 1));
	const enum store_status got = *step == 'p' ? releases_ship(s, l, "test", &taken)
						   : releases_take(s, l, "test", &taken);
	list_free(l);
	return got;
}

static void each_write_fails(const char *step)
{
	struct str before = {0}, after = {0}, got = {0};
	bool reached = true;
	int nth = 1;
	for (; reached; nth++) {
		fresh();
		dump("f.db", &before);
		struct store *s = open_store("f.db");
		faultvfs_fail(nth, nth % 2 ? SQLITE_FULL : SQLITE_IOERR_WRITE);
		const enum store_status status = do_step(s, step);
		reached = faultvfs_clear() >= nth;
		CHECK((status != STORE_OK) == reached, "%s, fault at %d: status %d", step, nth,
		      status);
		store_close(s);
		dump("f.db", reached ? &got : &after);
		CHECK(!reached || strcmp(str_text(&got), str_text(&before)) == 0, "%s, fault at %d",
		      step, nth);
	}
	CHECK(nth > 5, "%d writes", nth);
	assert_string_not_equal(str_text(&before), str_text(&after));
	str_free(&before);
	str_free(&after);
	str_free(&got);
}

/* In a child, which is killed at the nth write; false where it came to its end. */
static bool is_killed(const char *step, int nth)
{
	int how;
	const pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct store *s = open_store("f.db");
		faultvfs_fail(nth, FAULTVFS_DIE);
		do_step(s, step);
		faultvfs_clear();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &how, 0), child);
	assert_true(WIFSIGNALED(how) ? WTERMSIG(how) == SIGKILL : WEXITSTATUS(how) == 0);
	return WIFSIGNALED(how);
}

static void killed_at_each_write(const char *step)
{
	struct str before = {0}, after = {0}, got = {0};
	bool killed = true;
	int nth = 1;
	fresh();
	dump("f.db", &before);
	assert_false(is_killed(step, 1000000));
	dump("f.db", &after);
	assert_string_not_equal(str_text(&before), str_text(&after));
	for (; killed; nth++) {
		fresh();
		killed = is_killed(step, nth);
		dump("f.db", &got);
		const bool old = strcmp(str_text(&got), str_text(&before)) == 0;
		const bool whole = strcmp(str_text(&got), str_text(&after)) == 0;
		CHECK(whole || (killed && old), "%s, killed at write %d: half of it", step, nth);
	}
	CHECK(nth > 5, "%d writes", nth);
	str_free(&before);
	str_free(&after);
	str_free(&got);
}

static void a_write_that_fails_changes_nothing(void **state)
{
	(void)state;
	each_write_fails("u3");
	each_write_fails("p3");
	each_write_fails("z");
}

static void killed_anywhere_it_is_one_list_or_the_other(void **state)
{
	(void)state;
	killed_at_each_write("u3");
	killed_at_each_write("p3");
	killed_at_each_write("z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_list_never_goes_back_by_itself),
	    cmocka_unit_test(what_is_the_sites_own_stays),
	    cmocka_unit_test(a_write_that_fails_changes_nothing),
	    cmocka_unit_test(killed_anywhere_it_is_one_list_or_the_other),
	};
	faultvfs_install();
	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
