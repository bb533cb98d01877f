/* SPDX-License-Identifier: BSD-2-Clause
 *
 * inquire [-n TIMES] PROGRAM PORT NAME ADDRESS...: starts keepname-inquirer and asks it for NAME at
 * each address, all at the same time; prints, in the order of the answers,
 *
 *   ADDRESS RESULT [SERVER...]
 *
 * -n: each so many times. Exit 0; 1 where it ended first; 2 wrong usage or trouble. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/program.h"
#include "dns/inquiry.h"

static pid_t start(const char *program, const char *port, int fd)
{
	pid_t pid = fork();

	if (pid == 0) {
		if (dup2(fd, INQUIRER_FD_INQUIRIES) == INQUIRER_FD_INQUIRIES)
			execl(program, program, "-p", port, (char *)NULL);
		_exit(127);
	}
	return pid;
}

static bool ask(int fd, uint64_t id, const char *name, const char *address)
{
	struct inquiry q = {.id = id, .family = strchr(address, ':') ? 6 : 4};
	struct str packet = {0};
	bool ok = slice_copy(slice_of(name), q.name, sizeof(q.name)) &&
		  inet_pton(q.family == 6 ? AF_INET6 : AF_INET, address, q.address) == 1;

	inquiry_pack(&q, &packet);
	ok = ok && send(fd, packet.p, packet.n, MSG_NOSIGNAL) == (ssize_t)packet.n;
	str_free(&packet);
	return ok;
}

static bool show(int fd, char **address, int count)
{
	static char packet[LIMIT_DNS_PACKET];
	struct inquiry_answer a;
	ssize_t n = recv(fd, packet, sizeof(packet), 0);

	if (n <= 0 || !inquiry_answer_unpack((struct slice){packet, (size_t)n}, &a) ||
	    a.id >= (uint64_t)count)
		return false;
	printf("%s %s", address[a.id], inquiry_result_words(a.result));
	for (uint32_t i = 0; i < a.count; i++)
		printf(" %s", a.server[i]);
	putchar('\n');
	return true;
}

int main(int argc, char **argv)
{
	int pair[2], times = 1;
	bool ok = true;
	pid_t pid;

	for (int c; (c = getopt(argc, argv, "n:")) != -1;)
		times = c == 'n' ? atoi(optarg) : 0;
	argv += optind - 1;
	argc -= optind - 1;
	if (argc < 5 || times < 1 || program_pair(SOCK_SEQPACKET, pair) != 0)
		return 2;
	pid = start(argv[1], argv[2], pair[1]);
	close(pair[1]);
	for (int i = 0; ok && i < (argc - 4) * times; i++)
		ok = ask(pair[0], (uint64_t)(i % (argc - 4)), argv[3], argv[4 + i % (argc - 4)]);
	for (int i = 0; ok && i < (argc - 4) * times; i++)
		ok = show(pair[0], argv + 4, argc - 4);
	close(pair[0]);
	waitpid(pid, NULL, 0);
	return ok ? 0 : 1;
}
