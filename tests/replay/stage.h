/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stage.h - where a case is played: a scene, keys that are made at the start, and the mail, changed
 * and signed as the case says.
 */
#ifndef TESTS_REPLAY_STAGE_H
#define TESTS_REPLAY_STAGE_H

#include "tests/replay/casefile.h"
#include "tests/replay/scene.h"

struct stage;

/* srcdir: of the tree. NULL after a message on stderr. */
struct stage *stage_open(const char *srcdir);
void stage_close(struct stage *s);
struct scene *stage_scene(struct stage *s);

/* The mail of a case as it arrives. False with the reason. */
bool stage_mail(struct stage *s, const struct casefile *c, struct str *ret_mail, struct str *why);
/* The DNS of that moment, in zone.h's text form. False with the reason. */
bool stage_dns(struct stage *s, const struct casefile *c, struct str *to, struct str *why);
/* How the mail of a case comes: envelope, time, DNS. NULL with the reason. */
struct stage_way {
	struct play play;
	char *mail_from, *helo;
};
struct stage_way *stage_way_open(struct stage *s, const struct casefile *c, struct str *why);
void stage_way_close(struct stage_way *w); /* takes NULL */
/* Judges a mail under a case. piece: octets of the body that are given at once, 0: all. False with
 * the reason; then nothing is in the outcome. */
bool stage_play(struct stage *s, const struct casefile *c, struct slice mail, size_t piece,
		struct outcome *ret_outcome, struct str *why);

#endif
