/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * control.h - what supervisor and listener say to each other: one octet a packet.
 */
#ifndef MILTER_CONTROL_H
#define MILTER_CONTROL_H

#include <stdbool.h>

enum control_word {
	CONTROL_READY = 'r',    /* listener: serving */
	CONTROL_PING = 'p',     /* supervisor: still there? */
	CONTROL_PONG = 'o',     /* listener */
	CONTROL_RELOAD = 'l',   /* supervisor: read the configuration and the lists again */
	CONTROL_RELOADED = 'y', /* listener: the new state serves */
	CONTROL_REFUSED = 'n',  /* listener: the old state serves on, the log says why */
	CONTROL_DRAIN = 'd',    /* supervisor: finish the messages in hand and exit */
};

/* False when the other side is gone or does not read. Never blocks, never raises SIGPIPE. */
bool control_send(int fd, enum control_word word);
/* The next word, without waiting: 1 and *ret_word, 0 for none, -1 when the other side is gone. */
int control_receive(int fd, enum control_word *ret_word);

#endif
