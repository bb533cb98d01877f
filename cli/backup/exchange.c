/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exchange.c - keepname export and import: the site's own rows as JSON Lines. The first line says
 * which format it is. An import is one transaction: a line that is wrong is named, and nothing has
 * happened.
 */
#include "db/exchange.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/backup/backup.h"
#include "db/senders.h"

#define FIRST_LINE "{\"keepname\":\"export\",\"version\":1}"

/* -- out ------------------------------------------------------------------------------------ */

static bool put_line(void *context, const char *json)
{
	FILE *to = context;

	fputs(json, to);
	return putc('\n', to) != EOF;
}

static int put_all(struct store *store, FILE *to)
{
	put_line(to, FIRST_LINE);
	if (exchange_each(store, put_line, to) != STORE_OK)
		return cli_trouble("export", "%s", store_error(store));
	if (fflush(to) != 0 || ferror(to))
		return cli_trouble("export", "%s", strerror(errno));
	return CLI_DONE;
}

/* Into a file of its own first. */
static int put_file(struct store *store, const char *file)
{
	struct backup_room room;
	char folder[4096];
	FILE *to;
	int status = backup_room_open("export", backup_folder(file, folder), &room);

	if (status != CLI_DONE)
		return status;
	to = fopen(room.archive, "wxe");
	if (to == NULL || fchmod(fileno(to), 0600) != 0)
		status = cli_trouble("export", "%s: %s", room.archive, strerror(errno));
	else
		status = put_all(store, to);
	if (to != NULL && (fsync(fileno(to)) != 0 || fclose(to) != 0) && status == CLI_DONE)
		status = cli_trouble("export", "%s: %s", file, strerror(errno));
	if (status == CLI_DONE &&
	    (rename(room.archive, file) != 0 || backup_sync_folder(folder) != 0))
		status = cli_trouble("export", "%s: %s", file, strerror(errno));
	backup_room_close(&room);
	return status;
}

int export_run(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
	    {"database", required_argument, NULL, 'd'},
	    {NULL, 0, NULL, 0},
	};
	const char *database = cli->config->database;
	struct store *store;
	char why[256];
	int c, status;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c != 'd')
			return cli_usage("export");
		database = optarg;
	}
	if (argc - optind > 1)
		return cli_usage("export");
	if (store_open(database, STORE_READ, BACKUP_WAIT_MS, &store, why) != STORE_OK)
		return cli_trouble("export", "%s", why);
	if (optind == argc || strcmp(argv[optind], "-") == 0)
		status = put_all(store, stdout);
	else
		status = put_file(store, argv[optind]);
	store_close(store);
	return status;
}

/* -- in ------------------------------------------------------------------------------------- */

struct importing {
	struct store *store;
	struct exchange *exchange;
	const char *file;
	uint64_t line;
	struct exchanged count;
};

static int say(const struct importing *i, const char *why)
{
	return cli_trouble("import", "%s:%llu: %s; nothing was imported", i->file,
			   (unsigned long long)i->line, why);
}

/* As SQLite is to see it: one object, each key once, no NUL, written anew by a strict writer. */
static int take_line(struct importing *i, const char *text, size_t n)
{
	json_error_t error;
	json_t *value = json_loadb(text, n, JSON_REJECT_DUPLICATES, &error);
	char *plain = json_is_object(value) ? json_dumps(value, JSON_COMPACT) : NULL;
	char why[256];
	int status = CLI_DONE;

	if (value == NULL) {
		snprintf(why, sizeof(why), "no JSON (%.180s)", error.text);
		status = say(i, why);
	} else if (plain == NULL) {
		status = say(i, "an object is expected");
	} else if (!exchange_take(i->exchange, plain, &i->count, why)) {
		status = say(i, why);
	}
	free(plain);
	json_decref(value);
	return status;
}

/* The next line without its end; of one that is too long, an octet more than the limit. Octets, -1
 * at the end. */
