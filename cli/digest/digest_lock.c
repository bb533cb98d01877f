/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * digest_lock.c - one run at a time; see digest_lock.h.
 *
 * The folder belongs to the daemon's user, who may put a link to anything in the lock's place at
 * any moment. Root does not make the file and give it away then: it acts as that user, by whose
 * rights nothing else can be reached.
 */
#include "cli/digest/digest_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	MODE = 0640,
};

static bool is_lock(const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_nlink == 1 && st->st_size == 0;
}

/* -1 with errno: EINVAL for what is no lock, and stays as it is. */
static int open_once(const char *path)
{
	/* O_NONBLOCK: no waiting for the other end of a pipe. */
	const int fd = open(path, O_CREAT | O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, MODE);
	struct stat st;

	if (fd < 0 || (fstat(fd, &st) == 0 && is_lock(&st)))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

/* A lock that its own side cannot open holds nobody off: it is made anew, where the folder lets us.
 */
static int open_lock(const char *path)
{
	int fd = open_once(path);
	struct stat st;

	if (fd < 0 && errno == EACCES && lstat(path, &st) == 0 && is_lock(&st) && unlink(path) == 0)
		fd = open_once(path);
	return fd;
}

static int open_as_owner(const char *path, const char *database)
{
	struct stat st;
	int fd, error;

	if (geteuid() != 0)
		return open_lock(path);
	if (stat(database, &st) != 0 || setegid(st.st_gid) != 0)
		return -1;
	fd = seteuid(st.st_uid) == 0 ? open_lock(path) : -1;
	error = errno;
	if (seteuid(0) != 0 || setegid(getgid()) != 0) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	errno = error;
	return fd;
}

bool digest_lock(const struct cli *cli, int *ret_status)
{
	char path[4200];
	int fd;

	snprintf(path, sizeof(path), "%.4000s.digest", cli->config->database);
	fd = open_as_owner(path, cli->config->database);
	*ret_status = CLI_DONE;
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return true;
	if (fd < 0 || errno != EWOULDBLOCK)
		*ret_status = cli_trouble("digest", "%s: %s", path,
					  errno == EINVAL || errno == ELOOP
					      ? "is in the way of the lock, and is none"
					      : strerror(errno));
	if (fd >= 0)
		close(fd);
	return false;
}
