/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * plan.c - the load client's command line. See plan.h.
 *
 * Files and options are taken in their order: the envelope options hold for the files behind them.
 */
#include "tests/bench/plan.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libmilter/mfdef.h>

static const char help[] =
    "Usage: load --socket SPEC [OPTION|FILE]...\n"
    "Sends message files to a milter as Postfix 3.7 would, and says how long it took.\n"
    "\n"
    "  -s, --socket SPEC           unix:PATH, local:PATH, inet:PORT@HOST, inet6:PORT@HOST\n"
    "  -n, --messages N            in all (1000); the files are taken in turn\n"
    "  -c, --connections N         at the same time, each in a thread (1)\n"
    "  -m, --per-connection N      messages before a connection is closed (1)\n"
    "      --timeout SECONDS       for each answer (30)\n"
    "      --wait SECONDS          try so long to connect at first (0)\n"
    "      --probe                 only connect and negotiate; print what the filter chose\n"
    "      --hold N                only open so many connections, each with a message begun where "
    "a\n"
    "                              file is given, and hold them until stdin ends\n"
    "\n"
    "For the files that follow:\n"
    "  -f, --from ADDRESS          envelope sender (sender@example.org); \"\" for the null sender\n"
    "  -r, --rcpt ADDRESS          recipient (user{n}@example.net); {n} is a running number\n"
    "  -i, --ip ADDRESS            of the SMTP client (192.0.2.10)\n"
    "      --name HOST             its name, also in HELO (mail.example.org)\n"
    "      --auth NAME             {auth_authen}; \"\" for none\n"
    "      --body OCTETS           a plain text body of that size in place of the file's; 0: the "
    "file's\n"
    "For all:\n"
    "      --rcpts N               how many numbers {n} takes (1000)\n"
    "      --fresh-id              give each message a Message-ID of its own\n"
    "      --cpu PID               count the CPU of this process and its descendants (repeatable)\n"
    "  -v, --verbose               print every answer\n"
    "\n"
    "Every answer must be one that the protocol allows, and also:\n"
    "      --expect VERDICT-at-STAGE   accept, continue, tempfail, reject, discard, replycode;\n"
    "                                  connect, helo, mail, rcpt, data, header, eoh, body, eom\n"
    "      --expect-edits N            so many edits in each message\n"
    "      --expect-header NAME=PREFIX a header is set to a value that begins so\n"
    "\n"
    "Prints key=value lines; times in microseconds, a message's from MAIL to the verdict.\n"
    "Exit 0 done, 1 a fault or a missed expectation, 2 trouble or usage.\n";

enum option_code {
	OPT_BODY = 256,
	OPT_RCPTS,
	OPT_HOLD,
	OPT_FRESH_ID,
	OPT_CPU,
	OPT_NAME,
	OPT_AUTH,
	OPT_TIMEOUT,
	OPT_WAIT,
	OPT_PROBE,
	OPT_EXPECT,
	OPT_EXPECT_EDITS,
	OPT_EXPECT_HEADER,
	OPT_HELP,
};

static const struct option options[] = {
    {"socket", required_argument, NULL, 's'},
    {"messages", required_argument, NULL, 'n'},
    {"connections", required_argument, NULL, 'c'},
    {"per-connection", required_argument, NULL, 'm'},
    {"from", required_argument, NULL, 'f'},
    {"rcpt", required_argument, NULL, 'r'},
    {"ip", required_argument, NULL, 'i'},
    {"verbose", no_argument, NULL, 'v'},
    {"name", required_argument, NULL, OPT_NAME},
    {"auth", required_argument, NULL, OPT_AUTH},
    {"body", required_argument, NULL, OPT_BODY},
    {"rcpts", required_argument, NULL, OPT_RCPTS},
    {"fresh-id", no_argument, NULL, OPT_FRESH_ID},
    {"cpu", required_argument, NULL, OPT_CPU},
    {"timeout", required_argument, NULL, OPT_TIMEOUT},
    {"wait", required_argument, NULL, OPT_WAIT},
    {"probe", no_argument, NULL, OPT_PROBE},
    {"hold", required_argument, NULL, OPT_HOLD},
    {"expect", required_argument, NULL, OPT_EXPECT},
    {"expect-edits", required_argument, NULL, OPT_EXPECT_EDITS},
    {"expect-header", required_argument, NULL, OPT_EXPECT_HEADER},
    {"help", no_argument, NULL, OPT_HELP},
    {NULL, 0, NULL, 0},
};

