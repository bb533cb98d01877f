/* SPDX-License-Identifier: BSD-2-Clause */
/* stats.c - keepname stats: the counters of the database. */
#include <inttypes.h>
#include <stdio.h>

#include "cli/command.h"

static void print_counter(void *context, const char *name, int64_t value)
{
	json_t *object = context;

	if (object != NULL)
		json_object_set_new(object, name, json_integer(value));
	else
		printf("%-32s %" PRId64 "\n", name, value);
}

int stats_run(struct cli *cli, int argc, char **argv)
{
	json_t *object = cli->json ? json_object() : NULL;
	struct store *store;
	int status = CLI_DONE;

	(void)argv;
	if (argc != 1) {
		json_decref(object);
		return cli_usage("stats");
	}
	store = cli_store(cli, "stats", STORE_READ);
	if (store == NULL) {
		json_decref(object);
		return CLI_TROUBLE;
	}
	if (store_each_counter(store, print_counter, object) != STORE_OK)
		status = cli_trouble("stats", "%s", store_error(store));
	store_close(store);
	if (object != NULL) {
		const int printed = cli_print_json(object);

		return status == CLI_DONE ? printed : status;
	}
	return status;
}
