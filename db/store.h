/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store.h - the database file, opened and kept: WAL, synchronous=FULL, foreign keys, STRICT
 * tables, no double-quoted strings, no extensions.
 *
 * A struct store belongs to one thread at a time; several may be open on one file. What is recorded
 * is durable when store_record returns STORE_OK.
 */
#ifndef DB_STORE_H
#define DB_STORE_H

#include "db/record.h"

struct store;

enum store_status {
	STORE_OK,
	STORE_NOT_OURS,
	STORE_NEWER,
	STORE_BUSY, /* locked for longer than the wait */
	STORE_READ_ONLY,
	STORE_FULL,
	STORE_MISSING,   /* read-only opening of a file that is not there */
	STORE_NOT_FOUND, /* no such row */
	STORE_REFUSED,   /* these values, by a rule of the database: the same again will be, too */
	STORE_ERROR,
};

enum store_access {
	STORE_READ,  /* never writes, never creates, never migrates */
	STORE_WRITE, /* creates (mode 0640) and migrates */
};

/* On failure ret_why[256] says what, with both versions where versions are the matter; *ret_store
 * is written only on STORE_OK. wait_ms: how long a lock is waited for, in every later call too. */
enum store_status store_open(const char *path, enum store_access access, int wait_ms,
			     struct store **ret_store, char ret_why[static 256]);
void store_close(struct store *s);
const char *store_error(const struct store *s); /* of the last call that failed */

/* Records messages in one transaction, durable on return: a row per recipient, pendings opened or
 * joined, events, counters, that a sender signs. A recipient who already has this Message-ID with
 * this verdict is passed over (with another verdict it is another mail: a stranger's must not keep
 * the genuine one out). All or none. A suggestion that cannot be noted is left out. */
enum store_status store_record(struct store *s, struct record *const record[], size_t count);

/* Whether this mail has been recorded for the recipient already, by whoever and whatever the
 * verdict was then: with the same Message-ID and verdict, or as genuine, or as a matter to be
 * reviewed of the same sender and class, as which it may be recorded again. */
enum store_status store_knows(struct store *s, const struct record *r, const char *recipient,
			      bool *ret_known);

/* Mail that record_is_unrecognised is true of, received at `since` or later: once for each, however
 * many received it, the latest first. The strings live until each returns. */
struct unrecognised {
	int64_t received_at;
	const char *recipient; /* one of them */
	const char *from, *registrar, *subject, *message_id;
};
enum store_status store_each_unrecognised(struct store *s, int64_t since,
					  void (*each)(void *context, const struct unrecognised *u),
					  void *context);

/* A number that changes whenever senders, platforms or their switches do. */
enum store_status store_generation(struct store *s, int64_t *ret_generation);
/* Whether mail from this address has been seen with aligned DKIM. */
enum store_status store_sender_signs(struct store *s, const char *address, bool *ret_signs);

/* Counters, by name ("verdict.genuine", "spool.replayed", …), in the order of names. */
enum store_status store_each_counter(struct store *s,
				     void (*each)(void *context, const char *name, int64_t value),
				     void *context);

/* Whether the file has been moved or deleted since it was opened. */
bool store_has_moved(struct store *s);
/* SQLite's own quick check of the file: STORE_ERROR, and what it found in ret_why, where it is
 * damaged. Reads all of it. */
enum store_status store_quick_check(struct store *s, char ret_why[static 256]);
/* Whether a transaction can begin to write; nothing is written. */
enum store_status store_can_write(struct store *s);
/* Adds to several counters in one transaction. */
enum store_status store_count_all(struct store *s, const char *const name[], const int64_t more[],
				  size_t count);
/* Adds to a counter, in a transaction of its own. */
enum store_status store_count(struct store *s, const char *name, int64_t more);

#endif
