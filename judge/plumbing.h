/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * plumbing.h - a resolver and a zygote of one's own, for programs that have no supervisor
 * (`keepname check`, tests): the same two programs, started the same way.
 */
#ifndef JUDGE_PLUMBING_H
#define JUDGE_PLUMBING_H

#include <sys/types.h>

#include "base/config.h"

struct plumbing {
	pid_t resolver, zygote;     /* 0: ended and waited for */
	int resolver_fd, zygote_fd; /* our ends; whoever takes one over sets -1 here */
};

/* argv of the two programs as a supervisor starts them; NULL-terminated. Free the array only, and
 * before the configuration, whose texts it holds. NULL when memory is short. */
char **plumbing_resolver_argv(const struct config *config);
char **plumbing_judge_argv(const struct config *config);

/* Starts both and waits until the zygote has sealed itself. False with a message in why[], and
 * nothing is left running. Faulty rules: the zygote has said where on standard error. */
bool plumbing_start(const struct config *config, struct plumbing *ret_plumbing,
		    char why[static 256]);
/* Closes what is still open of ours (fds set to -1 are left alone), ends both, waits for them. */
void plumbing_stop(struct plumbing *p);

#endif
