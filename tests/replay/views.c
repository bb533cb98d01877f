/* SPDX-License-Identifier: BSD-2-Clause */
/* views.c - see views.h. A field is a row of one table: its name, its form, how it is printed. */
#include "tests/replay/views.h"

#include <string.h>

static const char none[] = "none";

static void put_lane(const struct outcome *o, struct str *to)
{
	static const char *const names[] = {
	    [CANDIDATE_NO] = "no", [CANDIDATE_WORDING] = "wording", [CANDIDATE_LISTED] = "listed"};
	str_puts(to, names[o->candidate.lane]);
}

static void put_verdict(const struct outcome *o, struct str *to)
{
	str_puts(to, verdict_name(o->decision.verdict));
}

static void put_class(const struct outcome *o, struct str *to)
{
	str_puts(to, class_name(o->decision.class));
}

static void put_registrar(const struct outcome *o, struct str *to)
{
	const struct sender *entry = o->decision.entry;
	str_puts(to, entry && entry->registrar ? entry->registrar : "");
}

static void put_item(struct str *to, const char *text)
{
	str_printf(to, "%s%s", to->n ? ", " : "", text);
}

static void put_domains(const struct outcome *o, struct str *to)
{
	for (uint32_t i = 0; i < o->finding.domain_kept; i++)
		put_item(to, o->finding.domain[i]);
}

static void put_domain_count(const struct outcome *o, struct str *to)
{
	str_printf(to, "%u", (unsigned)o->finding.domain_count);
}

static void put_deadline(const struct outcome *o, struct str *to)
{
	char when[21];
	if (o->decision.deadline_source == DEADLINE_NONE)
		return;
	str_time(o->decision.deadline, when);
	str_puts(to, when);
}

static void put_source(const struct outcome *o, struct str *to)
{
	str_puts(to, deadline_source_name(o->decision.deadline_source));
	str_puts(to, o->decision.deadline_refused ? " refused" : "");
}

static void put_reasons(const struct outcome *o, struct str *to)
{
	for (unsigned r = 0; r < REASON_COUNT; r++)
		if (o->decision.reasons & 1u << r)
			put_item(to, reason_name((enum reason)r));
}

static void put_conditions(const struct outcome *o, struct str *to)
{
	for (unsigned i = 0; i < CONDITION_COUNT; i++)
		str_printf(to, "%s%s=%s", i ? ", " : "", condition_name((enum condition)i),
			   proof_name(o->decision.condition[i]));
}

static void put_proof(const struct outcome *o, struct str *to)
{
	str_puts(to, o->decision.proof);
}

static void put_platform(const struct outcome *o, struct str *to)
{
	str_puts(to, o->finding.platform);
}

static void put_links(const struct outcome *o, struct str *to)
{
	for (uint32_t i = 0; i < o->finding.link_kept; i++) {
		const struct finding_link *l = &o->finding.link[i];
		str_printf(to, "%s%s %s %s", i ? "\n" : "", link_kind_name(l->kind),
			   l->host[0] ? l->host : "-", l->expected ? "expected" : "unexpected");
	}
}

/* Of the links that have one. */
static void put_shapes(const struct outcome *o, struct str *to)
{
	for (uint32_t i = 0; i < o->finding.link_kept; i++) {
		const struct finding_link *l = &o->finding.link[i];
		if (l->shape[0])
			str_printf(to, "%s%s %s", to->n ? "\n" : "", l->host, l->shape);
	}
}

/* A folded value on one line. */
static void put_unfolded(struct str *to, const char *value)
{
	for (; *value; value++)
		if (*value == '\t')
			str_putc(to, ' ');
		else if (*value != '\n')
			str_putc(to, *value);
}

static void put_edits(const struct outcome *o, struct str *to)
{
	for (size_t i = 0; i < o->edits.count; i++) {
		const struct edit *e = &o->edits.list[i];
		str_printf(to, "%s%s %s", i ? "\n" : "", edit_action_name(e->action), e->name);
		if (e->index)
			str_printf(to, "[%u]", e->index);
		if (e->value) {
			str_puts(to, ": ");
			put_unfolded(to, e->value);
		}
	}
}

enum form {
	FORM_TEXT,
	FORM_ITEMS,
	FORM_LINES,
	FORM_CONDITIONS,
};

