/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mailplay.h - an input as a mail and how it comes:
 *
 *     2026-11-22T12:00:00Z 192.0.2.1 <a@b.example> mx.b.example hop signs cut=100
 *     b.example TXT v=spf1 ip4:192.0.2.1 -all
 *     %%
 *     From: …
 *
 * The first line has "-" for what is not there; the words at its end may be left out. Then the DNS
 * (zone.h), as far as its lines are good; then the mail. A mail alone comes in an envelope that an
 * SPF record of Key-Systems' proves.
 */
#ifndef TESTS_FUZZ_MAILPLAY_H
#define TESTS_FUZZ_MAILPLAY_H

#include "tests/replay/scene.h"

struct mailplay {
	struct play play;
	struct slice mail; /* of the input */
	char *mail_from, *helo;
};

void mailplay_read(struct slice input, struct mailplay *ret_play);
void mailplay_free(struct mailplay *p);

#endif
