/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * letter_dates.c - one date in a text, with its time of day and zone; the Date header.
 */
#include <stdio.h>

#include "rules/letter/dates.h"
#include "rules/letter/lexicon.h"
#include "rules/letter/maildate.h"
#include "tests/rules/table.h"

#define DAY 86400

/* -- one date ---------------------------------------------------------------------------------- */

static const struct {
	const char *text,
	    *want; /* want: time (month-day+seconds without a year), octets; "" for none
		    */
} dates[] = {
    /* year first */
    {"2026-12-06", "2026-12-06T23:59:59Z 10"},
    {"2026-12-06 20:35:30", "2026-12-06T20:35:30Z 19"},
    {"2026-12-06  20:35", "2026-12-06T20:35:00Z 17"},
    {"2026-12-06T20:35:30Z", "2026-12-06T20:35:30Z 20"},
    {"2026-12-06T20:35:30.123Z", "2026-12-06T20:35:30Z 24"},
    {"2026-12-06T20:35:30+02:00", "2026-12-06T18:35:30Z 25"},
    {"2026-12-06 20:35:30 +0200", "2026-12-06T18:35:30Z 25"},
    {"2026-12-06 20:35:30 UTC", "2026-12-06T20:35:30Z 23"},
    {"2026-12-06 20:35:30 (UTC)", "2026-12-06T20:35:30Z 24"},
    {"2026-12-06 20:35:30 UTC+2", "2026-12-06T18:35:30Z 25"},
    {"2026-12-06 20:35:30 CEST", "2026-12-06T18:35:30Z 24"},
    {"2026-12-06 20:35:30 MEZ", "2026-12-06T19:35:30Z 23"},
    {"2026-12-06 20:35:30 EST", "2026-12-07T01:35:30Z 23"},
    {"2026-12-06 20:35:30 example.com", "2026-12-06T20:35:30Z 19"},
    {"2026-12-06 example.com", "2026-12-06T23:59:59Z 10"},
    {"2026/12/06", "2026-12-06T23:59:59Z 10"},
    {"2026.12.06", "2026-12-06T23:59:59Z 10"},
    {"2026-1-6", "2026-01-06T23:59:59Z 8"},
    {"2026-12-06, 8:35 pm", "2026-12-06T20:35:00Z 19"},
    {"2026-12-06 at 12:00 am", "2026-12-06T00:00:00Z 22"},
    {"2026-12-06 24:00:00", "2026-12-07T00:00:00Z 19"},
    {"2026-12-06 23:59:60", "2026-12-06T23:59:59Z 19"},
    {"2028-02-29", "2028-02-29T23:59:59Z 10"},
    {"2000-02-29", "2000-02-29T23:59:59Z 10"},
    {"1970-01-01 00:00:00", "1970-01-01T00:00:00Z 19"},
    /* the slash: month first where that can be */
    {"12/06/2026", "2026-12-06T23:59:59Z 10 or 2026-06-12T23:59:59Z"},
    {"03/20/2014", "2014-03-20T23:59:59Z 10"},
    {"20/03/2014", "2014-03-20T23:59:59Z 10"},
    {"12/12/2026", "2026-12-12T23:59:59Z 10"},
    {"3/4/26", "2026-03-04T23:59:59Z 6 or 2026-04-03T23:59:59Z"},
    {"12-20-2026 10:00", "2026-12-20T10:00:00Z 16"},
    /* German */
    {"22.09.2018", "2018-09-22T23:59:59Z 10"},
    {"22.9.18", "2018-09-22T23:59:59Z 7"},
    {"22. 09. 2018", "2018-09-22T23:59:59Z 12"},
    {"06.12.2026 um 20:35 Uhr", "2026-12-06T20:35:00Z 23"},
    {"06.12.2026, 20 Uhr", "2026-12-06T20:00:00Z 18"},
    {"06.12.2026.", "2026-12-06T23:59:59Z 10"},
    {"6. Dezember 2026", "2026-12-06T23:59:59Z 16"},
    {"6.Dezember 2026", "2026-12-06T23:59:59Z 15"},
    {"1. Marz 2027", "2027-03-01T23:59:59Z 12"},
    {"1. Mai 2027 um 12:00", "2027-05-01T12:00:00Z 20"},
    /* names of months */
    {"January 17. 2025 20:35:30 UTC", "2025-01-17T20:35:30Z 29"},
    {"January\n17. 2025\n20:35:30 UTC", "2025-01-17T20:35:30Z 29"},
    {"Nov 19, 2021", "2021-11-19T23:59:59Z 12"},
    {"nov. 19th,2021", "2021-11-19T23:59:59Z 14"},
    {"November 1st 2021 at 5:00 p.m.", "2021-11-01T17:00:00Z 30"},
    {"19 November 2021", "2021-11-19T23:59:59Z 16"},
    {"19th of November, 2021", "2021-11-19T23:59:59Z 22"},
    {"19-Nov-2021", "2021-11-19T23:59:59Z 11"},
    {"19 Nov 2021 20:35 GMT", "2021-11-19T20:35:00Z 21"},
    {"19 Sept 2021", "2021-09-19T23:59:59Z 12"},
    /* full-width digits, characters */
    {"\xef\xbc\x92\xef\xbc\x90\xef\xbc\x92\xef\xbc\x96\xe5\xb9\xb4\xef\xbc\x91\xef\xbc\x92\xe6\x9c"
     "\x88"
     "\xef\xbc\x96\xe6\x97\xa5",
     "2026-12-06T23:59:59Z 30"},
    {"2026\xe5\xb9\xb4"
     "12\xe6\x9c\x88"
     "6\xe6\x97\xa5 20\xe6\x99\x82"
     "35\xe5\x88\x86",
     "2026-12-06T20:35:00Z 27"},
    /* other languages, folded */
    {"17 de enero de 2027", "2027-01-17T23:59:59Z 19"},
    {"17 enero del 2027", "2027-01-17T23:59:59Z 17"},
    {"1er fevrier 2027 a 20h35", "2027-02-01T20:35:00Z 24"},
    {"1 gennaio 2027 ore 20.35", "2027-01-01T20:35:00Z 24"},
    {"den 1", ""},
    {"17 stycznia 2027 r.", "2027-01-17T23:59:59Z 16"},
    {"17 stycznia 2027", "2027-01-17T23:59:59Z 16"},
    {"17. ledna 2027", "2027-01-17T23:59:59Z 14"},
    {"17 januari 2027 kl. 20.35", "2027-01-17T20:35:00Z 25"},
    {"17 Ocak 2027 saat 20:35", "2027-01-17T20:35:00Z 23"},
    {"17 thang 1 nam 2027", "2027-01-17T23:59:59Z 19"},
    {"17 Januari 2027 pukul 20.35 WIB", "2027-01-17T13:35:00Z 31"},
    {"\xe4\xbb\xa4\xe5\x92\x8c"
     "8\xe5\xb9\xb4"
     "12\xe6\x9c\x88"
     "6\xe6\x97\xa5",
     ""},
    /* without a year */
    {"December 6", "12-06+86399 10"},
    {"6. Dezember um 12:00 Uhr", "12-06+43200 24"},
    {"6 Mai 20 Uhr", "05-06+72000 12"},
    {"12\xe6\x9c\x88"
     "6\xe6\x97\xa5",
     "12-06+86399 9"},
    {"February 30", ""},
    {"May 123", ""},
    {"17-Jan-", "01-17+86399 6"},
    /* times of day */
    {"2026-12-06 20h35", "2026-12-06T20:35:00Z 16"},
    {"2026-12-06 20 h", "2026-12-06T20:00:00Z 15"},
    {"2026-12-06 20 hours", "2026-12-06T23:59:59Z 10"},
    {"2026-12-06 20.35", "2026-12-06T23:59:59Z 10"},
    {"2026-12-06 20.35 Uhr", "2026-12-06T20:35:00Z 20"},
    {"2026-12-06 13:00 pm", "2026-12-06T23:59:59Z 10"},
    {"2026-12-06 25:00", "2026-12-06T23:59:59Z 10"},
    {"2026-12-06 20:60", "2026-12-06T23:59:59Z 10"},
    {"2026-07-06 20:35 CET", "2026-07-06T19:35:00Z 20"},
    {"2026-07-06 20:35 CEST", "2026-07-06T18:35:00Z 21"},
    {"2026-03-29 02:30 CET", "2026-03-29T01:30:00Z 20"},
    {"2026-12-06 20:35 XYZ", "2026-12-06T20:35:00Z 16"},
    {"2026-12-06 20:35 +14:00", "2026-12-06T06:35:00Z 23"},
    {"2026-12-06 20:35 +15:00", "2026-12-06T20:35:00Z 16"},
    /* none */
    {"2026-13-06", ""},
    {"2026-02-29", ""},
    {"1900-02-29", ""},
    {"2026-00-10", ""},
    {"2026-12-00", ""},
    {"2026-12-32", ""},
    {"2026-12", ""},
    {"2026-12-06-1", ""},
    {"20261-12-06", ""},
    {"31.11.2026", ""},
    {"0.1.2026", ""},
    {"10.12.20.1", ""},
    {"192.0.2.1", ""},
    {"13/13/2026", ""},
    {"1/2/3456789", ""},
    {"Nov 19, 20:35", "11-19+74100 13"},
    {"Nov 2021", ""},
    {"may 5 users", "05-05+86399 5"},
    {"Novel 19, 2021", ""},
    {"19 Novel 2021", ""},
    {"12:30", ""},
    {"15 days", ""},
    {"", ""},
};

