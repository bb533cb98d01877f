/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * letter.c - one letter, from octets to the letter part of a finding. letter_read is the way; each
 * step is a file of its own.
 *
 * What cannot be read as it should be (limits, unknown charsets, hidden links, attachments) is read
 * as far as it goes, noted as a reason, and fails condition 5: a person then sees it. Only short
 * memory ends the reading.
 */
#include "rules/letter/letter.h"

#include <string.h>

#include "rules/core/fold.h"
#include "rules/core/subject.h"
#include "rules/core/utf8.h"
#include "rules/letter/crude.h"
#include "rules/letter/deadline.h"
#include "rules/letter/html.h"
#include "rules/letter/links.h"
#include "rules/letter/maildate.h"
#include "rules/letter/mime.h"
#include "rules/letter/names.h"
#include "rules/letter/words.h"

enum {
	NEAR_CODE = 24, /* octets between the word "code" and the code */
};

struct letter {
	const struct letter_rules *rules;
	const struct sender *entry;
	const char *from_domain;
	struct finding *finding;
	struct maildate date;
	struct mime mime;
	struct str subject, flat_subject;
	struct str text; /* of all parts, for people: lines kept, what cannot be seen left out */
	struct str flat; /* the same, folded, for patterns */
	struct links links, passive;
	bool failed;
};

bool letter_init(void)
{
	return mime_init() && html_init();
}

static void free_letter(struct letter *l)
{
	mime_free(&l->mime);
	str_free(&l->subject);
	str_free(&l->flat_subject);
	str_free(&l->text);
	str_free(&l->flat);
	links_free(&l->links);
	links_free(&l->passive);
}

static void note(struct letter *l, enum reason reason)
{
	l->finding->reasons |= 1u << reason;
}

static struct slice of(const struct str *s)
{
	return (struct slice){str_text(s), s->n};
}

/* -- headers ----------------------------------------------------------------------------------- */

/* Subject and Date. Of two Dates readers show either: then there is none. */
static void read_headers(struct letter *l, const struct message *message)
{
	struct finding *f = l->finding;
	unsigned dates = 0;
	size_t at;
	struct maildate date = {0};
	for (size_t i = 0; i < message->header_count; i++)
		if (slice_is_nocase(slice_trim(message_name(message, i)), "Date") && ++dates == 1 &&
		    !maildate_read(message_value(message, i), &date))
			date.when = 0;
	if (dates == 1 && date.when > 0)
		l->date = date;
	f->date = l->date.when;
	if (message_marked(message, MARK_SUBJECT, 0, &at))
		mime_subject(message_value(message, at), &l->subject);
	fold_text(of(&l->subject), &l->flat_subject);
	struct slice cut = of(&l->subject);
	while (cut.n > FINDING_SUBJECT ||
	       (cut.n && cut.n < l->subject.n && ((unsigned char)cut.p[cut.n] & 0xc0) == 0x80))
		cut.n--;
	char whole[FINDING_SUBJECT + 1] = "";
	slice_copy(cut, whole, sizeof whole);
	subject_without_codes(whole, f->subject, sizeof f->subject);
}

/* -- text and links ---------------------------------------------------------------------------- */

/* What is between the characters that a person sees: soft hyphens, zero-width spaces and joiners.
 */
static bool is_unseen(uint32_t c)
{
	return c == 0xad || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x2064) || c == 0xfeff || c == 0x34f;
}

static void add_seen(struct slice from, struct str *to)
{
	while (from.n) {
		uint32_t c = 0;
		size_t n = utf8_next(from, &c);
		if (c == 0xa0)
			str_putc(to, ' ');
		else if (n && c != '\r' && !is_unseen(c))
			str_add(to, from.p, n);
		from.p += n ? n : 1;
		from.n -= n ? n : 1;
	}
	str_putc(to, '\n');
}

/* One HTML part: its own text is searched for links too, and its octets for what was missed. */
static void read_html(struct letter *l, struct slice html)
{
	struct str text = {0};
	bool hidden = false;
	html_read(html, &text, &l->links, &l->passive);
	links_in_text(of(&text), &l->links);
	links_bare_in_text(of(&text), l->rules->suffixes, &l->links);
	if (!crude_scan(html, &l->links, &l->passive, &hidden))
		l->failed = true;
	if (hidden)
		note(l, REASON_LINK_HIDDEN);
	add_seen(of(&text), &l->text);
	l->failed = l->failed || text.failed;
	str_free(&text);
}

static void read_parts(struct letter *l, const struct message *message, struct slice body)
{
	mime_read(message, body, &l->mime);
	links_in_text(of(&l->mime.text), &l->links);
	add_seen(of(&l->mime.text), &l->text);
	for (size_t i = 0; i < l->mime.html_count; i++)
		read_html(l, of(&l->mime.html[i]));
	links_bare_in_text(of(&l->mime.text), l->rules->suffixes, &l->links);
	fold_text(of(&l->text), &l->flat);
	if (l->mime.limit)
		note(l, REASON_LIMIT);
	if (l->mime.attachment)
		note(l, REASON_ATTACHMENT);
	l->failed = l->failed || l->mime.failed || l->subject.failed || l->flat_subject.failed ||
		    l->text.failed || l->flat.failed || l->links.failed || l->passive.failed;
}

