/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * list_read.c - stanzas into entries of the list.
 *
 * Each kind of stanza is a table of its fields; a field's reader checks the value, reports what is
 * wrong with it at its line and column, and writes to the draft of the entry. All fields of a
 * stanza are read, so that all its errors are shown; a stanza with an error adds nothing.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "rules/core/list_value.h"

/* -- Platform, Harmless, Tracking, Freemail, Link-For, Release ------------------------------ */

static void read_platform(struct reading *r, const struct field *f)
{
	struct slice name;
	if (value_name(r, f, &name))
		r->platform.name = value_copy(r, name);
}

static void read_platform_links(struct reading *r, const struct field *f)
{
	value_links(r, f, false, &r->platform.link, &r->platform.link_count);
}

static void read_recognise(struct reading *r, const struct field *f)
{
	value_links(r, f, true, &r->platform.recognise, &r->platform.recognise_count);
}

static void read_platform_days(struct reading *r, const struct field *f)
{
	value_days(r, f, r->platform.days);
}

static void read_hold_ns(struct reading *r, const struct field *f)
{
	value_hosts(r, f, field_next_item, &r->platform.hold_ns, &r->platform.hold_ns_count);
}

static void read_platform_note(struct reading *r, const struct field *f)
{
	r->platform.note = value_text(r, f);
}

static const struct field_rule platform_rules[] = {
    FIELD_RULE("Platform", read_platform, true),
    FIELD_RULE("Link", read_platform_links, false),
    FIELD_RULE("Recognise", read_recognise, false),
    FIELD_RULE("Days", read_platform_days, false),
    FIELD_RULE("Hold-NS", read_hold_ns, false),
    FIELD_RULE("Note", read_platform_note, false),
    FIELD_RULE_END,
};

static void read_harmless(struct reading *r, const struct field *f)
{
	struct slice name;
	if (value_name(r, f, &name))
		r->hosts.name = value_copy(r, name);
}

static void read_harmless_links(struct reading *r, const struct field *f)
{
	value_links(r, f, false, &r->hosts.link, &r->hosts.link_count);
}

static void read_tracking(struct reading *r, const struct field *f)
{
	read_harmless(r, f);
	r->hosts.use = HOST_TRACKING;
}

static void read_freemail(struct reading *r, const struct field *f)
{
	read_harmless(r, f);
	r->hosts.use = HOST_FREEMAIL;
}

static void read_link_for(struct reading *r, const struct field *f)
{
	struct slice name;
	if (value_name(r, f, &name))
		r->link_for.name = value_copy(r, name);
}

static void read_added_links(struct reading *r, const struct field *f)
{
	value_links(r, f, false, &r->link_for.link, &r->link_for.link_count);
}

static void read_tracking_hosts(struct reading *r, const struct field *f)
{
	value_hosts(r, f, field_next_line, &r->hosts.host, &r->hosts.host_count);
}

static void read_hosts_note(struct reading *r, const struct field *f)
{
	r->hosts.note = value_text(r, f);
}

static const struct field_rule harmless_rules[] = {
    FIELD_RULE("Harmless", read_harmless, true),
    FIELD_RULE("Link", read_harmless_links, true),
    FIELD_RULE("Note", read_hosts_note, false),
    FIELD_RULE_END,
};

static const struct field_rule tracking_rules[] = {
    FIELD_RULE("Tracking", read_tracking, true),
    FIELD_RULE("Host", read_tracking_hosts, true),
    FIELD_RULE("Note", read_hosts_note, false),
    FIELD_RULE_END,
};

static const struct field_rule freemail_rules[] = {
    FIELD_RULE("Freemail", read_freemail, true),
    FIELD_RULE("Host", read_tracking_hosts, true),
    FIELD_RULE("Note", read_hosts_note, false),
    FIELD_RULE_END,
};

