/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * backup.c - keepname backup and verify.
 *
 * The copy is made beside where it goes, checked page by page, and only then takes its name, or is
 * given to a command; what was there before is replaced by a whole one or stays. Old ones are
 * removed after that, never before.
 */
#include "cli/backup/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/outside.h"
#include "db/runs.h"

#define NAME_FIRST "keepname-"
#define NAME_LAST  ".backup"

enum {
	COMMAND_SECONDS = 3600, /* for the command that takes it away */
};

/* -- places --------------------------------------------------------------------------------- */

const char *backup_folder(const char *path, char to[static 4096])
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		snprintf(to, 4096, ".");
	else if (slash == path)
		snprintf(to, 4096, "/");
	else
		snprintf(to, 4096, "%.*s", (int)(slash - path), path);
	return to;
}

int backup_sync_folder(const char *folder)
{
	const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error = fd < 0 ? errno : 0;

	if (fd >= 0 && fsync(fd) != 0)
		error = errno;
	if (fd >= 0)
		close(fd);
	return error;
}

int backup_room_open(const char *command, const char *parent, struct backup_room *ret_room)
{
	snprintf(ret_room->folder, sizeof(ret_room->folder), "%.4000s/.keepname-XXXXXX", parent);
	if (mkdtemp(ret_room->folder) == NULL)
		return cli_trouble(command, "%s: %s", parent, strerror(errno));
	snprintf(ret_room->database, sizeof(ret_room->database), "%s/database", ret_room->folder);
	snprintf(ret_room->archive, sizeof(ret_room->archive), "%s/backup", ret_room->folder);
	return CLI_DONE;
}

void backup_room_close(const struct backup_room *room)
{
	static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
	char side[4300];

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		snprintf(side, sizeof(side), "%s%s", room->database, endings[i]);
		unlink(side);
	}
	unlink(room->archive);
	rmdir(room->folder);
}

/* -- making --------------------------------------------------------------------------------- */

/* The database with what waits in the spool, into room->database, checked. */
static int copy(const struct cli *cli, const struct backup_room *room)
{
	struct copy_waiting waiting = {0};
	struct copy_facts facts;
	char why[256];
	const int error = copy_look_at_spool(cli->config->spool, &waiting);
	int status = CLI_DONE;

	/* Better a backup without it than none. */
	if (error != 0)
		cli_trouble("backup", "what waits in %s is not in it: %s", cli->config->spool,
			    strerror(error));
	if (copy_make(cli->config->database, room->database, BACKUP_WAIT_MS, why) != STORE_OK ||
	    (error == 0 && copy_add(room->database, &waiting, why) != STORE_OK) ||
	    copy_check(room->database, &facts, why) != STORE_OK)
		status = cli_trouble("backup", "%s", why);
	str_free(&waiting.packed);
	return status;
}

