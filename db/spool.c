/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spool.c - records in one preallocated file; see spool.h.
 *
 * Layout: two heads of one sector each, then records. A head says where the first waiting record
 * stands and which sequence number it has; heads are written in turn, so that a torn one leaves the
 * other. A record carries epoch and sequence number under its CRC: reading goes on as long as the
 * next number of this epoch follows, so neither a torn record nor what an earlier epoch left behind
 * is ever taken for one. When the last record has been taken, a new epoch begins at the front.
 *
 * Records are customers' data, so what was taken is overwritten with zeros, as soon as both heads
 * say that it was taken: until then either of them alone must still find it (one may be lost). What
 * a crash has left is overwritten at the next opening. Behind records that wait nothing is touched:
 * there may be one that cannot be read.
 *
 * The file is filled with zeros once, not only allocated: writing into blocks that were merely
 * reserved may still need new ones for the file system's own books.
 */
#include "db/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/pack.h"

enum {
	SECTOR = 512,
	FIRST_RECORD = 4096,
	HEAD_BYTES = 8 + 4 * 8 + 4,
	RECORD_HEAD = 4 + 4 + 8 + 8 + 4,
	ALIGN = 8,
	FILL = 64 * 1024,
};

#define RECORD_MAGIC UINT32_C(0x4b4e5243) /* "KNRC" */

static const char head_magic[8] = {'K', 'N', 'S', 'P', 'O', 'O', 'L', '1'};

struct spool {
	int fd;
	uint64_t size;
	uint64_t turn; /* of the last head written */
	uint64_t epoch;
	uint64_t start; /* of the first waiting record */
	uint64_t seq;   /* its number */
	uint64_t end;   /* where the next record goes */
	size_t count;   /* waiting */
	bool doubtful;  /* a head of a later state may or may not be in the file */
};

/* -- octets --------------------------------------------------------------------------------- */

