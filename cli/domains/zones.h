/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * zones.h - the zones that a name server's configuration says it serves: named.conf of BIND,
 * nsd.conf of NSD, knot.conf of Knot.
 *
 * A zone counts where the server is authoritative for it. Zones that are only forwarded, looked up
 * or hints of the root are left out and counted. Files that are included are not read; that is a
 * warning, since they are where most zones of a distribution's named.conf stand.
 */
#ifndef CLI_DOMAINS_ZONES_H
#define CLI_DOMAINS_ZONES_H

#include "cli/domains/domains.h"

/* Whether a text is such a configuration. */
bool zones_is_bind(struct slice text);
bool zones_is_sections(struct slice text);

/* Word by word, as BIND does: lines mean nothing, comments are of all its three kinds. */
void zones_read_bind(struct reading *r, struct slice text);
/* Sections of KEY: VALUE, of NSD (zone: name:) and Knot (zone: - domain:). */
void zones_read_sections(struct reading *r, struct slice text);

#endif