/* Into room->archive, durable. */
static int pack(const struct cli *cli, const struct backup_room *room)
{
	struct archive a = {.made = cli->now};
	struct str text = {0};
	int fd = -1, error = str_read_file(cli->config->path, LIMIT_CONFIG_BYTES, &text);
	const struct slice configuration = {str_text(&text), text.n};

	if (error != 0)
		return cli_trouble("backup", "%s: %s", cli->config->path, strerror(error));
	if (copy(cli, room) != CLI_DONE) {
		str_free(&text);
		return CLI_TROUBLE;
	}
	snprintf(a.host, sizeof(a.host), "%s", cli->config->authserv_id.item[0]);
	error = archive_measure(configuration, room->database, &a);
	if (error == 0) {
		fd = open(room->archive, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
		error = fd < 0 ? errno : archive_write(&a, configuration, room->database, fd);
	}
	if (error == 0 && fsync(fd) != 0)
		error = errno;
	if (fd >= 0 && close(fd) != 0 && error == 0)
		error = errno;
	unlink(room->database);
	str_free(&text);
	return error == 0 ? CLI_DONE
			  : cli_trouble("backup", "%s: %s", room->archive, strerror(error));
}

static int to_file(const struct cli *cli, const char *file)
{
	struct backup_room room;
	char folder[4096];
	int error, status = backup_room_open("backup", backup_folder(file, folder), &room);

	if (status != CLI_DONE)
		return status;
	status = pack(cli, &room);
	if (status == CLI_DONE) {
		error = rename(room.archive, file) == 0 ? backup_sync_folder(folder) : errno;
		if (error != 0)
			status = cli_trouble("backup", "%s: %s", file, strerror(error));
	}
	backup_room_close(&room);
	return status;
}

/* Where a copy that goes elsewhere is made first. */
static const char *temporary_folder(void)
{
	const char *folder = getenv("TMPDIR");

	return folder != NULL && folder[0] == '/' ? folder : "/var/tmp";
}

static int to_output(const struct cli *cli)
{
	struct backup_room room;
	char block[65536];
	size_t n;
	FILE *from;
	int status;

	if (isatty(STDOUT_FILENO))
		return cli_trouble("backup", "a terminal is no place for a backup");
	status = backup_room_open("backup", temporary_folder(), &room);
	if (status != CLI_DONE)
		return status;
	status = pack(cli, &room);
	from = status == CLI_DONE ? fopen(room.archive, "re") : NULL;
	while (from != NULL && (n = fread(block, 1, sizeof(block), from)) > 0)
		fwrite(block, 1, n, stdout);
	if (status == CLI_DONE &&
	    (from == NULL || ferror(from) != 0 || fflush(stdout) != 0 || ferror(stdout) != 0))
		status = cli_trouble("backup", "standard output: %s", strerror(errno));
	if (from != NULL)
		fclose(from);
	backup_room_close(&room);
	return status;
}

/* Its standard input is the backup; its exit status says whether it has arrived. */
static int to_command(const struct cli *cli, const char *command)
{
	struct backup_room room;
	struct outside o = {0};
	struct str words = {0};
	int status = backup_room_open("backup", temporary_folder(), &room);

	if (status != CLI_DONE)
		return status;
	const char *const argv[] = {"sh",         "-c",    "exec <\"$0\"; eval \"$1\"",
				    room.archive, command, NULL};

	status = pack(cli, &room);
	if (status == CLI_DONE && outside_run(argv, COMMAND_SECONDS, &o) != 0) {
		outside_words(&o, &words);
		status = cli_trouble("backup", "\"%s\" %s%s%s", command,
				     o.status == OUTSIDE_SLOW ? "took too long and was ended"
							      : "did not take the backup",
				     words.n > 0 ? ": " : "", str_text(&words));
	}
	outside_free(&o);
	str_free(&words);
	backup_room_close(&room);
	return status;
}

/* -- a folder of them ----------------------------------------------------------------------- */

static bool is_ours(const char *name)
{
	const size_t n = strlen(name), first = strlen(NAME_FIRST), last = strlen(NAME_LAST);

	/* keepname-20261127T031000Z.backup */
	return n == first + 16 + last && strncmp(name, NAME_FIRST, first) == 0 &&
	       strcmp(name + n - last, NAME_LAST) == 0 &&
	       strspn(name + first, "0123456789TZ") == 16;
}

static int chosen(const struct dirent *d)
{
	return is_ours(d->d_name);
}

/* The newest `keep` stay. */
static int rotate(const char *folder, long keep)
{
	struct dirent **list;
	const int count = scandir(folder, &list, chosen, alphasort);
	int status = CLI_DONE;

	if (count < 0)
		return cli_trouble("backup", "%s: %s", folder, strerror(errno));
	for (int i = 0; i < count; i++) {
		char path[4600];

		snprintf(path, sizeof(path), "%.4000s/%s", folder, list[i]->d_name);
		if (i < count - keep && unlink(path) != 0)
			status = cli_trouble("backup", "%s: %s", path, strerror(errno));
		free(list[i]);
	}
	free(list);
	return status;
}

static int to_folder(const struct cli *cli, const char *folder)
{
	const time_t now = (time_t)cli->now;
	char file[4200], when[24] = "";
	struct tm tm;
	int status;

	gmtime_r(&now, &tm);
	strftime(when, sizeof(when), "%Y%m%dT%H%M%SZ", &tm);
	snprintf(file, sizeof(file), "%.4000s/" NAME_FIRST "%s" NAME_LAST, folder, when);
	status = to_file(cli, file);
	return status == CLI_DONE ? rotate(folder, cli->config->backup_keep) : status;
}

/* -- the commands --------------------------------------------------------------------------- */

/* What digest, doctor and metrics say of it. A database that cannot be written to has been backed
 * up all the same; one that is not there is not made. */
static bool note(const struct cli *cli, const char *where, bool begins, bool good)
{
	struct store *store = NULL;
	char why[256];
	enum store_status status;

	if (access(cli->config->database, F_OK) != 0)
		return true;
	status = store_open(cli->config->database, STORE_WRITE, BACKUP_WAIT_MS, &store, why);
	if (status == STORE_OK)
		status = begins ? runs_begin(store, RUN_BACKUP, cli->now)
				: runs_note(store, RUN_BACKUP, good, where, cli->now);
	if (store != NULL)
		store_close(store);
	return status == STORE_OK;
}

static int make(const struct cli *cli, const char *command, const char *file,
		const char **ret_place)
{
	const char *place = cli->config->backup_to;

	if (file != NULL && strcmp(file, "-") == 0) {
		*ret_place = "standard output";
		return to_output(cli);
	}
	if (file != NULL) {
		*ret_place = file;
		return to_file(cli, file);
	}
	if (command != NULL || place[0] == '|') {
		*ret_place = command != NULL ? command : place + 1;
		return to_command(cli, *ret_place);
	}
	*ret_place = place;
	return to_folder(cli, place);
}

int backup_run(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
	    {"to", required_argument, NULL, 't'},
	    {NULL, 0, NULL, 0},
	};
	const char *command = NULL, *place = "";
	int c, status;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c != 't')
			return cli_usage("backup");
		command = optarg;
	}
	if (argc - optind > 1 || (command != NULL && optind != argc))
		return cli_usage("backup");
	/* The timer runs whether or not the site wants backups. */
	if (optind == argc && command == NULL && cli->config->backup_to[0] == '\0') {
		if (isatty(STDERR_FILENO))
			fprintf(stderr, "keepname backup: backup_to of %s names no place\n",
				cli->config->path);
		return CLI_DONE;
	}
	note(cli, "", true, false);
	status = make(cli, command, optind < argc ? argv[optind] : NULL, &place);
	if (!note(cli, place, false, status == CLI_DONE))
		cli_trouble("backup", "that it %s could not be noted",
			    status == CLI_DONE ? "was made" : "failed");
	return status;
}

