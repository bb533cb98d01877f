/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * letter_deadline.c - dates, spans and the deadline that follows from them.
 *
 * All mails of the tables are of Sunday 2026-11-22, 10:00:00 UTC.
 */
#include <stdio.h>

#include "base/limits.h"
#include "rules/core/fold.h"
#include "rules/letter/dates.h"
#include "rules/letter/deadline.h"
#include "rules/letter/words.h"
#include "tests/rules/table.h"

#define MAIL_DATE 1795341600 /* 2026-11-22T10:00:00Z */
#define DAY       86400

/* -- one date ---------------------------------------------------------------------------------- */

static const struct {
	const char *text, *want; /* want: time, octets; "" for none */
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
    {"1 stycznia 2027", "2027-01-01T23:59:59Z 15"},
    {"1 lutego 2027 r.", "2027-02-01T23:59:59Z 13"},
    {"1 marca 2027", "2027-03-01T23:59:59Z 12"},
    {"1 kwietnia 2027", "2027-04-01T23:59:59Z 15"},
    {"1 maja 2027", "2027-05-01T23:59:59Z 11"},
    {"1 czerwca 2027", "2027-06-01T23:59:59Z 14"},
    {"1 lipca 2027", "2027-07-01T23:59:59Z 12"},
    {"1 sierpnia 2027", "2027-08-01T23:59:59Z 15"},
    {"1 wrzesnia 2027", "2027-09-01T23:59:59Z 15"},
    {"1 pazdziernika 2027", "2027-10-01T23:59:59Z 19"},
    {"1 listopada 2027", "2027-11-01T23:59:59Z 16"},
    {"1 grudnia 2027", "2027-12-01T23:59:59Z 14"},
    {"1. ledna 2027", "2027-01-01T23:59:59Z 13"},
    {"1. unora 2027", "2027-02-01T23:59:59Z 13"},
    {"1. brezna 2027", "2027-03-01T23:59:59Z 14"},
    {"1. dubna 2027", "2027-04-01T23:59:59Z 13"},
    {"1. kvetna 2027", "2027-05-01T23:59:59Z 14"},
    {"1. cervna 2027", "2027-06-01T23:59:59Z 14"},
    {"1. cervence 2027", "2027-07-01T23:59:59Z 16"},
    {"1. srpna 2027", "2027-08-01T23:59:59Z 13"},
    {"1. zari 2027", "2027-09-01T23:59:59Z 12"},
    {"1. rijna 2027", "2027-10-01T23:59:59Z 13"},
    {"1. listopadu 2027", "2027-11-01T23:59:59Z 17"},
    {"1. prosince 2027", "2027-12-01T23:59:59Z 16"},
    {"1 Ocak 2027", "2027-01-01T23:59:59Z 11"},
    {"1 Subat 2027", "2027-02-01T23:59:59Z 12"},
    {"1 Mart 2027", "2027-03-01T23:59:59Z 11"},
    {"1 Nisan 2027", "2027-04-01T23:59:59Z 12"},
    {"1 Mayis 2027", "2027-05-01T23:59:59Z 12"},
    {"1 Haziran 2027", "2027-06-01T23:59:59Z 14"},
    {"1 Temmuz 2027", "2027-07-01T23:59:59Z 13"},
    {"1 Agustos 2027", "2027-08-01T23:59:59Z 14"},
    {"1 Eylul 2027", "2027-09-01T23:59:59Z 12"},
    {"1 Ekim 2027", "2027-10-01T23:59:59Z 11"},
    {"1 Kasim 2027", "2027-11-01T23:59:59Z 12"},
    {"1 Aralik 2027", "2027-12-01T23:59:59Z 13"},
    {"1 Januari 2027", "2027-01-01T23:59:59Z 14"},
    {"1 Februari 2027", "2027-02-01T23:59:59Z 15"},
    {"1 Maret 2027", "2027-03-01T23:59:59Z 12"},
    {"1 Mei 2027", "2027-05-01T23:59:59Z 10"},
    {"1 Agustus 2027", "2027-08-01T23:59:59Z 14"},
    {"1 Desember 2027", "2027-12-01T23:59:59Z 15"},
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
    {"Nov 19, 20:35", ""},
    {"Nov 2021", ""},
    {"may 5 users", ""},
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
		int64_t when = 0;
		char got[21] = "";
		struct slice in = tight(mail_dates[i].value);
		bool ok = dates_of_mail(in, &when);
		tight_free(in);
		if (ok)
			str_time(when, got);
		CHECK(strcmp(got, mail_dates[i].want ? mail_dates[i].want : "") == 0,
		      "\"%s\": got \"%s\"", mail_dates[i].value.p, got);
		for (size_t n = 0; n < mail_dates[i].value.n; n++) {
			in = tight((struct slice){mail_dates[i].value.p, n});
			dates_of_mail(in, &when);
			tight_free(in);
		}
	}
}

