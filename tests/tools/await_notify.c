/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The wait of await for a service's READY=1 (sd_notify(3)). The socket is in the abstract name
 * space, so no file is left behind. The command is our child until it is ready and then goes on
 * alone; its standard input is /dev/null, its output the log, so it holds no pipe of the caller's
 * open. */
#include "config.h"

#include "tests/tools/await.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int open_socket(void)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	socklen_t len = sizeof un;
	char name[sizeof un.sun_path + 1];
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	/* An address of the family alone makes the kernel choose a free abstract name. */
	if (fd < 0 ||
	    bind(fd, (struct sockaddr *)&un, offsetof(struct sockaddr_un, sun_path)) != 0 ||
	    getsockname(fd, (struct sockaddr *)&un, &len) != 0)
		await_trouble("notify socket");
	snprintf(name, sizeof name, "@%.*s",
		 (int)(len - offsetof(struct sockaddr_un, sun_path) - 1), un.sun_path + 1);
	if (setenv("NOTIFY_SOCKET", name, 1) != 0)
		await_trouble("setenv");
	return fd;
}

static pid_t start(const struct await *a, char **command)
{
	pid_t pid = fork();
	int in, out;

	if (pid < 0)
		await_trouble("fork");
	if (pid > 0)
		return pid;
	in = open("/dev/null", O_RDONLY);
	out = open(a->log ? a->log : "/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0600);
	/* A group of its own: a signal from the terminal is the lab's affair, and who starts
	 * further processes can be found by it. */
	setsid();
	if (in < 0 || out < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
		_exit(126);
	execvp(command[0], command);
	fprintf(stderr, "%s: %s\n", command[0], strerror(errno));
	_exit(127);
}

/* One datagram, a string; NULL where there is none. */
static const char *receive(int fd, char *buf, size_t size)
{
	ssize_t n = recv(fd, buf, size - 1, MSG_DONTWAIT);

	if (n < 0)
		return NULL;
	buf[n] = '\0';
	return buf;
}

static bool says_ready(const char *told)
{
	return strncmp(told, "READY=1", 7) == 0 || strstr(told, "\nREADY=1") != NULL;
}

static noreturn void record_all(int fd, int pidfd, const char *path)
{
	struct pollfd p[2] = {{.fd = fd, .events = POLLIN}, {.fd = pidfd, .events = POLLIN}};
	int out = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	char buf[8192];

	for (int i = 0; i <= 2; i++)
		close(i);
	while (out >= 0 && poll(p, 2, -1) > 0) {
		while (receive(fd, buf, sizeof buf))
			dprintf(out, "%s\n", buf);
		if (p[1].revents)
			break;
	}
	_exit(0);
}

static void write_pid(const char *path, pid_t pid)
{
	FILE *f = fopen(path, "w");

	if (!f || fprintf(f, "%d\n", (int)pid) < 0 || fclose(f) != 0)
		await_trouble(path);
}

void await_notify(struct await *a, char **command)
{
	int fd = open_socket();
	pid_t pid = start(a, command);
	char buf[8192];
	const char *told;
	bool ready = false;

	if (a->pid_file)
		write_pid(a->pid_file, pid);
	a->guard = pid;
	a->guard_fd = await_pidfd(pid);
	if (a->guard_fd < 0)
		await_trouble("pidfd_open");
	while (!ready) {
		await_event(a, fd, 0);
		while (!ready && (told = receive(fd, buf, sizeof buf)) != NULL)
			ready = says_ready(told);
	}
	printf("%d\n", (int)pid);
	fflush(stdout);
	if (a->record && fork() == 0)
		record_all(fd, a->guard_fd, a->record);
}
