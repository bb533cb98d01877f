/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wire.c - packets of the milter protocol: framing, buffers, negotiation. See wire.h.
 *
 * Sockets block, with a time-out: one thread serves one connection.
 */
#include "tests/bench/wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <libmilter/mfdef.h>

#include "tests/bench/connect.h"

enum {
	BUFFER_MIN = 4096, /* Postfix: VSTREAM_BUFSIZE */
	FRAME = 5,         /* length and command */
};

struct wire {
	int fd;
	struct wire_terms terms;
	char *out;
	size_t out_len, out_size;
	char *in; /* unread octets are in[in_start] … in[in_end - 1] */
	size_t in_start, in_end, in_size;
};

static uint32_t get_u32(const char *at)
{
	uint32_t v;

	memcpy(&v, at, sizeof(v));
	return ntohl(v);
}

/* -- opening and closing ---------------------------------------------------------------------- */

/* Postfix's vstream_tweak_tcp: four times the MSS, so that Nagle's delay is not met. */
static size_t write_buffer_size(int fd)
{
	int mss = 0;
	socklen_t len = sizeof(mss);

	if (getsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &mss, &len) != 0 || mss <= BUFFER_MIN / 4)
		return BUFFER_MIN;
	return 4 * (size_t)mss;
}

int wire_adopt(int fd, int timeout_ms, struct wire **ret_wire)
{
	struct timeval tv = {timeout_ms / 1000, timeout_ms % 1000 * 1000};
	struct wire *w = calloc(1, sizeof(*w));

	if (w == NULL) {
		close(fd);
		return -ENOMEM;
	}
	w->fd = fd;
	w->out_size = write_buffer_size(fd);
	w->in_size = BUFFER_MIN;
	w->out = malloc(w->out_size);
	w->in = malloc(w->in_size);
	if (w->out == NULL || w->in == NULL) {
		wire_close(w);
		return -ENOMEM;
	}
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv));
	*ret_wire = w;
	return 0;
}

int wire_open(const char *spec, int timeout_ms, struct wire **ret_wire)
{
	int fd = connect_spec(spec);

	return fd < 0 ? fd : wire_adopt(fd, timeout_ms, ret_wire);
}

void wire_close(struct wire *wire)
{
	if (wire == NULL)
		return;
	close(wire->fd);
	for (size_t i = 0; i < WIRE_STAGES; i++)
		free(wire->terms.macros[i]);
	free(wire->out);
	free(wire->in);
	free(wire);
}

/* -- writing ---------------------------------------------------------------------------------- */

