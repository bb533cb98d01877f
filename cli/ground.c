/* SPDX-License-Identifier: BSD-2-Clause */
/* ground.c - see ground.h. */
#include "cli/ground.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/limits.h"
#include "db/owned.h"
#include "judge/frame.h"
#include "judge/rulefiles.h"
#include "rules/core/charset.h"

enum {
	READ_WAIT_MS = 2000,
};

/* -- lists and rules ------------------------------------------------------------------------ */

bool ground_open(const struct cli *cli, struct ground *ret_ground)
{
	struct ground g = {.suffixes = suffixes_open(), .list = cli_list(cli)};
	struct diags diags = {0};

	if (!charset_init())
		fprintf(stderr, "keepname: iconv lacks a charset: subjects in it are not read\n");
	g.classes = rulefiles_classes(cli->config->lists, true, &diags);
	diag_print(&diags, stderr);
	diag_free(&diags);
	if (g.list != NULL && g.suffixes != NULL)
		g.lookalikes = lookalikes_new(g.list, g.suffixes);
	if (g.suffixes != NULL)
		g.ownership = owned_current(cli->config->database, g.suffixes);
	*ret_ground = g;
	return g.classes != NULL && g.lookalikes != NULL;
}

void ground_close(struct ground *g)
{
	ownership_free(g->ownership);
	lookalikes_free(g->lookalikes);
	list_free(g->list);
	classes_free(g->classes);
	suffixes_close(g->suffixes);
}

bool ground_sender_signs(const struct cli *cli, const struct candidate *candidate)
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

/* -- judges --------------------------------------------------------------------------------- */

bool judges_start(const struct cli *cli, const char *command, struct judges *ret_judges)
{
	struct judges j = {.config = cli->config};
	char why[256];
	int error;

	if (!plumbing_start(cli->config, &j.plumbing, why)) {
		cli_trouble(command, "%s", why);
		return false;
	}
	j.client.zygote_fd = j.plumbing.zygote_fd;
	error = dns_client_open(j.plumbing.resolver_fd, &j.client.dns);
	if (error != 0) {
		plumbing_stop(&j.plumbing);
		cli_trouble(command, "%s", strerror(error));
		return false;
	}
	j.plumbing.resolver_fd = -1;
	*ret_judges = j;
	return true;
}

void judges_stop(struct judges *j)
{
	dns_client_close(j->client.dns);
	plumbing_stop(&j->plumbing);
}

static void fill_request(const struct judges_case *c, struct request *r)
{
	struct address path;

	*r = (struct request){
	    .now = c->now,
	    .message = c->message,
	    .entry = c->candidate->entry,
	    .want_proof_of_claim = c->candidate->claimed != NULL,
	    .client_family = c->client_family,
	};
	memcpy(r->client_ip, c->client_ip, sizeof(r->client_ip));
	if (getrandom(&r->nonce, sizeof(r->nonce), 0) < 0)
		r->nonce = (uint64_t)c->now;
	if (c->candidate->from_plain)
		memcpy(r->from, c->candidate->from.text, sizeof(r->from));
	if (c->mail_from != NULL && address_parse_path(slice_of(c->mail_from), &path))
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

enum judge_status judges_ask(const struct judges *j, const struct judges_case *c,
			     struct finding *ret_finding)
{
	const int64_t dns_by = frame_clock() + j->config->dns_timeout * 1000;
	const int64_t by = dns_by + LIMIT_JUDGE_SPARE * 1000;
	struct judge_session *session = NULL;
	struct request request;
	enum judge_status status;
	bool cut;

	fill_request(c, &request);
	status = judge_begin(&j->client, &request, by, &session);
	if (status == JUDGE_OK)
		status = give_body(session, c->body, &cut, (size_t)j->config->max_body, by);
	if (status == JUDGE_OK)
		status = judge_finish(session, cut, dns_by, by, ret_finding);
	judge_free(session);
	return status;
}
