/* SPDX-License-Identifier: BSD-2-Clause */
/* pending_text.c - pendings for people. */
#include <stdio.h>

#include "cli/pending/pending.h"
#include "cli/words.h"

const char *pending_due_text(const struct pending *p, int64_t now, char to[static 64])
{
	const int64_t days = cli_days_left(p->deadline, now);

	if (p->deadline == 0)
		snprintf(to, 64, "%s", _("no date"));
	else if (days > 1)
		snprintf(to, 64, _("in %lld days"), (long long)days);
	else if (days == 1)
		snprintf(to, 64, "%s", _("within a day"));
	else if (p->deadline >= now)
		snprintf(to, 64, "%s", _("now"));
	else if (days >= -1)
		snprintf(to, 64, "%s", _("a day ago"));
	else
		snprintf(to, 64, _("%lld days ago"), -(long long)days);
	return to;
}

const char *pending_matter(const struct pending *p)
{
	return p->domain[0] != '\0' ? p->domain : p->subject;
}

void pending_reasons(const struct pending *p, struct str *to)
{
	for (int i = 0; i < REASON_COUNT; i++)
		if ((p->reasons & 1u << i) != 0)
			str_printf(to, "%s%s", to->n > 0 ? ", " : "", reason_name((enum reason)i));
}

/* Red: dark already, due within three days or over; yellow: within a week, or to be reviewed. What
 * is not ours is in no hurry. */
static const char *colour_of(const struct cli *cli, const struct pending *p)
{
	const int64_t days = cli_days_left(p->deadline, cli->now);

	if (!cli->colour || p->ours == OURS_NO || (1u << p->state & PENDING_UNSETTLED) == 0)
		return "";
	if (p->state == PENDING_STATE_HELD || (p->deadline != 0 && days <= 3))
		return "\033[31m";
	if (p->state == PENDING_STATE_REVIEW || (p->deadline != 0 && days <= 7))
		return "\033[33m";
	return "";
}

/* What is to be known of it beside its row. */
static const char *remark(const struct cli *cli, const struct pending *p)
{
	if (p->ours == OURS_NO)
		return p->snoozed_until > cli->now ? " [not ours, snoozed]" : " [not ours]";
	return p->snoozed_until > cli->now ? " [snoozed]" : "";
}

void pending_print(void *printer, const struct pending *p)
{
	struct pending_printer *to = printer;
	const char *colour = colour_of(to->cli, p);
	struct str recipient = {0};
	char due[64], when[CLI_TIME_TEXT] = "-";

	if (to->count++ == 0 && to->array == NULL)
		printf("%5s  %-8s  %-12s  %-21s  %-20s  %s\n", "ID", "STATE", "DUE", "DEADLINE",
		       "CLASS", "DOMAIN (RECIPIENT)");
	if (to->array != NULL) {
		json_array_append_new(to->array, pending_json(p, to->cli->now));
		return;
	}
	if (p->deadline != 0)
		cli_time(p->deadline, when);
	cli_plain(p->recipient, LIMIT_ADDRESS, &recipient);
	printf("%s%5lld  %-8s  %-12s  %-21s  %-20s  %s (%s)%s%s\n", colour, (long long)p->id,
	       pending_state_name(p->state), pending_due_text(p, to->cli->now, due), when,
	       class_name(p->class), pending_matter(p), str_text(&recipient), remark(to->cli, p),
	       colour[0] != '\0' ? "\033[0m" : "");
	str_free(&recipient);
}
