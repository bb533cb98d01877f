/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keepname.conf. What was read is printed and read again: the same, without an error. Every refusal
 * says something.
 */
#include "tests/fuzz/fuzz.h"

#include "base/config.h"

static void print(const struct config *c, struct str *to)
{
	char *p = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&p, &n);
	FUZZ_CHECK(f, "memory");
	config_print(c, false, f);
	fclose(f);
	str_add(to, p, n);
	free(p);
}

static struct config *load(const void *p, size_t n)
{
	struct diags d = {0};
	struct config *c = config_load(fuzz_file(p, n), &d);
	FUZZ_CHECK(c || d.errors > 0, "refused without a word");
	diag_free(&d);
	return c;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct str first = {0}, second = {0};
	struct config *c = load(p, n);
	if (!c)
		return 0;
	print(c, &first);
	struct config *back = load(first.p, first.n);
	FUZZ_CHECK(back, "what was printed is refused:\n%s", str_text(&first));
	print(back, &second);
	FUZZ_CHECK(strcmp(str_text(&first), str_text(&second)) == 0, "first\n%s\nthen\n%s",
		   str_text(&first), str_text(&second));
	config_free(c);
	config_free(back);
	str_free(&first);
	str_free(&second);
	return 0;
}
