/* SPDX-License-Identifier: BSD-2-Clause */
/* inquiry.c - see inquiry.h. Both sides check all that they read. */
#include "dns/inquiry.h"

#include "dns/question.h"

const char *inquiry_result_words(enum inquiry_result r)
{
	static const char *const words[INQUIRY_RESULT_COUNT] = {
	    [INQUIRY_NO_NAME] = "no such name", [INQUIRY_EMPTY] = "no name servers",
	    [INQUIRY_FOUND] = "delegated",      [INQUIRY_SILENT] = "silent",
	    [INQUIRY_ERROR] = "an error",       [INQUIRY_LAME] = "lame",
	    [INQUIRY_NONSENSE] = "nonsense",
	};
	return (unsigned)r < INQUIRY_RESULT_COUNT ? words[r] : "?";
}

void inquiry_pack(const struct inquiry *q, struct str *to)
{
	pack_u64(to, q->id);
	pack_text(to, q->name);
	pack_u8(to, q->family);
	pack_slice(to, (struct slice){(const char *)q->address, q->family == 4 ? 4 : 16});
}

bool inquiry_unpack(struct slice packet, struct inquiry *ret_inquiry)
{
	struct unpack u = unpack_of(packet.p, packet.n);
	struct inquiry q = {.id = unpack_u64(&u)};
	unpack_text(&u, q.name, sizeof q.name);
	q.family = unpack_u8(&u);
	struct slice address = unpack_slice(&u);
	if (!pack_done(&u) || !question_name_ok(q.name) || (q.family != 4 && q.family != 6) ||
	    address.n != (q.family == 4 ? 4u : 16u))
		return false;
	for (size_t i = 0; i < address.n; i++)
		q.address[i] = (uint8_t)address.p[i];
	*ret_inquiry = q;
	return true;
}

void inquiry_answer_pack(const struct inquiry_answer *a, struct str *to)
{
	pack_u64(to, a->id);
	pack_u8(to, (uint8_t)a->result);
	pack_u32(to, a->count);
	for (uint32_t i = 0; i < a->count; i++)
		pack_text(to, a->server[i]);
}

bool inquiry_answer_unpack(struct slice packet, struct inquiry_answer *ret_answer)
{
	struct unpack u = unpack_of(packet.p, packet.n);
	struct inquiry_answer a = {.id = unpack_u64(&u)};
	uint8_t result = unpack_u8(&u);
	a.count = unpack_max(&u, LIMIT_NAMESERVERS);
	bool ok = !u.failed && result < INQUIRY_RESULT_COUNT &&
		  (result == INQUIRY_FOUND) == (a.count > 0);
	for (uint32_t i = 0; ok && i < a.count; i++) {
		unpack_text(&u, a.server[i], sizeof a.server[i]);
		ok = !u.failed && question_name_ok(a.server[i]);
	}
	if (!ok || !pack_done(&u))
		return false;
	a.result = (enum inquiry_result)result;
	*ret_answer = a;
	return true;
}
