/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Timed jobs: what they note, and what is made of it. One that began and never ended is seen, also
 * when it is begun again and again; how long one may take and be missed is exact.
 */
#include "db/runs.h"

#include <string.h>

#include "tests/db/make.h"

enum {
	HOUR = 3600,
};

static const int64_t now = 100 * DAY;

static void states(void **state)
{
	static const struct {
		const char *what;
		struct run run;
		bool expected;
		enum run_state want;
	} rows[] = {
	    {"well", {"backup", now, now, "", now}, true, RUN_FINE},
	    {"running", {"backup", now - DAY, now - DAY, "", now - 60}, true, RUN_FINE},
	    {"running, the first one", {"backup", 0, 0, "", now - 60}, true, RUN_FINE},
	    {"as long as one may", {"backup", 0, 0, "", now - 6 * HOUR}, true, RUN_FINE},
	    {"longer", {"backup", 0, 0, "", now - 6 * HOUR - 1}, true, RUN_STOPPED},
	    {"whatever came before",
	     {"watch", now - DAY, now - DAY, "", now - 2 * HOUR - 1},
	     true,
	     RUN_STOPPED},
	    {"watch may take longer",
	     {"watch", now - DAY, now - DAY, "", now - 2 * HOUR},
	     true,
	     RUN_FINE},
	    {"digest", {"digest", 0, 0, "", now - HOUR - 1}, true, RUN_STOPPED},
	    {"purge", {"purge", 0, 0, "", now - HOUR - 1}, true, RUN_STOPPED},
	    {"update", {"update", 0, 0, "", now - HOUR - 1}, true, RUN_STOPPED},
	    {"expected or not", {"update", 0, 0, "", now - HOUR - 1}, false, RUN_STOPPED},
	    {"a later one has ended",
	     {"backup", now - HOUR, now - HOUR, "", now - 9 * HOUR},
	     true,
	     RUN_FINE},
	    {"failed", {"purge", now, now - 60, "", now}, true, RUN_FAILED},
	    {"never well", {"purge", now, 0, "", now}, true, RUN_FAILED},
	    {"failed, and stopped since",
	     {"purge", now - DAY, 0, "", now - HOUR - 1},
	     true,
	     RUN_STOPPED},
	    {"as old as it may be",
	     {"backup", now - 2 * DAY, now - 2 * DAY, "", 0},
	     true,
	     RUN_FINE},
	    {"older", {"backup", now - 2 * DAY - 1, now - 2 * DAY - 1, "", 0}, true, RUN_OVERDUE},
	    {"older, by hand",
	     {"backup", now - 2 * DAY - 1, now - 2 * DAY - 1, "", 0},
	     false,
	     RUN_FINE},
	    {"digest, a day", {"digest", now - 26 * HOUR, now - 26 * HOUR, "", 0}, true, RUN_FINE},
	    {"digest",
	     {"digest", now - 26 * HOUR - 1, now - 26 * HOUR - 1, "", 0},
	     true,
	     RUN_OVERDUE},
	    {"watch",
	     {"watch", now - 26 * HOUR - 1, now - 26 * HOUR - 1, "", 0},
	     true,
	     RUN_OVERDUE},
	    {"purge", {"purge", now - 2 * DAY - 1, now - 2 * DAY - 1, "", 0}, true, RUN_OVERDUE},
	    {"update, two weeks",
	     {"update", now - 15 * DAY, now - 15 * DAY, "", 0},
	     true,
	     RUN_FINE},
	    {"update",
	     {"update", now - 15 * DAY - 1, now - 15 * DAY - 1, "", 0},
	     true,
	     RUN_OVERDUE},
	    {"never begun", {"update", 0, 0, "", 0}, true, RUN_FINE},
	    {"unknown", {"other", now - 99 * DAY, now - 99 * DAY, "", 0}, true, RUN_FINE},
	    {"unknown, failed", {"other", now, 0, "", 0}, true, RUN_FAILED},
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK(runs_state(&rows[i].run, rows[i].expected, now) == rows[i].want, "%s, %s: %d",
		      rows[i].run.name, rows[i].what,
		      runs_state(&rows[i].run, rows[i].expected, now));
}

static void take(void *context, const struct run *r)
{
	struct run *to = context;
	*to = *r;
	to->name = to->detail = "";
}

static struct run look(struct store *s)
{
	struct run r = {0};
	assert_int_equal(runs_each(s, take, &r), STORE_OK);
	return r;
}

static void life(void **state)
{
	struct store *s = NULL;
	char why[256];
	struct run r;
	(void)state;
	assert_int_equal(store_open(in_folder("runs.db"), STORE_WRITE, 100, &s, why), STORE_OK);
	assert_int_equal(runs_begin(s, RUN_BACKUP, 100), STORE_OK);
	r = look(s);
	CHECK(r.at == 0 && r.good_at == 0 && r.began_at == 100, "begun");
	assert_int_equal(runs_begin(s, RUN_BACKUP, 200), STORE_OK);
	CHECK(look(s).began_at == 100, "begun again, the first has not ended");
	assert_int_equal(runs_begin(s, RUN_BACKUP, 50), STORE_OK);
	CHECK(look(s).began_at == 50, "the clock was wrong before");
	assert_int_equal(runs_note(s, RUN_BACKUP, true, "x", 200), STORE_OK);
	r = look(s);
	CHECK(r.at == 200 && r.good_at == 200 && r.began_at == 50, "ended");
	assert_int_equal(runs_begin(s, RUN_BACKUP, 300), STORE_OK);
	CHECK(look(s).began_at == 300, "the next one");
	assert_int_equal(runs_note(s, RUN_BACKUP, false, "x", 300), STORE_OK);
	r = look(s);
	CHECK(r.at == 300 && r.good_at == 200 && r.began_at == 300, "failed");
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(states),
	    cmocka_unit_test(life),
	};
	return cmocka_run_group_tests_name("runs", tests, enter_folder, leave_folder);
}
