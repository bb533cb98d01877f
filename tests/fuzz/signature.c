/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What comes with a list and with a backup. Input: a signature of minisign, "%%", the file; and all
 * of it as a key and as a backup's head. No input that the fuzzer makes is well signed, or a backup
 * whose sum fits.
 */
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/backup/archive.h"
#include "cli/senders/minisign.h"

static void read_archive(const uint8_t *p, size_t n)
{
	static int to = -1;
	struct archive a;
	struct str configuration = {0};
	char why[256] = "";
	int from = open(fuzz_file(p, n), O_RDONLY | O_CLOEXEC);
	if (to < 0)
		to = memfd_create("database", MFD_CLOEXEC);
	FUZZ_CHECK(from >= 0 && to >= 0 && ftruncate(to, 0) == 0 && lseek(to, 0, SEEK_SET) == 0,
		   "files");
	FUZZ_CHECK(!archive_take_out(from, to, &a, &configuration, why) && why[0], "%s", why);
	str_free(&configuration);
	close(from);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const struct minisign_key key = {.id = "12345678", .key = "no key that anybody has signed"};
	struct slice file = {(const char *)p, n}, signature = fuzz_part(&file);
	char comment[MINISIGN_COMMENT + 1] = "";
	struct minisign_key parsed;
	enum minisign_result result = minisign_check(file, signature, &key, 1, comment);
	FUZZ_CHECK(result != MINISIGN_GOOD && !comment[0], "well signed");
	char *text = slice_dup((struct slice){(const char *)p, n});
	if (text)
		minisign_key_parse(text, &parsed);
	free(text);
	read_archive(p, n);
	return 0;
}
