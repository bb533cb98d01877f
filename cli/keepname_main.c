/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keepname_main.c - keepname(1): global options, the table of sub-commands.
 *
 * Exit status: 0 done (for check: genuine), 1 the answer is no, 2 trouble or usage.
 */
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/command.h"
#include "config.h"

#define FILTERS                                                                   \
	"  --due N               only what is due within N days\n"                \
	"  --state STATE         open, review, expired, held, done or resolved\n" \
	"  --domain DOMAIN       about it\n"                                      \
	"  --recipient ADDRESS   whose matter it is\n"                            \
	"  --registrar TEXT      a part of its name\n"                            \
	"  --class CLASS         such as verification\n"                          \
	"  --ours yes|no|unset   whether the domain is one of ours\n"             \
	"  --all                 in every state\n"
#define CHANGES                                           \
	"  --reason TEXT         goes into the history\n" \
	"  --dry-run             only show which\n"       \
	"  --yes                 do not ask about those that a filter finds\n" FILTERS

const struct command command_table[] = {
    {"check", "[--client-ip IP --mail-from ADDRESS] [--now TIME] FILE|-",
     "judge one message and say why",
     "  --client-ip IP        the client that delivered it, for SPF\n"
     "  --mail-from ADDRESS   its envelope sender, for SPF\n"
     "  --now TIME            judge as of this time (RFC 3339 or seconds)\n",
     check_run, NULL},
    {"redact", "[--hide TEXT]… FILE|-", "make a mail fit to be given away as a test",
     "  --hide TEXT           replace this name, word or domain too\n", redact_run, NULL},
    {"scan",
     "[--record] [--since DATE] [--recipient ADDRESS] [--trust-authserv ID] [--maillog FILE] "
     "[--resume FILE] PATH…|-",
     "what was missed in mailboxes that are there already",
     "  --record              write what must be acted on into the database\n"
     "  --since DATE          only mail that was delivered since\n"
     "  --recipient ADDRESS   whose mail it is, instead of what its headers say\n"
     "  --trust-authserv ID   believe this server's Authentication-Results where a key is gone\n"
     "  --maillog FILE        also mail of listed senders that this log says was rejected\n"
     "  --resume FILE         keep there how far it came, and go on from there\n",
     scan_run, NULL},
    {"senders",
     "list|show NAME|add …|remove NAME|disable NAME|enable NAME|test [FILE…]|suggestions|accept …|"
     "reject …|update …",
     "the curated list of senders",
     "  list                  one line each\n"
     "  show NAME|ADDRESS     an entry as it stands in a list\n"
     "  add --name NAME --from ADDRESS --classes CLASS[,CLASS…] [--registrar TEXT]\n"
     "      [--platform NAME] [--link 'HOST PATH']…   an entry of your own\n"
     "  add FILE|-            the same, as stanzas\n"
     "  remove [--links] NAME an entry of your own and the links that you added to it, or these\n"
     "  disable NAME, enable NAME   switch an entry, shipped or your own\n"
     "  test [FILE…]          check list files, or all that is in use\n"
     "  suggestions [--all]   senders and links that could be taken up; with those decided about\n"
     "  accept ID|ADDRESS [--yes] [--dry-run]   take it up, after a look at what that means\n"
     "      [--name NAME] [--platform NAME] [--classes CLASS[,CLASS…]] [--registrar TEXT]\n"
     "      [--shared]        a link on a domain that also carries others' pages\n"
     "  reject ID|ADDRESS     never suggest it again\n"
     "  update [URL|FILE] [--dry-run] [--yes]   a signed release of the list (update_url)\n"
     "  update --undo         the list before\n",
     senders_run, NULL},
    {"domains", "list|add NAME…|remove NAME…|import [--replace] SOURCE…",
     "the domains that are ours",
     "  list                  with where each comes from\n"
     "  add NAME…, remove NAME…\n"
     "  import SOURCE…        a file of names, a zone list of BIND or NSD, a Postfix map such as\n"
     "                        hash:/etc/postfix/vdomains, or `postfix`: all that it takes mail "
     "for\n"
     "  --replace             take out what this source named before and no longer does\n"
     "  --dry-run             only say what would change\n"
     "  --yes                 do not ask\n",
     domains_run, NULL},
    {"pending", "[FILTER]…", "what somebody must act on, most urgent first", FILTERS, pending_run,
     NULL},
    {"show", "ID", "one pending with its history", "", show_run, NULL},
    {"done", "[--reason TEXT] [--dry-run] [--yes] ID…|FILTER…", "the matter is settled", CHANGES,
     done_run, NULL},
    {"reopen", "[--reason TEXT] [--dry-run] [--yes] ID…|FILTER…", "it is not settled after all",
     CHANGES, reopen_run, NULL},
    {"snooze", "--until DATE [--reason TEXT] [--dry-run] [--yes] ID…|FILTER…",
     "no reminders until then", "  --until DATE          2026-12-24, RFC 3339 or seconds\n" CHANGES,
     snooze_run, NULL},
    {"purge", "[--older-than DAYS|FILTER…] [--dry-run] [--yes]", "erase what is known of customers",
     "  --older-than DAYS     what was over so long ago; without options: older than `retention`\n"
     "  --recipient ADDRESS   alone: all that there is of it\n"
     "  --dry-run             only say what would go\n"
     "  --yes                 do not ask\n"
     "The pendings of a filter go with the mails that are of them alone:\n" FILTERS,
     purge_run, NULL},
    {"undo", "[--dry-run] [--forget]", "take back the last change by a person",
     "  --dry-run             only say which it was\n"
     "  --forget              drop what was kept for it instead\n",
     undo_run, NULL},
    {"watch", "[--all] [--dry-run] [--no-mail] [DOMAIN…]|--list|--bootstrap URL|FILE",
     "how domains stand at their registries: on hold, changed, gone",
     "  DOMAIN…               these, instead of what is pending and what is ours\n"
     "  --all                 also those of settled matters\n"
     "  --dry-run             look, and write nothing down\n"
     "  --no-mail             leave new alarms to keepname digest --due\n"
     "  --list                what is known already, without a look\n"
     "  --bootstrap URL|FILE  which registry to ask about which top-level domain\n",
     watch_run, NULL},
    {"digest", "[--html|--send|--due] [--to ADDRESS] [--always]", "what is due, as text or by mail",
     "  --html                as a page instead of text\n"
     "  --send                by the sendmail command instead of standard output\n"
     "  --due                 for a timer: alarms and what grows short at once, the digest daily\n"
     "  --to ADDRESS          instead of digest_to\n"
     "  --always              also when there is nothing to say\n",
     digest_run, NULL},
    {"backup", "[FILE|-] [--to COMMAND]", "the database as one file, checked",
     "  FILE, -               instead of backup_to\n"
     "  --to COMMAND          give it to a command's standard input\n",
     backup_run, NULL},
    {"verify", "[--configuration] FILE|-", "whether a backup is sound, and what it holds",
     "  --configuration       print the keepname.conf that is in it\n", verify_run,
     "--configuration"},
    {"restore", "[--dry-run] FILE|-", "a backup in place of the database, which is kept",
     "  --dry-run             only say what it would replace\n", restore_run, NULL},
    {"export", "[--database FILE] [FILE|-]", "all that is the site's own, as JSON Lines",
     "  --database FILE       instead of the one in use\n", export_run, NULL},
    {"import", "[--dry-run] FILE|-", "what was exported, without doubling anything",
     "  --dry-run             only say what it would bring\n", import_run, NULL},
    {"calendar", "[--recipient ADDRESS] [FILE]", "deadlines as iCalendar, with alarms",
     "  --recipient ADDRESS   his alone\n"
     "  FILE                  replaced as a whole, instead of standard output\n",
     calendar_run, NULL},
    {"report", "--html FILE", "one page about everything, for a browser",
     "  --html FILE           replaced as a whole; - is standard output\n", report_run, NULL},
    {"stats", "[--prometheus [FILE]]", "counters: verdicts, classes, records",
     "  --prometheus [FILE]   for node_exporter's textfile collector; FILE is replaced as a "
     "whole\n",
     stats_run, NULL},
    {"setup",
     "PROGRAM [--write|--remove] [--dry-run] [--yes] [--root DIR] [--folder DIR] [--pieces DIR]",
     "keepname's pieces for Postfix, Sendmail and the filters behind them",
     "  PROGRAM               as a bare argument: prints the pieces and where they go\n"
     "  --write               put them there, after a look at the difference\n"
     "  --remove              take them out again\n"
     "  --dry-run             only show the difference\n"
     "  --yes                 do not ask\n"
     "  --root DIR            a folder that stands for /, such as an image\n"
     "  --folder DIR          the program's configuration, where it is elsewhere\n"
     "  --pieces DIR          the pieces, instead of the installed ones\n",
     setup_run, NULL},
    {"doctor", "[--nagios] [--folder DIR] [--pieces DIR]", "what is wrong here, and what to type",
     "  --nagios              one line, and the exit status of a monitoring plug-in\n"
     "  --folder DIR          Postfix's configuration, where it is elsewhere\n"
     "  --pieces DIR          of keepname setup, instead of the installed ones\n",
     doctor_run, NULL},
    {"config", "[--sample]", "the configuration in use",
     "  --sample              a file with every option and its default\n", config_run, "--sample"},
};
const size_t command_count = sizeof(command_table) / sizeof(command_table[0]);

