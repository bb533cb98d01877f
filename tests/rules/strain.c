/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * strain.c - match limits. A pattern that may run into one is found, and named with file and line;
 * none of the installed ones does, on any text of tests/wording and tests/mails as it is or
 * repeated to what a mail may hold.
 */
#include "rules/core/strain.h"

#include "base/limits.h"
#include "tests/rules/table.h"
#include "tests/rules/wordings.h"

static struct wordings all;
static struct pattern_scratch *scratch;

static int set_up(void **state)
{
	(void)state;
	wordings_read(&all);
	scratch = pattern_scratch_new();
	return scratch ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	pattern_scratch_free(scratch);
	wordings_free(&all);
	return 0;
}

static struct slice file_text(const struct folder_file *f)
{
	return (struct slice){f->text.p, f->text.n};
}

static struct slice of(const struct mail_text *t)
{
	return (struct slice){str_text(&t->text), t->text.n};
}

static struct classes *build(struct slice text, const char *file)
{
	struct diags diags = {0};
	struct classes_builder *b = classes_builder_new();
	assert_non_null(b);
	assert_int_equal(classes_parse(b, text, file, &diags), 0);
	struct classes *c = classes_build(b, false, &diags);
	diag_print(&diags, stderr);
	assert_non_null(c);
	return c;
}

/* -- what is found -------------------------------------------------------------------------- */

static const char strained[] = "Class: renewal\n"
			       "Subject:\n"
			       " domain expires\n"
			       " domain (?:\\w+ ?)+[!?]\n"
			       "Body:\n"
			       " domain expires\n"
			       " renew (?:[a-z]+ ?)+[.;]\n";

static void expect_line(const struct diags *diags, unsigned line)
{
	CHECK(diags->errors == 1, "%zu errors", diags->errors);
	CHECK(strcmp(diags->list[0].file, "f.class") == 0 && diags->list[0].line == line, "%s:%u",
	      diags->list[0].file, diags->list[0].line);
	CHECK(strstr(diags->list[0].text, "match limit"), "%s", diags->list[0].text);
}

static void a_faulty_pattern_is_named(void **state)
{
	(void)state;
	struct classes *c = build(slice_of(strained), "f.class");
	struct diags subject = {0}, body = {0}, own = {0};
	strain_subject(c, scratch, slice_of("your domain expires"), &subject);
	strain_subject(c, scratch, slice_of("your domain is here"), &subject);
	expect_line(&subject, 4);
	strain_body(c, scratch, slice_of("please renew it"), &body);
	expect_line(&body, 7);
	strain_own_words(c, scratch, slice_of(strained), &own);
	assert_int_equal(own.errors, 2);
	diag_free(&subject);
	diag_free(&body);
	diag_free(&own);
	classes_free(c);
}

static void a_good_pattern_is_not(void **state)
{
	(void)state;
	struct classes *c =
	    build(slice_of("Class: renewal\nSubject: domain (?:\\w{1,40} ){0,3}expires\n"
			   "Body: domain (?:\\S{1,80} ){0,8}(?:expires|expired)\n"),
		  "f.class");
	struct diags diags = {0};
	strain_subject(c, scratch, slice_of("domain of all domains, the domain "), &diags);
	strain_body(c, scratch, slice_of("domain expire"), &diags);
	strain_body(c, scratch, slice_of(""), &diags);
	assert_int_equal(diags.errors, 0);
	diag_free(&diags);
	classes_free(c);
}

/* -- what is installed ---------------------------------------------------------------------- */

/* Words that patterns are made of, and what none is made of. */
static void strain_filler(const struct classes *c, struct diags *diags)
{
	static const char *const filler[] = {"a",
					     "suspended ",
					     "domain ",
					     "verify your ",
					     "transfer ",
					     "a.a-",
					     "Domain läuft ",
					     "e-mail address ",
					     "=",
					     "confirm the new current owner registrant whois ",
					     "E-Mail-Adresse Kontaktdaten ",
					     "expiration registration ",
					     "\n",
					     "\xff"};
	for (size_t i = 0; i < COUNT_OF(filler); i++) {
		strain_subject(c, scratch, slice_of(filler[i]), diags);
		strain_body(c, scratch, slice_of(filler[i]), diags);
	}
}

/* As they stand in the file: what is encoded there is text like any other. */
static void strain_letters(const struct classes *c, struct diags *diags)
{
	struct folder letters;
	wordings_read_folder("tests/mails", ".eml", &letters);
	for (size_t i = 0; i < letters.count; i++)
		strain_body(c, scratch, file_text(&letters.file[i]), diags);
	assert_true(letters.count > 20);
	folder_free(&letters);
}

/* Mails of one language and the mixed ones. */
static void strain_mails(const struct classes *c, struct slice language, struct diags *diags)
{
	for (size_t i = 0; i < all.mail_count; i++) {
		const struct mail *m = &all.mail[i];
		if (!wordings_same(m->language, language) && !slice_is(m->language, "mixed"))
			continue;
		for (size_t t = 0; t < m->count[WORDING_SUBJECT]; t++)
			strain_subject(c, scratch, of(&m->text[WORDING_SUBJECT][t]), diags);
		for (size_t t = 0; t < m->count[WORDING_LISTED]; t++)
			strain_subject(c, scratch, of(&m->text[WORDING_LISTED][t]), diags);
		for (size_t t = 0; t < m->count[WORDING_DISPLAY]; t++)
			strain_subject(c, scratch, of(&m->text[WORDING_DISPLAY][t]), diags);
		for (size_t t = 0; t < m->count[WORDING_BODY]; t++)
			strain_body(c, scratch, of(&m->text[WORDING_BODY][t]), diags);
		for (size_t t = 0; t < m->count[WORDING_DOMAIN]; t++)
			strain_body(c, scratch, of(&m->text[WORDING_DOMAIN][t]), diags);
	}
}

/* Patterns by language with the mails of that language: all with all would take minutes. */
static void strain_languages(struct diags *diags)
{
	for (size_t i = 0; i < all.class_files.count; i++) {
		const struct folder_file *f = &all.class_files.file[i];
		struct classes *c = build(file_text(f), f->path);
		strain_mails(c, wordings_language(f->path), diags);
		strain_own_words(c, scratch, file_text(f), diags);
		classes_free(c);
	}
}

static struct classes *build_all(void)
{
	struct diags diags = {0};
	struct classes_builder *b = classes_builder_new();
	assert_non_null(b);
	for (size_t i = 0; i < all.class_files.count; i++) {
		const struct folder_file *f = &all.class_files.file[i];
		assert_int_equal(classes_parse(b, file_text(f), f->path, &diags), 0);
	}
	struct classes *c = classes_build(b, false, &diags);
	assert_non_null(c);
	return c;
}

static void no_installed_pattern_hits_a_limit(void **state)
{
	(void)state;
	struct diags diags = {0};
	struct classes *c = build_all();
	strain_filler(c, &diags);
	strain_letters(c, &diags);
	strain_languages(&diags);
	diag_print(&diags, stderr);
	assert_int_equal(diags.errors, 0);
	diag_free(&diags);
	classes_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_faulty_pattern_is_named),
	    cmocka_unit_test(a_good_pattern_is_not),
	    cmocka_unit_test(no_installed_pattern_hits_a_limit),
	};
	return cmocka_run_group_tests_name("strain", tests, set_up, tear_down);
}
