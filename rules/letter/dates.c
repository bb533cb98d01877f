/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dates.c - reading dates. A small reader with one place; each form is a function that moves it on
 * or leaves it, so that the forms can be tried one after the other.
 *
 * Nothing is guessed: a number that is not a month, day, hour ... makes the form fail. Only
 * 03/04/2025 has two readings, and both are given.
 */
#include "rules/letter/dates.h"

#include <string.h>

struct place {
	struct slice text;
	size_t at;
};

struct day {
	unsigned year, month, day;
};

/* -- characters -------------------------------------------------------------------------------- */

static bool is_alpha(char c)
{
	c = str_lower_char(c);
	return c >= 'a' && c <= 'z';
}

/* A digit, plain or full-width (U+FF10 to U+FF19): its octets, or 0. */
static size_t digit_at(struct slice text, size_t at, unsigned *ret_value)
{
	if (at >= text.n)
		return 0;
	const unsigned char *p = (const unsigned char *)text.p + at;
	if (*p >= '0' && *p <= '9') {
		*ret_value = *p - '0';
		return 1;
	}
	if (text.n - at >= 3 && p[0] == 0xef && p[1] == 0xbc && p[2] >= 0x90 && p[2] <= 0x99) {
		*ret_value = p[2] - 0x90;
		return 3;
	}
	return 0;
}

size_t dates_number(struct slice text, size_t at, unsigned most, unsigned *ret_number)
{
	unsigned value = 0, digits = 0, d = 0;
	size_t i = at, n;
	while ((n = digit_at(text, i, &d)) != 0) {
		if (++digits > most)
			return 0;
		value = value * 10 + d;
		i += n;
	}
	if (digits)
		*ret_number = value;
	return i - at;
}

/* Exactly min to max digits. */
static bool number(struct place *p, unsigned min, unsigned max, unsigned *ret_number)
{
	unsigned d, digits = 0;
	size_t n = dates_number(p->text, p->at, max, ret_number);
	for (size_t i = p->at; i < p->at + n; digits++)
		i += digit_at(p->text, i, &d);
	if (digits < min)
		return false;
	p->at += n;
	return true;
}

static bool literal(struct place *p, const char *word)
{
	if (!slice_starts_nocase((struct slice){p->text.p + p->at, p->text.n - p->at}, word))
		return false;
	p->at += strlen(word);
	return true;
}

/* A word of letters alone: not the start of a longer one. */
static bool word(struct place *p, const char *w)
{
	struct place q = *p;
	if (!literal(&q, w) || (q.at < q.text.n && (is_alpha(q.text.p[q.at]) ||
						    (unsigned char)q.text.p[q.at] >= 0x80)))
		return false;
	*p = q;
	return true;
}

/* Spaces, no-break spaces, at most one line end. */
static bool space(struct place *p)
{
	size_t start = p->at;
	bool line = false;
	for (;;) {
		if (p->at < p->text.n && strchr(" \t\r", p->text.p[p->at]) && p->text.p[p->at]) {
			p->at++;
		} else if (p->at < p->text.n && p->text.p[p->at] == '\n' && !line) {
			line = true;
			p->at++;
		} else if (!literal(p, "\xc2\xa0") && !literal(p, "\xe3\x80\x80")) {
			return p->at > start;
		}
	}
}

/* -- the calendar ------------------------------------------------------------------------------ */

static bool is_day(struct day d)
{
	static const unsigned char length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	if (d.year < 1900 || d.year > 2199 || d.month < 1 || d.month > 12 || d.day < 1)
		return false;
	bool leap = (d.year % 4 == 0 && d.year % 100 != 0) || d.year % 400 == 0;
	return d.day <= length[d.month - 1] + (d.month == 2 && leap ? 1u : 0u);
}

