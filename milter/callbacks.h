/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * callbacks.h - libmilter's callbacks: each a short list of calls that decides nothing.
 */
#ifndef MILTER_CALLBACKS_H
#define MILTER_CALLBACKS_H

#include "milter/session.h"

/* Registers with libmilter, on the listening descriptor fd. False when libmilter refuses. */
bool callbacks_register(int fd, struct listener *listener);

#endif
