/* SPDX-License-Identifier: BSD-2-Clause */
/* command.c - see command.h. */
#include "cli/command.h"

#include <errno.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "db/senders.h"
#include "judge/rulefiles.h"
#include "rules/core/utf8.h"

enum {
	LOCK_WAIT_MS = 10000, /* the daemon's writer holds the database for milliseconds */
	DAY = 86400,
};

int cli_trouble(const char *command, const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "keepname %s: ", command);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	return CLI_TROUBLE;
}

int cli_usage(const char *command)
{
	for (size_t i = 0; i < command_count; i++) {
		const struct command *c = &command_table[i];

		if (strcmp(c->name, command) == 0)
			fprintf(stderr, "Usage: keepname [-c FILE] [--json] %s %s\n%s", c->name,
				c->arguments, c->help);
	}
	return CLI_TROUBLE;
}

struct store *cli_store(const struct cli *cli, const char *command, enum store_access access)
{
	const char *path = cli->config->database;
	enum store_status status = STORE_MISSING;
	struct store *store;
	struct stat st;
	char why[256];

	/* Made here it would belong to whoever runs this, and be of no use to the daemon. */
	if (stat(path, &st) != 0 && errno == ENOENT)
		snprintf(why, sizeof(why), "%s: there is no database yet", path);
	else
		status = store_open(path, access, LOCK_WAIT_MS, &store, why);
	if (status == STORE_OK)
		return store;
	cli_trouble(command, "%s", why);
	if (status == STORE_MISSING)
		fprintf(stderr, "The daemon keepname-milter makes it when it first starts.\n");
	return NULL;
}

struct list *cli_list(const struct cli *cli)
{
	struct diags diags = {0};
	int64_t generation;
	bool refused = false;
	struct list *list = senders_current(cli->config->database, &generation, &refused, &diags);

	if (list == NULL && !refused)
		list = rulefiles_list(cli->config->lists, true, &diags);
	diag_print(&diags, stderr);
	diag_free(&diags);
	return list;
}

static int read_standard_input(struct str *to)
{
	char chunk[65536];
	size_t n;

	while ((n = fread(chunk, 1, sizeof(chunk), stdin)) > 0) {
		if (to->n + n > CLI_MAIL_MOST)
			return EFBIG;
		str_add(to, chunk, n);
	}
	return ferror(stdin) ? EIO : to->failed ? ENOMEM : 0;
}

int cli_read_mail(const char *command, const char *file, struct str *ret_text)
{
	const int error = strcmp(file, "-") == 0 ? read_standard_input(ret_text)
						 : str_read_file(file, CLI_MAIL_MOST, ret_text);

	return error == 0 ? CLI_DONE : cli_trouble(command, "%s: %s", file, strerror(error));
}

const char *cli_actor(char to[static 64])
{
	const char *sudo = getenv("SUDO_USER");
	const struct passwd *user = getpwuid(getuid());

	if (sudo != NULL && sudo[0] != '\0' && getuid() == 0)
		snprintf(to, 64, "%s", sudo);
	else if (user != NULL)
		snprintf(to, 64, "%s", user->pw_name);
	else
		snprintf(to, 64, "uid %ld", (long)getuid());
	return to;
}

static int print_json(json_t *value, size_t flags)
{
	int rc;

	if (value == NULL)
		return cli_trouble("--json", "memory is short");
	rc = json_dumpf(value, stdout, flags);
	putchar('\n');
	json_decref(value);
	return rc == 0 ? CLI_DONE : CLI_TROUBLE;
}

int cli_print_json(json_t *value)
{
	return print_json(value, JSON_INDENT(2));
}

int cli_print_json_line(json_t *value)
{
	return print_json(value, JSON_COMPACT);
}

struct str *cli_plain(const char *text, size_t most, struct str *to)
{
	struct slice rest = slice_of(text);
	uint32_t c;

	for (size_t n, width; rest.n > 0; rest.p += n, rest.n -= n) {
		n = utf8_next(rest, &c);
		const bool good = n > 0 && utf8_is_printable_char(c);

		n = n > 0 ? n : 1;
		width = good ? n : 1;
		if (width > most) {
			str_puts(to, "...");
			break;
		}
		str_add(to, good ? rest.p : "?", width);
		most -= width;
	}
	return to;
}

json_t *cli_json_text(const char *text)
{
	struct str plain = {0};
	json_t *value;

	if (text == NULL || text[0] == '\0')
		return json_null();
	value = json_string(text);
	if (value == NULL)
		value = json_string(str_text(cli_plain(text, strlen(text), &plain)));
	str_free(&plain);
	return value;
}

json_t *cli_json_time(int64_t when)
{
	char text[21];

	if (when == 0)
		return json_null();
	str_time(when, text);
	return json_string(text);
}

json_t *cli_json_reasons(const struct decision *d)
{
	json_t *array = json_array();

	for (int i = 0; i < REASON_COUNT; i++)
		if ((d->reasons & 1u << i) != 0)
			json_array_append_new(array, json_string(reason_name((enum reason)i)));
	return array;
}

json_t *cli_json_domains(const struct finding *f)
{
	json_t *array = json_array();

	for (uint32_t i = 0; i < f->domain_kept; i++)
		json_array_append_new(array, json_string(f->domain[i]));
	return array;
}

const char *cli_time(int64_t when, char to[static CLI_TIME_TEXT])
{
	const time_t t = (time_t)when;
	struct tm tm;

	if (localtime_r(&t, &tm) == NULL || strftime(to, CLI_TIME_TEXT, "%F %R %Z", &tm) == 0)
		snprintf(to, CLI_TIME_TEXT, "%lld", (long long)when);
	return to;
}

int cli_confirm(const char *command, const char *question, bool yes)
{
	char answer[16] = "";

	if (yes)
		return CLI_DONE;
	if (!isatty(STDIN_FILENO))
		return cli_trouble(command,
				   "nobody can be asked here: --yes says that it shall be");
	printf("%s [y/N] ", question);
	fflush(stdout);
	if (fgets(answer, sizeof(answer), stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y'))
		return CLI_DONE;
	printf("Nothing was changed.\n");
	return CLI_NO;
}

int64_t cli_days_left(int64_t deadline, int64_t now)
{
	const int64_t left = deadline - now;

	return left >= 0 ? (left + DAY - 1) / DAY : -(-left / DAY) - (left % DAY != 0);
}
