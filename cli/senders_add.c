/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * senders_add.c - keepname senders add: entries of the site's own, from options or as stanzas.
 * Either way they become stanza text first, so the list's parser checks both, with its messages.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cli/senders.h"
#include "db/senders.h"
#include "judge/rulefiles.h"

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

/* The list in use with the new entries on top, so that platforms and duplicates are judged as the
 * daemon would. Its own senders are those of `file`. */
static struct list *with_new(const struct cli *cli, const struct str *text, const char *file,
			     struct diags *diags)
{
	struct list *now = senders_in_use(cli), *list = list_new();
	struct str platforms = {0};

	for (size_t i = 0; now != NULL && i < list_platform_count(now); i++) {
		platform_print(list_platform_at(now, i), &platforms);
		str_puts(&platforms, "\n");
	}
	if (now == NULL || list == NULL || platforms.failed ||
	    list_parse(list, (struct slice){platforms.p, platforms.n}, "in use", false, diags) !=
		0 ||
	    list_parse(list, (struct slice){text->p, text->n}, file, true, diags) != 0 ||
	    list_finish(list, diags) != 0) {
		list_free(list);
		list = NULL;
	}
	str_free(&platforms);
	list_free(now);
	return list;
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
	struct diags diags = {0};
	struct str text = {0};
	struct list *list = NULL;
	const char *file = "";
	int status = read_text(argc, argv, &text, &file);

	if (status == CLI_DONE)
		list = with_new(cli, &text, file, &diags);
	diag_print(&diags, stderr);
	if (status == CLI_DONE && (list == NULL || diags.errors > 0 || list_count(list) == 0))
		status = cli_trouble("senders", "nothing was added");
	if (status == CLI_DONE)
		status = add_all(cli, list);
	diag_free(&diags);
	list_free(list);
	str_free(&text);
	return status;
}
