/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dialogue.c - the MTA's side of a milter connection. See dialogue.h.
 *
 * Source of the order and of the macro lists: Postfix 3.7.11, src/milter/milter8.c,
 * src/smtpd/smtpd_milter.c and the milter_*_macros defaults in src/global/mail_params.h.
 */
#include "tests/bench/dialogue.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libmilter/mfapi.h>
#include <libmilter/mfdef.h>

#include "tests/bench/macros.h"

enum {
	MACRO_BYTES = 4096, /* of one macro packet; what does not fit is left out */
	CHUNK = 65535,      /* MILTER_CHUNK_SIZE */
	FAULT = 160,
};

struct dialogue {
	struct wire *wire;
	char skip; /* events of this kind are not sent until another kind is */
	char fault[FAULT];
	char macros[MACRO_BYTES];
};

/* One event and the flags that govern it. */
struct event {
	char command;
	unsigned stage; /* SMFIM_, whose macro list it takes */
	uint32_t not_sent;
	uint32_t no_reply;
	bool quiet; /* where it is not sent, its macros are not either */
};

static const struct event ev_connect = {SMFIC_CONNECT, SMFIM_CONNECT, SMFIP_NOCONNECT,
					SMFIP_NR_CONN, false};
static const struct event ev_helo = {SMFIC_HELO, SMFIM_HELO, SMFIP_NOHELO, SMFIP_NR_HELO, false};
static const struct event ev_mail = {SMFIC_MAIL, SMFIM_ENVFROM, SMFIP_NOMAIL, SMFIP_NR_MAIL, false};
static const struct event ev_rcpt = {SMFIC_RCPT, SMFIM_ENVRCPT, SMFIP_NORCPT, SMFIP_NR_RCPT, false};
static const struct event ev_data = {SMFIC_DATA, SMFIM_DATA, SMFIP_NODATA, SMFIP_NR_DATA, false};
static const struct event ev_header = {SMFIC_HEADER, SMFIM_EOH, SMFIP_NOHDRS, SMFIP_NR_HDR, true};
static const struct event ev_eoh = {SMFIC_EOH, SMFIM_EOH, SMFIP_NOEOH, SMFIP_NR_EOH, true};
static const struct event ev_body = {SMFIC_BODY, SMFIM_EOM, SMFIP_NOBODY, SMFIP_NR_BODY, true};
static const struct event ev_eom = {SMFIC_BODYEOB, SMFIM_EOM, 0, 0, false};

static enum dialogue_next broken(struct dialogue *d, char event, const char *why)
{
	snprintf(d->fault, sizeof(d->fault), "at %s: %s", answer_stage_name(event), why);
	return DIALOGUE_BROKEN;
}

static const char *wire_error(int r)
{
	switch (r) {
	case 0: return "the filter hung up";
	case -EPROTO: return "a broken packet";
	case -ETIMEDOUT: return "no answer in time";
	default: return strerror(-r);
	}
}

/* -- opening and closing ---------------------------------------------------------------------- */

struct dialogue *dialogue_start(struct wire *wire, char *ret_fault, size_t fault_size)
{
	struct dialogue *d = calloc(1, sizeof(*d));
	int r = d == NULL ? -ENOMEM : wire_negotiate(wire, WIRE_VERSION, WIRE_ACTIONS, WIRE_STEPS);

	if (r < 0) {
		snprintf(ret_fault, fault_size, "negotiation: %s", wire_error(r));
		wire_close(wire);
		free(d);
		return NULL;
	}
	d->wire = wire;
	return d;
}

struct dialogue *dialogue_open(const char *spec, int timeout_ms, char *ret_fault, size_t fault_size)
{
	struct wire *wire;
	int r = wire_open(spec, timeout_ms, &wire);

	if (r < 0) {
		snprintf(ret_fault, fault_size, "%s: %s", spec, strerror(-r));
		return NULL;
	}
	return dialogue_start(wire, ret_fault, fault_size);
}

void dialogue_drop(struct dialogue *d)
{
	if (d == NULL)
		return;
	wire_close(d->wire);
	free(d);
}

enum dialogue_next dialogue_quit(struct dialogue *d)
{
	struct wire_packet p;
	int r = wire_put(d->wire, SMFIC_QUIT, NULL, 0);

