/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * span.c - number, unit, and the words that make a deadline of them.
 *
 * "15 days" alone says nothing: a word before ("within") or after ("remaining") must make it a
 * deadline, and nothing in the sentence may say that it is about something else ("reactivated
 * within 2 days"). Hours, which are mostly about how long something takes, must also be about what
 * is asked for. Languages written with spaces have their numbers and units in lexicon.h; here are
 * those of Japanese, Chinese and Korean, where a unit directly follows its number.
 */
#include "rules/letter/span.h"

#include <string.h>

#include "rules/letter/lexicon.h"
#include "rules/letter/reader.h"
#include "rules/letter/speech.h"
#include "rules/letter/words.h"

enum {
	NEAR = 24, /* octets behind a span in which a word must begin that makes it a deadline */
};

/* -- numbers ----------------------------------------------------------------------------------- */

struct count {
	unsigned number;
	unsigned languages; /* whose number word it is; LEXICON_ALL for digits */
};

/* One to nine, two also as it counts; ten. */
size_t span_numeral(struct slice text, size_t at, unsigned *ret_value)
{
	static const struct {
		const char *sign;
		unsigned value;
	} signs[] = {
	    {"一", 1}, {"二", 2}, {"两", 2}, {"兩", 2},  {"三", 3}, {"四", 4}, {"五", 5}, {"六", 6},
	    {"七", 7}, {"八", 8}, {"九", 9}, {"十", 10}, {"일", 1}, {"한", 1}, {"두", 2},
	};
	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
		if (slice_starts_nocase(words_from(text, at), signs[i].sign)) {
			*ret_value = signs[i].value;
			return 3;
		}
	return 0;
}

/* A syllable of Korean, by its first octet: there a numeral is a word, not the end of another. */
static bool is_hangul(char c)
{
	return (unsigned char)c >= 0xea && (unsigned char)c <= 0xed;
}

/* Up to 99: five, ten, fifteen, twenty, twenty-five. */
static size_t numerals_at(struct slice text, size_t at, unsigned *ret_number)
{
	unsigned value, next;
	size_t n = span_numeral(text, at, &value), m;
	if (!n || (is_hangul(text.p[at]) && at && (unsigned char)text.p[at - 1] >= 0x80))
		return 0;
	if (value < 10 && (m = span_numeral(text, at + n, &next)) != 0 && next == 10) {
		value *= 10;
		n += m;
	}
	if (value >= 10 && (m = span_numeral(text, at + n, &next)) != 0 && next < 10) {
		value += next;
		n += m;
	}
	*ret_number = value;
	return n;
}

/* "on dort", "muoi lam", "lima belas": the words after ten, or before what says "teen". */
static size_t teen_at(struct slice text, size_t at, struct count *count)
{
	struct place p = {text, at};
	size_t n;
	if (!reader_space(&p))
		return 0;
	const struct lexeme *l = lexicon_at(text, p.at, &n);
	if (count->number == 10 && count->languages & (TR | VI) && l && l->number &&
	    l->number < 10 && l->number_languages & count->languages) {
		count->number += l->number;
		return p.at + n - at;
	}
	if (count->number < 10 && count->languages & ID && reader_word(&p, "belas")) {
		count->number += 10;
		return p.at - at;
	}
	return 0;
}

static size_t word_at(struct slice text, size_t at, struct count *ret_count)
{
	size_t n;
	const struct lexeme *l = lexicon_at(text, at, &n);
	if (!l || !l->number)
		return 0;
	*ret_count = (struct count){l->number, l->number_languages};
	return n + teen_at(text, at + n, ret_count);
}

/* The same number in parentheses, in digits or in words. */
static bool again_at(struct place *p)
{
	unsigned again;
	size_t n;
	struct place q = *p;
	if (!reader_literal(&q, "("))
		return false;
	for (unsigned words = 0; words < 2 && !reader_number(&q, 1, 2, &again); words++) {
		const struct lexeme *l = lexicon_at(q.text, q.at, &n);
		if (!l || !l->number)
			break;
		q.at += n;
		reader_space(&q);
	}
	if (!reader_literal(&q, ")"))
		return false;
	*p = q;
	return true;
}

/* A number, plain or in words, maybe with the same in parentheses: "fifteen (15)". */
static size_t count_at(struct slice text, size_t at, struct count *ret_count)
{
	ret_count->languages = LEXICON_ALL;
	size_t n = reader_digits(text, at, 3, &ret_count->number);
	if (!n)
		n = numerals_at(text, at, &ret_count->number);
	if (!n)
		n = word_at(text, at, ret_count);
	if (!n)
		return 0;
	struct place p = {text, at + n};
	reader_space(&p);
	return again_at(&p) ? p.at - at : n;
}

/* -- units ------------------------------------------------------------------------------------- */

/* Directly behind a number; text goes on after them. */
static size_t sign_at(struct slice text, size_t at, unsigned *ret_seconds)
{
	static const struct {
		const char *sign;
		unsigned seconds;
		const char *before; /* what must follow: "주" alone begins many words */
	} signs[] = {
	    {"週間", LEXICON_WEEK, ""},    {"週", LEXICON_WEEK, ""},
	    {"个星期", LEXICON_WEEK, ""},  {"個星期", LEXICON_WEEK, ""},
	    {"星期", LEXICON_WEEK, ""},    {"周", LEXICON_WEEK, ""},
	    {"주일", LEXICON_WEEK, ""},    {"주간", LEXICON_WEEK, ""},
	    {"주", LEXICON_WEEK, " 이내"}, {"주", LEXICON_WEEK, "이내"},
	    {"주", LEXICON_WEEK, " 안"},   {"주", LEXICON_WEEK, " 내"},
	    {"个工作日", LEXICON_DAY, ""}, {"個工作天", LEXICON_DAY, ""},
	    {"営業日", LEXICON_DAY, ""},   {"日間", LEXICON_DAY, ""},
	    {"日", LEXICON_DAY, ""},       {"天", LEXICON_DAY, ""},
	    {"일", LEXICON_DAY, ""},       {"時間", LEXICON_HOUR, ""},
	    {"小时", LEXICON_HOUR, ""},    {"小時", LEXICON_HOUR, ""},
	    {"시간", LEXICON_HOUR, ""},    {"か月", LEXICON_MONTH, ""},
	    {"ヶ月", LEXICON_MONTH, ""},   {"个月", LEXICON_MONTH, ""},
	    {"個月", LEXICON_MONTH, ""},   {"개월", LEXICON_MONTH, ""},
	};
	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
		if (slice_starts_nocase(words_from(text, at), signs[i].sign) &&
		    slice_starts_nocase(words_from(text, at + strlen(signs[i].sign)),
					signs[i].before)) {
			*ret_seconds = signs[i].seconds;
			return strlen(signs[i].sign);
		}
	return 0;
}

/* Octets from at to the end of the unit; between may stand white space and what does not count. */
static size_t unit_at(struct slice text, size_t at, const struct count *count,
		      unsigned *ret_seconds, unsigned *ret_languages)
{
	static const char *const plural[] = {"(s)", "(e)", "(en)", "(n)"};
	struct place p = {text, at};
	size_t n;
	reader_literal(&p, "-");
	reader_space(&p);
	*ret_languages = 0;
	n = sign_at(text, p.at, ret_seconds);
	if (n)
		return p.at + n - at;
	while (reader_word_of(&p, speech_between))
		reader_space(&p);
	const struct lexeme *l = lexicon_at(text, p.at, &n);
	if (!l || !l->unit || !(l->unit_languages & count->languages))
		return 0;
	*ret_seconds = l->unit;
	*ret_languages = l->unit_languages & count->languages;
	p.at += n;
	for (size_t i = 0; i < sizeof plural / sizeof plural[0]; i++)
		if (reader_literal(&p, plural[i]))
			break;
	return p.at - at;
}

/* -- what it says ------------------------------------------------------------------------------ */

/* Whether a word that makes a span a deadline stands before it, words that say nothing between. */
static bool after_within(struct slice window, unsigned languages)
{
	for (unsigned words = 0; words < 5 && window.n; words++) {
		if (words_last(window, speech_within) || (words == 0 && languages & (PL | CS) &&
							  words_last(window, speech_within_slavic)))
			return true;
		if (!words_last(window, speech_within_filler))
			return false;
		window = words_without_last(window);
	}
	return false;
}

static bool is_deadline(struct slice text, size_t at, size_t n, unsigned languages)
{
	struct slice left = words_before(text, at), right = words_after(text, at + n);
	struct slice near_right = {right.p, right.n < NEAR ? right.n : NEAR};
	if (words_any(left, speech_other) || words_any(right, speech_other))
		return false;
	if (after_within(left, languages) || words_any(near_right, speech_left))
		return true;
	return words_last(left, speech_in) &&
	       (words_any(left, speech_ending) || words_any(right, speech_ending));
}

static bool is_asked(struct slice text, size_t at, size_t n)
{
	return words_any(words_before(text, at), speech_asked) ||
	       words_any(words_after(text, at + n), speech_asked);
}

size_t span_at(struct slice text, size_t at, int64_t *ret_seconds)
{
	struct count count;
	unsigned unit, languages;
	size_t n = count_at(text, at, &count);
	if (!n)
		return 0;
	size_t m = unit_at(text, at + n, &count, &unit, &languages);
	if (!m)
		return 0;
	n += m;
	int64_t seconds = (int64_t)count.number * unit;
	*ret_seconds = -1;
	if (seconds <= (int64_t)SPAN_MOST_DAYS * LEXICON_DAY &&
	    is_deadline(text, at, n, languages) && (unit > LEXICON_HOUR || is_asked(text, at, n)))
		*ret_seconds = seconds;
	return n;
}
