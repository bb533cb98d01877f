/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * calendar.c - keepname calendar: an event for each deadline, as iCalendar (RFC 5545) by libical.
 *
 * Whoever subscribes to the file sees changes as changes: a matter keeps its UID, each change of it
 * raises SEQUENCE, and one that was settled in the last CANCELLED_DAYS is there as cancelled, so
 * that it goes from calendars that have it. Alarms are a week, three days and a day before. No link
 * is in it.
 */
#include <getopt.h>
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/pending/pending.h"
#include "cli/whole.h"

enum {
	DAY = 86400,
	HOUR = 3600,
	CANCELLED_DAYS = 30,
};

struct writing {
	const struct cli *cli;
	struct store *store;
	icalcomponent *calendar;
	bool failed;
};

struct changes {
	int count;
	int64_t last;
};

static void count_change(void *context, const struct pending_event *e)
{
	struct changes *c = context;

	/* That somebody was told changes nothing. */
	if (strcmp(e->kind, "reminded") == 0)
		return;
	c->count++;
	if (e->at > c->last)
		c->last = e->at;
}

static icaltimetype utc(int64_t when)
{
	return icaltime_from_timet_with_zone((time_t)when, 0, icaltimezone_get_utc_timezone());
}

/* libical escapes commas, semicolons and line ends; what is no printable character is not given. */
static char *plain(const char *text)
{
	struct str to = {0};
	char *copy;

	cli_plain(text, LIMIT_LOG_VALUE, &to);
	copy = strdup(str_text(&to));
	str_free(&to);
	return copy;
}

static void add_alarms(icalcomponent *event, const char *summary)
{
	static const int before[] = {7, 3, 1}; /* days */

	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		struct icaltriggertype trigger = {.duration =
						      icaldurationtype_from_int(-before[i] * DAY)};
		icalcomponent *alarm = icalcomponent_new(ICAL_VALARM_COMPONENT);

		icalcomponent_add_property(alarm, icalproperty_new_action(ICAL_ACTION_DISPLAY));
		icalcomponent_add_property(alarm, icalproperty_new_description(summary));
		icalcomponent_add_property(alarm, icalproperty_new_trigger(trigger));
		icalcomponent_add_component(event, alarm);
	}
}

static void describe(const struct pending *p, icalcomponent *event)
{
	struct str text = {0};
	char *from = plain(p->from), *subject = plain(p->subject), *id = plain(p->message_id);

	str_printf(&text,
		   "keepname show %lld\nFrom: %s\nSubject: %s\nMessage-ID: %s\nRecipient: %s",
		   (long long)p->id, from != NULL ? from : "", subject != NULL ? subject : "",
		   id != NULL ? id : "", p->recipient);
	if (!p->proved)
		str_puts(&text, "\nNot proved genuine: open the registrar's own site instead.");
	icalcomponent_add_property(event, icalproperty_new_description(str_text(&text)));
	str_free(&text);
	free(from);
	free(subject);
	free(id);
}

static void add_event(void *context, const struct pending *p)
{
	struct writing *w = context;
	const bool settled = (1u << p->state & PENDING_UNSETTLED) == 0;
	struct changes changes = {0};
	icalcomponent *event;
	char uid[LIMIT_DOMAIN + 64], summary[512];
	char *matter;

	if (p->deadline == 0)
		return;
	if (pendings_each_event(w->store, p->id, count_change, &changes) != STORE_OK)
		w->failed = true;
	matter = plain(pending_matter(p));
	snprintf(uid, sizeof(uid), "keepname-%lld@%s", (long long)p->id,
		 w->cli->config->authserv_id.item[0]);
	snprintf(summary, sizeof(summary), "%s: %s%s", matter != NULL ? matter : "",
		 class_name(p->class), p->proved ? "" : " (to review)");
	free(matter);
	event = icalcomponent_new(ICAL_VEVENT_COMPONENT);
	icalcomponent_add_property(event, icalproperty_new_uid(uid));
	icalcomponent_add_property(event, icalproperty_new_dtstamp(utc(changes.last)));
	icalcomponent_add_property(event, icalproperty_new_lastmodified(utc(changes.last)));
	icalcomponent_add_property(event, icalproperty_new_sequence(changes.count));
	icalcomponent_add_property(event, icalproperty_new_dtstart(utc(p->deadline - HOUR)));
	icalcomponent_add_property(event, icalproperty_new_dtend(utc(p->deadline)));
	icalcomponent_add_property(event, icalproperty_new_summary(summary));
	icalcomponent_add_property(event, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
	icalcomponent_add_property(event, icalproperty_new_status(settled ? ICAL_STATUS_CANCELLED
									  : ICAL_STATUS_CONFIRMED));
	describe(p, event);
	if (!settled)
		add_alarms(event, summary);
	icalcomponent_add_component(w->calendar, event);
}

static int write_all(struct writing *w, const char *recipient, const char *file)
{
	const struct pending_filter filter = {
	    .now = w->cli->now,
	    .states = PENDING_ALL,
	    .ours = 1u << OURS_UNSET | 1u << OURS_YES,
	    .recipient = recipient,
	    .settled_since = w->cli->now - (int64_t)CANCELLED_DAYS * DAY,
	};
	struct str text = {0};
	char *written;
	int status;

	w->calendar = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);
	icalcomponent_add_property(w->calendar, icalproperty_new_version("2.0"));
	icalcomponent_add_property(w->calendar,
				   icalproperty_new_prodid("-//keepname//keepname calendar//EN"));
	icalcomponent_add_property(w->calendar, icalproperty_new_method(ICAL_METHOD_PUBLISH));
	if (pendings_each(w->store, &filter, add_event, w) != STORE_OK || w->failed) {
		icalcomponent_free(w->calendar);
		return cli_trouble("calendar", "%s", store_error(w->store));
	}
	written = icalcomponent_as_ical_string_r(w->calendar);
	icalcomponent_free(w->calendar);
	str_puts(&text, written != NULL ? written : "");
	text.failed = text.failed || written == NULL;
	icalmemory_free_buffer(written);
	status = whole_write("calendar", file, &text);
	str_free(&text);
	return status;
}

int calendar_run(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
	    {"recipient", required_argument, NULL, 'r'},
	    {NULL, 0, NULL, 0},
	};
	struct writing w = {.cli = cli};
	const char *recipient = NULL;
	int c, status;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c != 'r')
			return cli_usage("calendar");
		recipient = optarg;
	}
	if (argc - optind > 1)
		return cli_usage("calendar");
	w.store = cli_store(cli, "calendar", STORE_READ);
	if (w.store == NULL)
		return CLI_TROUBLE;
	status = write_all(&w, recipient, optind < argc ? argv[optind] : "-");
	store_close(w.store);
	return status;
}