	if (r == 0)
		r = wire_get(d->wire, &p);
	if (r == 0)
		return DIALOGUE_FINAL;
	return broken(d, SMFIC_QUIT, r > 0 ? "an answer that nobody asked for" : wire_error(r));
}

const char *dialogue_fault(const struct dialogue *d)
{
	return d->fault;
}

struct wire *dialogue_wire(struct dialogue *d)
{
	return d->wire;
}

/* -- one event -------------------------------------------------------------------------------- */

static int put_macros(struct dialogue *d, const struct event *ev, const struct macro *values)
{
	const struct wire_terms *t = wire_terms(d->wire);
	const char *chosen = t->macros[ev->stage] != NULL ? t->macros[ev->stage] : "";
	struct iovec part = {d->macros, 0};

	part.iov_len = macros_pack(ev->command, values, t->macros_chosen ? chosen : NULL, d->macros,
				   sizeof(d->macros));
	return wire_put(d->wire, SMFIC_MACRO, &part, 1);
}

static enum dialogue_next await(struct dialogue *d, char event, struct answer *a)
{
	struct wire_packet p;
	const char *fault = "";

	for (;;) {
		int r = wire_get(d->wire, &p);

		if (r <= 0)
			return broken(d, event, wire_error(r));
		switch (answer_take(a, wire_terms(d->wire), event, &p, &fault)) {
		case ANSWER_MORE: continue;
		case ANSWER_ON: return DIALOGUE_ON;
		case ANSWER_SKIP: d->skip = event; return DIALOGUE_ON;
		case ANSWER_DONE: return DIALOGUE_FINAL;
		case ANSWER_BAD: return broken(d, event, fault);
		}
	}
}

static enum dialogue_next send_event(struct dialogue *d, const struct event *ev,
				     const struct macro *macros, const struct iovec *parts,
				     size_t n, struct answer *a)
{
	uint32_t steps = wire_terms(d->wire)->steps;
	int r;

	if (d->skip == ev->command || (ev->quiet && (steps & ev->not_sent) != 0))
		return DIALOGUE_ON;
	d->skip = 0;
	r = put_macros(d, ev, macros);
	if (r == 0 && (steps & ev->not_sent) != 0)
		return DIALOGUE_ON;
	if (r == 0)
		r = wire_put(d->wire, ev->command, parts, n);
	if (r < 0)
		return broken(d, ev->command, wire_error(r));
	return (steps & ev->no_reply) != 0 ? DIALOGUE_ON : await(d, ev->command, a);
}

static struct iovec string_part(const char *s)
{
	/* Only read from; iovec has no const. */
	return (struct iovec){(void *)(uintptr_t)s, strlen(s) + 1};
}

/* -- the events ------------------------------------------------------------------------------- */

enum dialogue_next dialogue_connect(struct dialogue *d, const struct client *c, struct answer *a)
{
	const struct macro macros[] = {
	    {"j", "mx.example.net"},
	    {"{daemon_name}", "mx.example.net"},
	    {"{daemon_addr}", "192.0.2.1"},
	    {"v", "Postfix 3.7.11"},
	    {"_", c->name},
	    {"{client_addr}", wire_terms(d->wire)->macros_chosen ? c->ip : NULL},
	    {NULL, NULL}};
	char family_port[3] = {strchr(c->ip, ':') != NULL ? SMFIA_INET6 : SMFIA_INET, 0, 0};
	uint16_t port = htons(40000);
	struct iovec parts[] = {string_part(c->name), {family_port, 3}, string_part(c->ip)};

	memcpy(family_port + 1, &port, 2);
	return send_event(d, &ev_connect, macros, parts, 3, a);
}

enum dialogue_next dialogue_helo(struct dialogue *d, const struct client *c, struct answer *a)
{
	const struct macro none = {NULL, NULL};
	struct iovec part = string_part(c->helo);

	return send_event(d, &ev_helo, &none, &part, 1, a);
}

/* "<address>" with its NUL into buf. */
static struct iovec path_part(char *buf, size_t size, const char *address)
{
	int n = snprintf(buf, size, "<%s>", address);

	return (struct iovec){buf, (size_t)n < size ? (size_t)n + 1 : size};
}

