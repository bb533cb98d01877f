/* SPDX-License-Identifier: BSD-2-Clause */
/* columns.c - cells are counted in the row and in its heading; see columns.h. */
#include "rules/letter/columns.h"

#include <string.h>

#include "rules/core/domain.h"
#include "rules/letter/dates.h"
#include "rules/letter/speech.h"
#include "rules/letter/words.h"

enum {
	ROW_WORDS = 2, /* words beside dates and name that a row may have */
	HEADING_LINES = 8,
	HEADING_GROUPS = 12,
};

/* -- rows -------------------------------------------------------------------------------------- */

static bool is_mark(char c, const char *marks)
{
	return c && strchr(marks, c);
}

/* Something like a domain name: what stands beside the date in a row. */
static bool is_name(struct slice token)
{
	char name[LIMIT_DOMAIN + 1];
	while (token.n && is_mark(token.p[token.n - 1], ".,;:|()[]<>\"'*-"))
		token.n--;
	while (token.n && is_mark(token.p[0], "|()[]<>\"'*-")) {
		token.p++;
		token.n--;
	}
	return token.n && memchr(token.p, '.', token.n) && !memchr(token.p, '@', token.n) &&
	       !memchr(token.p, '/', token.n) && domain_normalise(token, false, name);
}

enum token {
	TOKEN_END,
	TOKEN_DATE,
	TOKEN_NAME,
	TOKEN_WORD,
	TOKEN_MARK,
};

static enum token next_token(struct slice line, size_t *at, struct slice *ret_token)
{
	struct date d;
	size_t i = *at;
	while (i < line.n && (str_is_space(line.p[i]) || line.p[i] == '|'))
		i++;
	size_t start = i;
	bool date = i < line.n && dates_at(line, i, &d) && !d.no_year;
	if (date)
		i += d.n;
	while (!date && i < line.n && !str_is_space(line.p[i]) && line.p[i] != '|')
		i++;
	*at = i;
	*ret_token = (struct slice){line.p + start, i - start};
	if (i == start)
		return TOKEN_END;
	if (date)
		return TOKEN_DATE;
	if (is_name(*ret_token))
		return TOKEN_NAME;
	return words_char(line.p[start]) ? TOKEN_WORD : TOKEN_MARK;
}

bool columns_is_row(struct slice line)
{
	unsigned count[TOKEN_MARK + 1] = {0};
	struct slice token;
	enum token kind;
	for (size_t at = 0; (kind = next_token(line, &at, &token)) != TOKEN_END;)
		if (++count[kind] > ROW_WORDS && kind == TOKEN_WORD)
			return false;
	return count[TOKEN_NAME] && count[TOKEN_DATE];
}

/* What the words between names and dates say. */
static bool label_in_row(struct slice row, enum due *ret_due)
{
	struct slice token, words = {row.p, 0};
	for (size_t at = 0;;) {
		enum token kind = next_token(row, &at, &token);
		if (kind == TOKEN_WORD || kind == TOKEN_MARK) {
			if (!words.n)
				words.p = token.p;
			words.n = (size_t)(token.p + token.n - words.p);
			continue;
		}
		if (words.n && columns_label(words, ret_due))
			return true;
		words.n = 0;
		if (kind == TOKEN_END)
			return false;
	}
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
			letters =
			    letters || (words_char(line.p[i]) && (unsigned char)line.p[i] > '9');
		if (letters && !columns_is_row(line))
			return line;
		at = (size_t)(line.p - text.p);
	}
	return (struct slice){NULL, 0};
}

/* -- cells ------------------------------------------------------------------------------------- */

/* Octets of what parts two cells. */
static size_t parting(struct slice line, size_t i)
{
	size_t n = 0, spaces = 0;
	bool mark = false;
	for (; i + n < line.n && is_mark(line.p[i + n], " \t|"); n++) {
		mark = mark || line.p[i + n] != ' ';
		spaces++;
	}
	return mark || spaces > 1 ? n : 0;
}

