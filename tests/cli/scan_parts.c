/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scan_parts.c - parts of keepname scan: dates on mail and in logs, compressed octets read in every
 * size of pieces, cut off at every octet, and how far they may swell.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include <zlib.h>
#include <zstd.h>

#include "base/limits.h"
#include "cli/date.h"
#include "cli/scan/scan_octets.h"
#include "tests/rules/table.h"

#define NONE INT64_MIN

/* -- dates ---------------------------------------------------------------------------------- */

struct dated {
	const char *text;
	int64_t want; /* NONE: no date */
};

static void check_dates(const struct dated *rows, size_t count,
			bool (*read)(struct slice text, int64_t *ret_time))
{
	for (size_t i = 0; i < count; i++) {
		const struct slice text = tight(slice_of(rows[i].text));
		int64_t got = NONE;

		if (!read(text, &got))
			got = NONE;
		CHECK(got == rows[i].want, "\"%s\": got %lld, want %lld", rows[i].text,
		      (long long)got, (long long)rows[i].want);
		tight_free(text);
	}
}

static void dates_of_mail(void **state)
{
	(void)state;
	static const struct dated rows[] = {
	    {"Fri, 27 Nov 2026 05:30:13 +0000", 1795757413},
	    {"Fri, 27 Nov 2026 06:30:13 +0100 (CET)", 1795757413},
	    {"27 Nov 2026 00:00:13 -0530", 1795757413},
	    {" 27\n\tnov 2026 05:30 GMT", 1795757400},
	    {"Fri, 27 Nov 2026 05:30:13", 1795757413},
	    {"Fri, 27 Nov 2026 05:30:60 +0000", 1795757460},
	    {"29 Feb 2028 00:00:00 +0000", 1835395200},
	    {"29 Feb 2027 00:00:00 +0000", NONE},
	    {"31 Nov 2026 05:30:13 +0000", NONE},
	    {"Fri, 27 Nov 26 05:30:13 +0000", NONE},
	    {"Fri, 27 Nov 2026 24:30:13 +0000", NONE},
	    {"Fri, 27 Nov 2026 5:30:13 +0000", NONE},
	    {"Fri, 27 Nov 2026 05:30:13 +9999", NONE},
	    {"Xyz, 27 Nov 2026 05:30:13 +0000", NONE},
	    {"0 Nov 2026 05:30:13 +0000", NONE},
	    {"99999999999999999999 Nov 2026 05:30:13 +0000", NONE},
	    {"Fri,", NONE},
	    {"", NONE},
	};
	static const struct dated received[] = {
	    {"from x by y; Fri, 27 Nov 2026 05:30:13 +0000", 1795757413},
	    {"from x (a;b) by y\n\tid z;\n\tFri, 27 Nov 2026 05:30:13 +0000", 1795757413},
	    {"from x by y", NONE},
	    {"from x by y;", NONE},
	    {"", NONE},
	};
	static const struct dated from_lines[] = {
	    {"From a@b Fri Nov 27 05:30:13 2026\n", 1795757413},
	    {"From a@b  Fri Nov  7 05:30:13 2026\r\n", 1794029413},
	    {"From - Fri Nov 27 05:30:13 2026\n", 1795757413},
	    {"From MAILER-DAEMON Fri Nov 27 05:30 2026\n", 1795757400},
	    {"From a@b Fri Nov 27 06:30:13 +0100 2026\n", 1795757413},
	    {"From a@b Fri Nov 27 06:30:13 2026 +0100\n", 1795757413},
	    {"From a@b Fri Nov 27 05:30:13 UTC 2026\n", 1795757413},
	    {"From \"a b\"@c Fri Nov 27 05:30:13 2026\n", 1795757413},
	    {"From Fri Nov 27 05:30:13 2026\n", 1795757413},
	    {"From me to you\n", NONE},
	    {"From a Friday in November\n", NONE},
	    {"From a@b Fri Nov 27 05:30:13\n", NONE},
	    {"From a@b Fri Nov 27 05:30:13 2026 and more\n", NONE},
	    {"From: a@b Fri Nov 27 05:30:13 2026\n", NONE},
	    {"From", NONE},
	};
	check_dates(rows, COUNT_OF(rows), date_of_mail);
	check_dates(received, COUNT_OF(received), date_of_received);
	check_dates(from_lines, COUNT_OF(from_lines), date_of_from_line);
}

static bool maildir(struct slice text, int64_t *ret_time)
{
	char name[64];

	return slice_copy(text, name, sizeof(name)) && date_of_maildir(name, ret_time);
}

