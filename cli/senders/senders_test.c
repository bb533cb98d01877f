/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * senders_test.c - keepname senders test: the list's parser and linter, over files or over what is
 * in use, the class files included.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/folder.h"
#include "base/limits.h"
#include "cli/senders/senders.h"
#include "db/watched.h"
#include "judge/rulefiles.h"
#include "rules/core/lint.h"
#include "rules/core/strain.h"

enum {
	READ_WAIT_MS = 2000,
};

/* Every file into list. */
static void parse_files(struct list *list, int count, char **path, struct diags *diags)
{
	struct str text = {0};

	for (int i = 0; i < count; i++) {
		int error;

		str_reset(&text);
		error = str_read_file(path[i], LIMIT_LIST_BYTES, &text);
		if (error == 0)
			error =
			    list_parse(list, (struct slice){text.p, text.n}, path[i], true, diags);
		if (error != 0)
			diag_add(diags, DIAG_ERROR, path[i], 0, 0, "%s", strerror(error));
	}
	str_free(&text);
}

/* The text of the shipped platforms that the files do not bring themselves. */
static void other_platforms(const struct cli *cli, int count, char **path, struct str *to)
{
	struct diags unsaid = {0};
	struct list *shipped = rulefiles_list(cli->config->lists, false, &unsaid);
	struct list *own = list_new();

	if (own != NULL) {
		parse_files(own, count, path, &unsaid);
		list_finish(own, &unsaid);
	}
	for (size_t i = 0; shipped != NULL && own != NULL && i < list_platform_count(shipped);
	     i++) {
		const struct platform *p = list_platform_at(shipped, i);

		if (list_find_platform(own, p->name) != NULL)
			continue;
		platform_print(p, to);
		str_puts(to, "\n");
	}
	list_free(own);
	list_free(shipped);
	diag_free(&unsaid);
}

/* The files as one list, beside the shipped platforms. NULL when memory is short. */
static struct list *list_of_files(const struct cli *cli, int count, char **path,
				  struct diags *diags)
{
	struct list *list = list_new();
	struct str text = {0};

	other_platforms(cli, count, path, &text);
	if (list != NULL && !text.failed)
		list_parse(list, (struct slice){text.p, text.n}, cli->config->lists, false, diags);
	str_free(&text);
	if (list != NULL)
		parse_files(list, count, path, diags);
	if (list != NULL && list_finish(list, diags) != 0) {
		list_free(list);
		return NULL;
	}
	return list;
}

/* The class files: whether they compile, and which patterns run into a match limit. */
static void test_classes(const char *lists, struct diags *diags)
{
	struct classes *classes = rulefiles_classes(lists, false, diags);
	struct pattern_scratch *scratch = pattern_scratch_new();
	struct folder files = {0};

	if (classes != NULL && scratch != NULL &&
	    folder_read(lists, ".class", LIMIT_LIST_BYTES, &files, diags))
		for (size_t i = 0; i < files.count; i++) {
			const struct str *text = &files.file[i].text;

			strain_own_words(classes, scratch, (struct slice){text->p, text->n}, diags);
		}
	folder_free(&files);
	pattern_scratch_free(scratch);
	classes_free(classes);
}

/* As the watch has found it out; 0 where it has not. */
static int64_t registered_at(void *context, const char *domain)
{
	int64_t at = 0, checked_at;

	return watched_registered(context, domain, &at, &checked_at) == STORE_OK ? at : 0;
}

static void test_registered(const struct cli *cli, const struct list *list,
			    const struct suffixes *suffixes, struct diags *diags)
{
	struct store *store;
	char why[256];

	if (store_open(cli->config->database, STORE_READ, READ_WAIT_MS, &store, why) != STORE_OK)
		return;
	lint_registered(list, suffixes, registered_at, store, diags);
	store_close(store);
}

int senders_test_run(struct cli *cli, int argc, char **argv)
{
	struct suffixes *suffixes = suffixes_open();
	struct diags diags = {0};
	struct list *list;
	int status;

	if (argc > 1) {
		list = list_of_files(cli, argc - 1, argv + 1, &diags);
	} else {
		list = senders_in_use(cli);
		test_classes(cli->config->lists, &diags);
	}
	if (list == NULL || suffixes == NULL) {
		status = CLI_TROUBLE;
	} else {
		lint_list(list, suffixes, cli->now, &diags);
		test_registered(cli, list, suffixes, &diags);
		status = diags.errors == 0 ? CLI_DONE : CLI_NO;
	}
	diag_print(&diags, stdout);
	if (list != NULL)
		printf("%zu senders, %zu platforms: %zu errors, %zu warnings\n", list_count(list),
		       list_platform_count(list), diags.errors, diags.warnings);
	diag_free(&diags);
	list_free(list);
	suffixes_close(suffixes);
	return status;
}
