/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wording.c - the classes that are installed, over the mails of tests/wording (see wordings.h).
 *
 * Every mail comes out as its stanza says. Every pattern earns its place: some text of its language
 * is matched by no other pattern of its class and field there, and some near miss holds the text
 * that the sieve asks for and is not matched. What lacks one is named with file and line, all of it
 * at once.
 */
#include <stdio.h>

#include "rules/core/fold.h"
#include "rules/core/literal.h"
#include "rules/core/sieve.h"
#include "tests/rules/table.h"
#include "tests/rules/wordings.h"

enum {
	ORDINARY_LEAST = 30, /* subjects of a language */
};

static struct wordings all;
static struct classes *classes;
static struct pattern_scratch *scratch;

static int set_up(void **state)
{
	(void)state;
	struct diags diags = {0};
	struct classes_builder *builder = classes_builder_new();
	wordings_read(&all);
	scratch = pattern_scratch_new();
	if (!builder || !scratch)
		return -1;
	for (size_t i = 0; i < all.class_files.count; i++) {
		const struct folder_file *f = &all.class_files.file[i];
		struct slice text = {f->text.p, f->text.n};
		assert_int_equal(classes_parse(builder, text, f->path, &diags), 0);
	}
	classes = classes_build(builder, false, &diags);
	diag_print(&diags, stderr);
	int complaints = (int)(diags.errors + diags.warnings);
	diag_free(&diags);
	return classes ? complaints : -1;
}

static int tear_down(void **state)
{
	(void)state;
	classes_free(classes);
	pattern_scratch_free(scratch);
	wordings_free(&all);
	return 0;
}

static struct slice of(const struct mail_text *t)
{
	return (struct slice){str_text(&t->text), t->text.n};
}

/* -- the files ------------------------------------------------------------------------------ */

static void check_named(const struct folder *files, const char *folder, const char *makefile)
{
	struct str path = {0}, text = {0}, entry = {0};
	wordings_path(makefile, &path);
	assert_int_equal(str_read_file(str_text(&path), 1024 * 1024, &text), 0);
	for (size_t i = 0; i < files->count; i++) {
		str_reset(&entry);
		str_printf(&entry, "%s%s", folder, strrchr(files->file[i].path, '/'));
		CHECK(strstr(str_text(&text), str_text(&entry)), "%s is not in %s",
		      str_text(&entry), makefile);
	}
	str_free(&path);
	str_free(&text);
	str_free(&entry);
}

static void every_file_is_installed_or_shipped(void **state)
{
	(void)state;
	check_named(&all.class_files, "rules/lists", "rules/local.mk");
	check_named(&all.mail_files, "tests/wording", "tests/rules/local.mk");
}

static bool has_mails(struct slice language)
{
	for (size_t i = 0; i < all.mail_files.count; i++)
		if (wordings_same(wordings_language(all.mail_files.file[i].path), language))
			return true;
	return false;
}

/* A translator finds all of a language in one file, and its mails in another. */
static void a_language_is_a_file(void **state)
{
	(void)state;
	for (size_t i = 0; i < all.class_files.count; i++) {
		const char *path = all.class_files.file[i].path;
		struct slice language = wordings_language(path);
		CHECK(slice_is(language, "classes") || has_mails(language), "%s has no mails",
		      path);
		const char *text = str_text(&all.class_files.file[i].text);
		for (const char *p = text; (p = strstr(p, "\nLanguage: ")) != NULL;) {
			p += strlen("\nLanguage: ");
			CHECK(strncmp(p, language.p, language.n) == 0 && p[language.n] == '\n',
			      "%s: Language: %.10s", path, p);
		}
	}
	for (size_t i = 0; i < all.pattern_count; i++)
		CHECK(!slice_is(all.pattern[i].language, "classes"), "%s:%u: words of no language",
		      all.pattern[i].source.file, all.pattern[i].source.line);
}

