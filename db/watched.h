/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * watched.h - how each watched domain stands at its registry (rules/core/standing.h), and when it
 * was registered.
 *
 * Watched is what somebody must still act on, what is ours, and what the watch has raised an alarm
 * about that stands. A look that taught nothing leaves a row as it was, but for tried_at and
 * trouble: so `standing` is what was last known, and tried_at > checked_at says that it may have
 * changed since.
 */
#ifndef DB_WATCHED_H
#define DB_WATCHED_H

#include "db/store.h"
#include "rules/core/standing.h"

struct watched {
	const char *domain; /* in its one spelling */
	enum standing standing;
	uint32_t causes;       /* bits of enum standing_cause */
	int64_t since;         /* it stands so */
	int64_t checked_at;    /* the last look that taught something; 0: none yet */
	int64_t tried_at;      /* the last look */
	int64_t asked_at;      /* when the registry was last asked; 0: never */
	const char *trouble;   /* what the last look lacked, for a person; "": nothing */
	const char *servers;   /* name servers, a space between each two; "": none, or not known */
	const char *former;    /* those before a change that is not settled; "": no such */
	const char *registrar; /* as the registry names it; "": not known */
	int64_t iana_id;       /* of the registrar; 0: not known */
	int64_t registered_at; /* 0: not known */
	int64_t expires_at;    /* 0: not known */
	const char *statuses;  /* as the registry names them, parted by ", " */
};

struct watched_filter {
	uint32_t standings; /* bits of enum standing; 0: any */
	const char *domain; /* NULL: any */
};

/* Those that need most first, then in the order of names. The strings live until each returns. */
enum store_status watched_each(struct store *s, const struct watched_filter *filter,
			       void (*each)(void *context, const struct watched *w), void *context);
/* Writes one down, in place of what there was. What has changed of standing, causes, name servers
 * or registrar is an event ("standing", "servers", "registrar") of the domain. */
enum store_status watched_note(struct store *s, const struct watched *w, const char *actor,
			       int64_t now);

struct watched_event {
	int64_t at;
	const char *kind;
	const char *detail; /* "held client-hold (before: fine)" */
};
/* Oldest first. */
enum store_status watched_each_event(struct store *s, const char *domain,
				     void (*each)(void *context, const struct watched_event *e),
				     void *context);

struct watched_due {
	const char *domain;
	bool matter;      /* somebody must act on it */
	int64_t tried_at; /* 0: never */
	int64_t asked_at;
};
/* What is to be watched, the one that was looked at longest ago first. settled: also domains of
 * which nothing is left to be done. */
enum store_status watched_each_due(struct store *s, bool settled,
				   void (*each)(void *context, const struct watched_due *d),
				   void *context);
/* Forgets those that nothing names any more, no settled matter either, and that were last looked at
 * before `before`. */
enum store_status watched_prune(struct store *s, int64_t before);

/* Until when an RDAP server, known by its base URL, wants to be left alone; 0: it does not. */
enum store_status watched_wait(struct store *s, const char *base, int64_t *ret_until);
enum store_status watched_note_wait(struct store *s, const char *base, int64_t until);

/* When a name, of ours or of a sender, was registered, as the registry says: 0 for not known. */
enum store_status watched_registered(struct store *s, const char *name, int64_t *ret_registered_at,
				     int64_t *ret_checked_at);
/* registered_at 0: the registry does not say; what was known stays. */
enum store_status watched_note_registered(struct store *s, const char *name, int64_t registered_at,
					  int64_t now);

#endif
