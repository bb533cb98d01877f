/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inquirer_seal.h - giving up all but sockets to the net: no files, programs, processes, local
 * sockets, capabilities; what it would need them for fails with EPERM.
 */
#ifndef DNS_INQUIRER_SEAL_H
#define DNS_INQUIRER_SEAL_H

#include <stdbool.h>

/* For good. descriptors: how many it may have. False, with errno: not sealed, do not go on. The
 * caller has one thread. */
bool inquirer_seal(unsigned descriptors);

#endif
