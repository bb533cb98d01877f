/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * connect.h - a connected socket from its name.
 *
 * Names as in libmilter and main.cf: unix:PATH, local:PATH, inet:PORT@HOST, inet6:PORT@HOST.
 */
#ifndef TESTS_BENCH_CONNECT_H
#define TESTS_BENCH_CONNECT_H

/* A connected, blocking, close-on-exec socket, or a negative errno: -EINVAL for a name that is
 * none or a host that is not found. */
int connect_spec(const char *spec);

#endif
