/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check.c - keepname check: one message, judged as the daemon would, by the same two programs.
 */
#include "cli/check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct arguments {
	struct check_origin origin;
	const char *file;
};

static bool read_ip(const char *text, struct arguments *a)
{
	a->origin.client_family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
	return inet_pton(a->origin.client_family, text, a->origin.client_ip) == 1;
}

static int read_options(struct cli *cli, int argc, char **argv, struct arguments *a)
{
	static const struct option options[] = {
	    {"client-ip", required_argument, NULL, 'i'},
	    {"mail-from", required_argument, NULL, 'f'},
	    {"now", required_argument, NULL, 'n'},
	    {NULL, 0, NULL, 0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'i':
			if (!read_ip(optarg, a))
				return cli_trouble("check",
						   "--client-ip \"%s\": an IP address is expected",
						   optarg);
			break;
		case 'f': a->origin.mail_from = optarg; break;
		case 'n':
			if (!str_to_time(slice_of(optarg), &cli->now))
				return cli_trouble(
				    "check",
				    "--now \"%s\": a time like 2026-12-06T10:00:00Z is expected",
				    optarg);
			break;
		default: return cli_usage("check");
		}
	}
	if (optind + 1 != argc)
		return cli_usage("check");
	a->file = argv[optind];
	return CLI_DONE;
}

static bool is_trusted_hop(const struct cli *cli, const struct check_origin *a)
{
	return config_is_hop(cli->config, a->client_family, a->client_ip);
}

/* By programs that run, or that it starts and ends. False after a message. */
static bool judge_by_programs(const struct cli *cli, const struct check_origin *a,
			      const struct judges *running, struct slice body, struct checked *c)
{
	struct judges_case one = {
	    .message = &c->message,
	    .candidate = &c->candidate,
	    .body = body,
	    .now = c->now,
	    .mail_from = a->mail_from,
	};
	struct judges judges;
	enum judge_status status;

	if (!is_trusted_hop(cli, a)) {
		one.client_family = a->client_family;
		memcpy(one.client_ip, a->client_ip, sizeof(one.client_ip));
	}
	if (running == NULL && !judges_start(cli, "check", &judges))
		return false;
	status = judges_ask(running != NULL ? running : &judges, &one, &c->finding);
	if (running == NULL)
		judges_stop(&judges);
	c->judged = status == JUDGE_OK;
	if (!c->judged)
		cli_trouble("check", "the judge gave no answer: %s", judge_status_name(status));
	return c->judged;
}

bool check_message(const struct cli *cli, const struct check_origin *a, const struct ground *g,
		   const struct judges *running, struct candidate_scratch *scratch,
		   struct slice text, struct checked *c)
{
	const size_t body_at = message_parse(&c->message, text);
	struct facts facts = {
	    .message = &c->message,
	    .candidate = &c->candidate,
	    .suffixes = g->suffixes,
	    .lookalikes = g->lookalikes,
	    .now = c->now,
	};
	uint32_t boost = 0;

	if (a->mail_from != NULL)
		message_set_sender(&c->message, a->mail_from);
	candidate_test(g->list, g->classes, &c->message, scratch, &c->candidate);
	edits_strip(&c->message, EDITS_KEEP_NONE, &c->edits);
	if (c->candidate.lane == CANDIDATE_NO)
		return true;
	if (c->message.overflow) {
		cli_trouble("check", "headers past a limit: the daemon leaves this mail unjudged");
		return false;
	}
	if (!judge_by_programs(cli, a, running, (struct slice){text.p + body_at, text.n - body_at},
			       c))
		return false;
	facts.sender_signs = ground_sender_signs(cli, &c->candidate);
	facts.spf_trusted_hop = is_trusted_hop(cli, a);
	facts.ours = ownership_of(g->ownership, &c->finding);
	verdict_decide(&facts, &c->finding, &c->decision);
	for (size_t i = 0; i < cli->config->boost.count; i++) {
		enum class_id class;

		if (class_of_name(slice_of(cli->config->boost.item[i]), &class))
			boost |= 1u << class;
	}
	if (c->decision.verdict != VERDICT_NONE && cli->config->mode == CONFIG_MODE_RESCUE)
		edits_mark(&c->message, &c->decision, &c->finding, boost,
			   cli->config->authserv_id.item[0], &c->edits);
	return true;
}

int check_run(struct cli *cli, int argc, char **argv)
{
	struct arguments arguments = {0};
	struct checked *c = calloc(1, sizeof(*c));
	struct str text = {0};
	struct candidate_scratch scratch = {0};
	struct ground ground;
	int status = c != NULL ? read_options(cli, argc, argv, &arguments) : CLI_TROUBLE;

	if (status == CLI_DONE)
		status = cli_read_mail("check", arguments.file, &text);
	if (status == CLI_DONE) {
		c->now = cli->now;
		message_init(&c->message);
		status = CLI_TROUBLE;
		if (ground_open(cli, &ground) && candidate_scratch_init(&scratch) &&
		    check_message(cli, &arguments.origin, &ground, NULL, &scratch,
				  (struct slice){text.p, text.n}, c)) {
			status = c->decision.verdict == VERDICT_GENUINE ? CLI_DONE : CLI_NO;
			if (!cli->json)
				check_print_text(c, cli->colour);
			else if (cli_print_json(check_json(c)) != CLI_DONE)
				status = CLI_TROUBLE;
		}
		ground_close(&ground);
		candidate_scratch_free(&scratch);
		edits_free(&c->edits);
		message_free(&c->message);
	}
	str_free(&text);
	free(c);
	return status;
}
