/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * restore.c - keepname restore: a backup in place of the database.
 *
 * The backup is taken out beside the database and checked before anything is touched. Then:
 *
 *   0. the backup is brought up to the present schema, beside
 *   1. the database's write-ahead log is put into it, so that it is one file
 *   2. that file gets a second name, NAME.replaced-TIME
 *   3. the new one takes the first name, by rename(2)
 *
 * Whoever is killed between two of these leaves the old database or the new one under its name,
 * whole. A damaged database, of which step 1 fails, is kept with its log under the second name. The
 * spool's lock is held all the while, so no daemon runs or starts; what waits in the spool is newer
 * than the backup and is replayed by the daemon that starts next.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/backup/backup.h"
#include "db/spool.h"

struct restoring {
	const struct cli *cli;
	const char *file;
	bool dry_run;
	struct backup_room room;
	struct backup_found found; /* the backup */
	struct copy_facts before;  /* of what it replaces */
	bool had, readable;        /* there is a database; it is sound */
	char kept[4200];           /* its second name */
};

/* Held until the process ends, since closing it would let a daemon in. */
static int lock_out_daemon(const struct restoring *r, struct spool **ret_spool)
{
	char file[4200];
	int error;

	/* Where no daemon has been there is no spool, and we do not make one: it would be ours. */
	snprintf(file, sizeof(file), "%.4000s/records.spool", r->cli->config->spool);
	if (access(file, F_OK) != 0)
		return CLI_DONE;
	error = spool_open(r->cli->config->spool, ret_spool);
	if (error == EWOULDBLOCK)
		return cli_trouble("restore", "keepname-milter runs: stop it first (systemctl stop "
					      "keepname-milter); mail flows unmarked meanwhile");
	if (error != 0)
		return cli_trouble("restore", "%s: %s", r->cli->config->spool, strerror(error));
	return CLI_DONE;
}

/* The backup is of an older schema, perhaps. The daemon would bring it up; done here, before
 * anything is touched, it is one step less that can fail afterwards. */
static int bring_up(const struct restoring *r)
{
	struct store *store;
	char why[256];

	if (store_open(r->room.database, STORE_WRITE, BACKUP_WAIT_MS, &store, why) != STORE_OK)
		return cli_trouble("restore", "%s", why);
	store_close(store);
	return CLI_DONE;
}

/* -- replacing ------------------------------------------------------------------------------ */

static void side(const char *path, const char *ending, char to[4300])
{
	snprintf(to, 4300, "%.4200s%s", path, ending);
}

/* A second name for the old one; with its log, where that is still needed to read it. */
static int keep_old(struct restoring *r)
{
	static const char *const endings[] = {"", "-wal"};
	const char *path = r->cli->config->database;
	const time_t now = (time_t)r->cli->now;
	char when[24] = "", why[256], from[4300], to[4300];
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(when, sizeof(when), "%Y%m%dT%H%M%SZ", &tm);
	snprintf(r->kept, sizeof(r->kept), "%.4000s.replaced-%s", path, when);
	if (r->readable && copy_settle(path, why) != STORE_OK)
		return cli_trouble("restore", "%s", why);
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		side(path, endings[i], from);
		side(r->kept, endings[i], to);
		if (link(from, to) != 0 && errno != ENOENT)
			return cli_trouble("restore", "%s: %s", to, strerror(errno));
	}
	return CLI_DONE;
}

/* Whose the database is to be: the owner of its folder, as the daemon makes it. */
static bool own(const char *path, const char *folder)
{
	struct stat st;

	return chmod(path, 0640) == 0 && stat(folder, &st) == 0 &&
	       (geteuid() != 0 || chown(path, st.st_uid, st.st_gid) == 0);
}

