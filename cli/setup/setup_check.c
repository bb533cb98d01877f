/* SPDX-License-Identifier: BSD-2-Clause */
/* setup_check.c - see setup_check.h. */
#include "cli/setup/setup_check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/outside.h"

enum {
	SECONDS = 120, /* spamassassin --lint takes some on a small machine */
};

/* An argument with its @FOLDER@. */
static char *filled(const char *argument, const char *folder)
{
	static const char name[] = "@FOLDER@";
	const char *at = strstr(argument, name);
	struct str to = {0};

	if (at == NULL)
		return strdup(argument);
	str_printf(&to, "%.*s%s%s", (int)(at - argument), argument, folder, at + sizeof(name) - 1);
	return str_take(&to);
}

/* Whether it would look at the folder that we write to. */
static bool applies(const struct setup_site *site, const struct setup_program *program,
		    const struct setup_check *c)
{
	bool names_folder = false;

	for (size_t i = 0; c->argv[i] != NULL; i++)
		names_folder = names_folder || strstr(c->argv[i], "@FOLDER@") != NULL;
	if (site->root[0] != '\0')
		return c->rooted;
	for (size_t i = 0; !names_folder && i < SETUP_FOLDERS && program->folders[i] != NULL; i++)
		names_folder = strcmp(site->folder, program->folders[i]) == 0;
	return names_folder;
}

static bool is_there(const struct setup_site *site, const char *file)
{
	char *path = NULL;
	const bool there =
	    asprintf(&path, "%s/%s", site->folder, file) > 0 && access(path, F_OK) == 0;

	free(path);
	return there;
}

static bool says_what_it_must(const struct setup_check *c, const struct outside *o)
{
	const char *out = str_text(&o->out);

	if (c->allows != NULL && slice_trim(slice_of(out)).n > 0 && strstr(out, c->allows) == NULL)
		return false;
	return c->wants == NULL || strstr(out, c->wants) != NULL;
}

static enum setup_answer report(const char *words, const struct setup_check *c, bool quiet,
				const struct outside *o)
{
	struct str said = {0};

	if (o->status == OUTSIDE_ABSENT) {
		if (!quiet)
			printf("not checked by \"%s\": there is no such program here\n", words);
		return SETUP_NOT_ASKED;
	}
	if (o->status == 0 && says_what_it_must(c, o)) {
		if (!quiet)
			printf("checked by \"%s\"\n", words);
		return SETUP_YES;
	}
	fflush(stdout);
	if (o->status == OUTSIDE_SLOW)
		fprintf(stderr, "\"%s\" took over %d seconds\n", words, SECONDS);
	else if (o->status == 0)
		fprintf(stderr, "\"%s\" does not say %s, but:\n", words,
			c->wants != NULL ? c->wants : c->allows);
	else
		fprintf(stderr, "\"%s\" says no:\n", words);
	fputs(outside_words(o, &said), stderr);
	if (c->advice != NULL)
		fprintf(stderr, "%s\n", c->advice);
	str_free(&said);
	return SETUP_NO;
}

static enum setup_answer run(const struct setup_site *site, const struct setup_check *c, bool quiet)
{
	char *argv[SETUP_ARGUMENTS + 1] = {NULL};
	const char *arguments[SETUP_ARGUMENTS + 1] = {NULL};
	struct str words = {0};
	struct outside o;
	enum setup_answer answer;

	for (size_t i = 0; i < SETUP_ARGUMENTS && c->argv[i] != NULL; i++) {
		arguments[i] = argv[i] = filled(c->argv[i], site->folder);
		str_printf(&words, "%s%s", i > 0 ? " " : "", argv[i] != NULL ? argv[i] : "");
	}
	outside_run(arguments, SECONDS, &o);
	answer = report(str_text(&words), c, quiet, &o);
	outside_free(&o);
	str_free(&words);
	for (size_t i = 0; i < SETUP_ARGUMENTS; i++)
		free(argv[i]);
	return answer;
}

enum setup_answer setup_check(const struct setup_site *site, const struct setup_program *program,
			      bool before)
{
	enum setup_answer all = SETUP_NOT_ASKED;

	for (size_t i = 0; i < SETUP_CHECKS && program->check[i].argv[0] != NULL; i++) {
		const struct setup_check *c = &program->check[i];
		enum setup_answer one = SETUP_NOT_ASKED;

		if ((before && !c->before) || (c->with != NULL && !is_there(site, c->with)))
			continue;
		if (applies(site, program, c))
			one = run(site, c, before);
		else if (!before)
			printf("not checked by \"%s\": it would look elsewhere\n", c->argv[0]);
		if (one == SETUP_NO)
			return SETUP_NO;
		if (one == SETUP_YES)
			all = SETUP_YES;
	}
	return all;
}
