/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * edits.c - a verdict as header edits.
 *
 * Indexes. MTAs count headers of one name, in any spelling, from 1. Postfix counts again after each
 * deletion, Sendmail keeps the slot of a deleted header until the next filter. Going from the
 * highest index down is right for both, since nothing below the deleted one moves
 * (CVE-2022-48521 was a filter that went up). A change touches index 1, after the deletions above
 * it. Changing a header that is not there adds it, so absent ones are added by name instead.
 *
 * Signatures. A header that a DKIM or ARC signature names in h= is part of what was signed; so is
 * its absence (RFC 6376 5.4.2, oversigning). Filters behind us verify again, so such a header is
 * neither changed nor added. Nobody signs X-Keepname.
 *
 * The value is text of our own around values whose alphabet is known: enum names, names in their
 * one spelling, numbers, the registrar quoted octet by octet. No line end but our folds.
 */
#include "rules/core/edits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/core/list.h"

enum {
	LINE_MOST = 78, /* RFC 5322 2.1.1 */
};

const char *edit_action_name(enum edit_action a)
{
	static const char *const names[] = {[EDIT_DELETE] = "delete",
					    [EDIT_CHANGE] = "change",
					    [EDIT_INSERT] = "insert",
					    [EDIT_ADD] = "add"};
	return (unsigned)a < sizeof names / sizeof names[0] ? names[a] : "?";
}

/* -- the list ------------------------------------------------------------------------------- */

static void cut_to(struct edits *e, size_t count)
{
	while (e->count > count) {
		struct edit *last = &e->list[--e->count];
		free(last->name);
		free(last->value);
	}
}

void edits_free(struct edits *e)
{
	if (!e)
		return;
	cut_to(e, 0);
	free(e->list);
	*e = (struct edits){0};
}

static bool has_room(struct edits *e)
{
	if (e->count < e->room)
		return true;
	size_t room = e->room ? 2 * e->room : 8;
	struct edit *list = realloc(e->list, room * sizeof *list);
	if (!list)
		return false;
	e->list = list;
	e->room = room;
	return true;
}

/* value may be NULL. */
static void add(struct edits *e, enum edit_action action, const char *name, size_t index,
		const char *value)
{
	if (e->failed)
		return;
	char *name_copy = slice_dup(slice_of(name));
	char *value_copy = value ? slice_dup(slice_of(value)) : NULL;
	if (!name_copy || (value && !value_copy) || !has_room(e)) {
		free(name_copy);
		free(value_copy);
		e->failed = true;
		return;
	}
	e->list[e->count++] = (struct edit){action, name_copy, (unsigned)index, value_copy};
}

/* -- our own header, deleted ---------------------------------------------------------------- */

/* The place, from 1, of header `keep` among ours; 0 if it is not one of them. */
static size_t place_of(const struct message *m, size_t keep)
{
	size_t at = 0, i;
	for (size_t place = 1; message_next(m, MARK_OURS, &at, &i); place++)
		if (i == keep)
			return place;
	return 0;
}

void edits_strip(const struct message *message, size_t keep, struct edits *to)
{
	size_t count = message->mark_count[MARK_OURS];
	size_t kept = keep == EDITS_KEEP_NONE ? 0 : place_of(message, keep);
	size_t deleted = 0;
	for (size_t i = count; i > 0; i--) {
		if (i == kept)
			continue;
		if (deleted++ < LIMIT_OUR_HEADERS)
			add(to, EDIT_DELETE, MESSAGE_OUR_HEADER, i, NULL);
		else
			to->copies_left++;
	}
}

/* -- its value ------------------------------------------------------------------------------ */

/* A header value in the making: the item being put together, and how far the last line has come. */
struct value {
	struct str *to;
	struct str item;
	size_t column;
};

static void fold(struct value *v)
{
	str_puts(v->to, "\n\t");
	v->column = 1;
}

/* Ends the item: behind "; ", on a new line where this one has no room for it and its ";"; one that
 * is too long for any line is broken behind its commas. */