/* CRC-32 (IEEE 802.3), four bits at a time. */
static uint32_t crc_of(const void *p, size_t n)
{
	static const uint32_t table[16] = {
	    0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
	    0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
	    0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};
	const unsigned char *octet = p;
	uint32_t crc = UINT32_MAX;
	for (size_t i = 0; i < n; i++) {
		crc ^= octet[i];
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return ~crc;
}

static int write_all(int fd, const void *p, size_t n, uint64_t at)
{
	const char *from = p;
	while (n > 0) {
		ssize_t put = pwrite(fd, from, n, (off_t)at);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return errno;
		from += put;
		at += (uint64_t)put;
		n -= (size_t)put;
	}
	return 0;
}

static bool read_all(int fd, void *to, size_t n, uint64_t at)
{
	char *p = to;
	while (n > 0) {
		ssize_t got = pread(fd, p, n, (off_t)at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		p += got;
		at += (uint64_t)got;
		n -= (size_t)got;
	}
	return true;
}

static int sync_data(int fd)
{
	return fdatasync(fd) == 0 ? 0 : errno;
}

/* -- heads ---------------------------------------------------------------------------------- */

static int write_head(struct spool *s)
{
	struct str head = {0};
	str_add(&head, head_magic, sizeof(head_magic));
	pack_u64(&head, s->turn + 1);
	pack_u64(&head, s->epoch);
	pack_u64(&head, s->start);
	pack_u64(&head, s->seq);
	pack_u32(&head, crc_of(str_text(&head), head.n));
	int error = head.failed ? ENOMEM : 0;
	if (!error)
		error = write_all(s->fd, head.p, head.n, (s->turn + 1) % 2 * SECTOR);
	if (!error)
		error = sync_data(s->fd);
	if (!error)
		s->turn++;
	str_free(&head);
	return error;
}

/* After a head that failed: the same turn once more, but for the present state. Without it a record
 * of this epoch might stand in a file that a later reader takes to be of the next. */
static int settle_head(struct spool *s)
{
	int error = s->doubtful ? write_head(s) : 0;
	if (!error)
		s->doubtful = false;
	return error;
}

/* Takes over what the head says if it is whole and newer. */
static void read_head(struct spool *s, uint64_t at)
{
	unsigned char octets[HEAD_BYTES];
	if (!read_all(s->fd, octets, sizeof(octets), at) ||
	    memcmp(octets, head_magic, sizeof(head_magic)) != 0)
		return;
	struct unpack u = unpack_of(octets + sizeof(head_magic), HEAD_BYTES - sizeof(head_magic));
	uint64_t turn = unpack_u64(&u);
	uint64_t epoch = unpack_u64(&u);
	uint64_t start = unpack_u64(&u);
	uint64_t seq = unpack_u64(&u);
	if (unpack_u32(&u) != crc_of(octets, HEAD_BYTES - 4) || turn <= s->turn ||
	    start < FIRST_RECORD || start > s->size)
		return;
	s->turn = turn;
	s->epoch = epoch;
	s->start = start;
	s->seq = seq;
}

/* -- records -------------------------------------------------------------------------------- */

static uint64_t room_of(size_t payload)
{
	return (RECORD_HEAD + payload + ALIGN - 1) / ALIGN * ALIGN;
}

static void pack_entry(const struct record *r, uint64_t epoch, uint64_t seq, struct str *to)
{
	struct str body = {0};
	pack_u64(&body, epoch);
	pack_u64(&body, seq);
	record_pack(r, &body);
	const size_t numbers = 2 * 8;
	pack_u32(to, RECORD_MAGIC);
	pack_u32(to, body.failed ? 0 : (uint32_t)(body.n - numbers));
	str_add(to, body.p, numbers);
	pack_u32(to, crc_of(str_text(&body), body.n));
	str_add(to, body.p + numbers, body.n - numbers);
	to->failed = to->failed || body.failed;
	str_free(&body);
}

/* The payload of the record at an offset, if it is whole and of this epoch and number. */
static bool read_entry(const struct spool *s, uint64_t at, uint64_t seq, struct str *ret_payload)
{
	unsigned char head[RECORD_HEAD];
	if (at + RECORD_HEAD > s->size || !read_all(s->fd, head, sizeof(head), at))
		return false;
	struct unpack u = unpack_of(head, sizeof(head));
	uint32_t magic = unpack_u32(&u);
	uint32_t n = unpack_u32(&u);
	uint64_t epoch = unpack_u64(&u);
	uint64_t number = unpack_u64(&u);
	uint32_t crc = unpack_u32(&u);
	if (magic != RECORD_MAGIC || epoch != s->epoch || number != seq || n > LIMIT_RECORD_BYTES ||
	    at + RECORD_HEAD + n > s->size)
		return false;
	const size_t numbers = 2 * 8;
	char *body = malloc(numbers + n);
	if (!body)
		return false;
	memcpy(body, head + 8, numbers);
	bool good = read_all(s->fd, body + numbers, n, at + RECORD_HEAD) &&
		    crc_of(body, numbers + n) == crc;
	if (good) {
		str_reset(ret_payload);
		str_add(ret_payload, body + numbers, n);
	}
	free(body);
	return good && !ret_payload->failed;
}

static void find_end(struct spool *s)
{
	struct str payload = {0};
	s->end = s->start;
	s->count = 0;
	while (read_entry(s, s->end, s->seq + s->count, &payload)) {
		s->end += room_of(payload.n);
		s->count++;
	}
	str_free(&payload);
}

/* Where the file ends for a record: strangers have half of it, so that a flood of their mail keeps
 * no room from what is proved. */
static uint64_t end_for(const struct spool *s, const struct record *r)
{
	return record_is_strangers(r) ? s->size / 2 : s->size;
}

int spool_put(struct spool *s, const struct record *r)
{
	struct str entry = {0};
	pack_entry(r, s->epoch, s->seq + s->count, &entry);
	int error = entry.failed ? ENOMEM : 0;
	if (!error && entry.n - RECORD_HEAD > LIMIT_RECORD_BYTES)
		error = EMSGSIZE;
	else if (!error && s->end + room_of(entry.n - RECORD_HEAD) > end_for(s, r))
		error = ENOSPC;
	if (!error)
		error = settle_head(s);
	if (!error)
		error = write_all(s->fd, entry.p, entry.n, s->end);
	if (!error)
		error = sync_data(s->fd);
	if (!error) {
		s->end += room_of(entry.n - RECORD_HEAD);
		s->count++;
	}
	str_free(&entry);
	return error;
}

size_t spool_count(const struct spool *s)
{
	return s->count;
}

/* The first record is safe elsewhere: written down at once. */
static bool drop_first(struct spool *s, uint64_t room)
{
	struct spool after = *s;
	after.start += room;
	after.seq++;
	after.count--;
	if (after.count == 0) {
		after.epoch++;
		after.start = FIRST_RECORD;
		after.end = FIRST_RECORD;
		after.seq = 1;
	}
	if (write_head(&after) != 0) {
		s->doubtful = true;
		return false;
	}
	*s = after;
	s->doubtful = false;
	return true;
}

/* What no longer waits, overwritten; whatever fails is left to the next time. */
static void scrub(struct spool *s)
{
	static const char zeros[FILL];
	const uint64_t to = s->count == 0 ? s->size : s->start;
	char block[FILL];
	bool settled = false, failed = false;
	for (uint64_t at = FIRST_RECORD; at < to && !failed; at += FILL) {
		const size_t n = to - at < FILL ? (size_t)(to - at) : FILL;
		failed = !read_all(s->fd, block, n, at);
		if (failed || memcmp(block, zeros, n) == 0)
			continue;
		/* Twice what is so: then no head finds it. */
		if (!settled)
			failed = settle_head(s) != 0 || write_head(s) != 0;
		settled = true;
		if (!failed)
			failed = write_all(s->fd, zeros, n, at) != 0;
	}
	if (settled && !failed)
		sync_data(s->fd);
}

size_t spool_replay(struct spool *s, bool (*take)(void *context, struct record *r), void *context,
		    size_t *ret_unreadable)
{
	struct str payload = {0};
	size_t taken = 0;
	*ret_unreadable = 0;
	while (s->count > 0 && read_entry(s, s->start, s->seq, &payload)) {
		struct record *r = record_unpack((struct slice){str_text(&payload), payload.n});
		bool safe = !r || take(context, r);
		if (safe && r)
			taken++;
		else if (safe)
			++*ret_unreadable;
		record_free(r);
		if (!safe || !drop_first(s, room_of(payload.n)))
			break;
	}
	if (taken + *ret_unreadable > 0)
		scrub(s);
	str_free(&payload);
	return taken;
}

/* -- opening -------------------------------------------------------------------------------- */

static int fill(int fd)
{
	static const char zeros[FILL];
	int error = posix_fallocate(fd, 0, LIMIT_SPOOL_BYTES);
	for (uint64_t at = 0; at < LIMIT_SPOOL_BYTES && !error; at += FILL)
		error = write_all(fd, zeros, sizeof(zeros), at);
	if (!error && fsync(fd) < 0)
		error = errno;
	return error;
}

static int make(struct spool *s, int folder)
{
	int error = ftruncate(s->fd, 0) == 0 ? fill(s->fd) : errno;
	s->size = LIMIT_SPOOL_BYTES;
	s->epoch = 1;
	s->start = FIRST_RECORD;
	s->end = FIRST_RECORD;
	s->seq = 1;
	if (!error)
		error = write_head(s);
	if (!error && fsync(folder) < 0 && errno != EINVAL)
		error = errno;
	if (error && ftruncate(s->fd, 0) < 0)
		return error; /* zeros without a head: made again next time */
	return error;
}

/* Nothing was ever kept in a file whose heads were never written. */
static bool is_unused(const struct spool *s)
{
	char heads[2 * SECTOR];
	if (s->size < FIRST_RECORD)
		return s->size == 0;
	if (!read_all(s->fd, heads, sizeof(heads), 0))
		return false;
	for (size_t i = 0; i < sizeof(heads); i++)
		if (heads[i])
			return false;
	return true;
}

/* folder -1: only read. */
static int read_or_make(struct spool *s, int folder)
{
	struct stat st;
	if (fstat(s->fd, &st) < 0)
		return errno;
	if (!S_ISREG(st.st_mode))
		return EBADMSG;
	s->size = (uint64_t)st.st_size;
	if (is_unused(s))
		return folder < 0 ? ENOENT : make(s, folder);
	read_head(s, 0);
	read_head(s, SECTOR);
	if (s->turn == 0)
		return EBADMSG;
	find_end(s);
	if (folder >= 0)
		scrub(s);
	return 0;
}

static int open_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT && mkdir(path, 0700) == 0)
		fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd;
}

