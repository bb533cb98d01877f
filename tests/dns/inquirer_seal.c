/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a process that is sealed as the inquirer is can still do: each attempt is made by a child of
 * its own, which exits 0 where it was refused as it should be.
 */
#include <config.h> /* autoconf's: GNU interfaces */

#include "dns/inquirer_seal.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/judge/attempts.h"
#include "tests/rules/table.h"

enum {
	DESCRIPTORS = 8,
};

static bool refused(long rc)
{
	return rc < 0 && (errno == EPERM || errno == EACCES);
}

static bool open_file(void)
{
	return refused(open("/etc/passwd", O_RDONLY)) &&
	       refused(open("/tmp", O_TMPFILE | O_RDWR, 0600)) &&
	       refused(creat("/tmp/keepname-inquirer", 0600)) && refused(unlink("/tmp/none"));
}

static bool start_program(void)
{
	char *none[] = {NULL};
	return refused(execve("/bin/true", none, none)) && refused(fork());
}

static bool reach_processes(void)
{
	return refused(kill(getppid(), 0)) && refused(socket(AF_UNIX, SOCK_STREAM, 0)) &&
	       refused(socket(AF_NETLINK, SOCK_RAW, 0)) && refused(socket(AF_PACKET, SOCK_RAW, 0));
}

static bool listen_on_a_port(void)
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	return fd >= 0 && refused(bind(fd, (struct sockaddr *)&in, sizeof(in))) &&
	       refused(listen(fd, 1));
}

static bool make_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p != MAP_FAILED && refused(mprotect(p, 4096, PROT_READ | PROT_EXEC)) &&
	       mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
		   MAP_FAILED;
}

static bool take_memory(void)
{
	return mmap(NULL, (size_t)1 << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		    0) == MAP_FAILED;
}

static bool take_descriptors(void)
{
	int fd, highest = -1;
	while ((fd = socket(AF_INET6, SOCK_DGRAM, 0)) >= 0)
		highest = fd;
	return highest == DESCRIPTORS - 1 && errno == EMFILE;
}

/* And what it must do. */
static bool ask_by_udp(void)
{
	struct sockaddr_in in = {
	    .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	return fd >= 0 && connect(fd, (struct sockaddr *)&in, sizeof(in)) == 0 &&
	       poll(&p, 1, 0) == 1 && send(fd, "x", 1, MSG_NOSIGNAL) == 1 && close(fd) == 0;
}

static void in_a_child(bool (*attempt)(void), const char *name)
{
	int status = 0;
	pid_t pid = fork();
	if (pid == 0) {
		close(6); /* cmocka's or the harness's own, if there are any */
		close(7);
		_exit(!inquirer_seal(DESCRIPTORS) ? 2 : attempt() ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s: status %#x", name,
	      (unsigned)status);
}

static void each_attempt(void **state)
{
	static const struct {
		bool (*attempt)(void);
		const char *name;
	} row[] = {
	    {open_file, "open a file"},
	    {start_program, "start a program"},
	    {reach_processes, "reach other processes"},
	    {listen_on_a_port, "listen"},
	    {make_code, "make code"},
	    {take_memory, "take memory"},
	    {take_descriptors, "take descriptors"},
	    {ask_by_udp, "ask by UDP"},
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(row); i++)
		in_a_child(row[i].attempt, row[i].name);
}

/* What a judge would try, but for sockets, which are its trade and have their own tests above. */
static void as_a_judge(void **state)
{
	(void)state;
	for (size_t i = 0; i < attempt_count; i++) {
		const struct attempt *a = &attempts[i];
		int status = 0;
		if (a->target == NETWORK || a->child == WORKS)
			continue;
		pid_t pid = fork();
		if (pid == 0) {
			close_range(1, ~0U, 0);
			_exit(inquirer_seal(DESCRIPTORS) ? attempt_try(a) : NOT_SEALED);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		CHECK(WIFEXITED(status) &&
			  WEXITSTATUS(status) == (a->child == FAILS ? FAILS : REFUSED),
		      "%s: status %#x", a->name, (unsigned)status);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_attempt),
	    cmocka_unit_test(as_a_judge),
	};
	return cmocka_run_group_tests_name("inquirer_seal", tests, NULL, NULL);
}
