/* SPDX-License-Identifier: BSD-2-Clause */
/* doctor_jobs.c - the timed jobs: whether each has run lately, and well. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/doctor/doctor.h"
#include "cli/jobs.h"

enum {
	WAIT_MS = 5000,
	DAY = 86400,
	BACKUP_AGE = 2 * DAY, /* one may be missed */
};

static struct store *open_store(const struct doctor *d)
{
	struct store *store = NULL;
	char why[256];

	/* Another check tells of a database that does not open. */
	store_open(d->cli->config->database, STORE_READ, WAIT_MS, &store, why);
	return store;
}

/* -- all of them ---------------------------------------------------------------------------- */

struct jobs {
	const struct cli *cli;
	struct doctor_finding *finding;
	size_t count;
};

/* How old the last one is, backup and watch say themselves. */
static bool is_said_elsewhere(const char *name, enum run_state state)
{
	return state == RUN_OVERDUE &&
	       (strcmp(name, RUN_BACKUP) == 0 || strcmp(name, RUN_WATCH) == 0);
}

static void look_at(void *context, const struct run *r)
{
	struct jobs *j = context;
	const enum run_state state = jobs_state(j->cli, r);
	struct str text = {0};
	char todo[128];

	j->count++;
	if (state == RUN_FINE || is_said_elsewhere(r->name, state))
		return;
	jobs_say(r, state, &text);
	if (state == RUN_FAILED && r->detail[0] != '\0')
		str_printf(&text, " (%s)", r->detail);
	snprintf(todo, sizeof(todo), "journalctl -u keepname-%s, or cron's mail, says why",
		 r->name);
	doctor_find(j->finding, DOCTOR_WARNING, todo, "%s: %s", r->name, str_text(&text));
	str_free(&text);
}

void doctor_jobs(struct doctor *d, struct doctor_finding *f)
{
	struct store *store = open_store(d);
	struct jobs j = {d->cli, f, 0};

	if (store == NULL || runs_each(store, look_at, &j) != STORE_OK)
		doctor_find(f, DOCTOR_UNKNOWN, NULL, "the database does not say");
	else if (f->state == DOCTOR_OK)
		doctor_find(f, DOCTOR_OK, NULL, "%zu timed jobs have run, the last time well",
			    j.count);
	if (store != NULL)
		store_close(store);
}

/* -- the backup ----------------------------------------------------------------------------- */

struct looking {
	const char *name;
	bool found;
	int64_t at, good_at;
	struct str detail;
};

static void look_one(void *context, const struct run *r)
{
	struct looking *l = context;

	if (strcmp(r->name, l->name) != 0)
		return;
	l->found = true;
	l->at = r->at;
	l->good_at = r->good_at;
	str_reset(&l->detail);
	cli_plain(r->detail, LIMIT_LOG_VALUE, &l->detail);
}

/* False where the database does not say; another check tells of that. */
static bool look(const struct doctor *d, struct looking *l)
{
	struct store *store = open_store(d);
	bool good = store != NULL && runs_each(store, look_one, l) == STORE_OK;

	if (store != NULL)
		store_close(store);
	return good;
}

/* Whether what is to save the database would go with it. */
static bool is_beside(const struct doctor *d)
{
	const char *place = d->cli->config->backup_to;
	struct stat one, other;

	return place[0] == '/' && stat(place, &one) == 0 &&
	       stat(d->cli->config->database, &other) == 0 && one.st_dev == other.st_dev;
}

void doctor_backup(struct doctor *d, struct doctor_finding *f)
{
	struct looking l = {.name = RUN_BACKUP};
	char when[CLI_TIME_TEXT];

	if (!look(d, &l))
		doctor_find(f, DOCTOR_UNKNOWN, NULL, "the database does not say");
	else if (d->cli->config->backup_to[0] == '\0' && !l.found)
		doctor_find(f, DOCTOR_WARNING,
			    "set backup_to in keepname.conf; systemctl enable --now "
			    "keepname-backup.timer",
			    "no backup has ever been made");
	else if (!l.found || l.good_at == 0)
		doctor_find(f, DOCTOR_WARNING,
			    "keepname backup; systemctl enable --now keepname-backup.timer",
			    "no backup has been made yet");
	else if (d->cli->now - l.good_at > BACKUP_AGE)
		doctor_find(f, DOCTOR_WARNING,
			    "keepname backup; systemctl status keepname-backup.timer",
			    "the last backup is of %s%s", cli_time(l.good_at, when),
			    l.at > l.good_at ? ", and later ones failed" : "");
	else if (is_beside(d))
		doctor_find(
		    f, DOCTOR_WARNING,
		    "set backup_to to a folder of another machine, or to | and a command",
		    "backups lie on the file system of the database: who loses one loses both");
	else
		doctor_find(f, DOCTOR_OK, NULL, "made %s (%s)", cli_time(l.good_at, when),
			    str_text(&l.detail));
	str_free(&l.detail);
}
