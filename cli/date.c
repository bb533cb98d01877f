/* SPDX-License-Identifier: BSD-2-Clause */
/* date.c - see date.h. Words are read from the left; the first odd one ends it. */
#include "cli/date.h"

#include <string.h>

enum {
	DAY = 86400,
	YEAR_LEAST = 1970,
	YEAR_MOST = 9999,
	ZONE_MOST = 1400,
};

static bool take_word(struct slice *s, struct slice *ret)
{
	while (s->n > 0 && str_is_space(s->p[0])) {
		s->p++;
		s->n--;
	}
	*ret = (struct slice){s->p, 0};
	while (ret->n < s->n && !str_is_space(s->p[ret->n]))
		ret->n++;
	s->p += ret->n;
	s->n -= ret->n;
	return ret->n > 0;
}

static bool number(struct slice word, int least, int most, int *ret)
{
	uint64_t v;

	if (word.n > 4 || !str_to_u64(word, (uint64_t)most, &v) || (int)v < least)
		return false;
	*ret = (int)v;
	return true;
}

static bool month(struct slice word, int *ret)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; i < 12 && word.n == 3; i++)
		if (slice_is_nocase(
			word, (char[]){names[3 * i], names[3 * i + 1], names[3 * i + 2], '\0'})) {
			*ret = i;
			return true;
		}
	return false;
}

