/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packets between listener and resolver, either way. What is taken is packed again to the same
 * octets.
 */
#include "tests/fuzz/fuzz.h"

#include "dns/question.h"

void fuzz_seeds(void (*put)(const char *name, const void *p, size_t n))
{
	struct question q = {.id = 9, .type = QUESTION_MX, .name = "example.com"};
	struct answer a = {.id = 9, .status = ANSWER_DATA, .ttl = 60};
	struct str text = {0};
	question_pack(&q, &text);
	put("question", text.p, text.n);
	str_reset(&text);
	FUZZ_CHECK(answer_add(&a, "v=spf1 -all", 11) && answer_add(&a, "x", 1), "memory");
	answer_pack(&a, &text);
	put("answer", text.p, text.n);
	str_reset(&text);
	hello_pack(&text);
	put("hello", text.p, text.n);
	answer_free(&a);
	str_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct slice packet = {(const char *)p, n};
	struct question q;
	struct answer a;
	struct str again = {0};
	const enum packet_kind kind = packet_kind_of(packet);
	if (question_unpack(packet, &q)) {
		FUZZ_CHECK(kind == PACKET_QUESTION && question_ok(q.type, q.name), "%s", q.name);
		question_pack(&q, &again);
		FUZZ_CHECK(again.n == n && memcmp(again.p, p, n) == 0, "question");
		str_reset(&again);
	}
	if (answer_unpack(packet, &a)) {
		FUZZ_CHECK(kind == PACKET_ANSWER && a.count <= LIMIT_DNS_RECORDS, "%u", a.count);
		answer_pack(&a, &again);
		FUZZ_CHECK(again.n == n && memcmp(again.p, p, n) == 0, "answer");
		answer_free(&a);
	}
	str_free(&again);
	return 0;
}