/* -- class ------------------------------------------------------------------------------------- */

static uint32_t classes_of(struct letter *l, const struct pattern_set *set, struct slice text,
			   uint32_t wanted)
{
	bool limit = false;
	uint32_t found = classes_among(set, l->rules->scratch, text, wanted, &limit);
	if (limit)
		note(l, REASON_LIMIT);
	return found;
}

static enum class_id class_by(struct letter *l, const struct pattern_set *subjects, uint32_t wanted)
{
	uint32_t subject = classes_of(l, subjects, of(&l->flat_subject), wanted);
	return classes_first(classes_of(l, l->rules->classes->body, of(&l->flat), subject));
}

/* The classes that a bare subject may name (classes.h, Listed-Subject). */
static uint32_t listed_classes(const struct letter *l)
{
	const struct finding *f = l->finding;
	bool registration = f->domain_wording || f->platform[0];
	return l->entry && l->entry->enabled && registration ? l->entry->classes : 0;
}

static void read_class(struct letter *l)
{
	const struct classes *c = l->rules->classes;
	struct finding *f = l->finding;
	const uint32_t any = (1u << CLASS_COUNT) - 1;
	f->domain_wording = classes_of(l, c->domain_wording, of(&l->flat_subject), any) ||
			    classes_of(l, c->domain_wording, of(&l->flat), any);
	f->class = class_by(l, c->subject, any);
	if (f->class == CLASS_NONE)
		f->class = class_by(l, c->listed_subject, listed_classes(l));
	f->asks_action = c->action[f->class];
}

/* -- condition 5 ------------------------------------------------------------------------------- */

/* A code to be typed in: a word of four or more letters and digits, with a digit, after one that
 * says so. */
static bool has_code(struct slice text)
{
	static const char *const names[] = {"code", "pin$", "token", "trigger", NULL};
	for (size_t i = 0; i < text.n; i++) {
		size_t n = 0;
		bool digit = false;
		if (!words_char(text.p[i]) || (i && words_char(text.p[i - 1])))
			continue;
		for (; i + n < text.n && words_char(text.p[i + n]); n++)
			digit = digit || (text.p[i + n] >= '0' && text.p[i + n] <= '9');
		if (n < 4 || !digit)
			continue;
		struct slice before = words_before(text, i);
		if (before.n > NEAR_CODE)
			before = words_from(before, before.n - NEAR_CODE);
		if (words_any(before, names))
			return true;
	}
	return false;
}

static void judge_links(struct letter *l)
{
	const uint32_t failing =
	    1u << REASON_LINK_HIDDEN | 1u << REASON_ATTACHMENT | 1u << REASON_LIMIT;
	struct finding *f = l->finding;
	bool code = l->entry && l->entry->code && has_code(of(&l->text));
	links_judge(&l->links, l->rules->platforms, l->rules->suffixes, l->entry, l->from_domain,
		    code, f);
	if (f->reasons & failing)
		f->links = PROOF_NO;
}

/* -- domains and deadline ---------------------------------------------------------------------- */

static void read_names(struct letter *l)
{
	const struct names_rules rules = {
	    .suffixes = l->rules->suffixes,
	    .platforms = l->rules->platforms,
	    .entry = l->entry,
	    .from_domain = l->from_domain,
	    .links = &l->links,
	};
	if (!names_read(&rules, of(&l->subject), of(&l->text), l->finding))
		l->failed = true;
}

static unsigned days_of(const struct letter *l)
{
	const struct finding *f = l->finding;
	unsigned days = sender_days(l->entry, f->class);
	const struct platform *p = NULL;
	if (!days && f->platform[0])
		p = list_find_platform(l->rules->platforms, f->platform);
	if (p)
		days = p->days[f->class];
	return days ? days : l->rules->classes->days[f->class];
}

static void read_deadline(struct letter *l)
{
	struct deadline d;
	struct finding *f = l->finding;
	struct str lines = {0};
	fold_lines(of(&l->text), &lines);
	deadline_read(of(&l->flat_subject), of(&lines), f->class, l->date, days_of(l), &d);
	f->deadline = d.when;
	f->deadline_source = d.source;
	f->deadline_refused = d.refused;
	l->failed = l->failed || lines.failed;
	str_free(&lines);
}

bool letter_read(const struct letter_rules *rules, const struct message *message, struct slice body,
		 bool body_cut, const struct sender *entry, const char *from_domain,
		 struct finding *finding)
{
	struct letter l = {
	    .rules = rules,
	    .entry = entry,
	    .from_domain = from_domain,
	    .finding = finding,
	    .passive.repeats = true,
	};
	if (body_cut)
		note(&l, REASON_LIMIT);
	read_headers(&l, message);
	read_parts(&l, message, body);
	links_platform(&l.links, rules->platforms, finding);
	read_class(&l);
	judge_links(&l);
	read_names(&l);
	read_deadline(&l);
	free_letter(&l);
	return !l.failed;
}
