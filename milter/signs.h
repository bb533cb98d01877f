/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * signs.h - whether a listed sender has been seen to sign: then SPF alone is no proof for it.
 *
 * One connection to the database, kept and shared under a lock; a look-up takes microseconds.
 */
#ifndef MILTER_SIGNS_H
#define MILTER_SIGNS_H

#include <stdbool.h>

struct signs;
struct signs *signs_new(void);
void signs_free(struct signs *s);
/* True also when the database cannot be asked now: not knowing is no permission to believe the
 * weaker proof. */
bool signs_ask(struct signs *s, const char *database, const char *address);

#endif
