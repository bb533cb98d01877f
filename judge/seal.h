/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * seal.h - giving up every right that judging does not need (seccomp, rlimits, no new privileges).
 *
 * Sealed, a process can open no file, make no socket, start no program and signal nobody but its
 * children (zygote) or nobody at all (child). Forbidden calls fail with EPERM; the few that must
 * never be made (execve, ptrace, …) end the process.
 */
#ifndef JUDGE_SEAL_H
#define JUDGE_SEAL_H

#include <stdbool.h>

bool seal_zygote(void); /* no files, sockets, exec; may still fork, wait, and kill its children */
bool seal_child(void);  /* further: no fork, no signals, no descriptor passing; memory and CPU limits */

#endif
