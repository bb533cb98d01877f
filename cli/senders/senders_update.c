/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * senders_update.c - keepname senders update: a signed release of the list in place of the shipped
 * entries.
 *
 * A release is one text, signed as a whole by one of update_keys: the list's stanzas
 * (keepname-lists(5)), one of which says its number, when it was issued and until when it may be
 * taken. It must be newer than what is there and than any that was there before, whole, without an
 * error of the parser or the linter; else nothing changes. The site's own entries, links and
 * switches stay: what would change is reckoned on the list as it would be in use with them
 * (rules/core/changes.h), and a release without which an entry of the site's own cannot be is not
 * taken. The list before is kept in the database for --undo.
 *
 * Class files are no part of it: patterns are compiled by the judge's zygote from its folder, and
 * come with the program.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/fetch.h"
#include "cli/senders/changes_show.h"
#include "cli/senders/minisign.h"
#include "cli/senders/senders.h"
#include "db/releases.h"
#include "db/runs.h"
#include "db/senders.h"
#include "rules/core/lint.h"

enum {
	FETCH_MS = 60000,
	SIGNATURE_MOST = 4096, /* octets; a real one has 350 */
	KEYS_MOST = 16,
	DAY = 86400,
};

struct update {
	const struct cli *cli;
	const char *source; /* a file, or https://… */
	struct str text, signature;
	struct list *fresh;          /* what the release says */
	struct list *before, *after; /* in use: now, and with it */
	struct changes changes;
	bool yes, dry_run;
};

/* -- getting it ----------------------------------------------------------------------------- */

static bool is_url(const char *source)
{
	return strncmp(source, "https://", 8) == 0;
}

/* CLI_DONE, or CLI_TROUBLE after a message. */
static int get(const char *source, size_t most, struct str *to)
{
	const struct fetch_terms terms = {.most = most, .ms = FETCH_MS};
	struct fetched f = {0};
	int error, status = CLI_DONE;

	if (!is_url(source) && strstr(source, "://") != NULL)
		return cli_trouble("senders", "%s: a file or an https:// URL is expected", source);
	if (!is_url(source)) {
		error = str_read_file(source, most, to);
		return error == 0 ? CLI_DONE
				  : cli_trouble("senders", "%s: %s", source, strerror(error));
	}
	fetch_once(source, &terms, &f);
	if (f.outcome != FETCH_ANSWERED)
		status = cli_trouble("senders", "%s: %s", source, f.why);
	else if (f.status != 200)
		status = cli_trouble("senders", "%s: the server answers %d", source, f.status);
	else
		str_add(to, f.body.p, f.body.n);
	fetched_free(&f);
	return status;
}

static int get_both(struct update *u)
{
	char beside[4096];
	int status;

	snprintf(beside, sizeof(beside), "%.4000s.minisig", u->source);
	status = get(u->source, LIMIT_LIST_BYTES, &u->text);
	return status == CLI_DONE ? get(beside, SIGNATURE_MOST, &u->signature) : status;
}

/* -- proving it ----------------------------------------------------------------------------- */

static int check_signature(const struct update *u)
{
	static const char *const why[] = {
	    [MINISIGN_MALFORMED] = "it has no signature of minisign",
	    [MINISIGN_OTHER_KEY] = "it is signed by none of update_keys",
	    [MINISIGN_BAD] = "its signature is not of this text: it was changed",
	};
	const struct config_list *keys = &u->cli->config->update_keys;
	struct minisign_key key[KEYS_MOST];
	char comment[MINISIGN_COMMENT + 1];
	size_t count = 0;

	for (size_t i = 0; i < keys->count && count < KEYS_MOST; i++)
		if (minisign_key_parse(keys->item[i], &key[count]))
			count++;
	if (count == 0)
		return cli_trouble("senders", "update_keys of %s names no key of minisign",
				   u->cli->config->path);
	const enum minisign_result r =
	    minisign_check((struct slice){u->text.p, u->text.n},
			   (struct slice){u->signature.p, u->signature.n}, key, count, comment);

	if (r == MINISIGN_GOOD)
		return CLI_DONE;
	cli_trouble("senders", "%s: %s; nothing was changed", u->source, why[r]);
	return CLI_NO;
}

