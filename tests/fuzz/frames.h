/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * frames.h - what went both ways between a listener and a judge over one mail.
 */
#ifndef TESTS_FUZZ_FRAMES_H
#define TESTS_FUZZ_FRAMES_H

#include "tests/replay/scene.h"

enum {
	FRAMES_NONCE = 0x6e6f6e63, /* in requests; a record echoes it */
};

/* Has the mail judged by a child (child.c) in a process of its own; its questions are answered by
 * the zone. False where it is no candidate (nothing is added), or on trouble. */
bool frames_of(struct scene *s, const struct play *p, struct slice mail, struct str *to_judge,
	       struct str *from_judge);

#endif
