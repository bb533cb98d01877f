/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ground.h - one path to a verdict for check and scan: the list and rules in use, and the daemon's
 * own two programs, started for the while.
 */
#ifndef CLI_GROUND_H
#define CLI_GROUND_H

#include "cli/command.h"
#include "judge/client.h"
#include "judge/plumbing.h"
#include "rules/core/candidate.h"
#include "rules/core/lookalike.h"
#include "rules/core/ownership.h"

/* Never changes while it is open. */
struct ground {
	struct list *list;
	struct classes *classes; /* subjects only */
	struct suffixes *suffixes;
	struct lookalikes *lookalikes; /* of the list */
	struct ownership *ownership;   /* NULL: the site has named no domains */
};

/* The list of the database, or the shipped one where there is no database. False after messages on
 * standard error; to be closed either way. */
bool ground_open(const struct cli *cli, struct ground *ret_ground);
void ground_close(struct ground *g);

/* Resolver and zygote. Any number of threads may ask. */
struct judges {
	const struct config *config;
	struct plumbing plumbing;
	struct judge_client client;
};

/* Where one of them cannot be started: false after a message of `command`. */
bool judges_start(const struct cli *cli, const char *command, struct judges *ret_judges);
void judges_stop(struct judges *j);

/* One message. client_family 0: the client is not known, and SPF is not asked. */
struct judges_case {
	const struct message *message;
	const struct candidate *candidate;
	struct slice body;     /* what is over max_body is not given */
	int64_t now;           /* Unix seconds, as of which it is judged */
	const char *mail_from; /* NULL: not known */
	int client_family;
	unsigned char client_ip[16];
};
enum judge_status judges_ask(const struct judges *j, const struct judges_case *c,
			     struct finding *ret_finding);

/* Where there is no database yet nobody has been seen to sign; from one that cannot be read we do
 * not know, and judge as the daemon does then (milter/signs.h). */
bool ground_sender_signs(const struct cli *cli, const struct candidate *candidate);

#endif
