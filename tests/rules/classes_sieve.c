/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sieve in front of the installed patterns: whatever text is known to the tests, each pattern
 * says of it behind the sieve what it says without.
 */
#include <stdio.h>

#include "base/folder.h"
#include "base/limits.h"
#include "rules/core/pattern.h"
#include "rules/core/stanza.h"
#include "tests/rules/classes_subjects.h"
#include "tests/rules/table.h"

enum {
	TEXTS_MOST = 2000,
};

static struct pattern_scratch *scratch;
static struct str texts[TEXTS_MOST];
static size_t text_count;

static struct str *next_text(void)
{
	assert_true(text_count < TEXTS_MOST);
	return &texts[text_count++];
}

/* As it is, in capitals, and with the two characters above ASCII that stand for a letter. */
static void note(const char *text)
{
	struct str *capitals, *folded;
	str_puts(next_text(), text);
	capitals = next_text();
	folded = next_text();
	for (; *text; text++) {
		bool small = *text >= 'a' && *text <= 'z';
		str_putc(capitals, small ? (char)(*text - 0x20) : *text);
		if (*text == 's')
			str_puts(folded, "\xc5\xbf");
		else if (*text == 'k')
			str_puts(folded, "\xe2\x84\xaa");
		else
			str_putc(folded, *text);
	}
}

static int set_up(void **state)
{
	(void)state;
	for (const struct known_subject *k = known_subjects; k->subject; k++)
		note(k->subject);
	for (const char *const *s = ordinary_subjects; *s; s++)
		note(*s);
	for (const struct earning_subject *e = earning_subjects; e->subject; e++) {
		note(e->subject);
		note(e->near_miss);
	}
	for (const struct class_sentence *c = class_sentences; c->text; c++)
		note(c->text);
	scratch = pattern_scratch_new();
	return scratch ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < text_count; i++)
		str_free(&texts[i]);
	pattern_scratch_free(scratch);
	return 0;
}

static struct pattern_set *compile(struct pattern_source source, const char *beside)
{
	struct diags diags = {0};
	struct str text = {0};
	str_printf(&text, "%.*s%s", (int)source.text.n, source.text.p, beside);
	source.text = (struct slice){text.p, text.n};
	struct pattern_set *set = pattern_compile(&source, 1, &diags);
	CHECK(set != NULL, "%s", str_text(&text));
	str_free(&text);
	diag_free(&diags);
	return set;
}

static bool matches(const struct pattern_set *set, const struct str *text)
{
	size_t at = 0;
	uint32_t tag;
	enum proof p =
	    pattern_next(set, scratch, (struct slice){text->p, text->n}, &at, &tag, NULL);
	assert_int_not_equal(p, PROOF_UNKNOWN);
	return p == PROOF_YES;
}

/* Beside an alternative that no text has, and that nothing is read off, the sieve lets all through.
 * Returns how many texts matched. */
static size_t check_pattern(const struct pattern_source *source)
{
	struct pattern_set *sieved = compile(*source, "");
	struct pattern_set *open = compile(*source, "|\\x{2}");
	size_t found = 0;
	assert_int_equal(pattern_unsieved(open), 1);
	for (size_t i = 0; i < text_count; i++) {
		bool want = matches(open, &texts[i]), got = matches(sieved, &texts[i]);
		CHECK(got == want, "%s:%u in \"%s\": got %d, want %d", source->file, source->line,
		      str_text(&texts[i]), got, want);
		found += want;
	}
	pattern_free(sieved);
	pattern_free(open);
	return found;
}

static bool holds_patterns(struct slice name)
{
	return slice_is(name, "Subject") || slice_is(name, "Display-Name") ||
	       slice_is(name, "Body") || slice_is(name, "Domain-Wording");
}

static size_t check_stanza(const struct stanza *s, const char *path)
{
	size_t found = 0;
	for (size_t i = 0; i < s->count; i++) {
		const struct field *f = &s->field[i];
		struct field_walk walk = {0};
		struct pattern_source p = {.file = path};
		if (!holds_patterns(f->name))
			continue;
		while (field_next_line(f, &walk, &p.text, &p.line, &p.column))
			found += check_pattern(&p);
	}
	return found;
}

static void the_sieve_hides_no_match(void **state)
{
	(void)state;
	struct diags diags = {0};
	struct folder files;
	struct str folder = {0};
	size_t found = 0;
	const char *srcdir = getenv("srcdir");
	str_printf(&folder, "%s/rules/lists", srcdir ? srcdir : ".");
	assert_true(folder_read(str_text(&folder), ".class", LIMIT_LIST_BYTES, &files, &diags));
	for (size_t i = 0; i < files.count; i++) {
		const struct folder_file *f = &files.file[i];
		struct stanza_reader reader =
		    stanza_reader_of((struct slice){f->text.p, f->text.n}, f->path, &diags);
		struct stanza s;
		while (stanza_next(&reader, &s))
			found += check_stanza(&s, f->path);
	}
	assert_int_equal(diags.errors, 0);
	/* Each text that needs a pattern, in three forms: else nothing was tested. */
	CHECK(found > 400, "%zu", found);
	str_free(&folder);
	folder_free(&files);
	diag_free(&diags);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_sieve_hides_no_match),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
