/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pendings.h - matters that somebody must act on, and what happens to them.
 *
 * One per recipient, class and domain (or per mail, where it names none). Joining: design of the
 * store in pendings.c. Every change is an event with time, actor and reason.
 *
 *   open, review ── done by a person, or by genuine mail that confirms it ─▶ done
 *        └─ deadline past ─▶ expired ── domain dark at the registry ─▶ held ── no more ─▶ resolved
 */
#ifndef DB_PENDINGS_H
#define DB_PENDINGS_H

#include "db/store.h"

enum pending_state {
	PENDING_STATE_OPEN,
	PENDING_STATE_REVIEW,
	PENDING_STATE_DONE,
	PENDING_STATE_EXPIRED,
	PENDING_STATE_HELD,
	PENDING_STATE_RESOLVED,
	PENDING_STATE_COUNT,
};
const char *pending_state_name(enum pending_state s);
bool pending_state_of_name(struct slice name, enum pending_state *ret_state);

struct pending {
	int64_t id;
	enum pending_state state;
	enum class_id class;
	const char *domain; /* "" : the mail names none */
	const char *recipient;
	const char *registrar;
	const char *sender; /* entry's name */
	const char *from;
	const char *subject;    /* of the first mail */
	const char *message_id; /* of the first mail */
	uint32_t reasons;       /* why it is in review */
	int64_t deadline;       /* 0: none */
	enum deadline_source deadline_source;
	enum ours ours;
	int64_t first_seen, last_seen;
	int64_t mails;
	int64_t snoozed_until; /* 0: not snoozed; only reminders rest until then */
};

struct pending_filter {
	uint32_t states;    /* bits; 0: those that somebody must still act on */
	int64_t due_before; /* 0: any; else deadline at or before this (and those without one are
			       left out) */
	int64_t id;         /* 0: any */
};

/* Most urgent first: by deadline, those without one last, then by id. The strings live until each
 * returns. */
enum store_status pendings_each(struct store *s, const struct pending_filter *filter,
				void (*each)(void *context, const struct pending *p),
				void *context);
/* One event of a pending, oldest first. */
struct pending_event {
	int64_t at;
	const char *actor;
	const char *kind; /* opened, joined, done, reopened, … */
	const char *detail;
};
enum store_status pendings_each_event(struct store *s, int64_t id,
				      void (*each)(void *context, const struct pending_event *e),
				      void *context);
/* All ids in one transaction, or none: STORE_NOT_FOUND names the first missing id in ret_missing.
 * state is PENDING_STATE_DONE, or any other to reopen: then a matter is open again if genuine mail
 * opened it, else to be reviewed. One that is done, or not, already stays as it is. */
enum store_status pendings_set(struct store *s, const int64_t *id, size_t count,
			       enum pending_state state, const char *actor, const char *reason,
			       int64_t now, int64_t *ret_missing);
/* Used by store_record: opens or joins for one recipient and record. An SQLite result code. */
int pendings_note(struct store *s, const struct record *r, const char *recipient);
/* Likewise: genuine mail of class verified closes what it confirms. An SQLite result code. */
int pendings_settle(struct store *s, const struct record *r, const char *recipient);

#endif