/* -- the deadline ------------------------------------------------------------------------------ */

#define V CLASS_VERIFICATION
#define S CLASS_SUSPENSION
#define R CLASS_RENEWAL
#define O CLASS_TRANSFER_OUT
#define C CLASS_CHANGE_OF_REGISTRANT

#define KEY_SYSTEMS_TABLE                             \
	"Verification required until / Domain Name\n" \
	"2026-12-07 20:35:30 example.com\n"           \
	"2026-12-05 08:00:00 example.net\n\n"

static const struct {
	enum class_id class;
	const char *subject, *text, *want; /* want: time and source */
} deadlines[] = {
    /* stated, English */
    {V, "", KEY_SYSTEMS_TABLE, "2026-12-05T08:00:00Z stated"},
    {V, "",
     KEY_SYSTEMS_TABLE "we are required to suspend your domain name registration(s) using these "
		       "contact details no later than:\n\n Friday December 04. 2026 20:35:30 UTC\n",
     "2026-12-04T20:35:30Z stated"},
    {V, "", "Verification Deadline Date   Domain Name\n2026-12-07 21:45:59   example.com\n",
     "2026-12-07T21:45:59Z stated"},
    {V, "", "Domain Name     Verification Deadline Date\nexample.com   2026-12-07 21:45:59\n",
     "2026-12-07T21:45:59Z stated"},
    {V, "", "You have until 12/20/2026 to verify this email address.",
     "2026-12-20T23:59:59Z stated"},
    {V, "", "You have until 12/06/2026 to verify.", "2026-12-06T23:59:59Z stated"},
    {V, "", "You have until 06/12/2026 to verify.", "2026-12-06T23:59:59Z stated"},
    {V, "", "Please confirm by 2026-12-06 17:40:40 that", "2026-12-06T17:40:40Z stated"},
    {V, "", "Please confirm by the end of Friday, December 4, 2026.",
     "2026-12-04T23:59:59Z stated"},
    {V, "", "Please confirm before midnight UTC on 4 December 2026.",
     "2026-12-04T23:59:59Z stated"},
    {V, "", "Deadline: 4 December 2026", "2026-12-04T23:59:59Z stated"},
    {V, "", "Deadline for the confirmation of your address:\n\n    2026-12-04\n",
     "2026-12-04T23:59:59Z stated"},
    {V, "", "On December 4, 2026 your domain will be suspended.", "2026-12-04T23:59:59Z stated"},
    {V, "", "Your domain will be suspended on 2026-12-04 10:00 CET.",
     "2026-12-04T09:00:00Z stated"},
    {V, "", "This link will expire on 2026-12-04.", "2026-12-04T23:59:59Z stated"},
    {V, "Verify example.com by 2026-12-04", "", "2026-12-04T23:59:59Z stated"},
    {V, "", "by 2026-12-04 or by 2026-12-03, at the latest 2026-12-05",
     "2026-12-03T23:59:59Z stated"},
    {C, "", "your *confirmation is required* by [2026-12-06 12:00:00].",
     "2026-12-06T12:00:00Z stated"},
    {O, "",
     "Example received notification on 2026-11-22 that you have requested a transfer to another "
     "domain name registrar. If you wish to cancel the transfer, please contact us before "
     "2026-11-27 by:\n",
     "2026-11-27T23:59:59Z stated"},
    {R, "", "Domain Name\tExpiration Date\n\nexample.com\t2026-12-22 00:00:00\n",
     "2026-12-22T00:00:00Z stated"},
    {R, "example.com will expire on Dec 19, 2026", "", "2026-12-19T23:59:59Z stated"},
    {R, "", "your domain example.com will expire on the 2027-06-27.\nNormally it is renewed.",
     "2027-06-27T23:59:59Z stated"},
    {R, "", "your domain example.com expired on 2026-11-19", "2026-11-19T23:59:59Z stated"},
    {S, "", "Your domain example.com was suspended on 2026-11-20", "2026-11-20T23:59:59Z stated"},
    {S, "", "Deadline: 2026-11-20 09:00:00", "2026-11-20T09:00:00Z stated"},
    {S, "", "example.com will be suspended on 2026-11-25", "2026-11-25T23:59:59Z stated"},
    /* stated, German and Japanese */
    {V, "", "Bitte best\xc3\xa4tigen Sie bis 04.12.2026.", "2026-12-04T23:59:59Z stated"},
    {V, "", "bis zum 4. Dezember 2026 um 12:00 Uhr", "2026-12-04T12:00:00Z stated"},
    {V, "", "bis sp\xc3\xa4testens Freitag, den 04.12.2026", "2026-12-04T23:59:59Z stated"},
    {V, "", "Frist zur Best\xc3\xa4tigung: 04.12.2026", "2026-12-04T23:59:59Z stated"},
    {V, "", "Am 04.12.2026 wird Ihre Domain deaktiviert.", "2026-12-04T23:59:59Z stated"},
    {V, "", "Ablauf der Verifizierungsfrist / Domain\n2026-12-07 21:45:59   example.com\n",
     "2026-12-07T21:45:59Z stated"},
    {R, "",
     "Ihre Domain example.com im aktuellen Registrierungsjahr zum 2026-12-27 Datum "
     "abl\xc3\xa4uft.",
     "2026-12-27T23:59:59Z stated"},
    {R, "",
     "Nach unseren Daten endet die aktuelle Laufzeit Ihrer Registrierung am:\n\n2026-12-27\n",
     "2026-12-27T23:59:59Z stated"},
    {R, "", "Ihre Domain example.com l\xc3\xa4uft am 27.12.2026 ab.",
     "2026-12-27T23:59:59Z stated"},
    {V, "",
     "2026\xe5\xb9\xb4"
     "12\xe6\x9c\x88"
     "6\xe6\x97\xa5\xe3\x81\xbe\xe3\x81\xa7\xe3\x81\xab",
     "2026-12-06T23:59:59Z stated"},
    /* stated, Polish and Czech */
    {V, "", "do dnia 04.12.2026", "2026-12-04T23:59:59Z stated"},
    {V, "", "do końca 4 grudnia 2026", "2026-12-04T23:59:59Z stated"},
    {V, "", "najpóźniej 04.12.2026", "2026-12-04T23:59:59Z stated"},
    {R, "", "Domena example.pl wygasa 20.12.2026", "2026-12-20T23:59:59Z stated"},
    {R, "", "Ważność domeny upływa 20.12.2026", "2026-12-20T23:59:59Z stated"},
    {V, "", "do konce dne 4. prosince 2026", "2026-12-04T23:59:59Z stated"},
    {V, "", "nejpozději 4. 12. 2026", "2026-12-04T23:59:59Z stated"},
    {R, "", "Doména example.cz vyprší 20.12.2026", "2026-12-20T23:59:59Z stated"},
    {R, "", "Platnost končí 20.12.2026", "2026-12-20T23:59:59Z stated"},
    /* stated, Turkish, Vietnamese and Indonesian */
    {V, "", "04.12.2026 tarihine kadar", "2026-12-04T23:59:59Z stated"},
    {V, "", "Son tarih: 4 Aralık 2026", "2026-12-04T23:59:59Z stated"},
    {R, "", "Alan adınızın süresi doluyor: 20.12.2026", "2026-12-20T23:59:59Z stated"},
    {R, "", "ALAN ADININ SÜRESİ BİTİYOR: 20.12.2026", "2026-12-20T23:59:59Z stated"},
    {R, "", "20.12.2026 tarihinde sona eriyor", "2026-12-20T23:59:59Z stated"},
    {V, "", "trước ngày 20/12/2026", "2026-12-20T23:59:59Z stated"},
    {V, "", "Hạn chót: 20/12/2026", "2026-12-20T23:59:59Z stated"},
    {V, "", "chậm nhất là 20/12/2026", "2026-12-20T23:59:59Z stated"},
    {R, "", "hết hạn vào 20/12/2026", "2026-12-20T23:59:59Z stated"},
    {V, "", "sebelum tanggal 4 Desember 2026", "2026-12-04T23:59:59Z stated"},
    {V, "", "sampai dengan 20/12/2026", "2026-12-20T23:59:59Z stated"},
    {V, "", "hingga 20/12/2026", "2026-12-20T23:59:59Z stated"},
    {V, "", "paling lambat 20/12/2026", "2026-12-20T23:59:59Z stated"},
    {V, "", "Batas waktu verifikasi: 20/12/2026", "2026-12-20T23:59:59Z stated"},
    {R, "", "Domain akan kedaluwarsa pada 20/12/2026", "2026-12-20T23:59:59Z stated"},
    {R, "", "Domain akan kadaluarsa pada 20/12/2026", "2026-12-20T23:59:59Z stated"},
    {R, "", "Domain berakhir pada 20/12/2026", "2026-12-20T23:59:59Z stated"},
    /* stated, Japanese, Chinese and Korean */
    {V, "", "２０２６年１２月４日ま\nで", "2026-12-04T23:59:59Z stated"},
    {R, "", "ドメインの満了：2026年12月20日", "2026-12-20T23:59:59Z stated"},
    {R, "", "2026年12月20日に失効します", "2026-12-20T23:59:59Z stated"},
    {V, "", "请在2026年12月4日之前验证", "2026-12-04T23:59:59Z stated"},
    {V, "", "請於2026年12月4日以前驗證", "2026-12-04T23:59:59Z stated"},
    {V, "", "截止日期：2026年12月4日", "2026-12-04T23:59:59Z stated"},
    {V, "", "最迟2026年12月4日", "2026-12-04T23:59:59Z stated"},
    {V, "", "最遲2026年12月4日", "2026-12-04T23:59:59Z stated"},
    {R, "", "将于2026年12月20日到期", "2026-12-20T23:59:59Z stated"},
    {R, "", "将于2026年12月20日过期", "2026-12-20T23:59:59Z stated"},
    {R, "", "將於2026年12月20日過\n期", "2026-12-20T23:59:59Z stated"},
    {V, "", "2026년 12월 4일까지", "2026-12-04T23:59:59Z stated"},
    {V, "", "인증 기한: 2026년 12월 4일", "2026-12-04T23:59:59Z stated"},
    {R, "", "2026년 12월 20일에 만료됩니다", "2026-12-20T23:59:59Z stated"},
    {R, "", "만기일: 2026년 12월 20일", "2026-12-20T23:59:59Z stated"},
    {V, "", "期限があります。2026年12月4日に休業します。", ""},
    {V, "", "2026年12月4日休業。その日までに", ""},
    /* dates that are no deadline */
    {V, "", "As of January 1, 2014, ICANN requires that you verify.", ""},
    {V, "", "As of December 1, 2026 the new policy requires a deadline.", ""},
    {V, "", "die am 31.08.2013 in Kraft getretene Vorschrift, bis 31.08.2013", ""},
    {V, "", "Registered on 2026-11-22. Expires on 2026-12-20.", ""},
    {V, "", "Your request of 2026-11-23 was received.", ""},
    {V, "", "Domain Name  Expiration Date\nexample.com  2026-12-20\n", ""},
    {V, "", "Domain Name  Registered\nexample.com  2026-12-20\n", ""},
    {V, "", "Transfer of example.com requested 2026-11-22", ""},
    {V, "", "example.com requested 2026-11-22", ""},
    {V, "", "before 2026-11-22 09:59:59", ""},
    {V, "", "before 2026-11-21", ""},
    {V, "", "Your domain was suspended on 2026-11-20", ""},
    {R, "", "Deadline 2026-11-20", ""},
    {V, "", "see http://www.example.com/by-2026-12-06/until?2026-12-06 and more", ""},
    {V, "", "until 1.12.2026.4 or version 2026-12-06-1", ""},
    {O, "", "Once a transfer takes place, you will not be able to transfer for 60 days", ""},
    /* a span, from the mail's own date */
    {V, "", "Please verify within 15 days.", "2026-12-07T10:00:00Z relative"},
    {V, "", "within fifteen (15) calendar days", "2026-12-07T10:00:00Z relative"},
    {V, "", "within the next 14 working days", "2026-12-06T10:00:00Z relative"},
    {V, "", "within\n15\ndays", "2026-12-07T10:00:00Z relative"},
    {V, "", "within two weeks", "2026-12-06T10:00:00Z relative"},
    {V, "", "You have 7 days to verify this address.", "2026-11-29T10:00:00Z relative"},
    {V, "", "10 days remaining", "2026-12-02T10:00:00Z relative"},
    {V, "", "There are 2 days left.", "2026-11-24T10:00:00Z relative"},
    {V, "Urgent Domain Verification Needed (3 day(s) notice)", "", "2026-11-25T10:00:00Z relative"},
    {V, "", "0 days remaining", "2026-11-22T10:00:00Z relative"},
    {V, "", "within 15 days, reminders come, within 7 days too", "2026-11-29T10:00:00Z relative"},
    {R, "", "the domain will expire in seven days.", "2026-11-29T10:00:00Z relative"},
    {R, "", "dass die Domain in sieben Tagen ausl\xc3\xa4uft", "2026-11-29T10:00:00Z relative"},
    {V, "", "innerhalb von 15 Tagen", "2026-12-07T10:00:00Z relative"},
    {V, "",
     "innerhalb der n\xc3\xa4"
     "chsten 15 Tage",
     "2026-12-07T10:00:00Z relative"},
    {V, "", "binnen vierzehn Tagen", "2026-12-06T10:00:00Z relative"},
    {V, "", "maximal 15 Tage Zeit, die Daten zu", "2026-12-07T10:00:00Z relative"},
    {V, "", "Sie haben noch 5 Tage", "2026-11-27T10:00:00Z relative"},
    {V, "", "Es verbleiben 5 Tage.", "2026-11-27T10:00:00Z relative"},
    {V, "", "innert 15 Tagen", "2026-12-07T10:00:00Z relative"},
    {V, "", "dans les 15 jours", "2026-12-07T10:00:00Z relative"},
    {V, "", "entro 15 giorni", "2026-12-07T10:00:00Z relative"},
    {V, "", "en at\xc3\xa9 15 dias", "2026-12-07T10:00:00Z relative"},
    {V, "",
     "dentro de los 15 d\xc3\xad"
     "as",
     "2026-12-07T10:00:00Z relative"},
    {V, "", "binnen 14 dagen", "2026-12-06T10:00:00Z relative"},
    {V, "", "w ci\xc4\x85gu 15 dni", "2026-12-07T10:00:00Z relative"},
    {V, "", "trong v\xc3\xb2ng 15 ng\xc3\xa0y", "2026-12-07T10:00:00Z relative"},
    {V, "",
     "15 g\xc3\xbcn i\xc3\xa7"
     "erisinde",
     "2026-12-07T10:00:00Z relative"},
    {V, "", "15\xe6\x97\xa5\xe4\xbb\xa5\xe5\x86\x85", "2026-12-07T10:00:00Z relative"},
    {V, "",
     "\xe9\x80\x81\xe4\xbf\xa1\xe5\xbe\x8c\xef\xbc\x92\xe9\x80\xb1\xe9\x96\x93\xe4\xbb\xa5\xe5\x86"
     "\x85"
     "\xe3\x81\xab",
     "2026-12-06T10:00:00Z relative"},
    {V, "", "15\xe5\xa4\xa9\xe4\xb9\x8b\xe5\x86\x85", "2026-12-07T10:00:00Z relative"},
    {V, "", "15\xec\x9d\xbc \xec\x9d\xb4\xeb\x82\xb4", "2026-12-07T10:00:00Z relative"},
    {V, "", "do 15 dni", "2026-12-07T10:00:00Z relative"},
    {V, "", "w ciagu 2 tygodni", "2026-12-06T10:00:00Z relative"},
    {V, "", "w ciągu kolejnych 14 dni", ""},
    {V, "", "w ciągu 14 kolejnych dni", "2026-12-06T10:00:00Z relative"},
    {V, "", "do 15 pracovních dnů", "2026-12-07T10:00:00Z relative"},
    {V, "", "během 2 týdnů", "2026-12-06T10:00:00Z relative"},
    {V, "", "15 iş günü içinde", "2026-12-07T10:00:00Z relative"},
    {V, "", "2 hafta icinde", "2026-12-06T10:00:00Z relative"},
    {V, "", "trong vong 15 ngay", "2026-12-07T10:00:00Z relative"},
    {V, "", "trong vòng 2 tuần", "2026-12-06T10:00:00Z relative"},
    {V, "", "dalam 15 hari", "2026-12-07T10:00:00Z relative"},
    {V, "", "dalam waktu 2 minggu", "2026-12-06T10:00:00Z relative"},
    {V, "", "１５日以\n内", "2026-12-07T10:00:00Z relative"},
    {V, "", "15 天內", "2026-12-07T10:00:00Z relative"},
    {V, "", "15个工作日内", "2026-12-07T10:00:00Z relative"},
    {V, "", "15個工作天內", "2026-12-07T10:00:00Z relative"},
    {V, "", "两周：2周内", "2026-12-06T10:00:00Z relative"},
    {V, "", "2週內", "2026-12-06T10:00:00Z relative"},
    {V, "", "15일 안에", "2026-12-07T10:00:00Z relative"},
    {V, "", "2주 내에", "2026-12-06T10:00:00Z relative"},
    /* a stated date goes before a span */
    {V, "", "within 5 days, until 2026-12-06", "2026-12-06T23:59:59Z stated"},
    /* spans that are no deadline */
    {V, "", "Your domain will be reactivated within 2 days.", ""},
    {V, "", "It may take up to 2 days.", ""},
    {V, "", "the transfer will take place within five (5) calendar days", ""},
    {V, "", "We answer support requests within 1 day.", ""},
    {V, "", "Wenn Sie best\xc3\xa4tigen, ist die Domain innerhalb von 2 Tagen wieder erreichbar.",
     ""},
    {V, "", "Domena zostanie przywrócona w ciągu 2 dni.", ""},
    {V, "", "Doména bude obnovena do 2 dnů.", ""},
    {V, "", "Alan adınız 2 gün içinde yeniden açılır.", ""},
    {V, "", "Domain aktif kembali dalam 2 hari.", ""},
    {V, "", "2天内恢复解析", ""},
    {V, "", "2天內恢復解析", ""},
    {V, "", "2일 이내에 복구됩니다", ""},
    {V, "", "You hear from us in 7 days.", ""},
    {V, "", "a 15-day window", ""},
    {V, "", "within 24 hours", ""},
    {V, "", "within 91 days", ""},
    {V, "", "within 15 daystrips", ""},
    {V, "", "within 115 days", ""},
    {R, "", "You can restore the domain within 30 days after expiration.", ""},
    {S, "", "You did not verify within 15 days.", "2026-11-22T10:00:00Z policy"},
    {S, "", "", "2026-11-22T10:00:00Z policy"},
    {V, "", "", ""},
};

