/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * supervisor.h - the process that owns the socket, the signals and the other three processes, and
 * parses nothing but the configuration.
 *
 * The pairs between listener, resolver and zygote are made once and both ends are kept for the
 * supervisor's whole life: a process that is started again goes on with the socket of its
 * predecessor, and nobody else has to be told.
 */
#ifndef MILTER_SUPERVISOR_H
#define MILTER_SUPERVISOR_H

#include <stdbool.h>

#include "base/config.h"

struct supervisor_start {
	const char *config_path;
	struct config *config; /* taken over */
	int milter_fd;
	bool foreground; /* else standard error is left to whoever started us once it serves */
	int started_fd;  /* gets one octet, 0 when the listener serves or the exit status; -1: none
			  */
};

/* Runs until SIGTERM or SIGINT, or until the start has failed, which has been logged; returns the
 * exit status. Privileges are dropped already. */
int supervisor_run(const struct supervisor_start *start);

/* Whether all our programs in libexec_dir may be run; if not, why[size] says what is wrong. */
bool supervisor_trusts(const struct config *config, char *why, size_t size);

/* Runs `keepname-listener -n`: 0 when configuration, lists and database are good, else its exit
 * status; what is wrong has been printed or logged by it. */
int supervisor_check(const struct config *config);

#endif
