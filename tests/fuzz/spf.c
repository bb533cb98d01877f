/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DNS answers into SPF. Input: a zone, "%%", MAIL FROM, HELO and client address, a line each. No
 * name is asked that may not be, no more questions than the limit; without a record nothing passes.
 */
#include "tests/fuzz/fuzz.h"

#include <arpa/inet.h>

#include "proof/spf.h"
#include "rules/core/address.h"
#include "tests/proof/zone.h"

/* The zone of a text; without its TXT records where they are not wanted. */
static struct zone *zone_of(struct slice text, bool txt)
{
	struct zone *z = zone_new();
	unsigned bad;
	FUZZ_CHECK(z, "memory");
	while (text.n) {
		struct slice l = fuzz_line(&text);
		char *copy = slice_dup(l);
		FUZZ_CHECK(copy, "memory");
		if (txt || !strcasestr(copy, "TXT"))
			zone_load(z, l, &bad);
		free(copy);
	}
	return z;
}

static enum auth_result check(const struct spf_question *q, struct zone *z)
{
	struct resolver r = zone_resolver(z);
	bool broad = false;
	spf_expect(q, &r);
	enum auth_result result = spf_check(q, &r, &broad);
	struct zone_counts counts = zone_counts(z);
	FUZZ_CHECK(counts.odd == 0, "%u odd questions", counts.odd);
	FUZZ_CHECK(counts.asked <= LIMIT_SPF_QUERIES + 2, "%u questions", counts.asked);
	FUZZ_CHECK(result == AUTH_PASS || !broad, "broad, and does not pass");
	zone_free(z);
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static bool ready;
	struct slice rest = {(const char *)p, n}, text = fuzz_part(&rest);
	char helo[LIMIT_DOMAIN + 1] = "", ip[INET6_ADDRSTRLEN] = "";
	struct spf_question q = {.helo = helo};
	struct address from;
	if (!ready)
		FUZZ_CHECK(spf_init(), "spf_init");
	ready = true;
	bool plain = address_parse_path(fuzz_line(&rest), &from) && from.text[0];
	slice_copy(fuzz_line(&rest), helo, sizeof(helo));
	slice_copy(fuzz_line(&rest), ip, sizeof(ip));
	q.mail_from = plain ? from.text : "a@example.com";
	q.family = strchr(ip, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(q.family, ip, q.ip) != 1) {
		q.family = AF_INET;
		inet_pton(AF_INET, "192.0.2.1", q.ip);
	}
	if (check(&q, zone_of(text, true)) == AUTH_PASS)
		FUZZ_CHECK(check(&q, zone_of(text, false)) != AUTH_PASS, "passes without a record");
	return 0;
}
