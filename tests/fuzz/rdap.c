/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RDAP answers and the bootstrap file. Texts that are shown hold no controls, dates are dates, a
 * base URL is one.
 */
#include "tests/fuzz/fuzz.h"

#include <strings.h>

#include "cli/watch/rdap.h"

static void check_text(const char *text)
{
	for (; *text; text++)
		FUZZ_CHECK((unsigned char)*text >= ' ' && *text != 0x7f, "a control");
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct slice text = {(const char *)p, n};
	struct rdap r;
	char why[256] = "";
	struct bootstrap *b = bootstrap_read(text, why);
	FUZZ_CHECK(b || why[0], "refused without a word");
	if (b) {
		const char *base = bootstrap_find(b, "example.com");
		FUZZ_CHECK(!base || strncasecmp(base, "http", 4) == 0, "%s", base);
		FUZZ_CHECK(!base || base[strlen(base) - 1] == '/', "%s", base);
		check_text(bootstrap_published(b));
		bootstrap_free(b);
	}
	why[0] = '\0';
	if (rdap_read(text, "example.com", &r, why)) {
		check_text(r.statuses);
		check_text(r.registration.registrar);
		FUZZ_CHECK(n <= LIMIT_RDAP_BYTES, "%zu octets", n);
	} else {
		FUZZ_CHECK(why[0], "refused without a word");
	}
	return 0;
}
