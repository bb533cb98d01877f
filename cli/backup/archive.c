/* SPDX-License-Identifier: BSD-2-Clause */
/* archive.c - a backup as one file; see archive.h. */
#include "cli/backup/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_WORDS "keepname backup "
#define FIRST_LINE  FIRST_WORDS "1\n"

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

/* The head with this sum in it. */
static void head_of(const struct archive *a, const char *sum, char to[static ARCHIVE_HEAD + 1])
{
	char when[21];

	str_time(a->made, when);
	memset(to, ' ', ARCHIVE_HEAD);
	const int used =
	    snprintf(to, ARCHIVE_HEAD,
		     FIRST_LINE "sha256 %s\nmade %s\nconfiguration %lld\ndatabase "
				"%lld\nhost %.64s\n",
		     sum, when, (long long)a->configuration, (long long)a->database, a->host);

	to[used] = ' ';
	to[ARCHIVE_HEAD - 1] = '\n';
	to[ARCHIVE_HEAD] = '\0';
}

/* The sum begins with the head, as it is with zeros for the sum. */
static void sum_begin(crypto_hash_sha256_state *state, const struct archive *a)
{
	char head[ARCHIVE_HEAD + 1], zeros[ARCHIVE_SUM + 1];

	memset(zeros, '0', ARCHIVE_SUM);
	zeros[ARCHIVE_SUM] = '\0';
	head_of(a, zeros, head);
	crypto_hash_sha256_init(state);
	crypto_hash_sha256_update(state, (const unsigned char *)head, ARCHIVE_HEAD);
}

static void sum_add(crypto_hash_sha256_state *state, const void *p, size_t n)
{
	crypto_hash_sha256_update(state, p, (unsigned long long)n);
}

int archive_measure(struct slice configuration, const char *database, struct archive *a)
{
	crypto_hash_sha256_state state;
	unsigned char block[BLOCK];
	struct stat st;
	ssize_t n = 0;
	const int fd = open(database, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	int error = fstat(fd, &st) == 0 ? 0 : errno;

	a->configuration = (int64_t)configuration.n;
	a->database = st.st_size;
	sum_begin(&state, a);
	sum_add(&state, configuration.p, configuration.n);
	while (error == 0 && (n = read_all(fd, block, sizeof(block))) > 0)
		sum_add(&state, block, (size_t)n);
	if (error == 0 && n < 0)
		error = errno;
	close(fd);
	sum_end(&state, a->sum);
	return error;
}

int archive_write(const struct archive *a, struct slice configuration, const char *database, int to)
{
	char head[ARCHIVE_HEAD + 1];
	unsigned char block[BLOCK];
	ssize_t n;
	const int fd = open(database, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	head_of(a, a->sum, head);
	errno = 0;
	bool good =
	    write_all(to, head, ARCHIVE_HEAD) && write_all(to, configuration.p, configuration.n);

	while (good && (n = read_all(fd, block, sizeof(block))) != 0)
		good = n > 0 && write_all(to, block, (size_t)n);
	const int error = good ? 0 : errno != 0 ? errno : EIO;

	close(fd);
	return error;
}

/* -- reading -------------------------------------------------------------------------------- */

/* The value of a line "key value" of the head. */
static bool line_of(const char *head, const char *key, char *to, size_t size)
{
	const size_t n = strlen(key);

	for (const char *p = head; *p != '\0'; p += strcspn(p, "\n"), p += *p == '\n')
		if (strncmp(p, key, n) == 0 && p[n] == ' ')
			return slice_copy((struct slice){p + n + 1, strcspn(p + n + 1, "\n")}, to,
					  size);
	return false;
}

static bool size_of(const char *head, const char *key, int64_t most, int64_t *ret_size)
{
	char text[32];
	uint64_t octets;

	if (!line_of(head, key, text, sizeof(text)) ||
	    !str_to_u64(slice_of(text), (uint64_t)most, &octets))
		return false;
	*ret_size = (int64_t)octets;
	return true;
}

/* Whoever writes the values anew must come to the same octets. */
static bool head_read(const char *head, struct archive *a)
{
	char made[32], again[ARCHIVE_HEAD + 1];

	if (!line_of(head, "sha256", a->sum, sizeof(a->sum)) || strlen(a->sum) != ARCHIVE_SUM ||
	    !line_of(head, "made", made, sizeof(made)) || !str_to_time(slice_of(made), &a->made) ||
	    !size_of(head, "configuration", LIMIT_CONFIG_BYTES, &a->configuration) ||
	    !size_of(head, "database", INT64_MAX / 2, &a->database) ||
	    !line_of(head, "host", a->host, sizeof(a->host)))
		return false;
	head_of(a, a->sum, again);
	return memcmp(head, again, ARCHIVE_HEAD) == 0;
}

static bool no_head(int from, struct archive *a, char why[static 256])
{
	char head[ARCHIVE_HEAD + 1] = "";
	const ssize_t n = read_all(from, head, ARCHIVE_HEAD);

	if (n < 0)
		snprintf(why, 256, "it cannot be read: %s", strerror(errno));
	else if (strncmp(head, FIRST_WORDS, sizeof(FIRST_WORDS) - 1) != 0)
		snprintf(why, 256, "it is no backup of keepname");
	else if (n < ARCHIVE_HEAD)
		snprintf(why, 256, "it is cut: not even its head is whole");
	else if (strncmp(head, FIRST_LINE, sizeof(FIRST_LINE) - 1) != 0)
		snprintf(why, 256, "it is a backup of a later keepname, or damaged");
	else if (!head_read(head, a))
		snprintf(why, 256, "its head is damaged");
	else
		return false;
	return true;
}

/* So many octets, to a file or into memory; false after *why is set. */
static bool take_part(int from, int64_t left, int to, struct str *text,
		      crypto_hash_sha256_state *state, char why[static 256])
{
	unsigned char block[BLOCK];

	while (left > 0) {
		const size_t want = left < BLOCK ? (size_t)left : BLOCK;
		const ssize_t n = read_all(from, block, want);

		if (n < 0) {
			snprintf(why, 256, "it cannot be read: %s", strerror(errno));
			return false;
		}
		if (text != NULL) {
			str_add(text, block, (size_t)n);
		} else if (!write_all(to, block, (size_t)n)) {
			snprintf(why, 256, "it cannot be taken out: %s", strerror(errno));
			return false;
		}
		sum_add(state, block, (size_t)n);
		left -= n;
		if ((size_t)n < want) {
			snprintf(why, 256, "it is cut: %lld octets are missing", (long long)left);
			return false;
		}
	}
	return true;
}

bool archive_take_out(int from, int to, struct archive *ret_archive, struct str *ret_configuration,
		      char ret_why[static 256])
{
	crypto_hash_sha256_state state;
	struct archive a = {0};
	char sum[ARCHIVE_SUM + 1], more;

	if (no_head(from, &a, ret_why))
		return false;
	sum_begin(&state, &a);
	if (!take_part(from, a.configuration, -1, ret_configuration, &state, ret_why) ||
	    !take_part(from, a.database, to, NULL, &state, ret_why))
		return false;
	if (read_all(from, &more, 1) != 0) {
		snprintf(ret_why, 256, "there is more behind it than its head says");
		return false;
	}
	sum_end(&state, sum);
	if (strcmp(sum, a.sum) != 0) {
		snprintf(ret_why, 256, "it was changed: its checksum is not that of its head");
		return false;
	}
	if (ret_configuration->failed) {
		snprintf(ret_why, 256, "no memory");
		return false;
	}
	*ret_archive = a;
	return true;
}
