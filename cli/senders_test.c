/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * senders_test.c - keepname senders test: the list's parser and linter, over files or over what is
 * in use, the class files included.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cli/senders.h"
#include "judge/rulefiles.h"
#include "rules/core/lint.h"

/* The files as one list on top of the shipped platforms. NULL when memory is short. */
static struct list *list_of_files(const struct cli *cli, int argc, char **argv, struct diags *diags)
{
	struct list *shipped = rulefiles_list(cli->config->lists, false, diags);
	struct list *list = list_new();
	struct str text = {0};

	for (size_t i = 0; shipped != NULL && i < list_platform_count(shipped); i++)
		platform_print(list_platform_at(shipped, i), &text), str_puts(&text, "\n");
	if (list != NULL && !text.failed)
		list_parse(list, (struct slice){text.p, text.n}, cli->config->lists, false, diags);
	list_free(shipped);
	for (int i = 0; i < argc && list != NULL; i++) {
		int error;

		str_reset(&text);
		error = str_read_file(argv[i], LIMIT_LIST_BYTES, &text);
		if (error == 0)
			error =
			    list_parse(list, (struct slice){text.p, text.n}, argv[i], true, diags);
		if (error != 0)
			diag_add(diags, DIAG_ERROR, argv[i], 0, 0, "%s", strerror(error));
	}
	str_free(&text);
	if (list != NULL && list_finish(list, diags) != 0) {
		list_free(list);
		return NULL;
	}
	return list;
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
		classes_free(rulefiles_classes(cli->config->lists, false, &diags));
	}
	if (list == NULL || suffixes == NULL) {
		status = CLI_TROUBLE;
	} else {
		lint_list(list, suffixes, cli->now, &diags);
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
