/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dkimself.h - a message that must verify, once at start. It proves that the library and OpenSSL
 * do what we ask of them, and makes them load whatever they load late, before the seal.
 */
#ifndef PROOF_DKIMSELF_H
#define PROOF_DKIMSELF_H

#include <stdbool.h>

/* dkimcheck's library must be open. False when either signature does not pass, or one over a
 * changed body does. */
bool dkimself_test(void);

#endif
