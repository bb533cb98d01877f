/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ownership.h - whether what a mail is about is ours: the site's own domains as a set that never
 * changes once it is sealed, and may then be shared by threads.
 *
 * A domain is ours if it is in the set, lies below a name that is, or is the organisational domain
 * of one: registrars write about example.com, a mail server may know only mail.example.com.
 */
#ifndef RULES_CORE_OWNERSHIP_H
#define RULES_CORE_OWNERSHIP_H

#include "rules/core/domain.h"
#include "rules/core/finding.h"
#include "rules/core/verdict.h"

struct ownership;

/* NULL when memory is short. */
struct ownership *ownership_new(void);
void ownership_free(struct ownership *o); /* takes NULL */
/* Names in their one spelling, in any order, before it is sealed; what is not in it is passed over.
 * False when memory is short: then the set is not to be used. */
bool ownership_add(struct ownership *o, const char *name, const struct suffixes *suffixes);
void ownership_seal(struct ownership *o);

/* name in its one spelling; of no set (NULL) nothing is ours. */
bool ownership_has(const struct ownership *o, const char *name);
/* Of what a mail names: yes if one domain is ours; no if none of them is; unset where there is no
 * set (NULL, or an empty one), where the mail names no domain, or more than were kept. */
enum ours ownership_of(const struct ownership *o, const struct finding *finding);

#endif
