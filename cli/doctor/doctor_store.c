/* SPDX-License-Identifier: BSD-2-Clause */
/* doctor_store.c - database, spool, disks, the clock, and how old the lists are. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include "cli/doctor/doctor.h"
#include "db/schema.h"
#include "db/spool.h"
#include "rules/core/lint.h"

enum {
	WAIT_MS = 5000,
	DAY = 86400,
	LIST_AGE_DAYS = 400,     /* a release a year, and a month to install it */
	NOT_SEEN_DAYS = 2 * 365, /* as the linter has it */
	MANY_NOT_SEEN = 25,      /* in a hundred */
	DISK_LEAST_MB = 32,      /* a spool and a hundred thousand records */
	DISK_LOW_MB = 256,
	AHEAD = 3600, /* s that a file may be ahead of the clock */
};

/* -- database ------------------------------------------------------------------------------- */

static void name_of(uid_t uid, char to[64])
{
	const struct passwd *p = getpwuid(uid);

	if (p != NULL)
		snprintf(to, 64, "%s", p->pw_name);
	else
		snprintf(to, 64, "uid %lu", (unsigned long)uid);
}

/* Whose the daemon's files must be: the user of keepname.conf, or the owner of the folder. */
static bool daemon_uid(const struct config *config, const char *folder, uid_t *ret_uid)
{
	const struct passwd *p = config->user[0] != '\0' ? getpwnam(config->user) : NULL;
	struct stat st;

	if (p != NULL) {
		*ret_uid = p->pw_uid;
		return true;
	}
	if (config->user[0] != '\0' || stat(folder, &st) != 0)
		return false;
	*ret_uid = st.st_uid;
	return true;
}

/* Whether a file of the daemon's belongs to it. */
static void check_owner(const struct doctor *d, struct doctor_finding *f, const char *path)
{
	char *copy = strdup(path), is[64], should[64], todo[512];
	struct stat st;
	uid_t uid;

	if (copy != NULL && stat(path, &st) == 0 &&
	    daemon_uid(d->cli->config, dirname(copy), &uid) && st.st_uid != uid && uid != 0) {
		name_of(st.st_uid, is);
		name_of(uid, should);
		snprintf(todo, sizeof(todo), "chown %s: %.300s", should, path);
		doctor_find(f, DOCTOR_CRITICAL, todo, "%s belongs to %s, and the daemon is %s",
			    path, is, should);
	}
	free(copy);
}

static void check_content(const struct doctor *d, struct doctor_finding *f)
{
	const char *path = d->cli->config->database;
	struct store *store;
	char why[256];
	enum store_status status = store_open(path, STORE_READ, WAIT_MS, &store, why);

	if (status != STORE_OK) {
		doctor_find(f, status == STORE_BUSY ? DOCTOR_WARNING : DOCTOR_CRITICAL, NULL, "%s",
			    why);
		return;
	}
	if (store_quick_check(store, why) != STORE_OK)
		doctor_find(f, DOCTOR_CRITICAL,
			    "stop the daemon, and put back a copy: sqlite3's .recover may help",
			    "%s is damaged: %s", path, why);
	store_close(store);
	if (f->state != DOCTOR_OK || access(path, W_OK) != 0)
		return;
	status = store_open(path, STORE_WRITE, WAIT_MS, &store, why);
	if (status == STORE_OK && store_can_write(store) != STORE_OK)
		doctor_find(f, DOCTOR_CRITICAL, NULL, "%s cannot be written: %s", path,
			    store_error(store));
	else if (status != STORE_OK)
		doctor_find(f, DOCTOR_CRITICAL, NULL, "%s", why);
	if (status == STORE_OK)
		store_close(store);
}