static const struct field_rule link_for_rules[] = {
    FIELD_RULE("Link-For", read_link_for, true),
    FIELD_RULE("Link", read_added_links, true),
    FIELD_RULE_END,
};

static void read_release(struct reading *r, const struct field *f)
{
	struct slice item;
	uint64_t number;
	if (!value_line(r, f, &item))
		return;
	if (str_to_u64(item, LIST_RELEASE_MOST, &number) && number > 0)
		r->release.number = (int64_t)number;
	else
		value_refuse(r, f, item, f->line, f->column, "a number, 1 to 999999999");
}

static void read_day(struct reading *r, const struct field *f, int64_t *to)
{
	char text[sizeof "2026-11-27T00:00:00Z"] = "";
	struct slice item;
	if (!value_line(r, f, &item))
		return;
	if (item.n == 10)
		snprintf(text, sizeof text, "%.10sT00:00:00Z", item.p);
	if (!str_to_time(slice_of(text), to) || *to <= 0)
		value_refuse(r, f, item, f->line, f->column, "YYYY-MM-DD");
}

static void read_issued(struct reading *r, const struct field *f)
{
	read_day(r, f, &r->release.issued);
}

static void read_expires(struct reading *r, const struct field *f)
{
	read_day(r, f, &r->release.expires);
}

static const struct field_rule release_rules[] = {
    FIELD_RULE("Release", read_release, true),
    FIELD_RULE("Issued", read_issued, true),
    FIELD_RULE("Expires", read_expires, false),
    FIELD_RULE_END,
};

const char *const list_host_fields[] = {
    [HOST_HARMLESS] = "Harmless",
    [HOST_TRACKING] = "Tracking",
    [HOST_FREEMAIL] = "Freemail",
};

/* -- adding --------------------------------------------------------------------------------- */

static int add_sender(struct reading *r)
{
	struct list *l = r->list;
	struct sender *p = grow_list(l->sender, l->sender_count, &l->sender_room, sizeof(*p));
	if (!p)
		return ENOMEM;
	l->sender = p;
	l->sender[l->sender_count++] = r->sender;
	return 0;
}

static int add_platform(struct reading *r)
{
	struct list *l = r->list;
	struct platform *p =
	    grow_list(l->platform, l->platform_count, &l->platform_room, sizeof(*p));
	if (!p)
		return ENOMEM;
	l->platform = p;
	l->platform[l->platform_count++] = r->platform;
	return 0;
}

static int add_hosts(struct reading *r)
{
	struct list *l = r->list;
	struct host_set *p = grow_list(l->hosts, l->hosts_count, &l->hosts_room, sizeof(*p));
	if (!p)
		return ENOMEM;
	l->hosts = p;
	l->hosts[l->hosts_count++] = r->hosts;
	return 0;
}

static int add_link_for(struct reading *r)
{
	struct list *l = r->list;
	struct link_for *p =
	    grow_list(l->link_for, l->link_for_count, &l->link_for_room, sizeof(*p));
	if (!p)
		return ENOMEM;
	l->link_for = p;
	l->link_for[l->link_for_count++] = r->link_for;
	return 0;
}

static int add_release(struct reading *r)
{
	if (r->list->release.number == 0 && !r->local)
		r->list->release = r->release;
	else
		diag_add(r->diags, DIAG_ERROR, r->file, r->line, 1,
			 r->local ? "Release: entries of the site's own have none"
				  : "Release: a second one; this is more than one list");
	return 0;
}

/* What no field shows alone. */
static void check_sender(struct reading *r, const struct stanza *s)
{
	const struct sender *e = &r->sender;
	const struct field *from = stanza_get(s, "From"), *whole = stanza_get(s, "Whole-Domain");
	if (!e->domain)
		return;
	if (!e->from && !whole) {
		r->bad = true;
		diag_add(r->diags, DIAG_ERROR, r->file, from->line, from->column,
			 "From: a whole domain, but there is no Whole-Domain that says why");
	} else if (e->from && whole) {
		r->bad = true;
		diag_add(r->diags, DIAG_ERROR, r->file, whole->line, whole->column,
			 "Whole-Domain: From is an exact address");
	}
}

