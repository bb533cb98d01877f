/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Message files are cut as Postfix cuts them; the CPU of a process tree counts the living and the
 * dead.
 */
#include <errno.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/cputime.h"
#include "tests/bench/mail.h"
#include "tests/rules/table.h"

struct mail_row {
	struct slice text;
	const char *headers; /* "name|value;" of each */
	struct slice body;
};

static const struct mail_row mail_rows[] = {
    {LIT("A: b\nC:d\n\nx\n"), "A| b;C|d;", LIT("x\r\n")},
    {LIT("A: b\r\n\r\nx\r\ny"), "A| b;", LIT("x\r\ny\r\n")},
    {LIT("A: b\n c\n\td\n\n"), "A| b\n c\n\td;", LIT("")},
    {LIT("A \t: b\n\n"), "A| b;", LIT("")},
    {LIT("A:\n\n"), "A|;", LIT("")},
    {LIT("A: b"), "A| b;", LIT("")},
    {LIT("A: b\nno header\nx\n"), "A| b;", LIT("no header\r\nx\r\n")},
    {LIT(" blank first\n"), "", LIT(" blank first\r\n")},
    {LIT("\nx\n\ny\n"), "", LIT("x\r\n\r\ny\r\n")},
    {LIT("A: b\n\nx\0y\n"), "A| b;", LIT("x\0y\r\n")},
    {LIT(""), "", LIT("")},
};

static void mails_are_cut_as_postfix_cuts_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(mail_rows); i++) {
		const struct mail_row *row = &mail_rows[i];
		struct slice text = tight(row->text);
		char got[256] = "";
		struct mail *m;

		assert_int_equal(mail_parse(text.p, text.n, &m), 0);
		for (size_t k = 0; k < m->header_count; k++) {
			strcat(got, m->headers[k].name);
			strcat(got, "|");
			strcat(got, m->headers[k].value);
			strcat(got, ";");
		}
		CHECK(strcmp(got, row->headers) == 0, "row %zu: got %s", i, got);
		CHECK(m->body_len == row->body.n && memcmp(m->body, row->body.p, row->body.n) == 0,
		      "row %zu: body of %zu", i, m->body_len);
		mail_free(m);
		tight_free(text);
	}
}

/* Every length, so that the cut falls on every octet of the line. */
static void a_filled_body_has_whole_line_ends(void **state)
{
	struct mail *m;

	(void)state;
	assert_int_equal(mail_parse("A: b\n\n", 6, &m), 0);
	assert_int_equal(mail_fill_body(m, 1), -EINVAL);
	for (size_t len = 2; len < 400; len++) {
		assert_int_equal(mail_fill_body(m, len), 0);
		assert_int_equal(m->body_len, len);
		for (size_t i = 0; i < len; i++)
			CHECK((m->body[i] == '\r') == (i + 1 < len && m->body[i + 1] == '\n'),
			      "length %zu at %zu", len, i);
	}
	mail_free(m);
}

/* -- CPU -------------------------------------------------------------------------------------- */

enum { BURNT_MS = 60, TICK_MS = 10 };

static void burn(void)
{
	struct timespec ts;

	do {
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	} while (ts.tv_sec == 0 && ts.tv_nsec < BURNT_MS * 1000000);
}

/* A child that burns CPU, says so, and waits to be let go. */
static pid_t burning_child(int let_go[2])
{
	int said[2];
	char c;
	pid_t pid;

	assert_int_equal(pipe(said), 0);
	assert_int_equal(pipe(let_go), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		burn();
		close(let_go[1]);
		if (write(said[1], "b", 1) != 1 || read(let_go[0], &c, 1) != 0)
			_exit(1);
		_exit(0);
	}
	assert_int_equal(read(said[0], &c, 1), 1);
	close(said[0]);
	close(said[1]);
	return pid;
}

static void cpu_counts_children_that_live_and_that_ended(void **state)
{
	uint64_t before, alive, ended;
	int let_go[2], status;
	pid_t pid;

	(void)state;
	assert_int_equal(cputime_tree(getpid(), &before), 0);
	pid = burning_child(let_go);
	assert_int_equal(cputime_tree(getpid(), &alive), 0);
	assert_true(alive - before >= BURNT_MS * 1000000u);
	close(let_go[0]);
	close(let_go[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(cputime_tree(getpid(), &ended), 0);
	/* cutime and cstime are cut to ticks, each by itself. */
	assert_true(ended - before >= (BURNT_MS - 2 * TICK_MS) * 1000000u);
	assert_int_equal(cputime_tree(pid, &ended), -ESRCH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(mails_are_cut_as_postfix_cuts_them),
	    cmocka_unit_test(a_filled_body_has_whole_line_ends),
	    cmocka_unit_test(cpu_counts_children_that_live_and_that_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