int spool_open(const char *folder, struct spool **ret_spool)
{
	struct spool *s = calloc(1, sizeof(*s));
	if (!s)
		return ENOMEM;
	int error = 0;
	int dir = open_folder(folder);
	s->fd = dir < 0
		    ? -1
		    : openat(dir, "records.spool", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	error = s->fd < 0 || flock(s->fd, LOCK_EX | LOCK_NB) < 0 ? errno : read_or_make(s, dir);
	if (dir >= 0)
		close(dir);
	if (error) {
		spool_close(s);
		return error;
	}
	*ret_spool = s;
	return 0;
}

/* Where a reader without the lock finds nothing: the daemon may have taken records away meanwhile,
 * and overwritten them. What waits behind them, if there is something. */
static bool follow(struct spool *s, struct str *ret_payload)
{
	for (;;) {
		const struct spool was = *s;
		read_head(s, 0);
		read_head(s, SECTOR);
		if (s->turn == was.turn)
			return false;
		if (s->epoch == was.epoch && s->seq < was.seq) {
			s->seq = was.seq;
			s->start = was.start;
		}
		if (read_entry(s, s->start, s->seq, ret_payload))
			return true;
	}
}

int spool_look(const char *folder, bool (*take)(void *context, struct record *r), void *context)
{
	struct spool s = {.fd = -1};
	struct str path = {0}, payload = {0};
	str_printf(&path, "%s/records.spool", folder);
	if (path.failed)
		return ENOMEM;
	s.fd = open(str_text(&path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	int error = s.fd < 0 ? errno : read_or_make(&s, -1);
	bool more = !error;
	while (more && (read_entry(&s, s.start, s.seq, &payload) || follow(&s, &payload))) {
		struct record *r = record_unpack((struct slice){str_text(&payload), payload.n});
		more = !r || take(context, r);
		s.start += room_of(payload.n);
		s.seq++;
		record_free(r);
	}
	if (s.fd >= 0)
		close(s.fd);
	str_free(&payload);
	str_free(&path);
	return error;
}

void spool_close(struct spool *s)
{
	if (!s)
		return;
	if (s->fd >= 0)
		close(s->fd);
	free(s);
}
