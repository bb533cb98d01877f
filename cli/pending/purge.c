/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * purge.c - keepname purge and undo.
 *
 * Purge always says first what would go, and goes on only when somebody says so. Without options it
 * is the timed job: it applies `retention` of keepname.conf and lets undo's copy age away.
 */
#include "db/purge.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/domains/domains.h"
#include "cli/pending/filter.h"
#include "cli/pending/pending.h"
#include "db/runs.h"
#include "db/undo.h"
#include "db/waiting.h"

enum {
	DAY = 86400,
	OLD_MOST = 36500, /* days */
};

enum {
	OLDER = 1,
	DRY_RUN,
	YES,
};

struct wish {
	struct filter filter;
	int64_t before;
	bool dry_run, yes;
};

static int read_options(const struct cli *cli, int argc, char **argv, struct wish *w)
{
	static const struct option options[] = {
	    FILTER_OPTIONS,
	    {"older-than", required_argument, NULL, OLDER},
	    {"dry-run", no_argument, NULL, DRY_RUN},
	    {"yes", no_argument, NULL, YES},
	    {NULL, 0, NULL, 0},
	};
	uint64_t days;
	int c, status = CLI_DONE;

	while (status == CLI_DONE && (c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case DRY_RUN: w->dry_run = true; break;
		case YES: w->yes = true; break;
		case OLDER:
			if (!str_to_u64(slice_of(optarg), OLD_MOST, &days))
				return cli_trouble(
				    "purge", "--older-than \"%s\": a number of days is expected",
				    optarg);
			w->before = cli->now - (int64_t)days * DAY;
			break;
		default: status = filter_take(&w->filter, cli, "purge", c); break;
		}
	}
	if (status == CLI_DONE && w->before != 0 && w->filter.given != 0)
		return cli_trouble("purge",
				   "--older-than is about everything that is over: it goes with no "
				   "other filter");
	return status;
}

static void say(const struct purged *p, const char *would)
{
	printf("%lld pendings (%lld of them not settled), %lld mails, %lld alarms and what "
	       "suggestions "
	       "remember of %lld recipients and domains %s erased.\n",
	       (long long)p->pendings, (long long)p->unsettled, (long long)p->messages,
	       (long long)p->alarms, (long long)p->facts, would);
}

static bool is_nothing(const struct purged *p)
{
	return p->pendings + p->messages + p->alarms + p->facts == 0;
}

/* After what was erased for good. */
static void say_left(bool left)
{
	if (left)
		printf("The database's log still holds it until others who read it have ended and "
		       "keepname purge has run once more.\n");
}

static int erase(const struct cli *cli, struct store *store, const struct purge *what,
		 const struct wish *w)
{
	struct purged p;
	char actor[64];
	int status;

	if (purge_apply(store, what, PURGE_LOOK, cli_actor(actor), cli->now, &p) != STORE_OK)
		return cli_trouble("purge", "%s", store_error(store));
	if (is_nothing(&p)) {
		printf("The database holds nothing like that.\n");
		return CLI_NO;
	}
	say(&p, "would be");
	status = w->dry_run ? CLI_NO : cli_confirm("purge", "Erase that?", w->yes);
	if (status != CLI_DONE)
		return w->dry_run ? CLI_DONE : status;
	if (purge_apply(store, what, PURGE_UNDO, actor, cli->now, &p) != STORE_OK)
		return cli_trouble("purge", "%s; nothing was erased", store_error(store));
	say(&p, "are");
	say_left(p.log_left);
	printf(
	    "For %d days keepname undo brings it back; keepname undo --forget ends that. Backups "
	    "hold it until they are rotated away.\n",
	    LIMIT_UNDO_DAYS);
	return CLI_DONE;
}

/* -- what waits in the spool ----------------------------------------------------------------- */

/* What of this recipient waits there goes into the database, to be erased with all the rest. Where
 * a daemon is at work it stays, and that is said: CLI_NO. */
static int take_waiting(const struct cli *cli, struct store *store, const char *recipient,
			bool dry_run)
{
	size_t count = 0;
	int error = waiting_count(cli->config->spool, recipient, &count);

	if (error == 0 && count > 0 && !dry_run)
		error = waiting_take(cli->config->spool, store);
	if (error != 0 && error != EWOULDBLOCK)
		return cli_trouble(
		    "purge", "%s: what waits there cannot be %s (%s); nothing was erased",
		    cli->config->spool, count > 0 ? "stored" : "read", strerror(error));
	if (count == 0 || (error == 0 && !dry_run))
		return CLI_DONE;
	printf("%zu mails to %s wait in the spool.\n", count, recipient);
	if (!dry_run)
		printf(
		    "keepname-milter has it, and empties it as soon as it can write to the "
		    "database, mostly within seconds: then purge again, or stop it and purge.\n");
	return CLI_NO;
}

/* -- the command ---------------------------------------------------------------------------- */

/* The pendings of the filter; with --recipient alone all that there is of it, mail of no pending
 * too. */
