/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Changes by people are taken back as they were made, all at once, but for what has happened since;
 * what is purged is in no table any more, nor in the octets of any file.
 */
#include "db/undo.h"

#include <stdio.h>
#include <unistd.h>

#include "db/alarms.h"
#include "db/owned.h"
#include "db/pendings.h"
#include "db/purge.h"
#include "tests/db/make.h"

#define RECIPIENT "customer.of.ours@example.net"

static struct store *open_store(void)
{
	struct store *s = NULL;
	char why[256] = "";
	unlink("u.db");
	unlink("u.db-wal");
	unlink("u.db-shm");
	CHECK(store_open(in_folder("u.db"), STORE_WRITE, 100, &s, why) == STORE_OK, "%s", why);
	return s;
}

static void record_one(struct store *s, const char *recipient, const char *domain, int received)
{
	static int number;
	char id[32];
	snprintf(id, sizeof(id), "<u%d@x>", ++number);
	struct record *r = make_record(recipient, id);
	r->received_at = NOW + received * DAY;
	set_domains(r, 1, &domain);
	CHECK(store_record(s, &r, 1) == STORE_OK, "%s", store_error(s));
	record_free(r);
}

static void note_state(void *context, const struct pending *p)
{
	str_printf(context, "%s:%s%s ", p->domain, pending_state_name(p->state),
		   p->snoozed_until ? ":snoozed" : "");
}

static void check_states(struct store *s, const char *why, const char *want)
{
	const struct pending_filter filter = {.states = PENDING_ALL};
	struct str got = {0};
	assert_int_equal(pendings_each(s, &filter, note_state, &got), STORE_OK);
	CHECK(strcmp(str_text(&got), want) == 0, "%s: got %s", why, str_text(&got));
	str_free(&got);
}

static void note_undo(void *context, const struct undo *u)
{
	str_printf(context, "%s by %s %d", u->command, u->actor, (int)u->changes);
}

static void check_undo(struct store *s, const char *want)
{
	struct str got = {0};
	assert_int_equal(undo_each(s, note_undo, &got), STORE_OK);
	CHECK(strcmp(str_text(&got), want) == 0, "got \"%s\"", str_text(&got));
	str_free(&got);
}

static void set(struct store *s, size_t count, enum pending_state state)
{
	static const int64_t id[] = {1, 2, 3};
	int64_t missing;
	assert_int_equal(pendings_set(s, id, count, state, "anna", "", NOW, &missing), STORE_OK);
}

static void the_last_change_is_taken_back(void **state)
{
	(void)state;
	static const int64_t first[] = {1};
	struct store *s = open_store();
	int64_t back = 9, kept = 9, missing;
	record_one(s, RECIPIENT, "a.example", 0);
	record_one(s, RECIPIENT, "b.example", 0);
	record_one(s, RECIPIENT, "c.example", 0);
	assert_int_equal(undo_last(s, "anna", NOW, &back, &kept), STORE_NOT_FOUND);
	check_undo(s, "");
	set(s, 1, PENDING_STATE_DONE);
	set(s, 3, PENDING_STATE_DONE); /* two are left for it */
	check_undo(s, "done by anna 2");
	assert_int_equal(undo_last(s, "ben", NOW, &back, &kept), STORE_OK);
	check_states(s, "the last one", "a.example:done b.example:open c.example:open ");
	assert_int_equal(back, 2);
	assert_int_equal(kept, 0);
	assert_int_equal(undo_last(s, "ben", NOW, &back, &kept), STORE_NOT_FOUND);
	assert_int_equal(ask("u.db", "SELECT count(*) FROM event WHERE kind = 'undone'"
				     " AND actor = 'ben' AND detail = 'done'"),
			 2);
	assert_int_equal(pendings_snooze(s, first, 1, NOW + DAY, "anna", "", NOW, &missing),
			 STORE_OK);
	check_undo(s, ""); /* a settled one does not rest, so nothing has changed */
	set(s, 1, PENDING_STATE_OPEN);
	assert_int_equal(pendings_snooze(s, first, 1, NOW + DAY, "anna", "", NOW, &missing),
			 STORE_OK);
	check_states(s, "rests", "a.example:open:snoozed b.example:open c.example:open ");
	assert_int_equal(undo_last(s, "anna", NOW, &back, &kept), STORE_OK);
	check_states(s, "woken", "a.example:open b.example:open c.example:open ");
	store_close(s);
}

