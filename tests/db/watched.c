/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Watched domains: which there are and in what order, what is kept of each, what leaves an event,
 * and what is forgotten.
 */
#include "db/watched.h"

#include <stdio.h>
#include <unistd.h>

#include "db/alarms.h"
#include "db/owned.h"
#include "db/pendings.h"
#include "db/purge.h"
#include "tests/db/make.h"

static struct store *open_store(void)
{
	struct store *s = NULL;
	char why[256] = "";
	unlink("w.db");
	unlink("w.db-wal");
	unlink("w.db-shm");
	CHECK(store_open(in_folder("w.db"), STORE_WRITE, 100, &s, why) == STORE_OK, "%s", why);
	return s;
}

static void record_one(struct store *s, const char *domain, const char *id)
{
	struct record *r = make_record("a@example.net", id);
	set_domains(r, 1, &domain);
	CHECK(store_record(s, &r, 1) == STORE_OK, "%s", store_error(s));
	record_free(r);
}

static struct watched fine(const char *domain, int64_t at)
{
	return (struct watched){
	    .domain = domain,
	    .standing = STANDING_FINE,
	    .since = at,
	    .checked_at = at,
	    .tried_at = at,
	    .trouble = "",
	    .servers = "ns.a.net ns.b.net",
	    .former = "",
	    .registrar = "A Registrar",
	    .iana_id = 269,
	    .registered_at = NOW - 900 * DAY,
	    .expires_at = NOW + 200 * DAY,
	    .statuses = "client transfer prohibited",
	};
}

static void note(struct store *s, const struct watched *w)
{
	CHECK(watched_note(s, w, "watch", w->tried_at) == STORE_OK, "%s", store_error(s));
}

static void show(void *context, const struct watched *w)
{
	struct str *to = context;
	str_printf(to, "%s %s ", w->domain, standing_name(w->standing));
	standing_causes_print(w->causes, to);
	str_printf(to, " %d/%d/%d [%s] [%s] [%s] %s %d %d %d %s\n", (int)((w->since - NOW) / DAY),
		   (int)((w->checked_at - NOW) / DAY), (int)((w->tried_at - NOW) / DAY), w->trouble,
		   w->servers, w->former, w->registrar, (int)w->iana_id,
		   (int)((w->registered_at - NOW) / DAY), (int)((w->expires_at - NOW) / DAY),
		   w->statuses);
}

static void check_rows(struct store *s, const struct watched_filter *filter, const char *want)
{
	struct str got = {0};
	assert_int_equal(watched_each(s, filter, show, &got), STORE_OK);
	CHECK(strcmp(str_text(&got), want) == 0, "got %s", str_text(&got));
	str_free(&got);
}

static void show_event(void *context, const struct watched_event *e)
{
	str_printf(context, "%d %s: %s\n", (int)((e->at - NOW) / DAY), e->kind, e->detail);
}

static void check_events(struct store *s, const char *domain, const char *want)
{
	struct str got = {0};
	assert_int_equal(watched_each_event(s, domain, show_event, &got), STORE_OK);
	CHECK(strcmp(str_text(&got), want) == 0, "got %s", str_text(&got));
	str_free(&got);
}

static void what_is_kept_and_what_is_an_event(void **state)
{
	struct store *s = open_store();
	struct watched w = fine("example.com", NOW);
	(void)state;
	note(s, &w);
	w.tried_at = w.checked_at = NOW + DAY;
	w.expires_at += DAY;
	note(s, &w); /* the same again: no event */
	w.tried_at = NOW + 2 * DAY;
	w.trouble = "no answer";
	note(s, &w);
	check_rows(s, &(struct watched_filter){0},
		   "example.com fine  0/1/2 [no answer] [ns.a.net ns.b.net] [] A Registrar 269 -900"
		   " 201 client transfer prohibited\n");
	w.standing = STANDING_HELD;
	w.causes = 1u << CAUSE_CLIENT_HOLD | 1u << CAUSE_DARK;
	w.former = w.servers;
	w.servers = "";
	w.tried_at = w.checked_at = w.since = NOW + 3 * DAY;
	w.trouble = "";
	note(s, &w);
	check_rows(s, &(struct watched_filter){.domain = "example.com"},
		   "example.com held client-hold,dark 3/3/3 [] [] [ns.a.net ns.b.net] A Registrar"
		   " 269 -900 201 client transfer prohibited\n");
	w = fine("example.com", NOW + 4 * DAY);
	w.registrar = "Another";
	note(s, &w);
	check_events(s, "example.com",
		     "0 standing: fine (before: none)\n"
		     "0 servers: ns.a.net ns.b.net (before: none)\n"
		     "0 registrar: A Registrar (before: none)\n"
		     "3 standing: held client-hold,dark (before: fine)\n"
		     "3 servers: none (before: ns.a.net ns.b.net)\n"
		     "4 standing: fine (before: held client-hold,dark)\n"
		     "4 servers: ns.a.net ns.b.net (before: none)\n"
		     "4 registrar: Another (before: A Registrar)\n");
	check_events(s, "example.org", "");
	store_close(s);
}

