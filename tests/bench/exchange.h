/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exchange.h - a whole message through a filter, in the order of Postfix 3.7.
 *
 * As there: what the envelope left in the buffer is flushed before the headers (smtpd hands the
 * connection to cleanup), and every message, accepted or not, is followed by an ABORT, which waits
 * in the buffer for the next flush. Compared packet by packet with Postfix 3.7.11. Unlike it, a
 * recipient that is refused ends the message.
 */
#ifndef TESTS_BENCH_EXCHANGE_H
#define TESTS_BENCH_EXCHANGE_H

#include "tests/bench/answer.h"
#include "tests/bench/dialogue.h"
#include "tests/bench/mail.h"

/* CONNECT and HELO. DIALOGUE_FINAL: the filter wants none of this connection's messages. */
enum dialogue_next exchange_greet(struct dialogue *d, const struct client *c, struct answer *a);

/* MAIL to ABORT, into an empty answer. DIALOGUE_FINAL when the filter gave its verdict. Where the
 * envelope has a message_id, it is sent in place of the mail's Message-ID, or first if it has none.
 */
enum dialogue_next exchange_message(struct dialogue *d, const struct mail *mail,
				    const struct envelope *e, struct answer *a);

/* The end of the connection: Postfix aborts once more before it sends QUIT. As dialogue_quit. */
enum dialogue_next exchange_leave(struct dialogue *d);

#endif
