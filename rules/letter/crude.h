/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crude.h - the crude scan: finds, in the decoded octets of an HTML part, whatever any reader might
 * take for a link, without parsing HTML. What is found here and was not reported by the HTML parser
 * (as link or as text) fails the mail: the parser and the recipient's client disagree.
 */
#ifndef RULES_LETTER_CRUDE_H
#define RULES_LETTER_CRUDE_H

#include "rules/letter/links.h"

/* Whether the octets hold a link to a place that `links` (the parser's, and those in the text that
 * it gave) does not know, or what no registrar's mail holds (controls, scripts, templates, elements
 * whose text is no markup). passive: what else the parser saw of URLs (html.h); each excuses one.
 * False when memory is short. */
bool crude_scan(struct slice html, const struct links *links, const struct links *passive,
		bool *ret_hidden);

#endif
