/* SPDX-License-Identifier: BSD-2-Clause */
/* pending.c - keepname pending: the matters somebody must act on, most urgent first. */
#include "cli/pending.h"

#include <getopt.h>
#include <stdio.h>

enum {
	DAY = 86400,
	DUE_MOST = 36500, /* days; a hundred years is as good as any */
};

static bool read_state(const char *text, uint32_t *ret_states)
{
	enum pending_state state;

	if (!pending_state_of_name(slice_of(text), &state))
		return false;
	*ret_states |= 1u << state;
	return true;
}

/* CLI_DONE to go on. */
static int read_options(const struct cli *cli, int argc, char **argv, struct pending_filter *filter)
{
	static const struct option options[] = {
	    {"due", required_argument, NULL, 'd'},
	    {"state", required_argument, NULL, 's'},
	    {"all", no_argument, NULL, 'a'},
	    {NULL, 0, NULL, 0},
	};
	uint64_t days;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'd':
			if (!str_to_u64(slice_of(optarg), DUE_MOST, &days))
				return cli_trouble("pending",
						   "--due \"%s\": a number of days is expected",
						   optarg);
			filter->due_before = cli->now + (int64_t)days * DAY;
			break;
		case 's':
			if (!read_state(optarg, &filter->states))
				return cli_trouble("pending",
						   "--state \"%s\": open, review, expired, held, "
						   "done or resolved is expected",
						   optarg);
			break;
		case 'a': filter->states = PENDING_ALL; break;
		default: return cli_usage("pending");
		}
	}
	return optind == argc ? CLI_DONE : cli_usage("pending");
}

struct printing {
	const struct cli *cli;
	json_t *array; /* with --json */
	size_t count;
};

/* Red: due within three days or over; yellow: within a week, or to be reviewed. */
static const char *colour_of(const struct printing *to, const struct pending *p)
{
	const int64_t days = cli_days_left(p->deadline, to->cli->now);

	if (!to->cli->colour || (1u << p->state & PENDING_UNSETTLED) == 0)
		return "";
	if (p->state == PENDING_STATE_HELD || (p->deadline != 0 && days <= 3))
		return "\033[31m";
	if (p->state == PENDING_STATE_REVIEW || (p->deadline != 0 && days <= 7))
		return "\033[33m";
	return "";
}

static void print_one(void *context, const struct pending *p)
{
	struct printing *to = context;
	const char *colour = colour_of(to, p);
	struct str recipient = {0};
	char due[64], when[21] = "-";

	if (to->count++ == 0 && to->array == NULL)
		printf("%5s  %-8s  %-12s  %-20s  %-20s  %s\n", "ID", "STATE", "DUE", "DEADLINE",
		       "CLASS", "DOMAIN (RECIPIENT)");
	if (to->array != NULL) {
		json_array_append_new(to->array, pending_json(p, to->cli->now));
		return;
	}
	if (p->deadline != 0)
		str_time(p->deadline, when);
	cli_plain(p->recipient, LIMIT_ADDRESS, &recipient);
	printf("%s%5lld  %-8s  %-12s  %-20s  %-20s  %s (%s)%s\n", colour, (long long)p->id,
	       pending_state_name(p->state), pending_due_text(p, to->cli->now, due), when,
	       class_name(p->class), pending_matter(p), str_text(&recipient),
	       colour[0] != '\0' ? "\033[0m" : "");
	str_free(&recipient);
}

int pending_run(struct cli *cli, int argc, char **argv)
{
	struct pending_filter filter = {.now = cli->now};
	struct printing to = {.cli = cli};
	struct store *store;
	int status = read_options(cli, argc, argv, &filter);

	if (status != CLI_DONE)
		return status;
	store = cli_store(cli, "pending", STORE_READ);
	if (store == NULL)
		return CLI_TROUBLE;
	if (cli->json)
		to.array = json_array();
	if (pendings_each(store, &filter, print_one, &to) != STORE_OK)
		status = cli_trouble("pending", "%s", store_error(store));
	store_close(store);
	if (cli->json) {
		const int printed = cli_print_json(to.array);

		return status == CLI_DONE ? printed : status;
	}
	if (status == CLI_DONE && to.count == 0)
		printf("Nothing is pending.\n");
	return status;
}
