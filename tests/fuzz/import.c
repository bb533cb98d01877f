/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines of an export, taken into a database. What is refused says why; what was taken is exported
 * and taken again without a row more; after all of it is taken back nothing is left.
 */
#include "tests/fuzz/fuzz.h"

#include "db/exchange.h"
#include "db/store.h"

static struct store *store;

static void open_store(void)
{
	struct str path = {0};
	char why[256] = "";
	str_printf(&path, "%s/import.db", fuzz_folder());
	FUZZ_CHECK(store_open(str_text(&path), STORE_WRITE, 100, &store, why) == STORE_OK, "%s",
		   why);
	str_free(&path);
}

static void take_lines(struct exchange *x, struct slice text, struct exchanged *count)
{
	while (text.n > 0) {
		const char *end = memchr(text.p, '\n', text.n);
		size_t n = end ? (size_t)(end - text.p) : text.n;
		char why[256] = "";
		char *line = slice_dup((struct slice){text.p, n});
		FUZZ_CHECK(line, "memory");
		FUZZ_CHECK(exchange_take(x, line, count, why) || why[0],
			   "refused without a word: %s", line);
		free(line);
		n += end ? 1 : 0;
		text = (struct slice){text.p + n, text.n - n};
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct slice lines = {(const char *)p, n};
	struct exchange *x;
	struct exchanged count = {0}, again = {0};
	if (!store)
		open_store();
	FUZZ_CHECK(exchange_begin(store, &x) == STORE_OK, "begin");
	take_lines(x, lines, &count);
	take_lines(x, lines, &again);
	FUZZ_CHECK(again.fresh == 0, "%lld fresh rows the second time", (long long)again.fresh);
	FUZZ_CHECK(exchange_end(x, false) == STORE_OK, "end");
	return 0;
}