/* Days since 1970-01-01 of the Gregorian calendar, years counted from March. */
static int64_t days_of(struct day d)
{
	int64_t year = (int64_t)d.year - (d.month <= 2);
	int64_t era = year / 400, of_era = year % 400;
	int64_t of_year = (153 * ((int64_t)d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* In base letters, as texts are; of Polish, Czech, Turkish and Indonesian too. */
static bool month_name(struct place *p, unsigned *ret_month)
{
	static const struct {
		const char *name;
		unsigned month;
	} names[] = {
	    {"january", 1},    {"januar", 1},     {"janner", 1},    {"jan", 1},
	    {"stycznia", 1},   {"ledna", 1},      {"ocak", 1},      {"januari", 1},
	    {"february", 2},   {"februar", 2},    {"feb", 2},       {"lutego", 2},
	    {"unora", 2},      {"subat", 2},      {"februari", 2},  {"march", 3},
	    {"marz", 3},       {"maerz", 3},      {"mrz", 3},       {"mar", 3},
	    {"marca", 3},      {"brezna", 3},     {"mart", 3},      {"maret", 3},
	    {"april", 4},      {"apr", 4},        {"kwietnia", 4},  {"dubna", 4},
	    {"nisan", 4},      {"may", 5},        {"mai", 5},       {"maja", 5},
	    {"kvetna", 5},     {"mayis", 5},      {"mei", 5},       {"june", 6},
	    {"juni", 6},       {"jun", 6},        {"czerwca", 6},   {"cervna", 6},
	    {"haziran", 6},    {"july", 7},       {"juli", 7},      {"jul", 7},
	    {"lipca", 7},      {"cervence", 7},   {"temmuz", 7},    {"august", 8},
	    {"aug", 8},        {"sierpnia", 8},   {"srpna", 8},     {"agustos", 8},
	    {"agustus", 8},    {"september", 9},  {"sept", 9},      {"sep", 9},
	    {"wrzesnia", 9},   {"zari", 9},       {"eylul", 9},     {"october", 10},
	    {"oktober", 10},   {"oct", 10},       {"okt", 10},      {"pazdziernika", 10},
	    {"rijna", 10},     {"ekim", 10},      {"november", 11}, {"nov", 11},
	    {"listopada", 11}, {"listopadu", 11}, {"kasim", 11},    {"december", 12},
	    {"dezember", 12},  {"dec", 12},       {"dez", 12},      {"grudnia", 12},
	    {"prosince", 12},  {"aralik", 12},    {"desember", 12},
	};
	char first = p->at < p->text.n ? str_lower_char(p->text.p[p->at]) : '\0';
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].name[0] == first && word(p, names[i].name)) {
			*ret_month = names[i].month;
			literal(p, ".");
			return true;
		}
	return false;
}

/* Four digits, or two of this century. */
static bool year(struct place *p, unsigned *ret_year)
{
	unsigned d;
	struct place q = *p;
	if (!number(&q, 4, 4, ret_year)) {
		q = *p;
		if (!number(&q, 2, 2, ret_year))
			return false;
		*ret_year += 2000;
	}
	if (digit_at(q.text, q.at, &d))
		return false;
	*p = q;
	return true;
}

/* -- forms of a day ---------------------------------------------------------------------------- */

/* 2025-01-17, 2025/1/17, 2025.01.17 */
static bool year_first(struct place *p, struct day *d)
{
	if (!number(p, 4, 4, &d->year) || p->at >= p->text.n)
		return false;
	char sep = p->text.p[p->at];
	if (sep != '-' && sep != '/' && sep != '.')
		return false;
	const char again[] = {sep, '\0'};
	return literal(p, again) && number(p, 1, 2, &d->month) && literal(p, again) &&
	       number(p, 1, 2, &d->day);
}

/* Chinese, Japanese and Korean characters for year, month, day. */
static bool with_characters(struct place *p, struct day *d)
{
	static const char *const signs[][3] = {
	    {"年", "月", "日"},
	    {"년", "월", "일"},
	};
	for (size_t i = 0; i < 2; i++) {
		struct place q = *p;
		if (!number(&q, 4, 4, &d->year) || (space(&q), !literal(&q, signs[i][0])))
			continue;
		space(&q);
		if (!number(&q, 1, 2, &d->month) || (space(&q), !literal(&q, signs[i][1])))
			continue;
		space(&q);
		if (!number(&q, 1, 2, &d->day) || (space(&q), !literal(&q, signs[i][2])))
			continue;
		*p = q;
		return true;
	}
	return false;
}

/* 17.01.2025, 17. 1. 2025, 17.01.25 */
static bool german(struct place *p, struct day *d)
{
	if (!number(p, 1, 2, &d->day) || !literal(p, "."))
		return false;
	space(p);
	if (!number(p, 1, 2, &d->month) || !literal(p, "."))
		return false;
	space(p);
	return year(p, &d->year);
}

/* 01/17/2025, 01-17-2025: month first; swapped tells whether it can be the other way round */
static bool american(struct place *p, struct day *d, bool *swapped)
{
	unsigned a, b;
	if (!number(p, 1, 2, &a) || p->at >= p->text.n)
		return false;
	char sep = p->text.p[p->at];
	const char again[] = {sep, '\0'};
	if ((sep != '/' && sep != '-') || !literal(p, again) || !number(p, 1, 2, &b) ||
	    !literal(p, again) || !year(p, &d->year))
		return false;
	d->month = a <= 12 ? a : b;
	d->day = a <= 12 ? b : a;
	*swapped = a <= 12 && b <= 12 && a != b;
	return true;
}

static void ordinal(struct place *p)
{
	static const char *const endings[] = {"st", "nd", "rd", "th"};
	for (size_t i = 0; i < 4; i++)
		if (word(p, endings[i]))
			return;
}

/* 17 January 2025, 17. Januar 2025, 17th of January, 2025, 17-Jan-2025 */
static bool day_then_month(struct place *p, struct day *d)
{
	if (!number(p, 1, 2, &d->day))
		return false;
	ordinal(p);
	literal(p, ".");
	if (!literal(p, "-"))
		space(p);
	if (word(p, "of"))
		space(p);
	if (!month_name(p, &d->month))
		return false;
	literal(p, ",");
	if (!literal(p, "-") && !space(p))
		return false;
	return year(p, &d->year);
}

/* January 17, 2025, January 17. 2025, Nov 19th 2021 */
static bool month_then_day(struct place *p, struct day *d)
{
	if (!month_name(p, &d->month) || !space(p) || !number(p, 1, 2, &d->day))
		return false;
	ordinal(p);
	bool parted = literal(p, ",") || literal(p, ".");
	return (space(p) || parted) && year(p, &d->year);
}

/* -- the time of day --------------------------------------------------------------------------- */

static bool offset(struct place *p, int *ret_minutes)
{
	struct place q = *p;
	unsigned hours = 0, minutes = 0;
	int sign = literal(&q, "+") ? 1 : literal(&q, "-") ? -1 : 0;
	if (!sign)
		return false;
	if (number(&q, 4, 4, &hours)) {
		minutes = hours % 100;
		hours /= 100;
	} else if (!number(&q, 1, 2, &hours)) {
		return false;
	} else {
		struct place r = q;
		if (literal(&r, ":") && number(&r, 2, 2, &minutes))
			q = r;
	}
	if (hours > 14 || minutes > 59)
		return false;
	*ret_minutes = sign * (int)(hours * 60 + minutes);
	*p = q;
	return true;
}

/* Minutes east of UTC; an unknown zone is left alone and means UTC. */
static int zone(struct place *p)
{
	static const struct {
		const char *name;
		int minutes;
	} zones[] = {
	    {"utc", 0},    {"gmt", 0},    {"z", 0},      {"cet", 60},
	    {"cest", 120}, {"mez", 60},   {"mesz", 120}, {"bst", 60},
	    {"est", -300}, {"edt", -240}, {"cdt", -300}, {"mst", -420},
	    {"mdt", -360}, {"pst", -480}, {"pdt", -420}, {"jst", 540},
	};
	struct place q = *p;
	int minutes = 0;
	space(&q);
	literal(&q, "(");
	for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++)
		if (word(&q, zones[i].name)) {
			minutes = zones[i].minutes;
			if (!minutes)
				offset(&q, &minutes); /* "UTC+2" */
			*p = q;
			return minutes;
		}
	if (offset(&q, &minutes))
		*p = q;
	return minutes;
}

