/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files of names: plain ones, zone lists of BIND, NSD and Knot. What is taken is a domain in its
 * one spelling, each once.
 */
#include "tests/fuzz/fuzz.h"

#include "cli/domains/domains.h"
#include "cli/command.h"
#include "rules/core/domain.h"

/* For the usage of keepname itself, which nothing here prints. */
const struct command command_table[] = {{.name = NULL}};
const size_t command_count = 0;

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct names names = {0};
	struct diags d = {0};
	names_read(fuzz_file(p, n), &names, &d);
	names_sort(&names);
	for (size_t i = 0; i < names.count; i++) {
		FUZZ_CHECK(domain_is_owner(slice_of(names.name[i])), "%s", names.name[i]);
		FUZZ_CHECK(i == 0 || strcmp(names.name[i - 1], names.name[i]) < 0, "%s twice",
			   names.name[i]);
	}
	names_free(&names);
	diag_free(&d);
	return 0;
}