void doctor_database(struct doctor *d, struct doctor_finding *f)
{
	const char *path = d->cli->config->database;
	const enum schema_state schema_unknown = SCHEMA_ERROR;
	int version = 0;
	const enum schema_state state = schema_look_file(path, &version);

	if (state == schema_unknown) {
		doctor_find(f, errno == EACCES ? DOCTOR_UNKNOWN : DOCTOR_CRITICAL,
			    errno == EACCES ? "run it as root" : NULL, "%s: %s", path,
			    strerror(errno));
	} else if (state == SCHEMA_EMPTY) {
		doctor_find(f, DOCTOR_CRITICAL, "systemctl start keepname-milter, which makes it",
			    "%s: there is no database yet", path);
	} else if (state == SCHEMA_NOT_OURS || state == SCHEMA_NEWER) {
		doctor_find(f, DOCTOR_CRITICAL, "see database in keepname.conf",
			    state == SCHEMA_NEWER ? "%s is of a later version of keepname (%d)"
						  : "%s is no database of keepname's (%d)",
			    path, version);
	} else if (state == SCHEMA_OLDER) {
		doctor_find(f, DOCTOR_WARNING, "systemctl restart keepname-milter",
			    "%s has version %d, and %d is ours: the daemon that runs is an older "
			    "one",
			    path, version, schema_version());
	} else {
		check_owner(d, f, path);
		check_content(d, f);
		if (f->state == DOCTOR_OK)
			doctor_find(f, DOCTOR_OK, NULL, "%s is sound, version %d", path, version);
	}
}

/* -- spool ---------------------------------------------------------------------------------- */

void doctor_spool(struct doctor *d, struct doctor_finding *f)
{
	const char *folder = d->cli->config->spool;
	struct spool *spool;
	struct str path = {0};
	struct stat st;
	int error;

	str_printf(&path, "%s/records.spool", folder);
	if (stat(folder, &st) != 0 || stat(str_text(&path), &st) != 0) {
		error = errno;
		doctor_find(f, error == EACCES ? DOCTOR_UNKNOWN : DOCTOR_WARNING,
			    error == EACCES ? "run it as root"
					    : "systemctl start keepname-milter, which makes it",
			    "%s: %s", str_text(&path), strerror(error));
		str_free(&path);
		return;
	}
	check_owner(d, f, str_text(&path));
	error = access(str_text(&path), R_OK | W_OK) == 0 ? spool_open(folder, &spool) : errno;
	if (error == 0) {
		/* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): spool_open() has set it */
		const size_t count = spool_count(spool);

		spool_close(spool);
		if (count > 0)
			doctor_find(f, DOCTOR_WARNING,
				    "start the daemon, which puts them into the database",
				    "%zu records wait in the spool", count);
		else
			doctor_find(f, DOCTOR_OK, NULL, "the spool is empty");
	} else if (error == EWOULDBLOCK) {
		doctor_find(f, DOCTOR_OK, NULL, "the daemon has the spool in hand");
	} else if (error == EACCES) {
		doctor_find(f, DOCTOR_UNKNOWN, "run it as root", "%s: %s", str_text(&path),
			    strerror(error));
	} else {
		doctor_find(f, DOCTOR_CRITICAL, NULL, "%s: %s", str_text(&path),
			    error == EBADMSG ? "is no spool, or damaged" : strerror(error));
	}
	str_free(&path);
}

/* -- disks ---------------------------------------------------------------------------------- */

static void check_disk(struct doctor_finding *f, const char *path)
{
	struct statvfs v;
	unsigned long long mb;

	if (statvfs(path, &v) != 0) {
		doctor_find(f, DOCTOR_UNKNOWN, NULL, "%s: %s", path, strerror(errno));
		return;
	}
	mb = (unsigned long long)v.f_bavail * v.f_frsize / 1024 / 1024;
	if (v.f_flag & ST_RDONLY)
		doctor_find(f, DOCTOR_CRITICAL, NULL, "%s is on a file system that is read only",
			    path);
	else if (mb < DISK_LEAST_MB || (v.f_files > 0 && v.f_favail == 0))
		doctor_find(f, DOCTOR_CRITICAL, "make room", "%s: %llu MB are free", path, mb);
	else
		doctor_find(f, mb < DISK_LOW_MB ? DOCTOR_WARNING : DOCTOR_OK, NULL,
			    "%s: %llu MB are free", path, mb);
}

