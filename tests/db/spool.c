/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The spool: what was put is given once and in order, also by the next process; full at its limit;
 * torn records and torn heads; a file of somebody else's.
 */
#include "db/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/db/make.h"

#define FILE_NAME "spool/records.spool"

enum {
	FIRST_RECORD = 4096, /* layout: spool.c */
};

static bool sync_fails;

/* The C library's, but for a fault; what was written before it is in the file all the same. */
int fdatasync(int fd)
{
	if (!sync_fails)
		return (int)syscall(SYS_fdatasync, fd);
	errno = EIO;
	return -1;
}

static struct spool *open_spool(void)
{
	struct spool *s = NULL;
	int error = spool_open(in_folder("spool"), &s);
	CHECK(error == 0, "%s", strerror(error));
	return s;
}

static struct spool *new_spool(void)
{
	unlink(FILE_NAME);
	return open_spool();
}

static int put(struct spool *s, const char *id)
{
	struct record *r = make_record("a@example.net", id);
	int error = spool_put(s, r);
	record_free(r);
	return error;
}

struct taking {
	struct str ids;
	size_t most;
};

static bool take(void *context, struct record *r)
{
	struct taking *t = context;
	if (t->most == 0)
		return false;
	t->most--;
	str_printf(&t->ids, "%s ", r->message_id);
	return true;
}

/* Replays at most so many; the ids that came must be these. */
static void check_replay(struct spool *s, size_t most, const char *want)
{
	struct taking t = {.most = most};
	size_t before = spool_count(s), unreadable = 9;
	size_t taken = spool_replay(s, take, &t, &unreadable);
	CHECK(strcmp(str_text(&t.ids), want) == 0, "got %s, want %s", str_text(&t.ids), want);
	assert_int_equal(spool_count(s), before - taken);
	assert_int_equal(unreadable, 0);
	str_free(&t.ids);
}

