/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * digest_lock.h - one run of the timed digest at a time: an empty file beside the database.
 *
 * It is opened as the database's owner, whoever runs this. So one run by root leaves nothing that
 * the timer's user cannot open, and root neither follows nor changes what others have put there.
 */
#ifndef CLI_DIGEST_LOCK_H
#define CLI_DIGEST_LOCK_H

#include "cli/command.h"

/* Held until the process ends. False: another run has it and does the work (CLI_DONE), or it cannot
 * be had (CLI_TROUBLE after a message). */
bool digest_lock(const struct cli *cli, int *ret_status);

#endif
