/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * purge.h - what is known of customers, erased: mails, pendings, alarms and what suggestions
 * remember of recipients. Events stay, with time, actor and kind, without names.
 *
 * Erased means overwritten. SQLite's secure_delete does most of it, but where pages are balanced it
 * can leave copies of rows in their gaps (measured: of one recipient in 41), so purge_sweep writes
 * the whole database anew once nothing is kept for undo any more; and the write-ahead log is
 * emptied. What undo.h keeps goes with the next change, when it is told to forget, and by itself
 * after LIMIT_UNDO_DAYS. What waits in the spool is not seen here (waiting.h).
 */
#ifndef DB_PURGE_H
#define DB_PURGE_H

#include "db/store.h"

struct purge {
	const int64_t *id; /* these pendings, and the mails that are of them alone */
	size_t count;
	int64_t before;        /* 0, or all that was over by then: settled pendings without mail or
				  event since, ended alarms, mails of no unsettled pending */
	const char *recipient; /* NULL, or all of this address, in any case */
};

struct purged {
	int64_t pendings, unsettled; /* those among them that somebody should still act on */
	int64_t messages, alarms, facts;
	bool log_left; /* somebody else reads: the write-ahead log still holds it until he ends */
};

enum purge_mode {
	PURGE_LOOK,   /* says what would go; nothing changes */
	PURGE_UNDO,   /* a person's command: undo_last brings it back */
	PURGE_RETIRE, /* the timed job: for good */
};

enum store_status purge_apply(struct store *s, const struct purge *what, enum purge_mode mode,
			      const char *actor, int64_t now, struct purged *ret_purged);
/* Overwrites what erasing has left in the files, if there can be something and undo keeps nothing
 * of it. ret_left: others read, so the write-ahead log still holds it; the next sweep ends that. */
enum store_status purge_sweep(struct store *s, bool *ret_left);

#endif
