/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * list_sender.c - the fields of a Sender stanza, one reader each, and the table of them.
 */
#include "rules/core/domain.h"
#include "rules/core/list_value.h"

/* Neighbours in a file often name the same registrar and platform: then they share the text. */
static const struct sender *sender_before(const struct reading *r)
{
	static const struct sender none;
	return r->list->sender_count ? &r->list->sender[r->list->sender_count - 1] : &none;
}

static void read_sender(struct reading *r, const struct field *f)
{
	struct slice name;
	if (value_name(r, f, &name))
		r->sender.name = value_copy(r, name);
}

static void read_from(struct reading *r, const struct field *f)
{
	struct sender *s = &r->sender;
	struct slice item;
	char name[LIMIT_DOMAIN + 1];
	if (!value_line(r, f, &item))
		return;
	if (item.n < 2 || item.p[0] != '*' || item.p[1] != '@') {
		value_address(r, f, item, f->line, f->column, &s->from, &s->domain);
		return;
	}
	if (domain_normalise((struct slice){item.p + 2, item.n - 2}, false, name))
		s->domain = value_copy(r, slice_of(name));
	else
		value_refuse(r, f, item, f->line, f->column, "*@ and a domain");
}

static void read_whole_domain(struct reading *r, const struct field *f)
{
	r->sender.whole_domain = value_text(r, f);
}

static void read_registrar(struct reading *r, const struct field *f)
{
	struct slice item;
	if (!value_line(r, f, &item))
		return;
	if (item.n > LIST_REGISTRAR_BYTES)
		value_refuse(r, f, item, f->line, f->column, "at most 128 octets");
	else
		r->sender.registrar = value_share(r, item, sender_before(r)->registrar);
}

static void read_iana_id(struct reading *r, const struct field *f)
{
	struct slice item;
	uint64_t id;
	if (!value_line(r, f, &item))
		return;
	if (str_to_u64(item, 9999999, &id) && id > 0)
		r->sender.iana_id = (uint32_t)id;
	else
		value_refuse(r, f, item, f->line, f->column, "a number, 1 to 9999999");
}

static void read_platform_name(struct reading *r, const struct field *f)
{
	struct slice name;
	if (value_name(r, f, &name))
		r->sender.platform_name = value_share(r, name, sender_before(r)->platform_name);
}

static void read_classes(struct reading *r, const struct field *f)
{
	struct field_walk walk = {0};
	struct slice item;
	unsigned line, column;
	value_count(r, f, field_next_item);
	while (field_next_item(f, &walk, &item, &line, &column)) {
		enum class_id class;
		if (!value_class(r, f, item, line, column, &class))
			continue;
		if (r->sender.classes & 1u << class)
			value_refuse(r, f, item, line, column, "each class once");
		r->sender.classes |= 1u << class;
	}
}

static void read_sender_links(struct reading *r, const struct field *f)
{
	value_links(r, f, false, &r->sender.link, &r->sender.link_count);
}

static void read_reply_to(struct reading *r, const struct field *f)
{
	struct field_walk walk = {0};
	struct slice item;
	unsigned line, column;
	char *domain;
	struct sender *s = &r->sender;
	char **address = value_room(r, f, field_next_item, sizeof(*address));
	if (!address)
		return;
	s->reply_to = address;
	while (field_next_item(f, &walk, &item, &line, &column))
		if (value_address(r, f, item, line, column, &address[s->reply_to_count], &domain))
			s->reply_to_count++;
}

static void read_sender_days(struct reading *r, const struct field *f)
{
	value_days(r, f, r->sender.days);
}

static void read_align(struct reading *r, const struct field *f)
{
	static const char *const words[] = {"relaxed", "strict"};
	r->sender.strict = value_word(r, f, words, 2, "strict or relaxed") == 1;
}

static void read_code(struct reading *r, const struct field *f)
{
	static const char *const words[] = {"no", "yes"};
	r->sender.code = value_word(r, f, words, 2, "yes or no") == 1;
}

