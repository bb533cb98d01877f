/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list in the database: shipped and own entries kept apart, switches that outlive a new shipped
 * list, generation and events of every change, and what a reader gets from a database in any state.
 */
#include "db/senders.h"

#include <sqlite3.h>

#include <stdio.h>
#include <unistd.h>

#include "db/releases.h"
#include "tests/db/make.h"

#define PLATFORM_A "Platform: alpha\nLink: verify.alpha.example /v/*\n\n"
#define SENDER_A                                                                          \
	"Sender: alpha-one\nFrom: one@alpha.example\nRegistrar: Alpha\nPlatform: alpha\n" \
	"Classes: verification\n\n"
#define SENDER_B                                                                       \
	"Sender: beta\nFrom: *@mail.beta.example\nWhole-Domain: serves nothing else\n" \
	"Registrar: Beta\nClasses: renewal, suspension\nStatus: disabled\n\n"
#define HOSTS                                                   \
	"Harmless: icann\nLink: www.icann.org /resources/*\n\n" \
	"Tracking: track\nHost: track.example\n\n"

static struct list *list_of(const char *text)
{
	struct diags d = {0};
	struct list *l = list_new();
	assert_non_null(l);
	assert_int_equal(list_parse(l, slice_of(text), "test", false, &d), 0);
	assert_int_equal(list_finish(l, &d), 0);
	if (d.errors)
		diag_print(&d, stderr);
	assert_int_equal(d.errors, 0);
	diag_free(&d);
	return l;
}

static struct store *open_store(const char *name)
{
	struct store *s = NULL;
	char why[256] = "";
	enum store_status got = store_open(in_folder(name), STORE_WRITE, 100, &s, why);
	CHECK(got == STORE_OK, "%s", why);
	return s;
}

static void ship_list(struct store *s, const struct list *l)
{
	bool taken = false;
	CHECK(releases_take(s, l, "test", &taken) == STORE_OK, "%s", store_error(s));
	assert_true(taken);
}

static void ship(struct store *s, const char *text)
{
	struct list *l = list_of(text);
	ship_list(s, l);
	list_free(l);
}

static void add(struct store *s, const char *text)
{
	struct list *l = list_of(text);
	for (size_t i = 0; i < list_count(l); i++)
		CHECK(senders_add(s, list_at(l, i), "anna") == STORE_OK, "%s", store_error(s));
	list_free(l);
}

static struct list *load(struct store *s)
{
	struct diags d = {0};
	struct list *l = NULL;
	enum store_status got = senders_load(s, &l, &d);
	if (d.errors)
		diag_print(&d, stderr);
	CHECK(got == STORE_OK && l && d.errors == 0, "%s", store_error(s));
	diag_free(&d);
	return l;
}

static int64_t generation(struct store *s)
{
	int64_t g = -1;
	assert_int_equal(store_generation(s, &g), STORE_OK);
	return g;
}

static void the_shipped_list_comes_back(void **state)
{
	(void)state;
	struct store *s = open_store("ship.db");
	bool empty = false;
	assert_int_equal(senders_empty(s, &empty), STORE_OK);
	assert_true(empty);
	ship(s, PLATFORM_A SENDER_A SENDER_B HOSTS);
	assert_int_equal(senders_empty(s, &empty), STORE_OK);
	assert_false(empty);
	struct list *l = load(s);
	assert_int_equal(list_count(l), 2);
	const struct sender *a = list_find_name(l, "alpha-one");
	assert_non_null(a);
	assert_string_equal(a->from, "one@alpha.example");
	assert_non_null(a->platform);
	assert_true(a->enabled);
	assert_false(a->local);
	const struct sender *b = list_find_name(l, "beta");
	assert_non_null(b);
	assert_null(b->from);
	assert_string_equal(b->domain, "mail.beta.example");
	assert_false(b->enabled);
	assert_true(list_is_tracking(l, "x.track.example"));
	assert_true(list_is_harmless(l, "www.icann.org", LIT("/resources/x")));
	assert_int_equal(ask("ship.db", "SELECT count(*) FROM sender WHERE address = "
					"'*@mail.beta.example'"),
			 1);
	list_free(l);
	store_close(s);
}

/* What was printed once is printed the same again: the stored text is canonical. */
static void entries_are_kept_whole(void **state)
{
	(void)state;
	struct store *s = open_store("whole.db");
	struct list *before = list_of(PLATFORM_A SENDER_A SENDER_B HOSTS);
	struct str want = {0}, got = {0};
	ship_list(s, before);
	struct list *after = load(s);
	for (size_t i = 0; i < list_count(before); i++) {
		str_reset(&want);
		str_reset(&got);
		sender_print(list_at(before, i), &want);
		sender_print(list_find_name(after, list_at(before, i)->name), &got);
		assert_string_equal(str_text(&got), str_text(&want));
	}
	str_reset(&want);
	str_reset(&got);
	list_print_hosts(before, &want);
	list_print_hosts(after, &got);
	assert_string_equal(str_text(&got), str_text(&want));
	list_free(before);
	list_free(after);
	str_free(&want);
	str_free(&got);
	store_close(s);
}

