/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * change.c - keepname done, reopen and snooze: all the given pendings, or none. Those that a filter
 * finds are shown first and asked about; keepname undo takes the last change back.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/date.h"
#include "cli/pending/filter.h"
#include "cli/pending/pending.h"

struct change {
	const char *command;
	const char *question;
	uint32_t states; /* that a filter looks among, where it names none */
	bool snooze, reopen;
};

struct wish {
	struct filter filter;
	const char *reason;
	int64_t until;
	bool until_given, dry_run, yes;
};

enum {
	UNTIL = 1,
	REASON,
	DRY_RUN,
	YES,
};

static int read_options(const struct cli *cli, const struct change *change, int argc, char **argv,
			struct wish *w)
{
	static const struct option options[] = {
	    FILTER_OPTIONS,
	    {"reason", required_argument, NULL, REASON},
	    {"until", required_argument, NULL, UNTIL},
	    {"dry-run", no_argument, NULL, DRY_RUN},
	    {"yes", no_argument, NULL, YES},
	    {NULL, 0, NULL, 0},
	};
	int c, status = CLI_DONE;

	while (status == CLI_DONE && (c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case REASON: w->reason = optarg; break;
		case DRY_RUN: w->dry_run = true; break;
		case YES: w->yes = true; break;
		case UNTIL:
			if (!change->snooze)
				return cli_usage(change->command);
			if (!date_of_option(optarg, &w->until))
				return cli_trouble(change->command,
						   "--until \"%s\": a date such as 2026-12-24 is "
						   "expected",
						   optarg);
			if (w->until <= cli->now)
				return cli_trouble(change->command, "--until \"%s\" is over",
						   optarg);
			w->until_given = true;
			break;
		default: status = filter_take(&w->filter, cli, change->command, c); break;
		}
	}
	if (status == CLI_DONE &&
	    ((w->filter.given != 0) == (optind < argc) || (change->snooze && !w->until_given)))
		status = cli_usage(change->command);
	return status;
}

/* Which ones, and whether it shall be. CLI_DONE to go on. */
static int choose(const struct cli *cli, const struct change *change, struct store *store,
		  struct wish *w, int argc, char **argv, struct chosen *chosen)
{
	char question[80];
	int status;

	if (w->filter.given == 0)
		return chosen_read(change->command, argc, argv, chosen);
	if (w->filter.is.states == 0)
		w->filter.is.states = change->states;
	status =
	    chosen_find(cli, change->command, store, &w->filter, w->dry_run || !w->yes, chosen);
	if (status != CLI_DONE)
		return status;
	if (chosen->count == 0) {
		printf("No pending is like that.\n");
		return CLI_NO;
	}
	snprintf(question, sizeof(question), "%s %zu?", change->question, chosen->count);
	return w->dry_run ? CLI_DONE : cli_confirm(change->command, question, w->yes);
}

static int carry_out(const struct cli *cli, const struct change *change, struct store *store,
		     const struct wish *w, const struct chosen *chosen)
{
	const enum pending_state to = change->reopen ? PENDING_STATE_OPEN : PENDING_STATE_DONE;
	enum store_status result;
	int64_t missing = 0;
	char actor[64];

	cli_actor(actor);
	if (change->snooze)
		result = pendings_snooze(store, chosen->id, chosen->count, w->until, actor,
					 w->reason, cli->now, &missing);
	else
		result = pendings_set(store, chosen->id, chosen->count, to, actor, w->reason,
				      cli->now, &missing);
	if (result == STORE_NOT_FOUND) {
		cli_trouble(change->command, "there is no pending %" PRId64 "; nothing was changed",
			    missing);
		return CLI_NO;
	}
	return result == STORE_OK ? CLI_DONE
				  : cli_trouble(change->command, "%s", store_error(store));
}

static int change_run(const struct cli *cli, const struct change *change, int argc, char **argv)
{
	struct wish wish = {.filter.is.now = cli->now, .reason = ""};
	struct chosen chosen = {0};
	struct store *store;
	int status = read_options(cli, change, argc, argv, &wish);

	if (status != CLI_DONE)
		return status;
	store = cli_store(cli, change->command, wish.dry_run ? STORE_READ : STORE_WRITE);
	if (store == NULL)
		return CLI_TROUBLE;
	status = choose(cli, change, store, &wish, argc, argv, &chosen);
	if (status == CLI_DONE && wish.dry_run)
		printf("%zu would be changed.\n", chosen.count);
	else if (status == CLI_DONE)
		status = carry_out(cli, change, store, &wish, &chosen);
	if (status == CLI_DONE && wish.filter.given != 0 && !wish.dry_run)
		printf("%zu changed; keepname undo takes it back.\n", chosen.count);
	chosen_free(&chosen);
	store_close(store);
	return status;
}

int done_run(struct cli *cli, int argc, char **argv)
{
	static const struct change done = {"done", "Settle", PENDING_UNSETTLED, false, false};

	return change_run(cli, &done, argc, argv);
}

int reopen_run(struct cli *cli, int argc, char **argv)
{
	static const struct change reopen = {
	    "reopen", "Reopen", 1u << PENDING_STATE_DONE | 1u << PENDING_STATE_RESOLVED, false,
	    true};

	return change_run(cli, &reopen, argc, argv);
}

int snooze_run(struct cli *cli, int argc, char **argv)
{
	static const struct change snooze = {"snooze", "Snooze", PENDING_UNSETTLED, true, false};

	return change_run(cli, &snooze, argc, argv);
}
