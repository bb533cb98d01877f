/* SPDX-License-Identifier: BSD-2-Clause */
/* pending.c - keepname pending: the matters somebody must act on, most urgent first. */
#include "cli/pending/pending.h"

#include <stdio.h>

#include "cli/pending/filter.h"

/* CLI_DONE to go on. */
static int read_options(const struct cli *cli, int argc, char **argv, struct filter *filter)
{
	static const struct option options[] = {FILTER_OPTIONS, {NULL, 0, NULL, 0}};
	int c, status = CLI_DONE;

	while (status == CLI_DONE && (c = getopt_long(argc, argv, "", options, NULL)) != -1)
		status = filter_take(filter, cli, "pending", c);
	if (status == CLI_DONE && optind != argc)
		status = cli_usage("pending");
	return status;
}

int pending_run(struct cli *cli, int argc, char **argv)
{
	struct filter filter = {.is.now = cli->now};
	struct pending_printer to = {.cli = cli};
	struct store *store;
	int status = read_options(cli, argc, argv, &filter);

	if (status != CLI_DONE)
		return status;
	store = cli_store(cli, "pending", STORE_READ);
	if (store == NULL)
		return CLI_TROUBLE;
	if (cli->json)
		to.array = json_array();
	if (pendings_each(store, &filter.is, pending_print, &to) != STORE_OK)
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
