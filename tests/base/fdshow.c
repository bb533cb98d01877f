/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fdshow - what a program started by program_start got: writes its open descriptors with what they
 * refer to, blocked and ignored signals, arguments and environment to descriptor 3.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

static void show_descriptors(FILE *to)
{
	for (int fd = 0; fd < 1024; fd++) {
		struct stat st;
		char name[64], target[256];
		snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
		if (fstat(fd, &st) < 0)
			continue;
		ssize_t n = readlink(name, target, sizeof(target) - 1);
		target[n > 0 ? n : 0] = '\0';
		fprintf(to, "fd %d %s%s\n", fd, target,
			fcntl(fd, F_GETFD) & FD_CLOEXEC ? " cloexec" : "");
	}
}

static void show_signals(FILE *to)
{
	char line[256];
	FILE *status = fopen("/proc/self/status", "re");
	while (status && fgets(line, sizeof(line), status))
		if (strncmp(line, "SigBlk:", 7) == 0 || strncmp(line, "SigIgn:", 7) == 0)
			fputs(line, to);
	if (status)
		fclose(status);
}

int main(int argc, char **argv)
{
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);
	if (!to)
		return 1;
	show_descriptors(to);
	show_signals(to);
	for (int i = 0; i < argc; i++)
		fprintf(to, "arg %s\n", argv[i]);
	for (char **e = environ; *e; e++)
		fprintf(to, "env %s\n", *e);
	fclose(to);
	ssize_t put = write(3, text, n);
	free(text);
	return put < 0 || (size_t)put != n;
}
