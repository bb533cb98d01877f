/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * classes.h - the kinds of registrar mail and the words by which they are known, as data.
 *
 * Text is deb822 stanzas, one or more per class and language. The installed files are one for each
 * language, which a translator reads as a whole, and classes.class with what holds in all of them:
 *
 *   Class: verification
 *   Language: en              for people; so is Note
 *   Action: yes               it asks for an action: a link (or code) must lead there
 *   Days: 14                  policy, where neither mail nor sender says
 *   Subject:                  one PCRE2 pattern a line, caseless
 *    ^(final )?request for e-?mail address validation
 *   Listed-Subject:           the same, too bare to be asked about everybody's mail: counts only
 *    ^verification required$  in mail of a listed sender of that class
 *   Display-Name:             the same for the From display name (candidates only)
 *    \bICANN\b.*registrar
 *   Body:                     one of these must stand in the text as well
 *    verify (the|your) (e-?mail|contact)
 *   Domain-Wording:           what shows that a *domain registration* is meant (for `unlisted`)
 *    domain name registration
 *
 * Patterns and the texts that they are asked about are folded (fold.h): an accent may be written or
 * not, on both sides, and nothing is said about width, line ends within a Japanese word, or the two
 * i of Turkish. Case is PCRE2's.
 *
 * The first field is Class; any other field than these is an error. Action and Days are said once
 * per class. Patterns: see pattern.h, also for what makes one cheap. A class is recognised when a
 * Subject pattern and a Body pattern of it match, in whatever language; of several, the one that
 * stands first in class_order (classes.c) decides (suspension before verification: "suspended due
 * to failed verification").
 *
 * A Listed-Subject makes no mail a candidate. It is asked only where no Subject has led to a class,
 * of mail whose From is an entry that is enabled and sends the class, and whose text reads as about
 * a domain registration: "Verification" is every web site's subject, and a registrar has accounts
 * and newsletters too.
 */
#ifndef RULES_CORE_CLASSES_H
#define RULES_CORE_CLASSES_H

#include "base/diag.h"
#include "rules/core/pattern.h"
#include "rules/core/terms.h"

struct classes {
	struct pattern_set *subject; /* tags are enum class_id */
	struct pattern_set *listed_subject;
	struct pattern_set *display;
	struct pattern_set *body;
	struct pattern_set *domain_wording; /* tags without meaning */
	bool action[CLASS_COUNT];
	uint16_t days[CLASS_COUNT];
};

struct classes_builder;
struct classes_builder *classes_builder_new(void); /* NULL when memory is short */
/* Adds the stanzas of one text; text and file must stay until classes_build. Faulty fields are
 * reported and left out. 0, or ENOMEM. */
int classes_parse(struct classes_builder *b, struct slice text, const char *file,
		  struct diags *diags);
/* Compiles and frees the builder. With only_subjects the sets listed_subject, body and
 * domain_wording stay NULL (the listener needs no more). NULL if diags has errors or memory is short. */
struct classes *classes_build(struct classes_builder *b, bool only_subjects, struct diags *diags);
void classes_builder_free(struct classes_builder *b); /* takes NULL */
void classes_free(struct classes *c);                 /* takes NULL */

/* Bits of the classes that a set names in the text, which is folded; 0 if none. *ret_limit is set
 * (never cleared) when a match limit was hit. */
uint32_t classes_in(const struct pattern_set *set, struct pattern_scratch *scratch,
		    struct slice text, bool *ret_limit);
/* The same for the wanted classes alone: cheaper on a long text. */
uint32_t classes_among(const struct pattern_set *set, struct pattern_scratch *scratch,
		       struct slice text, uint32_t wanted, bool *ret_limit);
/* Of a set of classes, the one that counts; CLASS_NONE for none. */
enum class_id classes_first(uint32_t set);

#endif
