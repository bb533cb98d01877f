/* SPDX-License-Identifier: BSD-2-Clause */
/* doctor_site.c - what stands around keepname: other programs' pieces, the digest, the system. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/digest/digest.h"
#include "cli/doctor/doctor.h"
#include "cli/outside.h"
#include "cli/setup/setup.h"

enum {
	SECONDS = 10,
	WAIT_MS = 5000,
};

/* -- pieces --------------------------------------------------------------------------------- */

void doctor_pieces(struct doctor *d, struct doctor_finding *f)
{
	char why[SETUP_WHY], todo[128];
	size_t in_place = 0;

	for (size_t i = 0; i < setup_count; i++) {
		const struct setup_program *p = &setup_table[i];

		/* Postfix is looked at closely elsewhere; amavis has SpamAssassin's pieces. */
		if (strcmp(p->name, "postfix") == 0 || p->source != NULL)
			continue;
		snprintf(todo, sizeof(todo), "keepname setup %s --write", p->name);
		switch (setup_state_of(d->cli, p, d->pieces, why)) {
		case SETUP_ABSENT: break;
		case SETUP_IN_PLACE: in_place++; break;
		case SETUP_MISSING:
			doctor_find(f, DOCTOR_WARNING, todo,
				    "%s is here and does not hear keepname", p->name);
			break;
		case SETUP_UNKNOWN:
			doctor_find(f, DOCTOR_UNKNOWN, todo, "%s: %s", p->name, why);
			break;
		}
	}
	if (f->state == DOCTOR_OK)
		doctor_find(f, DOCTOR_OK, NULL,
			    "%zu other programs hear keepname, all that are here", in_place);
}

/* -- digest --------------------------------------------------------------------------------- */

static bool goes_to_one_at_risk(const struct cli *cli)
{
	struct store *store;
	char why[256];
	bool found;

	if (store_open(cli->config->database, STORE_READ, WAIT_MS, &store, why) != STORE_OK)
		return false;
	found = digest_is_at_risk(store, cli->config->digest_to);
	store_close(store);
	return found;
}

void doctor_digest(struct doctor *d, struct doctor_finding *f)
{
	const struct config *config = d->cli->config;

	if (config->digest_to[0] == '\0') {
		doctor_find(f, DOCTOR_WARNING,
			    "set digest_to in keepname.conf, best to an address off your domains",
			    "nobody gets the digest: digest_to is not set");
		return;
	}
	if (access(config->sendmail, X_OK) != 0)
		doctor_find(f, DOCTOR_CRITICAL, "see sendmail in keepname.conf",
			    "the digest cannot be mailed: %s: %s", config->sendmail,
			    strerror(errno));
	if (goes_to_one_at_risk(d->cli))
		doctor_find(f, DOCTOR_WARNING, "set digest_to to an address off that domain",
			    "the digest goes to %s, on a domain that may go dark itself",
			    config->digest_to);
	if (f->state == DOCTOR_OK)
		doctor_find(f, DOCTOR_OK, NULL, "the digest goes to %s", config->digest_to);
}

/* -- the system ----------------------------------------------------------------------------- */

static bool has_systemd(struct doctor_finding *f)
{
	if (access("/run/systemd/system", F_OK) == 0)
		return true;
	doctor_find(f, DOCTOR_UNKNOWN, NULL, "no systemd runs here");
	return false;
}

/* What systemctl prints, trimmed; its status. */
static int ask_systemd(const char *const *argv, struct str *ret_said)
{
	struct outside o;
	const int status = outside_run(argv, SECONDS, &o);
	const struct slice said = slice_trim((struct slice){str_text(&o.out), o.out.n});

	str_add(ret_said, said.p, said.n);
	outside_free(&o);
	return status;
}

void doctor_service(struct doctor *d, struct doctor_finding *f)
{
	static const char *const enabled[] = {"systemctl", "is-enabled", "keepname-milter.service",
					      NULL};
	struct str said = {0};

	(void)d;
	if (!has_systemd(f))
		return;
	if (ask_systemd(enabled, &said) == 0)
		doctor_find(f, DOCTOR_OK, NULL, "it starts with the system");
	else
		doctor_find(f, DOCTOR_WARNING, "systemctl enable keepname-milter",
			    "it does not start with the system: keepname-milter.service is %s",
			    said.n > 0 ? str_text(&said) : "not there");
	str_free(&said);
}

/* Whether somebody's cron runs the digest. */
static bool is_in_cron(void)
{
	static const char *const argv[] = {"grep",
					   "-rqsE",
					   "^[^#]*keepname( .*)? digest",
					   "/etc/crontab",
					   "/etc/cron.d",
					   "/etc/cron.daily",
					   "/var/spool/cron",
					   NULL};
	struct str said = {0};
	const int status = ask_systemd(argv, &said);

	str_free(&said);
	return status == 0;
}

void doctor_timer(struct doctor *d, struct doctor_finding *f)
{
	static const char *const timers[] = {"systemctl", "list-timers", "--no-legend", "keepname*",
					     NULL};
	struct str said = {0};

	(void)d;
	if (is_in_cron()) {
		doctor_find(f, DOCTOR_OK, NULL, "cron sends the digest");
		return;
	}
	if (!has_systemd(f))
		return;
	if (ask_systemd(timers, &said) == 0 && said.n > 0)
		doctor_find(f, DOCTOR_OK, NULL, "a timer sends the digest");
	else
		doctor_find(
		    f, DOCTOR_WARNING,
		    "systemctl enable --now keepname-digest.timer; for cron, keepname.cron among "
		    "the examples",
		    "nothing sends the digest: no timer, nothing in cron");
	str_free(&said);
}