/* What the options seen so far say about the files that follow. */
struct standing {
	struct sample sample;
	size_t body;
};

static int complain(const char *what, const char *value, const char *expected)
{
	fprintf(stderr, "load: %s \"%s\": expected %s\n", what, value, expected);
	return -1;
}

static int take_number(const char *name, const char *text, long least, long most, long *ret)
{
	char *end, expected[64];
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || n < least || n > most) {
		snprintf(expected, sizeof(expected), "a number from %ld to %ld", least, most);
		return complain(name, text, expected);
	}
	*ret = n;
	return 0;
}

static int take_size(const char *name, const char *text, long least, size_t *ret)
{
	long n;

	if (take_number(name, text, least, INT_MAX, &n) < 0)
		return -1;
	*ret = (size_t)n;
	return 0;
}

static int take_seconds(const char *name, const char *text, int *ret_ms)
{
	long n;

	if (take_number(name, text, 0, 3600, &n) < 0)
		return -1;
	*ret_ms = (int)n * 1000;
	return 0;
}

static int take_pid(struct plan *plan, const char *text)
{
	long n;

	if (plan->pid_count == PLAN_PIDS)
		return complain("--cpu", text, "no more than 16 of them");
	if (take_number("--cpu", text, 1, INT_MAX, &n) < 0)
		return -1;
	plan->pids[plan->pid_count++] = (pid_t)n;
	return 0;
}

/* "accept-at-eoh": the letters of the two words. */
static int take_expectation(struct expectation *e, const char *text)
{
	static const char verdicts[] = {SMFIR_CONTINUE, SMFIR_ACCEPT,    SMFIR_REJECT,
					SMFIR_TEMPFAIL, SMFIR_REPLYCODE, SMFIR_DISCARD};
	static const char stages[] = {SMFIC_CONNECT, SMFIC_HELO, SMFIC_MAIL,
				      SMFIC_RCPT,    SMFIC_DATA, SMFIC_HEADER,
				      SMFIC_EOH,     SMFIC_BODY, SMFIC_BODYEOB};
	const char *at = strstr(text, "-at-");
	size_t len = at != NULL ? (size_t)(at - text) : 0;

	for (size_t i = 0; i < sizeof(verdicts); i++) {
		const char *word = answer_verdict_name(verdicts[i]);

		if (strlen(word) == len && strncmp(word, text, len) == 0)
			e->verdict = verdicts[i];
	}
	for (size_t i = 0; at != NULL && i < sizeof(stages); i++)
		if (strcmp(answer_stage_name(stages[i]), at + 4) == 0)
			e->stage = stages[i];
	if (e->verdict == 0 || e->stage == 0)
		return complain("--expect", text, "VERDICT-at-STAGE, as in accept-at-eoh");
	return 0;
}

static int take_expected_header(struct expectation *e, char *text)
{
	char *eq = strchr(text, '=');

	if (eq == NULL || eq == text)
		return complain("--expect-header", text, "NAME=PREFIX");
	*eq = '\0';
	e->header_name = text;
	e->header_prefix = eq + 1;
	return 0;
}

