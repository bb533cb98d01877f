/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * senders_add.c - keepname senders add: entries of the site's own, from options or as stanzas.
 * Either way they become stanza text first, so the list's parser checks both, with its messages.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cli/senders/senders.h"
#include "db/senders.h"
#include "rules/core/lint.h"

#define IN_USE "in use" /* the file that entries which are there already are said to be of */

/* Options that stand for a field; --link may be repeated. */
static const struct option options[] = {
    {"name", required_argument, NULL, 'n'},
    {"from", required_argument, NULL, 'f'},
    {"classes", required_argument, NULL, 'c'},
    {"registrar", required_argument, NULL, 'r'},
    {"platform", required_argument, NULL, 'p'},
    {"link", required_argument, NULL, 'l'},
    {NULL, 0, NULL, 0},
};

static const char *field_of(int c)
{
	switch (c) {
	case 'f': return "From";
	case 'c': return "Classes";
	case 'r': return "Registrar";
	case 'p': return "Platform";
	default: return NULL;
	}
}

/* A stanza from options, appended to text; false after a message. */
static bool stanza_of_options(int argc, char **argv, struct str *text)
{
	struct str links = {0}, fields = {0};
	const char *name = NULL;
	bool good = true;
	int c;

	optind = 0;
	while (good && (c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		good = c != '?' && strpbrk(optarg, "\r\n") == NULL;
		if (good && c == 'n')
			name = optarg;
		else if (good && c == 'l')
			str_printf(&links, " %s\n", optarg);
		else if (good)
			str_printf(&fields, "%s: %s\n", field_of(c), optarg);
	}
	good = good && name != NULL && optind == argc;
	if (good) {
		str_printf(text, "Sender: %s\n%s", name, str_text(&fields));
		if (links.n > 0)
			str_printf(text, "Link:\n%s", str_text(&links));
	}
	good = good && !links.failed && !fields.failed && !text->failed;
	str_free(&links);
	str_free(&fields);
	return good;
}

static int read_text(int argc, char **argv, struct str *text, const char **ret_name)
{
	int error = 0, c;

	if (argc == 2 && argv[1][0] != '-') {
		*ret_name = argv[1];
		error = str_read_file(argv[1], LIMIT_LIST_BYTES, text);
	} else if (argc == 2 && strcmp(argv[1], "-") == 0) {
		*ret_name = "standard input";
		while ((c = getchar()) != EOF && text->n < LIMIT_LIST_BYTES)
			str_putc(text, (char)c);
	} else {
		*ret_name = "command line";
		if (!stanza_of_options(argc, argv, text))
			return cli_usage("senders");
	}
	if (error != 0)
		return cli_trouble("senders", "%s: %s", argv[1], strerror(error));
	return CLI_DONE;
}

/* Appends the platforms of a list. */
static void print_platforms(const struct list *list, struct str *to)
{
	for (size_t i = 0; i < list_platform_count(list); i++) {
		platform_print(list_platform_at(list, i), to);
		str_puts(to, "\n");
	}
}

/* Appends the site's own entries, but for those that the new ones replace. */
static void print_own(const struct list *list, const struct list *new, struct str *to)
{
	for (size_t i = 0; i < list_count(list); i++) {
		const struct sender *s = list_at(list, i);

		if (!s->local || list_find_name(new, s->name) != NULL)
			continue;
		sender_print(s, to);
		str_puts(to, "\n");
	}
}

/* A finished list of `base`, which is known to be good, and the new entries. */
static struct list *list_of(const struct str *base, const struct str *text, const char *file,
			    struct diags *diags)
{
	struct list *list = list_new();

	if (list != NULL && !base->failed &&
	    list_parse(list, (struct slice){base->p, base->n}, IN_USE, true, diags) == 0 &&
	    list_parse(list, (struct slice){text->p, text->n}, file, true, diags) == 0 &&
	    list_finish(list, diags) == 0)
		return list;
	list_free(list);
	return NULL;
}

/* The new entries by themselves, on the platforms in use; NULL, or errors, for faulty ones. */
static struct list *new_entries(const struct list *now, const struct str *text, const char *file,
				struct diags *diags)
{
	struct str platforms = {0}, hosts = {0};
	struct list *list;

	print_platforms(now, &platforms);
	list = list_of(&platforms, text, file, diags);
	if (list != NULL)
		list_print_hosts(list, &hosts);
	if (list != NULL && list_link_for_count(list) > 0)
		diag_add(diags, DIAG_ERROR, file, 0, 0,
			 "Link-For cannot be added: links come by keepname senders accept");
	else if (list != NULL &&
		 (hosts.n > 0 || list_platform_count(list) > list_platform_count(now)))
		diag_add(
		    diags, DIAG_ERROR, file, 0, 0,
		    "nothing but Sender stanzas can be added: platforms and hosts are shipped");
	else if (list != NULL && list_count(list) == 0 && diags->errors == 0)
		diag_add(diags, DIAG_ERROR, file, 0, 0, "there is no Sender stanza in it");
	str_free(&hosts);
	str_free(&platforms);
	return list;
}

/* What parser and linter say of the new entries beside those in use; what they say of the others
 * is not for now. */
static void try_among(const struct cli *cli, const struct list *now, const struct list *new,
		      const struct str *text, const char *file, struct diags *ret_diags)
{
	struct suffixes *suffixes = suffixes_open();
	struct diags all = {0};
	struct str base = {0};
	struct list *list;

	print_platforms(now, &base);
	list_print_hosts(now, &base);
	print_own(now, new, &base);
	list = list_of(&base, text, file, &all);
	if (list == NULL || suffixes == NULL)
		diag_add(ret_diags, DIAG_ERROR, file, 0, 0, "cannot be checked: memory is short");
	else
		lint_list(list, suffixes, cli->now, &all);
	for (size_t i = 0; i < all.count; i++) {
		const struct diag *d = &all.list[i];

		if (strcmp(d->file, file) == 0)
			diag_add(ret_diags, d->level, d->file, d->line, d->column, "%s", d->text);
	}
	str_free(&base);
	diag_free(&all);
	list_free(list);
	suffixes_close(suffixes);
}

struct list *senders_read_new(const struct cli *cli, const struct str *text, const char *file)
{
	struct list *now = senders_in_use(cli), *new = NULL;
	struct diags diags = {0};

	if (now != NULL)
		new = new_entries(now, text, file, &diags);
	if (new != NULL && diags.errors == 0) {
		diag_free(&diags);
		try_among(cli, now, new, text, file, &diags);
	}
	diag_print(&diags, stderr);
	if (new != NULL && diags.errors > 0) {
		list_free(new);
		new = NULL;
	}
	diag_free(&diags);
	list_free(now);
	return new;
}

static int add_all(struct cli *cli, const struct list *list)
{
	struct store *store = cli_store(cli, "senders", STORE_WRITE);
	char actor[64];
	int status = CLI_DONE;

	if (store == NULL)
		return CLI_TROUBLE;
	for (size_t i = 0; i < list_count(list) && status == CLI_DONE; i++) {
		if (senders_add(store, list_at(list, i), cli_actor(actor)) != STORE_OK)
			status = cli_trouble("senders", "%s", store_error(store));
		else
			printf("added %s\n", list_at(list, i)->name);
	}
	store_close(store);
	return status;
}

int senders_add_run(struct cli *cli, int argc, char **argv)
{
	struct str text = {0};
	struct list *list = NULL;
	const char *file = "";
	int status = read_text(argc, argv, &text, &file);

	if (status == CLI_DONE) {
		list = senders_read_new(cli, &text, file);
		status =
		    list != NULL ? add_all(cli, list) : cli_trouble("senders", "nothing was added");
	}
	list_free(list);
	str_free(&text);
	return status;
}
