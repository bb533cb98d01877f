/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * watch_note.c - what a look has found, decided and written down.
 *
 * Alarms and pendings first, the row last: who is killed in between does it again with the next
 * look, and each of it again does nothing. Only what the watch has seen begin does it see end: a
 * mail may know of a hold or a transfer before the registry shows it.
 */
#include <stdio.h>
#include <string.h>

#include "cli/watch/watch.h"
#include "db/alarms.h"
#include "db/pendings.h"

enum {
	DAY = 86400,
	MAIL_AHEAD = 2 * DAY, /* a hold that a mail told of shows by then, or is over */
};

#define BIT(cause) (1u << (cause))

/* -- before and after ----------------------------------------------------------------------- */

static void take_before(void *context, const struct watched *w)
{
	struct watch_result *r = context;

	r->before = (struct standing_record){
	    .standing = w->standing,
	    .causes = w->causes,
	    .since = w->since,
	    .expires_at = w->expires_at,
	};
	nameservers_read(slice_of(w->servers), &r->before.servers);
	nameservers_read(slice_of(w->former), &r->before.former);
	r->row.checked_at = w->checked_at;
	r->row.asked_at = w->asked_at;
	r->row.iana_id = w->iana_id;
	r->row.registered_at = w->registered_at;
	slice_copy(slice_of(w->registrar), r->registrar, sizeof(r->registrar));
	slice_copy(slice_of(w->statuses), r->statuses, sizeof(r->statuses));
}

static void take_rdap(struct watch_result *r, const struct rdap *rdap)
{
	const struct registration *g = &rdap->registration;

	r->row.iana_id = g->iana_id;
	if (g->registered_at != 0)
		r->row.registered_at = g->registered_at;
	memcpy(r->registrar, g->registrar, sizeof(r->registrar));
	memcpy(r->statuses, rdap->statuses, sizeof(r->statuses));
}

static void make_row(const struct cli *cli, const struct watch_name *n, struct watch_result *r)
{
	const struct standing_record *is = r->standing == STANDING_UNKNOWN ? &r->before : &r->after;
	struct watched *w = &r->row;

	nameservers_print(&is->servers, &r->text[0]);
	nameservers_print(&is->former, &r->text[1]);
	w->domain = n->domain;
	w->standing = is->standing;
	w->causes = is->causes;
	w->since = is->since != 0 ? is->since : cli->now;
	w->expires_at = is->expires_at;
	w->tried_at = cli->now;
	if (r->standing != STANDING_UNKNOWN)
		w->checked_at = cli->now;
	else if (w->checked_at >= w->tried_at)
		w->tried_at = w->checked_at + 1; /* two looks in a second: the later one is later */
	if (n->was_asked)
		w->asked_at = cli->now;
	w->trouble = r->trouble;
	w->servers = str_text(&r->text[0]);
	w->former = str_text(&r->text[1]);
	w->registrar = r->registrar;
	w->statuses = r->statuses;
}

/* -- alarms --------------------------------------------------------------------------------- */

/* What is the matter, as sentences. */
static void describe(const struct list *list, const struct watch_result *r, uint32_t causes,
		     struct str *to)
{
	const struct platform *p = standing_hold_set(list, &r->after.servers);

	for (int i = 0; i < CAUSE_COUNT; i++)
		if ((r->after.causes & causes & BIT(i)) != 0)
			str_printf(to, "%s%s", to->n > 0 ? "; " : "",
				   standing_cause_sentence((enum standing_cause)i));
	if ((causes & BIT(CAUSE_HOLD_SERVERS)) != 0 && p != NULL)
		str_printf(to, " (%s)", p->name);
	if (r->after.servers.count > 0) {
		str_puts(to, "; name servers: ");
		nameservers_print(&r->after.servers, to);
	}
	if (r->after.former.count > 0) {
		str_puts(to, "; before: ");
		nameservers_print(&r->after.former, to);
	}
}

/* One kind of alarm: whether it is to stand now, and whether the watch has seen it stand. */
struct rule {
	const char *kind;
	uint32_t causes; /* that its words are about */
	bool is, was;
	const char *over;
};

static bool apply(struct store *s, const struct list *list, const struct rule *rule, bool dry,
		  int64_t now, struct watch_result *r)
{
	struct str detail = {0};
	enum store_status status = STORE_OK;
	size_t ended = 0;
	bool new = false;

	if (rule->is) {
		describe(list, r, rule->causes, &detail);
		const struct alarm a = {.kind = rule->kind,
					.domain = r->row.domain,
					.recipient = "",
					.detail = str_text(&detail)};
		if (!dry)
			status = alarms_raise(s, &a, WATCH_ACTOR, now, &new);
		r->raised = r->raised || (dry ? !rule->was : new);
	} else if (rule->was) {
		if (!dry)
			status = alarms_end(s, rule->kind, r->row.domain, WATCH_ACTOR, rule->over,
					    now, &ended);
		r->ended = r->ended || dry || ended > 0;
	}
	str_free(&detail);
	return status == STORE_OK;
}

