/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * seal.h - giving up every right that judging does not need (seccomp, rlimits, capabilities, no new
 * privileges).
 *
 * Sealed, a process can open no file, make no socket, start no program and signal nobody but by
 * SIGKILL (zygote: its children) or nobody at all (child). Forbidden calls fail with EPERM; those
 * that no library makes by mistake (execve, ptrace, ...) end the process.
 */
#ifndef JUDGE_SEAL_H
#define JUDGE_SEAL_H

#include <stdbool.h>

/* Both are for good, also for all that is forked later. False, with errno: not sealed, do not go
 * on. The caller has one thread. */

/* No files, sockets, programs, capabilities; may still fork, wait, kill, and receive descriptors.
 * Memory, of children too: LIMIT_JUDGE_MEMORY more than now. */
bool seal_zygote(void);
/* In a child of a sealed zygote, which has no descriptor but 0: further no fork, no signals, no
 * descriptors in or out, LIMIT_JUDGE_CPU. */
bool seal_child(void);

#endif
