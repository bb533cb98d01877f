/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists and class files. What was read is printed and read again: the same, without an error.
 */
#include "tests/fuzz/fuzz.h"

#include "rules/core/classes.h"
#include "rules/core/list.h"

static void print(const struct list *l, struct str *to)
{
	for (size_t i = 0; i < list_platform_count(l); i++) {
		platform_print(list_platform_at(l, i), to);
		str_puts(to, "\n");
	}
	for (size_t i = 0; i < list_count(l); i++) {
		sender_print(list_at(l, i), to);
		str_puts(to, "\n");
		sender_print_added(list_at(l, i), to);
		str_puts(to, "\n");
	}
	list_print_hosts(l, to);
}

static struct list *read_list(struct slice text, bool *ret_good)
{
	struct diags d = {0};
	struct list *l = list_new();
	FUZZ_CHECK(l, "memory");
	int rc = list_parse(l, text, "fuzz.list", false, &d);
	if (rc == 0)
		rc = list_finish(l, &d);
	*ret_good = rc == 0 && d.errors == 0;
	diag_free(&d);
	return l;
}

static void read_classes(struct slice text)
{
	struct diags d = {0};
	struct classes_builder *b = classes_builder_new();
	FUZZ_CHECK(b, "memory");
	classes_parse(b, text, "fuzz.class", &d);
	struct classes *c = classes_build(b, false, &d);
	classes_free(c);
	diag_free(&d);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct slice text = {(const char *)p, n};
	bool good, again;
	struct list *l = read_list(text, &good);
	if (good) {
		struct str first = {0}, second = {0};
		print(l, &first);
		struct list *back = read_list((struct slice){first.p, first.n}, &again);
		FUZZ_CHECK(again, "what was printed is refused:\n%s", str_text(&first));
		print(back, &second);
		FUZZ_CHECK(strcmp(str_text(&first), str_text(&second)) == 0, "first\n%s\nthen\n%s",
			   str_text(&first), str_text(&second));
		list_free(back);
		str_free(&first);
		str_free(&second);
	}
	list_free(l);
	read_classes(text);
	return 0;
}
