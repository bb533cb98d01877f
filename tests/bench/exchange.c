/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exchange.c - a whole message through a filter. See exchange.h.
 */
#include "tests/bench/exchange.h"

#include <stdbool.h>
#include <stdio.h>
#include <strings.h>

enum dialogue_next exchange_greet(struct dialogue *d, const struct client *c, struct answer *a)
{
	enum dialogue_next next = dialogue_connect(d, c, a);

	return next == DIALOGUE_ON ? dialogue_helo(d, c, a) : next;
}

static enum dialogue_next send_envelope(struct dialogue *d, const struct envelope *e,
					struct answer *a)
{
	enum dialogue_next next = dialogue_mail(d, e, a);

	for (size_t i = 0; next == DIALOGUE_ON && i < e->rcpt_count; i++)
		next = dialogue_rcpt(d, e, i, a);
	if (next == DIALOGUE_ON)
		next = dialogue_data(d, e, a);
	return next == DIALOGUE_ON ? dialogue_handover(d) : next;
}

static bool is_message_id(const struct mail_header *h)
{
	return strcasecmp(h->name, "Message-ID") == 0;
}

static enum dialogue_next send_headers(struct dialogue *d, const struct mail *mail,
				       const struct envelope *e, struct answer *a)
{
	enum dialogue_next next = DIALOGUE_ON;
	char fresh[1024] = "";
	bool given = false;

	if (e->message_id != NULL) {
		snprintf(fresh, sizeof(fresh), " %s", e->message_id);
		for (size_t i = 0; i < mail->header_count; i++)
			given = given || is_message_id(&mail->headers[i]);
		if (!given)
			next = dialogue_header(d, e, "Message-ID", fresh, a);
	}
	for (size_t i = 0; next == DIALOGUE_ON && i < mail->header_count; i++) {
		const struct mail_header *h = &mail->headers[i];

		next = dialogue_header(d, e, h->name,
				       fresh[0] != 0 && is_message_id(h) ? fresh : h->value, a);
	}
	return next == DIALOGUE_ON ? dialogue_eoh(d, e, a) : next;
}

enum dialogue_next exchange_message(struct dialogue *d, const struct mail *mail,
				    const struct envelope *e, struct answer *a)
{
	enum dialogue_next next = send_envelope(d, e, a);

	if (next == DIALOGUE_ON)
		next = send_headers(d, mail, e, a);
	if (next == DIALOGUE_ON)
		next = dialogue_body(d, e, mail->body, mail->body_len, a);
	if (next == DIALOGUE_ON)
		next = dialogue_eom(d, e, a);
	if (next == DIALOGUE_FINAL)
		next = dialogue_settle(d);
	return next;
}

enum dialogue_next exchange_leave(struct dialogue *d)
{
	enum dialogue_next next = dialogue_abort(d);

	return next == DIALOGUE_ON ? dialogue_quit(d) : next;
}