static void what_has_happened_since_stays(void **state)
{
	(void)state;
	struct store *s = open_store();
	int64_t back = 9, kept = 9;
	size_t count;
	record_one(s, RECIPIENT, "a.example", 0);
	record_one(s, RECIPIENT, "b.example", 0);
	set(s, 2, PENDING_STATE_DONE);
	set(s, 2, PENDING_STATE_OPEN);
	record_one(s, RECIPIENT, "b.example", 1); /* joins */
	assert_int_equal(pendings_hold(s, "a.example", "watch", "", NOW, &count), STORE_OK);
	assert_int_equal(undo_last(s, "anna", NOW, &back, &kept), STORE_OK);
	assert_int_equal(back, 1);
	assert_int_equal(kept, 1);
	check_states(s, "held stays", "a.example:held b.example:done ");
	assert_int_equal(ask("u.db", "SELECT mails FROM pending WHERE id = 2"), 2);
	store_close(s);
}

static void change(struct store *s, const char *const come[], size_t come_count,
		   const char *const go[], size_t go_count, const char *source, int64_t now,
		   size_t *ret_changed)
{
	size_t added, removed;
	CHECK(owned_change(s, come, come_count, go, go_count, source, "anna", now, &added,
			   &removed) == STORE_OK,
	      "%s", store_error(s));
	*ret_changed = added + removed;
}

static void domains_come_and_go(void **state)
{
	(void)state;
	static const char *const three[] = {"a.example", "b.example", "c.example"};
	struct store *s = open_store();
	size_t count;
	int64_t back, kept, before, after;
	change(s, three, 2, NULL, 0, "added", NOW, &count);
	assert_int_equal(count, 2);
	change(s, three, 3, NULL, 0, "zones", NOW + 1, &count);
	assert_int_equal(count, 1);
	assert_int_equal(store_generation(s, &before), STORE_OK);
	assert_int_equal(undo_last(s, "anna", NOW, &back, &kept), STORE_OK);
	assert_int_equal(store_generation(s, &after), STORE_OK);
	assert_true(after > before); /* the daemon takes notice */
	assert_int_equal(back, 1);
	assert_int_equal(ask("u.db", "SELECT count(*) FROM owned"), 2);
	change(s, NULL, 0, three, 3, "added", NOW, &count);
	assert_int_equal(count, 2);
	assert_int_equal(ask("u.db", "SELECT count(*) FROM owned"), 0);
	assert_int_equal(undo_last(s, "anna", NOW, &back, &kept), STORE_OK);
	assert_int_equal(ask("u.db", "SELECT count(*) FROM owned WHERE source = 'added'"), 2);
	store_close(s);
}

static bool in_files(const char *words)
{
	static const char *const names[] = {"u.db", "u.db-wal"};
	bool found = false;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct str text = {0};
		slurp(names[i], &text);
		found = found || memmem(text.p, text.n, words, strlen(words)) != NULL;
		str_free(&text);
	}
	return found;
}

static void raise(struct store *s, const char *domain, const char *recipient)
{
	const struct alarm a = {.kind = ALARM_TRANSFER,
				.domain = domain,
				.recipient = recipient,
				.pending = 1,
				.detail = "x"};
	bool is_new;
	assert_int_equal(alarms_raise(s, &a, "mail", NOW, &is_new), STORE_OK);
	assert_true(is_new);
}