static void end_item(struct value *v)
{
	struct slice rest = {v->item.p, v->item.n};
	if (v->to->n > 0) {
		str_putc(v->to, ';');
		v->column++;
		if (v->column + 1 + rest.n + 1 <= LINE_MOST) {
			str_putc(v->to, ' ');
			v->column++;
		} else {
			fold(v);
		}
	}
	while (rest.n > 0) {
		const char *comma = memchr(rest.p, ',', rest.n);
		size_t n = comma ? (size_t)(comma - rest.p) + 1 : rest.n;
		if (v->column + n + 1 > LINE_MOST && v->column > 1)
			fold(v);
		str_add(v->to, rest.p, n);
		v->column += n;
		rest.p += n;
		rest.n -= n;
	}
	v->to->failed = v->to->failed || v->item.failed;
	str_reset(&v->item);
}

static void put_pair(struct value *v, const char *key, const char *text)
{
	if (!text[0])
		return;
	str_printf(&v->item, "%s=%s", key, text);
	end_item(v);
}

/* A quoted string (RFC 5322 3.2.4) of printable ASCII, cut at `most` octets. */
static void put_quoted(struct value *v, const char *key, const char *text, size_t most)
{
	str_printf(&v->item, "%s=\"", key);
	for (size_t n = 0; *text; text++) {
		unsigned char c = (unsigned char)*text;
		bool escape = c == '"' || c == '\\';
		if (c >= 0x80 && c <= 0xbf)
			continue; /* the rest of a character that has had its "?" */
		n += escape ? 2 : 1;
		if (n > most)
			break;
		if (escape)
			str_putc(&v->item, '\\');
		str_putc(&v->item, c >= ' ' && c < 0x7f ? (char)c : '?');
	}
	str_putc(&v->item, '"');
	end_item(v);
}

static void put_reasons(struct value *v, const struct decision *d)
{
	const char *before = "reason=";
	if (d->verdict == VERDICT_GENUINE)
		return;
	for (unsigned r = 0; r < REASON_COUNT; r++) {
		if (!(d->reasons & 1u << r))
			continue;
		str_printf(&v->item, "%s%s", before, reason_name((enum reason)r));
		before = ",";
	}
	if (v->item.n > 0)
		end_item(v);
}

static void put_domains(struct value *v, const struct finding *f)
{
	const char *before = "domain=";
	uint32_t named = 0;
	for (uint32_t i = 0; i < f->domain_kept && i < LIMIT_DOMAINS; i++) {
		if (!domain_is_plain(slice_of(f->domain[i])))
			continue;
		str_printf(&v->item, "%s%s", before, f->domain[i]);
		before = ",";
		named++;
	}
	if (v->item.n > 0)
		end_item(v);
	if (f->domain_count > named) {
		str_printf(&v->item, "domains=%u", (unsigned)f->domain_count);
		end_item(v);
	}
}

static bool is_token(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				"-._:@/[]");
	return text[n] == '\0' && n > 0;
}

void edits_header_value(const struct decision *decision, const struct finding *finding,
			const char *by, struct str *to)
{
	const struct decision *d = decision;
	struct str text = {0};
	struct value v = {.to = &text, .column = sizeof MESSAGE_OUR_HEADER + 1};
	char when[21] = "";
	if (d->deadline_source != DEADLINE_NONE)
		str_time(d->deadline, when);
	str_puts(&v.item, verdict_name(d->verdict));
	end_item(&v);
	put_reasons(&v, d);
	put_pair(&v, "class", class_name(d->class));
	put_pair(&v, "imitates", d->imitates);
	if (d->entry && d->entry->registrar &&
	    (d->verdict == VERDICT_GENUINE || d->verdict == VERDICT_KNOWN))
		put_quoted(&v, "registrar", d->entry->registrar, EDITS_REGISTRAR);
	put_domains(&v, finding);
	put_pair(&v, "deadline", when);
	put_pair(&v, "proof", d->proof);
	put_pair(&v, "ours", ours_name(d->ours));
	if (is_token(by))
		put_pair(&v, "by", by);
	else
		put_quoted(&v, "by", by, LIMIT_DOMAIN);
	str_add(to, text.p, text.n);
	to->failed = to->failed || text.failed;
	str_free(&v.item);
	str_free(&text);
}

