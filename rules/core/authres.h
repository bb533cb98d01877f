/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * authres.h - what a server of ours wrote into a mail when it came: Authentication-Results
 * (RFC 8601), for old mail whose sender's key is gone from the DNS by now.
 *
 * Anybody can write such a header with anybody's name. Whose it is shows its place alone: a server
 * adds its headers above what it was given, and its own Received line is the first thing that it
 * adds. So a result counts only if
 *   - the field's name is exactly Authentication-Results and its authserv-id exactly the one that
 *     is trusted (but for case), and
 *   - it stands above the Received line with which the mail came in from outside. That is the first
 *     one from the top which is not of the form "from … by ID with LMTP… [id …] [for …]; date", the
 *     handing over from one program of ours to the next; mail never comes in from outside that
 *     way. No more words may stand there, since the name behind "from" is
 *     what a client said to HELO, and not every server takes the blanks out. A mail without
 *     any Received line has not come in at all: nothing in it counts.
 * A filter that puts its results below the server's own Received line (as a sender could, too) is
 * therefore not heard. What breaks the grammar anywhere is not heard as a whole field; comments say
 * nothing, and may nest AUTHRES_DEPTH deep. Of several fields that count, each is heard.
 */
#ifndef RULES_CORE_AUTHRES_H
#define RULES_CORE_AUTHRES_H

#include "rules/core/finding.h"
#include "rules/core/message.h"

enum {
	AUTHRES_DEPTH = 20,       /* comments in comments */
	AUTHRES_BYTES = 8 * 1024, /* of one field; longer ones are not heard */
};

struct authres_dkim {
	char d[LIMIT_DOMAIN + 1]; /* header.d, in its one spelling */
	char s[LIMIT_DOMAIN + 1]; /* header.s, or "" */
};

/* What passed, as far as it is said about whom. */
struct authres {
	struct authres_dkim dkim[LIMIT_SIGNATURES];
	size_t dkim_count;
	char mail_from[LIMIT_ADDRESS + 1]; /* of spf=pass, an address; "" for none. Where a domain
					    * alone was named its local part is "unknown" */
};

/* False when nothing that counts says "pass" for either mechanism. */
bool authres_find(const struct message *m, const char *id, struct authres *ret_authres);

/* Lets the results stand in, in *f: for a signature of the same d= (and s=, where that was said)
 * whose key is not there or of no use any more (AUTH_PERMERROR and nothing else against it), and
 * for SPF where that was not asked. A signature that is wrong stays wrong. Returns whether *f was
 * changed; *ret_spf whether SPF was: then the verdict must be told mail_from too. */
bool authres_apply(const struct authres *a, struct finding *f, bool *ret_spf);

#endif
