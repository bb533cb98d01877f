/* SPDX-License-Identifier: BSD-2-Clause */
/* done.c - keepname done and keepname reopen: all the given pendings, or none. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/pending.h"

/* The ids behind the options; NULL after a message. */
static int64_t *read_ids(const char *command, int argc, char **argv)
{
	int64_t *id = calloc((size_t)argc, sizeof(*id));
	uint64_t value;

	if (id == NULL) {
		cli_trouble(command, "memory is short");
		return NULL;
	}
	for (int i = optind; i < argc; i++) {
		if (!str_to_u64(slice_of(argv[i]), INT64_MAX, &value) || value == 0) {
			cli_trouble(command, "\"%s\": the number of a pending is expected",
				    argv[i]);
			free(id);
			return NULL;
		}
		id[i - optind] = (int64_t)value;
	}
	return id;
}

static int set_state(struct cli *cli, int argc, char **argv, enum pending_state state)
{
	static const struct option options[] = {
	    {"reason", required_argument, NULL, 'r'},
	    {NULL, 0, NULL, 0},
	};
	const char *command = argv[0], *reason = "";
	char actor[64];
	struct store *store;
	int64_t *id, missing = 0;
	enum store_status result;
	int c, status = CLI_DONE;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c != 'r')
			return cli_usage(command);
		reason = optarg;
	}
	if (optind == argc)
		return cli_usage(command);
	id = read_ids(command, argc, argv);
	if (id == NULL)
		return CLI_TROUBLE;
	store = cli_store(cli, command, STORE_WRITE);
	if (store == NULL) {
		free(id);
		return CLI_TROUBLE;
	}
	result = pendings_set(store, id, (size_t)(argc - optind), state, cli_actor(actor), reason,
			      cli->now, &missing);
	if (result == STORE_NOT_FOUND) {
		cli_trouble(command, "there is no pending %" PRId64 "; nothing was changed",
			    missing);
		status = CLI_NO;
	} else if (result != STORE_OK) {
		status = cli_trouble(command, "%s", store_error(store));
	}
	store_close(store);
	free(id);
	return status;
}

int done_run(struct cli *cli, int argc, char **argv)
{
	return set_state(cli, argc, argv, PENDING_STATE_DONE);
}

int reopen_run(struct cli *cli, int argc, char **argv)
{
	return set_state(cli, argc, argv, PENDING_STATE_OPEN);
}
