/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * thread.h - what becomes of a thread that cannot be started.
 *
 * libmilter gives a connection to a new thread where all others are busy. If that cannot be started
 * it forgets the connection, and the MTA waits for an answer until its own patience ends: minutes,
 * with the mail in its hand (measured). A process that ends is better: the MTA goes on at once, and
 * the supervisor starts another. So thread.c stands between the library and pthread_create().
 */
#ifndef MILTER_THREAD_H
#define MILTER_THREAD_H

/* From now on whoever cannot start a thread ends the process, with a line in the log. Before that
 * callers are told, as ever. */
void thread_or_end(void);

#endif