void doctor_disk(struct doctor *d, struct doctor_finding *f)
{
	char *copy = strdup(d->cli->config->database);

	if (copy != NULL)
		check_disk(f, dirname(copy));
	check_disk(f, d->cli->config->spool);
	free(copy);
}

/* -- clock ---------------------------------------------------------------------------------- */

/* A file of ours that is newer than now: the clock was ahead when it was written, or is behind. */
static void check_against(const struct doctor *d, struct doctor_finding *f, const char *path)
{
	char is[21], now[21];
	struct stat st;

	if (stat(path, &st) != 0 || st.st_mtime <= d->cli->now + AHEAD)
		return;
	str_time(st.st_mtime, is);
	str_time(d->cli->now, now);
	doctor_find(f, DOCTOR_CRITICAL, "set the clock, and keep it by NTP",
		    "it is %s here, and %s was written at %s", now, path, is);
}

void doctor_clock(struct doctor *d, struct doctor_finding *f)
{
	struct timex t = {0};
	const int state = adjtimex(&t);

	check_against(d, f, d->cli->config->database);
	check_against(d, f, d->cli->config->lists);
	if (state < 0)
		doctor_find(f, DOCTOR_UNKNOWN, NULL, "the kernel does not say: %s",
			    strerror(errno));
	else if (t.status & STA_UNSYNC)
		doctor_find(f, DOCTOR_WARNING, "systemctl enable --now systemd-timesyncd",
			    "nothing keeps the clock right: mail is fresh, and deadlines are near, "
			    "by it");
	else
		doctor_find(f, DOCTOR_OK, NULL, "the clock is kept right");
}

/* -- lists ---------------------------------------------------------------------------------- */

/* The last day of "2026-08", as Unix seconds; 0 for what says no month. */
static int64_t last_day(const char *month)
{
	char text[24];
	int64_t first;

	if (month == NULL || strlen(month) < 7 ||
	    snprintf(text, sizeof(text), "%.7s-01T00:00:00Z", month) < 0 ||
	    !str_to_time(slice_of(text), &first))
		return 0;
	return first + 31 * (int64_t)DAY;
}

void doctor_lists(struct doctor *d, struct doctor_finding *f)
{
	struct list *list = cli_list(d->cli);
	size_t enabled = 0, old = 0;
	int64_t newest = 0;

	if (list == NULL) {
		doctor_find(f, DOCTOR_CRITICAL, "keepname senders test", "there is no list to use");
		return;
	}
	for (size_t i = 0; i < list_count(list); i++) {
		const struct sender *s = list_at(list, i);
		const int64_t seen = last_day(s->last_seen);

		if (!s->enabled)
			continue;
		enabled++;
		old += seen != 0 && seen < d->cli->now - NOT_SEEN_DAYS * (int64_t)DAY;
		newest = !s->local && seen > newest ? seen : newest;
	}
	list_free(list);
	if (enabled == 0)
		doctor_find(f, DOCTOR_CRITICAL, "keepname senders list",
			    "no sender is enabled: nothing can be genuine");
	if (newest != 0 && newest < d->cli->now - LIST_AGE_DAYS * (int64_t)DAY)
		doctor_find(f, DOCTOR_WARNING, "install a newer keepname",
			    "the newest entry of the shipped list was seen %lld days ago",
			    (long long)(d->cli->now - newest) / DAY);
	if (old * 100 > enabled * MANY_NOT_SEEN)
		doctor_find(f, DOCTOR_WARNING, "keepname senders test names them",
			    "%zu of %zu enabled senders were not seen for two years", old, enabled);
	if (f->state == DOCTOR_OK)
		doctor_find(f, DOCTOR_OK, NULL,
			    "%zu senders are enabled, %zu of them not seen for two years", enabled,
			    old);
}
