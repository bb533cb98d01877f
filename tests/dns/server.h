/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * server.h - a small authoritative-looking DNS server on 127.0.0.1 (UDP and TCP, one port) that
 * serves a zone of tests/proof/zone.h from a thread. Troubled names get SERVFAIL, "silent." names
 * no answer, "more." names one A or TXT record more than an answer of ours can hold. Answers over
 * 1232 octets are truncated over UDP.
 */
#ifndef TESTS_DNS_SERVER_H
#define TESTS_DNS_SERVER_H

#include "tests/proof/zone.h"

struct server;

/* The zone must not be touched while the server runs. NULL on trouble. */
struct server *server_start(struct zone *zone);
unsigned server_port(const struct server *s);
void server_stop(struct server *s); /* takes NULL */

#endif
