/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * digest.c - keepname digest: what is due, to standard output or by mail; by a timer: digest_due.c.
 */
#include "cli/digest/digest.h"

#include <getopt.h>
#include <string.h>

#include "cli/stats.h"
#include "cli/words.h"

struct arguments {
	bool send, always, due, html;
	const char *to;
};

static int read_options(const struct cli *cli, int argc, char **argv, struct arguments *ret)
{
	static const struct option options[] = {
	    {"send", no_argument, NULL, 's'},   {"to", required_argument, NULL, 't'},
	    {"always", no_argument, NULL, 'a'}, {"due", no_argument, NULL, 'd'},
	    {"html", no_argument, NULL, 'h'},   {NULL, 0, NULL, 0},
	};
	struct address checked;
	int c;

	*ret = (struct arguments){.to = cli->config->digest_to};
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 's': ret->send = true; break;
		case 't': ret->to = optarg; break;
		case 'a': ret->always = true; break;
		case 'd': ret->due = true; break;
		case 'h': ret->html = true; break;
		default: return cli_usage("digest");
		}
	}
	if (optind != argc || ret->send + ret->due + ret->html > 1 || (ret->due && ret->always))
		return cli_usage("digest");
	if (cli->json)
		return cli_trouble("digest", "it has no JSON: keepname pending --json has");
	if ((ret->send || (ret->due && ret->to[0] != '\0')) &&
	    !address_parse(slice_of(ret->to), &checked))
		return cli_trouble(
		    "digest", "to \"%s\": one plain address is expected (digest_to in %s, or --to)",
		    ret->to, cli->config->path);
	return CLI_DONE;
}

/* -- risk ----------------------------------------------------------------------------------- */

static void find(void *context, const struct pending *p)
{
	(void)p;
	*(bool *)context = true;
}

bool digest_is_at_risk(struct store *store, const char *address)
{
	const char *at = strrchr(address, '@');
	char domain[LIMIT_DOMAIN + 1];
	bool found = false;

	if (at == NULL || !slice_copy(slice_of(at + 1), domain, sizeof(domain)))
		return false;
	str_lower(domain);
	/* The domain itself, and those above it. */
	for (const char *name = domain; name != NULL && !found;) {
		const struct pending_filter about = {.domain = name};

		if (*name != '\0')
			pendings_each_brief(store, &about, find, &found);
		name = strchr(name, '.');
		name = name != NULL ? name + 1 : NULL;
	}
	return found;
}

/* -- sending -------------------------------------------------------------------------------- */

/* Everything, as the administrator gets it. */
static int fill(const struct cli *cli, struct store *store, struct digest *d)
{
	int64_t last;

	if (notices_last_mailed(store, &last) != STORE_OK)
		return cli_trouble("digest", "%s", store_error(store));
	return digest_fill(cli, store, last, d);
}

static int send_all(const struct cli *cli, struct store *store, const char *to, bool always)
{
	struct digest d = {0};
	char actor[64];
	int status = fill(cli, store, &d);

	if (status == CLI_DONE && (d.said > 0 || always))
		status = digest_send(cli, to, &d);
	if (status == CLI_DONE &&
	    notices_note(store, &d.named, cli_actor(actor), to, cli->now) != STORE_OK)
		status = cli_trouble("digest", "%s", store_error(store));
	digest_free(&d);
	return status;
}

/* -- the command ---------------------------------------------------------------------------- */

static int print(const struct cli *cli, struct store *store, bool html)
{
	struct digest d = {0};
	struct str text = {0};
	int status = fill(cli, store, &d);

	if (status == CLI_DONE) {
		if (html)
			digest_html(&d, cli->now, &text);
		else
			digest_text(&d, cli->now, &text);
		fputs(str_text(&text), stdout);
	}
	str_free(&text);
	digest_free(&d);
	return status;
}

int digest_run(struct cli *cli, int argc, char **argv)
{
	struct arguments a;
	struct store *store;
	int status = read_options(cli, argc, argv, &a);

	if (status != CLI_DONE)
		return status;
	words_use(cli->config->digest_language);
	store = cli_store(cli, "digest", a.due || a.send ? STORE_WRITE : STORE_READ);
	if (store == NULL)
		return CLI_TROUBLE;
	if (a.due) {
		status = digest_due(cli, store, a.to);
		if (cli->config->metrics_file[0] != '\0' &&
		    stats_write(cli, store, "digest", cli->config->metrics_file) != CLI_DONE)
			status = CLI_TROUBLE;
	} else if (a.send)
		status = send_all(cli, store, a.to, a.always);
	else
		status = print(cli, store, a.html);
	store_close(store);
	return status;
}
