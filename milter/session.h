/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * session.h - what one milter connection holds, in two lifetimes, and what all of them share.
 */
#ifndef MILTER_SESSION_H
#define MILTER_SESSION_H

#include <stdatomic.h>

#include "db/writer.h"
#include "judge/client.h"
#include "milter/lanes.h"
#include "milter/pool.h"
#include "milter/rates.h"
#include "milter/signs.h"
#include "milter/snapshot.h"
#include "rules/core/edits.h"

/* What all connections share; made before the first, ends after the last. */
struct listener {
	struct snapshot_owner *snapshots;
	struct judge_client judge;
	struct lanes *lanes;
	struct rates *rates;
	struct writer *writer;
	struct signs *signs;
	struct pool *pool;
	atomic_uint under_way; /* messages between MAIL and their end */
};

struct session {
	/* the connection */
	struct listener *listener;
	int client_family; /* 0: not known (a local submission) */
	unsigned char client_ip[16];
	bool can_skip; /* SMFIS_SKIP is understood */
	bool no_reply; /* the MTA awaits no answers before the end of the headers */
	struct candidate_scratch scratch;
	struct message message; /* the arena is kept from message to message */

	/* the message: session_end_message() releases it */
	const struct snapshot *snapshot; /* NULL between messages */
	bool authenticated;
	int wish; /* enum judgement_wish, from the end of the headers on */
	struct candidate candidate;
	uint64_t place; /* in a lane; 0: none */
	struct judge_session *judge;
	enum judge_status judge_status; /* the first thing that went wrong */
	int64_t judge_by;               /* deadline of the whole judgement, frame_clock() ms */
	uint64_t body_given;
	bool body_cut;
	enum rates_answer rate; /* why genuine mail is not marked urgent */
	size_t believed; /* index of our header set by a server of ours, or EDITS_KEEP_NONE */
};

struct session *session_new(struct listener *listener); /* NULL when memory is short */
void session_free(struct session *s);                   /* takes NULL */
/* Begins a message: takes the present snapshot. A message left over is ended first. */
void session_begin_message(struct session *s);
/* Releases all that belongs to the message; any number of times. */
void session_end_message(struct session *s);

#endif