static bool option(struct slice text, int64_t *ret_time)
{
	char name[64];

	return slice_copy(text, name, sizeof(name)) && date_of_option(name, ret_time);
}

static void dates_of_names(void **state)
{
	(void)state;
	static const struct dated names[] = {
	    {"1795757413.M1P1.host:2,S", 1795757413},
	    {"999999999.x", 999999999},
	    {"99999999.x", NONE},
	    {"4294967295.x", 4294967295},
	    {"4294967296.x", NONE},
	    {"17957574130.x", NONE},
	    {"1795757413", NONE},
	    {"msg.1795757413", NONE},
	    {"", NONE},
	};
	static const struct dated options[] = {
	    {"2026-11-27", 1795737600},
	    {"2026-11-27T05:30:13Z", 1795757413},
	    {"1795757413", 1795757413},
	    {"2026-02-30", NONE},
	    {"2026-13-01", NONE},
	    {"yesterday", NONE},
	    {"", NONE},
	};
	check_dates(names, COUNT_OF(names), maildir);
	check_dates(options, COUNT_OF(options), option);
}

/* As of 27 November 2026, 05:30:13. */
static bool log_line(struct slice text, int64_t *ret_time)
{
	return date_of_log(&text, 1795757413, ret_time) && slice_is(text, "host x: y");
}

static void dates_of_logs(void **state)
{
	(void)state;
	static const struct dated rows[] = {
	    {"Nov 27 05:30:13 host x: y", 1795757413},
	    {"Nov  7 05:30:13 host x: y", 1794029413},
	    {"Nov 28 05:30:13 host x: y", 1795843813}, /* a clock that is ahead */
	    {"Nov 28 05:30:14 host x: y", 1764307814}, /* last year's */
	    {"Dec 31 23:59:59 host x: y", 1767225599},
	    {"Feb 29 00:00:00 host x: y", 1709164800}, /* the last one */
	    {"2026-11-27T06:30:13.123456+01:00 host x: y", 1795757413},
	    {"2026-11-27T05:30:13Z host x: y", 1795757413},
	    {"Feb 30 00:00:00 host x: y", NONE},
	    {"Nov 27 host x: y", NONE},
	    {"1795757413 host x: y", NONE},
	    {"host x: y", NONE},
	    {"", NONE},
	};
	check_dates(rows, COUNT_OF(rows), log_line);
}

/* -- octets --------------------------------------------------------------------------------- */

static int file_of(const void *p, size_t n)
{
	const int fd = memfd_create("octets", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, p, n), n);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* Reads a file to its end, in pieces; what it ended with. */
static enum octets_status read_all(int fd, size_t piece, struct str *to, uint64_t *ret_total)
{
	struct octets o;
	enum octets_status status;
	char *chunk = malloc(piece);

	assert_non_null(chunk);
	octets_open(&o, fd, -1);
	*ret_total = 0;
	do {
		size_t n;

		status = octets_read(&o, chunk, piece, &n);
		*ret_total += n;
		if (to != NULL)
			str_add(to, chunk, n);
	} while (status == OCTETS_OK);
	octets_close(&o);
	free(chunk);
	return status;
}

static size_t gzip(const void *p, size_t n, void *to, size_t room)
{
	z_stream z = {0};

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY),
			 Z_OK);
	z.next_in = (void *)(uintptr_t)p;
	z.avail_in = (unsigned)n;
	z.next_out = to;
	z.avail_out = (unsigned)room;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return room - z.avail_out;
}

static void any_piece_gives_the_same(void **state)
{
	(void)state;
	char text[3000], packed[4000];
	uint64_t total;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i * i % 23);
	const size_t n = gzip(text, sizeof(text), packed, sizeof(packed));
	for (size_t piece = OCTETS_LEAST; piece < 5000; piece += 97) {
		struct str plain = {0}, inflated = {0};

		assert_int_equal(read_all(file_of(text, sizeof(text)), piece, &plain, &total),
				 OCTETS_END);
		assert_int_equal(read_all(file_of(packed, n), piece, &inflated, &total),
				 OCTETS_END);
		assert_int_equal(plain.n, sizeof(text));
		assert_memory_equal(plain.p, text, sizeof(text));
		assert_int_equal(inflated.n, sizeof(text));
		assert_memory_equal(inflated.p, text, sizeof(text));
		str_free(&plain);
		str_free(&inflated);
	}
}

