/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mail.h - the mail of a case as it arrives, and the DNS of that moment.
 */
#ifndef TESTS_REPLAY_MAIL_H
#define TESTS_REPLAY_MAIL_H

#include "tests/proof/signing.h"
#include "tests/proof/zone.h"
#include "tests/replay/casefile.h"

/* Read from tests/mails, changed, signed, and changed again. False with the reason in why. */
bool mail_of_case(struct signing *s, const char *srcdir, const struct casefile *c,
		  struct str *ret_mail, struct str *why);
/* The records that the case names, and its keys, in zone.h's text form. False with the reason. */
bool mail_dns(struct signing *s, const struct casefile *c, struct str *to, struct str *why);
/* The same as a zone. NULL with the reason. */
struct zone *mail_zone(struct signing *s, const struct casefile *c, struct str *why);

#endif