static void shipping_again_keeps_what_is_the_sites_own(void **state)
{
	(void)state;
	struct store *s = open_store("again.db");
	ship(s, PLATFORM_A SENDER_A SENDER_B);
	add(s, "Sender: own\nFrom: x@own.example\nRegistrar: Own\nClasses: renewal\n");
	assert_int_equal(senders_switch(s, "alpha-one", false, "anna"), STORE_OK);
	ship(s, PLATFORM_A SENDER_A
	     "Sender: gamma\nFrom: g@gamma.example\nRegistrar: G\nClasses: renewal\n");
	struct list *l = load(s);
	assert_int_equal(list_count(l), 3);
	assert_null(list_find_name(l, "beta"));
	assert_non_null(list_find_name(l, "gamma"));
	assert_true(list_find_name(l, "own")->local);
	assert_false(list_find_name(l, "alpha-one")->enabled);
	list_free(l);
	store_close(s);
}

static void print_all(const struct list *l, struct str *to)
{
	for (size_t i = 0; i < list_count(l); i++) {
		sender_print(list_at(l, i), to);
		sender_print_added(list_at(l, i), to);
		str_puts(to, list_at(l, i)->local ? "own\n\n" : "shipped\n\n");
	}
	for (size_t i = 0; i < list_platform_count(l); i++)
		platform_print(list_platform_at(l, i), to);
	list_print_hosts(l, to);
}

/* What a list would make of what is in use is what shipping it makes of it; looking changes
 * nothing.
 */
static void a_preview_is_what_shipping_makes(void **state)
{
	(void)state;
	static const char next[] =
	    "Platform: gamma\nLink: g.example /*\n\n"
	    "Sender: alpha-one\nFrom: new@alpha.example\nPlatform: gamma\nClasses: wdrp\n\n"
	    "Sender: beta\nFrom: beta@beta.example\nClasses: renewal\n\n"
	    "Sender: gamma\nFrom: own@own.example\nClasses: renewal\n\n";
	struct store *s = open_store("preview.db");
	struct str want = {0}, got = {0};
	struct diags none = {0};
	struct list *would = NULL;
	ship(s, PLATFORM_A SENDER_A SENDER_B HOSTS);
	add(s, "Sender: own\nFrom: own@own.example\nClasses: wdrp\n\n");
	assert_int_equal(senders_switch(s, "beta", false, "anna"), STORE_OK);
	assert_int_equal(senders_switch(s, "alpha-one", false, "anna"), STORE_OK);
	assert_int_equal(senders_add_link(s, "beta", "b.example /x", "anna"), STORE_OK);
	const int64_t before = generation(s);
	struct list *l = list_of(next);
	assert_int_equal(senders_preview(s, l, &would, &none), STORE_OK);
	assert_int_equal(none.count, 0);
	assert_int_equal(generation(s), before);
	ship(s, next);
	struct list *is = load(s);
	print_all(is, &want);
	print_all(would, &got);
	assert_string_equal(str_text(&got), str_text(&want));
	assert_false(list_find_name(would, "alpha-one")->enabled);
	assert_int_equal(list_find_name(would, "beta")->added_count, 1);
	assert_null(list_find_name(would, "gamma")); /* the site's own has that address */
	list_free(l);
	list_free(is);
	list_free(would);
	str_free(&want);
	str_free(&got);
	store_close(s);
}

static void switches_change_either_way(void **state)
{
	(void)state;
	struct store *s = open_store("switch.db");
	ship(s, PLATFORM_A SENDER_A SENDER_B);
	assert_int_equal(senders_switch(s, "beta", true, "anna"), STORE_OK);
	assert_int_equal(senders_switch(s, "alpha-one", false, "anna"), STORE_OK);
	struct list *l = load(s);
	assert_true(list_find_name(l, "beta")->enabled);
	assert_false(list_find_name(l, "alpha-one")->enabled);
	list_free(l);
	assert_int_equal(senders_switch(s, "beta", false, "anna"), STORE_OK);
	assert_int_equal(senders_switch(s, "alpha-one", true, "anna"), STORE_OK);
	l = load(s);
	assert_false(list_find_name(l, "beta")->enabled);
	assert_true(list_find_name(l, "alpha-one")->enabled);
	list_free(l);
	assert_int_equal(senders_switch(s, "nobody", true, "anna"), STORE_NOT_FOUND);
	assert_int_equal(ask("switch.db", "SELECT count(*) FROM switch WHERE name = 'nobody'"), 0);
	store_close(s);
}