static ssize_t next_line(FILE *from, char line[static LIMIT_IMPORT_LINE + 1])
{
	ssize_t n = 0;
	int c = EOF;

	while (n <= LIMIT_IMPORT_LINE && (c = getc_unlocked(from)) != EOF && c != '\n')
		line[n++] = (char)c;
	return n == 0 && c == EOF ? -1 : n;
}

static int take_all(struct importing *i, FILE *from)
{
	static const char first[] = FIRST_LINE;
	char *line = malloc(LIMIT_IMPORT_LINE + 1);
	ssize_t n;
	int status = CLI_DONE;

	if (line == NULL)
		return say(i, strerror(ENOMEM));
	while (status == CLI_DONE && (n = next_line(from, line)) >= 0) {
		i->line++;
		if (n > LIMIT_IMPORT_LINE)
			status = say(i, "the line is too long (limit)");
		else if (i->line > 1)
			status = take_line(i, line, (size_t)n);
		else if (n != sizeof(first) - 1 || memcmp(line, first, sizeof(first) - 1) != 0)
			status =
			    say(i, "the first line of a keepname export is expected: " FIRST_LINE);
	}
	if (status == CLI_DONE && ferror(from))
		status = say(i, strerror(errno));
	else if (status == CLI_DONE && i->line == 0)
		status = say(i, "it is empty");
	free(line);
	return status;
}

/* How many faults the list of senders has. Its entries are texts, which only their parser knows. */
static int count_faults(const struct importing *i, struct diags *ret_diags)
{
	struct list *list = NULL;

	if (senders_load(i->store, &list, ret_diags) != STORE_OK)
		return cli_trouble("import", "%s", store_error(i->store));
	list_free(list);
	return CLI_DONE;
}

/* The lines, and whether the list of senders is then as sound as it was. */
static int take_and_look(struct importing *i, FILE *from)
{
	struct diags before = {0}, after = {0};
	int status = count_faults(i, &before);

	if (status == CLI_DONE)
		status = take_all(i, from);
	if (status == CLI_DONE)
		status = count_faults(i, &after);
	if (status == CLI_DONE && after.errors > before.errors) {
		diag_print(&after, stderr);
		status = cli_trouble("import",
				     "%s: with it the list of senders has faults; nothing was "
				     "imported",
				     i->file);
	}
	diag_free(&before);
	diag_free(&after);
	return status;
}

int import_run(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
	    {"dry-run", no_argument, NULL, 'n'},
	    {NULL, 0, NULL, 0},
	};
	struct importing i = {0};
	bool dry_run = false, piped;
	FILE *from;
	int c, status;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c != 'n')
			return cli_usage("import");
		dry_run = true;
	}
	if (optind + 1 != argc)
		return cli_usage("import");
	i.file = argv[optind];
	piped = strcmp(i.file, "-") == 0;
	from = piped ? stdin : fopen(i.file, "re");
	if (from == NULL)
		return cli_trouble("import", "%s: %s", i.file, strerror(errno));
	i.store = cli_store(cli, "import", STORE_WRITE);
	status = i.store != NULL ? CLI_DONE : CLI_TROUBLE;
	if (status == CLI_DONE && exchange_begin(i.store, &i.exchange) != STORE_OK)
		status = cli_trouble("import", "%s", store_error(i.store));
	else if (status == CLI_DONE) {
		status = take_and_look(&i, from);
		if (exchange_end(i.exchange, status == CLI_DONE && !dry_run) != STORE_OK)
			status =
			    cli_trouble("import", "%s; nothing was imported", store_error(i.store));
	}
	if (status == CLI_DONE)
		printf("%lld rows, %lld of them new (%lld pendings)%s.\n", (long long)i.count.rows,
		       (long long)i.count.fresh, (long long)i.count.pendings,
		       dry_run ? "; nothing was changed" : "");
	if (i.store != NULL)
		store_close(i.store);
	if (!piped)
		fclose(from);
	return status;
}
