/* SPDX-License-Identifier: BSD-2-Clause */
/* wordings.c - see wordings.h. */
#include "tests/rules/wordings.h"

#include <stdio.h>

#include "base/limits.h"
#include "rules/core/fold.h"
#include "rules/core/stanza.h"
#include "tests/rules/table.h"

const char *const wording_field_names[WORDING_FIELDS] = {
    [WORDING_SUBJECT] = "Subject",
    [WORDING_LISTED] = "Listed-Subject",
    [WORDING_DISPLAY] = "Display-Name",
    [WORDING_BODY] = "Body",
    [WORDING_DOMAIN] = "Domain-Wording",
};

void wordings_path(const char *name, struct str *to)
{
	const char *srcdir = getenv("srcdir");
	str_printf(to, "%s/%s", srcdir ? srcdir : ".", name);
}

struct slice wordings_language(const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	return (struct slice){name, (size_t)(strrchr(name, '.') - name)};
}

bool wordings_same(struct slice a, struct slice b)
{
	return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

bool wordings_matches(const struct pattern_set *set, struct pattern_scratch *scratch,
		      const struct mail_text *text)
{
	size_t at = 0;
	uint32_t tag;
	struct slice in = {str_text(&text->text), text->text.n};
	enum proof p = pattern_next(set, scratch, in, &at, &tag, NULL);
	CHECK(p != PROOF_UNKNOWN, "\"%s\" runs into a match limit", str_text(&text->text));
	return p == PROOF_YES;
}

static void *grow(void *list, size_t count, size_t size)
{
	if (count & (count - 1))
		return list;
	void *grown = reallocarray(list, count ? 2 * count : 1, size);
	assert_non_null(grown);
	return grown;
}

static void check_diags(struct diags *diags)
{
	diag_print(diags, stderr);
	assert_int_equal(diags->errors + diags->warnings, 0);
	diag_free(diags);
}

void wordings_read_folder(const char *name, const char *ending, struct folder *to)
{
	struct str path = {0};
	struct diags diags = {0};
	wordings_path(name, &path);
	bool read = folder_read(str_text(&path), ending, LIMIT_LIST_BYTES, to, &diags);
	str_free(&path);
	check_diags(&diags);
	assert_true(read);
}

/* -- patterns ------------------------------------------------------------------------------- */

static void add_patterns(struct wordings *w, const struct field *f, struct wording like)
{
	struct field_walk walk = {0};
	struct pattern_source *s = &like.source;
	while (field_next_line(f, &walk, &s->text, &s->line, &s->column)) {
		struct diags diags = {0};
		struct str folded = {0};
		fold_pattern(s->text, &folded);
		s->text = slice_of(like.folded = str_take(&folded));
		like.alone = pattern_compile(s, 1, &diags);
		check_diags(&diags);
		assert_non_null(like.alone);
		w->pattern = grow(w->pattern, w->pattern_count, sizeof *w->pattern);
		w->pattern[w->pattern_count++] = like;
	}
}

static void read_class_file(struct wordings *w, const struct folder_file *f)
{
	struct diags diags = {0};
	struct stanza_reader reader =
	    stanza_reader_of((struct slice){f->text.p, f->text.n}, f->path, &diags);
	struct stanza s;
	while (stanza_next(&reader, &s)) {
		enum class_id class;
		CHECK(class_of_name(s.field[0].value, &class), "%s:%u", f->path, s.line);
		for (unsigned k = 0; k < WORDING_FIELDS; k++) {
			const struct field *field = stanza_get(&s, wording_field_names[k]);
			struct wording like = {.field = (enum wording_field)k,
					       .language = wordings_language(f->path),
					       .source = {.tag = class, .file = f->path}};
			if (field)
				add_patterns(w, field, like);
		}
	}
	check_diags(&diags);
}

/* -- mails ---------------------------------------------------------------------------------- */

static struct mail_text *add_text(struct mail *m, enum wording_field field, unsigned line)
{
	m->text[field] = grow(m->text[field], m->count[field], sizeof *m->text[field]);
	struct mail_text *t = &m->text[field][m->count[field]++];
	*t = (struct mail_text){.line = line};
	return t;
}

/* As the judge does. */
static void fold(struct str *text)
{
	struct str folded = {0};
	fold_text((struct slice){str_text(text), text->n}, &folded);
	assert_false(folded.failed);
	str_free(text);
	*text = folded;
}

static void read_texts(struct mail *m, enum wording_field field, const struct field *f)
{
	struct field_walk walk = {0};
	struct slice line;
	struct mail_text *t = NULL;
	unsigned at, column;
	while (field_next_line(f, &walk, &line, &at, &column)) {
		if (field == WORDING_BODY && slice_is(line, ".")) {
			t = NULL;
			continue;
		}
		if (!t || field != WORDING_BODY)
			t = add_text(m, field, at);
		else
			str_putc(&t->text, '\n');
		str_add(&t->text, line.p, line.n);
	}
	for (size_t i = 0; i < m->count[field]; i++)
		fold(&m->text[field][i].text);
}

static enum class_id class_in(const struct mail *m, const struct field *f)
{
	enum class_id class;
	CHECK(class_of_name(f->value, &class), "%s:%u: no class", m->file, f->line);
	return class;
}

static void read_kind(struct mail *m, const struct field *f)
{
	if (slice_is(f->name, "Ordinary")) {
		m->kind = MAIL_ORDINARY;
		read_texts(m, WORDING_SUBJECT, f);
		return;
	}
	m->kind = slice_is(f->name, "Mail") ? MAIL_IS : MAIL_NEAR;
	CHECK(m->kind == MAIL_IS || slice_is(f->name, "Near"),
	      "%s:%u: expected Mail, Near or Ordinary", m->file, m->line);
	m->class = class_in(m, f);
	m->is = m->kind == MAIL_IS ? m->class : CLASS_NONE;
}

static void read_mail_field(struct mail *m, const struct field *f)
{
	for (unsigned k = 0; k < WORDING_FIELDS; k++)
		if (slice_is(f->name, wording_field_names[k])) {
			read_texts(m, (enum wording_field)k, f);
			return;
		}
	if (slice_is(f->name, "Is") && m->kind == MAIL_NEAR)
		m->is = class_in(m, f);
	else
		CHECK(slice_is(f->name, "Note"), "%s:%u: unknown field", m->file, f->line);
}

static void read_mail_file(struct wordings *w, const struct folder_file *f)
{
	struct diags diags = {0};
	struct stanza_reader reader =
	    stanza_reader_of((struct slice){f->text.p, f->text.n}, f->path, &diags);
	struct stanza s;
	while (stanza_next(&reader, &s)) {
		struct mail m = {
		    .file = f->path, .line = s.line, .language = wordings_language(f->path)};
		read_kind(&m, &s.field[0]);
		for (size_t i = 1; i < s.count; i++)
			read_mail_field(&m, &s.field[i]);
		w->mail = grow(w->mail, w->mail_count, sizeof *w->mail);
		w->mail[w->mail_count++] = m;
	}
	check_diags(&diags);
}

/* -- all ------------------------------------------------------------------------------------ */

void wordings_read(struct wordings *ret_wordings)
{
	struct wordings w = {0};
	wordings_read_folder("rules/lists", ".class", &w.class_files);
	wordings_read_folder("tests/wording", ".mails", &w.mail_files);
	for (size_t i = 0; i < w.class_files.count; i++)
		read_class_file(&w, &w.class_files.file[i]);
	for (size_t i = 0; i < w.mail_files.count; i++)
		read_mail_file(&w, &w.mail_files.file[i]);
	*ret_wordings = w;
}

void wordings_free(struct wordings *w)
{
	for (size_t i = 0; i < w->pattern_count; i++) {
		pattern_free(w->pattern[i].alone);
		free(w->pattern[i].folded);
	}
	for (size_t i = 0; i < w->mail_count; i++)
		for (unsigned k = 0; k < WORDING_FIELDS; k++) {
			for (size_t t = 0; t < w->mail[i].count[k]; t++)
				str_free(&w->mail[i].text[k][t].text);
			free(w->mail[i].text[k]);
		}
	free(w->pattern);
	free(w->mail);
	folder_free(&w->class_files);
	folder_free(&w->mail_files);
	*w = (struct wordings){0};
}
