/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wire.h - packets of the milter protocol, from the MTA's side.
 *
 * A packet is a length (u32, network order, counting what follows), one command octet and data.
 * This file knows no order of commands: a caller may send anything at any time, broken packets
 * included, and may hang up where it likes. dialogue.h has the order that Postfix keeps.
 *
 * Writing is buffered as Postfix 3.7 does it (4 KB, over TCP four times the MSS), since the size
 * of the writes is part of what a filter's reading costs.
 *
 * A filter that sends nonsense gives a negative errno: -EPROTO for a packet without a command, one
 * over WIRE_PACKET_MAX, or an end inside a packet; -ETIMEDOUT where it stays silent.
 */
#ifndef TESTS_BENCH_WIRE_H
#define TESTS_BENCH_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

/* What Postfix 3.7 offers: src/milter/milter8.c, my_actions and MILTER8_V6_PROTO_MASK. */
#define WIRE_VERSION 6u
#define WIRE_ACTIONS 0x1FFu
#define WIRE_STEPS   0x1FFFFFu

enum {
	WIRE_PACKET_MAX = 1024 * 1024, /* of a filter's packet, command included */
	WIRE_STAGES = 7,               /* SMFIM_CONNECT … SMFIM_EOH */
};

struct wire;

struct wire_packet {
	char command;
	const char *data; /* borrowed: until the next wire_get */
	size_t len;
};

/* What the filter chose. macros: per SMFIM_ stage the names it wants, NULL where it named none. */
struct wire_terms {
	uint32_t version;
	uint32_t actions;
	uint32_t steps;
	bool macros_chosen; /* it sent lists: what they leave out is not sent */
	char *macros[WIRE_STAGES];
};

/* Connects. Spec is unix:PATH, local:PATH, inet:PORT@HOST or inet6:PORT@HOST; timeout_ms bounds
 * each read and write. 0, or a negative errno (-EINVAL: bad spec). */
int wire_open(const char *spec, int timeout_ms, struct wire **ret_wire);
/* The same over a connected socket, which it then owns. */
int wire_adopt(int fd, int timeout_ms, struct wire **ret_wire);
/* Hangs up at once: what is not flushed is lost. Takes NULL. */
void wire_close(struct wire *wire);

/* Queue a packet of n parts (parts may be NULL when n is 0), or octets without any frame. Return 0
 * or a negative errno. Sent when the buffer is full, by wire_flush, or by wire_get. */
int wire_put(struct wire *wire, char command, const struct iovec *parts, size_t n);
int wire_put_raw(struct wire *wire, const void *octets, size_t len);
int wire_flush(struct wire *wire);

/* Flushes, then reads one packet. 1: a packet; 0: the filter hung up; else a negative errno. */
int wire_get(struct wire *wire, struct wire_packet *ret_packet);
/* Whether octets of the filter wait to be read. */
bool wire_pending(const struct wire *wire);

/* Offers the given terms and takes the answer, which must stay within them. 0, -EPROTO where it
 * does not, or another negative errno. */
int wire_negotiate(struct wire *wire, uint32_t version, uint32_t actions, uint32_t steps);
/* Borrowed; all zero before wire_negotiate. */
const struct wire_terms *wire_terms(const struct wire *wire);

#endif
