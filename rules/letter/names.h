/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * names.h - the domains that a mail is about: from the subject, from tables of dates and names,
 * from the text; never the registrar's own hosts or those of links.
 */
#ifndef RULES_LETTER_NAMES_H
#define RULES_LETTER_NAMES_H

#include "rules/core/domain.h"
#include "rules/core/finding.h"
#include "rules/core/list.h"
#include "rules/letter/links.h"

/* Fills domain, domain_kept and domain_count of the finding. rcpt_domain and from_domain are not
 * taken for names in question unless they stand in a table or in the subject. */
void names_read(struct slice subject, struct slice text, const struct links *links,
		const struct suffixes *suffixes, const struct sender *entry,
		const char *from_domain, struct finding *finding);

#endif