static void print_date(const struct date *d, struct str *to)
{
	char when[21];
	str_time(d->when, when);
	if (d->no_year)
		snprintf(when, sizeof when, "%02u-%02u+%d", d->month, d->day, d->seconds);
	str_printf(to, "%s %zu", when, d->n);
	if (d->other == d->when)
		return;
	str_time(d->other, when);
	str_printf(to, " or %s", when);
}

static void test_dates(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(dates); i++) {
		struct slice in = tight(slice_of(dates[i].text));
		struct str got = {0};
		struct date d;
		if (dates_at(in, 0, &d))
			print_date(&d, &got);
		CHECK(strcmp(str_text(&got), dates[i].want) == 0, "\"%s\": got \"%s\"",
		      dates[i].text, str_text(&got));
		str_free(&got);
		tight_free(in);
		for (size_t n = 0; n < strlen(dates[i].text); n++) {
			in = tight((struct slice){dates[i].text, n});
			CHECK(!dates_at(in, 0, &d) || d.n <= n, "row %zu cut at %zu", i, n);
			tight_free(in);
		}
	}
}

/* A day without a year is the next one, today's included. */
static void test_no_year(void **state)
{
	(void)state;
	static const struct {
		const char *text, *after, *want;
	} rows[] = {
	    {"December 6", "2026-11-22T10:00:00Z", "2026-12-06T23:59:59Z"},
	    {"January 3", "2026-12-22T10:00:00Z", "2027-01-03T23:59:59Z"},
	    {"November 22", "2026-11-22T10:00:00Z", "2026-11-22T23:59:59Z"},
	    {"November 22 09:00", "2026-11-22T10:00:00Z", "2026-11-22T09:00:00Z"},
	    {"November 21", "2026-11-22T10:00:00Z", "2027-11-21T23:59:59Z"},
	    {"February 29", "2026-11-22T10:00:00Z", "2028-02-29T23:59:59Z"},
	    {"February 29", "2096-03-01T00:00:00Z", "2104-02-29T23:59:59Z"},
	    {"December 31", "2026-12-31T23:59:59Z", "2026-12-31T23:59:59Z"},
	    {"January 1", "2026-12-31T23:59:59Z", "2027-01-01T23:59:59Z"},
	    {"January 1", "1970-01-01T00:00:00Z", "1970-01-01T23:59:59Z"},
	    {"March 1", "2199-12-31T00:00:00Z", "1970-01-01T00:00:00Z"},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct date d;
		int64_t after;
		char got[21];
		CHECK(dates_at(slice_of(rows[i].text), 0, &d) && d.no_year, "%s", rows[i].text);
		CHECK(str_to_time(slice_of(rows[i].after), &after), "%s", rows[i].after);
		str_time(dates_in_year(&d, after), got);
		CHECK(strcmp(got, rows[i].want) == 0, "%s after %s: got %s", rows[i].text,
		      rows[i].after, got);
	}
}