static void print_help(void)
{
	printf(
	    "Usage: keepname [-c FILE] [--json] COMMAND …\n"
	    "Registrars' deadline mail: what was proved genuine, and what is still to be done.\n\n"
	    "  -c, --config FILE   configuration [%s]\n"
	    "      --json          output for programs\n"
	    "  -V, --version       print the version\n"
	    "  -h, --help          print this; after a command, that command's options\n\n"
	    "Commands:\n",
	    CONFIG_PATH);
	for (size_t i = 0; i < command_count; i++)
		printf("  %-9s %s\n", command_table[i].name, command_table[i].summary);
	printf("\nExit status: 0 done (check: genuine), 1 the answer is no, 2 trouble.\n"
	       "See keepname(1), keepname.conf(5), keepname-milter(8).\n");
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < command_count; i++)
		if (strcmp(command_table[i].name, name) == 0)
			return &command_table[i];
	return NULL;
}

static bool has(int argc, char **argv, const char *argument)
{
	for (int i = 1; i < argc && argument != NULL; i++)
		if (strcmp(argv[i], argument) == 0)
			return true;
	return false;
}

/* --json is taken wherever it stands. Returns the new argc. */
static int take_json(int argc, char **argv, struct cli *cli)
{
	int kept = 0;

	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			cli->json = true;
		else
			argv[kept++] = argv[i];
	}
	argv[kept] = NULL;
	return kept;
}

