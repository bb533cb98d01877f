/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * suggestions.h - senders and links that the site could take up, gathered from its mail.
 *
 * One per From address for a sender, one per From address, entry and link for a link. Each counts
 * mails and keeps facts: what was seen, how often. No token, no code and no whole link is ever in
 * it: links are shapes (offer.h). What is kept and what is dropped: suggestions.c.
 */
#ifndef DB_SUGGESTIONS_H
#define DB_SUGGESTIONS_H

#include "db/store.h"

enum suggestion_state {
	SUGGESTION_OPEN,
	SUGGESTION_ACCEPTED,
	SUGGESTION_REJECTED, /* stays: it is never suggested again */
	SUGGESTION_STATE_COUNT,
};
const char *suggestion_state_name(enum suggestion_state s);

struct suggestion {
	int64_t id;
	enum suggestion_state state;
	const char *address; /* From, lower case */
	const char *sender;  /* the entry whose link it is; "" : the sender itself is suggested */
	const char *link;    /* "HOST PATH", or "" */
	int64_t deadline;    /* the next one that its mail named; 0: none */
	int64_t first_seen, last_seen;
	int64_t mails;
	int64_t recipients; /* different ones; LIMIT_SUGGESTION_FACTS: that many, or more */
	int64_t decided_at; /* 0: open */
};

struct suggestion_filter {
	uint32_t states;     /* bits; 0: open ones */
	int64_t id;          /* 0: any */
	const char *address; /* NULL: any; in any case */
	int64_t now;         /* deadlines before this press no more */
};

/* Most urgent first: links of listed senders and senders alike by their next deadline, those
 * without one last, by mails then. The strings live until each returns. */
enum store_status suggestions_each(struct store *s, const struct suggestion_filter *filter,
				   void (*each)(void *context, const struct suggestion *g),
				   void *context);

/* Facts, by kind and then most often seen first. Kinds: "class", "dkim" ("D S"), "domain", "host"
 * (of links that cannot be accepted), "link" ("HOST PATH"), "platform", "recipient". */
struct suggestion_fact {
	const char *kind, *value;
	int64_t mails;
};
enum store_status
suggestions_each_fact(struct store *s, int64_t id,
		      void (*each)(void *context, const struct suggestion_fact *f), void *context);

/* Decides, or opens again; an event with its actor. NOT_FOUND: there is none of that number. */
enum store_status suggestions_set(struct store *s, int64_t id, enum suggestion_state state,
				  const char *actor, int64_t now);

/* Mail from an address since then, grouped. */
struct suggestion_mail {
	const char *verdict, *class;
	uint32_t reasons;
	int64_t mails;
};
enum store_status
suggestions_each_mail(struct store *s, const char *address, int64_t since,
		      void (*each)(void *context, const struct suggestion_mail *m), void *context);

/* Used by store_record, for each recipient who did not have this mail yet; first: the first of
 * them. An SQLite result code. */
int suggestions_note(struct store *s, const struct record *r, const char *recipient, bool first);

#endif
