/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * read_headers FOLDER…: opens each file of the folders and reads it up to the empty line that ends
 * its headers; prints how many files and octets of headers there were. What keepname scan is
 * measured against.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 8192, MOST = 1024 * 1024 };

static size_t headers_of(int fd, char *text)
{
	size_t n = 0;
	ssize_t more;

	while (n + CHUNK < MOST && (more = read(fd, text + n, CHUNK)) > 0) {
		const size_t from = n > 3 ? n - 3 : 0;

		n += (size_t)more;
		const char *end = memmem(text + from, n - from, "\n\n", 2);
		if (end == NULL)
			end = memmem(text + from, n - from, "\n\r\n", 3);
		if (end != NULL)
			return (size_t)(end - text);
	}
	return n;
}

int main(int argc, char **argv)
{
	static char text[MOST];
	unsigned long files = 0, octets = 0;

	for (int i = 1; i < argc; i++) {
		DIR *dir = opendir(argv[i]);
		const struct dirent *d;

		if (dir == NULL) {
			perror(argv[i]);
			return 2;
		}
		while ((d = readdir(dir)) != NULL) {
			const int fd = d->d_name[0] == '.'
					   ? -1
					   : openat(dirfd(dir), d->d_name, O_RDONLY | O_CLOEXEC);

			if (fd < 0)
				continue;
			files++;
			octets += headers_of(fd, text);
			close(fd);
		}
		closedir(dir);
	}
	printf("%lu files, %lu octets\n", files, octets);
	return 0;
}
