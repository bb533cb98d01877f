/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dates.c - reading dates. Each form is a function that moves a place on or leaves it, so that the
 * forms can be tried one after the other.
 *
 * Nothing is guessed: a number that is not a month, day, hour ... makes the form fail. Only
 * 03/04/2025 has two readings, and both are given.
 */
#include "rules/letter/dates.h"

#include <string.h>

#include "rules/letter/clock.h"
#include "rules/letter/lexicon.h"
#include "rules/letter/reader.h"

enum {
	LEAP_YEAR = 1972,      /* of a date that names no year: it has a 29 February */
	LEAP_YEARS_APART = 10, /* 2096 and 2104, and a year for the rounding down */
	REIWA = 2018,          /* the year before its first */
	REPUBLIC = 1911,
	DAY_SECONDS = 86400,
};

struct day {
	unsigned year, month, day;
	bool no_year;
	bool swapped; /* month and day may be meant the other way round */
};

/* -- the calendar ------------------------------------------------------------------------------ */

bool dates_days(unsigned year, unsigned month, unsigned day, int64_t *ret_days)
{
	static const unsigned char length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1)
		return false;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	if (day > length[month - 1] + (month == 2 && leap ? 1u : 0u))
		return false;
	/* years counted from March */
	int64_t y = (int64_t)year - (month <= 2);
	int64_t era = y / 400, of_era = y % 400;
	int64_t of_year = (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	*ret_days = era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
	return true;
}

int64_t dates_in_year(const struct date *d, int64_t after)
{
	unsigned from = 1970 + (unsigned)(after / (366 * (int64_t)DAY_SECONDS));
	int64_t days;
	for (unsigned year = from; year < from + LEAP_YEARS_APART; year++)
		if (dates_days(year, d->month, d->day, &days) && (days + 1) * DAY_SECONDS > after)
			return days * DAY_SECONDS + d->seconds;
	return 0;
}

static bool month_name(struct place *p, unsigned *ret_month)
{
	size_t n;
	const struct lexeme *l = lexicon_at(p->text, p->at, &n);
	if (!l || !l->month)
		return false;
	*ret_month = l->month;
	p->at += n;
	reader_literal(p, ".");
	return true;
}

/* A time of day begins behind the number at p: "5 Mai 20 Uhr" names no year. */
static bool is_hour(struct place p)
{
	struct place q = p;
	reader_space(&q);
	return reader_literal(&q, ":") || reader_word(&q, "uhr") || reader_word(&q, "h") ||
	       reader_word(&q, "am") || reader_word(&q, "pm");
}

/* Four digits, or two of this century. */
static bool year(struct place *p, unsigned *ret_year)
{
	unsigned d;
	struct place q = *p;
	if (!reader_number(&q, 4, 4, ret_year)) {
		q = *p;
		if (!reader_number(&q, 2, 2, ret_year) || is_hour(q))
			return false;
		*ret_year += 2000;
	}
	if (reader_digit(q.text, q.at, &d))
		return false;
	*p = q;
	return true;
}

/* The year that may follow a day and a month by name, or nothing. */
static void year_or_none(struct place *p, struct day *d)
{
	static const char *const between[] = {"de", "del", "do", "of", "nam", "roku", "rok", NULL};
	struct place q = *p;
	unsigned digit;
	reader_literal(&q, ",");
	if (!reader_literal(&q, "-") && !reader_literal(&q, "/"))
		reader_space(&q);
	while (reader_word_of(&q, between))
		reader_space(&q);
	if (year(&q, &d->year)) {
		*p = q;
		return;
	}
	d->no_year = true;
	d->year = LEAP_YEAR;
	/* "17-Jan-" and "May 123" have only begun like a date */
	if (reader_digit(p->text, p->at, &digit))
		d->day = 0;
}

/* -- forms of a day ---------------------------------------------------------------------------- */

/* 2025-01-17, 2025/1/17, 2025.01.17, 2025. 1. 17. */
static bool year_first(struct place *p, struct day *d)
{
	if (!reader_number(p, 4, 4, &d->year) || p->at >= p->text.n)
		return false;
	char sep = p->text.p[p->at];
	if (sep != '-' && sep != '/' && sep != '.')
		return false;
	const char again[] = {sep, '\0'};
	bool stop = sep == '.';
	reader_literal(p, again);
	if (stop)
		reader_space(p);
	if (!reader_number(p, 1, 2, &d->month) || !reader_literal(p, again))
		return false;
	if (stop)
		reader_space(p);
	return reader_number(p, 1, 2, &d->day);
}

