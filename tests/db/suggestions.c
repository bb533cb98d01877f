/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Suggestions: counted by mail and by recipient, once each; bounded whatever comes; what people
 * have decided stays.
 */
#include "db/suggestions.h"

#include <sqlite3.h>
#include <stdio.h>

#include "db/sql.h"
#include "tests/db/make.h"

static struct store *open_store(const char *name)
{
	struct store *s = NULL;
	char why[256] = "";
	enum store_status got = store_open(in_folder(name), STORE_WRITE, 100, &s, why);
	CHECK(got == STORE_OK, "%s", why);
	return s;
}

static struct record *unlisted(const char *from, const char *org, const char *recipient,
			       const char *id)
{
	struct record *r = make_record(recipient, id);
	r->verdict = VERDICT_UNLISTED;
	r->pending = PENDING_NO;
	r->dkim_proved = false;
	r->reasons = 1u << REASON_NOT_LISTED;
	r->sender[0] = r->registrar[0] = '\0';
	snprintf(r->from, sizeof(r->from), "%s", from);
	r->offer = (struct offer){
	    .kind = OFFER_SENDER,
	    .platform = "key-systems",
	    .link = {{"verify.example.org", "/v/*"}, {"click.example.org", ""}},
	    .link_count = 2,
	};
	snprintf(r->offer.org, sizeof(r->offer.org), "%s", org);
	snprintf(r->offer.d, sizeof(r->offer.d), "%s", org);
	snprintf(r->offer.s, sizeof(r->offer.s), "s1");
	return r;
}

static struct record *known(const char *link_host, const char *id)
{
	struct record *r = unlisted("noreply@reg.example", "reg.example", "a@example.net", id);
	r->verdict = VERDICT_KNOWN;
	r->reasons = 1u << REASON_LINKS;
	snprintf(r->sender, sizeof(r->sender), "reg");
	r->offer.kind = OFFER_LINKS;
	r->offer.link_count = 1;
	snprintf(r->offer.link[0].host, sizeof(r->offer.link[0].host), "%s", link_host);
	return r;
}

static void add_rcpt(struct record *r, const char *address)
{
	r->rcpt = realloc(r->rcpt, (r->rcpt_count + 1) * sizeof(*r->rcpt));
	assert_non_null(r->rcpt);
	r->rcpt[r->rcpt_count++] = strdup(address);
}

static void put(struct store *s, struct record *r)
{
	CHECK(store_record(s, &r, 1) == STORE_OK, "%s", store_error(s));
	record_free(r);
}

/* Each as one line, and its facts below it. */
struct printing {
	struct store *store;
	struct str to;
	bool facts;
};

static void print_fact(void *context, const struct suggestion_fact *f)
{
	struct printing *p = context;
	str_printf(&p->to, " %s=%s(%d)", f->kind, f->value, (int)f->mails);
}

static void print(void *context, const struct suggestion *g)
{
	struct printing *p = context;
	str_printf(&p->to, "%s %s %s%s%s %d/%d%s", suggestion_state_name(g->state), g->address,
		   g->sender, *g->link ? " " : "", g->link, (int)g->mails, (int)g->recipients,
		   g->deadline ? " due" : "");
	if (p->facts)
		assert_int_equal(suggestions_each_fact(p->store, g->id, print_fact, p), STORE_OK);
	str_puts(&p->to, "\n");
}

static void check(struct store *s, const struct suggestion_filter *filter, bool facts,
		  const char *want)
{
	struct printing p = {.store = s, .facts = facts};
	assert_int_equal(suggestions_each(s, filter, print, &p), STORE_OK);
	CHECK(strcmp(str_text(&p.to), want) == 0, "got\n%s\nwant\n%s", str_text(&p.to), want);
	str_free(&p.to);
}

static const struct suggestion_filter any_state = {.states = 7, .now = NOW};

static void a_sender_is_suggested(void **state)
{
	(void)state;
	struct store *s = open_store("sender.db");
	struct record *r = unlisted("Domains@Shop.example", "shop.example", "a@example.net", "1");
	add_rcpt(r, "b@example.net");
	put(s, r);
	put(s, unlisted("domains@shop.example", "shop.example", "a@example.net", "1")); /* again */
	r = unlisted("domains@shop.example", "shop.example", "a@example.net", "2");
	r->class = CLASS_RENEWAL;
	r->offer.more = true;
	set_domains(r, 2, (const char *const[]){"example.com", "example.org"});
	put(s, r);
	check(
	    s, &any_state, true,
	    "open domains@shop.example  2/2 due class=renewal(1) class=verification(1)"
	    " dkim=shop.example s1(2) domain=example.com(2) domain=example.org(1)"
	    " host=click.example.org(2) host=more than are kept(1) link=verify.example.org /v/*(2)"
	    " platform=key-systems(2) recipient=a@example.net(2) recipient=b@example.net(1)\n");
	/* mail without an offer makes none */
	put(s, make_record("c@example.net", "3"));
	assert_int_equal(ask("sender.db", "SELECT count(*) FROM suggestion"), 1);
	assert_int_equal(
	    ask("sender.db", "SELECT value FROM counter WHERE name = 'suggestion.made'"), 1);
	store_close(s);
}

