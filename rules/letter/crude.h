/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crude.h - the crude scan: finds, in the decoded octets of an HTML part, whatever any reader might
 * take for a link, without parsing HTML. A host found here that the HTML parser did not report
 * (as link or as text) fails the mail: the parser and the recipient's client disagree.
 */
#ifndef RULES_LETTER_CRUDE_H
#define RULES_LETTER_CRUDE_H

#include "rules/letter/links.h"

/* True when the octets hold a link to a place that `links` (of the parser) does not know. */
bool crude_finds_more(struct slice html, const struct links *links);

#endif