static int run(struct cli *cli, int argc, char **argv)
{
	const struct command *command = argc > 0 ? find_command(argv[0]) : NULL;
	struct diags diags = {0};
	int status;

	if (command == NULL) {
		if (argc > 0)
			fprintf(stderr,
				"keepname: there is no command \"%s\"; see keepname --help\n",
				argv[0]);
		else
			print_help();
		return CLI_TROUBLE;
	}
	if (has(argc, argv, "--help") || has(argc, argv, "-h")) {
		printf("Usage: keepname [-c FILE] [--json] %s %s\n%s\n%s", command->name,
		       command->arguments, command->summary, command->help);
		return CLI_DONE;
	}
	if (!has(argc, argv, command->bare)) {
		cli->config = config_load(cli->config_path, &diags);
		diag_print(&diags, stderr);
		diag_free(&diags);
		if (cli->config == NULL)
			return CLI_TROUBLE;
	}
	optind = 0; /* getopt_long anew, for the command's own options */
	status = command->run(cli, argc, argv);
	config_free(cli->config);
	if (fflush(stdout) != 0 && status == CLI_DONE)
		status = cli_trouble(command->name, "cannot write to standard output");
	return status;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
	    {"config", required_argument, NULL, 'c'},
	    {"version", no_argument, NULL, 'V'},
	    {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	struct cli cli = {
	    .config_path = CONFIG_PATH,
	    .colour = isatty(1) && getenv("NO_COLOR") == NULL,
	    .now = time(NULL),
	};
	int c;

	setlocale(LC_CTYPE, "");
	argc = take_json(argc, argv, &cli);
	while ((c = getopt_long(argc, argv, "+c:Vh", options, NULL)) != -1) {
		switch (c) {
		case 'c': cli.config_path = optarg; break;
		case 'V': printf("keepname %s\n", PACKAGE_VERSION); return CLI_DONE;
		case 'h': print_help(); return CLI_DONE;
		default: return CLI_TROUBLE;
		}
	}
	return run(&cli, argc - optind, argv + optind);
}