static bool is_weekday(struct slice word)
{
	static const char *const names[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

	for (int i = 0; i < 7; i++)
		if (slice_is_nocase(word, names[i]))
			return true;
	return false;
}

/* "05:30:13" or "05:30" */
static bool clock_of(struct slice word, struct tm *tm)
{
	if (word.n != 8 && word.n != 5)
		return false;
	if (word.p[2] != ':' || !number((struct slice){word.p, 2}, 0, 23, &tm->tm_hour) ||
	    !number((struct slice){word.p + 3, 2}, 0, 59, &tm->tm_min))
		return false;
	return word.n == 5 ||
	       (word.p[5] == ':' && number((struct slice){word.p + 6, 2}, 0, 60, &tm->tm_sec));
}

/* "+0100" */
static bool zone(struct slice word, int *ret_seconds)
{
	int v;

	if (word.n != 5 || (word.p[0] != '+' && word.p[0] != '-') ||
	    !number((struct slice){word.p + 1, 4}, 0, ZONE_MOST, &v) || v % 100 > 59)
		return false;
	*ret_seconds = (v / 100 * 3600 + v % 100 * 60) * (word.p[0] == '-' ? -1 : 1);
	return true;
}

/* The day of the month is checked by what becomes of it: timegm makes 31 November 1 December. */
static bool time_of(struct tm *tm, int seconds_east, int64_t *ret_time)
{
	const int day = tm->tm_mday;
	const time_t t = timegm(tm);

	if (tm->tm_mday != day)
		return false;
	*ret_time = (int64_t)t - seconds_east;
	return true;
}

bool date_of_mail(struct slice text, int64_t *ret_time)
{
	struct tm tm = {0};
	struct slice word;
	int year, east = 0;

	if (!take_word(&text, &word))
		return false;
	if (word.n == 4 && word.p[3] == ',' && is_weekday((struct slice){word.p, 3}) &&
	    !take_word(&text, &word))
		return false;
	if (!number(word, 1, 31, &tm.tm_mday) || !take_word(&text, &word) ||
	    !month(word, &tm.tm_mon) || !take_word(&text, &word) ||
	    !number(word, YEAR_LEAST, YEAR_MOST, &year) || !take_word(&text, &word) ||
	    !clock_of(word, &tm))
		return false;
	if (take_word(&text, &word) && (word.p[0] == '+' || word.p[0] == '-') && !zone(word, &east))
		return false;
	tm.tm_year = year - 1900;
	return time_of(&tm, east, ret_time);
}

bool date_of_received(struct slice value, int64_t *ret_time)
{
	const char *semicolon = value.n > 0 ? memrchr(value.p, ';', value.n) : NULL;

	if (semicolon == NULL)
		return false;
	return date_of_mail(
	    (struct slice){semicolon + 1, value.n - (size_t)(semicolon + 1 - value.p)}, ret_time);
}

/* Which one it is does not matter: days count, not hours. */
static bool is_zone_name(struct slice word)
{
	for (size_t i = 0; i < word.n; i++)
		if (word.p[i] < 'A' || word.p[i] > 'Z')
			return false;
	return word.n > 0 && word.n <= 5;
}

/* "Nov 27 05:30:13 [zone] 2026 [zone]" */
static bool ctime_of(struct slice rest, int64_t *ret_time)
{
	struct tm tm = {0};
	struct slice word;
	int year = 0, east = 0;

	if (!take_word(&rest, &word) || !month(word, &tm.tm_mon) || !take_word(&rest, &word) ||
	    !number(word, 1, 31, &tm.tm_mday) || !take_word(&rest, &word) || !clock_of(word, &tm))
		return false;
	while (take_word(&rest, &word)) {
		if (year == 0 && number(word, YEAR_LEAST, YEAR_MOST, &year))
			continue;
		if (!zone(word, &east) && !is_zone_name(word))
			return false;
	}
	tm.tm_year = year - 1900;
	return year != 0 && time_of(&tm, east, ret_time);
}

bool date_of_from_line(struct slice line, int64_t *ret_time)
{
	struct slice word;

	if (line.n < 5 || memcmp(line.p, "From ", 5) != 0)
		return false;
	line.p += 5;
	line.n -= 5;
	/* The address may be absent, or hold spaces: the first weekday behind it counts. */
	while (take_word(&line, &word))
		if (is_weekday(word) && ctime_of(line, ret_time))
			return true;
	return false;
}

bool date_of_maildir(const char *name, int64_t *ret_time)
{
	const size_t n = strspn(name, "0123456789");
	uint64_t v;

	if (n < 9 || n > 10 || name[n] != '.' ||
	    !str_to_u64((struct slice){name, n}, UINT32_MAX, &v))
		return false;
	*ret_time = (int64_t)v;
	return true;
}

bool date_of_option(const char *text, int64_t *ret_time)
{
	struct tm tm = {.tm_isdst = -1};
	int year, mon;

	if (strlen(text) == 10 && text[4] == '-' && text[7] == '-') {
		if (!number((struct slice){text, 4}, YEAR_LEAST, YEAR_MOST, &year) ||
		    !number((struct slice){text + 5, 2}, 1, 12, &mon) ||
		    !number((struct slice){text + 8, 2}, 1, 31, &tm.tm_mday))
			return false;
		tm.tm_year = year - 1900;
		tm.tm_mon = mon - 1;
		const int day = tm.tm_mday;
		const time_t t = mktime(&tm);
		if (tm.tm_mday != day)
			return false;
		*ret_time = (int64_t)t;
		return true;
	}
	return str_to_time(slice_of(text), ret_time);
}

static bool syslog_time(struct tm tm, int64_t latest, int64_t *ret_time)
{
	const time_t end = (time_t)latest;
	struct tm now;

	if (localtime_r(&end, &now) == NULL)
		return false;
	for (int back = -1; back <= 8; back++) { /* 29 February is up to eight years ago */
		struct tm try = tm;
		time_t t;

		try.tm_year = now.tm_year - back;
		try.tm_isdst = -1;
		t = mktime(&try);
		if (try.tm_mday == tm.tm_mday && t <= end + DAY) {
			*ret_time = (int64_t)t;
			return true;
		}
	}
	return false;
}

bool date_of_log(struct slice *line, int64_t latest, int64_t *ret_time)
{
	struct slice rest = *line, word;
	struct tm tm = {0};

	if (!take_word(&rest, &word))
		return false;
	if (!str_to_time(word, ret_time) || word.n < 20) {
		if (!month(word, &tm.tm_mon) || !take_word(&rest, &word) ||
		    !number(word, 1, 31, &tm.tm_mday) || !take_word(&rest, &word) || word.n != 8 ||
		    !clock_of(word, &tm) || !syslog_time(tm, latest, ret_time))
			return false;
	}
	*line = slice_trim(rest);
	return true;
}
