/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * events.h - what happened, when, by whom and why: written within the transaction of what it tells
 * of, never changed afterwards. For db/ files; a pending's events are read by pendings_each_event.
 */
#ifndef DB_EVENTS_H
#define DB_EVENTS_H

#include "db/store.h"

#define ACTOR_MAIL "mail" /* a mail caused it */

struct event {
	int64_t at;
	const char *actor;
	const char *kind;
	const char *domain; /* NULL: none, or its pending's */
	int64_t pending;    /* 0: none */
	const char *detail;
};

/* An SQLite result code. */
int events_note(struct store *s, const struct event *e);

#endif
