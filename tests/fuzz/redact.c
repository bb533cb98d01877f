/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A mail that is made fit to be given away: an address of the recipient's, wherever and however
 * often it stands as plain text, is gone; and so is the token of a link at its end, whatever stands
 * before it.
 */
#include <ctype.h>

#include "tests/fuzz/fuzz.h"

#include "cli/redact/redact.h"
#include "judge/rulefiles.h"

static const char token[] = "Zq7Sec9retT0kenXy12";
static const char secret[] = "zq7secret.person@customer-of-ours.com";

static bool is_of_a_word(char c)
{
	return (unsigned char)c >= 0x80 || isalnum((unsigned char)c) || strchr("-._+@", c);
}

/* As a word of its own, that is. */
static void check_gone(const struct str *out)
{
	const size_t n = sizeof(secret) - 1;
	const char *end = str_text(out) + out->n, *p = str_text(out);
	for (; (p = memmem(p, (size_t)(end - p), secret, n)); p++)
		FUZZ_CHECK((p > str_text(out) && is_of_a_word(p[-1])) ||
			       (p + n < end && is_of_a_word(p[n])),
			   "it is still there");
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct list *list;
	static struct suffixes *suffixes;
	struct str mail = {0}, out = {0};
	if (!list) {
		struct diags d = {0};
		struct str folder = {0};
		str_printf(&folder, "%s/rules/lists", fuzz_srcdir());
		list = rulefiles_list(str_text(&folder), true, &d);
		suffixes = suffixes_open();
		FUZZ_CHECK(list && suffixes, "lists");
		str_free(&folder);
		diag_free(&d);
	}
	str_printf(&mail, "To: %s\n", secret);
	str_add(&mail, p, n);
	str_printf(&mail, "\nhttps://www.enom.com/verify?code=%s\n", token);
	struct redact *r = redact_new(list, suffixes);
	FUZZ_CHECK(r, "memory");
	redact_hide(r, slice_of(secret));
	redact_mail(r, (struct slice){mail.p, mail.n}, &out);
	check_gone(&out);
	FUZZ_CHECK(memmem(p, n, token, sizeof(token) - 1) ||
		       !memmem(str_text(&out), out.n, token, sizeof(token) - 1),
		   "the token is still there");
	redact_free(r);
	str_free(&mail);
	str_free(&out);
	return 0;
}
