/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * releases.h - which release of the shipped list is in use, and the one before it.
 *
 * A list comes with the program, by a package of it, or by keepname senders update; all are of one
 * row of numbers (list_release()). The number that is highest of all that ever were in use is kept,
 * and nothing below it is taken any more, whichever way it comes: a package that is older than the
 * list in use leaves it alone, and what --undo took back does not come again by itself.
 */
#ifndef DB_RELEASES_H
#define DB_RELEASES_H

#include "db/store.h"
#include "rules/core/list.h"

struct release {
	int64_t number; /* in use; 0: of a list that says none */
	int64_t issued; /* Unix seconds; 0: not said */
	int64_t latest; /* the highest that ever was in use */
	bool undone;    /* latest was taken back */
};

enum store_status releases_present(struct store *s, struct release *ret_release);
/* Puts a list in place of the shipped entries, in one transaction, and keeps these as the list
 * before. The site's own entries, links and switches stay. *ret_taken is false, and nothing is
 * changed, where it is in use already or older than one that was. */
enum store_status releases_take(struct store *s, const struct list *list, const char *actor,
				bool *ret_taken);
/* The same for the list that came with the program: only where there are no shipped entries yet, or
 * where it is newer than any that was in use. */
enum store_status releases_ship(struct store *s, const struct list *list, const char *actor,
				bool *ret_taken);
/* Brings the list before back, once. STORE_NOT_FOUND: there is none. */
enum store_status releases_undo(struct store *s, const char *actor, struct release *ret_now);

#endif