/* "8:35 pm", "20:35 Uhr" */
static bool after_clock(struct place *p, unsigned *hour)
{
	struct place q = *p;
	space(&q);
	bool am = word(&q, "am") || literal(&q, "a.m."), pm = word(&q, "pm") || literal(&q, "p.m.");
	if (am || pm) {
		if (*hour < 1 || *hour > 12)
			return false;
		*hour = *hour % 12 + (pm ? 12 : 0);
		*p = q;
	} else if (word(&q, "uhr")) {
		*p = q;
	}
	return true;
}

/* Seconds of the day in UTC. */
static bool clock_time(struct place *p, int *ret_seconds)
{
	static const char *const hour_sign = "時", *const minute_sign = "分";
	unsigned hour, minute = 0, second = 0, fraction;
	if (!number(p, 1, 2, &hour))
		return false;
	if (literal(p, hour_sign)) {
		struct place q = *p;
		if (number(&q, 1, 2, &minute) && literal(&q, minute_sign))
			*p = q;
		else
			minute = 0;
	} else if (literal(p, ":")) {
		if (!number(p, 2, 2, &minute))
			return false;
		struct place q = *p;
		if (literal(&q, ":") && number(&q, 2, 2, &second)) {
			*p = q;
			if (literal(&q, ".") && number(&q, 1, 9, &fraction))
				*p = q;
		} else {
			second = 0;
		}
	} else {
		struct place q = *p;
		space(&q);
		if (!word(&q, "uhr"))
			return false;
	}
	if (!after_clock(p, &hour) || hour > 24 || minute > 59 || second > 60 ||
	    (hour == 24 && minute + second))
		return false;
	*ret_seconds =
	    (int)(hour * 3600 + minute * 60 + (second == 60 ? 59 : second)) - zone(p) * 60;
	return true;
}

