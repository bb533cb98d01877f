/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * domains.c - keepname domains: which domains are ours.
 *
 * From the first one on, genuine mail about another domain is not ours and is no longer
 * prioritised. An import is shown before it is made, made in one transaction each way, and taken
 * back by keepname undo. Afterwards every pending is reckoned anew.
 */
#include "cli/domains/domains.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "db/owned.h"
#include "db/pendings.h"

enum {
	SHOWN = 10, /* names of each kind in a preview */
};

/* -- list ----------------------------------------------------------------------------------- */

struct listing {
	json_t *array; /* with --json */
	size_t count;
};

static void list_one(void *context, const struct owned *o)
{
	struct listing *l = context;
	struct str source = {0};
	char when[CLI_TIME_TEXT];

	l->count++;
	if (l->array != NULL)
		json_array_append_new(l->array, json_pack("{s:s s:o s:o}", "domain", o->name,
							  "source", cli_json_text(o->source),
							  "added", cli_json_time(o->added_at)));
	else
		printf("%-40s %s  %s\n", o->name, cli_time(o->added_at, when),
		       str_text(cli_plain(o->source, LIMIT_LOG_VALUE, &source)));
	str_free(&source);
}

static int list(const struct cli *cli, struct store *store)
{
	struct listing l = {.array = cli->json ? json_array() : NULL};

	if (owned_each(store, list_one, &l) != STORE_OK) {
		json_decref(l.array);
		return cli_trouble("domains", "%s", store_error(store));
	}
	if (cli->json)
		return cli_print_json(l.array);
	if (l.count == 0)
		printf("None is named: whether a mail is about a domain of ours is not known.\n");
	return CLI_DONE;
}

/* -- changing ------------------------------------------------------------------------------- */

struct wish {
	struct store *store;
	const char *source;
	struct names names; /* that it names now */
	struct names gone;  /* that it named before */
	struct names fresh; /* of the first, those that are not there */
	struct names there; /* all that are there */
	bool replace, dry_run, yes;
};

static enum ours ours_of(const void *ownership, const char *domain)
{
	if (ownership == NULL)
		return OURS_UNSET;
	return ownership_has(ownership, domain) ? OURS_YES : OURS_NO;
}

int domains_reckon(const struct cli *cli, struct store *store)
{
	char actor[64];
	struct suffixes *suffixes = suffixes_open();
	struct ownership *ownership = NULL;
	int status = CLI_DONE;
	size_t changed;

	if (suffixes == NULL)
		return cli_trouble("domains", "no public suffix list (Debian: publicsuffix)");
	if (owned_load(store, suffixes, &ownership) != STORE_OK ||
	    pendings_reckon(store, ours_of, ownership, cli_actor(actor), cli->now, &changed) !=
		STORE_OK)
		status = cli_trouble("domains", "%s", store_error(store));
	else if (changed > 0)
		printf("%zu pendings are reckoned anew.\n", changed);
	ownership_free(ownership);
	suffixes_close(suffixes);
	return status;
}

static void compare_one(void *context, const struct owned *o)
{
	struct wish *w = context;

	if (w->replace && strcmp(o->source, w->source) == 0 && !names_have(&w->names, o->name))
		names_add(&w->gone, o->name);
	names_add(&w->there, o->name);
}

/* What would change: w->fresh and w->gone. */
static bool compare(struct wish *w)
{
	if (owned_each(w->store, compare_one, w) != STORE_OK)
		return false;
	names_sort(&w->there);
	for (size_t i = 0; i < w->names.count; i++)
		if (!names_have(&w->there, w->names.name[i]))
			names_add(&w->fresh, w->names.name[i]);
	w->fresh.failed = w->fresh.failed || w->there.failed || w->gone.failed;
	return true;
}

static void show(const struct names *names, const char *sign)
{
	for (size_t i = 0; i < names->count && i < SHOWN; i++)
		printf("%s %s\n", sign, names->name[i]);
	if (names->count > SHOWN)
		printf("%s ... and %zu more\n", sign, names->count - SHOWN);
}

static int make(const struct cli *cli, struct wish *w)
{
	size_t added = 0, removed = 0;
	char actor[64];

	cli_actor(actor);
	if (owned_change(w->store, (const char *const *)w->fresh.name, w->fresh.count,
			 (const char *const *)w->gone.name, w->gone.count, w->source, actor,
			 cli->now, &added, &removed) != STORE_OK)
		return cli_trouble("domains", "%s; nothing was changed", store_error(w->store));
	printf("%zu added, %zu removed; keepname undo takes it back.\n", added, removed);
	return domains_reckon(cli, w->store);
}

