/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * watch.c - keepname watch: how the domains stand that somebody must act on, and our own.
 *
 * A run looks at all of them in their zones, and asks as many registries as it has time for: first
 * about those that do not look fine or that somebody must act on, then about those that were asked
 * about longest ago. What time is left goes to the names of listed senders, of which only the date
 * of their registration is kept.
 *
 * A run that was ended has written down what it had finished. One that learns nothing at all (no
 * network) is trouble, and no good run.
 */
#include "cli/watch/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/grow.h"
#include "cli/fetch.h"
#include "db/owned.h"
#include "db/runs.h"
#include "rules/core/domain.h"
#include "rules/core/lint.h"

enum {
	DAY = 86400,
	PRUNE_DAYS = 30,   /* what nothing names any more is remembered for so long */
	SENDER_DAYS = 30,  /* a sender's name is asked about again */
	SENDERS_ONCE = 50, /* names of senders in one run: those of the list take a day */
	FETCH_MS = 60000,  /* of the bootstrap file */
};

struct options {
	bool dry, settled, list, mute;
	const char *bootstrap;
	char **domain;
	int count;
};

struct watching {
	struct cli *cli;
	const struct options *options;
	struct store *store;
	struct list *list;
	struct suffixes *suffixes;
	struct ownership *ownership; /* NULL: no domain of ours is named */
	struct bootstrap *bootstrap;
	struct watch_name *name;
	size_t count, room;
	size_t done, unknown, raised, bad; /* looks; bad: held, gone, changed or in transfer */
	bool failed;
	json_t *json;
};

/* False after a message. */
static bool know_ours(struct store *store, const struct suffixes *suffixes,
		      struct ownership **ret_ownership)
{
	if (suffixes == NULL)
		cli_trouble("watch", "no public suffix list (Debian: publicsuffix)");
	else if (owned_load(store, suffixes, ret_ownership) != STORE_OK)
		cli_trouble("watch", "%s", store_error(store));
	else
		return true;
	return false;
}

/* -- which names ---------------------------------------------------------------------------- */

static struct watch_name *add_name(struct watching *r, const char *domain)
{
	struct watch_name *more = grow_list(r->name, r->count, &r->room, sizeof(*more)), *n;

	if (more == NULL)
		return NULL;
	r->name = more;
	n = &more[r->count];
	*n = (struct watch_name){.domain = slice_dup(slice_of(domain))};
	if (n->domain == NULL)
		return NULL;
	n->ours = ownership_has(r->ownership, domain);
	n->asked = domain_org(r->suffixes, n->domain);
	if (n->asked == NULL)
		snprintf(n->dns_why, sizeof(n->dns_why), "nobody registers it: a public suffix");
	else if (r->bootstrap != NULL)
		n->base = bootstrap_find(r->bootstrap, n->asked);
	r->count++;
	return n;
}

static void add_due(void *context, const struct watched_due *d)
{
	struct watching *r = context;
	struct watch_name *n = add_name(r, d->domain);

	if (n == NULL) {
		r->failed = true;
		return;
	}
	n->urgent = d->matter;
	n->asked_at = d->asked_at;
}

static void take_asked(void *context, const struct watched *w)
{
	struct watch_name *n = context;

	n->asked_at = w->asked_at;
}

static bool add_named(struct watching *r)
{
	for (int i = 0; i < r->options->count; i++) {
		char domain[LIMIT_DOMAIN + 1];
		struct watch_name *n;

		if (!domain_normalise(slice_of(r->options->domain[i]), false, domain)) {
			cli_trouble("watch", "%s: not a domain", r->options->domain[i]);
			return false;
		}
		n = add_name(r, domain);
		if (n == NULL || watched_each(r->store, &(struct watched_filter){.domain = domain},
					      take_asked, n) != STORE_OK)
			return false;
		n->urgent = true;
	}
	return true;
}

/* A name of the list, if it has not been asked about for a while. */
static int64_t want_sender(void *context, const char *domain)
{
	struct watching *r = context;
	int64_t registered_at = 0, checked_at = 0;
	size_t before = 0;

	for (size_t i = 0; i < r->count; i++) {
		before += r->name[i].for_a_sender;
		if (r->name[i].asked != NULL && strcmp(r->name[i].asked, domain) == 0)
			return 0;
	}
	if (before >= SENDERS_ONCE ||
	    watched_registered(r->store, domain, &registered_at, &checked_at) != STORE_OK ||
	    checked_at > r->cli->now - (int64_t)SENDER_DAYS * DAY)
		return 0;
	struct watch_name *n = add_name(r, domain);

	if (n != NULL)
		n->for_a_sender = true;
	return 0;
}

