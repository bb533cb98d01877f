/* SPDX-License-Identifier: BSD-2-Clause */
/* stats.h - between the files of keepname stats. */
#ifndef CLI_STATS_H
#define CLI_STATS_H

#include "cli/command.h"

/* In Prometheus' text format, into to. False: the database cannot be read. */
bool stats_metrics(const struct cli *cli, struct store *store, struct str *to);
/* Into a file, whole. CLI_DONE, or CLI_TROUBLE after a message of `command`. */
int stats_write(const struct cli *cli, struct store *store, const char *command, const char *file);

#endif
