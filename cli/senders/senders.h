/* SPDX-License-Identifier: BSD-2-Clause */
/* senders.h - the parts of keepname senders. */
#ifndef CLI_SENDERS_H
#define CLI_SENDERS_H

#include "cli/command.h"
#include "rules/core/list.h"

/* The list in use, finished: the database's, or the shipped files where there is no database yet.
 * NULL after a message. */
struct list *senders_in_use(const struct cli *cli);

/* Stanzas of new entries, said to be of `file`, beside those in use: NULL, after all that parser
 * and linter find wrong with them. */
struct list *senders_read_new(const struct cli *cli, const struct str *text, const char *file);

int senders_add_run(struct cli *cli, int argc, char **argv);
int senders_test_run(struct cli *cli, int argc, char **argv);
int senders_suggestions_run(struct cli *cli, int argc, char **argv);
int senders_accept_run(struct cli *cli, int argc, char **argv);
int senders_reject_run(struct cli *cli, int argc, char **argv);
int senders_update_run(struct cli *cli, int argc, char **argv);

#endif