static void what_is_cut_off_is_broken(void **state)
{
	(void)state;
	char text[1000], packed[2000];
	uint64_t total;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i * i % 23);
	const size_t n = gzip(text, sizeof(text), packed, sizeof(packed));
	for (size_t cut = 3; cut < n; cut++) {
		CHECK(read_all(file_of(packed, cut), 512, NULL, &total) == OCTETS_BROKEN,
		      "cut at %zu of %zu", cut, n);
		CHECK(total <= sizeof(text), "cut at %zu", cut);
	}
	for (size_t i = 3; i < n; i++) { /* and what is damaged ends, one way or other */
		struct str got = {0};
		char damaged[2000];

		memcpy(damaged, packed, n);
		damaged[i] ^= 0x55;
		read_all(file_of(damaged, n), 512, &got, &total);
		assert_true(got.n <= 1024 * 1024);
		str_free(&got);
	}
}

static void forms(void **state)
{
	(void)state;
	static const struct {
		struct slice start;
		enum inflate_form want;
	} rows[] = {
	    {LIT("\037\213\010"), INFLATE_GZIP},
	    {LIT("\037\213"), INFLATE_PLAIN},
	    {LIT("BZh91AY&SY"), INFLATE_BZIP2},
	    {LIT("BZh9 is a word"), INFLATE_PLAIN},
	    {LIT("\375\067zXZ\0"), INFLATE_XZ},
	    {LIT("\050\265\057\375"), INFLATE_ZSTD},
	    {LIT("(a parenthesis"), INFLATE_PLAIN},
	    {LIT("\135\0\0\200\0\377\377\377\377\377\377\377\377"), INFLATE_LZMA},
	    {LIT("\135\0\0\200\0\1\2\3\4\5\0\0\0"), INFLATE_LZMA},
	    {LIT("\135\0\0\200\0\1\2\3\4\5\6\7\10"), INFLATE_PLAIN},
	    {LIT("] 0123456789012"), INFLATE_PLAIN},
	    {LIT("Dovecot-LZ4\r*\233"), INFLATE_LZ4},
	    {LIT("Return-Path: <>"), INFLATE_PLAIN},
	    {LIT(""), INFLATE_PLAIN},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct slice start = tight(rows[i].start);

		CHECK(inflate_form_of(start) == rows[i].want, "row %zu: got %d", i,
		      (int)inflate_form_of(start));
		tight_free(start);
	}
}

/* Noise, then zeros: total octets in all, by zstd. */
static int swelling(size_t noise, size_t total, size_t *ret_packed)
{
	const size_t room = ZSTD_compressBound(total);
	char *text = calloc(1, total), *packed = malloc(room);
	uint64_t x = 88172645463325252u;

	assert_non_null(text);
	assert_non_null(packed);
	for (size_t i = 0; i < noise; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		text[i] = (char)x;
	}
	*ret_packed = ZSTD_compress(packed, room, text, total, 1);
	const int fd = file_of(packed, *ret_packed);
	free(text);
	free(packed);
	return fd;
}

static void how_far_it_may_swell(void **state)
{
	(void)state;
	static const struct {
		size_t noise, total;
		enum octets_status want;
	} rows[] = {
	    {0, LIMIT_SCAN_SWELL, OCTETS_END},
	    {0, LIMIT_SCAN_SWELL + LIMIT_SCAN_RATIO, OCTETS_SWOLLEN},
	    {2 * (LIMIT_SCAN_SWELL / LIMIT_SCAN_RATIO), 2 * LIMIT_SCAN_SWELL - 1024 * 1024,
	     OCTETS_END},
	    {LIMIT_SCAN_SWELL / LIMIT_SCAN_RATIO / 2, 2 * LIMIT_SCAN_SWELL, OCTETS_SWOLLEN},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		size_t packed;
		uint64_t total;
		const int fd = swelling(rows[i].noise, rows[i].total, &packed);
		const enum octets_status got = read_all(fd, 256 * 1024, NULL, &total);

		CHECK(got == rows[i].want, "row %zu: got %d after %llu of %zu octets out of %zu", i,
		      (int)got, (unsigned long long)total, rows[i].total, packed);
		CHECK(got != OCTETS_END || total == rows[i].total, "row %zu: %llu", i,
		      (unsigned long long)total);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(dates_of_mail),
	    cmocka_unit_test(dates_of_names),
	    cmocka_unit_test(dates_of_logs),
	    cmocka_unit_test(any_piece_gives_the_same),
	    cmocka_unit_test(what_is_cut_off_is_broken),
	    cmocka_unit_test(forms),
	    cmocka_unit_test(how_far_it_may_swell),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests_name("scan_parts", tests, NULL, NULL);
}
