/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DKIM, its key records and DMARC. Input: a zone, "%%", the mail. What passes has a signature and a
 * key in the zone, is reported within the limits, and no name is asked that may not be.
 */
#include "tests/fuzz/fuzz.h"

#include "proof/dkimcheck.h"
#include "proof/dmarc.h"
#include "rules/core/domain.h"
#include "tests/proof/signing.h"
#include "tests/proof/zone.h"

static const char mail[] = "From: a@example.com\nTo: b@example.net\nSubject: Verify\n"
			   "Date: Sun, 22 Nov 2026 12:00:00 +0000\nMIME-Version: 1.0\n"
			   "Content-Type: text/plain\n\nhttps://example.com/verify?t=1\n";

void fuzz_seeds(void (*put)(const char *name, const void *p, size_t n))
{
	static const struct {
		const char *key, *kind, *options;
	} seeds[] = {
	    {"rsa1024", "rsa:1024", ""},
	    {"ed25519", "ed25519", ""},
	    {"simple", "rsa:1024", "--crlf"},
	};
	struct signing *s = signing_open();
	FUZZ_CHECK(s, "signing");
	for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++) {
		struct str record = {0}, signed_mail = {0}, all = {0};
		FUZZ_CHECK(signing_key(s, seeds[i].key, seeds[i].kind) &&
			       signing_record(s, seeds[i].key, "", &record) &&
			       signing_sign(s, seeds[i].key, "example.com", seeds[i].options, mail,
					    &signed_mail),
			   "%s", seeds[i].key);
		str_printf(&all,
			   "%s._domainkey.example.com TXT %s\n_dmarc.example.com TXT v=DMARC1; "
			   "p=reject; adkim=s\n%%%%\n",
			   seeds[i].key, str_text(&record));
		str_add(&all, signed_mail.p, signed_mail.n);
		put(seeds[i].key, all.p, all.n);
		str_free(&record);
		str_free(&signed_mail);
		str_free(&all);
	}
	signing_close(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct suffixes *suffixes;
	static struct finding f;
	struct slice rest = {(const char *)p, n}, text = fuzz_part(&rest);
	struct message m;
	unsigned bad;
	if (!suffixes) {
		suffixes = suffixes_open();
		FUZZ_CHECK(suffixes && dkimcheck_init(), "init");
	}
	struct zone *z = zone_new();
	FUZZ_CHECK(z, "memory");
	zone_load(z, text, &bad);
	struct resolver r = zone_resolver(z);
	message_init(&m);
	memset(&f, 0, sizeof(f));
	size_t at = message_parse(&m, rest);
	dmarc_expect("example.com", suffixes, &r);
	struct dkimcheck *d = dkimcheck_begin(&m, "example.com", suffixes, &r, 1795348800);
	if (d) {
		dkimcheck_body(d, rest.p + at, rest.n - at);
		dkimcheck_end(d, false, &f);
		dkimcheck_free(d);
	}
	dmarc_read("example.com", suffixes, &r, &f);
	FUZZ_CHECK(f.dkim_count <= LIMIT_SIGNATURES, "%u signatures", f.dkim_count);
	for (uint32_t i = 0; i < f.dkim_count; i++)
		FUZZ_CHECK(f.dkim[i].result != AUTH_PASS ||
			       (m.mark_count[MARK_DKIM] > 0 && memmem(text.p, text.n, "p=", 2)),
			   "passes without a key");
	FUZZ_CHECK(zone_counts(z).odd == 0, "an odd question");
	FUZZ_CHECK(f.dmarc_policy <= 2, "policy %u", f.dmarc_policy);
	message_free(&m);
	zone_free(z);
	return 0;
}
