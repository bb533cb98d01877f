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
#include <sys/random.h>
#include <unistd.h>

#include "base/limits.h"
#include "db/senders.h"
#include "judge/client.h"
#include "judge/frame.h"
#include "judge/plumbing.h"
#include "judge/rulefiles.h"

enum {
	READ_WAIT_MS = 2000,
};

struct arguments {
	const char *mail_from; /* NULL: not known */
	int client_family;     /* 0: not known */
	unsigned char client_ip[16];
	const char *file;
};

/* What judging needs beside the message. */
struct ground {
	struct list *list;
	struct classes *classes;
	struct suffixes *suffixes;
	struct candidate_scratch scratch;
};

static bool read_ip(const char *text, struct arguments *a)
{
	a->client_family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
	return inet_pton(a->client_family, text, a->client_ip) == 1;
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
		case 'f': a->mail_from = optarg; break;
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

static bool open_ground(const struct cli *cli, struct ground *g)
{
	struct diags diags = {0};

	*g = (struct ground){.suffixes = suffixes_open(), .list = cli_list(cli)};
	g->classes = rulefiles_classes(cli->config->lists, true, &diags);
	diag_print(&diags, stderr);
	diag_free(&diags);
	return candidate_scratch_init(&g->scratch) && g->list != NULL && g->classes != NULL &&
	       g->suffixes != NULL;
}

static void close_ground(struct ground *g)
{
	list_free(g->list);
	classes_free(g->classes);
	suffixes_close(g->suffixes);
	candidate_scratch_free(&g->scratch);
}

static bool is_trusted_hop(const struct cli *cli, const struct arguments *a)
{
	return config_network_has(&cli->config->trusted_networks, a->client_family, a->client_ip);
}

static void fill_request(const struct cli *cli, const struct checked *c, const struct arguments *a,
			 struct request *r)
{
	struct address path;

	*r = (struct request){
	    .now = c->now,
	    .message = &c->message,
	    .entry = c->candidate.entry,
	    .want_proof_of_claim = c->candidate.claimed != NULL,
	};
	if (!is_trusted_hop(cli, a)) {
		r->client_family = a->client_family;
		memcpy(r->client_ip, a->client_ip, sizeof(r->client_ip));
	}
	if (getrandom(&r->nonce, sizeof(r->nonce), 0) < 0)
		r->nonce = (uint64_t)c->now;
	if (c->candidate.from_plain)
		memcpy(r->from, c->candidate.from.text, sizeof(r->from));
	if (a->mail_from != NULL && address_parse_path(slice_of(a->mail_from), &path))
		memcpy(r->mail_from, path.text, sizeof(r->mail_from));
}

/* Gives the body in pieces, as a milter gets it. */
static enum judge_status give_body(struct judge_session *session, struct slice body, bool *ret_cut,
				   size_t most, int64_t by)
{
	enum judge_status status = JUDGE_OK;

	*ret_cut = body.n > most;
	if (*ret_cut)
		body.n = most;
	while (body.n > 0 && status == JUDGE_OK) {
		const size_t n = body.n < LIMIT_BODY_CHUNK ? body.n : LIMIT_BODY_CHUNK;

		status = judge_body(session, body.p, n, by);
		body.p += n;
		body.n -= n;
	}
	return status;
}

static enum judge_status judge(const struct cli *cli, const struct judge_client *client,
			       const struct arguments *a, struct slice body, struct checked *c)
{
	const int64_t dns_by = frame_clock() + cli->config->dns_timeout * 1000;
	const int64_t by = dns_by + LIMIT_JUDGE_SPARE * 1000;
	struct judge_session *session = NULL;
	struct request request;
	enum judge_status status;
	bool cut;

	fill_request(cli, c, a, &request);
	status = judge_begin(client, &request, by, &session);
	if (status == JUDGE_OK)
		status = give_body(session, body, &cut, (size_t)cli->config->max_body, by);
	if (status == JUDGE_OK)
		status = judge_finish(session, cut, dns_by, by, &c->finding);
	judge_free(session);
	return status;
}

/* Starts the programs, judges, ends them. False after a message. */
static bool judge_by_programs(const struct cli *cli, const struct arguments *a, struct slice body,
			      struct checked *c)
{
	struct judge_client client = {0};
	struct plumbing plumbing;
	enum judge_status status = JUDGE_GONE;
	char why[256];

	if (!plumbing_start(cli->config, &plumbing, why)) {
		cli_trouble("check", "%s", why);
		return false;
	}
	client.zygote_fd = plumbing.zygote_fd;
	if (dns_client_open(plumbing.resolver_fd, &client.dns) == 0) {
		plumbing.resolver_fd = -1;
		status = judge(cli, &client, a, body, c);
		dns_client_close(client.dns);
	}
	plumbing_stop(&plumbing);
	c->judged = status == JUDGE_OK;
	if (!c->judged)
		cli_trouble("check", "the judge gave no answer: %s", judge_status_name(status));
	return c->judged;
}

/* Where there is no database yet nobody has been seen to sign; from one that cannot be read we do
 * not know, and judge as the daemon does then (signs.h). */
static bool sender_signs(const struct cli *cli, const struct candidate *candidate)
{
	struct store *store;
	enum store_status status;
	char why[256];
	bool signs = false;

	if (candidate->entry == NULL)
		return false;
	status = store_open(cli->config->database, STORE_READ, READ_WAIT_MS, &store, why);
	if (status != STORE_OK)
		return status != STORE_MISSING;
	if (store_sender_signs(store, candidate->from.text, &signs) != STORE_OK)
		signs = true;
	store_close(store);
	return signs;
}

static bool check(const struct cli *cli, const struct arguments *a, struct ground *g,
		  struct slice text, struct checked *c)
{
	const size_t body_at = message_parse(&c->message, text);
	struct facts facts = {
	    .message = &c->message,
	    .candidate = &c->candidate,
	    .suffixes = g->suffixes,
	    .now = c->now,
	    .ours = OURS_UNSET,
	};
	uint32_t boost = 0;

	if (a->mail_from != NULL)
		message_set_sender(&c->message, a->mail_from);
	candidate_test(g->list, g->classes, &c->message, &g->scratch, &c->candidate);
	edits_strip(&c->message, EDITS_KEEP_NONE, &c->edits);
	if (c->candidate.lane == CANDIDATE_NO)
		return true;
	if (c->message.overflow) {
		cli_trouble("check", "headers past a limit: the daemon leaves this mail unjudged");
		return false;
	}
	if (!judge_by_programs(cli, a, (struct slice){text.p + body_at, text.n - body_at}, c))
		return false;
	facts.sender_signs = sender_signs(cli, &c->candidate);
	facts.spf_trusted_hop = is_trusted_hop(cli, a);
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
	struct ground ground;
	int status = c != NULL ? read_options(cli, argc, argv, &arguments) : CLI_TROUBLE;

	if (status == CLI_DONE)
		status = cli_read_mail("check", arguments.file, &text);
	if (status == CLI_DONE) {
		c->now = cli->now;
		message_init(&c->message);
		status = CLI_TROUBLE;
		if (open_ground(cli, &ground) &&
		    check(cli, &arguments, &ground, (struct slice){text.p, text.n}, c)) {
			status = c->decision.verdict == VERDICT_GENUINE ? CLI_DONE : CLI_NO;
			if (!cli->json)
				check_print_text(c, cli->colour);
			else if (cli_print_json(check_json(c)) != CLI_DONE)
				status = CLI_TROUBLE;
		}
		close_ground(&ground);
		edits_free(&c->edits);
		message_free(&c->message);
	}
	str_free(&text);
	free(c);
	return status;
}