static void show_name(void *context, const struct watched *w)
{
	str_printf(context, "%s ", w->domain);
}

static void those_that_need_most_come_first(void **state)
{
	struct store *s = open_store();
	struct str got = {0};
	(void)state;
	for (int i = 0; i < STANDING_COUNT; i++) {
		struct watched w = fine(standing_name((enum standing)i), NOW);
		w.standing = (enum standing)i;
		note(s, &w);
	}
	note(s, &(struct watched){.domain = "a.fine",
				  .standing = STANDING_FINE,
				  .trouble = "",
				  .servers = "",
				  .former = "",
				  .registrar = "",
				  .statuses = ""});
	assert_int_equal(watched_each(s, &(struct watched_filter){0}, show_name, &got), STORE_OK);
	assert_string_equal(str_text(&got),
			    "held gone delegation transfer expiring unknown a.fine fine ");
	str_reset(&got);
	const struct watched_filter some = {.standings =
						1u << STANDING_HELD | 1u << STANDING_TRANSFER};
	assert_int_equal(watched_each(s, &some, show_name, &got), STORE_OK);
	assert_string_equal(str_text(&got), "held transfer ");
	str_free(&got);
	store_close(s);
}

static void show_due(void *context, const struct watched_due *d)
{
	str_printf(context, "%s%s ", d->domain, d->tried_at ? "" : "!");
}

static void check_due(struct store *s, const char *why, bool settled, const char *want)
{
	struct str got = {0};
	assert_int_equal(watched_each_due(s, settled, show_due, &got), STORE_OK);
	CHECK(strcmp(str_text(&got), want) == 0, "%s: got %s", why, str_text(&got));
	str_free(&got);
}

static void find_id(void *context, const struct pending *p)
{
	*(int64_t *)context = p->id;
}

static int64_t id_of(struct store *s, const char *domain)
{
	int64_t id = 0;
	const struct pending_filter filter = {.states = PENDING_ALL, .domain = domain};
	assert_int_equal(pendings_each(s, &filter, find_id, &id), STORE_OK);
	assert_true(id > 0);
	return id;
}

static void what_is_to_be_watched(void **state)
{
	struct store *s = open_store();
	const char *ours[] = {"ours.example", "quiet.example"};
	struct watched w;
	int64_t missing, id;
	size_t n;
	bool new;
	(void)state;
	check_due(s, "nothing", false, "");
	record_one(s, "b.example", "<1@x>");
	record_one(s, "sub.ours.example", "<2@x>");
	record_one(s, "notours.example", "<3@x>");
	record_one(s, "closed.example", "<4@x>");
	assert_int_equal(owned_change(s, ours, 2, NULL, 0, "added", "me", NOW, &n, &n), STORE_OK);
	id = id_of(s, "closed.example");
	assert_int_equal(pendings_set(s, &id, 1, PENDING_STATE_DONE, "me", "", NOW, &missing),
			 STORE_OK);
	check_due(s, "never looked at", false,
		  "b.example! notours.example! ours.example! quiet.example! sub.ours.example! ");
	w = fine("b.example", NOW);
	note(s, &w);
	w = fine("ours.example", NOW - DAY);
	note(s, &w);
	check_due(s, "longest ago first", false,
		  "notours.example! quiet.example! sub.ours.example! ours.example b.example ");
	check_due(s, "settled ones too", true,
		  "closed.example! notours.example! quiet.example! sub.ours.example!"
		  " ours.example b.example ");
	const struct alarm held = {.kind = ALARM_HELD, .domain = "closed.example", .detail = ""};
	const struct alarm mail = {.kind = ALARM_TRANSFER,
				   .domain = "other.example",
				   .recipient = "a@example.net",
				   .detail = ""};
	assert_int_equal(alarms_raise(s, &held, "watch", NOW, &new), STORE_OK);
	assert_int_equal(alarms_raise(s, &mail, "mail", NOW, &new), STORE_OK);
	check_due(s, "an alarm of the watch that stands", false,
		  "closed.example! notours.example! quiet.example! sub.ours.example!"
		  " ours.example b.example ");
	assert_int_equal(alarms_end(s, ALARM_HELD, "closed.example", "watch", "", NOW, &n),
			 STORE_OK);
	check_due(s, "and one that has ended", false,
		  "notours.example! quiet.example! sub.ours.example! ours.example b.example ");
	store_close(s);
}

