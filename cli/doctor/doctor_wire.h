/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * doctor_wire.h - the MTA's side of the milter protocol, as much of it as shows that a filter is
 * there and edits as it should.
 *
 * A packet is a length (u32, network order, counting what follows), a command and data. Nothing is
 * offered that would leave an answer out, so each event has one. The whole of it is bounded by
 * DOCTOR_WIRE_SECONDS, and a packet by LIMIT_FILTER_PACKET.
 */
#ifndef CLI_DOCTOR_DOCTOR_WIRE_H
#define CLI_DOCTOR_DOCTOR_WIRE_H

#include "base/str.h"

enum {
	DOCTOR_WIRE_SECONDS = 15,
};

struct doctor_wire {
	int fd;
	int64_t until; /* of the monotonic clock, ms */
	char why[256]; /* what went wrong */
};

struct doctor_edits {
	size_t deleted;  /* X-Keepname fields that were taken away */
	size_t inserted; /* and that were put in */
	char last;       /* the final answer: c, a, or what else it was */
};

/* Connects to a socket in libmilter's spelling, and negotiates. False with w->why. */
bool doctor_wire_open(const char *socket, struct doctor_wire *ret_wire);
/* Sends one message of two X-Keepname fields and no other content of interest, and reads what is
 * to be done with it. False with w->why. */
bool doctor_wire_forged(struct doctor_wire *w, struct doctor_edits *ret_edits);
void doctor_wire_close(struct doctor_wire *w);

#endif