/* A rule of the database that the suggestion breaks half way: what was seen is kept without it. */
static void one_that_is_refused_takes_no_record_with_it(void **state)
{
	(void)state;
	struct store *s = open_store("refused.db");
	assert_int_equal(sqlite3_exec(s->db,
				      "CREATE TEMP TRIGGER t BEFORE INSERT ON main.suggestion_fact"
				      " WHEN new.value = 'b.example'"
				      " BEGIN SELECT raise(ABORT, 'no'); END",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	struct record *r = unlisted("d@shop.example", "shop.example", "a@example.net", "1");
	set_domains(r, 2, (const char *const[]){"a.example", "b.example"});
	put(s, r);
	put(s, unlisted("e@shop.example", "shop.example", "a@example.net", "2"));
	assert_int_equal(ask("refused.db", "SELECT count(*) FROM message"), 2);
	assert_int_equal(ask("refused.db", "SELECT count(*) FROM suggestion"), 1);
	assert_int_equal(ask("refused.db", "SELECT count(*) FROM suggestion_fact"
					   " WHERE value = 'a.example'"),
			 0);
	assert_int_equal(
	    ask("refused.db", "SELECT value FROM counter WHERE name = 'suggestion.refused'"), 1);
	store_close(s);
}

/* A record that was given up waiting for may be stored, and come from the spool as well. */
static void one_from_the_spool_counts_once(void **state)
{
	(void)state;
	struct store *s = open_store("spool.db");
	struct str packed = {0};
	struct record *r = unlisted("a@shop.example", "shop.example", "a@example.net", "1");
	record_pack(r, &packed);
	struct record *again = record_unpack((struct slice){packed.p, packed.n});
	assert_non_null(again);
	put(s, again);
	put(s, r);
	check(s, &any_state, false, "open a@shop.example  1/1 due\n");
	assert_int_equal(ask("spool.db", "SELECT count(*) FROM suggestion_fact WHERE kind = "
					 "'link' AND value = 'verify.example.org /v/*'"),
			 1);
	str_free(&packed);
	store_close(s);
}

static void a_link_is_suggested(void **state)
{
	(void)state;
	struct store *s = open_store("link.db");
	put(s, known("one.example", "1"));
	put(s, known("two.example", "2"));
	struct record *r = known("one.example", "3");
	r->offer.link_count = 2;
	snprintf(r->offer.link[1].host, sizeof(r->offer.link[1].host), "two.example");
	snprintf(r->offer.link[1].shape, sizeof(r->offer.link[1].shape), "/v/*");
	put(s, r);
	check(s, &any_state, false,
	      "open noreply@reg.example reg one.example /v/* 2/1 due\n"
	      "open noreply@reg.example reg two.example /v/* 2/1 due\n");
	store_close(s);
}

static void what_is_decided_stays(void **state)
{
	(void)state;
	struct store *s = open_store("decided.db");
	for (int i = 1; i <= 3; i++) {
		char from[64], id[8];
		snprintf(from, sizeof(from), "a@shop%d.example", i);
		snprintf(id, sizeof(id), "%d", i);
		put(s, unlisted(from, from + 2, "a@example.net", id));
	}
	assert_int_equal(suggestions_set(s, 1, SUGGESTION_REJECTED, "anna", NOW), STORE_OK);
	assert_int_equal(suggestions_set(s, 2, SUGGESTION_ACCEPTED, "anna", NOW), STORE_OK);
	assert_int_equal(suggestions_set(s, 9, SUGGESTION_ACCEPTED, "anna", NOW), STORE_NOT_FOUND);
	put(s, unlisted("a@shop1.example", "shop1.example", "a@example.net", "4"));
	put(s, unlisted("a@shop2.example", "shop2.example", "a@example.net", "5"));
	check(s, &(struct suggestion_filter){.now = NOW}, false, "open a@shop3.example  1/1 due\n");
	check(s, &any_state, false,
	      "open a@shop3.example  1/1 due\nrejected a@shop1.example  1/1 due\n"
	      "accepted a@shop2.example  1/1 due\n");
	check(s, &(struct suggestion_filter){.states = 7, .address = "A@Shop1.example"}, false,
	      "rejected a@shop1.example  1/1 due\n");
	check(s, &(struct suggestion_filter){.states = 7, .id = 2}, false,
	      "accepted a@shop2.example  1/1 due\n");
	/* Its entry was taken away again: mail that comes an hour later asks anew. */
	struct record *r = unlisted("a@shop2.example", "shop2.example", "a@example.net", "6");
	r->received_at = NOW + 3600;
	put(s, r);
	check(s, &(struct suggestion_filter){.id = 2}, false, "open a@shop2.example  2/1 due\n");
	assert_int_equal(ask("decided.db", "SELECT count(*) FROM event WHERE actor = 'anna' AND "
					   "kind = 'suggestion.rejected' AND sender = "
					   "'a@shop1.example'"),
			 1);
	assert_int_equal(
	    ask("decided.db", "SELECT value FROM counter WHERE name = 'suggestion.accepted'"), 1);
	store_close(s);
}

/* One spammer, ten thousand addresses. */
static void one_domain_has_its_bound(void **state)
{
	(void)state;
	struct store *s = open_store("flood.db");
	struct record *r[100];
	put(s, known("one.example", "k"));
	put(s, unlisted("good@other.example", "other.example", "a@example.net", "g"));
	for (int i = 0; i < 10000; i += 100) {
		for (int k = 0; k < 100; k++) {
			char from[64], id[16];
			snprintf(from, sizeof(from), "a%d@m%d.spam.example", i + k, k);
			snprintf(id, sizeof(id), "s%d", i + k);
			r[k] = unlisted(from, "spam.example", "a@example.net", id);
		}
		CHECK(store_record(s, r, 100) == STORE_OK, "%s", store_error(s));
		for (int k = 0; k < 100; k++)
			record_free(r[k]);
	}
	assert_int_equal(ask("flood.db", "SELECT count(*) FROM suggestion WHERE org = "
					 "'spam.example'"),
			 LIMIT_SUGGESTIONS_ORG);
	assert_int_equal(ask("flood.db", "SELECT count(*) FROM suggestion"),
			 LIMIT_SUGGESTIONS_ORG + 2);
	assert_int_equal(ask("flood.db", "SELECT count(DISTINCT suggestion) FROM suggestion_fact"),
			 LIMIT_SUGGESTIONS_ORG + 2);
	assert_int_equal(ask("flood.db", "SELECT value FROM counter WHERE name = "
					 "'suggestion.dropped'"),
			 10000 - LIMIT_SUGGESTIONS_ORG);
	/* When all of that was rejected nothing of it comes again, and others do. */
	for (int64_t id = ask("flood.db", "SELECT min(id) FROM suggestion WHERE org = "
					  "'spam.example'");
	     id <= ask("flood.db", "SELECT max(id) FROM suggestion"); id++)
		assert_int_equal(suggestions_set(s, id, SUGGESTION_REJECTED, "anna", NOW),
				 STORE_OK);
	put(s, unlisted("new@spam.example", "spam.example", "a@example.net", "n1"));
	put(s, unlisted("new@fresh.example", "fresh.example", "a@example.net", "n2"));
	check(s, &(struct suggestion_filter){.now = NOW}, false,
	      "open noreply@reg.example reg one.example /v/* 1/1 due\n"
	      "open good@other.example  1/1 due\n"
	      "open new@fresh.example  1/1 due\n");
	store_close(s);
}

/* LIMIT_SUGGESTIONS of them, then one more: the least valuable goes. */
static void all_have_their_bound(void **state)
{
	(void)state;
	struct store *s = open_store("all.db");
	char from[64], id[16];
	put(s, known("one.example", "k"));
	for (int i = 1; i < LIMIT_SUGGESTIONS; i++) {
		snprintf(from, sizeof(from), "a@shop%d.example", i);
		snprintf(id, sizeof(id), "%d", i);
		struct record *r = unlisted(from, from + 2, "a@example.net", id);
		if (i != 77)
			add_rcpt(r, "b@example.net");
		put(s, r);
	}
	assert_int_equal(ask("all.db", "SELECT count(*) FROM suggestion"), LIMIT_SUGGESTIONS);
	assert_int_equal(ask("all.db", "SELECT count(*) FROM counter WHERE name = "
				       "'suggestion.dropped'"),
			 0);
	put(s, unlisted("a@new.example", "new.example", "a@example.net", "n"));
	assert_int_equal(ask("all.db", "SELECT count(*) FROM suggestion"), LIMIT_SUGGESTIONS);
	assert_int_equal(ask("all.db", "SELECT count(*) FROM suggestion WHERE address = "
				       "'a@shop77.example'"),
			 0);
	/* the newcomer is the least now, and the link never */
	put(s, unlisted("a@newer.example", "newer.example", "a@example.net", "n2"));
	assert_int_equal(ask("all.db", "SELECT count(*) FROM suggestion WHERE address IN "
				       "('a@new.example', 'noreply@reg.example')"),
			 1);
	/* decided ones are no part of the bound */
	assert_int_equal(suggestions_set(s, 2, SUGGESTION_REJECTED, "anna", NOW), STORE_OK);
	put(s, unlisted("a@newest.example", "newest.example", "a@example.net", "n3"));
	assert_int_equal(ask("all.db", "SELECT count(*) FROM suggestion"), LIMIT_SUGGESTIONS + 1);
	store_close(s);
}

static void facts_have_their_bound(void **state)
{
	(void)state;
	struct store *s = open_store("facts.db");
	char to[64], id[16];
	for (int i = 0; i <= LIMIT_SUGGESTION_FACTS; i++) {
		snprintf(to, sizeof(to), "r%d@example.net", i);
		snprintf(id, sizeof(id), "%d", i);
		put(s, unlisted("a@shop.example", "shop.example", to, id));
		int64_t want = i < LIMIT_SUGGESTION_FACTS ? i + 1 : LIMIT_SUGGESTION_FACTS;
		assert_int_equal(ask("facts.db", "SELECT recipients FROM suggestion"), want);
		assert_int_equal(ask("facts.db", "SELECT mails FROM suggestion"), i + 1);
	}
	/* what is there goes on being counted */
	put(s, unlisted("a@shop.example", "shop.example", "r0@example.net", "again"));
	assert_int_equal(ask("facts.db", "SELECT mails FROM suggestion_fact WHERE value = "
					 "'r0@example.net'"),
			 2);
	store_close(s);
}

/* By the next deadline that is not over; what has none, or a past one, comes last. */
static void the_urgent_ones_come_first(void **state)
{
	(void)state;
	static const struct {
		const char *from;
		int64_t deadline;
	} rows[] = {
	    {"none@a.example", 0},
	    {"late@b.example", NOW + 20 * DAY},
	    {"past@c.example", NOW - DAY},
	    {"soon@d.example", NOW + DAY},
	};
	struct store *s = open_store("urgent.db");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char id[8];
		snprintf(id, sizeof(id), "%zu", i);
		struct record *r =
		    unlisted(rows[i].from, strchr(rows[i].from, '@') + 1, "a@example.net", id);
		r->deadline = rows[i].deadline;
		put(s, r);
	}
	struct record *again = unlisted("past@c.example", "c.example", "a@example.net", "x");
	again->deadline = NOW - DAY;
	put(s, again);
	check(s, &(struct suggestion_filter){.now = NOW}, false,
	      "open soon@d.example  1/1 due\nopen late@b.example  1/1 due\n"
	      "open past@c.example  2/1 due\nopen none@a.example  1/1\n");
	store_close(s);
}

static void print_mail(void *context, const struct suggestion_mail *m)
{
	str_printf(context, "%s %s %x %d\n", m->verdict, m->class, m->reasons, (int)m->mails);
}

static void mail_of_an_address(void **state)
{
	(void)state;
	struct store *s = open_store("mail.db");
	struct str got = {0}, want = {0};
	struct record *r = unlisted("A@shop.example", "shop.example", "a@example.net", "1");
	add_rcpt(r, "b@example.net");
	put(s, r);
	put(s, unlisted("a@shop.example", "shop.example", "a@example.net", "2"));
	r = unlisted("a@shop.example", "shop.example", "a@example.net", "3");
	r->reasons |= 1u << REASON_AGE;
	put(s, r);
	r = unlisted("a@shop.example", "shop.example", "a@example.net", "4");
	r->received_at = NOW - 1;
	put(s, r);
	put(s, unlisted("b@shop.example", "shop.example", "a@example.net", "5"));
	assert_int_equal(suggestions_each_mail(s, "a@Shop.example", NOW, print_mail, &got),
			 STORE_OK);
	str_printf(&want, "unlisted verification %x 2\nunlisted verification %x 1\n",
		   1u << REASON_NOT_LISTED, 1u << REASON_NOT_LISTED | 1u << REASON_AGE);
	assert_string_equal(str_text(&got), str_text(&want));
	str_free(&got);
	str_free(&want);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_sender_is_suggested),
	    cmocka_unit_test(one_that_is_refused_takes_no_record_with_it),
	    cmocka_unit_test(one_from_the_spool_counts_once),
	    cmocka_unit_test(a_link_is_suggested),
	    cmocka_unit_test(what_is_decided_stays),
	    cmocka_unit_test(one_domain_has_its_bound),
	    cmocka_unit_test(all_have_their_bound),
	    cmocka_unit_test(facts_have_their_bound),
	    cmocka_unit_test(the_urgent_ones_come_first),
	    cmocka_unit_test(mail_of_an_address),
	};
	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