static void read_shared_domain(struct reading *r, const struct field *f)
{
	r->sender.shared_domain = value_text(r, f);
}

static void read_confidence(struct reading *r, const struct field *f)
{
	static const char *const words[] = {"A", "B", "C"};
	size_t i = value_word(r, f, words, 3, "A, B or C");
	if (i < 3)
		r->sender.confidence = words[i][0];
}

/* YYYY, YYYY-MM or YYYY-MM-DD. */
static bool is_date(struct slice s)
{
	static const unsigned char month_days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	uint64_t year, month = 1, day = 1;
	if (s.n != 4 && s.n != 7 && s.n != 10)
		return false;
	if (!str_to_u64((struct slice){s.p, 4}, 9999, &year) || year < 1985)
		return false;
	if (s.n >= 7 &&
	    (s.p[4] != '-' || !str_to_u64((struct slice){s.p + 5, 2}, 12, &month) || !month))
		return false;
	return s.n < 10 ||
	       (s.p[7] == '-' &&
		str_to_u64((struct slice){s.p + 8, 2}, month_days[month - 1], &day) && day);
}

static void read_last_seen(struct reading *r, const struct field *f)
{
	struct slice item;
	if (!value_line(r, f, &item))
		return;
	if (is_date(item) || slice_is(item, "undated"))
		r->sender.last_seen = value_share(r, item, sender_before(r)->last_seen);
	else
		value_refuse(r, f, item, f->line, f->column,
			     "YYYY, YYYY-MM or YYYY-MM-DD from 1985 on, or undated");
}

static bool is_url(struct slice s)
{
	size_t scheme = slice_starts_nocase(s, "https://")  ? 8
			: slice_starts_nocase(s, "http://") ? 7
							    : 0;
	if (scheme == 0 || s.n <= scheme)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == '<' || s.p[i] == '>' ||
		    s.p[i] == '"')
			return false;
	return true;
}

static void read_evidence(struct reading *r, const struct field *f)
{
	struct field_walk walk = {0};
	struct slice item;
	unsigned line, column;
	struct sender *s = &r->sender;
	char **url = value_room(r, f, field_next_line, sizeof(*url));
	if (!url)
		return;
	s->evidence = url;
	while (field_next_line(f, &walk, &item, &line, &column)) {
		if (is_url(item))
			url[s->evidence_count++] = value_copy(r, item);
		else
			value_refuse(r, f, item, line, column, "one http or https URL a line");
	}
}

static void read_status(struct reading *r, const struct field *f)
{
	static const char *const words[] = {"disabled", "enabled"};
	r->sender.enabled = value_word(r, f, words, 2, "enabled or disabled") == 1;
}

static void read_sender_note(struct reading *r, const struct field *f)
{
	r->sender.note = value_text(r, f);
}

const struct field_rule list_sender_rules[] = {
    FIELD_RULE("Sender", read_sender, true),
    FIELD_RULE("From", read_from, true),
    FIELD_RULE("Whole-Domain", read_whole_domain, false),
    FIELD_RULE("Registrar", read_registrar, false),
    FIELD_RULE("IANA-Id", read_iana_id, false),
    FIELD_RULE("Platform", read_platform_name, false),
    FIELD_RULE("Classes", read_classes, true),
    FIELD_RULE("Link", read_sender_links, false),
    FIELD_RULE("Reply-To", read_reply_to, false),
    FIELD_RULE("Days", read_sender_days, false),
    FIELD_RULE("Align", read_align, false),
    FIELD_RULE("Code", read_code, false),
    FIELD_RULE("Shared-Domain", read_shared_domain, false),
    FIELD_RULE("Confidence", read_confidence, false),
    FIELD_RULE("Last-Seen", read_last_seen, false),
    FIELD_RULE("Evidence", read_evidence, false),
    FIELD_RULE("Status", read_status, false),
    FIELD_RULE("Note", read_sender_note, false),
    FIELD_RULE_END,
};
