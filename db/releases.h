/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * releases.h - which release of the list is in use, and the one before it.
 */
#ifndef DB_RELEASES_H
#define DB_RELEASES_H

#include "db/store.h"
#include "rules/core/list.h"

struct release {
	int64_t number; /* 0: the list that came with the program */
	int64_t latest; /* the highest that ever was in use: nothing older is taken any more */
	int64_t issued; /* Unix seconds */
};

enum store_status releases_present(struct store *s, struct release *ret_release);
/* Puts a list in place of the shipped entries, in one transaction, and keeps these as the list
 * before. The site's own entries, links and switches stay. */
enum store_status releases_take(struct store *s, const struct list *list,
				const struct release *release, const char *actor);
/* Brings the list before back, once. STORE_NOT_FOUND: there is none. */
enum store_status releases_undo(struct store *s, const char *actor, struct release *ret_now);

#endif