/* What may stand between the day and the time. */
static bool time_after(struct place *p, int *ret_seconds)
{
	struct place q = *p;
	if (q.at < q.text.n && (q.text.p[q.at] == 'T' || q.text.p[q.at] == '_')) {
		q.at++;
	} else {
		literal(&q, ",");
		space(&q);
		if (word(&q, "at") || word(&q, "um") || literal(&q, "-") || literal(&q, "@"))
			space(&q);
	}
	if (!clock_time(&q, ret_seconds))
		return false;
	*p = q;
	return true;
}

/* -- together ---------------------------------------------------------------------------------- */

static bool read_day(struct place *p, struct day *d, bool *swapped)
{
	static bool (*const forms[])(struct place *, struct day *) = {
	    year_first, with_characters, german, day_then_month, month_then_day,
	};
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		struct place q = *p;
		if (forms[i](&q, d) && is_day(*d)) {
			*p = q;
			return true;
		}
	}
	return american(p, d, swapped) && is_day(*d);
}

/* 10.12.20.1 and "Nov 19, 20:35" have only begun like a date. */
static bool goes_on(const struct place *p)
{
	unsigned digit;
	if (digit_at(p->text, p->at, &digit))
		return true;
	return p->at < p->text.n && strchr(".:/-", p->text.p[p->at]) && p->text.p[p->at] &&
	       digit_at(p->text, p->at + 1, &digit);
}

/* Nearly every word of a text is not a date: its first octet says so. */
static bool may_begin(struct slice text, size_t at)
{
	char c = at < text.n ? str_lower_char(text.p[at]) : '\0';
	return (c >= '0' && c <= '9') || c == '\xef' || (c && strchr("jfmasond", c));
}

bool dates_at(struct slice text, size_t at, struct date *ret_date)
{
	struct place p = {text, at};
	struct day d;
	bool swapped = false;
	if (!may_begin(text, at) || !read_day(&p, &d, &swapped) || goes_on(&p))
		return false;
	int seconds = 86399;
	ret_date->has_time = time_after(&p, &seconds);
	ret_date->when = days_of(d) * 86400 + seconds;
	ret_date->other = ret_date->when;
	if (swapped)
		ret_date->other = days_of((struct day){d.year, d.day, d.month}) * 86400 + seconds;
	ret_date->n = p.at - at;
	return true;
}