static int say_no(const struct update *u, const char *why)
{
	cli_trouble("senders", "%s: %s; nothing was changed", u->source, why);
	return CLI_NO;
}

/* Whether the release may be used: its number, and the clock. */
static int check_release(const struct update *u, const struct release *present)
{
	const struct list_release *r = list_release(u->fresh);

	if (r->number == 0 || r->expires == 0)
		return say_no(u, "it does not say Release, Issued and Expires");
	if (r->issued > u->cli->now + DAY)
		return say_no(u, "it was issued in the future: look at the clock");
	if (r->expires <= u->cli->now)
		return say_no(u, "it has expired");
	if (r->number == present->number)
		return say_no(u, "it is in use already");
	if (r->number < present->latest)
		return say_no(u, "it is older than one that was in use");
	/* A timer must not bring back what a person took back. */
	if (r->number == present->latest && u->yes)
		return say_no(u, "it was taken back here: take it again without --yes");
	return CLI_DONE;
}

static int read_list(struct update *u)
{
	struct suffixes *suffixes = suffixes_open();
	struct diags diags = {0};
	int status = CLI_DONE;

	u->fresh = list_new();
	if (u->fresh == NULL || suffixes == NULL ||
	    list_parse(u->fresh, (struct slice){u->text.p, u->text.n}, u->source, false, &diags) !=
		0 ||
	    list_finish(u->fresh, &diags) != 0)
		status = cli_trouble("senders", "memory is short, or no public suffix list");
	if (status == CLI_DONE)
		lint_list(u->fresh, suffixes, u->cli->now, &diags);
	if (status == CLI_DONE && diags.errors > 0) {
		diag_print(&diags, stderr);
		status = say_no(u, "the list has errors");
	}
	if (status == CLI_DONE && list_count(u->fresh) == 0)
		status = say_no(u, "it names no sender");
	diag_free(&diags);
	suffixes_close(suffixes);
	return status;
}

/* -- what would change ---------------------------------------------------------------------- */

/* A release must not take the platform from an entry of the site's own. */
static int check_own(const struct update *u)
{
	for (size_t i = 0; i < list_count(u->before); i++) {
		const struct sender *s = list_at(u->before, i);
		const struct sender *stays = list_find_name(u->after, s->name);
		char why[256];

		if (!s->local || (stays != NULL && stays->local))
			continue;
		snprintf(why, sizeof(why),
			 "it has no platform \"%s\", which your own entry \"%s\" needs",
			 s->platform_name != NULL ? s->platform_name : "", s->name);
		return say_no(u, why);
	}
	return CLI_DONE;
}

/* Reckons the changes, on what is in use and would be. */
static int compare(struct update *u, struct store *store)
{
	struct suffixes *suffixes = suffixes_open();
	struct diags diags = {0};
	int status = CLI_DONE;

	u->before = senders_in_use(u->cli);
	if (u->before == NULL)
		status = CLI_TROUBLE;
	else if (senders_preview(store, u->fresh, &u->after, &diags) != STORE_OK)
		status = cli_trouble("senders", "%s", store_error(store));
	else if (suffixes == NULL || changes_find(u->before, u->after, suffixes, &u->changes) != 0)
		status = cli_trouble("senders", "memory is short, or no public suffix list");
	if (status == CLI_DONE)
		status = check_own(u);
	diag_free(&diags);
	suffixes_close(suffixes);
	return status;
}

static void show(const struct update *u)
{
	const size_t *n = u->changes.of_kind;

	changes_print(&u->changes, u->cli->colour);
	printf("Release %lld: %zu reach further (!), %zu added (+), %zu removed (-), %zu reach "
	       "less far (<), %zu changed otherwise (~).\n",
	       (long long)list_release(u->fresh)->number, n[CHANGE_WIDENED], n[CHANGE_ADDED],
	       n[CHANGE_REMOVED], n[CHANGE_NARROWED], n[CHANGE_OTHER]);
}

static int show_json(const struct update *u, bool taken)
{
	const struct list_release *r = list_release(u->fresh);
	json_t *all = json_object();

	json_object_set_new(all, "release", json_integer(r->number));
	json_object_set_new(all, "issued", cli_json_time(r->issued));
	json_object_set_new(all, "expires", cli_json_time(r->expires));
	json_object_set_new(all, "taken", json_boolean(taken));
	json_object_set_new(all, "counts", changes_counts_json(&u->changes));
	json_object_set_new(all, "changes", changes_json(&u->changes));
	return cli_print_json(all);
}

