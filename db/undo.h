/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * undo.h - the last change by a person, kept so that it can be taken back.
 *
 * What a change is about to alter or delete is copied beside it within the same transaction, so
 * that a process that is killed has done both or neither. There is one such copy, of the last
 * change; it goes with the next one, with undo_forget(), and after LIMIT_UNDO_DAYS.
 *
 * What has happened since is not undone with it: a pending that has changed again is left as it is,
 * and mail that has joined one stays counted.
 */
#ifndef DB_UNDO_H
#define DB_UNDO_H

#include "db/store.h"

struct undo {
	int64_t at;
	const char *actor;
	const char *command; /* done, snooze, purge, … */
	int64_t changes;     /* rows that it can bring back */
};

/* The last change, if there is one to take back. The strings live until each returns. */
enum store_status undo_each(struct store *s, void (*each)(void *context, const struct undo *u),
			    void *context);
/* Takes it back. STORE_NOT_FOUND: there is none. ret_kept: pendings and domains that have changed
 * since and stay as they are. */
enum store_status undo_last(struct store *s, const char *actor, int64_t now, int64_t *ret_back,
			    int64_t *ret_kept);
/* Drops the copy. */
enum store_status undo_forget(struct store *s);
/* The same, if it is LIMIT_UNDO_DAYS old. */
enum store_status undo_age(struct store *s, int64_t now);

/* -- within the transaction of a change; SQLite result codes --------------------------------- */

/* A change begins: what was kept of the one before goes. */
int undo_begin(struct store *s, const char *command, const char *actor, int64_t now);
/* A pending that is about to be changed. */
int undo_keep(struct store *s, int64_t pending);
/* All that is to be changed has been. ret_any: it has changed something; else the caller rolls
 * back, and the change before it can still be taken back. */
int undo_done(struct store *s, bool *ret_any);

#endif