/* What folding would take out of a text, a pattern asks for in vain. */
static void patterns_ask_for_what_texts_hold(void **state)
{
	(void)state;
	for (size_t i = 0; i < all.pattern_count; i++) {
		const struct pattern_source *s = &all.pattern[i].source;
		struct str folded = {0};
		fold_text(s->text, &folded);
		CHECK(wordings_same(s->text, (struct slice){str_text(&folded), folded.n}),
		      "%s:%u: no text holds this once it is folded", s->file, s->line);
		str_free(&folded);
	}
}

/* All but nis2, which is a matter of the European Union. */
static void every_language_has_every_class(void **state)
{
	(void)state;
	size_t missing = 0;
	for (size_t i = 0; i < all.class_files.count; i++) {
		struct slice language = wordings_language(all.class_files.file[i].path);
		uint32_t has = 1u << CLASS_NONE | 1u << CLASS_NIS2;
		if (slice_is(language, "classes"))
			continue;
		for (size_t k = 0; k < all.pattern_count; k++)
			if (wordings_same(all.pattern[k].language, language))
				has |= 1u << all.pattern[k].source.tag;
		for (unsigned c = 0; c < CLASS_COUNT; c++)
			if (!(has & 1u << c)) {
				print_error("%.*s.class has no words for %s\n", (int)language.n,
					    language.p, class_name((enum class_id)c));
				missing++;
			}
	}
	assert_int_equal(missing, 0);
}

/* -- mails ---------------------------------------------------------------------------------- */

static size_t wrong;

static void expect(bool good, const struct mail *m, const struct mail_text *t, enum class_id got)
{
	if (good)
		return;
	print_error("%s:%u: \"%s\": got %s, want %s%s\n", m->file, t->line, str_text(&t->text),
		    class_name(got), m->is == m->class || m->is ? "" : "not ",
		    class_name(m->is ? m->is : m->class));
	wrong++;
}

static uint32_t found(const struct pattern_set *set, const struct mail_text *t, uint32_t among)
{
	bool limit = false;
	uint32_t in = classes_among(set, scratch, of(t), among, &limit);
	CHECK(!limit, "\"%s\" runs into a match limit", str_text(&t->text));
	return in;
}

/* A transfer's subject does not say which way the domain goes, and what may be theft comes first.
 */
static bool comes_first(uint32_t in, enum class_id class)
{
	if (class == CLASS_TRANSFER_IN && in & 1u << CLASS_TRANSFER_IN)
		in &= ~(1u << CLASS_TRANSFER_OUT);
	return classes_first(in) == class;
}

static void check_subject(const struct mail *m, const struct pattern_set *set,
			  const struct mail_text *t)
{
	uint32_t in = found(set, t, ~0u);
	if (m->count[WORDING_BODY] == 0)
		expect(comes_first(in, m->is), m, t, classes_first(in));
	for (size_t i = 0; i < m->count[WORDING_BODY]; i++) {
		const struct mail_text *body = &m->text[WORDING_BODY][i];
		enum class_id got = classes_first(found(classes->body, body, in));
		if (got != m->is)
			print_error("under \"%s\":\n", str_text(&t->text));
		expect(got == m->is, m, body, got);
	}
}

/* A body or a display name by itself has or has not its class; which counts the subject says. */
static void check_alone(const struct mail *m, const struct pattern_set *set,
			const struct mail_text *t)
{
	uint32_t in = found(set, t, ~0u);
	bool has = in & 1u << m->class;
	expect(has == (m->kind == MAIL_IS), m, t, has ? m->class : classes_first(in));
}

