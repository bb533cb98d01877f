/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The waits of await that look at files. The watch is set before the first look, so nothing that
 * happens in between is missed; after every burst of inotify events we look again. The folder that
 * holds the file must exist. A file that vanishes between listing and reading is passed over. */
#include "config.h"

#include "tests/tools/await.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAIL_HEAD = 128 * 1024 };

static int watch_folder(const char *dir)
{
	int fd = inotify_init1(IN_CLOEXEC);

	if (fd < 0)
		await_trouble("inotify");
	if (inotify_add_watch(fd, dir, IN_CREATE | IN_MOVED_TO | IN_MODIFY | IN_CLOSE_WRITE) < 0)
		await_trouble(dir);
	return fd;
}

static int watch_folder_of(const char *path)
{
	char dir[PATH_MAX];
	char *slash;

	snprintf(dir, sizeof dir, "%s", path);
	slash = strrchr(dir, '/');
	if (!slash)
		return watch_folder(".");
	slash[slash == dir ? 1 : 0] = '\0';
	return watch_folder(dir);
}

static void next_change(struct await *a, int fd)
{
	char events[16 * 1024];

	if (await_event(a, fd, 0) && read(fd, events, sizeof events) < 0)
		await_trouble("inotify");
}

/* At most `most` bytes of a file (0: all); caller frees; NULL where it cannot be read. */
static char *slurp(const char *path, size_t most, size_t *ret_len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	size_t size, len = 0;
	char *buf;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return NULL;
	}
	size = (size_t)st.st_size;
	if (most && size > most)
		size = most;
	buf = malloc(size + 1);
	if (!buf)
		await_trouble(path);
	while (len < size) {
		ssize_t n = read(fd, buf + len, size - len);
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	close(fd);
	*ret_len = len;
	return buf;
}

static int count_in(const char *path, const char *text, size_t most)
{
	size_t len, want = strlen(text);
	char *buf = slurp(path, most, &len);
	char *at = buf;
	int n = 0;

	while (at && (at = memmem(at, len - (size_t)(at - buf), text, want)) != NULL) {
		n++;
		at += want ? want : 1;
	}
	free(buf);
	return n;
}

void await_file(struct await *a, const char *path)
{
	int fd = watch_folder_of(path);

	while (access(path, F_OK) != 0)
		next_change(a, fd);
}

void await_text(struct await *a, const char *path, const char *text)
{
	int fd = watch_folder_of(path);

	while (count_in(path, text, 0) < a->count)
		next_change(a, fd);
}

static int mails_with(const char *dir, const char *text, bool print)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	char path[PATH_MAX];
	int n = 0;

	if (!d)
		await_trouble(dir);
	while ((e = readdir(d)) != NULL) {
		snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
		if (e->d_name[0] == '.' || count_in(path, text, MAIL_HEAD) == 0)
			continue;
		n++;
		if (print)
			puts(path);
	}
	closedir(d);
	return n;
}

void await_mail(struct await *a, const char *dir, const char *text)
{
	int fd = watch_folder(dir);

	while (mails_with(dir, text, false) < a->count)
		next_change(a, fd);
	mails_with(dir, text, true);
}
