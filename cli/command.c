/* SPDX-License-Identifier: BSD-2-Clause */
/* command.c - see command.h. */
#include "cli/command.h"

#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
	struct store *store;
	char why[256];
	const enum store_status status =
	    store_open(cli->config->database, access, LOCK_WAIT_MS, &store, why);

	if (status == STORE_OK)
		return store;
	cli_trouble(command, "%s", why);
	if (status == STORE_MISSING)
		fprintf(stderr, "The daemon keepname-milter makes it when it first starts.\n");
	return NULL;
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

int cli_print_json(json_t *value)
{
	int rc;

	if (value == NULL)
		return cli_trouble("--json", "memory is short");
	rc = json_dumpf(value, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(value);
	return rc == 0 ? CLI_DONE : CLI_TROUBLE;
}

json_t *cli_json_text(const char *text)
{
	json_t *value;

	if (text == NULL || text[0] == '\0')
		return json_null();
	value = json_string(text);
	return value != NULL ? value : json_null(); /* not UTF-8: the record's texts all are */
}

json_t *cli_json_time(int64_t when)
{
	char text[21];

	if (when == 0)
		return json_null();
	str_time(when, text);
	return json_string(text);
}

int64_t cli_days_left(int64_t deadline, int64_t now)
{
	const int64_t left = deadline - now;

	return left >= 0 ? (left + DAY - 1) / DAY : -(-left / DAY) - (left % DAY != 0);
}
