/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Deadlines and names in text. Input: the class as an octet, a line of subject, the text. A
 * deadline that is stated lies within its limits, whatever is written; and the first eight octets
 * as a second, written as a date, are read as that second.
 */
#include "tests/fuzz/fuzz.h"

#include <time.h>

#include "base/limits.h"
#include "rules/core/domain.h"
#include "rules/letter/dates.h"
#include "rules/letter/deadline.h"

enum {
	DAY = 86400,
};

enum form {
	ISO,
	ISO_T,
	SLASHES,
	DOTS,
	WITH_TIME, /* and what leaves the time out */
	ISO_DAY = WITH_TIME,
	DOTS_DAY,
	ABBREVIATED,
	ENGLISH,
	DAY_FIRST,
	WEEKDAY,
	FORM_COUNT
};

static size_t write_date(enum form form, const struct tm *tm, char *to, size_t room)
{
	switch (form) {
	case ISO: return strftime(to, room, "%Y-%m-%d %H:%M:%S UTC", tm);
	case ISO_T: return strftime(to, room, "%Y-%m-%dT%H:%M:%SZ", tm);
	case SLASHES: return strftime(to, room, "%Y/%m/%d %H:%M:%S", tm);
	case DOTS: return strftime(to, room, "%d.%m.%Y %H:%M:%S", tm);
	case ISO_DAY: return strftime(to, room, "%Y-%m-%d", tm);
	case DOTS_DAY: return strftime(to, room, "%d.%m.%Y", tm);
	case ABBREVIATED: return strftime(to, room, "%d-%b-%Y", tm);
	case ENGLISH: return strftime(to, room, "%B %d, %Y", tm);
	case DAY_FIRST: return strftime(to, room, "%d %B %Y", tm);
	case WEEKDAY: return strftime(to, room, "%A, %d %B %Y", tm);
	case FORM_COUNT: break;
	}
	return 0;
}

/* Every second of the years 1970 to 2199 that is written as a date is read as that second; without
 * its time, as the last of its day. */
static void check_written(const uint8_t *p)
{
	uint64_t seed;
	memcpy(&seed, p, sizeof(seed));
	const time_t when = (time_t)(seed % ((uint64_t)230 * 365 * DAY));
	const enum form form = (enum form)((seed >> 56) % FORM_COUNT);
	struct tm tm;
	char text[64];
	struct date d;
	gmtime_r(&when, &tm);
	const size_t n = write_date(form, &tm, text, sizeof(text));
	const size_t at = form == WEEKDAY ? strcspn(text, " ") + 1 : 0;
	FUZZ_CHECK(dates_at((struct slice){text, n}, at, &d), "%s is no date", text);
	const int64_t want = form < WITH_TIME ? when : when / DAY * DAY + DAY - 1;
	FUZZ_CHECK(d.when == want || d.other == want, "%s is read as %lld", text,
		   (long long)d.when);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const struct maildate date = {1795348800, 60};
	struct deadline d = {0};
	struct slice subject = {NULL, 0}, text = {NULL, 0};
	if (n == 0)
		return 0;
	const enum class_id class = (enum class_id)(p[0] % CLASS_COUNT);
	const char *start = (const char *)p + 1;
	const char *end = memchr(start, '\n', n - 1);
	subject = (struct slice){start, end ? (size_t)(end - start) : n - 1};
	if (end)
		text = (struct slice){end + 1, n - 2 - subject.n};
	if (n >= sizeof(uint64_t))
		check_written(p);
	deadline_read(subject, text, class, date, 15, &d);
	FUZZ_CHECK((d.when != 0) == (d.source != DEADLINE_NONE), "source");
	if (d.when != 0)
		FUZZ_CHECK(
		    d.when >= date.when - (int64_t)LIMIT_DEADLINE_PAST_DAYS * DAY - 2 * DAY &&
			d.when <= date.when + (int64_t)LIMIT_DEADLINE_AHEAD_DAYS * DAY + 2 * DAY,
		    "in %lld days", (long long)(d.when - date.when) / DAY);
	return 0;
}
