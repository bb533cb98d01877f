/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rates.h - how often mail may be marked urgent, by sender and by recipient.
 *
 * Who takes over a registrar's account, registers names with somebody's address or sends one
 * genuine mail over and over could bury a person under urgent mail, until nobody heeds the mark.
 * Past LIMIT_BOOSTS_SENDER or LIMIT_BOOSTS_RECIPIENT in an hour, mail is still genuine, says so, is
 * recorded and kept out of the spam folder; only the priority headers are left away.
 *
 * The rate is the generic cell rate algorithm's (ITU-T I.371): a full hour's worth at once, then
 * one for each that the hour gives back. One number is kept of each address, of
 * LIMIT_RATE_ADDRESSES; where there is no room the one that is nearest to a clean slate is
 * forgotten. Thread-safe; nothing of it outlives the process.
 */
#ifndef MILTER_RATES_H
#define MILTER_RATES_H

#include <stdint.h>

#include "rules/core/message.h"

enum rates_answer {
	RATES_UNDER,
	RATES_SENDER,    /* this sender's mail has been marked too often */
	RATES_RECIPIENT, /* a recipient of this mail has had too much marked */
};
const char *rates_answer_name(enum rates_answer a); /* NULL, "sender-rate", "recipient-rate" */

struct rates;
struct rates *rates_new(void);    /* NULL when memory is short */
void rates_free(struct rates *r); /* takes NULL */
/* Whether mail of this sender (any spelling) to the recipients of m may be marked urgent. It counts
 * where it may, for all of them, and otherwise for none. now_ms: of a clock that is never set. */
enum rates_answer rates_ask(struct rates *r, const char *sender, const struct message *m,
			    int64_t now_ms);

#endif