static void own_entries_come_and_go(void **state)
{
	(void)state;
	struct store *s = open_store("own.db");
	ship(s, PLATFORM_A SENDER_A);
	add(s, "Sender: own\nFrom: x@own.example\nRegistrar: Own\nClasses: renewal\n");
	add(s, "Sender: own\nFrom: y@own.example\nRegistrar: Own\nClasses: renewal\n");
	struct list *l = load(s);
	assert_string_equal(list_find_name(l, "own")->from, "y@own.example");
	assert_int_equal(list_count(l), 2);
	list_free(l);
	assert_int_equal(senders_remove(s, "alpha-one", "anna"), STORE_NOT_FOUND); /* shipped */
	assert_int_equal(senders_switch(s, "own", false, "anna"), STORE_OK);
	assert_int_equal(senders_remove(s, "own", "anna"), STORE_OK);
	assert_int_equal(senders_remove(s, "own", "anna"), STORE_NOT_FOUND);
	/* A new one of that name is not switched off by what went before. */
	add(s, "Sender: own\nFrom: z@own.example\nRegistrar: Own\nClasses: renewal\n");
	l = load(s);
	assert_true(list_find_name(l, "own")->enabled);
	list_free(l);
	store_close(s);
}

/* Links that the site adds to an entry, shipped or own: they outlive a new shipped list, and go
 * with `remove`. */
static void own_links_come_and_go(void **state)
{
	(void)state;
	struct store *s = open_store("links.db");
	ship(s, PLATFORM_A SENDER_A SENDER_B HOSTS);
	add(s, "Sender: own\nFrom: a@own.example\nClasses: renewal\n");
	int64_t before = generation(s);
	assert_int_equal(senders_add_link(s, "alpha-one", "v.new.example /a/*", "anna"), STORE_OK);
	assert_int_equal(senders_add_link(s, "alpha-one", "w.new.example /", "anna"), STORE_OK);
	assert_int_equal(senders_add_link(s, "own", "v.new.example /b", "anna"), STORE_OK);
	assert_int_equal(generation(s), before + 3);
	assert_int_equal(senders_add_link(s, "own", "v.new.example /b", "anna"), STORE_NOT_FOUND);
	assert_int_equal(senders_add_link(s, "nobody", "v.new.example /", "anna"), STORE_NOT_FOUND);
	assert_int_equal(generation(s), before + 3);
	ship(s, PLATFORM_A SENDER_A SENDER_B HOSTS);
	struct list *l = load(s);
	assert_int_equal(list_find_name(l, "alpha-one")->added_count, 2);
	assert_string_equal(list_find_name(l, "alpha-one")->added[0].path, "/a/*");
	assert_int_equal(list_find_name(l, "own")->added_count, 1);
	assert_int_equal(list_find_name(l, "beta")->added_count, 0);
	list_free(l);
	assert_int_equal(senders_remove_links(s, "own", "anna"), STORE_OK);
	assert_int_equal(senders_remove_links(s, "own", "anna"), STORE_NOT_FOUND);
	assert_int_equal(senders_remove(s, "alpha-one", "anna"), STORE_OK); /* its links alone */
	assert_int_equal(senders_remove(s, "alpha-one", "anna"), STORE_NOT_FOUND);
	l = load(s);
	assert_non_null(list_find_name(l, "alpha-one"));
	assert_int_equal(list_find_name(l, "alpha-one")->added_count, 0);
	assert_non_null(list_find_name(l, "own"));
	assert_int_equal(list_find_name(l, "own")->added_count, 0);
	list_free(l);
	/* an own entry goes with them */
	assert_int_equal(senders_add_link(s, "own", "v.new.example /b", "anna"), STORE_OK);
	assert_int_equal(senders_remove(s, "own", "anna"), STORE_OK);
	assert_int_equal(ask("links.db", "SELECT count(*) FROM own_link"), 0);
	assert_int_equal(ask("links.db", "SELECT count(*) FROM event WHERE actor = 'anna' AND "
					 "kind = 'link added'"),
			 4);
	/* A shipped list without the entry: said, and the rest is there. */
	assert_int_equal(senders_add_link(s, "alpha-one", "v.new.example /a/*", "anna"), STORE_OK);
	ship(s, SENDER_B);
	struct diags d = {0};
	assert_int_equal(senders_load(s, &l, &d), STORE_OK);
	assert_int_equal(d.warnings, 1);
	assert_int_equal(d.errors, 0);
	assert_int_equal(list_count(l), 1);
	diag_free(&d);
	list_free(l);
	store_close(s);
}