static bool gather(struct watching *r)
{
	struct diags unsaid = {0};

	if (r->options->count > 0)
		return add_named(r);
	if (watched_each_due(r->store, r->options->settled, add_due, r) != STORE_OK || r->failed) {
		cli_trouble("watch", "%s", store_error(r->store));
		return false;
	}
	/* lint.h goes through all names of senders; here it is asked for none of its opinions. */
	if (r->list != NULL && !r->options->dry && r->bootstrap != NULL)
		lint_registered(r->list, r->suffixes, want_sender, r, &unsaid);
	diag_free(&unsaid);
	return true;
}

/* -- looks ---------------------------------------------------------------------------------- */

static void show(struct watching *r, const struct watch_name *n, struct watch_result *result)
{
	const struct watched *w = &result->row;

	if (r->json != NULL) {
		json_t *j = watch_json(w, &n->ours);

		json_object_set_new(j, "alarm",
				    result->raised  ? json_string("raised")
				    : result->ended ? json_string("ended")
						    : json_null());
		json_array_append_new(r->json, j);
	} else if (r->options->count > 0 || result->standing != STANDING_FINE || result->ended) {
		watch_print(r->cli, w, n->ours);
	}
}

static void note(void *context, struct watch_name *n, const struct rdap *rdap, bool none,
		 const char *why)
{
	struct watching *r = context;
	struct watch_result result;

	if (n->for_a_sender) {
		if (n->was_asked &&
		    watched_note_registered(r->store, n->asked,
					    rdap != NULL ? rdap->registration.registered_at : 0,
					    r->cli->now) != STORE_OK)
			r->failed = true;
		return;
	}
	if (!watch_note(r->cli, r->store, r->list, n, rdap, none, n->asked != NULL ? why : "",
			r->options->dry, &result)) {
		r->failed = true;
	} else {
		r->done++;
		r->unknown += result.standing == STANDING_UNKNOWN;
		r->raised += result.raised;
		r->bad += result.standing >= STANDING_TRANSFER;
		show(r, n, &result);
	}
	watch_result_free(&result);
}

/* In the order in which registries are asked. */
static int in_order(const void *a, const void *b)
{
	const struct watch_name *x = *(struct watch_name *const *)a;
	const struct watch_name *y = *(struct watch_name *const *)b;

	if (x->for_a_sender != y->for_a_sender)
		return x->for_a_sender ? 1 : -1;
	const bool x_first = x->urgent || x->delegation.status != DELEGATION_FOUND;
	const bool y_first = y->urgent || y->delegation.status != DELEGATION_FOUND;

	if (x_first != y_first)
		return x_first ? -1 : 1;
	if (x->asked_at != y->asked_at)
		return x->asked_at < y->asked_at ? -1 : 1;
	return strcmp(x->domain, y->domain);
}

static bool look(struct watching *r)
{
	const int64_t began = watch_clock();
	const int64_t span = (int64_t)r->cli->config->watch_time * 1000;
	struct watch_name **order = calloc(r->count + 1, sizeof(struct watch_name *));
	char why[256];

	if (order == NULL || !watch_dns(r->cli->config, r->name, r->count, began + span / 2, why)) {
		cli_trouble("watch", "%s", order == NULL ? "memory is short" : why);
		free(order);
		return false;
	}
	for (size_t i = 0; i < r->count; i++) {
		struct watch_name *n = order[i] = &r->name[i];

		n->urgent = n->urgent || standing_hold_set(r->list, &n->delegation.servers) != NULL;
	}
	qsort(order, r->count, sizeof(struct watch_name *), in_order);
	watch_rdap(r->cli, r->options->dry ? NULL : r->store, order, r->count, began + span, note,
		   r);
	free(order);
	return true;
}

/* -- a run ---------------------------------------------------------------------------------- */

/* The configured file, or the sample. */
static struct bootstrap *open_bootstrap(const struct config *config)
{
	const char *path = config->rdap_bootstrap;
	struct str text = {0};
	struct bootstrap *b = NULL;
	char why[256] = "";
	int error = str_read_file(path, LIMIT_BOOTSTRAP_BYTES, &text);

