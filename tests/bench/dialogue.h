/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dialogue.h - the MTA's side of a milter connection, event for event as Postfix 3.7 does it.
 *
 * The events may be called in any order and number: they honour what was negotiated (NO*, NR_*,
 * SKIP, HDR_LEADSPC, macro lists) and nothing else, so a test can send commands out of order or
 * hang up between any two of them. What even that does not allow goes through dialogue_wire.
 * exchange.h sends whole messages in the right order.
 *
 * As in Postfix, macros precede every event, also one that the filter wants not to be sent, and the
 * queue id is not known at MAIL and the first RCPT.
 *
 * One thread serves one dialogue.
 */
#ifndef TESTS_BENCH_DIALOGUE_H
#define TESTS_BENCH_DIALOGUE_H

#include <stddef.h>

#include "tests/bench/answer.h"
#include "tests/bench/wire.h"

struct dialogue;

/* All strings are borrowed for the call. */
struct client {
	const char *name; /* "unknown" where it has none */
	const char *ip;   /* IPv4 or IPv6 */
	const char *helo;
};

struct envelope {
	const char *queue_id;
	const char *sender; /* without angle brackets; "" for the null sender */
	const char *const *rcpts;
	size_t rcpt_count;
	const char *auth;       /* {auth_authen}, or NULL */
	const char *message_id; /* with brackets: sent in place of the mail's own; NULL: as it is */
};

enum dialogue_next {
	DIALOGUE_ON,     /* go on with the next event */
	DIALOGUE_FINAL,  /* the filter is done with this message, or the connection: see the answer
			  */
	DIALOGUE_BROKEN, /* it hung up, stalled or broke the protocol: see dialogue_fault */
};

/* Connects and negotiates. NULL where that fails; then ret_fault (a buffer of fault_size) says why.
 * dialogue_start does the same over a wire, which it then owns. */
struct dialogue *dialogue_open(const char *spec, int timeout_ms, char *ret_fault,
			       size_t fault_size);
struct dialogue *dialogue_start(struct wire *wire, char *ret_fault, size_t fault_size);
/* Hangs up without QUIT. Takes NULL. */
void dialogue_drop(struct dialogue *d);
/* QUIT, then waits for the end; DIALOGUE_BROKEN where an answer came that nobody asked for. Frees
 * nothing. */
enum dialogue_next dialogue_quit(struct dialogue *d);

enum dialogue_next dialogue_connect(struct dialogue *d, const struct client *c, struct answer *a);
enum dialogue_next dialogue_helo(struct dialogue *d, const struct client *c, struct answer *a);
enum dialogue_next dialogue_mail(struct dialogue *d, const struct envelope *e, struct answer *a);
/* The nth recipient, from 0. */
enum dialogue_next dialogue_rcpt(struct dialogue *d, const struct envelope *e, size_t nth,
				 struct answer *a);
enum dialogue_next dialogue_data(struct dialogue *d, const struct envelope *e, struct answer *a);
enum dialogue_next dialogue_header(struct dialogue *d, const struct envelope *e, const char *name,
				   const char *value, struct answer *a);
enum dialogue_next dialogue_eoh(struct dialogue *d, const struct envelope *e, struct answer *a);
/* In chunks of 65,535 octets. */
enum dialogue_next dialogue_body(struct dialogue *d, const struct envelope *e, const char *octets,
				 size_t len, struct answer *a);
enum dialogue_next dialogue_eom(struct dialogue *d, const struct envelope *e, struct answer *a);
enum dialogue_next dialogue_abort(struct dialogue *d);

/* Sends what is buffered, as smtpd does when it hands the connection to cleanup. */
enum dialogue_next dialogue_handover(struct dialogue *d);
/* After the verdict: queues the ABORT. DIALOGUE_FINAL, or DIALOGUE_BROKEN where the filter has sent
 * more than it was asked for. */
enum dialogue_next dialogue_settle(struct dialogue *d);

/* Why DIALOGUE_BROKEN; "" where nothing is wrong. */
const char *dialogue_fault(const struct dialogue *d);
struct wire *dialogue_wire(struct dialogue *d);

#endif
