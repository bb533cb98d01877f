/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * doctor.h - keepname doctor: checks of an installation, a row of a table each.
 *
 * A check looks, and says what it found in a sentence and what to type. It changes nothing. What
 * does not apply to this site (no Postfix, a socket over TCP) is OK and said to be so; what cannot
 * be known here, or by this user, is UNKNOWN and never raises an alarm by itself.
 */
#ifndef CLI_DOCTOR_DOCTOR_H
#define CLI_DOCTOR_DOCTOR_H

#include "cli/command.h"
#include "cli/postfix.h"

enum doctor_state {
	DOCTOR_OK,
	DOCTOR_UNKNOWN,
	DOCTOR_WARNING,
	DOCTOR_CRITICAL,
};

struct doctor_finding {
	enum doctor_state state;
	struct str says;    /* sentences; of the worst state that was found */
	struct str todo;    /* what to type or do; may be "" */
	struct str answers; /* what was answered to a question of ours, a line each; may be "" */
};

/* What checks share. */
struct doctor {
	const struct cli *cli;
	const char *pieces; /* of keepname setup */
	const char *folder; /* Postfix's configuration; NULL: its own */
	bool has_postfix;
	enum doctor_state without_postfix; /* what it is not to have one: OK, or UNKNOWN where one
					    * is there and cannot be asked */
	struct postfix postfix;
	char why_no_postfix[512];
	struct str socket, postfix_socket; /* as Postfix names it */
};

/* Something was found. A worse state takes the place of what was said before, a milder one is
 * passed over, the same is added. todo may be NULL. */
void doctor_find(struct doctor_finding *f, enum doctor_state state, const char *todo,
		 const char *format, ...) __attribute__((format(printf, 4, 5)));

/* doctor_daemon.c */
void doctor_daemon(struct doctor *d, struct doctor_finding *f);
void doctor_strips(struct doctor *d, struct doctor_finding *f);
void doctor_reach(struct doctor *d, struct doctor_finding *f);
/* doctor_postfix.c */
void doctor_milters(struct doctor *d, struct doctor_finding *f);
void doctor_when_down(struct doctor *d, struct doctor_finding *f);
void doctor_non_smtpd(struct doctor *d, struct doctor_finding *f);
void doctor_services(struct doctor *d, struct doctor_finding *f);
void doctor_header_checks(struct doctor *d, struct doctor_finding *f);
void doctor_bare_newline(struct doctor *d, struct doctor_finding *f);
/* doctor_judge.c */
void doctor_judge(struct doctor *d, struct doctor_finding *f);
void doctor_dns(struct doctor *d, struct doctor_finding *f);
/* doctor_store.c */
void doctor_database(struct doctor *d, struct doctor_finding *f);
void doctor_spool(struct doctor *d, struct doctor_finding *f);
void doctor_disk(struct doctor *d, struct doctor_finding *f);
void doctor_clock(struct doctor *d, struct doctor_finding *f);
void doctor_lists(struct doctor *d, struct doctor_finding *f);
/* doctor_jobs.c */
void doctor_jobs(struct doctor *d, struct doctor_finding *f);
void doctor_backup(struct doctor *d, struct doctor_finding *f);
/* doctor_dependence.c */
void doctor_dependence(struct doctor *d, struct doctor_finding *f);
/* doctor_site.c */
void doctor_pieces(struct doctor *d, struct doctor_finding *f);
void doctor_digest(struct doctor *d, struct doctor_finding *f);
void doctor_watch(struct doctor *d, struct doctor_finding *f);
void doctor_service(struct doctor *d, struct doctor_finding *f);
void doctor_timer(struct doctor *d, struct doctor_finding *f);

#endif
