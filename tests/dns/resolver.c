/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keepname-resolver as a program, between a socket and a DNS server of our own: every type, every
 * status, the limits, private names, garbage, a reader that does not read, and its end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/program.h"
#include "dns/question.h"
#include "tests/dns/server.h"

enum {
	PATIENCE_MS = 20000,
	FLOOD = 3000,
};

struct fixture {
	struct zone *zone;
	struct server *server;
	pid_t pid;
	int fd;
	uint64_t next_id;
};

/* -- the program ---------------------------------------------------------------------------- */

static void program_path(char to[static 4096])
{
	const char *dir = getenv("builddir");
	snprintf(to, 4096, "%s/progs/keepname-resolver", dir ? dir : ".");
}

/* fd becomes descriptor 3; quiet: its complaints go nowhere. */
static pid_t start_program(int fd, bool quiet, const char *const *args)
{
	char path[4096];
	const char *argv[16] = {path};
	program_path(path);
	for (size_t i = 0; args[i]; i++)
		argv[i + 1] = args[i];
	pid_t pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);
		if (quiet)
			dup2(null, 2);
		if (fd == RESOLVER_FD_QUESTIONS)
			fcntl(fd, F_SETFD, 0);
		else if (fd >= 0)
			dup2(fd, RESOLVER_FD_QUESTIONS);
		else
			close(RESOLVER_FD_QUESTIONS);
		execv(path, (char **)(uintptr_t)argv);
		_exit(127);
	}
	return pid;
}

