/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * question.c - DNS questions and answers as packets.
 *
 * One packet holds one thing: a kind octet, then its fields in base/pack.h's encoding, nothing
 * after them. Both sides check everything they read: a type or status out of range, a name that
 * may not be asked, too many records, too many octets, data with a status that has none, or a
 * packet that goes on are all the same: not a packet.
 */
#include "dns/question.h"

#include <string.h>

unsigned question_type_number(enum question_type t)
{
	static const unsigned number[QUESTION_TYPE_COUNT] = {
	    [QUESTION_A] = 1,    [QUESTION_AAAA] = 28, [QUESTION_MX] = 15,
	    [QUESTION_PTR] = 12, [QUESTION_TXT] = 16,  [QUESTION_NS] = 2,
	};
	return (unsigned)t < QUESTION_TYPE_COUNT ? number[t] : 0;
}

static bool name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_';
}

/* The dots of a plain name; -1 for any other. */
static int dots_of(const char *name)
{
	size_t label = 0, n = 0;
	int dots = 0;
	for (; name[n]; n++) {
		if (n == LIMIT_DOMAIN)
			return -1;
		if (name[n] == '.') {
			if (label == 0)
				return -1;
			label = 0;
			dots++;
		} else if (!name_char(name[n]) || ++label > LIMIT_LABEL) {
			return -1;
		}
	}
	return label > 0 ? dots : -1;
}

bool question_name_ok(const char *name)
{
	return dots_of(name) > 0;
}

bool question_ok(enum question_type t, const char *name)
{
	return (unsigned)t < QUESTION_TYPE_COUNT && dots_of(name) >= (t == QUESTION_NS ? 0 : 1);
}

/* -- answers -------------------------------------------------------------------------------- */

void answer_free(struct answer *a)
{
	str_free(&a->data);
	a->count = 0;
}

bool answer_add(struct answer *a, const void *p, size_t n)
{
	if (a->count >= LIMIT_DNS_RECORDS || n > LIMIT_DNS_ANSWER - a->data.n)
		return false;
	size_t at = a->data.n;
	str_add(&a->data, p, n);
	if (a->data.failed)
		return false;
	a->record[a->count++] = (struct slice){a->data.p + at, n};
	/* The storage may have moved; records lie in it one after the other. */
	const char *q = a->data.p;
	for (uint32_t i = 0; i < a->count; i++) {
		a->record[i].p = q;
		q += a->record[i].n;
	}
	return true;
}

/* -- packets -------------------------------------------------------------------------------- */

void question_pack(const struct question *q, struct str *to)
{
	pack_u8(to, PACKET_QUESTION);
	pack_u64(to, q->id);
	pack_u8(to, (uint8_t)q->type);
	pack_text(to, q->name);
}

void answer_pack(const struct answer *a, struct str *to)
{
	pack_u8(to, PACKET_ANSWER);
	pack_u64(to, a->id);
	pack_u8(to, (uint8_t)a->status);
	pack_u32(to, a->ttl);
	pack_u32(to, a->count);
	for (uint32_t i = 0; i < a->count; i++)
		pack_slice(to, a->record[i]);
}

void hello_pack(struct str *to)
{
	pack_u8(to, PACKET_HELLO);
}

enum packet_kind packet_kind_of(struct slice packet)
{
	if (packet.n == 0)
		return PACKET_KIND_COUNT;
	uint8_t kind = (uint8_t)packet.p[0];
	if (kind >= PACKET_KIND_COUNT || (kind == PACKET_HELLO && packet.n != 1))
		return PACKET_KIND_COUNT;
	return (enum packet_kind)kind;
}

/* A reader behind the kind octet, if that is the kind. */
static bool packet_open(struct slice packet, enum packet_kind kind, struct unpack *ret_u)
{
	if (packet.n > LIMIT_DNS_PACKET || packet_kind_of(packet) != kind)
		return false;
	*ret_u = unpack_of(packet.p, packet.n);
	unpack_u8(ret_u);
	return true;
}

bool question_unpack(struct slice packet, struct question *ret_question)
{
	struct unpack u;
	if (!packet_open(packet, PACKET_QUESTION, &u))
		return false;
	struct question q = {0};
	q.id = unpack_u64(&u);
	uint8_t type = unpack_u8(&u);
	unpack_text(&u, q.name, sizeof q.name);
	if (!pack_done(&u) || !question_ok((enum question_type)type, q.name))
		return false;
	q.type = (enum question_type)type;
	*ret_question = q;
	return true;
}

bool answer_unpack(struct slice packet, struct answer *ret_answer)
{
	struct unpack u;
	if (!packet_open(packet, PACKET_ANSWER, &u))
		return false;
	struct answer a = {0};
	a.id = unpack_u64(&u);
	uint8_t status = unpack_u8(&u);
	a.ttl = unpack_u32(&u);
	uint32_t count = unpack_max(&u, LIMIT_DNS_RECORDS);
	bool ok =
	    !u.failed && status < ANSWER_STATUS_COUNT && (status == ANSWER_DATA) == (count > 0);
	for (uint32_t i = 0; ok && i < count; i++) {
		struct slice record = unpack_slice(&u);
		ok = !u.failed && answer_add(&a, record.p, record.n);
	}
	if (!ok || !pack_done(&u)) {
		answer_free(&a);
		return false;
	}
	a.status = (enum answer_status)status;
	*ret_answer = a;
	return true;
}
