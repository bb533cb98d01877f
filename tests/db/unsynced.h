/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * unsynced.h - what a power cut may take: every write and truncation since a file's last sync. A
 * disk may have carried out any of them, in any order; what was synced is there.
 *
 * For faultvfs.c, under its lock. A file is known by its name.
 */
#ifndef TESTS_DB_UNSYNCED_H
#define TESTS_DB_UNSYNCED_H

#include <sqlite3.h>

/* Before the operation: what stood there, and what will. from NULL: a truncation to `at`. */
void unsynced_note(const char *name, sqlite3_file *real, const void *from, int n, sqlite3_int64 at);
void unsynced_clear(const char *name); /* it was synced */
void unsynced_forget(void);            /* of all files */
/* The files are closed: each loses what was not synced. seed 0: all of it; else each operation is
 * lost or kept by chance. Forgets all. */
void unsynced_lose(unsigned seed);

#endif
