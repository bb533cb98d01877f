/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * control.h - what the supervisor and its processes say to each other: one octet a packet, over a
 * pair that each process gets anew at its start.
 */
#ifndef BASE_CONTROL_H
#define BASE_CONTROL_H

#include <stdbool.h>

enum control_word {
	CONTROL_READY = 'r',    /* started: listener and resolver serve, the zygote is sealed */
	CONTROL_PING = 'p',     /* supervisor: still there? */
	CONTROL_PONG = 'o',     /* the answer */
	CONTROL_BUSY = 'b',     /* listener: reads a list or all, until its next word */
	CONTROL_RELOAD = 'l',   /* to the listener: read the configuration and the lists again */
	CONTROL_RELOADED = 'y', /* listener: the new state serves */
	CONTROL_REFUSED = 'n',  /* listener: the old state serves on, the log says why */
	CONTROL_DRAIN = 'd',    /* to the listener: finish the messages in hand and exit */
};

/* False when the other side is gone or does not read. Never blocks, never raises SIGPIPE. */
bool control_send(int fd, enum control_word word);
/* The next word, without waiting: 1 and *ret_word, 0 for none, -1 when the other side is gone. */
int control_receive(int fd, enum control_word *ret_word);
/* Answers the pings that have come and passes over other words: for who does nothing else. False
 * when the other side is gone. */
bool control_answer(int fd);

#endif
