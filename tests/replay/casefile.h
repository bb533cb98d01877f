/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * casefile.h - a case of the replay ring as a file: one deb822 stanza that says what is played and
 * what must come out.
 *
 * Played:
 *   Note: what this case proves, for people
 *   Mail: NAME                 tests/mails/NAME.eml; without it the case's own name
 *   Replace:                   in the mail, before it is signed; one "OLD => NEW" a line; \n, \t,
 * \0 known; OLD stands there exactly once; "" for nothing, "^" as OLD for the mail's beginning
 *   Sign:                      one signature a line: DOMAIN KEY [option of tests/tools/dkimsign]…,
 *                              KEY one of rsa2048, rsa1024, rsa512, ed25519; it is the selector too
 *   Keys: TAGS|none            further tags of the published keys ("t=y"), or nothing is published
 *   Spoil:                     as Replace, after signing
 *   Now: TIME                  (required)
 *   Mail-From: <ADDRESS>       Client-Ip: ADDRESS     Helo: NAME
 *   Trusted-Hop: yes           the client is one of ours
 *   Sender-Signs: yes          this sender has been seen to sign
 *   Dns:                       zone.h's text form
 *   Body-Cut: N                only the first N octets of the body are given
 * Compared, each if it is there, "none" for nothing:
 *   Verdict (required), Lane, Class, Registrar, Domains, Domain-Count, Deadline, Deadline-Source,
 *   Reasons, Conditions, Proof, Platform, Links, Shapes, Edits: as `replay --show NAME` prints
 * them. Of Conditions those that are named, and with "others=VALUE" the rest.
 */
#ifndef TESTS_REPLAY_CASEFILE_H
#define TESTS_REPLAY_CASEFILE_H

#include "base/diag.h"
#include "base/folder.h"
#include "rules/core/stanza.h"

struct casefile {
	const char *path;
	char *name; /* of the file, without ending */
	struct stanza stanza;
	int64_t now;
};

/* text points into the file, which must stay. False after a complaint in diags. */
bool casefile_read(const struct folder_file *file, struct casefile *ret_case, struct diags *diags);
void casefile_free(struct casefile *c);

/* A field's value, trimmed; p is NULL where the field is absent. */
struct slice casefile_get(const struct casefile *c, const char *name);
bool casefile_yes(const struct casefile *c, const char *name);
/* Lines or items of a value, joined by sep, white space within each as one space; false if the
 * field is absent. */
bool casefile_lines(const struct casefile *c, const char *name, struct str *to);
bool casefile_items(const struct casefile *c, const char *name, struct str *to);

#endif