/* For tight_free. */
static struct slice folded(const char *text)
{
	struct str lines = {0};
	fold_lines(slice_of(text), &lines);
	struct slice copy = tight((struct slice){str_text(&lines), lines.n});
	str_free(&lines);
	return copy;
}

static void read_deadline(size_t row, int64_t date, unsigned days, struct str *to)
{
	struct deadline d;
	struct slice subject = folded(deadlines[row].subject);
	struct slice text = folded(deadlines[row].text);
	deadline_read(subject, text, deadlines[row].class, date, days, &d);
	tight_free(subject);
	tight_free(text);
	if (d.source != DEADLINE_NONE) {
		char when[21];
		str_time(d.when, when);
		str_printf(to, "%s %s", when, deadline_source_name(d.source));
	}
}

static void test_deadlines(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(deadlines); i++) {
		struct str got = {0};
		read_deadline(i, MAIL_DATE, 0, &got);
		CHECK(strcmp(str_text(&got), deadlines[i].want) == 0,
		      "\"%s%s\": got \"%s\", want \"%s\"", deadlines[i].subject, deadlines[i].text,
		      str_text(&got), deadlines[i].want);
		str_free(&got);
		/* what found nothing falls back on policy */
		if (!deadlines[i].want[0]) {
			read_deadline(i, MAIL_DATE, 14, &got);
			CHECK(strcmp(str_text(&got), "2026-12-06T10:00:00Z policy") == 0,
			      "\"%s\": policy %s", deadlines[i].text, str_text(&got));
			str_free(&got);
		}
		/* without a Date header only what is stated counts */
		read_deadline(i, 0, 14, &got);
		CHECK(!strstr(str_text(&got), "relative") && !strstr(str_text(&got), "policy"),
		      "\"%s\": no date, but %s", deadlines[i].text, str_text(&got));
		str_free(&got);
	}
}

