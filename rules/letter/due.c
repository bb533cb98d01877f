/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * due.c - the words and tables that make a date a deadline, or an expiry date, or nothing.
 *
 * The lists are of base letters, as texts are (fold.h). A new language is new words here and, in
 * tests/rules/letter_deadline.c, a sentence that needs each of them.
 */
#include "rules/letter/due.h"

#include <string.h>

#include "rules/core/domain.h"
#include "rules/letter/dates.h"
#include "rules/letter/words.h"

enum {
	ROW_WORDS = 2, /* words beside date and name that a row of a table may have */
	HEADING_LINES = 8,
};

/* -- words ------------------------------------------------------------------------------------- */

/* Directly before a date, but for words that say nothing. */
static const char *const until_words[] = {"until$", "untill$", "till$", "by$", "before$", "bis$",
					  "vor$", "than$", "latest$",
					  /* Polish and Czech, Vietnamese, Indonesian */
					  "do$", "truoc$", "sebelum$", "sampai$", "hingga$", NULL};
/* Say nothing themselves, or the time of day: "by the end of", "bis zum", "before midnight on". */
static const char *const filler_words[] = {
    "the$",       "end$",       "of$",       "day$",        "date$",
    "close$",     "on$",        "at$",       "and$",        "or$",
    "including$", "incl$",      "midnight$", "noon$",       "zum$",
    "zur$",       "dem$",       "den$",      "der$",        "am$",
    "um$",        "ende$",      "des$",      "und$",        "einschließlich$",
    "uhr$",       "utc$",       "gmt$",      "pm$",         "cet$",
    "cest$",      "monday$",    "tuesday$",  "wednesday$",  "thursday$",
    "friday$",    "saturday$",  "sunday$",   "mon$",        "tue$",
    "wed$",       "thu$",       "fri$",      "sat$",        "sun$",
    "montag$",    "dienstag$",  "mittwoch$", "donnerstag$", "freitag$",
    "samstag$",   "sonnabend$", "sonntag$",  "mo$",         "di$",
    "mi$",        "do$",        "fr$",       "sa$",         "so$",
    "late$",      "dnia$",      "dne$",      "konca$",      "konce$",
    "ngay$",      "tanggal$",   "dengan$",   NULL};
/* Anywhere before it in the sentence. */
static const char *const due_words[] = {"deadline",
					"due$",
					"no later",
					"not later",
					"latest",
					"at the latest",
					"required until",
					"be suspended",
					"suspended on",
					"suspended from",
					"suspend your",
					"suspension date",
					"be deactivated",
					"deactivated on",
					"be disabled",
					"be deleted",
					"stop resolving",
					"stop working",
					"valid until",
					"link expires",
					"link will expire",
					"request expires",
					"request will expire",
					"respond before",
					"spatestens",
					"spaetestens",
					"frist",
					"fallig",
					"falligkeit",
					"stichtag",
					"gesperrt",
					"deaktiviert",
					"suspendiert",
					"abgeschaltet",
					"期限",
					"najpozniej",
					"nejpozdeji",
					"son tarih",
					"han chot",
					"cham nhat",
					"paling lambat",
					"batas waktu",
					"截止",
					"最迟",
					"最遲",
					"기한",
					NULL};
/* After it: "On <date> your domain will be suspended". */
static const char *const then_words[] = {"will be suspended",
					 "will be deactivated",
					 "will be disabled",
					 "will stop",
					 "gesperrt",
					 "deaktiviert",
					 "suspendiert",
					 "abgeschaltet",
					 "is the deadline",
					 "まで",
					 "tarihine kadar",
					 "之前",
					 "以前",
					 "까지",
					 NULL};
static const char *const expiry_words[] = {
    "expir",      "renew",    "lapse",        "end date",    "ends on",    "ablauf",   "ablauft",
    "lauft",      "auslauft", "auslaufdatum", "laufzeit",    "endet$",     "verfallt", "verlanger",
    "erneuer",    "kundig",   "wygas",        "uplywa",      "vyprs",      "konci$",   "suresi dol",
    "suresi bit", "sona er",  "het han",      "kedaluwarsa", "kadaluarsa", "berakhir", "満了",
    "失効",       "到期",     "过期",         "過期",        "만료",       "만기",     NULL};
/* Directly before a date: it is no deadline, whatever else the sentence says. */
static const char *const since_words[] = {"since$",
					  "as of$",
					  "seit$",
					  "vom$",
					  "created on$",
					  "registered on$",
					  "received on$",
					  "requested on$",
					  "changed on$",
					  "updated on$",
					  "dated$",
					  "effective$",
					  "registriert am$",
					  "erstellt am$",
					  "geandert am$",
					  "stand$",
					  "in force on$",
					  "introduced on$",
					  NULL};
/* In a row or its heading. */
static const char *const heading_other[] = {
    "created",     "creation",    "registered", "registration date", "updated", "requested",
    "received",    "transferred", "changed",    "verified",          "renewed", "angelegt",
    "registriert", "erstellt",    "beantragt",  "verifiziert",       NULL};
static const char *const heading_due[] = {"until$", "deadline", "required", "verif",  "due$",
					  "bis$",   "frist",    "before$",  "fallig", NULL};

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
		if (!words_last(window, filler_words) && !last_is_number(window))
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
	bool due = words_any(heading, heading_due);
	if (words_any(heading, expiry_words) && !due)
		return DUE_EXPIRY;
	return due || !words_any(heading, heading_other) ? DUE_DEADLINE : DUE_NOT;
}

static enum due meaning_of_row(struct slice text, struct slice row, struct due_table *table)
{
	size_t start = (size_t)(row.p - text.p);
	struct slice gap = {text.p + table->row_end,
			    start > table->row_end ? start - table->row_end : 0};
	if (!table->row_end || slice_trim(gap).n)
		table->meaning = meaning_of_heading(heading_of(text, row));
	table->row_end = start + row.n;
	if (words_any(row, expiry_words) || words_any(row, heading_other))
		return meaning_of_heading(row);
	return table->meaning;
}

enum due due_of(struct slice text, size_t at, size_t n, struct due_table *table)
{
	struct slice left = words_before(text, at), right = words_after(text, at + n);
	struct slice row = words_line(text, at);
	if (directly_after(left, since_words))
		return DUE_NOT;
	if (due_is_row(row) && !words_any(left, due_words))
		return meaning_of_row(text, row, table);
	if (words_any(left, due_words) || directly_after(left, until_words))
		return DUE_DEADLINE;
	if (words_any(left, expiry_words) || words_any(right, expiry_words))
		return DUE_EXPIRY;
	return words_any(right, then_words) ? DUE_DEADLINE : DUE_NOT;
}