static int erase_wish(const struct cli *cli, struct store *store, struct wish *w)
{
	struct purge what = {.before = w->before};
	struct chosen chosen = {0};
	int status = CLI_DONE, waits = CLI_DONE;

	if (w->filter.is.states == 0)
		w->filter.is.states = PENDING_ALL;
	if (w->filter.given == 1u << (FILTER_RECIPIENT - FILTER_DUE)) {
		what.recipient = w->filter.is.recipient;
		waits = take_waiting(cli, store, what.recipient, w->dry_run);
		status = waits == CLI_TROUBLE ? CLI_TROUBLE : CLI_DONE;
	} else if (w->filter.given != 0)
		status = chosen_find(cli, "purge", store, &w->filter, !w->yes, &chosen);
	what.id = chosen.id;
	what.count = chosen.count;
	if (status == CLI_DONE)
		status = erase(cli, store, &what, w);
	chosen_free(&chosen);
	if (status == CLI_TROUBLE || waits == CLI_DONE)
		return status;
	return w->dry_run ? CLI_DONE : CLI_NO;
}

/* The timed job. It says nothing where nothing was to be done. */
static int retire(const struct cli *cli, struct store *store, bool dry_run)
{
	const struct purge what = {.before = cli->now - (int64_t)cli->config->retention * DAY};
	struct purged p = {0};

	if (!dry_run && undo_age(store, cli->now) != STORE_OK)
		return cli_trouble("purge", "%s", store_error(store));
	if (cli->config->retention > 0 &&
	    purge_apply(store, &what, dry_run ? PURGE_LOOK : PURGE_RETIRE, "clock", cli->now, &p) !=
		STORE_OK)
		return cli_trouble("purge", "%s", store_error(store));
	if (!dry_run && purge_sweep(store, &p.log_left) != STORE_OK)
		return cli_trouble("purge", "what was erased is not overwritten yet: %s",
				   store_error(store));
	if (!is_nothing(&p)) {
		say(&p, dry_run ? "would be" : "are");
		say_left(p.log_left);
	}
	return CLI_DONE;
}

static int retire_timed(const struct cli *cli, struct store *store)
{
	int status = runs_begin(store, RUN_PURGE, cli->now) == STORE_OK
			 ? retire(cli, store, false)
			 : cli_trouble("purge", "%s", store_error(store));

	if (runs_note(store, RUN_PURGE, status == CLI_DONE, "", cli->now) != STORE_OK)
		status = cli_trouble("purge", "%s", store_error(store));
	return status;
}

int purge_run(struct cli *cli, int argc, char **argv)
{
	struct wish wish = {.filter.is.now = cli->now};
	struct store *store;
	int status = read_options(cli, argc, argv, &wish);

	if (status == CLI_DONE && optind != argc)
		status = cli_usage("purge");
	if (status != CLI_DONE)
		return status;
	store = cli_store(cli, "purge", STORE_WRITE);
	if (store == NULL)
		return CLI_TROUBLE;
	if (wish.filter.given == 0 && wish.before == 0)
		status = wish.dry_run ? retire(cli, store, true) : retire_timed(cli, store);
	else
		status = erase_wish(cli, store, &wish);
	store_close(store);
	return status;
}

/* -- undo ----------------------------------------------------------------------------------- */

static void show_undo(void *context, const struct undo *u)
{
	char when[CLI_TIME_TEXT];
	struct str actor = {0};

	*(bool *)context = true;
	printf("%s: %s by %s\n", cli_time(u->at, when), u->command,
	       str_text(cli_plain(u->actor, LIMIT_ADDRESS, &actor)));
	str_free(&actor);
}

static int take_back(const struct cli *cli, struct store *store)
{
	int64_t back, kept;
	char actor[64];

	if (undo_last(store, cli_actor(actor), cli->now, &back, &kept) != STORE_OK)
		return cli_trouble("undo", "%s; nothing was changed", store_error(store));
	printf("%lld taken back.\n", (long long)back);
	if (kept > 0)
		printf("%lld have changed since and stay as they are.\n", (long long)kept);
	return domains_reckon(cli, store);
}

static int forget(struct store *store)
{
	bool left = false;

	if (undo_forget(store) != STORE_OK)
		return cli_trouble("undo", "%s", store_error(store));
	printf("It cannot be taken back any more.\n");
	if (purge_sweep(store, &left) != STORE_OK)
		return cli_trouble("undo",
				   "what was erased is not overwritten yet, keepname purge does so "
				   "later: %s",
				   store_error(store));
	say_left(left);
	return CLI_DONE;
}

int undo_run(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
	    {"forget", no_argument, NULL, 'f'},
	    {"dry-run", no_argument, NULL, 'n'},
	    {NULL, 0, NULL, 0},
	};
	bool dry_run = false, to_forget = false, there = false;
	struct store *store;
	int c, status = CLI_DONE;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'f': to_forget = true; break;
		case 'n': dry_run = true; break;
		default: return cli_usage("undo");
		}
	}
	if (optind != argc)
		return cli_usage("undo");
	store = cli_store(cli, "undo", dry_run ? STORE_READ : STORE_WRITE);
	if (store == NULL)
		return CLI_TROUBLE;
	if (undo_each(store, show_undo, &there) != STORE_OK)
		status = cli_trouble("undo", "%s", store_error(store));
	else if (!there) {
		printf("There is nothing to take back.\n");
		status = CLI_NO;
	} else if (!dry_run)
		status = to_forget ? forget(store) : take_back(cli, store);
	store_close(store);
	return status;
}
