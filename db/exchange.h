/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exchange.h - all that is the site's own, row by row as JSON objects: out of one database and into
 * another.
 *
 * Out: the same rows give the same octets. In: what is there already is not doubled. A matter that
 * both know is one afterwards, with the earliest deadline and the state of whoever changed it last.
 * Into an empty database, what goes in comes out again octet for octet. Not in it: shipped lists,
 * which come with the program, and what undo.h keeps.
 *
 * Every table of the schema is a row of the table in exchange.c, or is named there as left out; a
 * test holds the two together.
 */
#ifndef DB_EXCHANGE_H
#define DB_EXCHANGE_H

#include "db/store.h"

/* Each row, {"table":NAME, …}, tables in the order in which they must go in. Reads one state of the
 * database. json lives until each returns; false ends it. */
enum store_status exchange_each(struct store *s, bool (*each)(void *context, const char *json),
				void *context);

struct exchanged {
	int64_t rows;     /* taken */
	int64_t fresh;    /* of them, those that were not there */
	int64_t pendings; /* of these, pendings */
};

/* One transaction: begin, then rows, then end. */
struct exchange;
enum store_status exchange_begin(struct store *s, struct exchange **ret_exchange);
/* A row as exchange_each gave it: an object, with each key once. False: it is not taken, and
 * ret_why says what is wrong with it; then only exchange_end(…, false) may follow. */
bool exchange_take(struct exchange *x, const char *json, struct exchanged *count,
		   char ret_why[static 256]);
/* keep false: nothing has happened. Raises the generation otherwise. Frees x. */
enum store_status exchange_end(struct exchange *x, bool keep);

/* Whether a table takes part: for the test. */
bool exchange_has(const char *table);
bool exchange_leaves_out(const char *table);

#endif
