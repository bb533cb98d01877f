/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * str_time.c - times as text (RFC 3339 5.6), without a time zone of the machine: dates are counted
 * by hand in the proleptic Gregorian calendar. What is no such time gives false, and nothing
 * written.
 */
#include "base/str.h"

/*
 * Days and dates by counting in eras of 400 years (146097 days) that begin on 1 March, so that the
 * leap day is the last day of its year and every month before it has a fixed place.
 */
enum {
	ERA_DAYS = 146097,
	DAYS_TO_1970 = 719468, /* from 0000-03-01 */
	DAY = 86400,
};

static int64_t days_from_date(int64_t year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = y / 400; /* years here are never negative but for 0000-01 and -02 */
	if (y < 0)
		era = -1;
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * ERA_DAYS + day_of_era - DAYS_TO_1970;
}

static void date_from_days(int64_t days, int *ret_year, int *ret_month, int *ret_day)
{
	int64_t z = days + DAYS_TO_1970;
	int64_t era = (z >= 0 ? z : z - (ERA_DAYS - 1)) / ERA_DAYS;
	int64_t doe = z - era * ERA_DAYS;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / (ERA_DAYS - 1)) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	*ret_day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*ret_month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*ret_year = (int)(yoe + era * 400 + (*ret_month <= 2 ? 1 : 0));
}

static int days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month == 2 && leap ? 29 : days[month - 1];
}

void str_time(int64_t unix_time, char to[static 21])
{
	const int64_t least = days_from_date(0, 1, 1) * DAY;
	const int64_t most = days_from_date(10000, 1, 1) * DAY - 1;
	int64_t t = unix_time < least ? least : unix_time > most ? most : unix_time;
	int64_t days = t / DAY - (t % DAY < 0 ? 1 : 0);
	int second = (int)(t - days * DAY);
	int year, month, day;
	date_from_days(days, &year, &month, &day);
	struct {
		int value, width;
		char after;
	} part[] = {
	    {year, 4, '-'},
	    {month, 2, '-'},
	    {day, 2, 'T'},
	    {second / 3600, 2, ':'},
	    {second / 60 % 60, 2, ':'},
	    {second % 60, 2, 'Z'},
	};
	char *p = to;
	for (size_t i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
		for (int at = part[i].width - 1; at >= 0; at--) {
			p[at] = (char)('0' + part[i].value % 10);
			part[i].value /= 10;
		}
		p += part[i].width;
		*p++ = part[i].after;
	}
	*p = '\0';
}

/* Exactly `width` digits, and then `after` unless that is 0. */
static bool take_digits(struct slice *s, size_t width, char after, int least, int most,
			int *ret_value)
{
	uint64_t v;
	size_t all = width + (after ? 1 : 0);
	if (s->n < all || !str_to_u64((struct slice){s->p, width}, (uint64_t)most, &v))
		return false;
	if (after && str_lower_char(s->p[width]) != after)
		return false;
	if ((int)v < least)
		return false;
	s->p += all;
	s->n -= all;
	*ret_value = (int)v;
	return true;
}

/* "Z", "+02:00" or "-07:30", and nothing after it. */
static bool take_offset(struct slice s, int *ret_seconds)
{
	int hours, minutes;
	if (s.n == 1 && str_lower_char(s.p[0]) == 'z') {
		*ret_seconds = 0;
		return true;
	}
	if (s.n != 6 || (s.p[0] != '+' && s.p[0] != '-'))
		return false;
	int sign = s.p[0] == '-' ? -1 : 1;
	s.p++;
	s.n--;
	if (!take_digits(&s, 2, ':', 0, 23, &hours) || !take_digits(&s, 2, 0, 0, 59, &minutes))
		return false;
	*ret_seconds = sign * (hours * 3600 + minutes * 60);
	return true;
}

static void skip_fraction(struct slice *s)
{
	size_t n = 1;
	if (s->n < 2 || s->p[0] != '.' || s->p[1] < '0' || s->p[1] > '9')
		return;
	while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
		n++;
	s->p += n;
	s->n -= n;
}

bool str_to_time(struct slice s, int64_t *ret_time)
{
	int year, month, day, hour, minute, second, offset;
	uint64_t plain;
	if (str_to_u64(s, INT64_MAX, &plain)) {
		*ret_time = (int64_t)plain;
		return true;
	}
	if (!take_digits(&s, 4, '-', 0, 9999, &year) || !take_digits(&s, 2, '-', 1, 12, &month) ||
	    !take_digits(&s, 2, 't', 1, 31, &day) || !take_digits(&s, 2, ':', 0, 23, &hour) ||
	    !take_digits(&s, 2, ':', 0, 59, &minute) || !take_digits(&s, 2, 0, 0, 60, &second))
		return false;
	if (day > days_in_month(year, month))
		return false;
	skip_fraction(&s);
	if (!take_offset(s, &offset))
		return false;
	*ret_time =
	    days_from_date(year, month, day) * DAY + hour * 3600 + minute * 60 + second - offset;
	return true;
}
