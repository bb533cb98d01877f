/* SPDX-License-Identifier: BSD-2-Clause */
/* senders.h - the parts of keepname senders. */
#ifndef CLI_SENDERS_H
#define CLI_SENDERS_H

#include "cli/command.h"
#include "rules/core/list.h"

/* The list in use, finished: the database's, or the shipped files where there is no database yet.
 * NULL after a message. */
struct list *senders_in_use(const struct cli *cli);

int senders_add_run(struct cli *cli, int argc, char **argv);
int senders_test_run(struct cli *cli, int argc, char **argv);

#endif
