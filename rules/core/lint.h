/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lint.h - what the list's parser cannot refuse by itself: hosts on public suffixes, tracking hosts
 * among the links, whole domains without a reason, senders without evidence, entries not seen for
 * two years, a Shared-Domain without a Link, classes that ask for an action without any link
 * evidence (a warning), C or cautioned entries that are enabled.
 */
#ifndef RULES_CORE_LINT_H
#define RULES_CORE_LINT_H

#include "rules/core/domain.h"
#include "rules/core/list.h"

/* Adds its findings; now is for Last-Seen, Unix seconds. */
void lint_list(const struct list *l, const struct suffixes *suffixes, int64_t now,
	       struct diags *diags);

#endif
