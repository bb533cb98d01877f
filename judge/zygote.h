/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * zygote.h - the process that is ready to judge: rules compiled, charsets opened, sealed. It takes
 * one descriptor per message, forks a child for it, reaps children and ends those that overstay.
 */
#ifndef JUDGE_ZYGOTE_H
#define JUDGE_ZYGOTE_H

#include "rules/letter/letter.h"

struct zygote_options {
	int messages_fd; /* SOCK_SEQPACKET: one packet with one descriptor for each message */
	int control_fd; /* gets CONTROL_READY when sealed, then pings are answered (base/control.h);
			 * a pipe for that word alone, or -1 */
	unsigned seconds; /* that a child may live */
};

/* Seals the process and serves until SIGTERM, or until the other end of messages_fd is closed.
 * Then it takes no more, waits for its children (`seconds` at most) and returns 0; 2, with a line
 * on standard error, if it could not be sealed. SIGINT and SIGHUP are left to others. */
int zygote_serve(const struct zygote_options *options, const struct letter_rules *rules);

#endif
