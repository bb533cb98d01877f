/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * standing.c - how a domain stands, look after look: what the parent's servers and the registry
 * said, on which day, and what must come of it. "-": that look failed.
 */
#include "rules/core/standing.h"

#include <stdio.h>

#include "tests/rules/table.h"

#define DAY INT64_C(86400)
#define NOW INT64_C(1796551200) /* 2026-12-06T10:00:00Z */

static const char lists[] =
    "Platform: notice\nLink: notice.net /v\nHold-NS: ns1.notice.net, hold.notice.net\n\n";

enum {
	LOOKS = 5,
};

struct look {
	int day;
	const char *dns; /* "-", "nxdomain", "empty", or name servers */
	const char
	    *rdap; /* "-", "none", or status values parted by ", "; "+N": expires in N days */
	const char *want; /* standing, causes; "unknown" */
};

static const struct {
	const char *why;
	struct look look[LOOKS];
} rows[] = {
    /* -- the first look -- */
    {"delegated, nothing against it", {{0, "ns.a.net ns.b.net", "ok +300", "fine "}}},
    {"delegated, no word from the registry", {{0, "ns.a.net", "-", "fine "}}},
    {"both failed", {{0, "-", "-", "unknown"}}},
    {"the registry alone cannot say that all is well", {{0, "-", "ok", "unknown"}}},
    {"nor that a name is gone", {{0, "-", "none", "unknown"}}},
    {"not in the zone, and nobody says why", {{0, "nxdomain", "-", "unknown"}}},
    {"not in the zone, not registered", {{0, "nxdomain", "none", "gone not-registered"}}},
    {"registered, without name servers", {{0, "nxdomain", "ok", "fine undelegated"}}},
    {"in the zone without name servers", {{0, "empty", "-", "fine undelegated"}}},
    {"delegated, though the registry knows no such name", {{0, "ns.a.net", "none", "fine "}}},

    /* -- holds -- */
    {"clientHold", {{0, "nxdomain", "client hold", "held client-hold,undelegated"}}},
    {"as EPP spells it", {{0, "nxdomain", "clientHold", "held client-hold,undelegated"}}},
    {"serverHold", {{0, "nxdomain", "server hold", "held server-hold,undelegated"}}},
    {"both",
     {{0, "empty", "server hold, client hold", "held client-hold,server-hold,undelegated"}}},
    {"a hold that the zone does not show yet",
     {{0, "ns.a.net", "client hold", "held client-hold"}}},
    {"a hold, and no word from the zone", {{0, "-", "client hold", "held client-hold"}}},
    {"not a hold: what only sounds like it",
     {{0, "ns.a.net", "client transfer prohibited, hold, clienthold2", "fine "}}},
    {"hold servers", {{0, "ns1.notice.net ns2.elsewhere.net", "ok", "held hold-servers"}}},
    {"below a hold server", {{0, "a.hold.notice.net", "-", "held hold-servers"}}},
    {"not below one: its name in another", {{0, "xhold.notice.net", "-", "fine "}}},
    {"not one: the same domain", {{0, "ns2.notice.net", "-", "fine "}}},
    {"restorable",
     {{0, "nxdomain", "pending delete, redemption period", "held redemption,undelegated"}}},
    {"being restored", {{0, "nxdomain", "pending restore", "held redemption,undelegated"}}},

    /* -- a hold comes and goes -- */
    {"on hold and off it again",
     {{0, "ns.a.net ns.b.net", "ok", "fine "},
      {1, "nxdomain", "client hold", "held client-hold,dark"},
      {2, "nxdomain", "client hold", "held client-hold,dark"},
      {3, "ns.b.net ns.a.net", "ok", "fine "}}},
    {"the zone alone shows that it ended",
     {{0, "ns.a.net", "ok", "fine "},
      {1, "nxdomain", "client hold", "held client-hold,dark"},
      {2, "ns.a.net", "-", "fine "}}},
    {"a failed look-up ends no hold",
     {{0, "ns.a.net", "ok", "fine "},
      {1, "nxdomain", "client hold", "held client-hold,dark"},
      {2, "-", "-", "unknown"},
      {3, "nxdomain", "-", "held client-hold,dark"},
      {4, "-", "ok", "unknown"}}},
    {"nor one that the zone did not show",
     {{0, "ns.a.net", "client hold", "held client-hold"},
      {1, "ns.a.net", "-", "held client-hold"},
      {2, "ns.a.net", "ok", "fine "}}},
    {"name servers swapped and swapped back",
     {{0, "ns.a.net", "ok", "fine "},
      {1, "ns1.notice.net", "ok", "held hold-servers,other-servers"},
      {2, "ns1.notice.net", "-", "held hold-servers,other-servers"},
      {3, "-", "ok", "unknown"},
      {4, "ns.a.net", "ok", "fine "}}},
    {"swapped back to others: that is a change",
     {{0, "ns.a.net", "ok", "fine "},
      {1, "ns1.notice.net", "ok", "held hold-servers,other-servers"},
      {2, "ns.c.net", "ok", "delegation other-servers"}}},
    {"first seen on hold: the servers afterwards are no change",
     {{0, "ns1.notice.net", "ok", "held hold-servers"}, {1, "ns.a.net", "ok", "fine "}}},
    {"held for long, and then with the servers of before",
     {{0, "ns.a.net", "ok", "fine "},
      {1, "nxdomain", "client hold", "held client-hold,dark"},
      {60, "ns.a.net", "ok", "fine "}}},

    /* -- gone -- */
    {"deleted: held while restorable, then gone",
     {{0, "ns.a.net", "ok", "fine "},
      {1, "nxdomain", "redemption period, pending delete", "held redemption,dark"},
      {31, "nxdomain", "pending delete", "gone pending-delete,dark"},
      {36, "nxdomain", "none", "gone not-registered,dark"},
      {37, "nxdomain", "-", "gone not-registered,dark"}}},
    {"registered anew",
     {{0, "ns.a.net", "ok", "fine "},
      {1, "nxdomain", "none", "gone not-registered,dark"},
      {2, "-", "-", "unknown"},
      {3, "ns.a.net", "ok", "fine "}}},

    /* -- out of the zone -- */
    {"no more delegated, and the registry cannot be asked: said, but not as a hold",
     {{0, "ns.a.net", "ok", "fine "},
      {1, "nxdomain", "-", "delegation dark"},
      {60, "nxdomain", "-", "delegation dark"},
      {61, "nxdomain", "client hold", "held client-hold,dark"},
      {62, "ns.a.net", "ok", "fine "}}},
    {"no more delegated, and registered as ever",
     {{0, "ns.a.net", "ok", "fine "}, {1, "empty", "inactive", "delegation dark"}}},

    /* -- other servers -- */
    {"other servers, until they are settled",
     {{0, "ns.a.net", "ok", "fine "},
      {1, "ns.b.net", "ok", "delegation other-servers"},
      {7, "ns.b.net", "-", "delegation other-servers"},
      {8, "ns.b.net", "ok", "fine "},
      {9, "ns.a.net", "ok", "delegation other-servers"}}},
    {"or until those of before are back",
     {{0, "ns.a.net ns.b.net", "ok", "fine "},
      {1, "ns.a.net", "ok", "delegation other-servers"},
      {2, "ns.a.net ns.b.net", "ok", "fine "}}},
    {"each further change counts anew",
     {{0, "ns.a.net", "ok", "fine "},
      {1, "ns.b.net", "ok", "delegation other-servers"},
      {6, "ns.c.net", "ok", "delegation other-servers"},
      {9, "ns.c.net", "ok", "delegation other-servers"},
      {13, "ns.c.net", "ok", "fine "}}},
    {"the order of servers, their case and dots are no change",
     {{0, "ns.a.net ns.b.net", "ok", "fine "}, {1, "NS.B.net. ns.A.net", "ok", "fine "}}},
    {"a failed look-up is no change",
     {{0, "ns.a.net", "ok", "fine "}, {1, "-", "-", "unknown"}, {2, "ns.a.net", "ok", "fine "}}},

    /* -- transfers and expiry -- */
    {"a transfer comes and goes; a failed look-up does not end it",
     {{0, "ns.a.net", "ok", "fine "},
      {1, "ns.a.net", "pending transfer", "transfer pending-transfer"},
      {2, "ns.a.net", "-", "transfer pending-transfer"},
      {3, "-", "ok", "unknown"},
      {4, "ns.a.net", "ok", "fine "}}},
    {"a transfer, and no word from the zone",
     {{0, "-", "pendingTransfer", "transfer pending-transfer"}}},
    {"a transfer and other servers",
     {{0, "ns.a.net", "ok", "fine "},
      {1, "ns.b.net", "pending transfer", "delegation other-servers,pending-transfer"}}},
    {"expiring, at the limit", {{0, "ns.a.net", "ok +30", "expiring expiry"}}},
    {"a day before it", {{0, "ns.a.net", "ok +31", "fine "}}},
    {"the date is remembered",
     {{0, "ns.a.net", "ok +40", "fine "},
      {11, "ns.a.net", "-", "expiring expiry"},
      {12, "ns.a.net", "ok +365", "fine "}}},
    {"past", {{0, "ns.a.net", "auto renew period +-3", "expiring expiry"}}},
};

