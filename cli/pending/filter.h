/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * filter.h - which pendings a command is about: options that are the same for pending, done,
 * reopen, snooze and purge, or the numbers of pendings.
 */
#ifndef CLI_PENDING_FILTER_H
#define CLI_PENDING_FILTER_H

#include <getopt.h>

#include "cli/command.h"
#include "db/pendings.h"

struct filter {
	struct pending_filter is;
	uint32_t given; /* bits of the options, counted from FILTER_DUE */
	char domain[LIMIT_DOMAIN + 1];
};

/* For a table of struct option: values that are no characters. */
enum {
	FILTER_DUE = 256,
	FILTER_STATE,
	FILTER_DOMAIN,
	FILTER_RECIPIENT,
	FILTER_REGISTRAR,
	FILTER_CLASS,
	FILTER_OURS,
	FILTER_ALL,
};
#define FILTER_OPTIONS                                                \
	{"due", required_argument, NULL, FILTER_DUE},                 \
	    {"state", required_argument, NULL, FILTER_STATE},         \
	    {"domain", required_argument, NULL, FILTER_DOMAIN},       \
	    {"recipient", required_argument, NULL, FILTER_RECIPIENT}, \
	    {"registrar", required_argument, NULL, FILTER_REGISTRAR}, \
	    {"class", required_argument, NULL, FILTER_CLASS},         \
	    {"ours", required_argument, NULL, FILTER_OURS},           \
	{                                                             \
		"all", no_argument, NULL, FILTER_ALL                  \
	}

/* Takes option c with optarg: CLI_DONE, or CLI_TROUBLE after a message or the usage line. */
int filter_take(struct filter *f, const struct cli *cli, const char *command, int c);

/* The pendings of a command: those that the filter finds, or that the arguments behind the options
 * name. */
struct chosen {
	int64_t *id;
	size_t count, size;
	bool failed; /* memory was short */
};
/* From argv[optind…]; each must be a number. CLI_DONE or CLI_TROUBLE after a message. */
int chosen_read(const char *command, int argc, char **argv, struct chosen *ret_chosen);
/* Each with a line on standard output, as keepname pending prints it, where `show` is set. */
int chosen_find(const struct cli *cli, const char *command, struct store *store,
		const struct filter *f, bool show, struct chosen *ret_chosen);
void chosen_free(struct chosen *c);

#endif
