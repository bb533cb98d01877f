/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * alarms.h - what cannot wait for the next digest: a hold, a transfer that goes through by silence,
 * a changed delegation. One of a kind stands for a domain and recipient at a time.
 */
#ifndef DB_ALARMS_H
#define DB_ALARMS_H

#include "db/store.h"

/* Kinds, as they are stored. */
#define ALARM_HELD       "held"       /* the domain is dark at the registry */
#define ALARM_TRANSFER   "transfer"   /* a transfer away was asked for; silence lets it through */
#define ALARM_REGISTRANT "registrant" /* likewise a change of registrant */
#define ALARM_DELEGATION "delegation" /* other name servers than before */
#define ALARM_GONE       "gone"       /* no longer registered */

struct alarm {
	int64_t id;
	const char *kind;
	const char *domain;
	const char *recipient; /* of the mail; "" : raised by the watch */
	int64_t pending;       /* 0: none */
	int64_t raised_at;
	int64_t ended_at; /* 0: it stands */
	int64_t sent_at;  /* when somebody was told; 0: not yet */
	const char *detail;
};

struct alarm_filter {
	bool ended;         /* those that have ended, too */
	bool unsent;        /* only those of which nobody has been told */
	int64_t since;      /* raised or ended at or after this; 0: any */
	const char *domain; /* NULL: any */
};

/* The latest first. The strings live until each returns. */
enum store_status alarms_each(struct store *s, const struct alarm_filter *filter,
			      void (*each)(void *context, const struct alarm *a), void *context);
/* Raises one unless one of its kind stands for this domain and recipient already; an event. Takes
 * kind, domain, recipient, pending and detail from *a. */
enum store_status alarms_raise(struct store *s, const struct alarm *a, const char *actor,
			       int64_t now, bool *ret_new);
/* Ends those of this kind that stand for the domain; an event for each. */
enum store_status alarms_end(struct store *s, const char *kind, const char *domain,
			     const char *actor, const char *reason, int64_t now, size_t *ret_ended);
/* Within a transaction of the caller's, SQLite result codes: as alarms_raise; and ends what a
 * pending has raised. */
int alarms_note(struct store *s, const struct alarm *a, const char *actor, int64_t now,
		bool *ret_new);
int alarms_settle(struct store *s, int64_t pending, const char *actor, int64_t now);
/* And what mail has raised about a domain that has turned out to be none of ours. */
int alarms_disown(struct store *s, const char *domain, const char *actor, int64_t now);
/* A matter is unsettled again, or is ours after all: where genuine mail has opened it, its alarm
 * stands, and somebody is told of it anew. What the registry has ended stays so. */
int alarms_stand(struct store *s, int64_t pending, const char *actor, int64_t now);
/* Of genuine mail of this class: what it raises; NULL: nothing. */
const char *alarms_kind(enum class_id class);

#endif
