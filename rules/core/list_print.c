/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * list_print.c - entries back into the one canonical text, fields in the order of list.h.
 *
 * What was read is printable UTF-8 without stray line ends, so nothing needs escaping: several
 * values go on lines of their own below the field's name, indented by a space.
 */
#include <string.h>

#include "rules/core/list_private.h"

/* "Name: value", on a line of its own below the name where one line would be too long to be read
 * again. The value's further lines are continuation lines. */
static void put_field(struct str *to, const char *name, const char *value)
{
	if (!value)
		return;
	bool below = strlen(name) + 2 + strcspn(value, "\n") > LIMIT_LIST_LINE;
	str_printf(to, "%s:%s ", name, below ? "\n" : "");
	for (const char *p = value; *p; p++) {
		str_putc(to, *p);
		if (*p == '\n')
			str_putc(to, ' ');
	}
	str_putc(to, '\n');
}

/* Each on a line of its own, with mark at the end of all but the last. */
static void put_lines(struct str *to, const char *name, char *const *value, size_t count,
		      const char *mark)
{
	if (count == 1)
		put_field(to, name, value[0]);
	if (count <= 1)
		return;
	str_printf(to, "%s:\n", name);
	for (size_t i = 0; i < count; i++)
		str_printf(to, " %s%s\n", value[i], i + 1 < count ? mark : "");
}

static void put_links(struct str *to, const char *name, const struct shape *link, size_t count)
{
	if (count == 0)
		return;
	str_printf(to, "%s:", name);
	for (size_t i = 0; i < count; i++)
		str_printf(to, "%s %s %s\n", i == 0 && count > 1 ? "\n" : "", link[i].host,
			   link[i].path);
}

static void put_days(struct str *to, const uint16_t *days)
{
	const char *before = "Days: ";
	for (int c = CLASS_NONE + 1; c < CLASS_COUNT; c++) {
		if (!days[c])
			continue;
		str_printf(to, "%s%s %u", before, class_name((enum class_id)c), days[c]);
		before = ", ";
	}
	if (before[0] == ',')
		str_putc(to, '\n');
}

static void put_classes(struct str *to, uint32_t classes)
{
	const char *before = "Classes: ";
	for (int c = CLASS_NONE + 1; c < CLASS_COUNT; c++) {
		if (!(classes & 1u << c))
			continue;
		str_puts(to, before);
		str_puts(to, class_name((enum class_id)c));
		before = ", ";
	}
	str_putc(to, '\n');
}

void sender_print(const struct sender *s, struct str *to)
{
	put_field(to, "Sender", s->name);
	if (s->from)
		put_field(to, "From", s->from);
	else
		str_printf(to, "From: *@%s\n", s->domain);
	put_field(to, "Whole-Domain", s->whole_domain);
	put_field(to, "Registrar", s->registrar);
	if (s->iana_id)
		str_printf(to, "IANA-Id: %u\n", (unsigned)s->iana_id);
	put_field(to, "Platform", s->platform_name);
	put_classes(to, s->classes);
	put_links(to, "Link", s->link, s->link_count);
	put_lines(to, "Reply-To", s->reply_to, s->reply_to_count, ",");
	put_days(to, s->days);
	put_field(to, "Align", s->strict ? "strict" : NULL);
	put_field(to, "Code", s->code ? "yes" : NULL);
	put_field(to, "Shared-Domain", s->shared_domain);
	if (s->confidence)
		str_printf(to, "Confidence: %c\n", s->confidence);
	put_field(to, "Last-Seen", s->last_seen);
	put_lines(to, "Evidence", s->evidence, s->evidence_count, "");
	put_field(to, "Status", s->enabled ? NULL : "disabled");
	put_field(to, "Note", s->note);
}

void sender_print_added(const struct sender *s, struct str *to)
{
	if (s->added_count == 0)
		return;
	put_field(to, "Link-For", s->name);
	put_links(to, "Link", s->added, s->added_count);
}

void platform_print(const struct platform *p, struct str *to)
{
	put_field(to, "Platform", p->name);
	put_links(to, "Link", p->link, p->link_count);
	put_links(to, "Recognise", p->recognise, p->recognise_count);
	put_days(to, p->days);
	put_lines(to, "Hold-NS", p->hold_ns, p->hold_ns_count, ",");
	put_field(to, "Note", p->note);
}

void list_print_hosts(const struct list *l, struct str *to)
{
	for (size_t i = 0; i < l->hosts_count; i++) {
		const struct host_set *h = &l->hosts[i];
		put_field(to, list_host_fields[h->use], h->name);
		put_links(to, "Link", h->link, h->link_count);
		put_lines(to, "Host", h->host, h->host_count, "");
		put_field(to, "Note", h->note);
		str_putc(to, '\n');
	}
}
