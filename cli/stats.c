/* SPDX-License-Identifier: BSD-2-Clause */
/* stats.c - keepname stats: the counters of the database. */
#include "cli/stats.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>

#include "cli/whole.h"

static void print_counter(void *context, const char *name, int64_t value)
{
	json_t *object = context;

	if (object != NULL)
		json_object_set_new(object, name, json_integer(value));
	else
		printf("%-32s %" PRId64 "\n", name, value);
}

int stats_write(const struct cli *cli, struct store *store, const char *command, const char *file)
{
	struct str text = {0};
	int status;

	if (!stats_metrics(cli, store, &text))
		status = cli_trouble(command, "%s", store_error(store));
	else
		status = whole_write(command, file, &text);
	str_free(&text);
	return status;
}

static int print_counters(const struct cli *cli, struct store *store)
{
	json_t *object = cli->json ? json_object() : NULL;

	if (store_each_counter(store, print_counter, object) != STORE_OK) {
		json_decref(object);
		return cli_trouble("stats", "%s", store_error(store));
	}
	return object != NULL ? cli_print_json(object) : CLI_DONE;
}

int stats_run(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
	    {"prometheus", no_argument, NULL, 'p'},
	    {NULL, 0, NULL, 0},
	};
	bool metrics = false;
	struct store *store;
	int c, status;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c != 'p')
			return cli_usage("stats");
		metrics = true;
	}
	if (argc - optind > metrics || (metrics && cli->json))
		return cli_usage("stats");
	store = cli_store(cli, "stats", STORE_READ);
	if (store == NULL)
		return CLI_TROUBLE;
	if (metrics)
		status = stats_write(cli, store, "stats", optind < argc ? argv[optind] : "-");
	else
		status = print_counters(cli, store);
	store_close(store);
	return status;
}
