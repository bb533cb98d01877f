/* SPDX-License-Identifier: BSD-2-Clause */
/* show.c - keepname show: one pending with its history. */
#include <inttypes.h>
#include <stdio.h>

#include "cli/pending/pending.h"

struct shown {
	const struct cli *cli;
	bool found;
	json_t *object;
};

static void line(const char *key, const char *value)
{
	struct str plain = {0};

	if (value != NULL && value[0] != '\0')
		printf("%-12s %s\n", key, str_text(cli_plain(value, LIMIT_MESSAGE_ID, &plain)));
	str_free(&plain);
}

static void line_time(const char *key, int64_t when)
{
	char text[CLI_TIME_TEXT];

	if (when != 0)
		line(key, cli_time(when, text));
}

static void show_pending(void *context, const struct pending *p)
{
	struct shown *to = context;
	struct str reasons = {0};
	char due[64];

	to->found = true;
	pending_reasons(p, &reasons);
	if (to->cli->json) {
		to->object = pending_json(p, to->cli->now);
		json_object_set_new(to->object, "sender", cli_json_text(p->sender));
		json_object_set_new(to->object, "from", cli_json_text(p->from));
		json_object_set_new(to->object, "subject", cli_json_text(p->subject));
		json_object_set_new(to->object, "message_id", cli_json_text(p->message_id));
		json_object_set_new(to->object, "reasons", cli_json_text(str_text(&reasons)));
		json_object_set_new(to->object, "events", json_array());
		str_free(&reasons);
		return;
	}
	printf("%-12s %" PRId64 "\n", "id", p->id);
	line("state", pending_state_name(p->state));
	line("class", class_name(p->class));
	line("domain", p->domain);
	line("recipient", p->recipient);
	line("registrar", p->registrar);
	line_time("deadline", p->deadline);
	line("", pending_due_text(p, to->cli->now, due));
	line("source", deadline_source_name(p->deadline_source));
	line("ours", ours_name(p->ours));
	line_time("snoozed", p->snoozed_until);
	line("from", p->from);
	line("subject", p->subject);
	line("message-id", p->message_id);
	line("reasons", str_text(&reasons));
	line_time("first seen", p->first_seen);
	line_time("last seen", p->last_seen);
	printf("%-12s %" PRId64 "\n", "mails", p->mails);
	for (int i = 0; i < REASON_COUNT; i++)
		if ((p->reasons & 1u << i) != 0)
			printf("  %s: %s\n", reason_name((enum reason)i),
			       reason_sentence((enum reason)i));
	str_free(&reasons);
}

static void show_event(void *context, const struct pending_event *e)
{
	struct shown *to = context;
	struct str detail = {0};
	char when[CLI_TIME_TEXT], utc[21];

	str_time(e->at, utc);
	if (to->object != NULL)
		json_array_append_new(
		    json_object_get(to->object, "events"),
		    json_pack("{s:s s:o s:s s:o}", "at", utc, "actor", cli_json_text(e->actor),
			      "kind", e->kind, "detail", cli_json_text(e->detail)));
	else
		printf("  %s  %-10s %-16s %s\n", cli_time(e->at, when), e->kind, e->actor,
		       str_text(cli_plain(e->detail, LIMIT_LOG_LINE, &detail)));
	str_free(&detail);
}

int show_run(struct cli *cli, int argc, char **argv)
{
	struct pending_filter filter = {.now = cli->now, .states = PENDING_ALL};
	struct shown to = {.cli = cli};
	struct store *store;
	uint64_t id;
	int status = CLI_DONE;

	if (argc != 2)
		return cli_usage("show");
	if (!str_to_u64(slice_of(argv[1]), INT64_MAX, &id) || id == 0)
		return cli_trouble("show", "\"%s\": the number of a pending is expected", argv[1]);
	store = cli_store(cli, "show", STORE_READ);
	if (store == NULL)
		return CLI_TROUBLE;
	filter.id = (int64_t)id;
	if (pendings_each(store, &filter, show_pending, &to) != STORE_OK)
		status = cli_trouble("show", "%s", store_error(store));
	if (to.found && !cli->json)
		printf("history\n");
	if (to.found && pendings_each_event(store, filter.id, show_event, &to) != STORE_OK)
		status = cli_trouble("show", "%s", store_error(store));
	store_close(store);
	if (status == CLI_DONE && !to.found) {
		cli_trouble("show", "there is no pending %s", argv[1]);
		return CLI_NO;
	}
	if (to.object != NULL) {
		const int printed = cli_print_json(to.object);

		return status == CLI_DONE ? printed : status;
	}
	return status;
}
