/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * letter.h - reads the letter itself: MIME, text, links, class, domains, deadline.
 *
 * Runs only in the sealed judge (and in tests). The top file letter.c is calls in the order of the
 * data: parts -> text and links -> platform -> class -> condition 5 -> domains -> deadline.
 */
#ifndef RULES_LETTER_LETTER_H
#define RULES_LETTER_LETTER_H

#include "rules/core/classes.h"
#include "rules/core/domain.h"
#include "rules/core/finding.h"
#include "rules/core/list.h"
#include "rules/core/message.h"

/* Once per process, before anything is sealed: opens GMime, libxml2 and every charset that iconv
 * would otherwise load later, and reads a small message so that all is warm. */
bool letter_init(void);

/* Everything that reading a letter depends on; nothing here changes while letters are read. */
struct letter_rules {
	const struct classes *classes;
	struct pattern_scratch *scratch; /* of the calling process */
	const struct list *platforms;    /* Platform, Harmless and Tracking stanzas; no senders */
	const struct suffixes *suffixes;
};

/* body: the first LIMIT_MIME_BYTES octets of it, body_cut if there were more. entry: the sender's,
 * with its platform, or NULL. from_domain: of the plain From, or "". Fills the letter part of the
 * finding and adds its bits to reasons; leaves the proof part alone. False when memory is short:
 * the message then goes unjudged.
 *
 * Patterns of classes see the subject and the whole text folded (fold.h). */
bool letter_read(const struct letter_rules *rules, const struct message *message, struct slice body,
		 bool body_cut, const struct sender *entry, const char *from_domain,
		 struct finding *finding);

#endif