static void check_mail(const struct mail *m)
{
	for (size_t i = 0; i < m->count[WORDING_SUBJECT]; i++)
		check_subject(m, classes->subject, &m->text[WORDING_SUBJECT][i]);
	for (size_t i = 0; i < m->count[WORDING_LISTED]; i++)
		check_subject(m, classes->listed_subject, &m->text[WORDING_LISTED][i]);
	bool alone = m->count[WORDING_SUBJECT] + m->count[WORDING_LISTED] == 0;
	for (size_t i = 0; i < m->count[WORDING_BODY] && alone; i++)
		check_alone(m, classes->body, &m->text[WORDING_BODY][i]);
	for (size_t i = 0; i < m->count[WORDING_DISPLAY]; i++)
		check_alone(m, classes->display, &m->text[WORDING_DISPLAY][i]);
	for (size_t i = 0; i < m->count[WORDING_DOMAIN]; i++) {
		const struct mail_text *t = &m->text[WORDING_DOMAIN][i];
		bool has = found(classes->domain_wording, t, ~0u) & 1u << m->class;
		expect(has == (m->kind == MAIL_IS), m, t, CLASS_NONE);
	}
}

static void every_mail_comes_out_as_said(void **state)
{
	(void)state;
	wrong = 0;
	for (size_t i = 0; i < all.mail_count; i++)
		if (all.mail[i].kind != MAIL_ORDINARY)
			check_mail(&all.mail[i]);
	assert_int_equal(wrong, 0);
}

/* What a Subject recognises needs no Listed-Subject; and these make no mail a candidate. */
static void a_listed_subject_is_too_bare_for_others(void **state)
{
	(void)state;
	wrong = 0;
	for (size_t i = 0; i < all.mail_count; i++) {
		struct mail bare = all.mail[i];
		bare.class = bare.is = CLASS_NONE;
		for (size_t t = 0; t < bare.count[WORDING_LISTED]; t++) {
			const struct mail_text *text = &bare.text[WORDING_LISTED][t];
			uint32_t in = found(classes->subject, text, ~0u);
			expect(in == 0, &bare, text, classes_first(in));
		}
	}
	assert_int_equal(wrong, 0);
}

static void ordinary_mail_is_no_candidate(void **state)
{
	(void)state;
	wrong = 0;
	for (size_t i = 0; i < all.mail_count; i++) {
		const struct mail *m = &all.mail[i];
		if (m->kind != MAIL_ORDINARY)
			continue;
		CHECK(m->count[WORDING_SUBJECT] >= ORDINARY_LEAST,
		      "%s:%u: %zu subjects, expected %d", m->file, m->line,
		      m->count[WORDING_SUBJECT], ORDINARY_LEAST);
		for (size_t t = 0; t < m->count[WORDING_SUBJECT]; t++) {
			const struct mail_text *text = &m->text[WORDING_SUBJECT][t];
			uint32_t in =
			    found(classes->subject, text, ~0u) | found(classes->display, text, ~0u);
			expect(in == 0, m, text, classes_first(in));
		}
	}
	assert_int_equal(wrong, 0);
}

/* Without its list of everyday subjects a language's patterns prove nothing. */
static void every_language_has_ordinary_mail(void **state)
{
	(void)state;
	for (size_t i = 0; i < all.class_files.count; i++) {
		struct slice language = wordings_language(all.class_files.file[i].path);
		bool has = slice_is(language, "classes");
		for (size_t k = 0; k < all.mail_count && !has; k++)
			has = all.mail[k].kind == MAIL_ORDINARY &&
			      wordings_same(all.mail[k].language, language);
		CHECK(has, "%.*s.mails has no Ordinary stanza", (int)language.n, language.p);
	}
}

/* -- patterns ------------------------------------------------------------------------------- */

static size_t matching(const struct wording *like, const struct mail_text *t)
{
	size_t count = 0;
	for (size_t i = 0; i < all.pattern_count; i++) {
		const struct wording *p = &all.pattern[i];
		if (p->source.tag == like->source.tag && p->field == like->field &&
		    wordings_same(p->language, like->language))
			count += wordings_matches(p->alone, scratch, t);
	}
	return count;
}

static bool needs(const struct mail *m, enum wording_field field, const struct wording *p)
{
	for (size_t i = 0; i < m->count[field]; i++) {
		const struct mail_text *t = &m->text[field][i];
		if (wordings_matches(p->alone, scratch, t) && matching(p, t) == 1)
			return true;
	}
	return false;
}

