/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Log lines as they arrive at standard error: quoting, cuts at their limits and one past, levels,
 * and whole lines from many threads.
 */
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "base/limits.h"
#include "tests/rules/table.h"

/* What `act` writes to standard error, without the "test[PID]: " of each line if strip. */
static void captured(void (*act)(void *), void *with, struct str *ret_text)
{
	char path[] = "/tmp/keepname-log-XXXXXX";
	int fd = mkstemp(path);
	int saved = dup(STDERR_FILENO);
	assert_true(fd >= 0 && saved >= 0);
	fcntl(fd, F_SETFL, O_APPEND);
	dup2(fd, STDERR_FILENO);
	act(with);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(fd);
	assert_int_equal(str_read_file(path, 1 << 24, ret_text), 0);
	unlink(path);
}

static void check_line(const struct str *got, const char *want)
{
	char head[64];
	snprintf(head, sizeof(head), "test[%ld]: ", (long)getpid());
	struct str line = {0};
	str_printf(&line, "%s%s\n", head, want);
	assert_string_equal(str_text(got), str_text(&line));
	str_free(&line);
}

struct pair {
	const char *key, *value;
};

static void send_pair(void *with)
{
	const struct pair *p = with;
	struct log_line l = {0};
	log_key(&l, p->key, p->value);
	log_send(&l, LOG_LEVEL_INFO, "4Q1x");
	assert_null(l.text.p);
}

#define X16  "xxxxxxxxxxxxxxxx"
#define X128 X16 X16 X16 X16 X16 X16 X16 X16
#define X512 X128 X128 X128 X128
_Static_assert(sizeof(X512) - 1 == LIMIT_LOG_VALUE, "the table below has a value at the limit");

static const struct {
	const char *value, *want;
} values[] = {
    {"plain-_.:,/@+<>[]Z9", "4Q1x: k=plain-_.:,/@+<>[]Z9"},
    {"two words", "4Q1x: k=\"two words\""},
    {"a=b", "4Q1x: k=\"a=b\""},
    {"x\" verdict=genuine", "4Q1x: k=\"x\\x22 verdict=genuine\""},
    {"x\nDec 1 keepname", "4Q1x: k=\"x\\x0aDec 1 keepname\""},
    {"\\x0a", "4Q1x: k=\"\\x5cx0a\""},
    {"\x1b[31m", "4Q1x: k=\"\\x1b[31m\""},
    {"M\xc3\xbcller", "4Q1x: k=\"M\\xc3\\xbcller\""},
    {"\x7f", "4Q1x: k=\"\\x7f\""},
    {"", "4Q1x: "},
    {NULL, "4Q1x: "},
    {X512, "4Q1x: k=" X512},
    {X512 "y", "4Q1x: k=" X512 "..."},
    {" " X512, "4Q1x: k=\" " X128 X128 X128 X16 X16 X16 X16 X16 X16 X16 "xxxxxxxxxxxxxxx...\""},
};

static void untrusted_values_are_quoted(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(values); i++) {
		struct str got = {0};
		struct pair p = {"k", values[i].value};
		captured(send_pair, &p, &got);
		check_line(&got, values[i].want);
		str_free(&got);
	}
}

static void send_several(void *with)
{
	(void)with;
	struct log_line l = {0};
	log_key(&l, "a", "1");
	log_key(&l, "none", NULL);
	log_key_u64(&l, "b", UINT64_MAX);
	log_key(&l, "c", "x y");
	log_send(&l, LOG_LEVEL_INFO, NULL);
}

static void keys_stand_in_order(void **state)
{
	(void)state;
	struct str got = {0};
	captured(send_several, NULL, &got);
	check_line(&got, "a=1 b=18446744073709551615 c=\"x y\"");
	str_free(&got);
}

static void say_line(void *with)
{
	errno = EPERM;
	log_say(LOG_LEVEL_ERROR, "%s", (const char *)with);
	assert_int_equal(errno, EPERM);
}

/* The whole line, prefix and newline included, at LIMIT_LOG_LINE octets and one past it. */
static void a_line_is_cut_at_its_limit(void **state)
{
	(void)state;
	char head[64];
	size_t room = LIMIT_LOG_LINE - 1 -
		      (size_t)snprintf(head, sizeof(head), "test[%ld]: ", (long)getpid());
	char text[LIMIT_LOG_LINE * 2];
	static const size_t over[] = {0, 1, 2, 5, 3000};
	for (size_t i = 0; i < COUNT_OF(over); i++) {
		struct str got = {0};
		memset(text, 'x', room + over[i]);
		text[room + over[i]] = '\0';
		captured(say_line, text, &got);
		assert_int_equal(got.n, LIMIT_LOG_LINE);
		assert_int_equal(got.p[got.n - 1], '\n');
		bool cut = memcmp(got.p + got.n - 4, "...\n", 4) == 0;
		CHECK(cut == (over[i] > 0), "%zu over", over[i]);
		str_free(&got);
	}
	/* An escape is not cut in two. */
	struct str got = {0};
	memset(text, 'x', room);
	text[room - 2] = '\n';
	text[room] = '\0';
	captured(say_line, text, &got);
	assert_true(got.n <= LIMIT_LOG_LINE);
	assert_memory_equal(got.p + got.n - 4, "...\n", 4);
	assert_int_equal(got.p[got.n - 5], 'x');
	str_free(&got);
}

