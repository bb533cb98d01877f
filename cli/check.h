/* SPDX-License-Identifier: BSD-2-Clause */
/* check.h - one message judged, and the two forms in which keepname check prints it. */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H

#include "cli/ground.h"
#include "rules/core/edits.h"

struct checked {
	struct message message;
	struct candidate candidate;
	bool judged; /* false: no candidate, so nobody read further than the headers */
	struct finding finding;
	struct decision decision;
	struct edits edits;
	int64_t now;
};

/* Whom a mail came from. */
struct check_origin {
	const char *mail_from; /* NULL: not known */
	int client_family;     /* 0: not known */
	unsigned char client_ip[16];
};

/* Judges one mail as of c->now, by programs that run or, where `running` is NULL, by some that it
 * starts and ends. c: all zero but for `now` and an initialised message. False after a message on
 * standard error. */
bool check_message(const struct cli *cli, const struct check_origin *a, const struct ground *g,
		   const struct judges *running, struct candidate_scratch *scratch,
		   struct slice text, struct checked *c);

void check_print_text(const struct checked *c, bool colour);
json_t *check_json(const struct checked *c);

#endif
