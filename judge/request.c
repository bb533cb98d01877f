/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request.c - a request as octets and back.
 *
 * In the order of the struct; the entry as one text of a Platform, a Sender and a Link-For stanza
 * (empty for none); then the headers, name and value each. Recipients and the other envelope data
 * stay with the listener: a judge is told what it needs and no more.
 *
 * Unpacking checks all of it, although the listener is the trusted side: addresses within their
 * limits, a family that is one, headers within LIMIT_HEADER_COUNT and LIMIT_HEADER_BYTES, a text
 * that holds exactly one sender. Anything else is EBADMSG and leaves nothing behind.
 */
#include "judge/request.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/pack.h"

static void pack_entry(const struct sender *entry, struct str *to)
{
	struct str text = {0};
	if (entry) {
		if (entry->platform) {
			platform_print(entry->platform, &text);
			str_puts(&text, "\n");
		}
		sender_print(entry, &text);
		str_puts(&text, "\n");
		sender_print_added(entry, &text);
	}
	pack_slice(to, (struct slice){text.p, text.n});
	if (text.failed)
		to->failed = true;
	str_free(&text);
}

void request_pack(const struct request *r, struct str *to)
{
	pack_u64(to, r->nonce);
	pack_i64(to, r->now);
	pack_text(to, r->from);
	pack_text(to, r->mail_from);
	pack_text(to, r->helo);
	pack_u32(to, (uint32_t)r->client_family);
	pack_slice(to, (struct slice){(const char *)r->client_ip, sizeof r->client_ip});
	pack_u8(to, r->want_proof_of_claim);
	pack_entry(r->entry, to);

	const struct message *m = r->message;
	pack_u8(to, m->leading_space);
	pack_u32(to, (uint32_t)m->header_count);
	for (size_t i = 0; i < m->header_count; i++) {
		pack_slice(to, message_name(m, i));
		pack_slice(to, message_value(m, i));
	}
}

/* -- and back ------------------------------------------------------------------------------- */

static bool unpack_bool(struct unpack *u)
{
	uint8_t v = unpack_u8(u);
	if (v > 1)
		u->failed = true;
	return v == 1;
}

static void unpack_envelope(struct unpack *u, struct request *r)
{
	r->nonce = unpack_u64(u);
	r->now = unpack_i64(u);
	unpack_text(u, r->from, sizeof r->from);
	unpack_text(u, r->mail_from, sizeof r->mail_from);
	unpack_text(u, r->helo, sizeof r->helo);
	uint32_t family = unpack_u32(u);
	if (family != 0 && family != AF_INET && family != AF_INET6)
		u->failed = true;
	r->client_family = (int)family;
	struct slice ip = unpack_slice(u);
	if (ip.n == sizeof r->client_ip)
		memcpy(r->client_ip, ip.p, ip.n);
	else
		u->failed = true;
	r->want_proof_of_claim = unpack_bool(u);
}

static int unpack_entry(struct unpack *u, struct request_copy *c)
{
	struct slice text = unpack_slice(u);
	if (u->failed)
		return EBADMSG;
	if (text.n == 0)
		return 0;
	c->list = list_new();
	if (!c->list)
		return ENOMEM;
	struct diags diags = {0};
	int rc = list_parse(c->list, text, "request", false, &diags);
	if (rc == 0)
		rc = list_finish(c->list, &diags);
	if (rc == 0 && (diags.errors || list_count(c->list) != 1))
		rc = EBADMSG;
	diag_free(&diags);
	if (rc == 0)
		c->request.entry = list_at(c->list, 0);
	return rc;
}

static int unpack_headers(struct unpack *u, struct message *m)
{
	m->leading_space = unpack_bool(u);
	uint32_t count = unpack_max(u, LIMIT_HEADER_COUNT);
	for (uint32_t i = 0; i < count && !u->failed; i++) {
		struct slice name = unpack_slice(u);
		struct slice value = unpack_slice(u);
		if (!u->failed)
			message_add_header_n(m, name, value);
	}
	if (u->failed)
		return EBADMSG;
	if (m->arena.failed)
		return ENOMEM;
	return m->overflow || m->header_count != count ? EBADMSG : 0;
}

int request_unpack(struct slice packed, struct request_copy *ret_copy)
{
	struct request_copy c = {0};
	message_init(&c.message);
	struct unpack u = unpack_of(packed.p, packed.n);
	unpack_envelope(&u, &c.request);
	int rc = unpack_entry(&u, &c);
	if (rc == 0)
		rc = unpack_headers(&u, &c.message);
	if (rc == 0 && !pack_done(&u))
		rc = EBADMSG;
	if (rc) {
		request_copy_free(&c);
		return rc;
	}
	*ret_copy = c;
	ret_copy->request.message = &ret_copy->message;
	return 0;
}

void request_copy_free(struct request_copy *c)
{
	if (!c)
		return;
	message_free(&c->message);
	list_free(c->list);
	*c = (struct request_copy){0};
}
