/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sealing.h - giving up rights for good, for processes that read hostile octets: what every seal
 * has, given its list of system calls.
 */
#ifndef BASE_SEALING_H
#define BASE_SEALING_H

#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sealing {
	const int *allowed; /* system calls */
	size_t allowed_count;
	/* Allowed with one argument only; several of one call are alternatives. */
	const struct sealing_narrow {
		int call;
		struct scmp_arg_cmp argument;
	} * narrow;
	size_t narrow_count;
	const int *deadly; /* end the process; all that is not named fails with EPERM */
	size_t deadly_count;
	uint64_t memory; /* octets of address space, more than now */
};

/* Soft and hard (setrlimit). */
bool sealing_limit(int resource, uint64_t most);
/* Not dumpable, no new privileges, no capabilities, no core, the memory, the filter. False, with
 * errno: not sealed, do not go on. The caller has one thread. */
bool sealing_apply(const struct sealing *s);

#endif
