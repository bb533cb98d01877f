/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dependence.h - single points of failure of this site (rules/core/dependence.h), from what the
 * watch has learned of our domains and from the recipients of genuine mail about them. Digest,
 * report and doctor say the same sentences.
 */
#ifndef CLI_DEPENDENCE_H
#define CLI_DEPENDENCE_H

#include "cli/command.h"
#include "rules/core/dependence.h"

/* "all 12 domains are with one registrar, X", in the reader's language. */
void dependence_print(const struct dependence *d, struct str *to);
/* False where the database cannot be read, or memory is short. Where the site has named no domains
 * there is nothing to say. */
bool dependence_each(struct store *store, void (*each)(void *context, const struct dependence *d),
		     void *context);

#endif