/* -- making it ------------------------------------------------------------------------------ */

static int make(struct update *u, struct store *store)
{
	char actor[64];
	bool taken = false;
	int status;

	if (!u->cli->json)
		show(u);
	if (u->dry_run)
		return u->cli->json ? show_json(u, false) : CLI_DONE;
	status = cli_confirm("senders", "Take it?", u->yes);
	if (status != CLI_DONE)
		return status;
	if (releases_take(store, u->fresh, cli_actor(actor), &taken) != STORE_OK)
		return cli_trouble("senders", "%s; nothing was changed", store_error(store));
	if (!taken)
		return say_no(u, "another one was taken meanwhile");
	if (u->cli->json)
		return show_json(u, true);
	printf("Taken; keepname senders update --undo brings the list before back.\n");
	return CLI_DONE;
}

static int update(struct update *u, struct store *store)
{
	struct release present = {0};
	int status = get_both(u);

	if (status == CLI_DONE)
		status = check_signature(u);
	if (status == CLI_DONE)
		status = read_list(u);
	if (status == CLI_DONE && releases_present(store, &present) != STORE_OK)
		status = cli_trouble("senders", "%s", store_error(store));
	if (status == CLI_DONE)
		status = check_release(u, &present);
	if (status == CLI_DONE)
		status = compare(u, store);
	if (status == CLI_DONE)
		status = make(u, store);
	changes_free(&u->changes);
	list_free(u->fresh);
	list_free(u->before);
	list_free(u->after);
	str_free(&u->text);
	str_free(&u->signature);
	return status;
}

static int undo(const struct cli *cli, struct store *store)
{
	struct release now;
	char actor[64];
	const enum store_status result = releases_undo(store, cli_actor(actor), &now);

	if (result == STORE_NOT_FOUND) {
		cli_trouble("senders", "there is no list before; nothing was changed");
		return CLI_NO;
	}
	if (result != STORE_OK)
		return cli_trouble("senders", "%s; nothing was changed", store_error(store));
	if (cli->json)
		return cli_print_json(json_pack("{s:I}", "release", (json_int_t)now.number));
	if (now.number > 0)
		printf("Release %lld is back.\n", (long long)now.number);
	else
		printf("The list that came with the program is back.\n");
	return CLI_DONE;
}

int senders_update_run(struct cli *cli, int argc, char **argv)
{
	static const struct option options[] = {
	    {"dry-run", no_argument, NULL, 'n'},
	    {"yes", no_argument, NULL, 'y'},
	    {"undo", no_argument, NULL, 'u'},
	    {NULL, 0, NULL, 0},
	};
	struct update u = {.cli = cli, .source = cli->config->update_url};
	bool back = false;
	struct store *store;
	int c, status;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'n': u.dry_run = true; break;
		case 'y': u.yes = true; break;
		case 'u': back = true; break;
		default: return cli_usage("senders");
		}
	}
	if (argc - optind > 1 || (back && (optind < argc || u.dry_run || u.yes)))
		return cli_usage("senders");
	/* A question has no place in JSON. */
	if (cli->json && !back && !u.yes && !u.dry_run)
		return cli_usage("senders");
	if (optind < argc)
		u.source = argv[optind];
	if (!back && u.source[0] == '\0')
		return cli_trouble("senders", "update_url of %s names none, and no file is given",
				   cli->config->path);
	store = cli_store(cli, "senders", u.dry_run ? STORE_READ : STORE_WRITE);
	if (store == NULL)
		return CLI_TROUBLE;
	if (!back && !u.dry_run && runs_begin(store, RUN_UPDATE, cli->now) != STORE_OK)
		status = cli_trouble("senders", "%s", store_error(store));
	else
		status = back ? undo(cli, store) : update(&u, store);
	/* In use already is what a timer finds on most days. */
	if (!back && !u.dry_run &&
	    runs_note(store, RUN_UPDATE, status != CLI_TROUBLE, u.source, cli->now) != STORE_OK)
		status = cli_trouble("senders", "%s", store_error(store));
	store_close(store);
	return status;
}
