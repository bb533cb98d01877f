/* SPDX-License-Identifier: BSD-2-Clause */
/* setup_show.c - see setup_show.h. */
#include "cli/setup/setup_show.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/outside.h"

enum {
	SECONDS = 30,
	DIFFERENT = 1, /* exit status of diff */
};

/* A line's parts between tabs are shown as cli_plain() does. */
static void show_line(struct slice line)
{
	struct str shown = {0};

	while (line.n > 0) {
		const char *tab = memchr(line.p, '\t', line.n);
		const size_t n = tab != NULL ? (size_t)(tab - line.p) : line.n;
		char *part = slice_dup((struct slice){line.p, n});

		/* A NUL ends the part for slice_dup(); what follows it is shown as well. */
		const size_t whole = part != NULL ? strlen(part) : n;

		if (part != NULL)
			cli_plain(part, whole, &shown);
		free(part);
		if (whole < n)
			str_putc(&shown, '?');
		else if (tab != NULL)
			str_putc(&shown, '\t');
		const size_t gone = whole < n ? whole + 1 : n + (tab != NULL);

		line.p += gone;
		line.n -= gone;
	}
	puts(str_text(&shown));
	str_free(&shown);
}

void setup_show_text(struct slice text)
{
	while (text.n > 0) {
		const char *end = memchr(text.p, '\n', text.n);
		const size_t n = end != NULL ? (size_t)(end - text.p) : text.n;

		show_line((struct slice){text.p, n});
		text.p += end != NULL ? n + 1 : n;
		text.n -= end != NULL ? n + 1 : n;
	}
}

/* Into FOLDER/NAME, for diff to read. */
static bool put_aside(const char *folder, const char *name, const struct setup_text *t,
		      char **ret_path)
{
	FILE *to;
	bool good;

	if (!t->exists) {
		*ret_path = strdup("/dev/null");
		return *ret_path != NULL;
	}
	if (asprintf(ret_path, "%s/%s", folder, name) < 0) {
		*ret_path = NULL;
		return false;
	}
	to = fopen(*ret_path, "wxe");
	if (to == NULL)
		return false;
	good = fwrite(str_text(&t->text), 1, t->text.n, to) == t->text.n;
	return fclose(to) == 0 && good;
}

static bool show_diff(const char *folder, const struct files_change *c)
{
	char *old = NULL, *new = NULL;
	struct outside o = {0};
	bool good =
	    put_aside(folder, "old", &c->before, &old) && put_aside(folder, "new", &c->after, &new);

	if (good) {
		const char *const argv[] = {"diff",    "-au",
					    "--label", c->before.exists ? c->shown : "/dev/null",
					    "--label", c->after.exists ? c->shown : "/dev/null",
					    old,       new,
					    NULL};

		good = outside_run(argv, SECONDS, &o) == DIFFERENT;
		if (good)
			setup_show_text((struct slice){str_text(&o.out), o.out.n});
		outside_free(&o);
	}
	if (old != NULL && c->before.exists)
		unlink(old);
	if (new != NULL && c->after.exists)
		unlink(new);
	free(old);
	free(new);
	return good;
}

void setup_show_changes(const struct files *files)
{
	const char *parent = getenv("TMPDIR");
	char *folder = NULL;

	if (asprintf(&folder, "%s/keepname-setup.XXXXXX", parent != NULL ? parent : "/tmp") < 0)
		folder = NULL;
	if (folder != NULL && mkdtemp(folder) == NULL) {
		free(folder);
		folder = NULL;
	}
	for (size_t i = 0; i < files->count; i++) {
		const struct files_change *c = &files->change[i];

		if (files_differ(c) && (folder == NULL || !show_diff(folder, c)))
			printf("%s would be %s (no difference can be shown: diff does not run)\n",
			       c->shown,
			       !c->before.exists ? "made"
			       : c->after.exists ? "changed"
						 : "removed");
	}
	if (folder != NULL)
		rmdir(folder);
	free(folder);
}
