/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * program.h - starting keepname's own programs out of libexec_dir, with descriptors at fixed
 * numbers.
 *
 * The folder and the program must belong to root or to the effective user, and must not be
 * writable for group or others (a group-writable helper would be a way into the daemon).
 * The new process gets /dev/null as 0 and 1, our standard error, the given descriptors from 3
 * upwards, and nothing else; signals at their defaults and unblocked; the environment reduced to
 * PATH, TZ and sanitizer options.
 *
 * Descriptors by number: listener 3 milter socket, 4 zygote, 5 resolver, 6 control (control.h).
 * judge: 3 message sockets, 4 control. resolver: 3 questions, 4 control. inquirer: 3 inquiries.
 * Started by keepname, the judge has a pipe in place of 4, for the one word when it is sealed, and
 * the resolver nothing.
 */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum {
	PROGRAM_FD_FIRST = 3,
	PROGRAM_FD_MOST = 4, /* descriptors that a program can be given */

	LISTENER_FD_MILTER = 3,
	LISTENER_FD_ZYGOTE = 4,
	LISTENER_FD_RESOLVER = 5,
	LISTENER_FD_CONTROL = 6,
	JUDGE_FD_MESSAGES = 3,
	JUDGE_FD_CONTROL = 4,
	RESOLVER_FD_QUESTIONS = 3,
	RESOLVER_FD_CONTROL = 4,
	INQUIRER_FD_INQUIRIES = 3,
};

/* Whether the folder and dir/name may be trusted and run; if not, writes what is wrong with them
 * into why[size]. */
bool program_trusted(const char *dir, const char *name, char *why, size_t size);

/* Starts dir/name with argv (argv[0] is set to name by the caller) and fds[0..count) as 3, 4, ….
 * Returns the pid; -1 with errno when the process could not be made. An exec that fails shows as
 * exit status 127. The caller keeps its own copies of fds. */
pid_t program_start(const char *dir, const char *name, char *const argv[], const int *fds,
		    size_t count);

/* A SOCK_SEQPACKET or SOCK_STREAM pair, close-on-exec. 0, or -1 with errno. */
int program_pair(int type, int ret_pair[2]);

#endif
