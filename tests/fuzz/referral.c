/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a name server answers about a delegation. Input: an octet, whether with EDNS and by TCP; the
 * packet. A server that does not know the id, or answers about another name, is not heard; servers
 * that are found are plain, sorted, each once; by TCP nothing is asked again as truncated. The
 * packet as an inquiry, and as an inquirer's answer, is packed again to the same octets.
 */
#include "tests/fuzz/fuzz.h"

#include <arpa/nameser.h>

#include "dns/question.h"
#include "dns/referral.h"

static const char name[] = "example.com";

/* What stands behind the question: "NS of it is a.example.net", as a referral or an answer. */
static const uint8_t ns[] = {0xc0, 12,  0,   2,   0,   1,   0,   0,   1, 0,   0,   15,  1, 'a',
			     7,    'e', 'x', 'a', 'm', 'p', 'l', 'e', 3, 'n', 'e', 't', 0};

void fuzz_seeds(void (*put)(const char *name, const void *p, size_t n))
{
	static const struct {
		const char *name;
		uint8_t flags, rcode;
		unsigned answers, authority;
	} kinds[] = {
	    {"referral", 0x80, 0, 0, 1}, {"answer", 0x84, 0, 2, 0},    {"no-name", 0x84, 3, 0, 0},
	    {"empty", 0x84, 0, 0, 0},    {"truncated", 0x82, 0, 0, 0}, {"refused", 0x80, 5, 0, 0},
	};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		for (int edns = 0; edns < 2; edns++) {
			uint8_t packet[1 + REFERRAL_QUERY + 4 * sizeof(ns)] = {(uint8_t)edns};
			struct str seed = {0};
			size_t n = referral_query(name, 0x1234, false, packet + 1) + 1;
			packet[3] = kinds[i].flags;
			packet[4] = kinds[i].rcode;
			packet[8] = (uint8_t)kinds[i].answers;
			packet[10] = (uint8_t)kinds[i].authority;
			for (unsigned k = kinds[i].answers + kinds[i].authority; k > 0; k--) {
				memcpy(packet + n, ns, sizeof(ns));
				n += sizeof(ns);
			}
			str_printf(&seed, "%s%s", kinds[i].name, edns ? "-edns" : "");
			put(str_text(&seed), packet, n);
			str_free(&seed);
		}
}

static void check_packed(const struct inquiry_answer *a)
{
	struct str packed = {0}, again = {0};
	static struct inquiry_answer back;
	inquiry_answer_pack(a, &packed);
	FUZZ_CHECK(inquiry_answer_unpack((struct slice){packed.p, packed.n}, &back),
		   "an answer that the asker refuses");
	inquiry_answer_pack(&back, &again);
	FUZZ_HOLDS(fuzz_same((struct slice){packed.p, packed.n}, (struct slice){again.p, again.n}));
	str_free(&packed);
	str_free(&again);
}

static void check_read(const struct inquiry_answer *a)
{
	FUZZ_HOLDS((a->result == INQUIRY_FOUND) == (a->count > 0));
	FUZZ_HOLDS(a->count <= LIMIT_NAMESERVERS);
	for (uint32_t i = 0; i < a->count; i++) {
		FUZZ_CHECK(question_name_ok(a->server[i]), "%s", a->server[i]);
		FUZZ_CHECK(i == 0 || strcmp(a->server[i - 1], a->server[i]) < 0, "%s",
			   a->server[i]);
		for (const char *c = a->server[i]; *c; c++)
			FUZZ_HOLDS(*c < 'A' || *c > 'Z');
	}
	check_packed(a);
}

static void read_packet(const uint8_t *p, size_t n, bool edns, bool tcp)
{
	static struct inquiry_answer a, other;
	const uint16_t id = n < 2 ? 0 : (uint16_t)(p[0] << 8 | p[1]);
	a = (struct inquiry_answer){.id = 7};
	enum referral_reading r = referral_read(p, n, name, id, edns, tcp, &a);
	FUZZ_HOLDS(r != REFERRAL_TRUNCATED || !tcp);
	FUZZ_HOLDS(r != REFERRAL_NO_EDNS || edns);
	if (r == REFERRAL_READ)
		check_read(&a);
	/* Over TCP what is no answer is a finding too: INQUIRY_NONSENSE. */
	r = referral_read(p, n, name, id ^ 1, edns, tcp, &other);
	FUZZ_HOLDS(r == REFERRAL_NOT_OURS ||
		   (tcp && r == REFERRAL_READ && other.result == INQUIRY_NONSENSE));
	r = referral_read(p, n, "example.org", id, edns, tcp, &other);
	FUZZ_HOLDS(a.count == 0 || r != REFERRAL_READ || other.result == INQUIRY_NONSENSE);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct inquiry q;
	static struct inquiry_answer a;
	struct slice packet = {(const char *)p, n};
	struct str again = {0};
	if (n > 0)
		read_packet(p + 1, n - 1, p[0] & 1, p[0] & 2);
	if (inquiry_unpack(packet, &q)) {
		inquiry_pack(&q, &again);
		FUZZ_HOLDS(fuzz_same(packet, (struct slice){again.p, again.n}));
	}
	str_reset(&again);
	if (inquiry_answer_unpack(packet, &a)) {
		inquiry_answer_pack(&a, &again);
		FUZZ_HOLDS(fuzz_same(packet, (struct slice){again.p, again.n}));
	}
	str_free(&again);
	return 0;
}
