/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * archive.c - a backup file says by itself whether it is whole: cut at every octet, with every bit
 * of it turned, longer, and as something else.
 */
#include "cli/backup/archive.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/rules/table.h"

#define CONFIGURATION "listen = \"unix:/run/keepname/milter.sock\"\n"

enum {
	DATABASE = 1500, /* octets; what is in them is no matter here */
	WHOLE = ARCHIVE_HEAD + sizeof(CONFIGURATION) - 1 + DATABASE,
};

static int file_of(const void *p, size_t n)
{
	const int fd = memfd_create("archive", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, p, n), (ssize_t)n);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void make(unsigned char to[WHOLE], unsigned char database[DATABASE])
{
	const struct slice configuration = slice_of(CONFIGURATION);
	struct archive a = {.made = 1796551200, .host = "mx.example.net"};
	char name[64];
	for (int i = 0; i < DATABASE; i++)
		database[i] = (unsigned char)(i * 7);
	const int db = file_of(database, DATABASE), fd = file_of("", 0);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", db);
	assert_int_equal(archive_measure(configuration, name, &a), 0);
	assert_int_equal(archive_write(&a, configuration, name, fd), 0);
	assert_int_equal(lseek(fd, 0, SEEK_END), WHOLE);
	assert_int_equal(pread(fd, to, WHOLE, 0), WHOLE);
	close(db);
	close(fd);
}

/* Why it is not taken; "" where it is. */
static const char *why_not(const void *p, size_t n, int to, struct archive *ret_archive,
			   struct str *ret_configuration)
{
	static char why[256];
	const int from = file_of(p, n);
	why[0] = '\0';
	const bool good = archive_take_out(from, to, ret_archive, ret_configuration, why);
	CHECK(good == (why[0] == '\0'), "taken %d, and \"%s\"", good, why);
	close(from);
	return why;
}

static const char *refused(const void *p, size_t n)
{
	struct archive a = {.made = -1};
	struct str configuration = {0};
	const int to = file_of("", 0);
	const char *why = why_not(p, n, to, &a, &configuration);
	CHECK(a.made == -1 || why[0] == '\0', "written in spite of \"%s\"", why);
	str_free(&configuration);
	close(to);
	return why;
}

static void what_was_put_in_comes_out(void **state)
{
	(void)state;
	unsigned char whole[WHOLE], database[DATABASE], got[DATABASE + 1];
	struct str configuration = {0};
	struct archive a;
	const int to = file_of("", 0);
	make(whole, database);
	assert_string_equal(why_not(whole, WHOLE, to, &a, &configuration), "");
	assert_int_equal(pread(to, got, sizeof(got), 0), DATABASE);
	assert_memory_equal(got, database, DATABASE);
	assert_string_equal(str_text(&configuration), CONFIGURATION);
	assert_int_equal(a.made, 1796551200);
	assert_int_equal(a.database, DATABASE);
	assert_string_equal(a.host, "mx.example.net");
	str_free(&configuration);
	close(to);
}

static void cut_at_every_octet(void **state)
{
	(void)state;
	unsigned char whole[WHOLE], database[DATABASE];
	make(whole, database);
	for (size_t n = 0; n < WHOLE; n++) {
		const char *want = n < 16 ? "no backup" : "it is cut", *why = refused(whole, n);
		CHECK(strstr(why, want), "of %zu octets: \"%s\"", n, why);
	}
}

static void every_bit_turned(void **state)
{
	(void)state;
	unsigned char whole[WHOLE], database[DATABASE];
	make(whole, database);
	for (size_t bit = 0; bit < (size_t)8 * WHOLE; bit++) {
		whole[bit / 8] ^= (unsigned char)(1 << bit % 8);
		CHECK(refused(whole, WHOLE)[0] != '\0', "octet %zu, bit %zu", bit / 8, bit % 8);
		whole[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
}

static void more_than_it_says(void **state)
{
	(void)state;
	unsigned char whole[WHOLE + 1], database[DATABASE];
	make(whole, database);
	whole[WHOLE] = '\0';
	CHECK(strstr(refused(whole, sizeof(whole)), "more behind it"), "taken");
}

/* LIMIT_CONFIG_BYTES: a head that says more is not believed, so that nobody's memory is taken. */
static void sizes_that_cannot_be(void **state)
{
	(void)state;
	static const struct {
		const char *configuration, *database, *want;
	} rows[] = {
	    {"1048576", "1500", "it is cut"},
	    {"1048577", "1500", "head is damaged"},
	    {"0", "4611686018427387903", "it is cut"},
	    {"0", "9223372036854775807", "head is damaged"},
	    {"-1", "1500", "head is damaged"},
	    {"07", "1500", "head is damaged"},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char head[ARCHIVE_HEAD + 1];
		memset(head, ' ', ARCHIVE_HEAD);
		const int n =
		    snprintf(head, sizeof(head),
			     "keepname backup 1\nsha256 %064d\nmade 2026-12-06T10:00:00Z\n"
			     "configuration %s\ndatabase %s\nhost x\n",
			     0, rows[i].configuration, rows[i].database);
		head[n] = ' ';
		head[ARCHIVE_HEAD - 1] = '\n';
		const char *why = refused(head, ARCHIVE_HEAD);
		CHECK(strstr(why, rows[i].want), "row %zu: \"%s\"", i, why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_was_put_in_comes_out), cmocka_unit_test(cut_at_every_octet),
	    cmocka_unit_test(every_bit_turned),          cmocka_unit_test(more_than_it_says),
	    cmocka_unit_test(sizes_that_cannot_be),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
