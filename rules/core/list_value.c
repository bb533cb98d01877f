/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * list_value.c - the values of list stanzas, checked and copied; see list_value.h.
 */
#include "rules/core/list_value.h"

#include <stdio.h>
#include <string.h>

#include "rules/core/domain.h"

/* -- errors and copies ---------------------------------------------------------------------- */

void value_refuse(struct reading *r, const struct field *f, struct slice found, unsigned line,
		  unsigned column, const char *expected)
{
	char quoted[128];
	r->bad = true;
	diag_add(r->diags, DIAG_ERROR, r->file, line, column, "%.*s: %s, expected %s",
		 (int)f->name.n, f->name.p, diag_quote(found.p, found.n, quoted), expected);
}

char *value_copy(struct reading *r, struct slice s)
{
	char *p = arena_copy(&r->list->arena, s);
	r->bad = r->bad || !p;
	return p;
}

char *value_copy_lower(struct reading *r, struct slice s)
{
	char *p = value_copy(r, s);
	if (p)
		str_lower(p);
	return p;
}

char *value_share(struct reading *r, struct slice s, char *before)
{
	return before && slice_is(s, before) ? before : value_copy(r, s);
}

void *value_take(struct reading *r, size_t n)
{
	void *p = arena_take(&r->list->arena, n);
	r->bad = r->bad || !p;
	return p;
}

/* -- values --------------------------------------------------------------------------------- */

bool value_line(struct reading *r, const struct field *f, struct slice *ret_item)
{
	struct field_walk walk = {0};
	struct slice item = {f->value.p, 0}, more;
	unsigned line = f->line, column = f->column;
	if (!field_next_line(f, &walk, &item, &line, &column)) {
		value_refuse(r, f, item, line, column, "a value");
		return false;
	}
	if (field_next_line(f, &walk, &more, &line, &column)) {
		value_refuse(r, f, more, line, column, "one line");
		return false;
	}
	*ret_item = item;
	return true;
}

char *value_text(struct reading *r, const struct field *f)
{
	struct field_walk walk = {0};
	struct slice item;
	unsigned line, column;
	size_t n = 0;
	while (field_next_line(f, &walk, &item, &line, &column))
		n += item.n + 1;
	if (n == 0) {
		value_refuse(r, f, (struct slice){f->value.p, 0}, f->line, f->column, "text");
		return NULL;
	}
	char *text = value_take(r, n);
	if (!text)
		return NULL;
	char *to = text;
	walk = (struct field_walk){0};
	while (field_next_line(f, &walk, &item, &line, &column)) {
		if (to != text)
			*to++ = '\n';
		memcpy(to, item.p, item.n);
		to += item.n;
	}
	return text;
}

static bool is_entry_name(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool first = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		if (!first && (i == 0 || (c != '.' && c != '_' && c != '-')))
			return false;
	}
	return s.n > 0 && s.n <= LIST_NAME_BYTES;
}

bool value_name(struct reading *r, const struct field *f, struct slice *ret_name)
{
	if (!value_line(r, f, ret_name))
		return false;
	if (is_entry_name(*ret_name))
		return true;
	value_refuse(r, f, *ret_name, f->line, f->column,
		     "a name of a-z 0-9 . _ -, at most 64 octets");
	return false;
}

size_t value_word(struct reading *r, const struct field *f, const char *const *words, size_t count,
		  const char *expected)
{
	struct slice item;
	if (!value_line(r, f, &item))
		return SIZE_MAX;
	for (size_t i = 0; i < count; i++)
		if (slice_is_nocase(item, words[i]))
			return i;
	value_refuse(r, f, item, f->line, f->column, expected);
	return SIZE_MAX;
}

size_t value_count(struct reading *r, const struct field *f, value_next *next)
{
	struct field_walk walk = {0};
	struct slice item;
	unsigned line, column;
	size_t count = 0;
	while (next(f, &walk, &item, &line, &column))
		count++;
	if (count == 0)
		value_refuse(r, f, (struct slice){f->value.p, 0}, f->line, f->column, "a value");
	return count;
}

void *value_room(struct reading *r, const struct field *f, value_next *next, size_t size)
{
	size_t count = value_count(r, f, next);
	return count ? value_take(r, count * size) : NULL;
}

