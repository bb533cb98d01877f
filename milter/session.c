/* SPDX-License-Identifier: BSD-2-Clause */
/* session.c - see session.h. libmilter moves a connection between threads: nothing here is theirs.
 */
#include "milter/session.h"

#include <stdlib.h>

struct session *session_new(struct listener *listener)
{
	struct session *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->listener = listener;
	s->believed = EDITS_KEEP_NONE;
	message_init(&s->message);
	if (!candidate_scratch_init(&s->scratch)) {
		session_free(s);
		return NULL;
	}
	return s;
}

void session_free(struct session *s)
{
	if (s == NULL)
		return;
	session_end_message(s);
	message_free(&s->message);
	candidate_scratch_free(&s->scratch);
	free(s);
}

void session_begin_message(struct session *s)
{
	session_end_message(s);
	message_reset(&s->message);
	s->snapshot = snapshot_get(s->listener->snapshots);
	atomic_fetch_add(&s->listener->under_way, 1);
}

void session_end_message(struct session *s)
{
	judge_free(s->judge);
	s->judge = NULL;
	lanes_leave(s->listener->lanes, s->place);
	s->place = 0;
	s->judge_status = JUDGE_OK;
	s->authenticated = false;
	s->wish = 0; /* JUDGEMENT_NOTHING */
	s->body_given = 0;
	s->body_cut = false;
	s->rate = RATES_UNDER;
	s->believed = EDITS_KEEP_NONE;
	if (s->snapshot != NULL) {
		snapshot_put(s->listener->snapshots, s->snapshot);
		s->snapshot = NULL;
		atomic_fetch_sub(&s->listener->under_way, 1);
	}
}
