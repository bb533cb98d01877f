/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The classes that are installed: they compile, every file is installed, known subjects give the
 * class that they should and ordinary ones none, and each Subject pattern earns its place: a
 * subject needs it, and a near miss beside it matches nothing.
 */
#include <stdio.h>

#include "base/folder.h"
#include "base/limits.h"
#include "rules/core/classes.h"
#include "rules/core/stanza.h"
#include "tests/rules/classes_subjects.h"
#include "tests/rules/table.h"

enum {
	PATTERNS_MOST = 500,
};

static struct folder files;
static struct classes *classes;
static struct pattern_scratch *scratch;
struct patterns {
	struct pattern_source list[PATTERNS_MOST]; /* tag is the class */
	size_t count;
};
static struct patterns subjects, bodies, wordings;

static void path_of(const char *name, struct str *to)
{
	const char *srcdir = getenv("srcdir");
	str_printf(to, "%s/%s", srcdir ? srcdir : ".", name);
}

static void print_diags(const struct diags *diags)
{
	for (size_t i = 0; i < diags->count; i++)
		print_error("%s:%u:%u: %s\n", diags->list[i].file, diags->list[i].line,
			    diags->list[i].column, diags->list[i].text);
}

static void note_field(const struct stanza *s, const char *name, enum class_id class,
		       const char *path, struct patterns *to)
{
	const struct field *f = stanza_get(s, name);
	struct field_walk walk = {0};
	struct pattern_source p = {.tag = class, .file = path};
	while (f && field_next_line(f, &walk, &p.text, &p.line, &p.column)) {
		assert_true(to->count < PATTERNS_MOST);
		to->list[to->count++] = p;
	}
}

static void note_patterns(const struct folder_file *f, struct diags *diags)
{
	struct stanza_reader reader =
	    stanza_reader_of((struct slice){f->text.p, f->text.n}, f->path, diags);
	struct stanza s;
	while (stanza_next(&reader, &s)) {
		enum class_id class;
		assert_true(class_of_name(s.field[0].value, &class));
		assert_non_null(stanza_get(&s, "Subject"));
		note_field(&s, "Subject", class, f->path, &subjects);
		note_field(&s, "Body", class, f->path, &bodies);
		note_field(&s, "Domain-Wording", class, f->path, &wordings);
	}
}

static int set_up(void **state)
{
	(void)state;
	struct str folder = {0};
	struct diags diags = {0};
	path_of("rules/lists", &folder);
	bool read = folder_read(str_text(&folder), ".class", LIMIT_LIST_BYTES, &files, &diags);
	str_free(&folder);
	struct classes_builder *builder = classes_builder_new();
	scratch = pattern_scratch_new();
	if (!read || !builder || !scratch)
		return -1;
	for (size_t i = 0; i < files.count; i++) {
		const struct folder_file *f = &files.file[i];
		struct slice text = {f->text.p, f->text.n};
		assert_int_equal(classes_parse(builder, text, f->path, &diags), 0);
		note_patterns(f, &diags);
	}
	classes = classes_build(builder, false, &diags);
	print_diags(&diags);
	int complaints = (int)(diags.errors + diags.warnings);
	diag_free(&diags);
	return classes ? complaints : -1;
}

static int tear_down(void **state)
{
	(void)state;
	classes_free(classes);
	pattern_scratch_free(scratch);
	folder_free(&files);
	return 0;
}

static enum class_id class_of(const char *subject)
{
	bool limit = false;
	uint32_t set = classes_in(classes->subject, scratch, slice_of(subject), &limit);
	CHECK(!limit, "%s", subject);
	return classes_first(set);
}

/* -- the files ------------------------------------------------------------------------------ */

static void every_file_is_installed(void **state)
{
	(void)state;
	struct str path = {0}, makefile = {0}, entry = {0};
	path_of("rules/local.mk", &path);
	assert_int_equal(str_read_file(str_text(&path), 1024 * 1024, &makefile), 0);
	for (size_t i = 0; i < files.count; i++) {
		str_reset(&entry);
		str_printf(&entry, "rules/lists/%s", strrchr(files.file[i].path, '/') + 1);
		CHECK(strstr(str_text(&makefile), str_text(&entry)), "%s is not in rules/local.mk",
		      str_text(&entry));
	}
	str_free(&path);
	str_free(&makefile);
	str_free(&entry);
}

/* -- subjects ------------------------------------------------------------------------------- */

