/* SPDX-License-Identifier: BSD-2-Clause */
/* rulefiles.c - see rulefiles.h. */
#include "judge/rulefiles.h"

#include <errno.h>
#include <string.h>

#include "base/folder.h"
#include "base/limits.h"

struct classes *rulefiles_classes(const char *folder, bool only_subjects, struct diags *diags)
{
	struct classes_builder *builder;
	struct classes *classes = NULL;
	struct folder files;
	bool good = true;

	if (!folder_read(folder, ".class", LIMIT_LIST_BYTES, &files, diags))
		return NULL;
	if (files.count == 0)
		diag_add(diags, DIAG_ERROR, folder, 0, 0, "no class files (*.class) here");
	builder = classes_builder_new();
	for (size_t i = 0; i < files.count && builder != NULL && good; i++) {
		const struct folder_file *f = &files.file[i];

		good = classes_parse(builder, (struct slice){f->text.p, f->text.n}, f->path,
				     diags) == 0;
	}
	if (builder != NULL && good && files.count > 0)
		classes = classes_build(builder, only_subjects, diags);
	else
		classes_builder_free(builder);
	folder_free(&files);
	return classes;
}

/* Takes a line, its line feed included, off the text. */
static struct slice next_line(struct slice *text)
{
	const char *end = memchr(text->p, '\n', text->n);
	const struct slice line = {text->p, end ? (size_t)(end - text->p) + 1 : text->n};

	text->p += line.n;
	text->n -= line.n;
	return line;
}

static bool is_empty(struct slice line)
{
	return (line.n == 0 || str_is_space(line.p[0])) && slice_trim(line).n == 0;
}

/* The stanzas of a text that do not begin with Sender:, each at its own line. The rest is passed
 * over line by line, since a list of many senders is nearly all of it. */
static void without_senders(struct slice text, struct str *to)
{
	bool in_stanza = false;

	while (text.n > 0) {
		struct slice line = next_line(&text);

		if (!in_stanza && slice_starts_nocase(line, "Sender:"))
			for (;; line = next_line(&text)) {
				str_putc(to, '\n'); /* lines keep their numbers */
				if (is_empty(line))
					break;
			}
		else
			str_add(to, line.p, line.n);
		in_stanza = !is_empty(line) && (in_stanza || line.p[0] != '#');
	}
}

static int parse_file(struct list *list, const struct folder_file *f, bool with_senders,
		      struct diags *diags)
{
	struct str rest = {0};
	struct slice text = {f->text.p, f->text.n};
	int error;

	if (!with_senders) {
		without_senders(text, &rest);
		text = (struct slice){rest.p, rest.n};
	}
	error = rest.failed ? ENOMEM : list_parse(list, text, f->path, false, diags);
	str_free(&rest);
	return error;
}

struct list *rulefiles_list(const char *folder, bool with_senders, struct diags *diags)
{
	struct folder files;
	struct list *list;
	bool good;

	if (!folder_read(folder, ".list", LIMIT_LIST_BYTES, &files, diags))
		return NULL;
	list = list_new();
	good = list != NULL;
	for (size_t i = 0; i < files.count && good; i++)
		good = parse_file(list, &files.file[i], with_senders, diags) == 0;
	folder_free(&files);
	if (!good || list_finish(list, diags) != 0) {
		list_free(list);
		return NULL;
	}
	return list;
}