/* The text holds what the pattern cannot match without, and it does not match. */
static bool misses(const struct mail *m, enum wording_field field, const struct wording *p)
{
	struct literal_needs first = {.count = 1};
	struct sieve *sieve = sieve_new(1);
	struct sieve_hits hits;
	bool near = false;
	literals_of(p->source.text, &first.need[0]);
	assert_non_null(sieve);
	assert_int_equal(sieve_add(sieve, 0, &first), 0);
	for (size_t i = 0; i < m->count[field] && !near; i++)
		near = sieve_ask(sieve, of(&m->text[field][i]), &hits) &&
		       !wordings_matches(p->alone, scratch, &m->text[field][i]);
	sieve_free(sieve);
	return near;
}

typedef bool earn_function(const struct mail *m, enum wording_field field, const struct wording *p);

/* Some mail of that kind, class and language in which earn() holds of the pattern; a wording that
 * names a domain may also stand in a subject or a body. */
static bool earns(const struct wording *p, enum mail_kind kind, earn_function *earn)
{
	for (size_t i = 0; i < all.mail_count; i++) {
		const struct mail *m = &all.mail[i];
		if (m->kind != kind || m->class != p->source.tag ||
		    !wordings_same(m->language, p->language))
			continue;
		if (earn(m, p->field, p) ||
		    (p->field == WORDING_DOMAIN &&
		     (earn(m, WORDING_SUBJECT, p) || earn(m, WORDING_BODY, p))))
			return true;
	}
	return false;
}

static void check_patterns(enum mail_kind kind, earn_function *earn, const char *complaint)
{
	size_t idle = 0;
	for (size_t i = 0; i < all.pattern_count; i++) {
		const struct wording *p = &all.pattern[i];
		if (earns(p, kind, earn))
			continue;
		print_error("%s:%u: %s %s: %s: %.*s\n", p->source.file, p->source.line,
			    class_name((enum class_id)p->source.tag), wording_field_names[p->field],
			    complaint, (int)p->source.text.n, p->source.text.p);
		idle++;
	}
	assert_int_equal(idle, 0);
}

static void every_pattern_is_needed(void **state)
{
	(void)state;
	check_patterns(MAIL_IS, needs, "no mail needs this pattern");
}

static void every_pattern_has_a_near_miss(void **state)
{
	(void)state;
	check_patterns(MAIL_NEAR, misses, "no near miss holds its text");
}

/* -- cost ----------------------------------------------------------------------------------- */

/* Every subject, display name and candidate's text is matched with all of them. */
static void no_pattern_runs_over_every_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < all.pattern_count; i++)
		CHECK(pattern_unsieved(all.pattern[i].alone) == 0,
		      "%s:%u: holds no text of %d octets", all.pattern[i].source.file,
		      all.pattern[i].source.line, LITERAL_LEAST);
	assert_int_equal(pattern_unsieved(classes->subject), 0);
	assert_int_equal(pattern_unsieved(classes->listed_subject), 0);
	assert_int_equal(pattern_unsieved(classes->display), 0);
	assert_int_equal(pattern_unsieved(classes->body), 0);
	assert_int_equal(pattern_unsieved(classes->domain_wording), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_file_is_installed_or_shipped),
	    cmocka_unit_test(a_language_is_a_file),
	    cmocka_unit_test(every_language_has_every_class),
	    cmocka_unit_test(patterns_ask_for_what_texts_hold),
	    cmocka_unit_test(every_mail_comes_out_as_said),
	    cmocka_unit_test(a_listed_subject_is_too_bare_for_others),
	    cmocka_unit_test(ordinary_mail_is_no_candidate),
	    cmocka_unit_test(every_language_has_ordinary_mail),
	    cmocka_unit_test(every_pattern_is_needed),
	    cmocka_unit_test(every_pattern_has_a_near_miss),
	    cmocka_unit_test(no_pattern_runs_over_every_text),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
