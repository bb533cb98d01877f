/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * digest.c - keepname digest: what is due, to standard output or by mail.
 *
 * --due is the timer's. It runs every hour and does what is due, once: alarms and steps of
 * escalation are mailed as soon as it finds them, the digest once a day from digest_hour on. A
 * machine that slept catches up with the most urgent step alone. Two runs at a time exclude each
 * other by a lock beside the database. A mail is noted once sendmail has taken it: who is killed
 * between the two sends it again, which is better than not at all.
 */
#include "cli/digest/digest.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/digest/digest_lock.h"
#include "cli/stats.h"
#include "cli/words.h"
#include "db/alarms.h"
#include "db/runs.h"

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

struct at_risk {
	struct slice domain; /* of the address */
	bool found;
};

static void compare(void *context, const struct pending *p)
{
	struct at_risk *a = context;
	const size_t n = strlen(p->domain);

	/* The domain itself, or a name below it. */
	if (n > 0 && a->domain.n >= n &&
	    slice_is_nocase((struct slice){a->domain.p + a->domain.n - n, n}, p->domain) &&
	    (a->domain.n == n || a->domain.p[a->domain.n - n - 1] == '.'))
		a->found = true;
}

bool digest_is_at_risk(struct store *store, const char *address)
{
	const char *at = strrchr(address, '@');
	struct at_risk a = {.domain = slice_of(at != NULL ? at + 1 : "")};
	const struct pending_filter unsettled = {0};

	pendings_each(store, &unsettled, compare, &a);
	return a.found;
}

/* -- when the last one was ------------------------------------------------------------------ */

static void note_last(void *context, const struct run *r)
{
	if (strcmp(r->name, RUN_DIGEST) == 0)
		*(int64_t *)context = r->good_at;
}

static int last_sent(struct store *store, int64_t *ret_last)
{
	*ret_last = 0;
	return runs_each(store, note_last, ret_last) == STORE_OK
		   ? CLI_DONE
		   : cli_trouble("digest", "%s", store_error(store));
}

/* Whether the day's digest is still to come: none since digest_hour of today, or of yesterday as
 * long as it is earlier. */
static bool is_time(const struct cli *cli, int64_t last)
{
	const time_t now = (time_t)cli->now;
	struct tm tm;

	if (localtime_r(&now, &tm) == NULL)
		return true;
	if (tm.tm_hour < cli->config->digest_hour)
		tm.tm_mday--;
	tm.tm_hour = (int)cli->config->digest_hour;
	tm.tm_min = tm.tm_sec = 0;
	tm.tm_isdst = -1;
	return last < (int64_t)mktime(&tm);
}

/* -- sending -------------------------------------------------------------------------------- */

struct recipients {
	char **list;
	size_t count, size;
	bool failed;
};

static void gather_recipient(void *context, const struct pending *p)
{
	struct recipients *r = context;

	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->list[i], p->recipient) == 0)
			return;
	if (r->count == r->size) {
		const size_t size = r->size > 0 ? 2 * r->size : 64;
		char **more = reallocarray(r->list, size, sizeof(*more));

		if (more == NULL) {
			r->failed = true;
			return;
		}
		r->list = more;
		r->size = size;
	}
	r->list[r->count] = strdup(p->recipient);
	if (r->list[r->count] != NULL)
		r->count++;
	else
		r->failed = true;
}

/* To each recipient about his own. One that cannot be sent does not keep the others from theirs. */
static int send_own(const struct cli *cli, struct store *store)
{
	const struct pending_filter unsettled = {
	    .now = cli->now, .awake = true, .ours = 1u << OURS_UNSET | 1u << OURS_YES};
	struct recipients all = {0};
	int status = CLI_DONE;

	if (pendings_each(store, &unsettled, gather_recipient, &all) != STORE_OK || all.failed)
		status = cli_trouble("digest", "%s",
				     all.failed ? "memory is short" : store_error(store));
	for (size_t i = 0; i < all.count; i++) {
		struct digest d = {0};
		struct address checked;
		int sent = CLI_DONE;

		if (address_parse(slice_of(all.list[i]), &checked)) {
			sent = digest_fill_own(cli, store, all.list[i], &d);
			if (sent == CLI_DONE && d.said > 0)
				sent = digest_send(cli, all.list[i], &d);
		}
		status = sent == CLI_DONE ? status : sent;
		digest_free(&d);
		free(all.list[i]);
	}
	free(all.list);
	return status;
}