/* -- priority headers ----------------------------------------------------------------------- */

static const struct {
	const char *name, *value;
	enum message_mark mark;
} priorities[] = {
    {"X-Priority", "1 (Highest)", MARK_X_PRIORITY},
    {"Importance", "high", MARK_IMPORTANCE},
    {"Priority", "urgent", MARK_PRIORITY},
};

enum {
	PRIORITIES = sizeof priorities / sizeof priorities[0],
};

/* Which of the priority headers a colon-separated list of names holds. */
static unsigned named_in(const char *p, const char *end)
{
	unsigned found = 0;
	while (p < end) {
		const char *colon = memchr(p, ':', (size_t)(end - p));
		const char *stop = colon ? colon : end;
		struct slice name = slice_trim((struct slice){p, (size_t)(stop - p)});
		for (unsigned i = 0; i < PRIORITIES; i++)
			if (slice_is_nocase(name, priorities[i].name))
				found |= 1u << i;
		p = stop + 1;
	}
	return found;
}

/* Read leniently: any h= anywhere in the tag list counts. */
static unsigned named_by_signature(struct slice value)
{
	const char *p = value.p, *end = value.p + value.n;
	unsigned found = 0;
	while (p < end) {
		const char *semicolon = memchr(p, ';', (size_t)(end - p));
		const char *stop = semicolon ? semicolon : end;
		const char *equals = memchr(p, '=', (size_t)(stop - p));
		if (equals &&
		    slice_is_nocase(slice_trim((struct slice){p, (size_t)(equals - p)}), "h"))
			found |= named_in(equals + 1, stop);
		p = stop + 1;
	}
	return found;
}

static unsigned signed_priorities(const struct message *m)
{
	unsigned found = 0;
	for (size_t i = 0; i < m->header_count; i++)
		if (m->header[i].mark == MARK_DKIM ||
		    slice_is_nocase(slice_trim(message_name(m, i)), "ARC-Message-Signature"))
			found |= named_by_signature(message_value(m, i));
	return found;
}

/* Those that are there: their copies deleted, the first one changed. More copies than anybody sends
 * are left alone. */
static void change_priorities(const struct message *m, unsigned allowed, struct edits *to)
{
	for (unsigned i = 0; i < PRIORITIES; i++) {
		size_t count = m->mark_count[priorities[i].mark];
		if (!(allowed & 1u << i) || count == 0 || count > LIMIT_OUR_HEADERS)
			continue;
		for (; count > 1; count--)
			add(to, EDIT_DELETE, priorities[i].name, count, NULL);
		add(to, EDIT_CHANGE, priorities[i].name, 1, priorities[i].value);
	}
}

static void add_priorities(const struct message *m, unsigned allowed, struct edits *to)
{
	for (unsigned i = 0; i < PRIORITIES; i++)
		if (allowed & 1u << i && m->mark_count[priorities[i].mark] == 0)
			add(to, EDIT_ADD, priorities[i].name, 0, priorities[i].value);
}

bool edits_boost(const struct decision *d, uint32_t boost)
{
	return d->verdict == VERDICT_GENUINE && d->ours != OURS_NO && boost & 1u << d->class;
}

void edits_mark(const struct message *message, const struct decision *decision,
		const struct finding *finding, uint32_t boost, const char *by, struct edits *to)
{
	struct str value = {0};
	size_t before = to->count;
	unsigned allowed = 0;
	if (decision->verdict == VERDICT_NONE || to->failed)
		return;
	if (edits_boost(decision, boost))
		allowed = ~signed_priorities(message);
	change_priorities(message, allowed, to);
	edits_header_value(decision, finding, by, &value);
	if (value.failed)
		to->failed = true;
	add(to, EDIT_INSERT, MESSAGE_OUR_HEADER, 0, str_text(&value));
	add_priorities(message, allowed, to);
	if (to->failed)
		cut_to(to, before);
	str_free(&value);
}
