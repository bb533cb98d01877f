/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The spool. Input: a record as it is packed, in a spool that is whole; and what a spool's file
 * begins with. Records that are taken are whole, are packed again to what can be taken, and have a
 * log line of their own.
 */
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <unistd.h>

#include "db/spool.h"

static void check_record(const struct record *r)
{
	struct str packed = {0}, again = {0}, line = {0};
	record_pack(r, &packed);
	struct record *back = record_unpack((struct slice){packed.p, packed.n});
	FUZZ_CHECK(back, "not taken back");
	record_pack(back, &again);
	FUZZ_CHECK(packed.n == again.n && memcmp(packed.p, again.p, again.n) == 0, "not the same");
	record_print(r, &line);
	FUZZ_CHECK(!memchr(str_text(&line), '\n', line.n), "a log line of two");
	record_free(back);
	str_free(&packed);
	str_free(&again);
	str_free(&line);
}

static bool take(void *context, struct record *r)
{
	++*(size_t *)context;
	check_record(r);
	return true;
}

void fuzz_seeds(void (*put)(const char *name, const void *p, size_t n))
{
	static struct record r;
	char address[] = "a@example.net", *rcpt[] = {address};
	struct str text = {0};
	r.received_at = 1795348800;
	strcpy(r.message_id, "<1@example.com>");
	r.verdict = VERDICT_GENUINE;
	r.class = CLASS_RENEWAL;
	r.pending = PENDING_OPEN;
	strcpy(r.from, "a@example.com");
	r.rcpt = rcpt;
	r.rcpt_count = 1;
	record_pack(&r, &text);
	put("record", text.p, text.n);
	str_free(&text);
	struct spool *s = NULL;
	FUZZ_CHECK(spool_open(fuzz_folder(), &s) == 0 && spool_put(s, &r) == 0, "spool");
	spool_close(s);
	struct str path = {0};
	str_printf(&path, "%s/records.spool", fuzz_folder());
	FUZZ_CHECK(str_read_file(str_text(&path), LIMIT_SPOOL_BYTES, &text) == 0, "spool");
	put("file", text.p, 4096 + 512);
	str_free(&path);
	str_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static int fd = -1;
	size_t count = 0;
	struct record *r = record_unpack((struct slice){(const char *)p, n});
	if (r) {
		check_record(r);
		record_free(r);
	}
	if (fd < 0) {
		struct str path = {0};
		str_printf(&path, "%s/records.spool", fuzz_folder());
		fd = open(str_text(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		str_free(&path);
	}
	if (n > 64 * 1024)
		n = 64 * 1024;
	FUZZ_CHECK(fd >= 0 && ftruncate(fd, 0) == 0 && ftruncate(fd, LIMIT_SPOOL_BYTES) == 0 &&
		       pwrite(fd, p, n, 0) == (ssize_t)n,
		   "spool file");
	spool_look(fuzz_folder(), take, &count);
	FUZZ_CHECK(count <= LIMIT_SPOOL_BYTES / 32, "%zu records", count);
	return 0;
}
