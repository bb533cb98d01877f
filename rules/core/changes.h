/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * changes.h - what another list would change about which mail is believed.
 *
 * Both lists are as they are in use: shipped entries with the site's switches, its own entries and
 * the links that it has accepted. Entries are paired by their address, since that is what a mail is
 * looked up by: an entry under another name, for which a switch no longer holds, or a whole domain
 * that takes the place of an exact address, is compared with what was believed of that address
 * before. Only where the address is new and another is gone are two entries of one name a pair.
 *
 * WIDENED is whatever makes mail genuine that was not before, however it is written: an entry whose
 * links are all gone reaches further, since the hosts below its own domain then count. In doubt
 * (link shapes are compared one by one) it is wider, never narrower. Links of a platform that grow
 * are a change of the platform, and not of each of its senders.
 */
#ifndef RULES_CORE_CHANGES_H
#define RULES_CORE_CHANGES_H

#include "rules/core/domain.h"
#include "rules/core/list.h"

/* In the order in which a person should see them. */
enum change_kind {
	CHANGE_WIDENED,
	CHANGE_ADDED,
	CHANGE_REMOVED,
	CHANGE_NARROWED,
	CHANGE_OTHER, /* deadlines, name servers, evidence, notes … */
	CHANGE_KIND_COUNT,
};

enum change_of {
	CHANGE_OF_HOSTS, /* the Harmless and Tracking hosts of the whole list */
	CHANGE_OF_PLATFORM,
	CHANGE_OF_SENDER,
	CHANGE_OF_COUNT,
};

/* How far an entry reaches: which of these is more (WIDENED), or less (NARROWED). */
enum change_sign {
	CHANGE_BELIEVED, /* switched on */
	CHANGE_ADDRESS,
	CHANGE_WHOLE_DOMAIN,
	CHANGE_CLASSES,
	CHANGE_LINKS,
	CHANGE_OWN_PAGES, /* no host is named: any below its own domain */
	CHANGE_PLATFORM,
	CHANGE_REPLY_TO,
	CHANGE_ALIGNMENT,
	CHANGE_CODE,
	CHANGE_SHARED,
	CHANGE_HARMLESS,
	CHANGE_TRACKING,
	CHANGE_SIGN_COUNT,
};

struct change {
	enum change_kind kind;
	enum change_of of;
	uint32_t signs;                      /* bits; of WIDENED and NARROWED */
	const char *name;                    /* of the entry, or "hosts" */
	const struct sender *before, *after; /* of a sender; NULL where there is none */
};

/* What points into the lists lives as long as they. */
struct changes {
	struct change *list;
	size_t count, room;
	size_t of_kind[CHANGE_KIND_COUNT];
};

/* The changes in order of kind, thing and name. Two finished lists. 0, or ENOMEM. */
int changes_find(const struct list *before, const struct list *after,
		 const struct suffixes *suffixes, struct changes *ret_changes);
void changes_free(struct changes *c);
/* "widened", "added", …; "sender", "platform", "hosts". */
const char *change_kind_name(enum change_kind kind);
const char *change_of_name(enum change_of of);
/* A sign in words: "more classes", or where it is less "fewer classes". */
const char *change_sign_text(enum change_sign sign, bool more);

#endif