/* Every day from 1970 to 2199, against the count of days. */
static void test_calendar(void **state)
{
	(void)state;
	static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int64_t days = 0;
	for (int y = 1970; y < 2200; y++)
		for (int m = 1; m <= 12; m++) {
			bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
			for (int d = 1; d <= length[m - 1] + (m == 2 && leap); d++, days++) {
				char text[64];
				struct date got;
				snprintf(text, sizeof text, "%d-%02d-%02d 00:00:00", y, m, d);
				CHECK(dates_at(slice_of(text), 0, &got), "%s", text);
				CHECK(got.when == days * DAY, "%s: got %lld", text,
				      (long long)got.when);
			}
		}
}

/* -- the Date header --------------------------------------------------------------------------- */

static const struct {
	struct slice value;
	const char *want;
} mail_dates[] = {
    {LIT("Sun, 22 Nov 2026 10:00:00 +0000"), "2026-11-22T10:00:00Z"},
    {LIT(" Sun, 22 Nov 2026 10:00:00 +0000"), "2026-11-22T10:00:00Z"},
    {LIT("22 Nov 2026 10:00 +0000"), "2026-11-22T10:00:00Z"},
    {LIT("Sun,22 Nov 2026 10:00:00 GMT"), "2026-11-22T10:00:00Z"},
    {LIT("Sun, 22 Nov 2026\n 11:30:00 +0130 (CET)"), "2026-11-22T10:00:00Z"},
    {LIT("sun, 22 nov 2026 05:00:00 -0500 (a (b) \\) c)"), "2026-11-22T10:00:00Z"},
    {LIT("Sun, 22 Nov 2026 05:00:00 EST"), "2026-11-22T10:00:00Z"},
    {LIT("Sun, 22 Nov 2026 10:00:00 X"), "2026-11-22T10:00:00Z"},
    {LIT("Sun, 22 Nov 2026 10:00:00 -0000"), "2026-11-22T10:00:00Z"},
    {LIT("Sun, 22 Nov 2026 10:00:00 -2359"), "2026-11-23T09:59:00Z"},
    {LIT("Sun, 22 Nov 2026 10:00:00 -2400"), NULL},
    {LIT("Sun, 22 Nov 2026 10:00:00"), "2026-11-22T10:00:00Z"},
    {LIT("22 Nov 26 10:00:00 +0000"), "2026-11-22T10:00:00Z"},
    {LIT("22 Nov 99 10:00:00 +0000"), "1999-11-22T10:00:00Z"},
    {LIT("22 Nov 126 10:00:00 +0000"), "2026-11-22T10:00:00Z"},
    {LIT("1 Jan 1970 00:00:00 +0000"), "1970-01-01T00:00:00Z"},
    {LIT("31 Dec 2026 23:59:60 +0000"), "2026-12-31T23:59:59Z"},
    {LIT("(x) 22 (y) Nov (z) 2026 10 : 00 : 00 +0000"), "2026-11-22T10:00:00Z"},
    {LIT("Sun 22 Nov 2026 10:00:00 +0000"), NULL},
    {LIT("22 Nov 2026"), NULL},
    {LIT("2026-11-22 10:00:00"), NULL},
    {LIT("31 Nov 2026 10:00:00 +0000"), NULL},
    {LIT("22 Nov 2026 24:00:00 +0000"), NULL},
    {LIT("22 Nov 2026 10:60:00 +0000"), NULL},
    {LIT("22 Nov 2026 10:00:00 +000"), NULL},
    {LIT("22 Nov 2026 10:00:00 +0060"), NULL},
    {LIT("22 Nov 2026 10:00:00 +0000 x"), NULL},
    {LIT("22 Nov 2026 10:00:00 +0000\0"), NULL},
    {LIT("22 Nov 2026 10:00:00 +0000 (open"), NULL},
    {LIT("\xef\xbc\x92\xef\xbc\x92 Nov 2026 10:00:00 +0000"), NULL},
    {LIT(""), NULL},
};

