/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lookalike.h - names that imitate a listed one.
 *
 * Imitated are the From domains of senders that are enabled, or disabled with evidence of
 * confidence A or B, and the domains of their link hosts and their platforms', since phish imitates
 * those as well. A name that is listed itself, in whatever entry, or lies below the organisational
 * domain of one that is, imitates nothing: genuine neighbours exist.
 *
 * What imitates, by the organisational domain's first label ("name") unless said otherwise, and how
 * many characters it must have (hyphens not counted) so that chance is no likely reason:
 *
 *   confusable  looks the same (skeleton.h)                         4; any, where it is no ASCII
 *   misspelt    one character or hyphen put in, taken out, replaced; two exchanged            8
 *               other hyphens alone                                                           4
 *   suffix      the same name under another public suffix                                     8
 *   suffix with confusable or with hyphens                                                    8
 *   suffix with misspelt                                                                     12
 *   embedded    the listed domain within another's: its labels, or joined in one label by
 *               hyphens or nothing (4; joined by nothing 8); its name alone as a label of
 *               another's host                                                                8
 *
 * A name that is a common word (registrar, services) is imitated only by what looks the same, and
 * where it stands with its suffix; and is no misspelling itself.
 */
#ifndef RULES_CORE_LOOKALIKE_H
#define RULES_CORE_LOOKALIKE_H

#include "rules/core/domain.h"
#include "rules/core/list.h"

struct lookalikes;

/* Of a finished list; both must outlive it. Shared by threads, never changes. NULL when memory is
 * short. */
struct lookalikes *lookalikes_new(const struct list *list, const struct suffixes *suffixes);
void lookalikes_free(struct lookalikes *x); /* takes NULL */
/* Octets of memory: some 50 for each sender. */
size_t lookalikes_bytes(const struct lookalikes *x);

struct imitation {
	const char *name;            /* the listed name; lives as long as the list */
	const struct sender *sender; /* that has it; NULL: a platform */
	uint32_t how; /* bits of enum reason: CONFUSABLE, MISSPELT, SUFFIX, EMBEDDED */
};

/* Whether the name is a listed one or below one's organisational domain; if so, that domain. name
 * is in its one spelling. */
const char *lookalikes_listed(const struct lookalikes *x, const char *name);
/* Whom a name imitates, the first that is found; false for none, and for listed names. Takes a
 * number of probes that grows with the name's length, not with the list. */
bool lookalikes_find(const struct lookalikes *x, const char *name, struct imitation *ret_imitation);
/* All that a name imitates, listed itself or not; stops when found() returns true. For lint. */
void lookalikes_each(const struct lookalikes *x, const char *name,
		     bool (*found)(const struct imitation *i, void *context), void *context);

#endif
