/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DKIM, its key records and DMARC. Input: a zone, "%%", the mail. What passes has a signature and a
 * key in the zone, is reported within the limits, and no name is asked that may not be. What passes
 * without a flaw is the mail that was signed, whatever stands around it.
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

/* White space as one space, none at a line's end (RFC 6376 3.4.2, 3.4.4); lines joined, or empty
 * ones at the end left out. */
static void relax(struct slice text, bool lines, struct str *to)
{
	bool space = false;
	size_t last = to->n;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c == '\r' && i + 1 < text.n && text.p[i + 1] == '\n')
			continue;
		if (c == '\n' && lines) {
			str_putc(to, c);
			space = false;
		} else if (c == '\n' || c == ' ' || c == '\t') {
			space = true;
		} else {
			str_puts(to, space ? " " : "");
			str_putc(to, c);
			space = false;
			last = to->n;
		}
	}
	to->n = last;
}

static bool same_relaxed(struct slice got, struct slice want, bool lines)
{
	struct str one = {0}, other = {0};
	relax(lines ? got : slice_trim(got), lines, &one);
	relax(lines ? want : slice_trim(want), lines, &other);
	bool same = fuzz_same((struct slice){one.p, one.n}, (struct slice){other.p, other.n});
	str_free(&one);
	str_free(&other);
	return same;
}

/* Nobody but the maker of the seeds can sign: what passes without a flaw says what was signed. */
static void check_signed(const struct message *m, struct slice body)
{
	struct message original;
	message_init(&original);
	size_t at = message_parse(&original, slice_of(mail));
	for (size_t i = 0; i < original.header_count; i++) {
		struct slice name = message_name(&original, i);
		unsigned count = 0;
		if (!slice_is(name, "From") && !slice_is(name, "Subject") &&
		    !slice_is(name, "Date") && !slice_is(name, "Content-Type"))
			continue;
		for (size_t k = 0; k < m->header_count; k++) {
			if (!slice_is_nocase(message_name(m, k), name.p))
				continue;
			count++;
			FUZZ_CHECK(
			    same_relaxed(message_value(m, k), message_value(&original, i), false),
			    "passes with another %s", name.p);
		}
		FUZZ_CHECK(count == 1, "passes with %u %s", count, name.p);
	}
	FUZZ_CHECK(same_relaxed(body, slice_of(mail + at), true), "passes with another body");
	message_free(&original);
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
	for (uint32_t i = 0; i < f.dkim_count; i++)
		if (f.dkim[i].result == AUTH_PASS && !f.dkim[i].flaws)
			check_signed(&m, (struct slice){rest.p + at, rest.n - at});
	FUZZ_CHECK(zone_counts(z).odd == 0, "an odd question");
	FUZZ_CHECK(f.dmarc_policy <= 2, "policy %u", f.dmarc_policy);
	message_free(&m);
	zone_free(z);
	return 0;
}