/* -- the Date header --------------------------------------------------------------------------- */

/* White space and comments (RFC 5322 3.2.2), nested ones too. */
static bool cfws(struct place *p)
{
	size_t start = p->at;
	unsigned depth = 0;
	for (; p->at < p->text.n; p->at++) {
		char c = p->text.p[p->at];
		if (c == '(')
			depth++;
		else if (c == ')' && depth)
			depth--;
		else if (c == '\\' && depth && p->at + 1 < p->text.n)
			p->at++;
		else if (!depth && !str_is_space(c))
			break;
	}
	if (depth)
		p->at = start;
	return p->at > start;
}

static bool mail_zone(struct place *p, int *ret_minutes)
{
	static const struct {
		const char *name;
		int minutes;
	} zones[] = {
	    {"ut", 0},     {"gmt", 0},    {"z", 0},      {"utc", 0},
	    {"est", -300}, {"edt", -240}, {"cst", -360}, {"cdt", -300},
	    {"mst", -420}, {"mdt", -360}, {"pst", -480}, {"pdt", -420},
	};
	unsigned digits;
	int sign = literal(p, "+") ? 1 : literal(p, "-") ? -1 : 0;
	if (sign) {
		if (!number(p, 4, 4, &digits) || digits % 100 > 59)
			return false;
		*ret_minutes = sign * (int)(digits / 100 * 60 + digits % 100);
		return true;
	}
	for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++)
		if (word(p, zones[i].name)) {
			*ret_minutes = zones[i].minutes;
			return true;
		}
	/* other alphabetic zones say nothing (RFC 5322 4.3) */
	*ret_minutes = 0;
	while (p->at < p->text.n && is_alpha(p->text.p[p->at]))
		p->at++;
	return true;
}

static bool mail_year(struct place *p, unsigned *ret_year)
{
	size_t start = p->at;
	if (!number(p, 2, 4, ret_year))
		return false;
	size_t n = p->at - start;
	if (n == 2)
		*ret_year += *ret_year < 50 ? 2000 : 1900;
	else if (n == 3)
		*ret_year += 1900;
	return true;
}

static bool is_plain(struct slice value)
{
	for (size_t i = 0; i < value.n; i++)
		if ((unsigned char)value.p[i] >= 0x80 || value.p[i] == '\0')
			return false;
	return true;
}

bool dates_of_mail(struct slice value, int64_t *ret_time)
{
	static const char *const weekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
	struct place p = {value, 0};
	struct day d;
	unsigned hour, minute, second = 0;
	int minutes = 0;
	if (!is_plain(value))
		return false;
	cfws(&p);
	for (size_t i = 0; i < 7; i++)
		if (word(&p, weekdays[i])) {
			cfws(&p);
			if (!literal(&p, ","))
				return false;
			break;
		}
	cfws(&p);
	if (!number(&p, 1, 2, &d.day) || !cfws(&p) || !month_name(&p, &d.month) || !cfws(&p) ||
	    !mail_year(&p, &d.year) || !cfws(&p) || !is_day(d) || !number(&p, 1, 2, &hour))
		return false;
	cfws(&p);
	if (!literal(&p, ":") || (cfws(&p), !number(&p, 2, 2, &minute)))
		return false;
	cfws(&p);
	if (literal(&p, ":") && (cfws(&p), !number(&p, 2, 2, &second)))
		return false;
	cfws(&p);
	if (hour > 23 || minute > 59 || second > 60 || !mail_zone(&p, &minutes))
		return false;
	cfws(&p);
	if (p.at != value.n)
		return false;
	*ret_time = days_of(d) * 86400 + (int64_t)hour * 3600 + minute * 60 +
		    (second == 60 ? 59 : second) - (int64_t)minutes * 60;
	return true;
}
