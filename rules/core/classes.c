/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * classes.c - reads class files, gathers their patterns, compiles each kind into one set.
 *
 * Nothing is compiled while files are read, since a class's words come in as many stanzas as it has
 * languages. Every error is reported with its place; one of them and nothing is built, so that a
 * reload keeps the old rules.
 */
#include "rules/core/classes.h"

#include <errno.h>
#include <stdlib.h>

#include "base/limits.h"
#include "rules/core/arena.h"
#include "rules/core/fold.h"
#include "rules/core/stanza.h"

enum kind {
	KIND_SUBJECT,
	KIND_LISTED_SUBJECT,
	KIND_DISPLAY,
	KIND_BODY,
	KIND_DOMAIN_WORDING,
	KIND_COUNT,
};

static const char *const kind_names[KIND_COUNT] = {
    [KIND_SUBJECT] = "Subject",
    [KIND_LISTED_SUBJECT] = "Listed-Subject",
    [KIND_DISPLAY] = "Display-Name",
    [KIND_BODY] = "Body",
    [KIND_DOMAIN_WORDING] = "Domain-Wording",
};

struct sources {
	struct pattern_source *list;
	size_t count, room;
};

struct classes_builder {
	struct sources kind[KIND_COUNT];
	struct arena patterns; /* folded */
	bool action[CLASS_COUNT], action_said[CLASS_COUNT];
	uint16_t days[CLASS_COUNT];
	struct diags *diags; /* of the text being read */
	const char *file;
};

/*
 * Which class a mail is when its words fit several. What is dark already, and what someone else may
 * be doing to the domain, comes before what is merely asked for; the explicit words (WDRP, NIS2)
 * before the general ones. "verified" comes after "verification", because taking a request for a
 * confirmation would close an open matter, and the other way round only costs a look.
 */
static const enum class_id class_order[] = {
    CLASS_SUSPENSION,   CLASS_TRANSFER_OUT, CLASS_CHANGE_OF_REGISTRANT,
    CLASS_TRANSFER_IN,  CLASS_WDRP,         CLASS_NIS2,
    CLASS_VERIFICATION, CLASS_VERIFIED,     CLASS_RENEWAL,
};

struct classes_builder *classes_builder_new(void)
{
	return calloc(1, sizeof(struct classes_builder));
}

void classes_builder_free(struct classes_builder *b)
{
	if (!b)
		return;
	for (unsigned k = 0; k < KIND_COUNT; k++)
		free(b->kind[k].list);
	arena_free(&b->patterns);
	free(b);
}

/* -- reading -------------------------------------------------------------------------------- */

static void complain(struct classes_builder *b, const struct field *f, const char *expected)
{
	char quoted[128];
	diag_add(b->diags, DIAG_ERROR, b->file, f->line, f->column, "%.*s: %s, expected %s",
		 (int)f->name.n, f->name.p, diag_quote(f->value.p, f->value.n, quoted), expected);
}

static int add_source(struct sources *s, const struct pattern_source *source)
{
	if (s->count == s->room) {
		size_t room = s->room ? 2 * s->room : 32;
		struct pattern_source *list = realloc(s->list, room * sizeof *list);
		if (!list)
			return ENOMEM;
		s->list = list;
		s->room = room;
	}
	s->list[s->count++] = *source;
	return 0;
}

/* A copy in the form in which texts are. False when memory is short. */
static bool fold_source(struct classes_builder *b, struct slice *pattern)
{
	struct str folded = {0};
	fold_pattern(*pattern, &folded);
	char *copy = arena_copy(&b->patterns, (struct slice){str_text(&folded), folded.n});
	bool good = copy && !folded.failed;
	if (good)
		*pattern = (struct slice){copy, folded.n};
	str_free(&folded);
	return good;
}

static int read_patterns(struct classes_builder *b, enum kind kind, enum class_id class,
			 const struct field *f)
{
	struct field_walk walk = {0};
	struct pattern_source source = {.tag = class, .file = b->file};
	size_t found = 0;
	while (field_next_line(f, &walk, &source.text, &source.line, &source.column)) {
		if (!fold_source(b, &source.text) || add_source(&b->kind[kind], &source) != 0)
			return ENOMEM;
		found++;
	}
	if (found == 0)
		complain(b, f, "one pattern or more, each on a line of its own");
	return 0;
}

static void read_action(struct classes_builder *b, enum class_id class, const struct field *f)
{
	bool yes = slice_is(f->value, "yes");
	if (!yes && !slice_is(f->value, "no"))
		complain(b, f, "yes or no");
	else if (b->action_said[class])
		complain(b, f, "it to be said once per class");
	else
		b->action[class] = yes;
	b->action_said[class] = true;
}

static void read_days(struct classes_builder *b, enum class_id class, const struct field *f)
{
	uint64_t days;
	if (!str_to_u64(f->value, LIMIT_DEADLINE_AHEAD_DAYS, &days) || days == 0)
		complain(b, f, "a number of days from 1 to 400");
	else if (b->days[class])
		complain(b, f, "it to be said once per class");
	else
		b->days[class] = (uint16_t)days;
}

static int read_field(struct classes_builder *b, enum class_id class, const struct field *f)
{
	for (unsigned k = 0; k < KIND_COUNT; k++)
		if (slice_is_nocase(f->name, kind_names[k]))
			return read_patterns(b, (enum kind)k, class, f);
	if (slice_is_nocase(f->name, "Action"))
		read_action(b, class, f);
	else if (slice_is_nocase(f->name, "Days"))
		read_days(b, class, f);
	else if (!slice_is_nocase(f->name, "Language") && !slice_is_nocase(f->name, "Note"))
		diag_add(b->diags, DIAG_ERROR, b->file, f->line, f->column,
			 "unknown field %.*s, expected Class, Language, Action, Days, Subject, "
			 "Listed-Subject, Display-Name, Body, Domain-Wording or Note",
			 (int)f->name.n, f->name.p);
	return 0;
}

