/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * digest_escalate.c - the mail of what cannot wait: alarms of which nobody has been told, and
 * matters that have come to a step of their escalation.
 *
 * What is noted as told is what stands in the mail: each by a heading at least, the first ones with
 * all that is known. What one mail has no room for is not noted, so the next one begins with it.
 */
#include <stdio.h>

#include "cli/digest/digest.h"
#include "cli/words.h"

enum {
	DAY = 86400,
	SOON_DAYS = 7,
};

struct due {
	const struct cli *cli;
	struct store *store;
	struct notices *told;
	struct page *page;
	size_t count, failures;
	char first[LIMIT_DOMAIN + 1]; /* what the subject names */
};

static bool step_of(const struct pending *p, int64_t now, enum notice_step *ret_step)
{
	const int64_t days = cli_days_left(p->deadline, now);

	if (p->state == PENDING_STATE_HELD)
		*ret_step = NOTICE_HELD;
	else if (p->deadline == 0 || days > SOON_DAYS)
		return false;
	else
		*ret_step = days <= 0   ? NOTICE_TODAY
			    : days <= 1 ? NOTICE_ONE
			    : days <= 3 ? NOTICE_THREE
					: NOTICE_WEEK;
	return true;
}

static void gather_due(void *context, const struct pending *p)
{
	struct due *g = context;
	enum notice_step step;
	bool told = true;

	if (!step_of(p, g->cli->now, &step))
		return;
	if (notices_has(g->store, p->id, step, &told) != STORE_OK)
		g->failures++;
	if (told)
		return;
	if (g->count++ == 0) {
		snprintf(g->first, sizeof(g->first), "%s", p->domain);
		page_section(g->page, _("DUE"), _("the time that is left grows short"));
	}
	if (g->count > DIGEST_SHOWN + DIGEST_BRIEF)
		return;
	if (g->count <= DIGEST_SHOWN)
		digest_add_pending(g->page, p, g->cli->now, 0);
	else
		digest_add_head(g->page, p, g->cli->now, 0);
	notices_add(g->told, p->id, step);
}

/* Held ones first, then by deadline: as pendings_each would have them, but the many that are not
 * due are not read. */
static bool each_due(struct due *g)
{
	struct pending_filter filter = {.now = g->cli->now,
					.awake = true,
					.ours = 1u << OURS_UNSET | 1u << OURS_YES,
					.states = 1u << PENDING_STATE_HELD};

	if (pendings_each(g->store, &filter, gather_due, g) != STORE_OK)
		return false;
	filter.states = PENDING_UNSETTLED & ~filter.states;
	filter.due_before = g->cli->now + (int64_t)SOON_DAYS * DAY;
	return pendings_each(g->store, &filter, gather_due, g) == STORE_OK;
}

static void write_subject(struct digest *d, const struct due *g, size_t alarms)
{
	const char *first = g->first[0] != '\0' ? g->first : _("a matter");

	str_puts(&d->subject, "keepname: ");
	if (g->count == 0)
		str_printf(&d->subject, ngettext("%zu alarm", "%zu alarms", alarms), alarms);
	else if (g->count == 1)
		str_printf(&d->subject, _("%s: due"), first);
	else
		str_printf(&d->subject, _("%s and others: due"), first);
	if (g->count > 0 && alarms > 0)
		str_puts(&d->subject, _(", and alarms"));
}

int digest_fill_due(const struct cli *cli, struct store *store, struct notices *ret_told,
		    struct digest *ret_digest)
{
	const struct alarm_filter unsent = {.unsent = true};
	struct digest *d = ret_digest;
	struct due g = {.cli = cli, .store = store, .told = ret_told, .page = &d->page};
	size_t alarms = 0;

	*d = (struct digest){0};
	if (!digest_add_alarms(store, d, &unsent, ret_told, &alarms) || !each_due(&g) ||
	    g.failures > 0)
		return cli_trouble("digest", "%s", store_error(store));
	d->said += g.count;
	if (g.count > 0)
		page_count(&d->page, g.count);
	if (g.count > DIGEST_SHOWN + DIGEST_BRIEF)
		page_note(&d->page, _("and %zu more, in the next mail"),
			  g.count - DIGEST_SHOWN - DIGEST_BRIEF);
	write_subject(d, &g, alarms);
	return d->page.failed || d->subject.failed || ret_told->failed
		   ? cli_trouble("digest", "memory is short")
		   : CLI_DONE;
}