	if (error == ENOENT) {
		path = KN_RDAP_SAMPLE;
		error = str_read_file(path, LIMIT_BOOTSTRAP_BYTES, &text);
	}
	if (error == 0)
		b = bootstrap_read((struct slice){str_text(&text), text.n}, why);
	if (b == NULL)
		cli_trouble("watch", "%s: %s; no registry is asked", path,
			    error != 0 ? strerror(error) : why);
	str_free(&text);
	return b;
}

static void finish(struct watching *r)
{
	const bool learned = r->done == 0 || r->unknown < r->done;
	char detail[128];

	if (r->options->dry || r->options->count > 0)
		return;
	snprintf(detail, sizeof(detail), "%zu domains, %zu of them unknown, %zu alarms", r->done,
		 r->unknown, r->raised);
	if (watched_prune(r->store, r->cli->now - (int64_t)PRUNE_DAYS * DAY) != STORE_OK ||
	    runs_note(r->store, RUN_WATCH, learned && !r->failed, detail, r->cli->now) != STORE_OK)
		r->failed = true;
}

/* Somebody is told of new alarms at once, by the digest's own way. What cannot be sent now is sent
 * by its timer. */
static void tell(struct watching *r)
{
	static char name[] = "digest", due[] = "--due";
	char *argv[] = {name, due, NULL};
	struct cli cli = *r->cli;

	if (r->raised == 0 || r->options->dry || r->options->mute)
		return;
	cli.json = false;
	optind = 0; /* getopt begins anew */
	if (digest_run(&cli, 2, argv) != CLI_DONE)
		r->failed = true;
}

static int run_all(struct cli *cli, const struct options *options)
{
	struct watching r = {
	    .cli = cli,
	    .options = options,
	    .store = cli_store(cli, "watch", options->dry ? STORE_READ : STORE_WRITE),
	    .suffixes = suffixes_open(),
	};
	bool good = r.store != NULL && know_ours(r.store, r.suffixes, &r.ownership);

	const bool whole = !options->dry && options->count == 0;

	if (good && whole)
		good = runs_begin(r.store, RUN_WATCH, cli->now) == STORE_OK;
	if (good) {
		r.list = cli_list(cli);
		r.bootstrap = open_bootstrap(cli->config);
		r.json = cli->json ? json_array() : NULL;
		good = gather(&r) && (r.count == 0 || look(&r));
	}
	if (good) {
		finish(&r);
		tell(&r);
	}
	if (!good && whole && r.store != NULL)
		runs_note(r.store, RUN_WATCH, false, "it could not begin", cli->now);
	if (good && r.json != NULL)
		cli_print_json(json_incref(r.json));
	json_decref(r.json);
	for (size_t i = 0; i < r.count; i++)
		free(r.name[i].domain);
	free(r.name);
	bootstrap_free(r.bootstrap);
	list_free(r.list);
	ownership_free(r.ownership);
	suffixes_close(r.suffixes);
	store_close(r.store);
	if (!good || r.failed || (r.done > 0 && r.unknown == r.done))
		return CLI_TROUBLE;
	return options->count > 0 && r.bad > 0 ? CLI_NO : CLI_DONE;
}

/* -- what is known already ------------------------------------------------------------------ */

struct listing {
	const struct cli *cli;
	struct ownership *ownership;
	json_t *json;
	size_t count;
};

static void list_one(void *context, const struct watched *w)
{
	struct listing *l = context;
	const bool ours = ownership_has(l->ownership, w->domain);

	l->count++;
	if (l->json != NULL)
		json_array_append_new(l->json, watch_json(w, &ours));
	else
		watch_print(l->cli, w, ours);
}

static int list_all(const struct cli *cli)
{
	struct listing l = {.cli = cli};
	struct store *store = cli_store(cli, "watch", STORE_READ);
	struct suffixes *suffixes = suffixes_open();
	int status = CLI_DONE;

	if (store == NULL || !know_ours(store, suffixes, &l.ownership)) {
		suffixes_close(suffixes);
		store_close(store);
		return CLI_TROUBLE;
	}
	l.json = cli->json ? json_array() : NULL;
	if (watched_each(store, &(struct watched_filter){0}, list_one, &l) != STORE_OK)
		status = cli_trouble("watch", "%s", store_error(store));
	else if (l.json != NULL)
		status = cli_print_json(json_incref(l.json));
	else if (l.count == 0)
		printf("Nothing has been looked at.\n");
	json_decref(l.json);
	ownership_free(l.ownership);
	suffixes_close(suffixes);
	store_close(store);
	return status;
}

