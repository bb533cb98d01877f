/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lint.h - what the list's parser cannot refuse by itself.
 *
 * Errors: From domains, link, tracking or harmless hosts and hold name servers on public suffixes;
 * tracking hosts among links or From domains; a whole domain that is shared; enabled entries of
 * confidence C or with a "Caution:" in the note; enabled shipped entries without evidence,
 * confidence or Last-Seen; enabled entries of which one would be taken for an imitation of the
 * other (lookalike.h), though they share neither registrar nor platform (a warning, where one is
 * the site's own). Warnings, about enabled entries: not seen for two years; seen in the future; a
 * Shared-Domain without a Link; classes that ask for an action without a Link of the entry or its
 * platform, where no code serves instead (the hosts below the From's organisational domain are all
 * there is then). And about platforms: two that claim the same link, of which the first in the
 * list's order is seen.
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
/* Adds warnings about enabled entries with a dated Last-Seen: the name of From or of a Link, their
 * organisational domain, was registered later. registered_at: when, Unix seconds, 0 for unknown; it
 * may be asked about a name more than once. */
void lint_registered(const struct list *l, const struct suffixes *suffixes,
		     int64_t (*registered_at)(void *context, const char *domain), void *context,
		     struct diags *diags);

#endif