static void expected_class(char *to, size_t size)
{
	size_t at = (size_t)snprintf(to, size, "a class");
	for (int c = CLASS_NONE + 1; c < CLASS_COUNT; c++)
		at += (size_t)snprintf(to + at, size - at, "%c %s", c == CLASS_NONE + 1 ? ':' : ',',
				       class_name((enum class_id)c));
}

bool value_class(struct reading *r, const struct field *f, struct slice name, unsigned line,
		 unsigned column, enum class_id *ret_class)
{
	char expected[256];
	if (class_of_name(name, ret_class) && *ret_class != CLASS_NONE)
		return true;
	expected_class(expected, sizeof(expected));
	value_refuse(r, f, name, line, column, expected);
	return false;
}

/* -- fields that several kinds have --------------------------------------------------------- */

void value_links(struct reading *r, const struct field *f, bool wide, struct shape **ret_link,
		 size_t *ret_count)
{
	struct field_walk walk = {0};
	struct slice item, host, path;
	unsigned line, column;
	size_t count = 0;
	char quoted[128];
	struct shape *link = value_room(r, f, field_next_line, sizeof(*link));
	if (!link)
		return;
	while (field_next_line(f, &walk, &item, &line, &column)) {
		const char *wrong = shape_check(item, &host, &path);
		if (!wrong && !wide && shape_is_wide(host))
			wrong = "any label is customers' label: Recognise alone takes that";
		if (wrong) {
			r->bad = true;
			diag_add(r->diags, DIAG_ERROR, r->file, line, column, "%.*s: %s: %s",
				 (int)f->name.n, f->name.p, diag_quote(item.p, item.n, quoted),
				 wrong);
			continue;
		}
		if (count == LIMIT_SHAPES) {
			value_refuse(r, f, item, line, column, "at most 32 shapes");
			return;
		}
		link[count++] = (struct shape){value_copy_lower(r, host), value_copy(r, path)};
	}
	*ret_link = link;
	*ret_count = count;
}

void value_days(struct reading *r, const struct field *f, uint16_t *days)
{
	struct field_walk walk = {0};
	struct slice item;
	unsigned line, column;
	value_count(r, f, field_next_item);
	while (field_next_item(f, &walk, &item, &line, &column)) {
		size_t space = 0;
		uint64_t n;
		enum class_id class;
		while (space < item.n && !str_is_space(item.p[space]))
			space++;
		struct slice number = slice_trim((struct slice){item.p + space, item.n - space});
		if (!value_class(r, f, (struct slice){item.p, space}, line, column, &class))
			continue;
		if (!str_to_u64(number, LIST_DAYS, &n) || n == 0)
			value_refuse(r, f, item, line, column,
				     "a class and a number of days, 1 to 400");
		else if (days[class])
			value_refuse(r, f, item, line, column, "each class once");
		else
			days[class] = (uint16_t)n;
	}
}

void value_hosts(struct reading *r, const struct field *f, value_next *next, char ***ret_host,
		 size_t *ret_count)
{
	struct field_walk walk = {0};
	struct slice item;
	unsigned line, column;
	size_t count = 0;
	char name[LIMIT_DOMAIN + 1];
	char **host = value_room(r, f, next, sizeof(*host));
	if (!host)
		return;
	while (next(f, &walk, &item, &line, &column)) {
		if (domain_normalise(item, false, name))
			host[count++] = value_copy(r, slice_of(name));
		else
			value_refuse(r, f, item, line, column, "a host name");
	}
	*ret_host = host;
	*ret_count = count;
}

bool value_address(struct reading *r, const struct field *f, struct slice item, unsigned line,
		   unsigned column, char **ret_address, char **ret_domain)
{
	struct address a;
	if (item.p[0] == '<' || !address_parse_path(item, &a) || !a.text[0]) {
		value_refuse(r, f, item, line, column, "one address, local@domain");
		return false;
	}
	char *text = value_copy_lower(r, slice_of(a.text));
	if (!text)
		return false;
	*ret_address = text;
	*ret_domain = strrchr(text, '@') + 1;
	return true;
}