static void read_dns(const char *text, struct delegation *d)
{
	*d = (struct delegation){.status = strcmp(text, "-") == 0          ? DELEGATION_UNKNOWN
					   : strcmp(text, "nxdomain") == 0 ? DELEGATION_NO_NAME
					   : strcmp(text, "empty") == 0    ? DELEGATION_EMPTY
									   : DELEGATION_FOUND};
	if (d->status == DELEGATION_FOUND)
		nameservers_read(slice_of(text), &d->servers);
}

static void read_rdap(const char *text, int64_t now, struct registration *r)
{
	const char *plus = strchr(text, '+');
	enum epp_status status;

	*r = (struct registration){.status = strcmp(text, "-") == 0      ? REGISTRATION_UNKNOWN
					     : strcmp(text, "none") == 0 ? REGISTRATION_NONE
									 : REGISTRATION_FOUND};
	if (plus != NULL)
		r->expires_at = now + atoi(plus + 1) * DAY;
	for (const char *p = text; *p != '\0' && p != plus;) {
		const size_t n = strcspn(p, ",+");

		if (epp_of_text(slice_trim((struct slice){p, n}), &status))
			r->epp |= 1u << status;
		p += n + (p[n] == ',');
	}
}

static struct list *make_list(void)
{
	struct list *l = list_new();
	struct diags diags = {0};

