/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * command.h - what the sub-commands of keepname(1) share. Each sub-command is one row in the table
 * of keepname_main.c and one file.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <jansson.h>

#include "base/config.h"
#include "db/store.h"
#include "rules/core/list.h"
#include "rules/core/verdict.h"

/* Exit status. */
enum {
	CLI_DONE = 0,
	CLI_NO = 1,      /* the answer is no: not genuine, no such pending, errors found */
	CLI_TROUBLE = 2, /* or wrong usage */
};

enum {
	CLI_MAIL_MOST = 64 * 1024 * 1024, /* octets; mail systems take less */
};

struct cli {
	const char *config_path;
	struct config *config;
	bool json;
	bool colour; /* standard output is a terminal that wants it */
	int64_t now; /* Unix seconds */
};

struct command {
	const char *name;
	const char *arguments; /* for the usage line */
	const char *summary;
	const char *help; /* the options, a line each; may be "" */
	int (*run)(struct cli *cli, int argc, char **argv); /* argv[0] is the command's name */
	const char *bare; /* an argument with which no configuration is read; or NULL */
};

extern const struct command command_table[];
extern const size_t command_count;

/* "keepname COMMAND: message" on standard error; returns CLI_TROUBLE. */
int cli_trouble(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Prints the command's usage to standard error; returns CLI_TROUBLE. */
int cli_usage(const char *command);

/* The database, which is never made here; on failure says why and returns NULL. */
struct store *cli_store(const struct cli *cli, const char *command, enum store_access access);
/* The list in use: the database's or, where there is none, the files'. Says what is wrong with it
 * on standard error; NULL when there is none to use. */
struct list *cli_list(const struct cli *cli);
/* A whole message from a file, or from standard input where file is "-". Of more than CLI_MAIL_MOST
 * octets none is read. CLI_DONE, or CLI_TROUBLE after a message. */
int cli_read_mail(const char *command, const char *file, struct str *ret_text);
/* Who does this, for events: SUDO_USER or the user's name. Into to[]; returns to. */
const char *cli_actor(char to[static 64]);

/* Prints a JSON value with a newline to standard output and releases it. NULL: CLI_TROUBLE. */
int cli_print_json(json_t *value);
/* The same in one line. */
int cli_print_json_line(json_t *value);
/* A time for a person, in the zone of who asks: "2026-12-06 11:00 CET"; into to[]; returns to. */
enum {
	CLI_TIME_TEXT = 40,
};
const char *cli_time(int64_t when, char to[static CLI_TIME_TEXT]);
/* Whether it shall be: --yes was given, or a person at a terminal says so. CLI_DONE, CLI_NO after
 * "Nothing was changed.", CLI_TROUBLE after a message where nobody can be asked. */
int cli_confirm(const char *command, const char *question, bool yes);
/* Appends text that came with a mail as it may be shown to a person: what is no printable UTF-8
 * becomes "?", and "..." stands for what is over `most` octets. Returns to. */
struct str *cli_plain(const char *text, size_t most, struct str *to);
/* null for "" and NULL; what is no UTF-8 becomes "?". */
json_t *cli_json_text(const char *text);
/* RFC 3339 UTC, or null for 0. */
json_t *cli_json_time(int64_t when);
/* Arrays: the reasons of a decision by name, the domains that a finding has kept. */
json_t *cli_json_reasons(const struct decision *d);
json_t *cli_json_domains(const struct finding *f);

/* Whole days from now until a deadline, rounded up (0: today is over, negative: past). */
int64_t cli_days_left(int64_t deadline, int64_t now);

int check_run(struct cli *cli, int argc, char **argv);
int redact_run(struct cli *cli, int argc, char **argv);
int senders_run(struct cli *cli, int argc, char **argv);
int pending_run(struct cli *cli, int argc, char **argv);
int show_run(struct cli *cli, int argc, char **argv);
int done_run(struct cli *cli, int argc, char **argv);
int reopen_run(struct cli *cli, int argc, char **argv);
int snooze_run(struct cli *cli, int argc, char **argv);
int purge_run(struct cli *cli, int argc, char **argv);
int undo_run(struct cli *cli, int argc, char **argv);
int backup_run(struct cli *cli, int argc, char **argv);
int verify_run(struct cli *cli, int argc, char **argv);
int restore_run(struct cli *cli, int argc, char **argv);
int export_run(struct cli *cli, int argc, char **argv);
int import_run(struct cli *cli, int argc, char **argv);
int domains_run(struct cli *cli, int argc, char **argv);
int watch_run(struct cli *cli, int argc, char **argv);
int digest_run(struct cli *cli, int argc, char **argv);
int calendar_run(struct cli *cli, int argc, char **argv);
int report_run(struct cli *cli, int argc, char **argv);
int stats_run(struct cli *cli, int argc, char **argv);
int scan_run(struct cli *cli, int argc, char **argv);
int setup_run(struct cli *cli, int argc, char **argv);
int doctor_run(struct cli *cli, int argc, char **argv);
int config_run(struct cli *cli, int argc, char **argv);

#endif