/* -- the bootstrap file --------------------------------------------------------------------- */

/* Beside it first, then in its place: whoever reads it finds the one or the other, whole. */
static int write_file(const char *path, const struct str *text)
{
	struct str new = {0};
	int fd, error = 0;

	str_printf(&new, "%s.new", path);
	fd = open(str_text(&new), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		error = errno;
	if (error == 0 && (write(fd, str_text(text), text->n) != (ssize_t)text->n ||
			   fchmod(fd, 0644) != 0 || fsync(fd) != 0))
		error = errno != 0 ? errno : EIO;
	if (fd >= 0 && close(fd) != 0 && error == 0)
		error = errno;
	if (error == 0 && rename(str_text(&new), path) != 0)
		error = errno;
	if (error != 0 && fd >= 0)
		unlink(str_text(&new));
	str_free(&new);
	return error;
}

static int get_bootstrap(const char *from, struct str *to)
{
	const bool plain = slice_starts_nocase(slice_of(from), "http://");
	struct fetched f;
	int error;

	if (!plain && !slice_starts_nocase(slice_of(from), "https://")) {
		error = str_read_file(from, LIMIT_BOOTSTRAP_BYTES, to);
		return error == 0 ? CLI_DONE
				  : cli_trouble("watch", "%s: %s", from, strerror(error));
	}
	fetch_once(from,
		   &(struct fetch_terms){.plain = plain,
					 .most = LIMIT_BOOTSTRAP_BYTES,
					 .ms = FETCH_MS,
					 .wants = "application/json"},
		   &f);
	if (f.outcome == FETCH_ANSWERED && f.status == 200) {
		*to = f.body;
		return CLI_DONE;
	}
	if (f.outcome == FETCH_ANSWERED)
		cli_trouble("watch", "%s: HTTP status %d", from, f.status);
	else
		cli_trouble("watch", "%s: %s", from, f.why);
	fetched_free(&f);
	return CLI_TROUBLE;
}

static int refresh_bootstrap(const struct cli *cli, const char *from, bool dry)
{
	const char *path = cli->config->rdap_bootstrap;
	struct str text = {0};
	struct bootstrap *b = NULL;
	char why[256];
	int status = get_bootstrap(from, &text), error = 0;

	if (status == CLI_DONE) {
		b = bootstrap_read((struct slice){str_text(&text), text.n}, why);
		if (b == NULL)
			status = cli_trouble("watch", "%s: %s; nothing was changed", from, why);
	}
	if (b != NULL && !dry)
		error = write_file(path, &text);
	if (error != 0)
		status = cli_trouble("watch", "%s: %s", path, strerror(error));
	else if (b != NULL)
		printf("%s: %zu top-level domains, published %s\n", path, bootstrap_count(b),
		       bootstrap_published(b)[0] != '\0' ? bootstrap_published(b) : "(not said)");
	bootstrap_free(b);
	str_free(&text);
	return status;
}

int watch_run(struct cli *cli, int argc, char **argv)
{
	static const struct option words[] = {{"dry-run", no_argument, NULL, 'n'},
					      {"all", no_argument, NULL, 'a'},
					      {"list", no_argument, NULL, 'l'},
					      {"no-mail", no_argument, NULL, 'm'},
					      {"bootstrap", required_argument, NULL, 'b'},
					      {0}};
	struct options o = {0};

	for (int c; (c = getopt_long(argc, argv, "", words, NULL)) != -1;) {
		switch (c) {
		case 'n': o.dry = true; break;
		case 'a': o.settled = true; break;
		case 'l': o.list = true; break;
		case 'm': o.mute = true; break;
		case 'b': o.bootstrap = optarg; break;
		default: return cli_usage(argv[0]);
		}
	}
	o.domain = argv + optind;
	o.count = argc - optind;
	if (o.bootstrap != NULL && !o.list && !o.settled && o.count == 0)
		return refresh_bootstrap(cli, o.bootstrap, o.dry);
	if (o.bootstrap != NULL || (o.list && (o.count > 0 || o.dry || o.settled || o.mute)) ||
	    (o.settled && o.count > 0))
		return cli_usage(argv[0]);
	return o.list ? list_all(cli) : run_all(cli, &o);
}
