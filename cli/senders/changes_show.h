/* SPDX-License-Identifier: BSD-2-Clause */
/* changes_show.h - what another list would change, for a person and as JSON. */
#ifndef CLI_SENDERS_CHANGES_SHOW_H
#define CLI_SENDERS_CHANGES_SHOW_H

#include <jansson.h>

#include "rules/core/changes.h"

/* A line each on standard output, what reaches further first: its mark (! + - < ~), the entry, and
 * in which way. */
void changes_print(const struct changes *c, bool colour);
/* An array of {change, of, name, from, own, enabled, signs[]}, and an object of their counts. */
json_t *changes_json(const struct changes *c);
json_t *changes_counts_json(const struct changes *c);

#endif