/* The administrator's. */
static int send_all(const struct cli *cli, struct store *store, const char *to, bool always)
{
	struct digest d = {0};
	int64_t last;
	int status = last_sent(store, &last);

	if (status == CLI_DONE)
		status = digest_fill(cli, store, last, &d);
	if (status == CLI_DONE && (d.said > 0 || always))
		status = digest_send(cli, to, &d);
	digest_free(&d);
	return status;
}

struct sent_alarms {
	int64_t id[DIGEST_SHOWN];
	size_t count;
};

static void gather_sent(void *context, const struct alarm *a)
{
	struct sent_alarms *s = context;

	if (s->count < DIGEST_SHOWN)
		s->id[s->count++] = a->id;
}

/* What cannot wait, and that somebody has been told. */
static int send_due(const struct cli *cli, struct store *store, const char *to)
{
	const struct alarm_filter unsent = {.unsent = true};
	struct sent_alarms alarms = {0};
	struct notices steps = {0};
	struct digest d = {0};
	int status = digest_fill_due(cli, store, &steps, &d);

	if (status == CLI_DONE && alarms_each(store, &unsent, gather_sent, &alarms) != STORE_OK)
		status = cli_trouble("digest", "%s", store_error(store));
	if (status == CLI_DONE && d.said > 0)
		status = digest_send(cli, to, &d);
	if (status == CLI_DONE && notices_note(store, &steps, cli->now) != STORE_OK)
		status = cli_trouble("digest", "%s", store_error(store));
	for (size_t i = 0; i < alarms.count && status == CLI_DONE; i++)
		if (alarms_sent(store, alarms.id[i], cli->now) != STORE_OK)
			status = cli_trouble("digest", "%s", store_error(store));
	notices_free(&steps);
	digest_free(&d);
	return status;
}

static int run_due(const struct cli *cli, struct store *store, const char *to)
{
	int64_t last;
	size_t expired;
	int status;

	if (!digest_lock(cli, &status))
		return status;
	if (pendings_expire(store, cli->now, &expired) != STORE_OK)
		return cli_trouble("digest", "%s", store_error(store));
	if (to[0] != '\0')
		status = send_due(cli, store, to);
	else if (isatty(STDERR_FILENO))
		fprintf(stderr, "keepname digest: digest_to of %s names nobody\n",
			cli->config->path);
	if (status == CLI_DONE)
		status = last_sent(store, &last);
	if (status != CLI_DONE || !is_time(cli, last))
		return status;
	if (to[0] != '\0')
		status = send_all(cli, store, to, false);
	if (cli->config->digest_recipients) {
		const int own = send_own(cli, store);

		status = status == CLI_DONE ? own : status;
	}
	if (runs_note(store, RUN_DIGEST, status == CLI_DONE, to, cli->now) != STORE_OK)
		status = cli_trouble("digest", "%s", store_error(store));
	return status;
}

/* -- the command ---------------------------------------------------------------------------- */

static int print(const struct cli *cli, struct store *store, bool html)
{
	struct digest d = {0};
	struct str text = {0};
	int64_t last;
	int status = last_sent(store, &last);

	if (status == CLI_DONE)
		status = digest_fill(cli, store, last, &d);
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
	store = cli_store(cli, "digest", a.due ? STORE_WRITE : STORE_READ);
	if (store == NULL)
		return CLI_TROUBLE;
	if (a.due) {
		status = run_due(cli, store, a.to);
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