static int replace(struct restoring *r, const char *folder)
{
	const char *path = r->cli->config->database;
	char log[4300], memory[4300];
	int error;

	side(path, "-wal", log);
	side(path, "-shm", memory);
	if (!own(r->room.database, folder))
		return cli_trouble("restore", "%s: %s", r->room.database, strerror(errno));
	/* The old log is empty, or kept: it must not be taken for the new one's. */
	if ((unlink(log) != 0 && errno != ENOENT) || (unlink(memory) != 0 && errno != ENOENT))
		return cli_trouble("restore", "%s: %s", log, strerror(errno));
	error = rename(r->room.database, path) == 0 ? backup_sync_folder(folder) : errno;
	return error == 0 ? CLI_DONE : cli_trouble("restore", "%s: %s", path, strerror(error));
}

/* -- what to do next ------------------------------------------------------------------------ */

static void say_what_is_missing(const struct restoring *r)
{
	const time_t made = (time_t)r->found.archive.made;
	char from[CLI_TIME_TEXT], to[CLI_TIME_TEXT], day[16] = "";
	struct tm tm;

	/* A mail may have been judged a while after it came; the day before costs little. */
	const time_t since = made - 86400;
	localtime_r(&since, &tm);
	strftime(day, sizeof(day), "%F", &tm);
	printf("Missing is what came between %s and %s.\n", cli_time(r->found.archive.made, from),
	       cli_time(r->cli->now, to));
	if (r->had && r->readable)
		printf("What the replaced database knows of it:\n"
		       "  keepname export --database %s - | keepname import -\n",
		       r->kept);
	printf("What the mailboxes know of it:\n"
	       "  keepname scan --record --since %s /var/vmail\n"
	       "Then start the daemon: systemctl start keepname-milter\n",
	       day);
}

static int restore(struct restoring *r)
{
	char folder[4096], when[CLI_TIME_TEXT];
	struct spool *spool = NULL;
	int status = CLI_DONE;

	printf("The backup of %s holds %lld mails and %lld pendings, %lld of them not settled.\n",
	       cli_time(r->found.archive.made, when), (long long)r->found.facts.messages,
	       (long long)r->found.facts.pendings, (long long)r->found.facts.unsettled);
	if (r->had && r->readable)
		printf(
		    "The database that it would replace holds %lld mails and %lld pendings, %lld "
		    "of them not settled.\n",
		    (long long)r->before.messages, (long long)r->before.pendings,
		    (long long)r->before.unsettled);
	else if (r->had)
		printf("The database that it would replace is damaged.\n");
	if (r->dry_run)
		return CLI_DONE;
	status = lock_out_daemon(r, &spool);
	if (status == CLI_DONE)
		status = bring_up(r);
	if (status == CLI_DONE && r->had)
		status = keep_old(r);
	if (status == CLI_DONE)
		status = replace(r, backup_folder(r->cli->config->database, folder));
	if (status == CLI_DONE) {
		if (r->had)
			printf("Restored. The replaced database is %s.\n", r->kept);
		else
			printf("Restored.\n");
		say_what_is_missing(r);
	}
	spool_close(spool);
	return status;
}

int restore_run(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
	    {"dry-run", no_argument, NULL, 'n'},
	    {NULL, 0, NULL, 0},
	};
	struct restoring r = {.cli = cli};
	char folder[4096], why[256];
	struct stat st;
	int c, status;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c != 'n')
			return cli_usage("restore");
		r.dry_run = true;
	}
	if (optind + 1 != argc)
		return cli_usage("restore");
	r.file = argv[optind];
	r.had = stat(cli->config->database, &st) == 0;
	status = backup_room_open("restore", backup_folder(cli->config->database, folder), &r.room);
	if (status != CLI_DONE)
		return status;
	status = backup_unpack("restore", r.file, &r.room, &r.found);
	r.readable = r.had && copy_check(cli->config->database, &r.before, why) == STORE_OK;
	if (status == CLI_DONE)
		status = restore(&r);
	str_free(&r.found.configuration);
	backup_room_close(&r.room);
	return status;
}