/* -- stanzas -------------------------------------------------------------------------------- */

struct kind {
	const struct field_rule *rules;
	int (*add)(struct reading *r);
};

static const struct kind kinds[] = {
    {list_sender_rules, add_sender}, {platform_rules, add_platform}, {harmless_rules, add_hosts},
    {tracking_rules, add_hosts},     {freemail_rules, add_hosts},    {link_for_rules, add_link_for},
    {release_rules, add_release},
};

static const struct field_rule *find_rule(const struct kind *k, struct slice name)
{
	for (const struct field_rule *rule = k->rules; rule->name; rule++)
		if (name.n == rule->length &&
		    (memcmp(name.p, rule->name, name.n) == 0 || slice_is_nocase(name, rule->name)))
			return rule;
	return NULL;
}

/* The kind whose first rule has the name of the stanza's first field. */
static const struct kind *kind_of(const struct stanza *s)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (slice_is_nocase(s->field[0].name, kinds[i].rules[0].name))
			return &kinds[i];
	return NULL;
}

static void read_fields(struct reading *r, const struct kind *k, const struct stanza *s)
{
	char quoted[128];
	unsigned long seen = 0;
	for (size_t i = 0; i < s->count; i++) {
		const struct field *f = &s->field[i];
		const struct field_rule *rule = find_rule(k, f->name);
		if (!rule) {
			r->bad = true;
			diag_add(r->diags, DIAG_ERROR, r->file, f->line, 1,
				 "%s: a stanza that begins with %s has no such field",
				 diag_quote(f->name.p, f->name.n, quoted), k->rules[0].name);
			continue;
		}
		seen |= 1ul << (rule - k->rules);
		rule->read(r, f);
	}
	for (const struct field_rule *rule = k->rules; rule->name; rule++) {
		if (!rule->required || seen & 1ul << (rule - k->rules))
			continue;
		r->bad = true;
		diag_add(r->diags, DIAG_ERROR, r->file, s->line, 1, "the stanza has no field %s",
			 rule->name);
	}
}

static int read_stanza(struct reading *r, const struct stanza *s)
{
	char quoted[128];
	const struct kind *k = kind_of(s);
	if (!k) {
		diag_add(r->diags, DIAG_ERROR, r->file, s->line, 1,
			 "a stanza begins with Sender, Platform, Harmless, Tracking, Freemail, "
			 "Link-For or Release, found %s",
			 diag_quote(s->field[0].name.p, s->field[0].name.n, quoted));
		return 0;
	}
	r->bad = false;
	r->sender =
	    (struct sender){.file = r->file, .line = s->line, .local = r->local, .enabled = true};
	r->platform = (struct platform){.file = r->file, .line = s->line};
	r->hosts = (struct host_set){.file = r->file, .line = s->line};
	r->link_for = (struct link_for){.file = r->file, .line = s->line, .local = r->local};
	r->release = (struct list_release){0};
	r->line = s->line;
	read_fields(r, k, s);
	if (k->add == add_sender)
		check_sender(r, s);
	if (r->list->arena.failed)
		return ENOMEM;
	return r->bad ? 0 : k->add(r);
}

int list_parse(struct list *l, struct slice text, const char *file, bool local, struct diags *diags)
{
	struct stanza s;
	struct reading r = {.list = l, .diags = diags, .local = local};
	r.file = arena_copy(&l->arena, slice_of(file));
	if (!r.file)
		return ENOMEM;
	struct stanza_reader reader = stanza_reader_of(text, r.file, diags);
	while (stanza_next(&reader, &s)) {
		int error = read_stanza(&r, &s);
		if (error)
			return error;
	}
	return 0;
}
