/* SPDX-License-Identifier: BSD-2-Clause */
/* doctor.c - keepname doctor: the table of checks, and the three forms of what they found. */
#include "cli/doctor/doctor.h"

#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/setup/setup.h"

struct check {
	const char *name;
	void (*run)(struct doctor *d, struct doctor_finding *f);
};

/* In the order in which a person would look: what one needs is above what needs it. */
static const struct check check_table[] = {
    {"daemon", doctor_daemon},
    {"strips-forged", doctor_strips},
    {"judge", doctor_judge},
    {"dns", doctor_dns},
    {"postfix-reaches", doctor_reach},
    {"smtpd-milters", doctor_milters},
    {"when-down", doctor_when_down},
    {"non-smtpd-milters", doctor_non_smtpd},
    {"master-services", doctor_services},
    {"header-checks", doctor_header_checks},
    {"bare-newline", doctor_bare_newline},
    {"pieces", doctor_pieces},
    {"database", doctor_database},
    {"spool", doctor_spool},
    {"disk", doctor_disk},
    {"clock", doctor_clock},
    {"lists", doctor_lists},
    {"backup", doctor_backup},
    {"jobs", doctor_jobs},
    {"digest", doctor_digest},
    {"watch", doctor_watch},
    {"dependence", doctor_dependence},
    {"service", doctor_service},
    {"timer", doctor_timer},
};

enum {
	CHECKS = sizeof(check_table) / sizeof(check_table[0]),
};

static const char *state_name(enum doctor_state state)
{
	switch (state) {
	case DOCTOR_OK: return "OK";
	case DOCTOR_UNKNOWN: return "UNKNOWN";
	case DOCTOR_WARNING: return "WARNING";
	case DOCTOR_CRITICAL: return "CRITICAL";
	}
	return "";
}

void doctor_find(struct doctor_finding *f, enum doctor_state state, const char *todo,
		 const char *format, ...)
{
	char text[1024];
	va_list arguments;

	if (state < f->state)
		return;
	if (state > f->state) {
		str_reset(&f->says);
		str_reset(&f->todo);
		f->state = state;
	}
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	str_puts(&f->says, f->says.n > 0 ? "; " : "");
	cli_plain(text, sizeof(text), &f->says);
	if (todo != NULL && strstr(str_text(&f->todo), todo) == NULL)
		str_printf(&f->todo, "%s%s", f->todo.n > 0 ? "; " : "", todo);
}

/* -- forms ---------------------------------------------------------------------------------- */

static void print_lines(const char *text)
{
	for (const char *end; *text != '\0'; text = *end == '\n' ? end + 1 : end) {
		end = text + strcspn(text, "\n");
		printf("          | %.*s\n", (int)(end - text), text);
	}
}

static void print_text(const struct cli *cli, const struct doctor_finding *found)
{
	static const char *const colour[] = {"\033[32m", "\033[36m", "\033[33m", "\033[31m"};

	for (size_t i = 0; i < CHECKS; i++) {
		const struct doctor_finding *f = &found[i];

		printf("%s%-8s%s  %s: %s\n", cli->colour ? colour[f->state] : "",
		       state_name(f->state), cli->colour ? "\033[0m" : "", check_table[i].name,
		       str_text(&f->says));
		if (f->todo.n > 0)
			printf("          > %s\n", str_text(&f->todo));
		print_lines(str_text(&f->answers));
	}
}

static int print_json(const struct doctor_finding *found, enum doctor_state worst)
{
	json_t *checks = json_array(), *all = json_object();

	for (size_t i = 0; i < CHECKS; i++) {
		json_t *one = json_object();

		json_object_set_new(one, "check", json_string(check_table[i].name));
		json_object_set_new(one, "state", json_string(state_name(found[i].state)));
		json_object_set_new(one, "says", cli_json_text(str_text(&found[i].says)));
		json_object_set_new(one, "do", cli_json_text(str_text(&found[i].todo)));
		json_object_set_new(one, "answers", cli_json_text(str_text(&found[i].answers)));
		json_array_append_new(checks, one);
	}
	json_object_set_new(all, "state", json_string(state_name(worst)));
	json_object_set_new(all, "checks", checks);
	return cli_print_json(all);
}

