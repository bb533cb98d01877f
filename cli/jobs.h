/* SPDX-License-Identifier: BSD-2-Clause */
/* jobs.h - what digest, report and doctor say about a timed job (db/runs.h), in the same words. */
#ifndef CLI_JOBS_H
#define CLI_JOBS_H

#include "cli/command.h"
#include "db/runs.h"

enum run_state jobs_state(const struct cli *cli, const struct run *r);
/* "began 2026-11-27 03:10 CET and never ended; last well ..." */
void jobs_say(const struct run *r, enum run_state state, struct str *to);

#endif
