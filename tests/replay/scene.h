/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scene.h - the judgement of a mail by the same calls as the daemon and its judge make, in one
 * process: for cases of the replay ring, and for fuzz targets.
 *
 * The rules are the shipped ones, and tests/replay/site.list beside them. Request and finding go
 * through their packed forms, as between listener and judge.
 */
#ifndef TESTS_REPLAY_SCENE_H
#define TESTS_REPLAY_SCENE_H

#include "judge/request.h"
#include "rules/core/edits.h"
#include "rules/core/verdict.h"
#include "rules/letter/letter.h"
#include "tests/proof/zone.h"

struct scene;

/* srcdir: of the tree. NULL after what is wrong with the rules on stderr. */
struct scene *scene_open(const char *srcdir);
void scene_close(struct scene *s); /* takes NULL */
const struct list *scene_list(const struct scene *s);
struct letter_rules scene_rules(const struct scene *s);

/* How a mail comes. */
struct play {
	int64_t now;
	const char *mail_from, *helo; /* never NULL */
	int client_family;            /* 0: not known */
	unsigned char client_ip[16];
	bool trusted_hop, sender_signs;
	bool cut; /* the body, after cut_at octets */
	size_t cut_at;
	size_t piece; /* octets of the body that are given at once, 0: all */
	struct zone *zone;
};

struct outcome {
	struct message message;
	struct candidate candidate; /* its entry belongs to the scene */
	struct finding finding;     /* all zero where it was no candidate */
	struct decision decision;
	struct edits edits;
};

/* All of it. False, and nothing in the outcome: no finding, one that is not taken back, or a
 * question about an odd name. */
bool scene_play(struct scene *s, const struct play *p, struct slice mail,
		struct outcome *ret_outcome);
/* Its parts: what the daemon knows before it asks a judge (returns where the body begins), what it
 * tells the judge, and what it makes of the finding in *o. */
size_t scene_read(struct scene *s, const struct play *p, struct slice mail,
		  struct outcome *ret_outcome);
void scene_request(const struct play *p, const struct outcome *o, struct request *ret_request);
void scene_decide(const struct scene *s, const struct play *p, struct outcome *o);
void outcome_free(struct outcome *o);

#endif
