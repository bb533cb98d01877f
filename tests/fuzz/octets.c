/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A mailbox as a file, plain or compressed. What is read is no more than was asked for; a plain
 * file is read as it is; of a compressed one that is refused it is said why.
 */
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/scan/scan_octets.h"

enum {
	MOST = 4 * 1024 * 1024, /* looked at of one file */
};

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static char room[64 * 1024];
	struct octets o;
	struct str all = {0};
	enum octets_status status = OCTETS_OK;
	int fd = open(fuzz_file(p, n), O_RDONLY | O_CLOEXEC);
	FUZZ_CHECK(fd >= 0, "file");
	octets_open(&o, fd, -1);
	while (status == OCTETS_OK && all.n < MOST) {
		size_t got = 0, most = n % 2 ? sizeof(room) : OCTETS_LEAST;
		status = octets_read(&o, room, most, &got);
		FUZZ_CHECK(got <= most, "%zu of %zu octets", got, most);
		FUZZ_CHECK(status != OCTETS_OK || got > 0, "nothing, and no end");
		str_add(&all, room, got);
	}
	FUZZ_CHECK(status <= OCTETS_END || octets_trouble(status)[0], "refused without a word");
	if (!o.inflate && status == OCTETS_END)
		FUZZ_CHECK(
		    fuzz_same((struct slice){all.p, all.n}, (struct slice){(const char *)p, n}),
		    "another file");
	octets_close(&o);
	str_free(&all);
	return 0;
}
