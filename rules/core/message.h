/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * message.h - what is kept of a message while its headers come in: the envelope and the headers,
 * in one arena that is reused from message to message of a connection.
 *
 * Adding a header is the hottest code in keepname: one copy into the arena, one entry, and a look
 * at the name's length and first letter to note the few headers that matter. No allocation once
 * the arena has grown. Past a limit `overflow` is set, the rest is dropped, and the mail is left
 * unjudged; our own headers are counted all the same, since they must go.
 */
#ifndef RULES_CORE_MESSAGE_H
#define RULES_CORE_MESSAGE_H

#include <stdint.h>

#include "base/limits.h"
#include "base/str.h"

#define MESSAGE_OUR_HEADER "X-Keepname"

struct header {
	uint32_t name, name_n; /* offsets and lengths in the arena */
	uint32_t value,
	    value_n;   /* as it came: folded with LF, leading space kept if the MTA does */
	uint32_t mark; /* enum message_mark; MARK_COUNT for none */
};

/* Headers that are looked at on the fast path, by name without regard to case, to space or control
 * octets between name and colon, and to anything after a NUL: a reader may take them for that
 * header, so they are counted as one. */
enum message_mark {
	MARK_FROM,
	MARK_SUBJECT,
	MARK_REPLY_TO,
	MARK_DKIM,
	MARK_MESSAGE_ID,
	MARK_OURS, /* X-Keepname in any spelling that some reader might take for it */
	MARK_X_PRIORITY,
	MARK_IMPORTANCE,
	MARK_PRIORITY,
	MARK_COUNT,
};

struct message {
	struct str arena;
	struct header *header;
	size_t header_count, header_room;
	uint32_t header_bytes;           /* of names and values kept */
	uint32_t mark_count[MARK_COUNT]; /* of MARK_OURS also those that overflow dropped */
	uint32_t
	    mark_first[MARK_COUNT]; /* index of the first such header, if mark_count is not 0 */
	bool leading_space;         /* values carry the space after the colon (HDR_LEADSPC) */
	bool overflow;

	uint32_t sender, sender_n; /* MAIL FROM as given, in the arena */
	uint32_t *rcpt;            /* offsets of NUL-terminated recipients in the arena */
	size_t rcpt_count, rcpt_room;
};

void message_init(struct message *m);
/* For the next message: keeps the storage, but for an arena that one large message has grown (an
 * idle connection holds at most 64 KB of it). */
void message_reset(struct message *m);
void message_free(struct message *m);

/* What does not fit the limits, or memory, sets overflow and is dropped. */
void message_set_sender(struct message *m, const char *path);
void message_add_rcpt(struct message *m, const char *path); /* <> taken off */
void message_add_header(struct message *m, const char *name, const char *value);
/* For values that may hold NUL (files). */
void message_add_header_n(struct message *m, struct slice name, struct slice value);

/* Names, values, sender and recipients all have a NUL behind them in the arena; all slices are good
 * until the next change of m. */
struct slice message_name(const struct message *m, size_t i);
struct slice message_value(const struct message *m, size_t i); /* as it came */
/* The n-th (from 0) header of a mark; false if fewer were kept. Walks the headers. */
bool message_marked(const struct message *m, enum message_mark mark, size_t n, size_t *ret_index);
/* The next header of a mark at or after index *at, which is moved past it: a walk over all of them
 * is linear. *at starts as 0. */
bool message_next(const struct message *m, enum message_mark mark, size_t *at, size_t *ret_index);
struct slice message_sender(const struct message *m);
const char *message_rcpt(const struct message *m, size_t i);

/* Splits a whole message (LF or CRLF lines; a leading mbox "From " line is passed over) into m's
 * headers; returns where the body begins. Lines that are no header end the headers, as MTAs do: the
 * body begins with them. Sets leading_space; CRLF inside a value becomes LF. */
size_t message_parse(struct message *m, struct slice text);

/* Message-ID trimmed of <> and white space, or, where there is none, or one that is too long or not
 * all printable ASCII without space, "hash-" + 32 hex digits of a hash over From, Date and Subject
 * values and the sender (for telling mails apart, not against forgery: a Message-ID is free text
 * too). */
void message_id(const struct message *m, char ret_id[static LIMIT_MESSAGE_ID + 1]);

#endif
