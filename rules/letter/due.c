/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * due.c - what makes a date a deadline, or an expiry date, or nothing. The nearer decides: a word
 * directly before the date (speech.h), then a table's column, then a label in front of it on its
 * line ("Created: 2026-11-22"), then what the sentence says.
 *
 * Two words mean one thing here and another there. "Do" is "until" to Poles and Czechs, and
 * Thursday to Germans and, in small letters, to the Dutch. It is the day if the date is a Thursday,
 * neither it nor what follows has a Polish or Czech word, and its month is a word at all, or it is
 * written with a capital or a mark behind it, or stands behind what comes before a day ("am
 * Do 26.11."). Vietnamese "đến", without its accents, is the German and Scandinavian article: alone
 * it counts before 26/11/2026.
 */
#include "rules/letter/due.h"

#include <string.h>

#include "rules/letter/speech.h"
#include "rules/letter/words.h"

enum {
	NEAR_WORDS = 8,  /* looked at before a date */
	LABEL_MOST = 60, /* octets of a label */
};

/* -- words ------------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool last_is_number(struct slice s)
{
	while (s.n && !words_char(s.p[s.n - 1]))
		s.n--;
	return s.n && is_digit(s.p[s.n - 1]);
}

/* "26. November", not "26.11.2026 CET". */
static bool has_month_name(struct slice date)
{
	size_t i = 0;
	while (i < date.n && is_digit(date.p[i]))
		i++;
	while (i < date.n && !words_char(date.p[i]))
		i++;
	return i < date.n && !is_digit(date.p[i]);
}

/* What stands before the date, but for a "Do" that is its day. */
static struct slice without_thursday(struct slice left, struct slice date, struct slice right)
{
	struct slice rest = words_without_last(left);
	if (!words_last(left, speech_thursday) || words_any(date, speech_do_is_until) ||
	    words_any(right, speech_do_is_until))
		return left;
	struct slice word = words_from(left, rest.n);
	bool marked = word.n > 2 && (word.p[2] == ',' || word.p[2] == '.');
	bool is_day = word.p[0] == 'D' || marked || has_month_name(date) ||
		      words_last(rest, speech_before_day);
	return is_day ? rest : left;
}

static bool is_until_slashes(struct slice left, struct slice date)
{
	const char *slash = memchr(date.p, '/', date.n);
	return slash && memchr(slash + 1, '/', (size_t)(date.p + date.n - slash - 1)) &&
	       words_last(left, speech_den);
}

enum near {
	NEAR_NOTHING,
	NEAR_SINCE,
	NEAR_ENDS,
	NEAR_UNTIL,
};

/* What the word right before says, fillers and a time of day passed over. */
static enum near near_before(struct slice window)
{
	for (unsigned words = 0; words < NEAR_WORDS && window.n; words++) {
		if (words_last(window, speech_since))
			return NEAR_SINCE;
		if (words_last(window, speech_ends))
			return NEAR_ENDS;
		if (words_last(window, speech_until))
			return NEAR_UNTIL;
		if (!last_is_number(window) && !words_last(window, speech_filler))
			return NEAR_NOTHING;
		window = words_without_last(window);
	}
	return NEAR_NOTHING;
}

/* -- lines ------------------------------------------------------------------------------------- */

/* "Created: 2026-11-22", "Created  2026-11-22": what stands on the date's line before it, down to
 * the mark that parts them. */
static bool label_before(struct slice line, size_t at, enum due *ret_due)
{
	size_t n = at, blanks = 0;
	for (; n && strchr(" \t|([", line.p[n - 1]) && line.p[n - 1]; n--)
		blanks += line.p[n - 1] == ' ' ? 1 : 2;
	if (!n || (line.p[n - 1] != ':' && blanks < 2))
		return false;
	/* only the last cell, or what follows the last mark */
	size_t start = n - 1;
	while (start && n - start < LABEL_MOST && !strchr(":;,\t|", line.p[start - 1]))
		start--;
	return columns_label((struct slice){line.p + start, n - start}, ret_due);
}

/* A line that is longer than is looked at is no row. */
static bool is_row(struct slice text, struct slice line, struct due_lines *lines)
{
	size_t start = (size_t)(line.p - text.p), end = start + line.n;
	if ((start && text.p[start - 1] != '\n') || (end < text.n && text.p[end] != '\n'))
		return false;
	if (lines->line_end != end + 1)
		lines->is_row = columns_is_row(line);
	lines->line_end = end + 1;
	return lines->is_row;
}

enum due due_of(struct slice text, size_t at, size_t n, bool thursday, struct due_lines *lines,
		bool *ret_direct)
{
	struct slice left = words_before(text, at), right = words_after(text, at + n);
	struct slice line = words_line(text, at), date = {text.p + at, n};
	enum due due;
	*ret_direct = true;
	if (thursday)
		left = without_thursday(left, date, right);
	enum near near = near_before(left);
	if (near == NEAR_NOTHING && is_until_slashes(left, date))
		near = NEAR_UNTIL;
	if (near == NEAR_SINCE)
		return DUE_NOT;
	if (near == NEAR_ENDS)
		return DUE_EXPIRY;
	if (is_row(text, line, lines)) {
		due = columns_due(text, line, at, &lines->columns);
		return near == NEAR_UNTIL ? DUE_DEADLINE : due;
	}
	if (near == NEAR_UNTIL)
		return DUE_DEADLINE;
	if (label_before(line, at - (size_t)(line.p - text.p), &due))
		return due;
	*ret_direct = false;
	if (words_any_but(left, speech_due, speech_not_due))
		return DUE_DEADLINE;
	if (words_any(left, speech_expiry) || words_any(right, speech_expiry))
		return DUE_EXPIRY;
	return words_any(right, speech_then) ? DUE_DEADLINE : DUE_NOT;
}
