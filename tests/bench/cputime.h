/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cputime.h - the CPU that a process and all its descendants have used.
 *
 * Living processes are read to the nanosecond (their CPU clock: all threads, ended ones included).
 * What their ended children used comes from cutime and cstime in /proc/PID/stat, to the clock tick
 * (10 ms), so take differences over a second of CPU or more. A child whose parent ignores SIGCHLD
 * or does not wait for it is counted only while it lives.
 */
#ifndef TESTS_BENCH_CPUTIME_H
#define TESTS_BENCH_CPUTIME_H

#include <stdint.h>
#include <sys/types.h>

/* Nanoseconds, user and system together. 0, or a negative errno (-ESRCH: no such process). */
int cputime_tree(pid_t root, uint64_t *ret_ns);

#endif