static int exit_status(pid_t pid)
{
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static size_t read_packet(const struct fixture *f, char packet[static LIMIT_DNS_PACKET])
{
	struct pollfd p = {.fd = f->fd, .events = POLLIN};
	assert_int_equal(poll(&p, 1, PATIENCE_MS), 1);
	ssize_t n = recv(f->fd, packet, LIMIT_DNS_PACKET, 0);
	assert_true(n > 0);
	return (size_t)n;
}

static void await_hello(const struct fixture *f)
{
	char packet[LIMIT_DNS_PACKET];
	size_t n = read_packet(f, packet);
	assert_int_equal(packet_kind_of((struct slice){packet, n}), PACKET_HELLO);
}

static void start_resolver(struct fixture *f, unsigned port, const char *before)
{
	int pair[2];
	char server[32];
	snprintf(server, sizeof server, "127.0.0.1@%u", port);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	f->fd = pair[0];
	if (before)
		assert_true(send(f->fd, before, strlen(before), 0) > 0);
	const char *const args[] = {"-n", server, NULL};
	f->pid = start_program(pair[1], false, args);
	assert_true(f->pid > 0);
	close(pair[1]);
}

static uint64_t send_question(struct fixture *f, enum question_type type, const char *name)
{
	struct question q = {.id = f->next_id++, .type = type};
	snprintf(q.name, sizeof q.name, "%s", name);
	struct str packet = {0};
	question_pack(&q, &packet);
	assert_int_equal(send(f->fd, packet.p, packet.n, MSG_NOSIGNAL), packet.n);
	str_free(&packet);
	return q.id;
}

static struct answer ask(struct fixture *f, enum question_type type, const char *name)
{
	char packet[LIMIT_DNS_PACKET];
	struct answer a;
	uint64_t id = send_question(f, type, name);
	for (;;) {
		size_t n = read_packet(f, packet);
		assert_true(answer_unpack((struct slice){packet, n}, &a));
		if (a.id == id)
			return a;
		answer_free(&a);
	}
}

/* -- what it serves ------------------------------------------------------------------------- */

static const char zone_text[] =
    "a.example A 192.0.2.1\n"
    "a.example A 192.0.2.2\n"
    "a.example AAAA 2001:db8::1\n"
    "m.example MX 10 mx1.example\n"
    "m.example MX 258 mx2.example\n"
    "nullmx.example MX 0 .\n"
    "1.2.0.192.in-addr.arpa PTR a.example\n"
    "t.example TXT v=spf1 -all\n"
    "t.example TXT second\n"
    "alias.example CNAME a.example\n"
    "dangling.example CNAME nowhere.example\n"
    "bad.example TROUBLE ALL\n"
    "a.test A 192.0.2.3\n"
    "a.invalid A 192.0.2.4\n"
    "a.localhost A 192.0.2.5\n"
    "a.home.arpa A 192.0.2.6\n"
    "a.onion A 192.0.2.7\n"
    "a.1.0.0.127.in-addr.arpa TXT loopback\n"
    "1.2.0.10.in-addr.arpa PTR ten.example\n"
    "1.0.168.192.in-addr.arpa PTR home.example\n"
    "a.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa TXT one\n"
    "1.0.0.0.8.e.f.ip6.arpa PTR link.example\n";

static void fill(struct zone *z)
{
	unsigned line = 0;
	if (!zone_load(z, slice_of(zone_text), &line))
		fail_msg("zone_text: line %u", line);
	for (unsigned i = 0; i < LIMIT_DNS_RECORDS; i++) {
		unsigned char ip[4] = {192, 0, 2, (unsigned char)i};
		assert_true(zone_add_raw(z, "m64.example", QUESTION_A, ip, 4));
		assert_true(zone_add_raw(z, "more.m64.example", QUESTION_A, ip, 4));
	}
	char *big = malloc(LIMIT_DNS_ANSWER);
	assert_non_null(big);
	memset(big, 'x', LIMIT_DNS_ANSWER);
	assert_true(zone_add_raw(z, "t2000.example", QUESTION_TXT, big, 2000));
	assert_true(zone_add_raw(z, "t16k.example", QUESTION_TXT, big, LIMIT_DNS_ANSWER));
	assert_true(zone_add_raw(z, "more.t16k.example", QUESTION_TXT, big, LIMIT_DNS_ANSWER));
	free(big);
	assert_true(zone_add_raw(z, "empty.example", QUESTION_TXT, "", 0));
	assert_true(zone_add_raw(z, "odd.example", QUESTION_PTR, "a b.example", 11));
	assert_true(zone_add_raw(z, "odd.example", QUESTION_PTR, "good.example", 12));
	assert_true(zone_add_raw(z, "allodd.example", QUESTION_PTR, "a*b.example", 11));
}

static int start_all(void **state)
{
	static struct fixture f;
	f = (struct fixture){.fd = -1, .next_id = 1000};
	f.zone = zone_new();
	if (!f.zone)
		return -1;
	fill(f.zone);
	f.server = server_start(f.zone);
	if (!f.server)
		return -1;
	start_resolver(&f, server_port(f.server), "queued before the start");
	await_hello(&f);
	*state = &f;
	return 0;
}

static int stop_all(void **state)
{
	struct fixture *f = *state;
	if (f->fd >= 0)
		close(f->fd);
	int status = exit_status(f->pid);
	server_stop(f->server);
	zone_free(f->zone);
	return status;
}

/* -- tests ---------------------------------------------------------------------------------- */

struct row {
	const char *name;
	enum question_type type;
	enum answer_status want;
	uint32_t count;
	const char *record[2]; /* as octets, in any order; NULL: not looked at */
	size_t size[2];
};

static bool has_record(const struct answer *a, const char *p, size_t n)
{
	for (uint32_t i = 0; i < a->count; i++)
		if (a->record[i].n == n && memcmp(a->record[i].p, p, n) == 0)
			return true;
	return false;
}

static void check_row(struct fixture *f, const struct row *r)
{
	struct answer a = ask(f, r->type, r->name);
	bool ok = a.status == r->want && a.count == r->count;
	for (int i = 0; ok && i < 2; i++)
		ok = !r->record[i] || has_record(&a, r->record[i], r->size[i]);
	if (!ok)
		print_error("# %s type %d: got status %d with %u records, want %d with %u\n",
			    r->name, (int)r->type, (int)a.status, a.count, (int)r->want, r->count);
	answer_free(&a);
	assert_true(ok);
}

static void types_and_statuses(void **state)
{
	static const struct row rows[] = {
	    {"a.example", QUESTION_A, ANSWER_DATA, 2, {"\300\0\2\1", "\300\0\2\2"}, {4, 4}},
	    {"A.Example", QUESTION_A, ANSWER_DATA, 2, {"\300\0\2\1", "\300\0\2\2"}, {4, 4}},
	    {"a.example",
	     QUESTION_AAAA,
	     ANSWER_DATA,
	     1,
	     {"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"},
	     {16}},
	    {"m.example",
	     QUESTION_MX,
	     ANSWER_DATA,
	     2,
	     {"\0\12mx1.example", "\1\2mx2.example"},
	     {13, 13}},
	    {"nullmx.example", QUESTION_MX, ANSWER_DATA, 1, {"\0\0"}, {2}},
	    {"1.2.0.192.in-addr.arpa", QUESTION_PTR, ANSWER_DATA, 1, {"a.example"}, {9}},
	    {"t.example", QUESTION_TXT, ANSWER_DATA, 2, {"v=spf1 -all", "second"}, {11, 6}},
	    {"empty.example", QUESTION_TXT, ANSWER_DATA, 1, {""}, {0}},
	    {"alias.example", QUESTION_A, ANSWER_DATA, 2, {"\300\0\2\1", "\300\0\2\2"}, {4, 4}},
	    {"alias.example", QUESTION_TXT, ANSWER_NO_DATA, 0, {0}, {0}},
	    {"dangling.example", QUESTION_A, ANSWER_NO_NAME, 0, {0}, {0}},
	    {"a.example", QUESTION_TXT, ANSWER_NO_DATA, 0, {0}, {0}},
	    {"nowhere.example", QUESTION_A, ANSWER_NO_NAME, 0, {0}, {0}},
	    {"bad.example", QUESTION_TXT, ANSWER_TROUBLE, 0, {0}, {0}},
	    /* Names that nobody could ask about are no use as records. */
	    {"odd.example", QUESTION_PTR, ANSWER_DATA, 1, {"good.example"}, {12}},
	    {"allodd.example", QUESTION_PTR, ANSWER_NO_DATA, 0, {0}, {0}},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		check_row(*state, &rows[i]);
}

/* What libunbound would answer by itself comes from a nameserver that we were told to ask. */
static void private_names(void **state)
{
	static const struct row rows[] = {
	    {"a.test", QUESTION_A, ANSWER_DATA, 1, {"\300\0\2\3"}, {4}},
	    {"a.invalid", QUESTION_A, ANSWER_DATA, 1, {"\300\0\2\4"}, {4}},
	    {"a.localhost", QUESTION_A, ANSWER_DATA, 1, {"\300\0\2\5"}, {4}},
	    {"a.home.arpa", QUESTION_A, ANSWER_DATA, 1, {"\300\0\2\6"}, {4}},
	    {"a.onion", QUESTION_A, ANSWER_DATA, 1, {"\300\0\2\7"}, {4}},
	    {"a.1.0.0.127.in-addr.arpa", QUESTION_TXT, ANSWER_DATA, 1, {"loopback"}, {8}},
	    {"1.2.0.10.in-addr.arpa", QUESTION_PTR, ANSWER_DATA, 1, {"ten.example"}, {11}},
	    {"1.0.168.192.in-addr.arpa", QUESTION_PTR, ANSWER_DATA, 1, {"home.example"}, {12}},
	    {"a.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa",
	     QUESTION_TXT,
	     ANSWER_DATA,
	     1,
	     {"one"},
	     {3}},
	    {"1.0.0.0.8.e.f.ip6.arpa", QUESTION_PTR, ANSWER_DATA, 1, {"link.example"}, {12}},
	    {"b.test", QUESTION_A, ANSWER_NO_NAME, 0, {0}, {0}},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		check_row(*state, &rows[i]);
}

static void limits(void **state)
{
	struct fixture *f = *state;
	static const struct row rows[] = {
	    {"m64.example", QUESTION_A, ANSWER_DATA, LIMIT_DNS_RECORDS, {0}, {0}},
	    {"t2000.example", QUESTION_TXT, ANSWER_DATA, 1, {0}, {0}},
	    {"t16k.example", QUESTION_TXT, ANSWER_DATA, 1, {0}, {0}},
	    {"more.m64.example", QUESTION_A, ANSWER_TROUBLE, 0, {0}, {0}},
	    {"more.t16k.example", QUESTION_TXT, ANSWER_TROUBLE, 0, {0}, {0}},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		check_row(f, &rows[i]);
	struct answer a = ask(f, QUESTION_TXT, "t16k.example");
	assert_int_equal(a.record[0].n, LIMIT_DNS_ANSWER);
	for (size_t i = 0; i < a.record[0].n; i++)
		assert_int_equal(a.record[0].p[i], 'x');
	answer_free(&a);
}

static void garbage_is_dropped(void **state)
{
	struct fixture *f = *state;
	static char big[2 * LIMIT_DNS_PACKET];
	assert_int_equal(send(f->fd, "", 0, 0), 0);
	assert_true(send(f->fd, "\2", 1, 0) > 0);
	assert_true(send(f->fd, "\377garbage", 8, 0) > 0);
	assert_true(send(f->fd, big, sizeof big, 0) > 0);
	struct answer a = {.status = ANSWER_NO_DATA};
	struct str packet = {0};
	answer_pack(&a, &packet);
	assert_true(send(f->fd, packet.p, packet.n, 0) > 0);
	str_free(&packet);
	check_row(f, &(struct row){"t.example", QUESTION_TXT, ANSWER_DATA, 2, {0}, {0}});
}

/* Thousands of answers that nobody reads are dropped; afterwards all is as before. */
static void nobody_reads(void **state)
{
	struct fixture *f = *state;
	for (int i = 0; i < FLOOD; i++)
		send_question(f, QUESTION_TXT, "t2000.example");
	/* The answer to the question that comes next may be one of the dropped ones: it is asked
	 * until one arrives, and one does as soon as what was queued has been read. */
	uint64_t first = f->next_id;
	for (bool answered = false; !answered;) {
		send_question(f, QUESTION_A, "a.example");
		char packet[LIMIT_DNS_PACKET];
		struct answer a;
		for (struct pollfd p = {.fd = f->fd, .events = POLLIN};
		     !answered && poll(&p, 1, 100) > 0;) {
			size_t n = read_packet(f, packet);
			assert_true(answer_unpack((struct slice){packet, n}, &a));
			answered = a.id >= first;
			answer_free(&a);
		}
		assert_true(f->next_id < first + 100);
	}
}

/* Whether a line of /proc/PID/NAME begins with all of `begin`, white space aside. */
static bool proc_says(pid_t pid, const char *name, const char *begin)
{
	char path[64], line[256], word[256];
	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
	FILE *f = fopen(path, "r");
	assert_non_null(f);
	bool found = false;
	while (!found && fgets(line, sizeof line, f)) {
		size_t n = 0;
		for (const char *p = line; *p; p++)
			if (!str_is_space(*p))
				word[n++] = *p;
		word[n] = '\0';
		found = strncmp(word, begin, strlen(begin)) == 0;
	}
	fclose(f);
	return found;
}

static void rights_are_given_up(void **state)
{
	const struct fixture *f = *state;
	assert_true(proc_says(f->pid, "status", "NoNewPrivs:1"));
	assert_true(proc_says(f->pid, "limits", "Maxcorefilesize00"));
}

static void ends_with_sigterm(void **state)
{
	(void)state;
	struct fixture f = {.next_id = 1, .zone = zone_new()};
	assert_non_null(f.zone);
	f.server = server_start(f.zone);
	assert_non_null(f.server);
	start_resolver(&f, server_port(f.server), NULL);
	await_hello(&f);
	send_question(&f, QUESTION_A, "silent.example");
	kill(f.pid, SIGTERM);
	assert_int_equal(exit_status(f.pid), 0);
	close(f.fd);
	server_stop(f.server);
	zone_free(f.zone);
}

static void ends_with_the_other_end(void **state)
{
	(void)state;
	struct fixture f = {.next_id = 1};
	start_resolver(&f, 9, NULL);
	await_hello(&f);
	close(f.fd);
	assert_int_equal(exit_status(f.pid), 0);
}

static void wrong_arguments(void **state)
{
	(void)state;
	static const char *const table[][4] = {
	    {"-x", NULL},
	    {"word", NULL},
	    {"-n", NULL},
	    {"-n", "nonsense", NULL},
	    {"-n", "127.0.0.1@x", NULL},
	    {"-n", "127.0.0.1@0", NULL},
	    {"-n", "127.0.0.1@65536", NULL},
	};
	int pair[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		int got = exit_status(start_program(pair[1], true, table[i]));
		if (got != 2)
			print_error("# %s %s\n", table[i][0], table[i][1] ? table[i][1] : "");
		assert_int_equal(got, 2);
	}
	close(pair[0]);
	close(pair[1]);
	static const char *const none[] = {NULL};
	assert_int_equal(exit_status(start_program(-1, true, none)), 2);
	int stream[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, stream), 0);
	assert_int_equal(exit_status(start_program(stream[1], true, none)), 2);
	close(stream[0]);
	close(stream[1]);
}

#define WITH_ALL(test) cmocka_unit_test_setup_teardown(test, start_all, stop_all)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_ALL(types_and_statuses),
	    WITH_ALL(private_names),
	    WITH_ALL(limits),
	    WITH_ALL(garbage_is_dropped),
	    WITH_ALL(nobody_reads),
	    WITH_ALL(rights_are_given_up),
	    cmocka_unit_test(ends_with_sigterm),
	    cmocka_unit_test(ends_with_the_other_end),
	    cmocka_unit_test(wrong_arguments),
	};
	return cmocka_run_group_tests_name("dns/resolver", tests, NULL, NULL);
}