static void what_is_purged_is_gone_from_the_files(void **state)
{
	(void)state;
	const struct purge what = {.recipient = "Customer.Of.Ours@example.NET"};
	struct store *s = open_store();
	struct purged p;
	int64_t back, kept;
	record_one(s, RECIPIENT, "a.example", 0);
	record_one(s, "other@example.net", "a.example", 0);
	raise(s, "a.example", RECIPIENT);
	assert_int_equal(purge_apply(s, &what, PURGE_LOOK, "anna", NOW, &p), STORE_OK);
	assert_int_equal(p.pendings, 1);
	assert_int_equal(p.unsettled, 1);
	assert_int_equal(p.messages, 1);
	assert_int_equal(p.alarms, 1);
	check_states(s, "only looked", "a.example:open a.example:open ");
	assert_int_equal(purge_apply(s, &what, PURGE_UNDO, "anna", NOW, &p), STORE_OK);
	check_states(s, "one is gone", "a.example:open ");
	assert_int_equal(ask("u.db", "SELECT count(*) FROM event WHERE kind = 'opened'"), 2);
	assert_int_equal(ask("u.db", "SELECT count(*) FROM event WHERE kind = 'opened'"
				     " AND detail = '' AND pending IS NULL"),
			 1);
	assert_int_equal(undo_last(s, "anna", NOW, &back, &kept), STORE_OK);
	assert_int_equal(back, 2);
	assert_int_equal(kept, 0);
	check_states(s, "back", "a.example:open a.example:open ");
	assert_int_equal(ask("u.db", "SELECT count(*) FROM event WHERE kind = 'opened'"
				     " AND pending IS NOT NULL AND detail LIKE 'genuine %'"),
			 2);
	assert_int_equal(ask("u.db", "SELECT count(*) FROM alarm WHERE pending = 1"), 1);
	assert_int_equal(purge_apply(s, &what, PURGE_UNDO, "anna", NOW, &p), STORE_OK);
	assert_int_equal(undo_forget(s), STORE_OK);
	assert_int_equal(purge_sweep(s, &p.log_left), STORE_OK);
	assert_false(p.log_left);
	assert_false(in_files(RECIPIENT));
	assert_true(in_files("other@example.net"));
	store_close(s);
}

static void what_is_old_retires(void **state)
{
	(void)state;
	const struct purge what = {.before = NOW + 50 * DAY};
	struct store *s = open_store();
	struct purged p;
	int64_t missing;
	static const int64_t settled[] = {1, 2};
	record_one(s, RECIPIENT, "old-done.example", 0);
	record_one(s, RECIPIENT, "touched.example", 0);
	record_one(s, RECIPIENT, "open.example", 0);
	record_one(s, RECIPIENT, "new.example", 60);
	assert_int_equal(
	    pendings_set(s, settled, 1, PENDING_STATE_DONE, "a", "", NOW + DAY, &missing),
	    STORE_OK);
	assert_int_equal(
	    pendings_set(s, settled + 1, 1, PENDING_STATE_DONE, "a", "", NOW + 50 * DAY, &missing),
	    STORE_OK);
	check_undo(s, "done by a 1");
	assert_int_equal(purge_apply(s, &what, PURGE_RETIRE, "clock", NOW + 80 * DAY, &p),
			 STORE_OK);
	assert_int_equal(p.pendings, 1);
	assert_int_equal(p.unsettled, 0);
	assert_int_equal(p.messages, 1);
	check_undo(s, "done by a 1"); /* a person's change is still his to take back */
	assert_int_equal(ask("u.db", "SELECT count(*) FROM pending"), 3);
	assert_int_equal(ask("u.db", "SELECT count(*) FROM message"), 3);
	assert_int_equal(undo_age(s, NOW + 50 * DAY + LIMIT_UNDO_DAYS * DAY - 1), STORE_OK);
	check_undo(s, "done by a 1");
	assert_int_equal(undo_age(s, NOW + 50 * DAY + LIMIT_UNDO_DAYS * DAY), STORE_OK);
	check_undo(s, "");
	store_close(s);
}

/* A column that is added to one is missing in its copy otherwise. */
static void copies_have_the_columns_of_their_tables(void **state)
{
	(void)state;
	static const char *const pairs[][2] = {
	    {"pending", "undo_pending"}, {"message", "undo_message"},      {"event", "undo_event"},
	    {"alarm", "undo_alarm"},     {"suggestion_fact", "undo_fact"}, {"owned", "undo_owned"}};
	struct store *s = open_store();
	store_close(s);
	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		char sql[256];
		snprintf(sql, sizeof(sql),
			 "SELECT count(*) FROM pragma_table_info('%s') t LEFT JOIN"
			 " pragma_table_info('%s') u ON u.cid = t.cid AND u.name = t.name"
			 " WHERE u.name IS NULL",
			 pairs[i][0], pairs[i][1]);
		CHECK(ask("u.db", sql) == 0, "%s", pairs[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_last_change_is_taken_back),
	    cmocka_unit_test(what_has_happened_since_stays),
	    cmocka_unit_test(domains_come_and_go),
	    cmocka_unit_test(what_is_purged_is_gone_from_the_files),
	    cmocka_unit_test(what_is_old_retires),
	    cmocka_unit_test(copies_have_the_columns_of_their_tables),
	};
	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
