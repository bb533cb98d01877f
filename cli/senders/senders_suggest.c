/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * senders_suggest.c - keepname senders suggestions and reject: what the site could take up, and
 * what it never wants to be asked about again.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/senders/senders.h"
#include "cli/senders/suggested.h"

/* -- suggestions ---------------------------------------------------------------------------- */

static int print_all(const struct cli *cli, const struct suggested_ground *ground,
		     const struct suggested_set *set)
{
	json_t *array = cli->json ? json_array() : NULL;
	struct str text = {0};

	for (size_t i = 0; i < set->count; i++) {
		if (array != NULL) {
			json_array_append_new(array, suggested_json(ground, &set->list[i]));
			continue;
		}
		suggested_print(ground, &set->list[i], cli->now, &text);
		str_puts(&text, i + 1 < set->count ? "\n" : "");
	}
	if (array != NULL)
		return cli_print_json(array);
	fputs(set->count > 0 ? str_text(&text) : "There is nothing to decide about.\n", stdout);
	str_free(&text);
	return CLI_DONE;
}

int senders_suggestions_run(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {{"all", no_argument, NULL, 'a'},
						{NULL, 0, NULL, 0}};
	struct suggestion_filter filter = {.now = cli->now};
	struct suggested_set set = {0};
	struct suggested_ground ground;
	struct store *store;
	int status = CLI_TROUBLE, c;

	optind = 0;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c != 'a')
			return cli_usage("senders");
		filter.states = (1u << SUGGESTION_STATE_COUNT) - 1;
	}
	if (optind != argc)
		return cli_usage("senders");
	store = cli_store(cli, "senders", STORE_READ);
	if (store == NULL)
		return CLI_TROUBLE;
	if (suggested_ground_open(cli, &ground) && suggested_load(store, &filter, &set))
		status = print_all(cli, &ground, &set);
	suggested_free(&set);
	suggested_ground_close(&ground);
	store_close(store);
	return status;
}

/* -- reject --------------------------------------------------------------------------------- */

static int reject(struct cli *cli, struct store *store, const struct suggested *g)
{
	char actor[64];
	struct str what = {0};

	cli_plain(suggested_is_link(g) ? g->is.link : g->is.address, LIMIT_ADDRESS, &what);
	if (suggestions_set(store, g->is.id, SUGGESTION_REJECTED, cli_actor(actor), cli->now) !=
	    STORE_OK) {
		str_free(&what);
		return cli_trouble("senders", "%s", store_error(store));
	}
	printf("rejected #%lld %s\n", (long long)g->is.id, str_text(&what));
	str_free(&what);
	return CLI_DONE;
}

int senders_reject_run(struct cli *cli, int argc, char **argv)
{
	struct suggested_set set = {0};
	struct store *store;
	size_t rejected = 0;
	int status;

	if (argc != 2)
		return cli_usage("senders");
	store = cli_store(cli, "senders", STORE_WRITE);
	if (store == NULL)
		return CLI_TROUBLE;
	if (suggested_find(store, argv[1], &set, &status)) {
		status = CLI_DONE;
		for (size_t i = 0; i < set.count && status == CLI_DONE; i++)
			if (set.list[i].is.state == SUGGESTION_OPEN) {
				status = reject(cli, store, &set.list[i]);
				rejected++;
			}
		if (rejected == 0 && status == CLI_DONE) {
			cli_trouble("senders",
				    "#%lld is %s already (what was accepted goes by "
				    "keepname senders remove)",
				    (long long)set.list[0].is.id,
				    suggestion_state_name(set.list[0].is.state));
			status = CLI_NO;
		}
	}
	suggested_free(&set);
	store_close(store);
	return status;
}
