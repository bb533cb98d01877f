/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * answer.h - what a filter said to one message, held against what the protocol allows.
 *
 * The rules are Postfix 3.7's (src/milter/milter8.c, milter8_event) and, where Postfix looks away,
 * stricter: an edit needs its negotiated action, and so do SKIP and quarantine.
 */
#ifndef TESTS_BENCH_ANSWER_H
#define TESTS_BENCH_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/bench/wire.h"

struct edit {
	char action;    /* SMFIR_ADDHEADER, _INSHEADER, _CHGHEADER, _ADDRCPT, … */
	uint32_t index; /* of _INSHEADER and _CHGHEADER */
	char *name;     /* header name, recipient or sender; "" for a body chunk */
	char *value;    /* header value ("" deletes), ESMTP arguments, quarantine reason */
};

struct answer {
	char verdict; /* SMFIR_CONTINUE, _ACCEPT, _REJECT, …; 0 while open */
	char stage;   /* SMFIC_ event that it answered */
	char *text;   /* of SMFIR_REPLYCODE, else NULL */
	struct edit *edits;
	size_t edit_count;
	size_t replies;     /* packets read */
	size_t body_chunks; /* sent */
};

enum answer_step {
	ANSWER_MORE, /* another packet belongs to this reply */
	ANSWER_ON,   /* go on with the next event */
	ANSWER_SKIP, /* likewise, but no more events of this kind */
	ANSWER_DONE, /* the filter is done with the message */
	ANSWER_BAD,
};

/* Takes one packet that came as reply to `event`. On ANSWER_BAD *ret_fault says what is wrong
 * (a constant). */
enum answer_step answer_take(struct answer *answer, const struct wire_terms *terms, char event,
			     const struct wire_packet *packet, const char **ret_fault);
/* Empties it for the next message. A zeroed struct is empty. */
void answer_reset(struct answer *answer);

/* The first header edit that sets NAME to a value beginning with PREFIX, or NULL. Each run of
 * blanks and line ends counts as one space, leading ones as none. */
const struct edit *answer_header(const struct answer *answer, const char *name, const char *prefix);
/* "accept", "continue" … and "mail", "eoh" …, for print; "?" for what is unknown. */
const char *answer_verdict_name(char verdict);
const char *answer_stage_name(char stage);

#endif
