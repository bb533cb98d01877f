/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * names.h - the domains that a mail is about.
 *
 * Looked for in this order: the subject, tables and lists (a line of names and dates), names that
 * are called domains ("your domain name example.com"); only where these give nothing, any name in
 * the text. A name is a registrable domain under a suffix that the public suffix list knows (what is
 * newer than that list is not found); host names, URLs, mail addresses, and whatever belongs to the
 * registrar, its platform, the harmless hosts are none. In running text, hosts of links and the
 * From domain are none either.
 */
#ifndef RULES_LETTER_NAMES_H
#define RULES_LETTER_NAMES_H

#include "rules/core/domain.h"
#include "rules/core/finding.h"
#include "rules/core/list.h"
#include "rules/letter/links.h"

struct names_rules {
	const struct suffixes *suffixes;
	const struct list *platforms;
	const struct sender *entry; /* or NULL */
	const char *from_domain;    /* "" if unknown */
	const struct links *links;
};

/* Fills domain, domain_kept and domain_count of the finding; reads its platform. False when memory
 * is short. */
bool names_read(const struct names_rules *rules, struct slice subject, struct slice text,
		struct finding *finding);

#endif