static int import(const struct cli *cli, struct wish *w, int argc, char **argv)
{
	struct diags diags = {0};
	int status = CLI_DONE;

	for (int i = optind; i < argc; i++)
		names_read(argv[i], &w->names, &diags);
	w->source = argv[optind];
	names_sort(&w->names);
	diag_print(&diags, stderr);
	if (diags.errors > 0)
		status = cli_trouble("domains", "%zu errors; nothing was changed", diags.errors);
	else if (w->names.failed || !compare(w) || w->fresh.failed)
		status = cli_trouble(
		    "domains", "%s",
		    w->names.failed || w->fresh.failed ? "memory is short" : store_error(w->store));
	else if (w->replace && w->names.count == 0)
		status = cli_trouble("domains",
				     "%s names no domain: with --replace all of it would "
				     "go, which is more likely a mistake",
				     w->source);
	diag_free(&diags);
	if (status != CLI_DONE)
		return status;
	show(&w->fresh, "+");
	show(&w->gone, "-");
	if (w->names.passed_over > 0)
		printf("%zu passed over: reverse zones, single labels, zones of others.\n",
		       w->names.passed_over);
	if (w->names.local > 0)
		printf("%zu local parts name no domain.\n", w->names.local);
	if (w->fresh.count + w->gone.count == 0) {
		printf("Nothing is new: %zu domains are there already.\n", w->names.count);
		return CLI_DONE;
	}
	if (w->dry_run) {
		printf("%zu would be added, %zu removed.\n", w->fresh.count, w->gone.count);
		return CLI_DONE;
	}
	status = cli_confirm("domains", "Change that?", w->yes);
	return status == CLI_DONE ? make(cli, w) : status;
}

/* Names on the command line: all are right, or nothing is changed. */
static int read_names(struct wish *w, int argc, char **argv, struct names *to)
{
	char name[LIMIT_DOMAIN + 1];

	for (int i = optind; i < argc; i++) {
		if (!domain_normalise(slice_of(argv[i]), true, name))
			return cli_trouble("domains", "\"%s\": a domain is expected", argv[i]);
		names_add(to, name);
	}
	names_sort(to);
	w->source = "added";
	return to->failed ? cli_trouble("domains", "memory is short") : CLI_DONE;
}

static int add(const struct cli *cli, struct wish *w, int argc, char **argv)
{
	const int status = read_names(w, argc, argv, &w->fresh);

	return status == CLI_DONE ? make(cli, w) : status;
}

static int take_out(const struct cli *cli, struct wish *w, int argc, char **argv)
{
	const int status = read_names(w, argc, argv, &w->gone);

	if (status != CLI_DONE)
		return status;
	if (!compare(w))
		return cli_trouble("domains", "%s", store_error(w->store));
	for (size_t i = 0; i < w->gone.count; i++)
		if (!names_have(&w->there, w->gone.name[i])) {
			cli_trouble("domains", "%s is not named; nothing was changed",
				    w->gone.name[i]);
			return CLI_NO;
		}
	return make(cli, w);
}

/* -- the command ---------------------------------------------------------------------------- */

static int read_options(int argc, char **argv, struct wish *w)
{
	static const struct option options[] = {
	    {"replace", no_argument, NULL, 'r'},
	    {"dry-run", no_argument, NULL, 'n'},
	    {"yes", no_argument, NULL, 'y'},
	    {NULL, 0, NULL, 0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'r': w->replace = true; break;
		case 'n': w->dry_run = true; break;
		case 'y': w->yes = true; break;
		default: return cli_usage("domains");
		}
	}
	return CLI_DONE;
}

static int run(const struct cli *cli, const char *what, struct wish *w, int argc, char **argv)
{
	const bool more = optind < argc, options = w->replace || w->dry_run || w->yes;

	if (strcmp(what, "list") == 0 && !more && !options)
		return list(cli, w->store);
	if (strcmp(what, "add") == 0 && more && !options)
		return add(cli, w, argc, argv);
	if (strcmp(what, "remove") == 0 && more && !options)
		return take_out(cli, w, argc, argv);
	if (strcmp(what, "import") == 0 && more)
		return import(cli, w, argc, argv);
	return cli_usage("domains");
}

int domains_run(struct cli *cli, int argc, char **argv)
{
	struct wish wish = {0};
	const char *what;
	bool reads;
	int status;

	if (read_options(argc, argv, &wish) != CLI_DONE)
		return CLI_TROUBLE;
	if (optind >= argc)
		return cli_usage("domains");
	what = argv[optind++];
	reads = strcmp(what, "list") == 0 || wish.dry_run;
	wish.store = cli_store(cli, "domains", reads ? STORE_READ : STORE_WRITE);
	if (wish.store == NULL)
		return CLI_TROUBLE;
	status = run(cli, what, &wish, argc, argv);
	store_close(wish.store);
	names_free(&wish.names);
	names_free(&wish.gone);
	names_free(&wish.fresh);
	names_free(&wish.there);
	return status;
}