int wire_flush(struct wire *wire)
{
	size_t done = 0;

	while (done < wire->out_len) {
		ssize_t n = send(wire->fd, wire->out + done, wire->out_len - done, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		done += (size_t)n;
	}
	wire->out_len = 0;
	return 0;
}

int wire_put_raw(struct wire *wire, const void *octets, size_t len)
{
	const char *from = octets;

	while (len > 0) {
		size_t room = wire->out_size - wire->out_len;
		size_t n = len < room ? len : room;

		memcpy(wire->out + wire->out_len, from, n);
		wire->out_len += n;
		from += n;
		len -= n;
		if (wire->out_len == wire->out_size) {
			int r = wire_flush(wire);

			if (r < 0)
				return r;
		}
	}
	return 0;
}

int wire_put(struct wire *wire, char command, const struct iovec *parts, size_t n)
{
	size_t len = 1;
	uint32_t net;
	char frame[FRAME];
	int r;

	for (size_t i = 0; i < n; i++)
		len += parts[i].iov_len;
	net = htonl((uint32_t)len);
	memcpy(frame, &net, sizeof(net));
	frame[4] = command;
	r = wire_put_raw(wire, frame, sizeof(frame));
	for (size_t i = 0; r == 0 && i < n; i++)
		if (parts[i].iov_len > 0)
			r = wire_put_raw(wire, parts[i].iov_base, parts[i].iov_len);
	return r;
}

/* -- reading ---------------------------------------------------------------------------------- */

/* Reads until `want` octets are there. 1; 0 at an end before the first of them; -errno. */
static int fill(struct wire *w, size_t want)
{
	if (w->in_start > 0 && w->in_start + want > w->in_size) {
		memmove(w->in, w->in + w->in_start, w->in_end - w->in_start);
		w->in_end -= w->in_start;
		w->in_start = 0;
	}
	if (want > w->in_size) {
		char *bigger = realloc(w->in, want);

		if (bigger == NULL)
			return -ENOMEM;
		w->in = bigger;
		w->in_size = want;
	}
	while (w->in_end - w->in_start < want) {
		ssize_t n = recv(w->fd, w->in + w->in_end, w->in_size - w->in_end, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		if (n == 0)
			return w->in_end == w->in_start ? 0 : -EPROTO;
		w->in_end += (size_t)n;
	}
	return 1;
}

int wire_get(struct wire *wire, struct wire_packet *ret_packet)
{
	size_t len;
	int r = wire_flush(wire);

	if (r < 0)
		return r;
	if (wire->in_start == wire->in_end)
		wire->in_start = wire->in_end = 0;
	r = fill(wire, 4);
	if (r <= 0)
		return r;
	len = get_u32(wire->in + wire->in_start);
	if (len < 1 || len > WIRE_PACKET_MAX)
		return -EPROTO;
	r = fill(wire, 4 + len);
	if (r <= 0)
		return r;
	ret_packet->command = wire->in[wire->in_start + 4];
	ret_packet->data = wire->in + wire->in_start + FRAME;
	ret_packet->len = len - 1;
	wire->in_start += 4 + len;
	return 1;
}

bool wire_pending(const struct wire *wire)
{
	char c;

	return wire->in_start < wire->in_end || recv(wire->fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
}

/* -- negotiation ------------------------------------------------------------------------------ */

/* After the three numbers: macro lists, each a stage (u32) and names (NUL-terminated). */
static int take_macro_lists(struct wire_terms *terms, const char *at, size_t len)
{
	while (len > 0) {
		const char *end;
		uint32_t stage;
		char *names;

		if (len < 5 || (end = memchr(at + 4, '\0', len - 4)) == NULL)
			return -EPROTO;
		stage = get_u32(at);
		if (stage >= WIRE_STAGES)
			return -EPROTO;
		names = strdup(at + 4);
		if (names == NULL)
			return -ENOMEM;
		free(terms->macros[stage]);
		terms->macros[stage] = names;
		terms->macros_chosen = true;
		len -= (size_t)(end + 1 - at);
		at = end + 1;
	}
	return 0;
}

int wire_negotiate(struct wire *wire, uint32_t version, uint32_t actions, uint32_t steps)
{
	uint32_t offer[3] = {htonl(version), htonl(actions), htonl(steps)};
	struct iovec part = {offer, sizeof(offer)};
	struct wire_terms *t = &wire->terms;
	struct wire_packet p;
	int r = wire_put(wire, SMFIC_OPTNEG, &part, 1);

	if (r == 0)
		r = wire_get(wire, &p);
	if (r <= 0)
		return r == 0 ? -ECONNRESET : r;
	if (p.command != SMFIC_OPTNEG || p.len < sizeof(offer))
		return -EPROTO;
	t->version = get_u32(p.data);
	t->actions = get_u32(p.data + 4);
	t->steps = get_u32(p.data + 8);
	if (t->version < 2 || t->version > version || (t->actions & ~actions) != 0 ||
	    (t->steps & ~steps) != 0)
		return -EPROTO;
	return take_macro_lists(t, p.data + sizeof(offer), p.len - sizeof(offer));
}

const struct wire_terms *wire_terms(const struct wire *wire)
{
	return &wire->terms;
}
