/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Addresses, strictly and leniently; encoded words; dates. What is taken for one plain address is
 * one in its one spelling, stands in the value as it is, and is what every reader sees.
 */
#include "tests/fuzz/fuzz.h"

#include "rules/core/address.h"
#include "rules/core/domain.h"
#include "rules/core/rfc2047.h"
#include "rules/core/utf8.h"
#include "rules/letter/maildate.h"

static void check_plain(const struct address *a)
{
	const char *at = strrchr(a->text, '@');
	struct address again;
	FUZZ_CHECK(at && at != a->text, "%s", a->text);
	FUZZ_CHECK(strcmp(at + 1, a->domain) == 0, "%s", a->text);
	FUZZ_CHECK(domain_is_plain(slice_of(a->domain)), "%s", a->domain);
	FUZZ_CHECK(strlen(a->text) <= LIMIT_ADDRESS, "length");
	FUZZ_CHECK(address_parse(slice_of(a->text), &again) && strcmp(again.text, a->text) == 0,
		   "%s is not read again", a->text);
}

static bool count_claim(const struct address *a, void *context)
{
	FUZZ_CHECK(strlen(a->text) <= LIMIT_ADDRESS, "length");
	return ++*(unsigned *)context > ADDRESS_CLAIMS;
}

struct looking {
	const struct address *a;
	bool found;
};

static bool is_it(const struct address *a, void *context)
{
	struct looking *l = context;
	l->found = strcasecmp(a->text, l->a->text) == 0;
	return l->found;
}

static void read_words(struct slice value)
{
	struct str text = {0};
	rfc2047_decode(value, 998, &text);
	FUZZ_CHECK(text.n <= 998, "%zu octets", text.n);
	for (size_t i = 0; i < text.n; i++)
		FUZZ_CHECK((unsigned char)text.p[i] >= ' ' && text.p[i] != 0x7f, "a control");
	str_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct slice value = {(const char *)p, n};
	struct address a;
	struct maildate date;
	unsigned claims = 0;
	if (address_parse(value, &a)) {
		struct looking l = {&a, false};
		check_plain(&a);
		address_each_claim(value, is_it, &l);
		FUZZ_CHECK(l.found, "%s is not seen leniently", a.text);
	}
	struct slice display = address_display(value);
	FUZZ_CHECK(display.n == 0 || (display.p >= value.p && display.p + display.n <= value.p + n),
		   "display name");
	if (address_parse_path(value, &a) && a.text[0])
		check_plain(&a);
	address_each_claim(value, count_claim, &claims);
	FUZZ_CHECK(claims <= ADDRESS_CLAIMS, "%u claims", claims);
	read_words(value);
	if (maildate_read(value, &date))
		FUZZ_CHECK(date.when != 0 && date.east >= -24 * 60 && date.east <= 24 * 60,
			   "date %lld %d", (long long)date.when, date.east);
	return 0;
}
