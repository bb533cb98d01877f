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

static struct slice line(struct slice *rest)
{
	const char *end = memchr(rest->p, '\n', rest->n);
	struct slice one = {rest->p, end ? (size_t)(end - rest->p) : rest->n};
	size_t n = one.n + (end ? 1 : 0);
	*rest = (struct slice){rest->p + n, rest->n - n};
	return one;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static bool ready;
	struct slice rest = {(const char *)p, n}, text = fuzz_part(&rest);
	char helo[LIMIT_DOMAIN + 1] = "", ip[INET6_ADDRSTRLEN] = "";
	struct spf_question q = {.helo = helo};
	struct address from;
	unsigned bad;
	bool broad = false;
	if (!ready)
		FUZZ_CHECK(spf_init(), "spf_init");
	ready = true;
	struct zone *z = zone_new();
	FUZZ_CHECK(z, "memory");
	zone_load(z, text, &bad);
	bool plain = address_parse_path(line(&rest), &from) && from.text[0];
	slice_copy(line(&rest), helo, sizeof(helo));
	slice_copy(line(&rest), ip, sizeof(ip));
	q.mail_from = plain ? from.text : "a@example.com";
	q.family = strchr(ip, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(q.family, ip, q.ip) != 1) {
		q.family = AF_INET;
		inet_pton(AF_INET, "192.0.2.1", q.ip);
	}
	struct resolver r = zone_resolver(z);
	spf_expect(&q, &r);
	enum auth_result result = spf_check(&q, &r, &broad);
	struct zone_counts counts = zone_counts(z);
	FUZZ_CHECK(counts.odd == 0, "%u odd questions", counts.odd);
	FUZZ_CHECK(counts.asked <= LIMIT_SPF_QUERIES + 2, "%u questions", counts.asked);
	FUZZ_CHECK(result != AUTH_PASS || memmem(text.p, text.n, "spf1", 4) ||
		       memmem(text.p, text.n, "SPF1", 4) || memmem(text.p, text.n, "pf1", 3) ||
		       memmem(text.p, text.n, "PF1", 3) || memmem(text.p, text.n, "1", 1),
		   "passes without a record");
	zone_free(z);
	return 0;
}
