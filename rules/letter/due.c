/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * due.c - what makes a date a deadline, or an expiry date, or nothing: the words around it
 * (speech.h), or the table in which it stands.
 */
#include "rules/letter/due.h"

#include <string.h>

#include "rules/core/domain.h"
#include "rules/letter/dates.h"
#include "rules/letter/speech.h"
#include "rules/letter/words.h"

enum {
	ROW_WORDS = 2, /* words beside date and name that a row of a table may have */
	HEADING_LINES = 8,
};

/* -- words ------------------------------------------------------------------------------------- */

static bool last_is_number(struct slice s)
{
	while (s.n && !words_char(s.p[s.n - 1]))
		s.n--;
	return s.n && s.p[s.n - 1] >= '0' && s.p[s.n - 1] <= '9';
}

/* Whether a word of the list stands right before, fillers and a time of day passed over. */
static bool directly_after(struct slice window, const char *const *list)
{
	for (unsigned words = 0; words < 8 && window.n; words++) {
		if (words_last(window, list))
			return true;
		if (!words_last(window, speech_filler) && !last_is_number(window))
			return false;
		window = words_without_last(window);
	}
	return false;
}

/* -- rows of tables ---------------------------------------------------------------------------- */

/* Something like a domain name: what stands beside the date in a row. */
static bool is_name(struct slice token)
{
	char name[LIMIT_DOMAIN + 1];
	while (token.n && strchr(".,;:|()[]<>\"'*-", token.p[token.n - 1]) && token.p[token.n - 1])
		token.n--;
	while (token.n && strchr("|()[]<>\"'*-", token.p[0]) && token.p[0]) {
		token.p++;
		token.n--;
	}
	return token.n && !memchr(token.p, '@', token.n) && !memchr(token.p, '/', token.n) &&
	       domain_normalise(token, false, name);
}

/* Whether the line is a date, a name and little else. */
bool due_is_row(struct slice line)
{
	bool name = false, date = false;
	unsigned words = 0;
	for (size_t i = 0; i < line.n;) {
		struct date d;
		if (str_is_space(line.p[i])) {
			i++;
			continue;
		}
		if (dates_at(line, i, &d)) {
			date = true;
			i += d.n;
			continue;
		}
		size_t start = i;
		while (i < line.n && !str_is_space(line.p[i]))
			i++;
		struct slice token = {line.p + start, i - start};
		if (is_name(token))
			name = true;
		else
			words += words_char(*token.p);
	}
	return name && date && words <= ROW_WORDS;
}

/* The heading of a row: the nearest line above that has letters and is no row itself. */
static struct slice heading_of(struct slice text, struct slice row)
{
	size_t at = (size_t)(row.p - text.p);
	for (unsigned n = 0; n < HEADING_LINES && at > 1; n++) {
		struct slice line = words_line(text, at - 1);
		if (line.p + line.n > text.p + at - 1)
			line.n = (size_t)(text.p + at - 1 - line.p);
		bool letters = false;
		for (size_t i = 0; i < line.n; i++)
			letters = letters || (words_char(line.p[i]) && !(line.p[i] <= '9'));
		if (letters && !due_is_row(line))
			return line;
		at = (size_t)(line.p - text.p);
	}
	return (struct slice){NULL, 0};
}

static enum due meaning_of_heading(struct slice heading)
{
	bool due = words_any(heading, speech_heading_due);
	if (words_any(heading, speech_expiry) && !due)
		return DUE_EXPIRY;
	return due || !words_any(heading, speech_heading_other) ? DUE_DEADLINE : DUE_NOT;
}

static enum due meaning_of_row(struct slice text, struct slice row, struct due_table *table)
{
	size_t start = (size_t)(row.p - text.p);
	struct slice gap = {text.p + table->row_end,
			    start > table->row_end ? start - table->row_end : 0};
	if (!table->row_end || slice_trim(gap).n)
		table->meaning = meaning_of_heading(heading_of(text, row));
	table->row_end = start + row.n;
	if (words_any(row, speech_expiry) || words_any(row, speech_heading_other))
		return meaning_of_heading(row);
	return table->meaning;
}

enum due due_of(struct slice text, size_t at, size_t n, struct due_table *table)
{
	struct slice left = words_before(text, at), right = words_after(text, at + n);
	struct slice row = words_line(text, at);
	if (directly_after(left, speech_since))
		return DUE_NOT;
	if (due_is_row(row) && !words_any(left, speech_due))
		return meaning_of_row(text, row, table);
	if (words_any(left, speech_due) || directly_after(left, speech_until))
		return DUE_DEADLINE;
	if (words_any(left, speech_expiry) || words_any(right, speech_expiry))
		return DUE_EXPIRY;
	return words_any(right, speech_then) ? DUE_DEADLINE : DUE_NOT;
}
