/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * waiting.h - what waits in the spool, for the commands of people: how much of it is of a
 * recipient, and into the database with it where no daemon is there to do so.
 */
#ifndef DB_WAITING_H
#define DB_WAITING_H

#include "db/store.h"

/* How many records are for this address, in any case. 0, or an errno value; no spool holds none. */
int waiting_count(const char *folder, const char *recipient, size_t *ret_count);
/* All that waits goes into the database, and the spool is empty. Makes no spool. 0, or an errno
 * value: EWOULDBLOCK a daemon has it, and does that itself; EIO it was not taken, or not all. */
int waiting_take(const char *folder, struct store *s);

#endif