/* The edges of what is sensible, in seconds from the mail's date. */
static void test_edges(void **state)
{
	(void)state;
	static const struct {
		enum class_id class;
		const char *words;
		int64_t from_date;
		bool want;
	} rows[] = {
	    {V, "until", 0, true},
	    {V, "until", -1, false},
	    {V, "until", LIMIT_DEADLINE_ACTION_DAYS * DAY, true},
	    {V, "until", LIMIT_DEADLINE_ACTION_DAYS * DAY + 1, false},
	    {C, "until", LIMIT_DEADLINE_ACTION_DAYS * DAY + 1, false},
	    {O, "until", LIMIT_DEADLINE_ACTION_DAYS * DAY + 1, false},
	    {R, "until", LIMIT_DEADLINE_ACTION_DAYS * DAY + 1, true},
	    {R, "expires on", LIMIT_DEADLINE_AHEAD_DAYS * DAY, true},
	    {R, "expires on", LIMIT_DEADLINE_AHEAD_DAYS * DAY + 1, false},
	    {CLASS_NIS2, "until", LIMIT_DEADLINE_AHEAD_DAYS * DAY, true},
	    {CLASS_NIS2, "until", LIMIT_DEADLINE_AHEAD_DAYS * DAY + 1, false},
	    {R, "expired on", -LIMIT_DEADLINE_PAST_DAYS * DAY, true},
	    {R, "expired on", -LIMIT_DEADLINE_PAST_DAYS * DAY - 1, false},
	    {R, "until", -1, false},
	    {S, "suspended on", -LIMIT_DEADLINE_PAST_DAYS * DAY, true},
	    {S, "suspended on", -LIMIT_DEADLINE_PAST_DAYS * DAY - 1, false},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str text = {0};
		struct deadline got;
		char when[21];
		str_time(MAIL_DATE + rows[i].from_date, when);
		str_printf(&text, "%s %s", rows[i].words, when);
		deadline_read((struct slice){NULL, 0}, (struct slice){text.p, text.n},
			      rows[i].class, MAIL_DATE, 0, &got);
		CHECK((got.source == DEADLINE_STATED) == rows[i].want, "row %zu: got %d", i,
		      got.source);
		CHECK(!rows[i].want || got.when == MAIL_DATE + rows[i].from_date, "row %zu", i);
		str_free(&text);
	}
}

