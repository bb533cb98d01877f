/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lint.h - what the list's parser cannot refuse by itself.
 *
 * Errors: From domains and link, tracking or harmless hosts on public suffixes; tracking hosts
 * among links or From domains; a whole domain that is shared; enabled entries of confidence C or
 * with a "Caution:" in the note; enabled shipped entries without evidence, confidence or Last-Seen.
 * Warnings, about enabled entries: not seen for two years; seen in the future; a Shared-Domain
 * without a Link; classes that ask for an action without a Link of the entry or its platform, where
 * no code serves instead (the hosts below the From's organisational domain are all there is then).
 */
#ifndef RULES_CORE_LINT_H
#define RULES_CORE_LINT_H

#include "rules/core/domain.h"
#include "rules/core/list.h"

enum {
	LINT_SEEN_DAYS = 730, /* an entry seen so long ago is not yet complained about */
};

/* Adds its findings on a finished list; now is for Last-Seen, Unix seconds. */
void lint_list(const struct list *l, const struct suffixes *suffixes, int64_t now,
	       struct diags *diags);

#endif
