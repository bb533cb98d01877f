/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Deadlines and names in text. Input: the class as an octet, a line of subject, the text. A
 * deadline that is stated lies within its limits, whatever is written.
 */
#include "tests/fuzz/fuzz.h"

#include "base/limits.h"
#include "rules/core/domain.h"
#include "rules/letter/deadline.h"

enum {
	DAY = 86400,
};

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const struct maildate date = {1795348800, 60};
	struct deadline d = {0};
	struct slice subject = {NULL, 0}, text = {NULL, 0};
	if (n == 0)
		return 0;
	const enum class_id class = (enum class_id)(p[0] % CLASS_COUNT);
	const char *start = (const char *)p + 1;
	const char *end = memchr(start, '\n', n - 1);
	subject = (struct slice){start, end ? (size_t)(end - start) : n - 1};
	if (end)
		text = (struct slice){end + 1, n - 2 - subject.n};
	deadline_read(subject, text, class, date, 15, &d);
	FUZZ_CHECK((d.when != 0) == (d.source != DEADLINE_NONE), "source");
	if (d.when != 0)
		FUZZ_CHECK(
		    d.when >= date.when - (int64_t)LIMIT_DEADLINE_PAST_DAYS * DAY - 2 * DAY &&
			d.when <= date.when + (int64_t)LIMIT_DEADLINE_AHEAD_DAYS * DAY + 2 * DAY,
		    "in %lld days", (long long)(d.when - date.when) / DAY);
	return 0;
}