static bool alarms(struct store *s, const struct list *list, const struct watch_name *n, bool dry,
		   int64_t now, struct watch_result *r)
{
	const struct standing_record *a = &r->after, *b = &r->before;
	const bool known = r->row.checked_at != 0 || n->ours;
	const struct rule rules[] = {
	    {ALARM_HELD,
	     BIT(CAUSE_CLIENT_HOLD) | BIT(CAUSE_SERVER_HOLD) | BIT(CAUSE_HOLD_SERVERS) |
		 BIT(CAUSE_REDEMPTION),
	     a->standing == STANDING_HELD, b->standing == STANDING_HELD, "no longer on hold"},
	    {ALARM_GONE, BIT(CAUSE_DELETE) | BIT(CAUSE_UNREGISTERED),
	     a->standing == STANDING_GONE && known, b->standing == STANDING_GONE,
	     "registered again"},
	    {ALARM_DELEGATION, BIT(CAUSE_DARK) | BIT(CAUSE_OTHER_SERVERS),
	     a->standing == STANDING_DELEGATION, b->standing == STANDING_DELEGATION,
	     "as before, or settled"},
	    {ALARM_TRANSFER, BIT(CAUSE_TRANSFER), n->ours && (a->causes & BIT(CAUSE_TRANSFER)) != 0,
	     n->ours && (b->causes & BIT(CAUSE_TRANSFER)) != 0,
	     "the registry shows no transfer any more"},
	};
	bool good = true;

	for (size_t i = 0; good && i < sizeof(rules) / sizeof(rules[0]); i++)
		good = apply(s, list, &rules[i], dry, now, r);
	return good;
}

static bool pendings(struct store *s, const struct list *list, int64_t now,
		     const struct watch_result *r)
{
	enum store_status status;
	struct str reason = {0};
	size_t count;

	if (r->after.standing == STANDING_HELD) {
		describe(list, r, ~0u, &reason);
		status =
		    pendings_hold(s, r->row.domain, WATCH_ACTOR, str_text(&reason), now, &count);
	} else {
		status = pendings_release(
		    s, r->row.domain,
		    r->before.standing == STANDING_HELD ? now + 1 : now - MAIL_AHEAD, WATCH_ACTOR,
		    "no longer on hold", now, &count);
	}
	str_free(&reason);
	return status == STORE_OK;
}

/* -- one name ------------------------------------------------------------------------------- */

bool watch_note(const struct cli *cli, struct store *store, const struct list *list,
		const struct watch_name *n, const struct rdap *rdap, bool none, const char *why,
		bool dry, struct watch_result *ret_result)
{
	struct watch_result *r = ret_result;
	const struct watched_filter filter = {.domain = n->domain};
	struct registration registration = {.status =
						none ? REGISTRATION_NONE : REGISTRATION_UNKNOWN};
	bool good;

	*r = (struct watch_result){0};
	good = watched_each(store, &filter, take_before, r) == STORE_OK;
	if (rdap != NULL) {
		registration = rdap->registration;
		take_rdap(r, rdap);
	}
	standing_judge(&r->before, &n->delegation, &registration, list, cli->now, &r->after);
	r->standing = r->after.standing;
	snprintf(r->trouble, sizeof(r->trouble), "%s%s%s", n->dns_why,
		 n->dns_why[0] != '\0' && why[0] != '\0' ? "; " : "", why);
	r->row.domain = n->domain;
	if (good && r->standing != STANDING_UNKNOWN) {
		good = alarms(store, list, n, dry, cli->now, r) &&
		       (dry || pendings(store, list, cli->now, r));
	}
	make_row(cli, n, r);
	if (good && !dry) {
		good = watched_note(store, &r->row, WATCH_ACTOR, cli->now) == STORE_OK;
		if (good && rdap != NULL)
			good = watched_note_registered(store, n->asked,
						       rdap->registration.registered_at,
						       cli->now) == STORE_OK;
	}
	if (!good)
		cli_trouble("watch", "%s", store_error(store));
	return good;
}

void watch_result_free(struct watch_result *r)
{
	for (size_t i = 0; i < sizeof(r->text) / sizeof(r->text[0]); i++)
		str_free(&r->text[i]);
}
