/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * deadline.c - the deadline arithmetic.
 *
 * What counts, in this order (a wrong deadline costs a domain, so each step errs to the early
 * side):
 *  1. A date that the text states as a deadline. Of several the earliest: a published Key-Systems
 *     mail carries two that disagree, and multilingual mails state each one several times.
 *  2. A span: "within 15 days", "10 days remaining", "48 hours". It counts from the mail's own
 *     Date, in calendar days even where working days are said, each of 24 hours whatever the clocks
 *     do meanwhile; of several the shortest.
 *  3. Policy: Date + the days of the entry, the platform or the class.
 *
 * A mail is full of dates that are no deadline: its own, when a transfer was requested, when a
 * policy came into force, when the registration ends. So a date counts only
 *   - after a word that makes it one ("until", "by", "no later than", "bis", "spätestens",
 * "Frist"), or near one that says what happens then ("suspended on"); or
 *   - in a row of a table, beside a domain name, unless the heading says that it is something else;
 *   - as an expiry date, in the class renewal alone: there it is the deadline. A verification mail
 *     that also tells when the registration ends must not take that for its own.
 * And only if it is sensible: not before the mail's own Date. Two exceptions, where the deadline is
 * over and that is the news: class suspension, and an expiry date in class renewal; both no more
 * than LIMIT_DEADLINE_PAST_DAYS back. Not further ahead than LIMIT_DEADLINE_AHEAD_DAYS, and, but
 * for renewal, LIMIT_DEADLINE_ACTION_DAYS: requests that want an answer die within 60 days.
 * 03/04/2025 is the earlier of its two readings that is sensible; "January 3" without a year is the
 * next one after the mail's Date. Whether a day is over is asked of the clock by which the mail was
 * written, where the text names no zone: "until 22 November", written on that day at 22:00 -0500,
 * is not over. What is not sensible, or no day at all ("until 31.11.2026"), is refused, and said so
 * where no other date is left: a policy date must not look as if the mail had none.
 *
 * Spans are left out where the sentence speaks of what comes afterwards ("reactivated within 2
 * days", "may not be transferred for 60 days"). A suspended domain is dark now: there, a span says
 * how long one had, or how long it takes to come back, so without a stated date the deadline is the
 * mail's Date itself (policy).
 *
 * A reminder never restarts the clock; that is the store's to know (it keeps the earliest).
 * Text and subject are folded (fold_lines), so the words are of base letters.
 *
 * Time is linear: windows around a date or span are short. Nothing here can fail.
 */
#include "rules/letter/deadline.h"

#include <string.h>

#include "base/limits.h"
#include "rules/letter/dates.h"
#include "rules/letter/due.h"
#include "rules/letter/span.h"
#include "rules/letter/words.h"

enum {
	DAY = 86400,
	LOOKED_AT = 5000, /* dates and spans: as many as domains are counted */
};

struct reading {
	struct slice text;
	enum class_id class;
	struct maildate date;
	int64_t stated; /* earliest; 0: none */
	int64_t span;   /* seconds of the shortest; -1: none */
	bool refused;   /* a stated date was not sensible */
	unsigned seen;
	struct due_lines lines;
};

/* Seconds by which the mail's clock is behind UTC's. */
static int64_t west_of(const struct reading *r)
{
	return r->date.east < 0 ? -(int64_t)r->date.east * 60 : 0;
}

static bool is_sensible(const struct reading *r, enum due meaning, bool has_zone, int64_t when)
{
	if (when <= 0)
		return false;
	if (!r->date.when)
		return true;
	bool renewal = r->class == CLASS_RENEWAL;
	bool past = r->class == CLASS_SUSPENSION || (renewal && meaning == DUE_EXPIRY);
	bool action =
	    !renewal && r->class != CLASS_NONE && r->class != CLASS_NIS2 && r->class != CLASS_WDRP;
	int64_t back = past ? LIMIT_DEADLINE_PAST_DAYS : 0;
	int64_t ahead = action ? LIMIT_DEADLINE_ACTION_DAYS : LIMIT_DEADLINE_AHEAD_DAYS;
	int64_t there = has_zone ? when : when + west_of(r);
	return there >= r->date.when - back * DAY && when <= r->date.when + ahead * DAY;
}

/* As the epoch's first day was. */
static bool is_thursday(const struct date *d, int64_t when)
{
	return (when - d->seconds) / DAY % 7 == 0;
}

static void take_date(struct reading *r, size_t at, const struct date *d)
{
	int64_t after = r->date.when - (d->has_zone ? 0 : west_of(r));
	int64_t in_year = d->no_year && r->date.when ? dates_in_year(d, after) : 0;
	int64_t one = d->no_year ? in_year : d->when;
	bool thursday = is_thursday(d, one) || (!d->no_year && is_thursday(d, d->other)), direct;
	enum due meaning = due_of(r->text, at, d->n, thursday, &r->lines, &direct);
	if (meaning == DUE_NOT || (meaning == DUE_EXPIRY && r->class != CLASS_RENEWAL) ||
	    (d->no_year && !r->date.when))
		return;
	int64_t other = d->no_year ? one : d->other;
	int64_t first = one < other ? one : other, second = one < other ? other : one;
	int64_t when = is_sensible(r, meaning, d->has_zone, first) ? first : second;
	if (!is_sensible(r, meaning, d->has_zone, when))
		r->refused = true;
	else if (!r->stated || when < r->stated)
		r->stated = when;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Whether a date or span may begin here: a word does, or a number in text without spaces. */
static bool is_start(struct slice text, size_t i)
{
	char prev = i ? text.p[i - 1] : ' ';
	unsigned value;
	if (!words_char(text.p[i]) || ((unsigned char)text.p[i] & 0xc0) == 0x80)
		return false;
	if ((unsigned char)text.p[i] >= 0x80)
		return span_numeral(text, i, &value) &&
		       !(i >= 3 && span_numeral(text, i - 3, &value));
	if ((unsigned char)prev >= 0x80)
		return is_digit(text.p[i]);
	return !words_char(prev) && !strchr("/=&%_@#", prev) &&
	       !(i >= 2 && strchr(".-:", prev) && is_digit(text.p[i - 2]));
}

static bool is_url(struct slice s)
{
	return slice_starts_nocase(s, "http:") || slice_starts_nocase(s, "https:") ||
	       slice_starts_nocase(s, "www.");
}

/* Octets of what begins at i: a date, a span, a URL (its numbers mean nothing), or one. */
static size_t read_at(struct reading *r, size_t i)
{
	struct date d;
	int64_t seconds;
	size_t n = 1;
	if (is_url(words_from(r->text, i))) {
		while (i + n < r->text.n && (unsigned char)r->text.p[i + n] > 0x20)
			n++;
		return n;
	}
	if (dates_at(r->text, i, &d)) {
		r->seen++;
		take_date(r, i, &d);
		return d.n;
	}
	n = dates_no_day(r->text, i);
	if (n) {
		bool direct;
		r->seen++;
		if (due_of(r->text, i, n, false, &r->lines, &direct) == DUE_DEADLINE && direct)
			r->refused = true;
		return n;
	}
	n = span_at(r->text, i, &seconds);
	if (n) {
		r->seen++;
		if (seconds >= 0 && (r->span < 0 || seconds < r->span))
			r->span = seconds;
	}
	return n ? n : 1;
}

static void read_text(struct reading *r, struct slice text)
{
	r->text = text;
	r->lines = (struct due_lines){0};
	for (size_t i = 0; i < text.n && r->seen < LOOKED_AT;)
		i += is_start(text, i) ? read_at(r, i) : 1;
}

void deadline_read(struct slice subject, struct slice text, enum class_id class,
		   struct maildate date, unsigned days, struct deadline *ret_deadline)
{
	struct reading r = {.class = class, .date = date, .span = -1};
	struct deadline found = {0};
	read_text(&r, subject);
	read_text(&r, text);
	if (r.stated)
		found = (struct deadline){.when = r.stated, .source = DEADLINE_STATED};
	else if (date.when && class == CLASS_SUSPENSION)
		found = (struct deadline){.when = date.when, .source = DEADLINE_POLICY};
	else if (date.when && r.span >= 0)
		found = (struct deadline){.when = date.when + r.span, .source = DEADLINE_RELATIVE};
	else if (date.when && days)
		found = (struct deadline){.when = date.when + (int64_t)days * DAY,
					  .source = DEADLINE_POLICY};
	found.refused = r.refused && !r.stated;
	*ret_deadline = found;
}
