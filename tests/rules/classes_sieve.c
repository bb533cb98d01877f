/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sieve in front of the installed patterns: whatever text is known to the tests, each pattern
 * says of it behind the sieve what it says without.
 */
#include <stdio.h>

#include "rules/core/pattern.h"
#include "tests/rules/table.h"
#include "tests/rules/wordings.h"

static struct wordings all;
static struct pattern_scratch *scratch;

struct forms {
	struct slice language;
	struct mail_text form[3];
};
static struct forms *texts;
static size_t text_count;

/* As it is, in capitals, and with the two characters above ASCII that stand for a letter. */
static void note(struct forms *to, const struct mail *m, const struct mail_text *t)
{
	const char *text = str_text(&t->text);
	to->language = m->language;
	str_puts(&to->form[0].text, text);
	for (; *text; text++) {
		bool small = *text >= 'a' && *text <= 'z';
		str_putc(&to->form[1].text, small ? (char)(*text - 0x20) : *text);
		if (*text == 's')
			str_puts(&to->form[2].text, "\xc5\xbf");
		else if (*text == 'k')
			str_puts(&to->form[2].text, "\xe2\x84\xaa");
		else
			str_putc(&to->form[2].text, *text);
	}
}

static void each_text(struct forms *to)
{
	text_count = 0;
	for (size_t i = 0; i < all.mail_count; i++)
		for (unsigned k = 0; k < WORDING_FIELDS; k++)
			for (size_t t = 0; t < all.mail[i].count[k]; t++, text_count++)
				if (to)
					note(&to[text_count], &all.mail[i],
					     &all.mail[i].text[k][t]);
}

static int set_up(void **state)
{
	(void)state;
	wordings_read(&all);
	each_text(NULL);
	texts = calloc(text_count, sizeof *texts);
	scratch = pattern_scratch_new();
	if (!texts || !scratch)
		return -1;
	each_text(texts);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < text_count; i++)
		for (unsigned k = 0; k < COUNT_OF(texts->form); k++)
			str_free(&texts[i].form[k].text);
	free(texts);
	pattern_scratch_free(scratch);
	wordings_free(&all);
	return 0;
}

/* Beside an alternative that no text has, and that nothing is read off, the sieve lets all through.
 */
static struct pattern_set *compile_open(struct pattern_source source)
{
	struct diags diags = {0};
	struct str text = {0};
	str_printf(&text, "%.*s|\\x{2}", (int)source.text.n, source.text.p);
	source.text = (struct slice){text.p, text.n};
	struct pattern_set *set = pattern_compile(&source, 1, &diags);
	CHECK(set != NULL, "%s", str_text(&text));
	assert_int_equal(pattern_unsieved(set), 1);
	str_free(&text);
	diag_free(&diags);
	return set;
}

/* Over the texts of its own language and the mixed ones. Returns how many matched. */
static size_t check_pattern(const struct wording *p)
{
	struct pattern_set *open = compile_open(p->source);
	size_t found = 0;
	for (size_t i = 0; i < text_count; i++) {
		if (!wordings_same(texts[i].language, p->language) &&
		    !slice_is(texts[i].language, "mixed"))
			continue;
		for (unsigned k = 0; k < COUNT_OF(texts->form); k++) {
			const struct mail_text *t = &texts[i].form[k];
			bool want = wordings_matches(open, scratch, t);
			bool got = wordings_matches(p->alone, scratch, t);
			CHECK(got == want, "%s:%u in \"%s\": got %d, want %d", p->source.file,
			      p->source.line, str_text(&t->text), got, want);
			found += want;
		}
	}
	pattern_free(open);
	return found;
}

static void the_sieve_hides_no_match(void **state)
{
	(void)state;
	size_t found = 0;
	for (size_t i = 0; i < all.pattern_count; i++)
		found += check_pattern(&all.pattern[i]);
	/* Each pattern is needed by a text, in three forms: else nothing was tested. */
	CHECK(found >= 2 * all.pattern_count, "%zu", found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_sieve_hides_no_match),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