	assert_non_null(l);
	assert_int_equal(list_parse(l, slice_of(lists), "list", false, &diags), 0);
	assert_int_equal(list_finish(l, &diags), 0);
	assert_int_equal(diags.errors, 0);
	return l;
}

static void look_after_look(void **state)
{
	struct list *list = make_list();
	struct str got = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct standing_record record = {0}, after;

		for (size_t k = 0; k < LOOKS && rows[i].look[k].dns != NULL; k++) {
			const struct look *look = &rows[i].look[k];
			const int64_t now = NOW + look->day * DAY;
			struct delegation d;
			struct registration r;

			read_dns(look->dns, &d);
			read_rdap(look->rdap, now, &r);
			standing_judge(&record, &d, &r, list, now, &after);
			str_reset(&got);
			str_puts(&got, standing_name(after.standing));
			if (after.standing != STANDING_UNKNOWN) {
				str_puts(&got, " ");
				standing_causes_print(after.causes, &got);
				record = after;
			} else {
				/* All else stays as it was. */
				after.standing = record.standing;
				assert_memory_equal(&after, &record, sizeof(record));
			}
			CHECK(strcmp(str_text(&got), look->want) == 0,
			      "%s, look %zu: got %s, want %s", rows[i].why, k + 1, str_text(&got),
			      look->want);
		}
	}
	str_free(&got);
	list_free(list);
}