/* The cell at an offset, by its number from 0; the number of all cells where none is there. */
static unsigned cell_number(struct slice line, size_t offset)
{
	unsigned number = 0;
	size_t start = 0;
	while (start < line.n && is_mark(line.p[start], " \t|"))
		start++;
	for (size_t i = start; i < line.n && i < offset;) {
		size_t n = parting(line, i);
		if (n && i + n < line.n)
			number++;
		i += n ? n : 1;
	}
	return number;
}

static struct slice cell(struct slice line, unsigned wanted)
{
	size_t start = 0;
	while (start < line.n && is_mark(line.p[start], " \t|"))
		start++;
	for (size_t i = start; i < line.n;) {
		size_t n = parting(line, i);
		if (n && wanted-- == 0)
			return (struct slice){line.p + start, i - start};
		i += n ? n : 1;
		if (n)
			start = i;
	}
	return (struct slice){line.p + start, line.n - start};
}

/* -- headings ---------------------------------------------------------------------------------- */

bool columns_label(struct slice label, enum due *ret_due)
{
	bool due = words_any_but(label, speech_due, speech_not_due);
	bool other = words_any(label, speech_heading_other);
	/* "verified" begins like "verification" */
	if (due || (!other && words_any_but(label, speech_heading_due, speech_not_due)))
		*ret_due = DUE_DEADLINE;
	else if (words_any(label, speech_expiry))
		*ret_due = DUE_EXPIRY;
	else if (other)
		*ret_due = DUE_NOT;
	else
		return false;
	return true;
}

/* Words of the heading, in their order, where there are as many that say something as the row has
 * dates. Neighbours that mean the same are one ("Verification Deadline"). */
static bool by_order(struct slice heading, unsigned dates, unsigned wanted, enum due *ret_due)
{
	enum due found[HEADING_GROUPS], due;
	unsigned count = 0;
	for (size_t i = 0; i < heading.n;) {
		size_t start = i;
		while (i < heading.n && words_char(heading.p[i]))
			i++;
		struct slice word = {heading.p + start, i - start};
		i += i == start;
		if (!columns_label(word, &due) || (count && found[count - 1] == due))
			continue;
		if (count == HEADING_GROUPS)
			return false;
		found[count++] = due;
	}
	if (count != dates || wanted >= count)
		return false;
	*ret_due = found[wanted];
	return true;
}

/* How many dates the row has, and how many of them stand before an offset. */
static unsigned dates_of(struct slice row, size_t offset, unsigned *ret_before)
{
	unsigned count = 0;
	struct date d;
	*ret_before = 0;
	for (size_t i = 0; i < row.n;) {
		bool start = words_char(row.p[i]) && !(i && words_char(row.p[i - 1])) &&
			     dates_at(row, i, &d);
		if (start) {
			*ret_before += i < offset;
			count++;
		}
		i += start ? d.n : 1;
	}
	return count;
}

static enum due of_heading(struct slice heading, struct slice row, size_t offset)
{
	enum due due = DUE_DEADLINE, any;
	unsigned cells = cell_number(row, row.n), before;
	if (cells && cells == cell_number(heading, heading.n)) {
		if (columns_label(cell(heading, cell_number(row, offset + 1)), &due))
			return due;
		return columns_label(heading, &any) ? DUE_NOT : DUE_DEADLINE;
	}
	unsigned dates = dates_of(row, offset, &before);
	if (dates > 1 && by_order(heading, dates, before, &due))
		return due;
	columns_label(heading, &due);
	return due;
}

enum due columns_due(struct slice text, struct slice row, size_t at, struct columns *columns)
{
	size_t start = (size_t)(row.p - text.p);
	struct slice gap = {text.p + columns->row_end,
			    start > columns->row_end ? start - columns->row_end : 0};
	enum due due;
	bool again = columns->row_end && start == columns->row_start;
	if (!again && (!columns->row_end || slice_trim(gap).n))
		columns->heading = heading_of(text, row);
	columns->row_start = start;
	columns->row_end = start + row.n;
	/* "example.com expires 2026-12-20" says it itself */
	if (label_in_row(row, &due))
		return due;
	return of_heading(columns->heading, row, at - start);
}