/* One line, as monitoring plug-ins speak: what is wrong, worst first, then counts. "|" would begin
 * figures. */
static void print_nagios(const struct doctor_finding *found, enum doctor_state worst)
{
	struct str line = {0};
	size_t count[DOCTOR_CRITICAL + 1] = {0};

	for (int state = DOCTOR_CRITICAL; state >= DOCTOR_WARNING; state--)
		for (size_t i = 0; i < CHECKS; i++)
			if ((int)found[i].state == state)
				str_printf(&line, "%s%s: %s", line.n > 0 ? ". " : "",
					   check_table[i].name, str_text(&found[i].says));
	for (size_t i = 0; i < CHECKS; i++)
		count[found[i].state]++;
	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] == '|')
			line.p[i] = '/';
	printf("KEEPNAME %s - %s%s%zu checks OK, %zu not known here\n", state_name(worst),
	       str_text(&line), line.n > 0 ? ". " : "", count[DOCTOR_OK], count[DOCTOR_UNKNOWN]);
	str_free(&line);
}

/* -- running -------------------------------------------------------------------------------- */

static int read_options(int argc, char **argv, struct doctor *d, bool *ret_nagios)
{
	static const struct option options[] = {
	    {"nagios", no_argument, NULL, 'n'},
	    {"folder", required_argument, NULL, 'f'},
	    {"pieces", required_argument, NULL, 'p'},
	    {NULL, 0, NULL, 0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'n': *ret_nagios = true; break;
		case 'f': d->folder = optarg; break;
		case 'p': d->pieces = optarg; break;
		default: return cli_usage("doctor");
		}
	}
	return optind == argc ? CLI_DONE : cli_usage("doctor");
}

/* UNKNOWN alone is no alarm: most of it is for want of rights. */
static enum doctor_state worst_of(const struct doctor_finding *found)
{
	enum doctor_state worst = DOCTOR_OK;

	for (size_t i = 0; i < CHECKS; i++)
		if (found[i].state > worst && found[i].state >= DOCTOR_WARNING)
			worst = found[i].state;
	return worst;
}

static int speak(const struct cli *cli, const struct doctor_finding *found, bool nagios)
{
	const enum doctor_state worst = worst_of(found);

	if (nagios) {
		print_nagios(found, worst);
		return worst == DOCTOR_CRITICAL ? 2 : worst == DOCTOR_WARNING ? 1 : 0;
	}
	if (!cli->json)
		print_text(cli, found);
	else if (print_json(found, worst) != CLI_DONE)
		return CLI_TROUBLE;
	return worst == DOCTOR_OK ? CLI_DONE : CLI_NO;
}

int doctor_run(struct cli *cli, int argc, char **argv)
{
	struct doctor d = {.cli = cli, .pieces = KN_SETUPDIR};
	struct doctor_finding found[CHECKS] = {{0}};
	enum postfix_state postfix;
	bool nagios = false;
	int status = read_options(argc, argv, &d, &nagios);

	if (status != CLI_DONE)
		return status;
	signal(SIGPIPE, SIG_IGN); /* of a daemon that hangs up */
	postfix = postfix_open(d.folder, &d.postfix, d.why_no_postfix);
	d.has_postfix = postfix == POSTFIX_OPEN;
	d.without_postfix = postfix == POSTFIX_ABSENT ? DOCTOR_OK : DOCTOR_UNKNOWN;
	if (!setup_sockets(cli->config->socket, d.has_postfix ? d.postfix.queue : "", &d.socket,
			   &d.postfix_socket))
		str_puts(&d.postfix_socket, cli->config->socket);
	for (size_t i = 0; i < CHECKS; i++)
		check_table[i].run(&d, &found[i]);
	status = speak(cli, found, nagios);
	for (size_t i = 0; i < CHECKS; i++) {
		str_free(&found[i].says);
		str_free(&found[i].todo);
		str_free(&found[i].answers);
	}
	if (d.has_postfix)
		postfix_close(&d.postfix);
	str_free(&d.socket);
	str_free(&d.postfix_socket);
	return status;
}