static bool number_and_sign(struct place *p, unsigned most, unsigned *ret_number, const char *sign)
{
	struct place q = *p;
	if (!reader_number(&q, 1, most, ret_number))
		return false;
	reader_space(&q);
	if (!reader_literal(&q, sign))
		return false;
	reader_space(&q);
	*p = q;
	return true;
}

static bool stands_before(struct slice text, size_t at, const char *word)
{
	size_t n = strlen(word);
	while (at && text.p[at - 1] == ' ')
		at--;
	return at >= n && memcmp(text.p + at - n, word, n) == 0;
}

/* The year as it is counted: of three digits or less it wants the name of an era before it. */
static bool count_year(struct slice text, size_t at, unsigned *ret_year)
{
	static const struct {
		const char *name;
		unsigned before;
	} eras[] = {
	    {"令和", REIWA},
	    {"民國", REPUBLIC},
	    {"民国", REPUBLIC},
	};
	if (*ret_year > 999)
		return true;
	for (size_t i = 0; i < sizeof eras / sizeof eras[0]; i++)
		if (stands_before(text, at, eras[i].name)) {
			*ret_year += eras[i].before;
			return true;
		}
	return false;
}

/* The characters for year, month, day; the year may be missing. */
static bool with_characters(struct place *p, struct day *d)
{
	static const char *const signs[][3] = {
	    {"年", "月", "日"},
	    {"年", "月", "號"},
	    {"年", "月", "号"},
	    {"년", "월", "일"},
	};
	struct place first = *p;
	unsigned number;
	if (!reader_number(&first, 1, 4, &number))
		return false;
	reader_space(&first);
	if (first.at >= first.text.n || (unsigned char)first.text.p[first.at] < 0x80)
		return false;
	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
		struct place q = *p;
		d->no_year = !number_and_sign(&q, 4, &d->year, signs[i][0]);
		if (d->no_year)
			d->year = LEAP_YEAR;
		else if (!count_year(q.text, p->at, &d->year))
			continue;
		struct place r = q;
		if (!number_and_sign(&r, 2, &d->month, signs[i][1]))
			continue;
		struct place s = r;
		if (!reader_number(&s, 1, 2, &d->day))
			continue;
		reader_space(&s);
		if (!reader_literal(&s, signs[i][2]))
			continue;
		*p = s;
		return true;
	}
	return false;
}

/* 17.01.2025, 17. 1. 2025, 17.01.25 */
static bool with_stops(struct place *p, struct day *d)
{
	if (!reader_number(p, 1, 2, &d->day) || !reader_literal(p, "."))
		return false;
	reader_space(p);
	if (!reader_number(p, 1, 2, &d->month) || !reader_literal(p, "."))
		return false;
	reader_space(p);
	return year(p, &d->year);
}

/* 01/17/2025, 17-01-2025: month first where that can be */
static bool month_or_day_first(struct place *p, struct day *d)
{
	unsigned a, b;
	if (!reader_number(p, 1, 2, &a) || p->at >= p->text.n)
		return false;
	char sep = p->text.p[p->at];
	const char again[] = {sep, '\0'};
	if ((sep != '/' && sep != '-') || !reader_literal(p, again) ||
	    !reader_number(p, 1, 2, &b) || !reader_literal(p, again) || !year(p, &d->year))
		return false;
	d->month = a <= 12 ? a : b;
	d->day = a <= 12 ? b : a;
	d->swapped = a <= 12 && b <= 12 && a != b;
	return true;
}

static void ordinal(struct place *p)
{
	static const char *const endings[] = {"st", "nd", "rd", "th", "er", "o",
					      "ro", "de", "e",  "a",  NULL};
	reader_word_of(p, endings);
	reader_literal(p, "º"); /* the masculine ordinal of Spanish and Portuguese */
}

/* 17 January 2025, 17. Januar 2025, 17th of January, 2025, 17-Jan-2025, 17 de enero de 2025 */
static bool day_then_month(struct place *p, struct day *d)
{
	static const char *const between[] = {"of", "de", "del", "di", "d'", "af", NULL};
	if (!reader_number(p, 1, 2, &d->day))
		return false;
	ordinal(p);
	reader_literal(p, ".");
	if (!reader_literal(p, "-") && !reader_literal(p, "/"))
		reader_space(p);
	if (reader_word_of(p, between))
		reader_space(p);
	if (!month_name(p, &d->month))
		return false;
	year_or_none(p, d);
	return true;
}

/* January 17, 2025, January 17. 2025, Nov 19th 2021 */
static bool month_then_day(struct place *p, struct day *d)
{
	if (!month_name(p, &d->month) || !reader_space(p) || !reader_number(p, 1, 2, &d->day))
		return false;
	ordinal(p);
	if (!reader_literal(p, ","))
		reader_literal(p, ".");
	year_or_none(p, d);
	return true;
}