static void known_subjects_give_their_class(void **state)
{
	(void)state;
	size_t wrong = 0;
	for (const struct known_subject *k = known_subjects; k->subject; k++) {
		enum class_id got = class_of(k->subject);
		if (got == k->class)
			continue;
		print_error("%s: got %s, want %s\n", k->subject, class_name(got),
			    class_name(k->class));
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void ordinary_subjects_give_none(void **state)
{
	(void)state;
	size_t wrong = 0, count = 0;
	for (const char *const *s = ordinary_subjects; *s; s++, count++) {
		enum class_id got = class_of(*s);
		if (got == CLASS_NONE)
			continue;
		print_error("%s: got %s\n", *s, class_name(got));
		wrong++;
	}
	assert_int_equal(wrong, 0);
	assert_true(count >= 100);
}

static void near_misses_give_none(void **state)
{
	(void)state;
	size_t wrong = 0;
	for (const struct earning_subject *e = earning_subjects; e->subject; e++) {
		enum class_id got = class_of(e->near_miss);
		if (got == CLASS_NONE)
			continue;
		print_error("%s: got %s\n", e->near_miss, class_name(got));
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static bool matches(const struct pattern_set *set, const char *subject)
{
	size_t at = 0;
	uint32_t tag;
	return pattern_next(set, scratch, slice_of(subject), &at, &tag, NULL) == PROOF_YES;
}

/* How many patterns of its class find the subject; *ret_last is the last of them. */
static size_t finders(struct pattern_set *const *set, const struct earning_subject *e,
		      size_t *ret_last)
{
	size_t found = 0;
	for (size_t i = 0; i < subjects.count; i++)
		if (subjects.list[i].tag == e->class && matches(set[i], e->subject)) {
			*ret_last = i;
			found++;
		}
	return found;
}

static void every_pattern_is_needed(void **state)
{
	(void)state;
	struct pattern_set *set[PATTERNS_MOST];
	bool needed[PATTERNS_MOST] = {false};
	struct diags diags = {0};
	size_t idle = 0, last = 0;
	for (size_t i = 0; i < subjects.count; i++) {
		set[i] = pattern_compile(&subjects.list[i], 1, &diags);
		assert_non_null(set[i]);
	}
	for (const struct earning_subject *e = earning_subjects; e->subject; e++)
		if (finders(set, e, &last) == 1)
			needed[last] = true;
		else
			print_message("# %s: not one pattern alone\n", e->subject);
	for (size_t i = 0; i < subjects.count; i++) {
		if (!needed[i])
			print_error("%s:%u: no subject needs this pattern\n", subjects.list[i].file,
				    subjects.list[i].line);
		idle += !needed[i];
		pattern_free(set[i]);
	}
	assert_int_equal(idle, 0);
}

/* -- texts ---------------------------------------------------------------------------------- */

static bool has_sentence(const struct pattern_source *p, bool wording)
{
	struct diags diags = {0};
	struct pattern_set *set = pattern_compile(p, 1, &diags);
	bool found = false;
	assert_non_null(set);
	for (const struct class_sentence *s = class_sentences; s->text && !found; s++)
		found = s->class == p->tag && s->wording == wording && matches(set, s->text);
	pattern_free(set);
	return found;
}

static void every_text_pattern_has_a_sentence(void **state)
{
	(void)state;
	size_t without = 0;
	for (unsigned w = 0; w < 2; w++) {
		const struct patterns *p = w ? &wordings : &bodies;
		for (size_t i = 0; i < p->count; i++) {
			if (has_sentence(&p->list[i], w))
				continue;
			print_error("%s:%u: no sentence has this\n", p->list[i].file,
				    p->list[i].line);
			without++;
		}
	}
	assert_int_equal(without, 0);
}

static void every_sentence_is_recognised(void **state)
{
	(void)state;
	size_t wrong = 0;
	for (const struct class_sentence *s = class_sentences; s->text; s++) {
		bool limit = false;
		uint32_t in = classes_in(s->wording ? classes->domain_wording : classes->body,
					 scratch, slice_of(s->text), &limit);
		if (limit || !(in & 1u << s->class))
			print_error("%s: not %s\n", s->text, class_name(s->class));
		wrong += limit || !(in & 1u << s->class);
	}
	assert_int_equal(wrong, 0);
}

/* -- cost ----------------------------------------------------------------------------------- */

/* Every subject, display name and candidate's text is matched with all of them. */
static void no_pattern_runs_over_every_text(void **state)
{
	(void)state;
	assert_int_equal(pattern_unsieved(classes->subject), 0);
	assert_int_equal(pattern_unsieved(classes->display), 0);
	assert_int_equal(pattern_unsieved(classes->body), 0);
	assert_int_equal(pattern_unsieved(classes->domain_wording), 0);
}

/* No text that a mail may hold runs into a match limit: a class would go unseen. */
static void long_texts_hit_no_limit(void **state)
{
	(void)state;
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
		struct str text = {0};
		bool limit = false;
		while (text.n < 300000)
			str_puts(&text, filler[i]);
		struct slice all = {text.p, text.n};
		struct slice line = {text.p, LIMIT_SUBJECT};
		classes_in(classes->subject, scratch, line, &limit);
		classes_in(classes->display, scratch, line, &limit);
		CHECK(!limit, "a subject of \"%s\"", filler[i]);
		classes_in(classes->body, scratch, all, &limit);
		CHECK(!limit, "a body of \"%s\"", filler[i]);
		classes_in(classes->domain_wording, scratch, all, &limit);
		CHECK(!limit, "domain wording in \"%s\"", filler[i]);
		str_free(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_file_is_installed),
	    cmocka_unit_test(known_subjects_give_their_class),
	    cmocka_unit_test(ordinary_subjects_give_none),
	    cmocka_unit_test(near_misses_give_none),
	    cmocka_unit_test(every_pattern_is_needed),
	    cmocka_unit_test(every_text_pattern_has_a_sentence),
	    cmocka_unit_test(every_sentence_is_recognised),
	    cmocka_unit_test(no_pattern_runs_over_every_text),
	    cmocka_unit_test(long_texts_hit_no_limit),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