int backup_unpack(const char *command, const char *file, const struct backup_room *room,
		  struct backup_found *ret_found)
{
	const bool input = strcmp(file, "-") == 0;
	const int from = input ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	int to, status = CLI_DONE;
	char why[256] = "";

	if (from < 0)
		return cli_trouble(command, "%s: %s", file, strerror(errno));
	to = open(room->database, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	if (to < 0)
		status = cli_trouble(command, "%s: %s", room->database, strerror(errno));
	else if (!archive_take_out(from, to, &ret_found->archive, &ret_found->configuration, why) ||
		 fsync(to) != 0 || copy_check(room->database, &ret_found->facts, why) != STORE_OK) {
		cli_trouble(command, "%s: %s", file, why[0] != '\0' ? why : strerror(errno));
		status = CLI_NO;
	}
	if (to >= 0)
		close(to);
	if (!input)
		close(from);
	return status;
}

static int print_verified(const struct cli *cli, const struct archive *a,
			  const struct copy_facts *f)
{
	char made[CLI_TIME_TEXT], latest[CLI_TIME_TEXT];

	if (cli->json)
		return cli_print_json(json_pack(
		    "{s:o s:s s:s s:i s:I s:I s:I s:o}", "made", cli_json_time(a->made), "host",
		    a->host, "sha256", a->sum, "schema", f->schema, "messages",
		    (json_int_t)f->messages, "pendings", (json_int_t)f->pendings, "unsettled",
		    (json_int_t)f->unsettled, "latest", cli_json_time(f->latest)));
	printf("Sound: of %s, made %s (%lld days ago).\n", a->host, cli_time(a->made, made),
	       (long long)((cli->now - a->made) / 86400));
	printf("%lld mails, %lld pendings, %lld of them not settled; the last change is of %s.\n",
	       (long long)f->messages, (long long)f->pendings, (long long)f->unsettled,
	       f->latest != 0 ? cli_time(f->latest, latest) : "never");
	return CLI_DONE;
}

int verify_run(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
	    {"configuration", no_argument, NULL, 'c'},
	    {NULL, 0, NULL, 0},
	};
	struct backup_room room;
	struct backup_found found = {0};
	bool configuration = false;
	int c, status;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c != 'c')
			return cli_usage("verify");
		configuration = true;
	}
	if (optind + 1 != argc)
		return cli_usage("verify");
	status = backup_room_open("verify", temporary_folder(), &room);
	if (status != CLI_DONE)
		return status;
	status = backup_unpack("verify", argv[optind], &room, &found);
	if (status == CLI_DONE && configuration)
		fwrite(str_text(&found.configuration), 1, found.configuration.n, stdout);
	else if (status == CLI_DONE)
		status = print_verified(cli, &found.archive, &found.facts);
	str_free(&found.configuration);
	backup_room_close(&room);
	return status;
}
