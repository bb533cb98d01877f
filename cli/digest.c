/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * digest.c - keepname digest: what is due, to standard output or by mail. Gathering is here, the
 * text is digest_text.c's, sending is digest_send.c's.
 */
#include "cli/digest.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

enum { DAY = 86400 };

struct arguments {
	bool send, always;
	const char *to;
};

static int read_options(const struct cli *cli, int argc, char **argv, struct arguments *ret)
{
	static const struct option options[] = {
	    {"send", no_argument, NULL, 's'},
	    {"to", required_argument, NULL, 't'},
	    {"always", no_argument, NULL, 'a'},
	    {NULL, 0, NULL, 0},
	};
	struct address checked;
	int c;

	*ret = (struct arguments){.to = cli->config->digest_to};
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 's': ret->send = true; break;
		case 't': ret->to = optarg; break;
		case 'a': ret->always = true; break;
		default: return cli_usage("digest");
		}
	}
	if (optind != argc)
		return cli_usage("digest");
	if (ret->send && !address_parse(slice_of(ret->to), &checked))
		return cli_trouble(
		    "digest", "to \"%s\": one plain address is expected (digest_to in %s, or --to)",
		    ret->to, cli->config->path);
	return CLI_DONE;
}

struct gathering {
	struct digest *digest;
	int64_t now;
};

static void gather(void *context, const struct pending *p)
{
	struct gathering *g = context;

	if (p->state == PENDING_STATE_REVIEW) {
		g->digest->review_count++;
		digest_add_review(p, g->now, &g->digest->review);
	} else {
		g->digest->open_count++;
		digest_add_open(p, g->now, &g->digest->open);
	}
}

static void gather_unrecognised(void *context, const struct unrecognised *u)
{
	struct digest *d = context;

	if (d->unrecognised_count++ < DIGEST_UNRECOGNISED)
		digest_add_unrecognised(u, &d->unrecognised);
}

/* Senders and links to decide about, the most urgent in words. False after a message. */
static bool gather_suggestions(const struct cli *cli, struct store *store, struct digest *d)
{
	const struct suggestion_filter filter = {.now = cli->now};
	struct suggested_ground ground;
	struct suggested_set set = {0};
	bool good = suggested_load(store, &filter, &set);

	if (good && set.count > 0) {
		good = suggested_ground_open(cli, &ground);
		for (size_t i = 0; good && i < set.count && i < DIGEST_SUGGESTIONS; i++)
			digest_add_suggestion(&set.list[i], suggested_risks(&ground, &set.list[i]),
					      cli->now, &d->suggestions);
		suggested_ground_close(&ground);
	}
	d->suggestion_count = set.count;
	suggested_free(&set);
	return good;
}

int digest_run(struct cli *cli, int argc, char **argv)
{
	const struct pending_filter filter = {.now = cli->now};
	struct digest digest = {.now = cli->now};
	struct gathering gathering = {&digest, cli->now};
	struct arguments arguments;
	struct str text = {0};
	struct store *store;
	int status = read_options(cli, argc, argv, &arguments);

	if (status != CLI_DONE)
		return status;
	store = cli_store(cli, "digest", STORE_READ);
	if (store == NULL)
		return CLI_TROUBLE;
	if (pendings_each(store, &filter, gather, &gathering) != STORE_OK ||
	    store_each_unrecognised(store, cli->now - (int64_t)DIGEST_UNRECOGNISED_DAYS * DAY,
				    gather_unrecognised, &digest) != STORE_OK)
		status = cli_trouble("digest", "%s", store_error(store));
	else if (!gather_suggestions(cli, store, &digest))
		status = CLI_TROUBLE;
	store_close(store);
	digest_text(&digest, &text);
	if (status == CLI_DONE && text.failed)
		status = cli_trouble("digest", "memory is short");
	if (status == CLI_DONE) {
		if (!arguments.send)
			fputs(str_text(&text), stdout);
		else if (!digest_is_empty(&digest) || arguments.always)
			status = digest_send(cli->config, arguments.to, &digest, str_text(&text));
	}
	str_free(&digest.open);
	str_free(&digest.review);
	str_free(&digest.suggestions);
	str_free(&digest.unrecognised);
	str_free(&text);
	return status;
}