/* A long table keeps the meaning of its heading; hostile repetition ends soon. */
static void test_long(void **state)
{
	(void)state;
	static const char *const unit[] = {
	    "2026-12-06 example.com\n",
	    "1 day ",
	    "within 1 day, ",
	    "until 2026-12-06 ",
	    "11.12.20",
	    "fifteen (15",
	    "Nov 19, ",
	    "\n\n",
	    ": \n",
	    "\xe6\x97\xa5",
	    "by the end of the ",
	};
	for (size_t i = 0; i < COUNT_OF(unit); i++) {
		struct str text = {0};
		struct deadline got;
		str_puts(&text, "Domain Name   Expiration Date\n");
		while (text.n < LIMIT_TEXT_BYTES)
			str_puts(&text, unit[i]);
		deadline_read((struct slice){NULL, 0}, (struct slice){text.p, text.n}, V, MAIL_DATE,
			      0, &got);
		CHECK(i || got.source == DEADLINE_NONE, "an expiry table in a verification: %d",
		      got.source);
		str_free(&text);
	}
}

static void test_words(void **state)
{
	(void)state;
	static const char *const list[] = {"by$", "expir", "as of$", "\xe5\x86\x85", NULL};
	static const struct {
		const char *text;
		bool any, last;
	} rows[] = {
	    {"by", true, true},
	    {"By:  ", true, true},
	    {"bye", false, false},
	    {"standby", false, false},
	    {"by the", true, false},
	    {"it expired", true, false},
	    {"unexpired", false, false},
	    {"AS OF", true, true},
	    {"\xe4\xbb\xa5\xe5\x86\x85", true, false},
	    {"", false, false},
	};
	static const char *const whole[] = {"by$", "as of$", NULL};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct slice in = tight(slice_of(rows[i].text));
		CHECK(words_any(in, list) == rows[i].any, "%s", rows[i].text);
		CHECK(words_last(in, whole) == rows[i].last, "%s", rows[i].text);
		tight_free(in);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_dates),      cmocka_unit_test(test_calendar),
	    cmocka_unit_test(test_mail_dates), cmocka_unit_test(test_deadlines),
	    cmocka_unit_test(test_edges),      cmocka_unit_test(test_long),
	    cmocka_unit_test(test_words),
	};
	return cmocka_run_group_tests_name("letter_deadline", tests, NULL, NULL);
}