/* 17 thang 1 nam 2025: a month by its number, as in Vietnamese */
static bool with_word_for_month(struct place *p, struct day *d)
{
	if (!reader_number(p, 1, 2, &d->day) || (reader_literal(p, ","), !reader_space(p)) ||
	    !reader_word(p, "thang") || !reader_space(p) || !reader_number(p, 1, 2, &d->month))
		return false;
	year_or_none(p, d);
	return true;
}

/* -- together ---------------------------------------------------------------------------------- */

static bool (*const forms[])(struct place *, struct day *) = {
    year_first,     with_characters,     with_stops,         day_then_month,
    month_then_day, with_word_for_month, month_or_day_first,
};

static bool read_day(struct place *p, struct day *ret_day)
{
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		struct place q = *p;
		struct day d = {0};
		int64_t days;
		if (forms[i](&q, &d) && dates_days(d.year, d.month, d.day, &days)) {
			*p = q;
			*ret_day = d;
			return true;
		}
	}
	return false;
}

/* 10.12.20.1 and "Nov 19-20" have only begun like a date. */
static bool goes_on(const struct place *p)
{
	unsigned digit;
	if (p->at && (unsigned char)p->text.p[p->at - 1] >= 0x80)
		return false; /* the character for the day has ended it */
	if (reader_digit(p->text, p->at, &digit))
		return true;
	return p->at < p->text.n && strchr(".:/-", p->text.p[p->at]) && p->text.p[p->at] &&
	       reader_digit(p->text, p->at + 1, &digit);
}

/* A number that another follows, as most do in a list, begins no form. */
static bool may_begin(struct slice text, size_t at)
{
	size_t i = at;
	while (i < text.n && text.p[i] >= '0' && text.p[i] <= '9')
		i++;
	if (i == at)
		return true;
	while (i < text.n && str_is_space(text.p[i]))
		i++;
	char c = i < text.n ? str_lower_char(text.p[i]) : '\0';
	return (unsigned char)c >= 0x80 || (c >= 'a' && c <= 'z') || memchr("-/.,:", c, 5) != NULL;
}

size_t dates_no_day(struct slice text, size_t at)
{
	if (!may_begin(text, at))
		return 0;
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		struct place p = {text, at};
		struct day d = {0};
		int64_t days;
		if (forms[i](&p, &d) && !d.no_year && !goes_on(&p))
			return dates_days(d.year, d.month, d.day, &days) ? 0 : p.at - at;
	}
	return 0;
}

/* "20:35 UTC on Friday, the 17th of January 2025": up to the day. */
static bool time_first(struct place *p, struct clock *clock)
{
	static const char *const between[] = {
	    "on",       "the",    "of",       "am",      "dem",    "den",     "d",
	    "le",       "du",     "el",       "del",     "il",     "de",      "do",
	    "dia",      "op",     "dnia",     "dne",     "w",      "ngay",    "em",
	    "af",       "a",      "pada",     "tanggal", "monday", "tuesday", "wednesday",
	    "thursday", "friday", "saturday", "sunday",  NULL};
	unsigned digit;
	if (!reader_digit(p->text, p->at, &digit) || !clock_before(p, clock))
		return false;
	do {
		reader_space(p);
		reader_literal(p, ",");
		reader_space(p);
	} while (reader_word_of(p, between));
	return true;
}

bool dates_at(struct slice text, size_t at, struct date *ret_date)
{
	struct place p = {text, at};
	struct day d;
	struct clock clock = {.seconds = DAY_SECONDS - 1};
	int64_t days = 0, other;
	if (!may_begin(text, at))
		return false;
	bool has_time = false, led = !read_day(&p, &d);
	if (led && (!time_first(&p, &clock) || !read_day(&p, &d)))
		return false;
	if (goes_on(&p))
		return false;
	has_time = led || clock_after(&p, &clock);
	dates_days(d.year, d.month, d.day, &days);
	other = days;
	if (d.swapped)
		dates_days(d.year, d.day, d.month, &other);
	*ret_date = (struct date){
	    .when = d.no_year ? 0 : days * DAY_SECONDS + clock.seconds,
	    .other = d.no_year ? 0 : other * DAY_SECONDS + clock.seconds,
	    .has_time = has_time,
	    .has_zone = has_time && clock.has_zone,
	    .no_year = d.no_year,
	    .month = d.month,
	    .day = d.day,
	    .seconds = clock.seconds,
	    .n = p.at - at,
	};
	return true;
}
