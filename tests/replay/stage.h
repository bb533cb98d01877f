/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stage.h - where a case is played: the shipped rules, and tests/replay/site.list beside them; keys
 * that are made at the start; the mail, changed and signed as the case says; the judgement, by the
 * same calls as the daemon and its judge make, in one process.
 *
 * Request and finding go through their packed forms, as between listener and judge.
 */
#ifndef TESTS_REPLAY_STAGE_H
#define TESTS_REPLAY_STAGE_H

#include "rules/core/edits.h"
#include "tests/replay/casefile.h"

struct stage;

/* srcdir: of the tree. NULL after a message on stderr. */
struct stage *stage_open(const char *srcdir);
void stage_close(struct stage *s);

struct outcome {
	struct message message;
	struct candidate candidate; /* its entry belongs to the stage */
	struct finding finding;     /* all zero where it was no candidate */
	struct decision decision;
	struct edits edits;
};

/* The mail of a case as it arrives. False with the reason. */
bool stage_mail(struct stage *s, const struct casefile *c, struct str *ret_mail, struct str *why);
/* Judges a mail under a case. piece: octets of the body that are given at once, 0: all. False with
 * the reason; then nothing is in the outcome. */
bool stage_play(struct stage *s, const struct casefile *c, struct slice mail, size_t piece,
		struct outcome *ret_outcome, struct str *why);
void outcome_free(struct outcome *o);

#endif