static const struct view {
	const char *name;
	enum form form;
	void (*put)(const struct outcome *o, struct str *to);
} views[] = {
    {"Lane", FORM_TEXT, put_lane},         {"Verdict", FORM_TEXT, put_verdict},
    {"Class", FORM_TEXT, put_class},       {"Registrar", FORM_TEXT, put_registrar},
    {"Domains", FORM_ITEMS, put_domains},  {"Domain-Count", FORM_TEXT, put_domain_count},
    {"Deadline", FORM_TEXT, put_deadline}, {"Deadline-Source", FORM_TEXT, put_source},
    {"Reasons", FORM_ITEMS, put_reasons},  {"Conditions", FORM_CONDITIONS, put_conditions},
    {"Proof", FORM_TEXT, put_proof},       {"Platform", FORM_TEXT, put_platform},
    {"Links", FORM_LINES, put_links},      {"Shapes", FORM_LINES, put_shapes},
    {"Edits", FORM_LINES, put_edits},
};

static void got_of(const struct view *v, const struct outcome *o, struct str *to)
{
	v->put(o, to);
	if (!to->n)
		str_puts(to, none);
}

/* What a case says of one condition: named, or by "others=". */
static const char *wanted_value(const char *said, const char *name)
{
	struct str key = {0};
	str_printf(&key, "%s=", name);
	const char *at = strstr(said, str_text(&key));
	while (at && at > said && at[-1] != ' ')
		at = strstr(at + 1, str_text(&key));
	at = at ? at + key.n : NULL;
	str_free(&key);
	return at;
}

/* All six: as the case names them, by its "others=", or as they came out. */
static void want_conditions(const struct casefile *c, const struct outcome *o, struct str *to)
{
	struct str said = {0};
	casefile_items(c, "Conditions", &said);
	const char *others = wanted_value(str_text(&said), "others");
	for (unsigned i = 0; i < CONDITION_COUNT; i++) {
		const char *name = condition_name((enum condition)i);
		const char *value = wanted_value(str_text(&said), name);
		if (!value)
			value = others ? others : proof_name(o->decision.condition[i]);
		str_printf(to, "%s%s=%.*s", i ? ", " : "", name, (int)strcspn(value, ","), value);
	}
	str_free(&said);
}

static bool want_of(const struct view *v, const struct casefile *c, const struct outcome *o,
		    struct str *to)
{
	struct slice value = casefile_get(c, v->name);
	if (!value.p)
		return false;
	switch (v->form) {
	case FORM_TEXT: str_add(to, value.p, value.n); break;
	case FORM_ITEMS: casefile_items(c, v->name, to); break;
	case FORM_LINES: casefile_lines(c, v->name, to); break;
	case FORM_CONDITIONS: want_conditions(c, o, to); break;
	}
	return true;
}

static void put_commented(struct str *to, const char *what, const struct str *text)
{
	str_printf(to, "#   %s ", what);
	for (const char *p = str_text(text); *p; p++) {
		str_putc(to, *p);
		if (*p == '\n')
			str_puts(to, "#        ");
	}
	str_putc(to, '\n');
}

bool views_compare(const struct casefile *c, const struct outcome *o, struct str *to)
{
	bool same = true;
	for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
		struct str got = {0}, want = {0};
		if (want_of(&views[i], c, o, &want)) {
			got_of(&views[i], o, &got);
			if (strcmp(str_text(&got), str_text(&want)) != 0) {
				same = false;
				str_printf(to, "# %s:\n", views[i].name);
				put_commented(to, "got ", &got);
				put_commented(to, "want", &want);
			}
		}
		str_free(&got);
		str_free(&want);
	}
	return same;
}

void views_print(const struct outcome *o, struct str *to)
{
	for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
		struct str got = {0};
		got_of(&views[i], o, &got);
		str_printf(to, "%s:%s", views[i].name,
			   views[i].form == FORM_LINES && strcmp(got.p, none) != 0 ? "\n " : " ");
		for (const char *p = str_text(&got); *p; p++) {
			str_putc(to, *p);
			if (*p == '\n')
				str_putc(to, ' ');
		}
		str_putc(to, '\n');
		str_free(&got);
	}
}