static const char *host_of(const char *address)
{
	const char *at = strrchr(address, '@');

	return at != NULL ? at + 1 : "";
}

enum dialogue_next dialogue_mail(struct dialogue *d, const struct envelope *e, struct answer *a)
{
	const struct macro macros[] = {{"{auth_authen}", e->auth},
				       {"{mail_addr}", e->sender},
				       {"{mail_host}", host_of(e->sender)},
				       {"{mail_mailer}", "smtp"},
				       {NULL, NULL}};
	char path[1024];
	struct iovec parts[] = {path_part(path, sizeof(path), e->sender),
				string_part("BODY=8BITMIME")};

	return send_event(d, &ev_mail, macros, parts, 2, a);
}

enum dialogue_next dialogue_rcpt(struct dialogue *d, const struct envelope *e, size_t nth,
				 struct answer *a)
{
	const struct macro macros[] = {{"i", nth > 0 ? e->queue_id : NULL},
				       {"{rcpt_addr}", e->rcpts[nth]},
				       {"{rcpt_host}", host_of(e->rcpts[nth])},
				       {"{rcpt_mailer}", "local"},
				       {NULL, NULL}};
	char path[1024];
	struct iovec part = path_part(path, sizeof(path), e->rcpts[nth]);

	return send_event(d, &ev_rcpt, macros, &part, 1, a);
}

static enum dialogue_next content_event(struct dialogue *d, const struct event *ev,
					const struct envelope *e, const struct iovec *parts,
					size_t n, struct answer *a)
{
	const struct macro macros[] = {{"i", e->queue_id}, {NULL, NULL}};

	return send_event(d, ev, macros, parts, n, a);
}

enum dialogue_next dialogue_data(struct dialogue *d, const struct envelope *e, struct answer *a)
{
	return content_event(d, &ev_data, e, NULL, 0, a);
}

enum dialogue_next dialogue_header(struct dialogue *d, const struct envelope *e, const char *name,
				   const char *value, struct answer *a)
{
	struct iovec parts[2];

	if ((wire_terms(d->wire)->steps & SMFIP_HDR_LEADSPC) == 0 && *value == ' ')
		value++;
	parts[0] = string_part(name);
	parts[1] = string_part(value);
	return content_event(d, &ev_header, e, parts, 2, a);
}

enum dialogue_next dialogue_eoh(struct dialogue *d, const struct envelope *e, struct answer *a)
{
	return content_event(d, &ev_eoh, e, NULL, 0, a);
}

enum dialogue_next dialogue_body(struct dialogue *d, const struct envelope *e, const char *octets,
				 size_t len, struct answer *a)
{
	enum dialogue_next next = DIALOGUE_ON;

	while (next == DIALOGUE_ON && len > 0 && d->skip != SMFIC_BODY) {
		size_t n = len < CHUNK ? len : CHUNK;
		struct iovec part = {(void *)(uintptr_t)octets, n};

		next = content_event(d, &ev_body, e, &part, 1, a);
		if ((wire_terms(d->wire)->steps & SMFIP_NOBODY) == 0)
			a->body_chunks++;
		octets += n;
		len -= n;
	}
	return next;
}

enum dialogue_next dialogue_eom(struct dialogue *d, const struct envelope *e, struct answer *a)
{
	return content_event(d, &ev_eom, e, NULL, 0, a);
}

enum dialogue_next dialogue_abort(struct dialogue *d)
{
	int r = wire_put(d->wire, SMFIC_ABORT, NULL, 0);

	return r < 0 ? broken(d, SMFIC_ABORT, wire_error(r)) : DIALOGUE_ON;
}

enum dialogue_next dialogue_handover(struct dialogue *d)
{
	int r = wire_flush(d->wire);

	return r < 0 ? broken(d, SMFIC_DATA, wire_error(r)) : DIALOGUE_ON;
}

enum dialogue_next dialogue_settle(struct dialogue *d)
{
	if (wire_pending(d->wire))
		return broken(d, SMFIC_BODYEOB, "an answer that nobody asked for");
	return dialogue_abort(d) == DIALOGUE_ON ? DIALOGUE_FINAL : DIALOGUE_BROKEN;
}