static void every_change_is_an_event_and_a_generation(void **state)
{
	(void)state;
	struct store *s = open_store("events.db");
	int64_t at = generation(s);
	ship(s, PLATFORM_A SENDER_A);
	assert_int_equal(generation(s), ++at);
	add(s, "Sender: own\nFrom: x@own.example\nRegistrar: Own\nClasses: renewal\n");
	assert_int_equal(generation(s), ++at);
	assert_int_equal(senders_switch(s, "own", false, "anna"), STORE_OK);
	assert_int_equal(generation(s), ++at);
	assert_int_equal(senders_remove(s, "own", "anna"), STORE_OK);
	assert_int_equal(generation(s), ++at);
	assert_int_equal(senders_remove(s, "own", "anna"), STORE_NOT_FOUND);
	assert_int_equal(generation(s), at);
	/* Recorded mail is no change of the list. */
	struct record *r = make_record("a@example.net", "<1@x>");
	assert_int_equal(store_record(s, &r, 1), STORE_OK);
	record_free(r);
	assert_int_equal(generation(s), at);
	assert_int_equal(ask("events.db", "SELECT count(*) FROM event WHERE pending IS NULL"), 4);
	assert_int_equal(ask("events.db", "SELECT count(*) FROM event WHERE actor = 'anna' AND "
					  "kind = 'removed' AND sender = 'own' AND at > 0"),
			 1);
	store_close(s);
}

static void a_faulty_stanza_is_reported_and_left_out(void **state)
{
	(void)state;
	struct store *s = open_store("faulty.db");
	struct diags d = {0};
	struct list *l = NULL;
	ship(s, PLATFORM_A SENDER_A);
	store_close(s);
	/* As if a later list had a field that this program does not know. */
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open("faulty.db", &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(db,
			 "INSERT INTO sender VALUES ('shipped', 'bad', 'b@bad.example', "
			 "'bad.example', 'Sender: bad' || char(10) || 'Colour: blue' || char(10))",
			 NULL, NULL, NULL),
	    SQLITE_OK);
	sqlite3_close(db);
	s = open_store("faulty.db");
	assert_int_equal(senders_load(s, &l, &d), STORE_OK);
	assert_true(d.errors > 0);
	assert_int_equal(list_count(l), 1);
	list_free(l);
	diag_free(&d);
	store_close(s);
}

static void what_a_reader_gets(void **state)
{
	(void)state;
	struct diags d = {0};
	int64_t at = -5;
	bool refused = true;
	/* No database yet. */
	assert_null(senders_current(in_folder("read.db"), &at, &refused, &d));
	assert_false(refused);
	assert_int_equal(d.errors, 0);
	/* Not filled yet. */
	struct store *s = open_store("read.db");
	assert_null(senders_current(in_folder("read.db"), &at, &refused, &d));
	assert_false(refused);
	assert_int_equal(at, -5);
	ship(s, PLATFORM_A SENDER_A);
	struct list *l = senders_current(in_folder("read.db"), &at, &refused, &d);
	assert_non_null(l);
	assert_false(refused);
	assert_int_equal(at, generation(s));
	assert_int_equal(list_count(l), 1);
	list_free(l);
	store_close(s);
	assert_int_equal(d.errors, 0);
	/* Not ours. */
	FILE *to = fopen("other.db", "we");
	fputs("something else", to);
	fclose(to);
	assert_null(senders_current(in_folder("other.db"), &at, &refused, &d));
	assert_true(refused);
	assert_int_equal(d.errors, 1);
	assert_string_equal(d.list[0].text, "is not a database of keepname");
	diag_free(&d);
}

/* Faster than the rule says (300,000 in a second), by a margin that a busy machine leaves. */
static void many_senders(void **state)
{
	(void)state;
	enum {
		MANY = 20000,
	};
	struct str text = {0};
	struct store *s = open_store("many.db");
	str_puts(&text, PLATFORM_A);
	for (int i = 0; i < MANY; i++)
		str_printf(&text,
			   "Sender: s%d\nFrom: a@d%d.example\nRegistrar: R\nPlatform: alpha\n"
			   "Classes: renewal\n\n",
			   i, i);
	ship(s, str_text(&text));
	struct list *l = load(s);
	assert_int_equal(list_count(l), MANY);
	list_free(l);
	str_free(&text);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_shipped_list_comes_back),
	    cmocka_unit_test(entries_are_kept_whole),
	    cmocka_unit_test(shipping_again_keeps_what_is_the_sites_own),
	    cmocka_unit_test(a_preview_is_what_shipping_makes),
	    cmocka_unit_test(switches_change_either_way),
	    cmocka_unit_test(own_entries_come_and_go),
	    cmocka_unit_test(own_links_come_and_go),
	    cmocka_unit_test(every_change_is_an_event_and_a_generation),
	    cmocka_unit_test(a_faulty_stanza_is_reported_and_left_out),
	    cmocka_unit_test(what_a_reader_gets),
	    cmocka_unit_test(many_senders),
	};
	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
