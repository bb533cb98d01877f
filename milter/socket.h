/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * socket.h - the milter socket: opened by the supervisor, with mode and group, before privileges
 * are dropped, and handed to every listener it starts.
 */
#ifndef MILTER_SOCKET_H
#define MILTER_SOCKET_H

#include <stddef.h>

#include "base/config.h"

/* Listens as config->socket says. A left-over socket file that nobody serves is replaced; one that
 * is served, or a file of another kind, is refused. The descriptor (close-on-exec), or -1 with the
 * reason in why[]. */
int socket_open(const struct config *config, char *why, size_t size);
/* Removes the socket file, if the text (the option's value) names a local socket. */
void socket_remove(const char *text);

#endif
