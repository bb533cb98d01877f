/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lint_private.h - what the parts of the linter share.
 */
#ifndef RULES_CORE_LINT_PRIVATE_H
#define RULES_CORE_LINT_PRIVATE_H

#include <stdint.h>

#include "rules/core/domain.h"
#include "rules/core/list.h"

/* The first and the last day, since 1970-01-01, of a Last-Seen that the parser has passed and that
 * is not "undated". */
void lint_seen_days(const char *seen, int64_t *ret_first, int64_t *ret_last);
/* The part of lint_list that compares each enabled entry's domain with all others. */
void lint_neighbours(const struct list *l, const struct suffixes *suffixes, struct diags *diags);

#endif
