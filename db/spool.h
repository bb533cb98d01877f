/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spool.h - where records go when the database cannot take them: one preallocated file.
 *
 * The file (LIMIT_SPOOL_BYTES, mode 0600) is allocated when the daemon starts, so that a full disk
 * later does not matter; a record is appended with length and CRC and fdatasync'ed before
 * spool_put returns. Replay gives every whole record once, in order, overwrites it with zeros, and
 * then empties the file; a torn record at the end (a crash while writing, never acknowledged) is
 * passed over.
 * One process at a time: the file is locked. Threads need a lock around every call.
 */
#ifndef DB_SPOOL_H
#define DB_SPOOL_H

#include "db/record.h"

struct spool;

/* Opens or makes folder/records.spool, and the folder (mode 0700) if that alone is missing. 0, or
 * an errno value: EWOULDBLOCK another daemon has it, EBADMSG it is no spool of ours or damaged. */
int spool_open(const char *folder, struct spool **ret_spool);
void spool_close(struct spool *s);
/* 0 when durable; ENOSPC when the file is full, for a record of a
 * stranger's mail when half of it is; EMSGSIZE past LIMIT_RECORD_BYTES; else an errno
 * value. */
int spool_put(struct spool *s, const struct record *r);
size_t spool_count(const struct spool *s); /* records waiting */
/* Hands each record to take() for the time of the call; take() says whether it is safe elsewhere,
 * and the first "no" ends the replay. Those taken are not given again, even after a crash (at worst
 * one is given twice: store_record is idempotent). A record that is whole but of a later format is
 * passed over. take() may let in other threads that only put or count. Returns how many were taken;
 * *ret_unreadable how many were passed over. */
size_t spool_replay(struct spool *s, bool (*take)(void *context, struct record *r), void *context,
		    size_t *ret_unreadable);
/* Hands what waits to take() until it says "no", without the lock and without changing anything, so
 * also while a daemon is at work: what it has taken away meanwhile it has put into the database.
 * 0, or an errno value: ENOENT there is no spool, EBADMSG it is none of ours or damaged. */
int spool_look(const char *folder, bool (*take)(void *context, struct record *r), void *context);

#endif
