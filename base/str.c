/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * str.c - growing buffers, slices, ASCII case, numbers, times, whole files.
 *
 * Nothing here depends on the locale or on the time zone: dates are counted by hand in the
 * proleptic Gregorian calendar. On bad input the readers return false and write nothing; a buffer
 * that ran out of memory keeps what it had and says so in `failed`.
 */
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* -- the buffer ----------------------------------------------------------------------------- */

enum {
	FIRST_ROOM = 64,
	READ_STEP = 64 * 1024,
};

/* Room for n more octets and the NUL. */
static bool grow(struct str *s, size_t n)
{
	if (s->failed)
		return false;
	if (n >= SIZE_MAX / 2 - s->n) {
		s->failed = true;
		return false;
	}
	size_t need = s->n + n + 1;
	if (need <= s->room)
		return true;
	size_t room = s->room ? s->room : FIRST_ROOM;
	while (room < need)
		room *= 2;
	char *p = realloc(s->p, room);
	if (!p) {
		s->failed = true;
		return false;
	}
	s->p = p;
	s->room = room;
	return true;
}

void str_free(struct str *s)
{
	if (!s)
		return;
	free(s->p);
	*s = (struct str){0};
}

void str_reset(struct str *s)
{
	s->n = 0;
	s->failed = false;
	if (s->p)
		s->p[0] = '\0';
}

void str_add(struct str *s, const void *p, size_t n)
{
	if (!grow(s, n))
		return;
	if (n)
		memcpy(s->p + s->n, p, n);
	s->n += n;
	s->p[s->n] = '\0';
}

void str_puts(struct str *s, const char *text)
{
	str_add(s, text, strlen(text));
}

void str_putc(struct str *s, char c)
{
	str_add(s, &c, 1);
}

void str_printf(struct str *s, const char *format, ...)
{
	if (!grow(s, 0))
		return;
	va_list args;
	va_start(args, format);
	int n = vsnprintf(s->p + s->n, s->room - s->n, format, args);
	va_end(args);
	if (n >= 0 && (size_t)n >= s->room - s->n) {
		s->p[s->n] = '\0';
		if (!grow(s, (size_t)n))
			return;
		va_start(args, format);
		n = vsnprintf(s->p + s->n, s->room - s->n, format, args);
		va_end(args);
	}
	if (n < 0) {
		s->p[s->n] = '\0';
		s->failed = true;
		return;
	}
	s->n += (size_t)n;
}

const char *str_text(const struct str *s)
{
	return s->p ? s->p : "";
}

char *str_take(struct str *s)
{
	if (!grow(s, 0)) {
		str_free(s);
		return NULL;
	}
	char *p = s->p;
	p[s->n] = '\0';
	*s = (struct str){0};
	return p;
}

/* -- slices --------------------------------------------------------------------------------- */

struct slice slice_of(const char *text)
{
	return (struct slice){text, text ? strlen(text) : 0};
}

struct slice slice_trim(struct slice s)
{
	while (s.n > 0 && str_is_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && str_is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool slice_is(struct slice s, const char *text)
{
	size_t n = strlen(text);
	return s.n == n && (n == 0 || memcmp(s.p, text, n) == 0);
}

bool slice_is_nocase(struct slice s, const char *text)
{
	return s.n == strlen(text) && slice_starts_nocase(s, text);
}

bool slice_starts_nocase(struct slice s, const char *prefix)
{
	for (size_t i = 0; prefix[i]; i++)
		if (i >= s.n || str_lower_char(s.p[i]) != str_lower_char(prefix[i]))
			return false;
	return true;
}

char *slice_dup(struct slice s)
{
	size_t n = s.n ? strnlen(s.p, s.n) : 0;
	char *copy = malloc(n + 1);
	if (!copy)
		return NULL;
	if (n)
		memcpy(copy, s.p, n);
	copy[n] = '\0';
	return copy;
}

bool slice_copy(struct slice s, char *to, size_t size)
{
	if (s.n >= size || (s.n && memchr(s.p, '\0', s.n)))
		return false;
	if (s.n)
		memcpy(to, s.p, s.n);
	to[s.n] = '\0';
	return true;
}

/* -- ASCII ---------------------------------------------------------------------------------- */

char str_lower_char(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

void str_lower(char *text)
{
	for (; *text; text++)
		*text = str_lower_char(*text);
}

bool str_same_nocase(const char *a, const char *b)
{
	return slice_is_nocase(slice_of(a), b);
}

bool str_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

uint64_t str_hash_nocase(struct slice s, uint64_t seed)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ seed;
	for (size_t i = 0; i < s.n; i++) {
		h ^= (unsigned char)str_lower_char(s.p[i]);
		h *= UINT64_C(0x100000001b3);
	}
	return h;
}

/* -- numbers -------------------------------------------------------------------------------- */

bool str_to_u64(struct slice s, uint64_t max, uint64_t *ret_value)
{
	uint64_t v = 0;
	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		uint64_t digit = (uint64_t)(s.p[i] - '0');
		if (v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
		if (v > max)
			return false;
	}
	*ret_value = v;
	return true;
}

/* -- files ---------------------------------------------------------------------------------- */

static int read_all(int fd, size_t max, struct str *text)
{
	for (;;) {
		if (!grow(text, READ_STEP))
			return ENOMEM;
		ssize_t got = read(fd, text->p + text->n, READ_STEP);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno;
		text->n += (size_t)got;
		text->p[text->n] = '\0';
		if (text->n > max)
			return EFBIG;
		if (got == 0)
			return 0;
	}
}

int str_read_file(const char *path, size_t max, struct str *ret_text)
{
	struct str text = {0};
	struct stat st;
	int error = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return errno;
	if (fstat(fd, &st) < 0)
		error = errno;
	else if (S_ISDIR(st.st_mode))
		error = EISDIR;
	else if (S_ISREG(st.st_mode) && st.st_size > 0 && (uintmax_t)st.st_size > max)
		error = EFBIG;
	else if (S_ISREG(st.st_mode) && !grow(&text, (size_t)st.st_size + READ_STEP))
		error = ENOMEM;
	else
		error = read_all(fd, max, &text);
	close(fd);
	if (error) {
		str_free(&text);
		return error;
	}
	str_free(ret_text);
	*ret_text = text;
	return 0;
}

/* -- times ---------------------------------------------------------------------------------- */

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
