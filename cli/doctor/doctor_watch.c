/* SPDX-License-Identifier: BSD-2-Clause */
/* doctor_watch.c - whether the registries are looked at, and how long ago they were. */
#include <string.h>
#include <unistd.h>

#include "cli/doctor/doctor.h"
#include "db/runs.h"
#include "db/watched.h"

enum {
	HOUR = 3600,
	STALE_HOURS = 26, /* four runs of the timer have failed or not been */
	READ_WAIT_MS = 2000,
};

static const char enable[] = "systemctl enable --now keepname-watch.timer";

struct seen {
	size_t due;
	bool ran;
	int64_t at, good_at;
	char detail[128];
};

static void take_run(void *context, const struct run *r)
{
	struct seen *s = context;

	if (strcmp(r->name, RUN_WATCH) != 0)
		return;
	s->ran = r->at != 0;
	s->at = r->at;
	s->good_at = r->good_at;
	slice_copy(slice_of(r->detail), s->detail, sizeof(s->detail));
}

static void count_due(void *context, const struct watched_due *due)
{
	(void)due;
	((struct seen *)context)->due++;
}

static void judge(const struct doctor *d, const struct seen *s, struct doctor_finding *f)
{
	const int64_t now = d->cli->now;

	if (!s->ran && s->due == 0)
		doctor_find(f, DOCTOR_OK, NULL, "there is no domain to be watched");
	else if (!s->ran)
		doctor_find(f, DOCTOR_WARNING, enable,
			    "the registries of %zu domains were never asked: a hold is not noticed",
			    s->due);
	else if (s->at < now - (int64_t)STALE_HOURS * HOUR)
		doctor_find(f, DOCTOR_WARNING, enable,
			    "the registries were last asked %lld hours ago",
			    (long long)(now - s->at) / HOUR);
	else if (s->good_at < now - (int64_t)STALE_HOURS * HOUR)
		doctor_find(f, DOCTOR_WARNING, "keepname watch --dry-run says why",
			    "nothing is learned from zones and registries: %s", s->detail);
	else
		doctor_find(f, DOCTOR_OK, NULL, "the registries were asked %lld hours ago: %s",
			    (long long)(now - s->good_at) / HOUR, s->detail);
	if (s->ran && access(d->cli->config->rdap_bootstrap, R_OK) != 0)
		doctor_find(
		    f, DOCTOR_WARNING,
		    "keepname watch --bootstrap https://data.iana.org/rdap/dns.json",
		    "most registries are not asked: there is only the sample that says which "
		    "there are");
}

void doctor_watch(struct doctor *d, struct doctor_finding *f)
{
	struct seen seen = {0};
	struct store *store;
	char why[256];

	if (store_open(d->cli->config->database, STORE_READ, READ_WAIT_MS, &store, why) !=
	    STORE_OK) {
		doctor_find(f, DOCTOR_UNKNOWN, NULL, "%s", why);
		return;
	}
	if (runs_each(store, take_run, &seen) != STORE_OK ||
	    watched_each_due(store, false, count_due, &seen) != STORE_OK)
		doctor_find(f, DOCTOR_UNKNOWN, NULL, "%s", store_error(store));
	else
		judge(d, &seen, f);
	store_close(store);
}
