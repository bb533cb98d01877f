/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pool.h - keeps libmilter's threads from waiting for one another.
 *
 * libmilter (8.17, as Debian builds it) gives a session that has something to read to an idle
 * thread and starts a new one only if none is idle. A thread counts as idle until it has woken up,
 * so of several sessions that become ready together all may be left to the one idle thread; the
 * rest wait until any thread comes back from its callback, for seconds if the callbacks wait for
 * DNS (measured: eight messages whose judges stalled took 18 s in place of 6). What makes libmilter
 * look again is a new connection: with no thread idle it starts one, which then takes whatever is
 * left over. So while callbacks wait and none comes back for POOL_NUDGE_MS, we connect to our own
 * socket and hang up.
 */
#ifndef MILTER_POOL_H
#define MILTER_POOL_H

enum {
	POOL_NUDGE_MS = 50,
};

struct pool;

/* Starts the thread that watches; it lives as long as the process. NULL when that is not possible.
 */
struct pool *pool_new(int listening_fd);
/* Around everything in a callback that may wait for longer than a disk. */
void pool_enter(struct pool *p);
void pool_leave(struct pool *p);
/* No new connection is accepted from now on: libmilter can only stop all at once, messages in hand
 * included, so it is given a socket that nobody knows in the place of the listening one. */
void pool_shut(struct pool *p, int listening_fd);

#endif
