/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pendings.h - matters that somebody must act on, and what happens to them.
 *
 * One per recipient, class and domain (or per mail, where it names none). Every change is an event
 * with time, actor and reason.
 *
 *   open ────┬─ a person, or genuine mail that confirms it ─────────────────▶ done
 *   review ──┤
 *            ├─ deadline past ─▶ expired ─┐
 *            └────────────────────────────┴─ domain dark at the registry ─▶ held ── no more ─▶
 * resolved
 *
 * What opened it, genuine mail or mail to be reviewed, is its origin, which never changes. Reading
 * is in pendings.c, what mail does in pendings_mail.c, what people, clock and registry do in
 * pendings_life.c.
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
/* Bits of the states in which somebody must still act. */
#define PENDING_UNSETTLED                                                                      \
	(1u << PENDING_STATE_OPEN | 1u << PENDING_STATE_REVIEW | 1u << PENDING_STATE_EXPIRED | \
	 1u << PENDING_STATE_HELD)
#define PENDING_ALL ((1u << PENDING_STATE_COUNT) - 1)

struct pending {
	int64_t id;
	enum pending_state state;
	bool proved; /* its origin: genuine mail */
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

/* What opened it: anything, genuine mail, mail to be reviewed. */
enum pending_origin {
	PENDING_ORIGIN_ANY,
	PENDING_ORIGIN_PROVED,
	PENDING_ORIGIN_REVIEW,
};

/* Zero is no condition. */
struct pending_filter {
	int64_t now;        /* what is open or in review, with a deadline before it, counts as
			       expired; 0: only what has been written down as that */
	uint32_t states;    /* bits; 0: PENDING_UNSETTLED */
	uint32_t classes;   /* bits of enum class_id */
	uint32_t ours;      /* bits of enum ours */
	int64_t due_before; /* deadline at or before this; those without one are left out */
	int64_t id;
	enum pending_origin origin;
	int64_t settled_since; /* settled ones that were settled before it are left out */
	bool awake;            /* leave out what is snoozed at `now` */
	const char *domain;    /* lower case; it alone */
	const char *recipient; /* in any case */
	const char *registrar; /* a part of its name, in any case */
	size_t most;           /* of pendings_each: after so many it ends; 0: all */
};

/* Most urgent first: held ones, then by deadline, those without one last, then by id; and after all
 * of these, in the same order, what is known not to be ours. The strings live until each returns.
 */
enum store_status pendings_each(struct store *s, const struct pending_filter *filter,
				void (*each)(void *context, const struct pending *p),
				void *context);
/* Likewise, but in no order, and of each only id, state, proved, class, deadline, ours and
 * snoozed_until, the strings "": for counting, out of one index. */
enum store_status pendings_each_brief(struct store *s, const struct pending_filter *filter,
				      void (*each)(void *context, const struct pending *p),
				      void *context);
/* To whom such matters belong, each once, by name. */
enum store_status pendings_each_recipient(struct store *s, const struct pending_filter *filter,
					  void (*each)(void *context, const char *recipient),
					  void *context);
/* One event of a pending, oldest first. */
struct pending_event {
	int64_t at;
	const char *actor;
	const char *kind; /* opened, joined, reminded, done, reopened, snoozed, expired, held, … */
	const char *detail;
};
enum store_status pendings_each_event(struct store *s, int64_t id,
				      void (*each)(void *context, const struct pending_event *e),
				      void *context);

/* -- what people do ------------------------------------------------------------------------- */

/* All ids in one transaction, or none: STORE_NOT_FOUND names the first missing id in ret_missing.
 * state is PENDING_STATE_DONE, or any other to reopen: then a matter is open again if genuine mail
 * opened it, else to be reviewed. One that is settled, or not, already stays as it is. Either ends
 * its snoozing. */
enum store_status pendings_set(struct store *s, const int64_t *id, size_t count,
			       enum pending_state state, const char *actor, const char *reason,
			       int64_t now, int64_t *ret_missing);
/* Likewise; until: 0 wakes. Settled ones stay as they are. */
enum store_status pendings_snooze(struct store *s, const int64_t *id, size_t count, int64_t until,
				  const char *actor, const char *reason, int64_t now,
				  int64_t *ret_missing);

/* -- what the clock and the registry do ----------------------------------------------------- */

/* What is open or in review and past its deadline: expired. */
enum store_status pendings_expire(struct store *s, int64_t now, size_t *ret_count);
/* The domain is dark: what is not settled about it is held. */
enum store_status pendings_hold(struct store *s, const char *domain, const char *actor,
				const char *reason, int64_t now, size_t *ret_count);
/* It is dark no more: what has been held since before `held_before` is resolved. A mail can tell of
 * a hold before the registry shows it, so what it raised is not to be ended by the next look. */
enum store_status pendings_release(struct store *s, const char *domain, int64_t held_before,
				   const char *actor, const char *reason, int64_t now,
				   size_t *ret_count);

/* Which domains are ours has changed: `of` says it of each that a pending names. Alarms that mail
 * has raised about those that are not end; about those that are after all, they stand. */
enum store_status pendings_reckon(struct store *s,
				  enum ours (*of)(const void *context, const char *domain),
				  const void *context, const char *actor, int64_t now,
				  size_t *ret_changed);

/* -- what mail does; within store_record's transaction. SQLite result codes. ------------------ */

/* The alarm that this mail raises (alarms.h), or NULL: a transfer away or a change of registrant
 * was asked for, and goes through if nobody objects. Not for domains that are known not to be ours.
 */
const char *pendings_alarm(const struct record *r);
/* Opens or joins for one recipient and record, and raises the alarm. */
int pendings_note(struct store *s, const struct record *r, const char *recipient);
/* Genuine mail of class verified closes what it confirms. */
int pendings_settle(struct store *s, const struct record *r, const char *recipient);

/* -- between the files ---------------------------------------------------------------------- */

/* Changes the state and leaves an event of that kind. An SQLite result code. */
int pendings_move(struct store *s, int64_t id, enum pending_state to, const char *kind,
		  const char *actor, const char *reason, int64_t now);

#endif
