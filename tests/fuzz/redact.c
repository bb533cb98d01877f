/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A mail that is made fit to be given away: an address of the recipient's, wherever and however
 * often it stands as plain text, is gone.
 */
#include "tests/fuzz/fuzz.h"

#include "cli/redact/redact.h"
#include "judge/rulefiles.h"

static const char secret[] = "zq7secret.person@customer-of-ours.com";

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
	struct redact *r = redact_new(list, suffixes);
	FUZZ_CHECK(r, "memory");
	redact_hide(r, slice_of(secret));
	redact_mail(r, (struct slice){mail.p, mail.n}, &out);
	FUZZ_CHECK(!memmem(str_text(&out), out.n, secret, sizeof(secret) - 1), "it is still there");
	redact_free(r);
	str_free(&mail);
	str_free(&out);
	return 0;
}
