/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ceiling.h - how much of the database strangers can fill. For db/ files, within the transaction of
 * a record; SQLite result codes.
 *
 * Anybody can send mail that is forged, unproven, unlisted or a lookalike, as much as he likes. Of
 * what it leaves, this goes first and that last:
 *
 *   its rows of `message`   the oldest, past LIMIT_STRANGERS_MAILS
 *   events of its joining   past LIMIT_STRANGERS_JOINED of one matter it is only counted
 *   matters to be reviewed  where one recipient has LIMIT_STRANGERS_REVIEWS of them it is gathered
 *                           in one matter of its class, which keeps the earliest deadline
 *   never                   what proved mail of listed senders has left
 */
#ifndef DB_CEILING_H
#define DB_CEILING_H

#include "db/store.h"

/* After a stranger's row was inserted: from time to time the oldest are dropped. */
int ceiling_trim(struct store *s);
/* Whether so much is to be reviewed for a recipient that strangers open no more of it. */
int ceiling_review(struct store *s, const char *recipient, bool *ret_full);
/* Whether so much has joined a matter that no more of it is written down. */
int ceiling_joined(struct store *s, int64_t id, bool *ret_full);

#endif
