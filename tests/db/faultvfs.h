/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * faultvfs.h - SQLite's files with faults: the Nth write, sync or truncation fails, or is where the
 * power goes, or syncs wait until they are let go. Becomes the default VFS of the process; ours is
 * told nothing of it.
 */
#ifndef TESTS_DB_FAULTVFS_H
#define TESTS_DB_FAULTVFS_H

#include <stdbool.h>

void faultvfs_install(void);

/* The nth operation from now (from 1), and every later one, fails with this result code. */
void faultvfs_fail(int nth, int code);
/* The same for a result code by which the process ends there, as by kill -9: half of what it writes
 * is in the file. */
#define FAULTVFS_DIE (-1)
/* The power goes at the nth operation: it and every later one fails, nothing is deleted any more.
 * After the files are closed, and faultvfs_clear, unsynced_lose (unsynced.h) takes what was not
 * synced. Shared memory is lost by whoever deletes the -shm file. */
void faultvfs_cut_power(int nth);
/* No more faults. Returns how many operations there were since faultvfs_fail. */
int faultvfs_clear(void);

/* From now on whoever syncs waits. */
void faultvfs_hold(void);
void faultvfs_await_held(void); /* until somebody does */
void faultvfs_let_go(void);
int faultvfs_syncs(void); /* done since faultvfs_hold */

#endif