static int add_sample(struct plan *plan, const struct standing *now, const char *path)
{
	struct sample *bigger =
	    realloc(plan->samples, (plan->sample_count + 1) * sizeof(*plan->samples));
	struct sample *s;
	int r;

	if (bigger == NULL)
		return complain("file", path, "memory");
	plan->samples = bigger;
	s = &bigger[plan->sample_count];
	*s = now->sample;
	s->path = path;
	r = mail_read(path, &s->mail);
	if (r < 0) {
		fprintf(stderr, "load: %s: %s\n", path, strerror(-r));
		return -1;
	}
	plan->sample_count++;
	if (now->body > 0 && mail_fill_body(s->mail, now->body) < 0)
		return complain("--body of", path, "memory");
	return 0;
}

static int take_sample_option(struct plan *plan, struct standing *now, int code, char *arg)
{
	switch (code) {
	case 'f': now->sample.sender = arg; return 0;
	case 'r': now->sample.rcpt = arg; return 0;
	case 'i': now->sample.client.ip = arg; return 0;
	case OPT_NAME: now->sample.client.name = now->sample.client.helo = arg; return 0;
	case OPT_AUTH: now->sample.auth = *arg != '\0' ? arg : NULL; return 0;
	case OPT_BODY: return take_size("--body", arg, 0, &now->body);
	case 1: return add_sample(plan, now, arg);
	default: fprintf(stderr, "Try load --help.\n"); return -1;
	}
}

static int take_option(struct plan *p, struct standing *now, int code, char *arg)
{
	switch (code) {
	case 's': p->socket = arg; return 0;
	case 'n': return take_size("--messages", arg, 1, &p->messages);
	case 'c': return take_size("--connections", arg, 1, &p->connections);
	case 'm': return take_size("--per-connection", arg, 1, &p->per_connection);
	case 'v': p->verbose = true; return 0;
	case OPT_RCPTS: return take_size("--rcpts", arg, 1, &p->rcpts);
	case OPT_FRESH_ID: p->fresh_id = true; return 0;
	case OPT_CPU: return take_pid(p, arg);
	case OPT_TIMEOUT: return take_seconds("--timeout", arg, &p->timeout_ms);
	case OPT_WAIT: return take_seconds("--wait", arg, &p->wait_ms);
	case OPT_PROBE: p->probe = true; return 0;
	case OPT_HOLD: return take_size("--hold", arg, 1, &p->hold);
	case OPT_EXPECT: return take_expectation(&p->expect, arg);
	case OPT_EXPECT_EDITS:
		return take_number("--expect-edits", arg, 0, INT_MAX, &p->expect.edits);
	case OPT_EXPECT_HEADER: return take_expected_header(&p->expect, arg);
	default: return take_sample_option(p, now, code, arg);
	}
}

int plan_parse(int argc, char **argv, struct plan *ret_plan)
{
	struct plan p = {.connections = 1,
			 .per_connection = 1,
			 .messages = 1000,
			 .rcpts = 1000,
			 .timeout_ms = 30000,
			 .expect = {.edits = -1}};
	struct standing now = {
	    .sample = {.client = {"mail.example.org", "192.0.2.10", "mail.example.org"},
		       .sender = "sender@example.org",
		       .rcpt = "user{n}@example.net"}};
	int code, r = 0;

	while (r == 0 &&
	       (code = getopt_long(argc, argv, "-s:n:c:m:f:r:i:v", options, NULL)) != -1) {
		if (code == OPT_HELP) {
			fputs(help, stdout);
			r = 1;
		} else {
			r = take_option(&p, &now, code, optarg);
		}
	}
	if (r == 0 && (p.socket == NULL || (p.sample_count == 0 && !p.probe && p.hold == 0))) {
		fprintf(stderr, "load: --socket and a message file are needed; see load --help\n");
		r = -1;
	}
	if (r != 0) {
		plan_free(&p);
		return r;
	}
	*ret_plan = p;
	return 0;
}

void plan_free(struct plan *plan)
{
	for (size_t i = 0; i < plan->sample_count; i++)
		mail_free(plan->samples[i].mail);
	free(plan->samples);
	plan->samples = NULL;
	plan->sample_count = 0;
}