static void control_characters_never_reach_the_line(void **state)
{
	(void)state;
	struct str got = {0};
	char text[] = "a\nb\x1b\x80";
	captured(say_line, text, &got);
	check_line(&got, "a\\x0ab\\x1b\\x80");
	str_free(&got);
}

static void say_each_level(void *with)
{
	log_set_level(*(const enum log_level *)with);
	log_say(LOG_LEVEL_ERROR, "e");
	log_say(LOG_LEVEL_WARNING, "w");
	log_say(LOG_LEVEL_INFO, "i");
	log_say(LOG_LEVEL_DEBUG, "d");
	struct log_line l = {0};
	log_key(&l, "k", "debug");
	log_send(&l, LOG_LEVEL_DEBUG, NULL);
	log_set_level(LOG_LEVEL_INFO);
}

static void levels_keep_lines_out(void **state)
{
	(void)state;
	static const int want[] = {1, 2, 3, 5};
	for (enum log_level most = LOG_LEVEL_ERROR; most <= LOG_LEVEL_DEBUG; most++) {
		struct str got = {0};
		int lines = 0;
		captured(say_each_level, &most, &got);
		for (size_t i = 0; i < got.n; i++)
			lines += got.p[i] == '\n';
		assert_int_equal(lines, want[most]);
		str_free(&got);
	}
}

enum {
	THREADS = 4,
	LINES = 200,
};

static void *say_many(void *with)
{
	char text[1001];
	memset(text, *(const char *)with, sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (int i = 0; i < LINES; i++)
		log_say(LOG_LEVEL_INFO, "%s", text);
	return NULL;
}

static void run_threads(void *with)
{
	(void)with;
	static const char letter[THREADS] = {'a', 'b', 'c', 'd'};
	pthread_t thread[THREADS];
	for (int i = 0; i < THREADS; i++)
		pthread_create(&thread[i], NULL, say_many, (void *)(uintptr_t)&letter[i]);
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
}

static void lines_of_threads_do_not_mix(void **state)
{
	(void)state;
	struct str got = {0};
	size_t lines = 0;
	captured(run_threads, NULL, &got);
	for (const char *p = str_text(&got); *p; lines++) {
		const char *text = strstr(p, "]: ");
		const char *end = strchr(p, '\n');
		CHECK(text && end && end - text == 1003, "line %zu", lines);
		for (const char *c = text + 3; c < end; c++)
			CHECK(*c == text[3], "line %zu", lines);
		p = end + 1;
	}
	assert_int_equal(lines, THREADS * LINES);
	str_free(&got);
}

static void send_failed(void *with)
{
	(void)with;
	struct log_line l = {0};
	log_key(&l, "a", "1");
	l.text.failed = true;
	log_key(&l, "b", "2");
	log_send(&l, LOG_LEVEL_INFO, "q");
}

static void a_line_short_of_memory_says_so(void **state)
{
	(void)state;
	struct str got = {0};
	captured(send_failed, NULL, &got);
	check_line(&got, "q: a=1 cut=memory");
	str_free(&got);
}

static void say_two(void *with)
{
	(void)with;
	log_say(LOG_LEVEL_INFO, "an ordinary line");
	log_say(LOG_LEVEL_WARNING, "a warning");
}

static void syslog_lines_are_echoed_while_somebody_watches(void **state)
{
	struct str text = {0};
	(void)state;
	log_open("test", LOG_LEVEL_INFO, false);
	captured(say_two, NULL, &text);
	assert_string_equal(str_text(&text), "");
	log_echo(true);
	captured(say_two, NULL, &text);
	check_line(&text, "a warning");
	log_echo(false);
	captured(say_two, NULL, &text);
	assert_string_equal(str_text(&text), "");
	log_open("test", LOG_LEVEL_INFO, true);
	str_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(untrusted_values_are_quoted),
	    cmocka_unit_test(keys_stand_in_order),
	    cmocka_unit_test(a_line_is_cut_at_its_limit),
	    cmocka_unit_test(control_characters_never_reach_the_line),
	    cmocka_unit_test(levels_keep_lines_out),
	    cmocka_unit_test(lines_of_threads_do_not_mix),
	    cmocka_unit_test(a_line_short_of_memory_says_so),
	    cmocka_unit_test(syslog_lines_are_echoed_while_somebody_watches),
	};
	log_open("test", LOG_LEVEL_INFO, true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
