/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * subjects.c - what the candidate test costs on ordinary mail, for counting its instructions:
 *
 *   valgrind --tool=callgrind --smc-check=all-non-file --toggle-collect=candidate_test \
 *       --callgrind-out-file=/dev/null tests/bench/subjects LISTS tests/wording ROUNDS
 *
 * LISTS: a folder of class files. The subjects are those of the Ordinary stanzas. Prints how many
 * tests were run; each was of one message with one plain From and one subject.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/folder.h"
#include "base/limits.h"
#include "rules/core/candidate.h"
#include "rules/core/stanza.h"

static struct classes *read_classes(const char *folder)
{
	struct diags diags = {0};
	struct folder files = {0};
	struct classes *classes = NULL;
	struct classes_builder *b = classes_builder_new();
	bool good = b && folder_read(folder, ".class", LIMIT_LIST_BYTES, &files, &diags);
	for (size_t i = 0; i < files.count && good; i++) {
		struct slice text = {files.file[i].text.p, files.file[i].text.n};
		good = classes_parse(b, text, files.file[i].path, &diags) == 0;
	}
	if (good)
		classes = classes_build(b, true, &diags);
	diag_print(&diags, stderr);
	folder_free(&files);
	return classes;
}

struct bench {
	const struct list *list;
	const struct classes *classes;
	struct candidate_scratch scratch;
	struct message message;
	unsigned long tests, candidates;
};

static void test_subject(struct bench *b, struct slice subject)
{
	struct candidate got;
	struct slice from = slice_of("Erika Example <erika@example.net>");
	message_reset(&b->message);
	message_set_sender(&b->message, "<erika@example.net>");
	message_add_header_n(&b->message, slice_of("From"), from);
	message_add_header_n(&b->message, slice_of("Subject"), subject);
	candidate_test(b->list, b->classes, &b->message, &b->scratch, &got);
	b->tests++;
	b->candidates += got.lane != CANDIDATE_NO;
}

static void test_file(struct bench *b, const struct folder_file *f)
{
	struct diags diags = {0};
	struct stanza_reader reader =
	    stanza_reader_of((struct slice){f->text.p, f->text.n}, f->path, &diags);
	struct stanza s;
	while (stanza_next(&reader, &s)) {
		struct field_walk walk = {0};
		struct slice subject;
		unsigned line, column;
		if (!slice_is(s.field[0].name, "Ordinary"))
			continue;
		while (field_next_line(&s.field[0], &walk, &subject, &line, &column))
			test_subject(b, subject);
	}
	diag_free(&diags);
}

int main(int argc, char **argv)
{
	struct diags diags = {0};
	struct folder files;
	struct list *list = list_new();
	struct classes *classes = argc == 4 ? read_classes(argv[1]) : NULL;
	struct bench b = {.list = list, .classes = classes};
	if (!list || list_finish(list, &diags) != 0 || !classes ||
	    !folder_read(argv[2], ".mails", LIMIT_LIST_BYTES, &files, &diags) ||
	    !candidate_scratch_init(&b.scratch)) {
		diag_print(&diags, stderr);
		fprintf(stderr, "Usage: subjects LISTS MAILS ROUNDS\n");
		return 2;
	}
	message_init(&b.message);
	for (int round = 0; round < atoi(argv[3]); round++)
		for (size_t i = 0; i < files.count; i++)
			test_file(&b, &files.file[i]);
	printf("%lu tests, %lu candidates\n", b.tests, b.candidates);
	message_free(&b.message);
	candidate_scratch_free(&b.scratch);
	folder_free(&files);
	classes_free(classes);
	list_free(list);
	return 0;
}