static void test_mail_dates(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(mail_dates); i++) {
		struct maildate date = {0};
		char got[21] = "";
		struct slice in = tight(mail_dates[i].value);
		bool ok = maildate_read(in, &date);
		tight_free(in);
		if (ok)
			str_time(date.when, got);
		CHECK(strcmp(got, mail_dates[i].want ? mail_dates[i].want : "") == 0,
		      "\"%s\": got \"%s\"", mail_dates[i].value.p, got);
		for (size_t n = 0; n < mail_dates[i].value.n; n++) {
			in = tight((struct slice){mail_dates[i].value.p, n});
			maildate_read(in, &date);
			tight_free(in);
		}
	}
}

/* -- the lexicon ------------------------------------------------------------------------------- */

static void test_lexicon(void **state)
{
	(void)state;
	size_t n;
	for (size_t i = 0; i < lexicon_count; i++) {
		const struct lexeme *l = &lexicon[i];
		CHECK(i == 0 || strcmp(lexicon[i - 1].word, l->word) < 0, "%s is out of order",
		      l->word);
		CHECK(lexicon_at(slice_of(l->word), 0, &n) == l && n == strlen(l->word), "%s",
		      l->word);
		CHECK((l->number != 0) == (l->number_languages != 0) &&
			  (l->unit != 0) == (l->unit_languages != 0),
		      "%s: languages", l->word);
		CHECK(l->number || l->unit || l->month, "%s is nothing", l->word);
	}
	CHECK(!lexicon_at(slice_of("novel"), 0, &n), "a longer word");
	CHECK(!lexicon_at(slice_of("aaaaaaaaaaaaaaaaaaaaaaaa"), 0, &n), "a very long word");
	CHECK(!lexicon_at(slice_of(""), 0, &n), "nothing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_dates),    cmocka_unit_test(test_no_year),
	    cmocka_unit_test(test_calendar), cmocka_unit_test(test_mail_dates),
	    cmocka_unit_test(test_lexicon),
	};
	return cmocka_run_group_tests_name("letter_dates", tests, NULL, NULL);
}
