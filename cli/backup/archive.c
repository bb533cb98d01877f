/* SPDX-License-Identifier: BSD-2-Clause */
/* archive.c - a backup as one file; see archive.h. */
#include "cli/backup/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"

enum {
	BLOCK = 65536,
};

/* Up to n octets, less only at the end. -1 with errno. */
static ssize_t read_all(int fd, void *to, size_t n)
{
	size_t got = 0;

	while (got < n) {
		const ssize_t r = read(fd, (char *)to + got, n - got);

		if (r == 0)
			break;
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -1;
		got += (size_t)r;
	}
	return (ssize_t)got;
}

static bool write_all(int fd, const void *from, size_t n)
{
	for (size_t put = 0; put < n;) {
		const ssize_t w = write(fd, (const char *)from + put, n - put);

		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			return false;
		put += (size_t)w;
	}
	return true;
}

static void sum_end(crypto_hash_sha256_state *state, char to[static ARCHIVE_SUM + 1])
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256_final(state, hash);
	sodium_bin2hex(to, ARCHIVE_SUM + 1, hash, sizeof(hash));
}

int archive_measure(const char *database, struct archive *ret_archive)
{
	crypto_hash_sha256_state state;
	unsigned char block[BLOCK];
	ssize_t n;
	const int fd = open(database, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	ret_archive->size = 0;
	crypto_hash_sha256_init(&state);
	while ((n = read_all(fd, block, sizeof(block))) > 0) {
		crypto_hash_sha256_update(&state, block, (unsigned long long)n);
		ret_archive->size += n;
	}
	const int error = n < 0 ? errno : 0;

	close(fd);
	sum_end(&state, ret_archive->sum);
	return error;
}

int archive_write(const struct archive *a, const char *database, int to)
{
	char head[ARCHIVE_HEAD + 1], when[21];
	unsigned char block[BLOCK];
	ssize_t n;
	const int fd = open(database, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	str_time(a->made, when);
	const int used = snprintf(head, sizeof(head),
				  "keepname backup 1\nmade %s\nsize %lld\nsha256 %s\nhost %.64s\n",
				  when, (long long)a->size, a->sum, a->host);

	memset(head + used, ' ', ARCHIVE_HEAD - (size_t)used);
	head[ARCHIVE_HEAD - 1] = '\n';
	errno = 0;
	bool good = write_all(to, head, ARCHIVE_HEAD);

	while (good && (n = read_all(fd, block, sizeof(block))) != 0)
		good = n > 0 && write_all(to, block, (size_t)n);
	const int error = good ? 0 : errno != 0 ? errno : EIO;

	close(fd);
	return error;
}

/* The value of a line "key value" of the head. */
static bool line_of(const char *head, const char *key, char *to, size_t size)
{
	const size_t n = strlen(key);

	for (const char *p = head; p != NULL && *p != '\0'; p = strchr(p, '\n'), p += p != NULL) {
		if (strncmp(p, key, n) != 0 || p[n] != ' ')
			continue;
		return slice_copy((struct slice){p + n + 1, strcspn(p + n + 1, "\n")}, to, size);
	}
	return false;
}

bool archive_read(int from, struct archive *ret_archive, char ret_why[static 256])
{
	static const char first[] = "keepname backup 1\n";
	char head[ARCHIVE_HEAD + 1] = "", made[32], size[32];
	struct archive a = {0};
	uint64_t octets;

	if (read_all(from, head, ARCHIVE_HEAD) != ARCHIVE_HEAD ||
	    strncmp(head, "keepname backup ", 16) != 0) {
		snprintf(ret_why, 256, "it is no backup of keepname");
		return false;
	}
	if (strncmp(head, first, sizeof(first) - 1) != 0) {
		snprintf(ret_why, 256, "it is a backup of a later keepname");
		return false;
	}
	if (!line_of(head, "made", made, sizeof(made)) || !str_to_time(slice_of(made), &a.made) ||
	    !line_of(head, "size", size, sizeof(size)) ||
	    !str_to_u64(slice_of(size), INT64_MAX, &octets) ||
	    !line_of(head, "sha256", a.sum, sizeof(a.sum)) || strlen(a.sum) != ARCHIVE_SUM ||
	    !line_of(head, "host", a.host, sizeof(a.host)) || head[ARCHIVE_HEAD - 1] != '\n') {
		snprintf(ret_why, 256, "its head is damaged");
		return false;
	}
	a.size = (int64_t)octets;
	*ret_archive = a;
	return true;
}

bool archive_take_out(int from, const struct archive *a, int to, char ret_why[static 256])
{
	crypto_hash_sha256_state state;
	unsigned char block[BLOCK];
	char sum[ARCHIVE_SUM + 1];
	int64_t left = a->size;

	crypto_hash_sha256_init(&state);
	while (left > 0) {
		const size_t want = left < BLOCK ? (size_t)left : BLOCK;
		const ssize_t n = read_all(from, block, want);

		if (n < 0 || !write_all(to, block, (size_t)n)) {
			snprintf(ret_why, 256, "it cannot be taken out: %s", strerror(errno));
			return false;
		}
		crypto_hash_sha256_update(&state, block, (unsigned long long)n);
		left -= n;
		if ((size_t)n < want)
			break;
	}
	if (left > 0) {
		snprintf(ret_why, 256, "it is cut: %lld of %lld octets are missing",
			 (long long)left, (long long)a->size);
		return false;
	}
	if (read_all(from, block, 1) != 0) {
		snprintf(ret_why, 256, "there is more behind it than its head says");
		return false;
	}
	sum_end(&state, sum);
	if (strcmp(sum, a->sum) != 0) {
		snprintf(ret_why, 256, "it was changed: its checksum is not that of its head");
		return false;
	}
	return true;
}