/* What servers say, parted by "/"; of how many. */
static void what_several_servers_say(void **state)
{
	static const struct {
		const char *said[4];
		size_t servers;
		enum delegation_status want;
	} cases[] = {
	    {{NULL}, 3, DELEGATION_UNKNOWN},
	    {{"ns.a.net"}, 3, DELEGATION_FOUND},
	    {{"ns.a.net ns.b.net", "ns.b.net ns.a.net", "ns.a.net ns.b.net"}, 3, DELEGATION_FOUND},
	    {{"ns.a.net", "ns.b.net"}, 3, DELEGATION_UNKNOWN},
	    {{"nxdomain", "nxdomain"}, 3, DELEGATION_NO_NAME},
	    {{"nxdomain"}, 3, DELEGATION_UNKNOWN},
	    {{"nxdomain"}, 1, DELEGATION_NO_NAME},
	    {{"nxdomain", "ns.a.net", "nxdomain"}, 3, DELEGATION_UNKNOWN},
	    {{"nxdomain", "empty"}, 3, DELEGATION_UNKNOWN},
	    {{"empty", "empty"}, 2, DELEGATION_EMPTY},
	    {{"empty"}, 2, DELEGATION_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct delegation said[4], d;
		size_t n = 0;
		const char *why;

		for (; n < 4 && cases[i].said[n] != NULL; n++)
			read_dns(cases[i].said[n], &said[n]);
		why = standing_agree(said, n, cases[i].servers, &d);
		CHECK(
		    d.status == cases[i].want && (why == NULL) == (d.status != DELEGATION_UNKNOWN),
		    "case %zu: %d %s", i, d.status, or_none(why));
	}
}

/* Since when: moves with the standing, not with each look. */
static void since(void **state)
{
	struct list *list = make_list();
	struct standing_record record = {0};
	struct registration r = {.status = REGISTRATION_FOUND};
	struct delegation d;

	(void)state;
	read_dns("ns.a.net", &d);
	standing_judge(&record, &d, &r, list, NOW, &record);
	assert_int_equal(record.since, NOW);
	standing_judge(&record, &d, &r, list, NOW + DAY, &record);
	assert_int_equal(record.since, NOW);
	r.epp = 1u << EPP_SERVER_HOLD;
	standing_judge(&record, &d, &r, list, NOW + 2 * DAY, &record);
	assert_int_equal(record.since, NOW + 2 * DAY);
	assert_null(standing_hold_set(NULL, &d.servers));
	read_dns("hold.notice.net", &d);
	assert_string_equal(standing_hold_set(list, &d.servers)->name, "notice");
	list_free(list);
}

static void names(void **state)
{
	enum standing s;
	struct str all = {0};

	(void)state;
	for (int i = 0; i < STANDING_COUNT; i++) {
		assert_true(standing_of_name(slice_of(standing_name((enum standing)i)), &s));
		assert_int_equal(s, i);
	}
	assert_false(standing_of_name(LIT("good"), &s));
	standing_causes_print((1u << CAUSE_COUNT) - 1, &all);
	assert_int_equal(standing_causes_read(slice_of(str_text(&all))), (1u << CAUSE_COUNT) - 1);
	assert_int_equal(standing_causes_read(LIT("dark,nonsense,,expiry")),
			 1u << CAUSE_DARK | 1u << CAUSE_EXPIRY);
	str_free(&all);
}

/* LIMIT_NAMESERVERS: at it all stay, past it the first in order, whatever the order they came in.
 */
static void sets_of_servers(void **state)
{
	struct nameservers up = {0}, down = {0}, back;
	struct str text = {0};
	char name[32];

	(void)state;
	for (int i = 0; i < LIMIT_NAMESERVERS; i++) {
		snprintf(name, sizeof(name), "ns%02d.a.net", i);
		assert_true(nameservers_add(&up, slice_of(name)));
		assert_true(nameservers_add(&up, slice_of(name)));
	}
	assert_int_equal(up.count, LIMIT_NAMESERVERS);
	for (int i = LIMIT_NAMESERVERS; i >= 0; i--) {
		snprintf(name, sizeof(name), "NS%02d.a.net.", i);
		assert_true(nameservers_add(&down, slice_of(name)));
	}
	assert_true(nameservers_add(&up, LIT("ns99.a.net")));
	assert_true(nameservers_same(&up, &down));
	nameservers_print(&up, &text);
	nameservers_read(slice_of(str_text(&text)), &back);
	assert_true(nameservers_same(&up, &back));
	assert_false(nameservers_add(&back, LIT("not a name")));
	assert_false(nameservers_add(&back, LIT("")));
	assert_false(nameservers_add(&back, LIT("a\0b.net")));
	nameservers_read(LIT("ns.a.net  - ns.b.net "), &back);
	assert_int_equal(back.count, 2);
	assert_false(nameservers_same(&up, &back));
	str_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(look_after_look), cmocka_unit_test(what_several_servers_say),
	    cmocka_unit_test(since),           cmocka_unit_test(names),
	    cmocka_unit_test(sets_of_servers),
	};
	return cmocka_run_group_tests_name("standing", tests, NULL, NULL);
}
