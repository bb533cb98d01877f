/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * span.c - number, unit, and the words that make a deadline of them.
 *
 * "15 days" alone says nothing: a word before ("within") or after ("remaining") must make it a
 * deadline, and nothing in the sentence may say that it is about something else ("reactivated
 * within 2 days"). The lists are of base letters, as texts are (fold.h).
 */
#include "rules/letter/span.h"

#include <string.h>

#include "rules/letter/dates.h"
#include "rules/letter/words.h"

static const struct {
	const char *word;
	unsigned n;
} number_words[] = {
    {"one", 1},      {"two", 2},       {"three", 3},     {"four", 4},      {"five", 5},
    {"six", 6},      {"seven", 7},     {"eight", 8},     {"nine", 9},      {"ten", 10},
    {"eleven", 11},  {"twelve", 12},   {"thirteen", 13}, {"fourteen", 14}, {"fifteen", 15},
    {"twenty", 20},  {"thirty", 30},   {"einem", 1},     {"einer", 1},     {"zwei", 2},
    {"drei", 3},     {"vier", 4},      {"funf", 5},      {"fuenf", 5},     {"sechs", 6},
    {"sieben", 7},   {"acht", 8},      {"neun", 9},      {"zehn", 10},     {"elf", 11},
    {"zwolf", 12},   {"dreizehn", 13}, {"vierzehn", 14}, {"funfzehn", 15}, {"fuenfzehn", 15},
    {"zwanzig", 20}, {"dreißig", 30},
};

/* Units by octets; the first that fits. */
static const struct {
	const char *word;
	unsigned days;
	bool inside; /* of scripts without spaces: text goes on after it */
} units[] = {
    {"days", 1, 0},   {"day(s)", 1, 0},   {"day", 1, 0},      {"weeks", 7, 0},  {"week", 7, 0},
    {"tagen", 1, 0},  {"tage", 1, 0},     {"tages", 1, 0},    {"tag", 1, 0},    {"tag(e)", 1, 0},
    {"wochen", 7, 0}, {"woche", 7, 0},    {"jours", 1, 0},    {"giorni", 1, 0}, {"dias", 1, 0},
    {"dagen", 1, 0},  {"dni", 1, 0},      {"ngay", 1, 0},     {"gun", 1, 0},    {"gunu", 1, 0},
    {"dnu", 1, 0},    {"hari", 1, 0},     {"tygodni", 7, 0},  {"tydnu", 7, 0},  {"hafta", 7, 0},
    {"minggu", 7, 0}, {"tuan", 7, 0},     {"週間", 7, 1},     {"日間", 1, 1},   {"日", 1, 1},
    {"天", 1, 1},     {"个工作日", 1, 1}, {"個工作天", 1, 1}, {"周", 7, 1},     {"週", 7, 1},
    {"일", 1, 1},     {"주", 7, 1},
};

/* What makes a span a deadline: before it ... */
static const char *const within_words[] = {
    "within$",  "you have$", "have$",        "have only$",  "innerhalb$", "binnen$",  "innert$",
    "maximal$", "max$",      "noch$",        "verbleiben$", "bleiben$",   "wahrend$", "dans$",
    "sous$",    "entro$",    "dentro$",      "ate$",        "ciagu$",     "vong$",    "do$",
    "behem$",   "dalam$",    "dalam waktu$", "haben$",      NULL};
static const char *const within_fillers[] = {
    "the$", "next$", "only$",     "of$",        "a$",   "period$", "maximum$", "von$",      "den$",
    "der$", "des$",  "nachsten$", "kommenden$", "les$", "los$",    "de$",      "proximos$", "i$",
    "at$",  "most$", "calendar$", "maximal$",   "nur$", "sie$",    NULL};
/* ... or after it. */
static const char *const left_words[] = {
    "left",        "remain",   "notice$", "to verify", "to confirm", "to validate", "to respond",
    "to complete", "verbleib", "ubrig",   "zeit",      "icinde",     "icerisinde",  "以内",
    "之内",        "内",       "內",      "안에",      "내에",       "이내",        NULL};
/* "in 7 days" is one only where something ends then. */
static const char *const in_words[] = {"in$", NULL};
static const char *const ending_words[] = {"expir",       "suspen",  "deactivat", "disabled",
					   "auslauft",    "ablauft", "lauft",     "gesperrt",
					   "deaktiviert", "endet$",  "stop",      NULL};
/* The sentence speaks of what comes afterwards, or of something else. */
static const char *const other_words[] = {"reactivat",
					  "re-activat",
					  "restor",
					  "back online",
					  "propagat",
					  "take effect",
					  "takes up",
					  "take up",
					  "take place",
					  "will be transferred",
					  "transfer to another",
					  "be processed",
					  "refund",
					  "support",
					  "redemption",
					  "after expir",
					  "following expir",
					  "grace",
					  "wieder",
					  "freischalt",
					  "freigeschaltet",
					  "bearbeit",
					  "erstatt",
					  "ruckerstatt",
					  "przywroc",
					  "obnoven",
					  "yeniden ac",
					  "kembali",
					  "恢复",
					  "恢復",
					  "복구",
					  "every",
					  "jeden$",
					  "alle$",
					  NULL};

/* A number, plain or in words, maybe with the same in parentheses: "fifteen (15)". */
static size_t count_at(struct slice text, size_t at, unsigned *ret_count)
{
	size_t n = dates_number(text, at, 2, ret_count);
	char first = str_lower_char(text.p[at]);
	for (size_t i = 0; !n && i < sizeof number_words / sizeof number_words[0]; i++) {
		size_t length = strlen(number_words[i].word);
		if (number_words[i].word[0] != first ||
		    !slice_starts_nocase(words_from(text, at), number_words[i].word) ||
		    at + length >= text.n || words_char(text.p[at + length]))
			continue;
		n = length;
		*ret_count = number_words[i].n;
	}
	if (!n)
		return 0;
	size_t paren = at + n;
	while (paren < text.n && text.p[paren] == ' ')
		paren++;
	unsigned again;
	size_t digits =
	    paren < text.n && text.p[paren] == '(' ? dates_number(text, paren + 1, 2, &again) : 0;
	if (digits && paren + 1 + digits < text.n && text.p[paren + 1 + digits] == ')')
		n = paren + digits + 2 - at;
	return n;
}

/* White space and words that may stand between number and unit. */
static size_t pass_between(struct slice text, size_t at)
{
	static const char *const between[] = {
	    "calendar", "business", "working", "full",      "more",       "weitere", "weiteren",
	    "volle",    "vollen",   "ganze",   "kolejnych", "pracovnich", "is"};
	for (bool more = true; more;) {
		more = false;
		while (at < text.n && (str_is_space(text.p[at]) ||
				       slice_starts_nocase(words_from(text, at), "\xc2\xa0")))
			at += (unsigned char)text.p[at] == 0xc2 ? 2 : 1;
		for (size_t i = 0; i < sizeof between / sizeof between[0]; i++) {
			size_t n = strlen(between[i]);
			if (slice_starts_nocase(words_from(text, at), between[i]) &&
			    at + n < text.n && str_is_space(text.p[at + n])) {
				at += n;
				more = true;
			}
		}
	}
	return at;
}

static size_t unit_at(struct slice text, size_t at, unsigned *ret_days)
{
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		size_t n = strlen(units[i].word);
		if (!slice_starts_nocase(words_from(text, at), units[i].word) ||
		    (!units[i].inside && at + n < text.n && words_char(text.p[at + n])))
			continue;
		*ret_days = units[i].days;
		return n;
	}
	return 0;
}

static bool after_within(struct slice window)
{
	for (unsigned words = 0; words < 4 && window.n; words++) {
		if (words_last(window, within_words))
			return true;
		if (!words_last(window, within_fillers))
			return false;
		window = words_without_last(window);
	}
	return false;
}

static bool is_deadline(struct slice text, size_t at, size_t n)
{
	struct slice left = words_before(text, at), right = words_after(text, at + n);
	struct slice near_right = {right.p, right.n < 24 ? right.n : 24};
	if (words_any(left, other_words) || words_any(right, other_words))
		return false;
	if (after_within(left) || words_any(near_right, left_words))
		return true;
	return words_last(left, in_words) &&
	       (words_any(left, ending_words) || words_any(right, ending_words));
}

size_t span_at(struct slice text, size_t at, int *ret_days)
{
	unsigned count = 0, days = 0;
	size_t n = count_at(text, at, &count);
	if (!n)
		return 0;
	size_t unit = pass_between(text, at + n);
	size_t m = unit_at(text, unit, &days);
	if (!m)
		return 0;
	n = unit + m - at;
	*ret_days = -1;
	if (count * days <= SPAN_MOST_DAYS && is_deadline(text, at, n))
		*ret_days = (int)(count * days);
	return n;
}