static void what_is_put_is_given_once_in_order(void **state)
{
	(void)state;
	struct spool *s = new_spool();
	struct stat st;
	assert_int_equal(stat("spool", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(stat(FILE_NAME, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_size, LIMIT_SPOOL_BYTES);
	assert_true(st.st_blocks * 512 >= LIMIT_SPOOL_BYTES);
	assert_int_equal(spool_count(s), 0);
	check_replay(s, 9, "");
	assert_int_equal(put(s, "1"), 0);
	assert_int_equal(put(s, "2"), 0);
	assert_int_equal(spool_count(s), 2);
	check_replay(s, 9, "1 2 ");
	check_replay(s, 9, "");
	assert_int_equal(put(s, "3"), 0);
	check_replay(s, 9, "3 ");
	spool_close(s);
	spool_close(NULL);
}

static void the_next_process_goes_on(void **state)
{
	(void)state;
	struct spool *s = new_spool();
	for (int i = 1; i <= 5; i++)
		assert_int_equal(put(s, (const char[]){(char)('0' + i), '\0'}), 0);
	check_replay(s, 2, "1 2 ");
	spool_close(s);
	s = open_spool();
	assert_int_equal(spool_count(s), 3);
	assert_int_equal(put(s, "6"), 0);
	check_replay(s, 1, "3 ");
	spool_close(s);
	s = open_spool();
	check_replay(s, 9, "4 5 6 ");
	spool_close(s);
	s = open_spool();
	assert_int_equal(spool_count(s), 0);
	check_replay(s, 9, "");
	spool_close(s);
}

/* A shorter history must not bring back what an earlier one left in the file. */
static void old_records_never_come_back(void **state)
{
	(void)state;
	struct spool *s = new_spool();
	for (int i = 0; i < 20; i++)
		assert_int_equal(put(s, "old"), 0);
	check_replay(s, 99,
		     "old old old old old old old old old old old old old old old old old "
		     "old old old ");
	assert_int_equal(put(s, "new"), 0);
	spool_close(s);
	s = open_spool();
	assert_int_equal(spool_count(s), 1);
	check_replay(s, 99, "new ");
	spool_close(s);
}

static void damage(off_t at, const void *octets, size_t n)
{
	int fd = open(FILE_NAME, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, octets, n, at), n);
	close(fd);
}

/* How often the recipient of put() stands in the file. */
static size_t left_in_file(void)
{
	struct str text = {0};
	size_t count = 0;
	assert_int_equal(str_read_file(FILE_NAME, LIMIT_SPOOL_BYTES, &text), 0);
	static const char word[] = "a@example.net";
	for (size_t i = 0; i + sizeof(word) - 1 <= text.n; i++)
		count += memcmp(text.p + i, word, sizeof(word) - 1) == 0;
	str_free(&text);
	return count;
}

static void what_was_taken_is_overwritten(void **state)
{
	(void)state;
	struct spool *s = new_spool();
	for (int i = 0; i < 4; i++)
		assert_int_equal(put(s, (const char[]){(char)('1' + i), '\0'}), 0);
	assert_int_equal(left_in_file(), 4);
	check_replay(s, 3, "1 2 3 ");
	assert_int_equal(left_in_file(), 1);
	check_replay(s, 9, "4 ");
	assert_int_equal(left_in_file(), 0);
	/* A crash before that: what the heads no longer find is overwritten by the next process. */
	assert_int_equal(put(s, "5"), 0);
	assert_int_equal(put(s, "6"), 0);
	struct str before = {0};
	assert_int_equal(str_read_file(FILE_NAME, LIMIT_SPOOL_BYTES, &before), 0);
	check_replay(s, 1, "5 ");
	assert_int_equal(left_in_file(), 1);
	spool_close(s);
	damage(FIRST_RECORD, before.p + FIRST_RECORD, before.n - FIRST_RECORD);
	assert_int_equal(left_in_file(), 2);
	s = open_spool();
	assert_int_equal(left_in_file(), 1);
	check_replay(s, 9, "6 ");
	assert_int_equal(left_in_file(), 0);
	/* And one that was torn, once nothing waits. */
	damage((off_t)(FIRST_RECORD + 8192), before.p + FIRST_RECORD + 16, 512);
	spool_close(s);
	assert_true(left_in_file() > 0);
	spool_close(open_spool());
	assert_int_equal(left_in_file(), 0);
	str_free(&before);
}

struct looking {
	struct spool *daemon;
	struct str ids;
};

/* The daemon takes all but the last while somebody else reads the first. */
static bool look_one(void *context, struct record *r)
{
	struct looking *l = context;
	struct taking t = {.most = 3};
	size_t unreadable;
	str_printf(&l->ids, "%s ", r->message_id);
	if (l->daemon)
		spool_replay(l->daemon, take, &t, &unreadable);
	l->daemon = NULL;
	str_free(&t.ids);
	return true;
}

static void who_only_reads_misses_nothing_that_waits(void **state)
{
	(void)state;
	struct spool *s = new_spool();
	struct looking l = {.daemon = s};
	for (int i = 1; i <= 5; i++)
		assert_int_equal(put(s, (const char[]){(char)('0' + i), '\0'}), 0);
	assert_int_equal(spool_look(in_folder("spool"), look_one, &l), 0);
	assert_string_equal(str_text(&l.ids), "1 4 5 ");
	str_free(&l.ids);
	spool_close(s);
}

static void full_at_its_limit(void **state)
{
	(void)state;
	struct spool *s = new_spool();
	struct str packed = {0};
	struct record *r = make_record("a@example.net", "x");
	record_pack(r, &packed);
	size_t room = (28 + packed.n + 7) / 8 * 8;
	size_t fit = (LIMIT_SPOOL_BYTES - FIRST_RECORD) / room;
	/* Big ones first, so that there are few to write. */
	struct record *big = make_record("", "big");
	char *long_name = calloc(1, 400001);
	assert_non_null(long_name);
	memset(long_name, 'x', 400000);
	free(big->rcpt[0]);
	big->rcpt[0] = long_name;
	size_t bigs = 0;
	while (spool_put(s, big) == 0)
		bigs++;
	assert_int_equal(bigs, 10);
	size_t smalls = 0;
	int error;
	while ((error = spool_put(s, r)) == 0)
		smalls++;
	assert_int_equal(error, ENOSPC);
	assert_true(bigs * (400000 / room) + smalls < fit);
	assert_int_equal(spool_count(s), bigs + smalls);
	assert_int_equal(spool_put(s, r), ENOSPC);
	spool_close(s);
	s = open_spool();
	assert_int_equal(spool_count(s), bigs + smalls);
	struct taking t = {.most = 9999};
	size_t unreadable;
	assert_int_equal(spool_replay(s, take, &t, &unreadable), bigs + smalls);
	assert_int_equal(spool_put(s, r), 0);
	str_free(&t.ids);
	str_free(&packed);
	record_free(r);
	record_free(big);
	spool_close(s);
}

/* To the octet: the last record ends where the file ends, and one octet more does not fit. */
static void the_last_octet(void **state)
{
	(void)state;
	for (int over = 0; over < 2; over++) {
		struct spool *s = new_spool();
		struct record *r = make_record("", "x");
		struct str packed = {0};
		record_pack(r, &packed);
		size_t bare = packed.n;
		for (size_t left = LIMIT_SPOOL_BYTES - FIRST_RECORD; left > 0;) {
			size_t n = left > 500000 ? 400000 : left;
			size_t payload = n - 28;
			bool last = n == left;
			free(r->rcpt[0]);
			r->rcpt[0] = calloc(1, payload + 2);
			assert_non_null(r->rcpt[0]);
			memset(r->rcpt[0], 'x', payload - bare + (last ? over : 0));
			int error = spool_put(s, r);
			assert_int_equal(error, last && over ? ENOSPC : 0);
			left -= n;
		}
		str_free(&packed);
		record_free(r);
		spool_close(s);
	}
}

static void a_record_past_its_limit(void **state)
{
	(void)state;
	struct spool *s = new_spool();
	struct record *r = make_record("", "x");
	struct str packed = {0};
	record_pack(r, &packed);
	for (int over = 0; over < 2; over++) {
		size_t n = LIMIT_RECORD_BYTES - packed.n + (size_t)over;
		free(r->rcpt[0]);
		r->rcpt[0] = calloc(1, n + 1);
		assert_non_null(r->rcpt[0]);
		memset(r->rcpt[0], 'x', n);
		assert_int_equal(spool_put(s, r), over ? EMSGSIZE : 0);
	}
	check_replay(s, 9, "x ");
	str_free(&packed);
	record_free(r);
	spool_close(s);
}

/* A crash while the third record was being written, at any octet of it. */
static void a_torn_record_is_passed_over(void **state)
{
	(void)state;
	struct str packed = {0};
	struct record *r = make_record("a@example.net", "3");
	record_pack(r, &packed);
	const size_t room = (28 + packed.n + 7) / 8 * 8, at = FIRST_RECORD + 2 * room;
	for (size_t kept = 0; kept < 28 + packed.n; kept += 7) {
		struct spool *s = new_spool();
		assert_int_equal(put(s, "1"), 0);
		assert_int_equal(put(s, "2"), 0);
		assert_int_equal(put(s, "3"), 0);
		spool_close(s);
		/* What was not written is what was there before: nothing, or another record. */
		char *before = calloc(1, room);
		assert_non_null(before);
		memset(before, kept % 2 ? 'o' : 0, room);
		damage((off_t)(at + kept), before + kept, room - kept);
		free(before);
		s = open_spool();
		CHECK(spool_count(s) == 2, "%zu kept: %zu", kept, spool_count(s));
		assert_int_equal(put(s, "4"), 0);
		check_replay(s, 9, "1 2 4 ");
		spool_close(s);
	}
	record_free(r);
	str_free(&packed);
}

static void one_head_is_enough(void **state)
{
	(void)state;
	static const char zeros[512] = {0};
	for (int which = 0; which < 2; which++) {
		struct spool *s = new_spool();
		for (int i = 1; i <= 4; i++)
			assert_int_equal(put(s, (const char[]){(char)('0' + i), '\0'}), 0);
		check_replay(s, 2, "1 2 "); /* both heads have been written now */
		spool_close(s);
		damage(which * 512 + 20, zeros, 4);
		s = open_spool();
		/* The newer head lost: the last one taken is given a second time. */
		assert_in_range(spool_count(s), 2, 3);
		spool_close(s);
	}
}

/* The head of the next epoch reaches the file although its sync fails: what is put then is of the
 * old one, and must be found by the next process. */
static void a_head_that_failed_hides_no_record(void **state)
{
	(void)state;
	struct spool *s = new_spool();
	struct taking t = {.most = 9};
	size_t unreadable;
	assert_int_equal(put(s, "1"), 0);
	sync_fails = true;
	spool_replay(s, take, &t, &unreadable);
	assert_int_equal(spool_count(s), 1);
	assert_int_equal(put(s, "2"), EIO);
	sync_fails = false;
	assert_int_equal(put(s, "3"), 0);
	spool_close(s);
	s = open_spool();
	check_replay(s, 9, "1 3 ");
	spool_close(s);
	str_free(&t.ids);
}

static void what_is_no_spool_is_left_alone(void **state)
{
	(void)state;
	struct spool *s = NULL;
	struct str before = {0}, after = {0};
	char garbage[1024];
	unlink(FILE_NAME);
	memset(garbage, 'g', sizeof(garbage));
	int fd = open(FILE_NAME, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	for (int i = 0; i < 8; i++)
		assert_int_equal(write(fd, garbage, sizeof(garbage)), sizeof(garbage));
	close(fd);
	slurp(FILE_NAME, &before);
	assert_int_equal(spool_open(in_folder("spool"), &s), EBADMSG);
	slurp(FILE_NAME, &after);
	assert_int_equal(after.n, before.n);
	assert_memory_equal(after.p, before.p, after.n);
	assert_int_equal(truncate(FILE_NAME, 10), 0);
	assert_int_equal(spool_open(in_folder("spool"), &s), EBADMSG);
	unlink(FILE_NAME);
	assert_int_equal(symlink("/etc/passwd", FILE_NAME), 0);
	assert_int_equal(spool_open(in_folder("spool"), &s), ELOOP);
	unlink(FILE_NAME);
	assert_int_equal(mkdir(FILE_NAME, 0700), 0);
	assert_int_equal(spool_open(in_folder("spool"), &s), EISDIR);
	rmdir(FILE_NAME);
	assert_int_equal(spool_open(in_folder("no/such"), &s), ENOENT);
	assert_null(s);
	str_free(&before);
	str_free(&after);
}

/* Killed while the file was being made: zeros without a head. */
static void a_file_half_made_is_made_again(void **state)
{
	(void)state;
	unlink(FILE_NAME);
	int fd = open(FILE_NAME, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(ftruncate(fd, 100000), 0);
	close(fd);
	struct spool *s = open_spool();
	struct stat st;
	assert_int_equal(stat(FILE_NAME, &st), 0);
	assert_int_equal(st.st_size, LIMIT_SPOOL_BYTES);
	assert_int_equal(put(s, "1"), 0);
	check_replay(s, 9, "1 ");
	spool_close(s);
}

static void one_process_at_a_time(void **state)
{
	(void)state;
	struct spool *s = new_spool(), *second = NULL;
	assert_int_equal(spool_open(in_folder("spool"), &second), EWOULDBLOCK);
	spool_close(s);
	s = open_spool();
	spool_close(s);
}

static void a_record_of_another_format_is_passed_over(void **state)
{
	(void)state;
	struct spool *s = new_spool();
	struct taking t = {.most = 9};
	size_t unreadable = 0;
	assert_int_equal(put(s, "1"), 0);
	/* Whole, but with a domain count that no record has. */
	struct record *r = make_record("a@example.net", "2");
	r->domain_count = LIMIT_DOMAINS_COUNTED + 1;
	assert_int_equal(spool_put(s, r), 0);
	record_free(r);
	assert_int_equal(put(s, "3"), 0);
	assert_int_equal(spool_replay(s, take, &t, &unreadable), 2);
	assert_int_equal(unreadable, 1);
	assert_string_equal(str_text(&t.ids), "1 3 ");
	assert_int_equal(spool_count(s), 0);
	str_free(&t.ids);
	spool_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_put_is_given_once_in_order),
	    cmocka_unit_test(the_next_process_goes_on),
	    cmocka_unit_test(old_records_never_come_back),
	    cmocka_unit_test(what_was_taken_is_overwritten),
	    cmocka_unit_test(who_only_reads_misses_nothing_that_waits),
	    cmocka_unit_test(full_at_its_limit),
	    cmocka_unit_test(the_last_octet),
	    cmocka_unit_test(a_record_past_its_limit),
	    cmocka_unit_test(a_torn_record_is_passed_over),
	    cmocka_unit_test(one_head_is_enough),
	    cmocka_unit_test(a_head_that_failed_hides_no_record),
	    cmocka_unit_test(what_is_no_spool_is_left_alone),
	    cmocka_unit_test(a_file_half_made_is_made_again),
	    cmocka_unit_test(one_process_at_a_time),
	    cmocka_unit_test(a_record_of_another_format_is_passed_over),
	};
	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
