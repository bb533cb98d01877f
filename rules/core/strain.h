/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * strain.h - whether the patterns stay within PCRE2's match limits on what a mail may hold.
 *
 * One that does not answers "unknown" at run time, the mail has the reason "limit" and is not
 * genuine: a pattern for which that can happen on harmless text is a fault of the class file.
 */
#ifndef RULES_CORE_STRAIN_H
#define RULES_CORE_STRAIN_H

#include "rules/core/classes.h"

/* Tries a text with the patterns for subjects and display names, or those for bodies: as it is, and
 * repeated, with and without its spaces, until it is as long as what they are given of a mail. Each
 * pattern that hits a limit is reported once, at its place. c has all sets. */
void strain_subject(const struct classes *c, struct pattern_scratch *scratch, struct slice text,
		    struct diags *diags);
void strain_body(const struct classes *c, struct pattern_scratch *scratch, struct slice text,
		 struct diags *diags);
/* Both, with the plain words of every pattern in the text of a class file: who has nothing but the
 * patterns tries each with what it looks for. Bodies are shorter there, for there are many. */
void strain_own_words(const struct classes *c, struct pattern_scratch *scratch, struct slice file,
		      struct diags *diags);

#endif
