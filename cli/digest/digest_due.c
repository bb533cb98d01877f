/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * digest_due.c - keepname digest --due: the timer's part.
 *
 * It runs every few minutes and does what is due, once: alarms and steps of escalation are mailed
 * as soon as it finds them, the digest once a day from digest_hour on. A machine that slept catches
 * up with the most urgent step alone. Two runs at a time exclude each other (digest_lock.h).
 *
 * Each mail is noted by itself once sendmail has taken it, so a run that fails half way is repeated
 * for those alone who have theirs still to come. Who is killed between the two sends that one mail
 * again, which is better than not at all. A run that ended well has done everything that was due.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/digest/digest.h"
#include "cli/digest/digest_lock.h"
#include "db/runs.h"

static int failed(struct store *store)
{
	return cli_trouble("digest", "%s", store_error(store));
}

/* The worse of two. */
static int both(int one, int other)
{
	return one != CLI_DONE ? one : other;
}

/* When the day's digest became due: digest_hour of today, or of yesterday as long as it is earlier.
 */
static int64_t day_began(const struct cli *cli)
{
	const time_t now = (time_t)cli->now;
	struct tm tm;

	if (localtime_r(&now, &tm) == NULL)
		return cli->now;
	if (tm.tm_hour < cli->config->digest_hour)
		tm.tm_mday--;
	tm.tm_hour = (int)cli->config->digest_hour;
	tm.tm_min = tm.tm_sec = 0;
	tm.tm_isdst = -1;
	return (int64_t)mktime(&tm);
}

/* -- who gets one --------------------------------------------------------------------------- */

struct recipients {
	char **list;
	size_t count, size;
	bool failed;
};

static void gather_recipient(void *context, const char *recipient)
{
	struct recipients *r = context;

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
	r->list[r->count] = strdup(recipient);
	if (r->list[r->count] != NULL)
		r->count++;
	else
		r->failed = true;
}

/* What is filled by now goes out, and that is noted. */
static int mail(const struct cli *cli, struct store *store, const char *to, const char *noted_as,
		const struct digest *d)
{
	int status = d->said > 0 ? digest_send(cli, to, d) : CLI_DONE;

	if (status == CLI_DONE && d->said > 0 &&
	    (notices_note(store, &d->named, "clock", to, cli->now) != STORE_OK ||
	     notices_note_mailed(store, noted_as, cli->now) != STORE_OK))
		status = failed(store);
	return status;
}

static int mail_own(const struct cli *cli, struct store *store, const char *recipient,
		    int64_t since)
{
	struct digest d = {0};
	struct address checked;
	bool has = false;
	int status = CLI_DONE;

	if (!address_parse(slice_of(recipient), &checked))
		return CLI_DONE;
	if (notices_mailed(store, recipient, since, cli->now, &has) != STORE_OK)
		status = failed(store);
	if (status == CLI_DONE && !has)
		status = digest_fill_own(cli, store, recipient, &d);
	if (status == CLI_DONE && !has)
		status = mail(cli, store, recipient, recipient, &d);
	digest_free(&d);
	return status;
}

/* To each recipient about his own. One that cannot be sent does not keep the others from theirs. */
static int mail_recipients(const struct cli *cli, struct store *store, int64_t since)
{
	const struct pending_filter unsettled = {
	    .now = cli->now, .awake = true, .ours = 1u << OURS_UNSET | 1u << OURS_YES};
	struct recipients all = {0};
	int status = CLI_DONE;

	if (pendings_each_recipient(store, &unsettled, gather_recipient, &all) != STORE_OK)
		status = failed(store);
	else if (all.failed)
		status = cli_trouble("digest", "memory is short");
	for (size_t i = 0; i < all.count; i++) {
		status = both(status, mail_own(cli, store, all.list[i], since));
		free(all.list[i]);
	}
	free(all.list);
	return status;
}

static int mail_administrator(const struct cli *cli, struct store *store, const char *to,
			      int64_t since)
{
	struct digest d = {0};
	int64_t last = 0;
	bool has = false;
	int status = CLI_DONE;

	if (notices_mailed(store, "", since, cli->now, &has) != STORE_OK ||
	    notices_last_mailed(store, &last) != STORE_OK)
		return failed(store);
	if (has)
		return CLI_DONE;
	status = digest_fill(cli, store, last, &d);
	if (status == CLI_DONE)
		status = mail(cli, store, to, "", &d);
	digest_free(&d);
	return status;
}

/* What cannot wait, and that somebody has been told. */
static int mail_due(const struct cli *cli, struct store *store, const char *to)
{
	struct notices told = {0};
	struct digest d = {0};
	int status = digest_fill_due(cli, store, &told, &d);

	if (status == CLI_DONE && d.said > 0)
		status = digest_send(cli, to, &d);
	if (status == CLI_DONE && told.count > 0 &&
	    notices_note(store, &told, "clock", to, cli->now) != STORE_OK)
		status = failed(store);
	notices_free(&told);
	digest_free(&d);
	return status;
}

/* -- one run -------------------------------------------------------------------------------- */

static void take_last(void *context, const struct run *r)
{
	if (strcmp(r->name, RUN_DIGEST) == 0)
		*(int64_t *)context = r->good_at;
}

static int mail_all(const struct cli *cli, struct store *store, const char *to)
{
	const int64_t since = day_began(cli);
	int64_t good_at = 0;
	int status = CLI_DONE;

	if (to[0] != '\0')
		status = mail_due(cli, store, to);
	if (runs_each(store, take_last, &good_at) != STORE_OK)
		return failed(store);
	if (good_at >= since && good_at <= cli->now)
		return status;
	if (notices_forget_mailed(store, since) != STORE_OK)
		status = failed(store);
	if (to[0] != '\0')
		status = both(status, mail_administrator(cli, store, to, since));
	if (cli->config->digest_recipients)
		status = both(status, mail_recipients(cli, store, since));
	return status;
}

int digest_due(const struct cli *cli, struct store *store, const char *to)
{
	size_t expired;
	int status;

	if (!digest_lock(cli, &status))
		return status;
	if (to[0] == '\0' && isatty(STDERR_FILENO))
		fprintf(stderr, "keepname digest: digest_to of %s names nobody\n",
			cli->config->path);
	if (runs_begin(store, RUN_DIGEST, cli->now) != STORE_OK)
		status = failed(store);
	if (pendings_expire(store, cli->now, &expired) != STORE_OK)
		status = failed(store);
	status = both(status, mail_all(cli, store, to));
	if (runs_note(store, RUN_DIGEST, status == CLI_DONE, to, cli->now) != STORE_OK)
		status = failed(store);
	return status;
}