static void what_is_forgotten(void **state)
{
	struct store *s = open_store();
	struct purged purged;
	struct str got = {0};
	(void)state;
	record_one(s, "b.example", "<1@x>");
	record_one(s, "c.example", "<2@x>");
	for (int i = 0; i < 4; i++) {
		static const char *const name[] = {"b.example", "c.example", "old.example",
						   "new.example"};
		struct watched w = fine(name[i], i == 3 ? NOW : NOW - 9 * DAY);
		note(s, &w);
	}
	assert_int_equal(watched_prune(s, NOW - DAY), STORE_OK);
	assert_int_equal(watched_each(s, &(struct watched_filter){0}, show_name, &got), STORE_OK);
	assert_string_equal(str_text(&got), "b.example c.example new.example ");
	/* What is erased of a customer is erased here, too. */
	const int64_t id = id_of(s, "b.example");
	const struct purge what = {.id = &id, .count = 1};
	assert_int_equal(purge_apply(s, &what, PURGE_UNDO, "me", NOW, &purged), STORE_OK);
	str_reset(&got);
	assert_int_equal(watched_each(s, &(struct watched_filter){0}, show_name, &got), STORE_OK);
	assert_string_equal(str_text(&got), "c.example new.example ");
	check_events(s, "b.example", "");
	assert_int_equal(ask("w.db", "SELECT count(*) FROM event WHERE kind = 'standing'"), 4);
	str_free(&got);
	store_close(s);
}

static void servers_that_want_to_be_left_alone(void **state)
{
	struct store *s = open_store();
	int64_t until = 7;
	(void)state;
	assert_int_equal(watched_wait(s, "https://a.example/", &until), STORE_OK);
	assert_int_equal(until, 0);
	assert_int_equal(watched_note_wait(s, "https://a.example/", NOW), STORE_OK);
	assert_int_equal(watched_note_wait(s, "https://a.example/", NOW + DAY), STORE_OK);
	assert_int_equal(watched_wait(s, "https://a.example/", &until), STORE_OK);
	assert_int_equal(until, NOW + DAY);
	store_close(s);
}

static void when_names_were_registered(void **state)
{
	struct store *s = open_store();
	int64_t at = 7, checked = 7;
	(void)state;
	assert_int_equal(watched_registered(s, "a.example", &at, &checked), STORE_OK);
	assert_int_equal(at, 0);
	assert_int_equal(checked, 0);
	assert_int_equal(watched_note_registered(s, "a.example", NOW - DAY, NOW), STORE_OK);
	assert_int_equal(watched_note_registered(s, "a.example", 0, NOW + DAY), STORE_OK);
	assert_int_equal(watched_registered(s, "a.example", &at, &checked), STORE_OK);
	assert_int_equal(at, NOW - DAY);
	assert_int_equal(checked, NOW + DAY);
	assert_int_equal(watched_note_registered(s, "a.example", NOW, NOW + DAY), STORE_OK);
	assert_int_equal(watched_registered(s, "a.example", &at, &checked), STORE_OK);
	assert_int_equal(at, NOW);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_kept_and_what_is_an_event),
	    cmocka_unit_test(those_that_need_most_come_first),
	    cmocka_unit_test(what_is_to_be_watched),
	    cmocka_unit_test(what_is_forgotten),
	    cmocka_unit_test(servers_that_want_to_be_left_alone),
	    cmocka_unit_test(when_names_were_registered),
	};
	return cmocka_run_group_tests_name("watched", tests, enter_folder, leave_folder);
}