static int read_stanza(struct classes_builder *b, const struct stanza *s)
{
	enum class_id class;
	const struct field *first = &s->field[0];
	if (!slice_is_nocase(first->name, "Class")) {
		diag_add(b->diags, DIAG_ERROR, b->file, s->line, 1,
			 "the stanza begins with %.*s, expected Class", (int)first->name.n,
			 first->name.p);
		return 0;
	}
	if (!class_of_name(first->value, &class)) {
		complain(b, first,
			 "verification, suspension, verified, transfer-out, transfer-in, "
			 "change-of-registrant, renewal, wdrp or nis2");
		return 0;
	}
	for (size_t i = 1; i < s->count; i++)
		if (read_field(b, class, &s->field[i]) != 0)
			return ENOMEM;
	return 0;
}

int classes_parse(struct classes_builder *b, struct slice text, const char *file,
		  struct diags *diags)
{
	struct stanza_reader reader = stanza_reader_of(text, file, diags);
	struct stanza s;
	b->diags = diags;
	b->file = file;
	while (stanza_next(&reader, &s))
		if (read_stanza(b, &s) != 0)
			return ENOMEM;
	return 0;
}

/* -- building ------------------------------------------------------------------------------- */

static uint32_t classes_of(const struct sources *s)
{
	uint32_t set = 0;
	for (size_t i = 0; i < s->count; i++)
		set |= 1u << s->list[i].tag;
	return set;
}

/* A class with subjects and no body words could never be recognised. */
static void check_bodies(const struct classes_builder *b, enum kind kind, struct diags *diags)
{
	const struct sources *subject = &b->kind[kind];
	uint32_t missing = classes_of(subject) & ~classes_of(&b->kind[KIND_BODY]);
	for (size_t i = 0; i < subject->count; i++) {
		const struct pattern_source *s = &subject->list[i];
		if (!(missing & 1u << s->tag))
			continue;
		diag_add(diags, DIAG_ERROR, s->file, s->line, s->column,
			 "class %s has %s patterns, expected Body patterns too",
			 class_name((enum class_id)s->tag), kind_names[kind]);
		missing &= ~(1u << s->tag);
	}
}

static size_t count_patterns(const struct classes_builder *b)
{
	size_t n = 0;
	for (unsigned k = 0; k < KIND_COUNT; k++)
		n += b->kind[k].count;
	return n;
}

static struct pattern_set *build_set(const struct classes_builder *b, enum kind kind,
				     struct diags *diags)
{
	return pattern_compile(b->kind[kind].list, b->kind[kind].count, diags);
}

static bool build_sets(struct classes *c, const struct classes_builder *b, bool only_subjects,
		       struct diags *diags)
{
	c->subject = build_set(b, KIND_SUBJECT, diags);
	c->display = build_set(b, KIND_DISPLAY, diags);
	if (only_subjects)
		return c->subject && c->display;
	c->listed_subject = build_set(b, KIND_LISTED_SUBJECT, diags);
	c->body = build_set(b, KIND_BODY, diags);
	c->domain_wording = build_set(b, KIND_DOMAIN_WORDING, diags);
	return c->subject && c->listed_subject && c->display && c->body && c->domain_wording;
}

struct classes *classes_build(struct classes_builder *b, bool only_subjects, struct diags *diags)
{
	struct classes *c = calloc(1, sizeof *c);
	bool good = c != NULL;
	check_bodies(b, KIND_SUBJECT, diags);
	check_bodies(b, KIND_LISTED_SUBJECT, diags);
	if (count_patterns(b) > LIMIT_PATTERNS)
		diag_add(diags, DIAG_ERROR, b->file, 0, 0,
			 "%zu patterns in all, expected %d at most", count_patterns(b),
			 LIMIT_PATTERNS);
	if (good)
		good = build_sets(c, b, only_subjects, diags);
	if (good)
		for (unsigned i = 0; i < CLASS_COUNT; i++) {
			c->action[i] = b->action[i];
			c->days[i] = b->days[i];
		}
	classes_builder_free(b);
	if (good && diags->errors == 0)
		return c;
	classes_free(c);
	return NULL;
}

void classes_free(struct classes *c)
{
	if (!c)
		return;
	pattern_free(c->subject);
	pattern_free(c->listed_subject);
	pattern_free(c->display);
	pattern_free(c->body);
	pattern_free(c->domain_wording);
	free(c);
}

/* -- asking --------------------------------------------------------------------------------- */

uint32_t classes_among(const struct pattern_set *set, struct pattern_scratch *scratch,
		       struct slice text, uint32_t wanted, bool *ret_limit)
{
	return pattern_tags(set, scratch, text, wanted, ret_limit);
}

uint32_t classes_in(const struct pattern_set *set, struct pattern_scratch *scratch,
		    struct slice text, bool *ret_limit)
{
	return pattern_tags(set, scratch, text, UINT32_MAX, ret_limit);
}

enum class_id classes_first(uint32_t set)
{
	for (size_t i = 0; i < sizeof class_order / sizeof class_order[0]; i++)
		if (set & 1u << class_order[i])
			return class_order[i];
	return CLASS_NONE;
}
