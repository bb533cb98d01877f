/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * digest.h - the digest: gathered, written, sent. It names a mail by sender, subject and
 * Message-ID; links and codes are secrets and are not even in the database.
 */
#ifndef CLI_DIGEST_H
#define CLI_DIGEST_H

#include "cli/pending/pending.h"
#include "cli/senders/suggested.h"

struct digest {
	int64_t now;
	size_t open_count, review_count;
	size_t suggestion_count;
	size_t unrecognised_count;
	struct str open, review;              /* the entries, as text */
	struct str suggestions, unrecognised; /* the first of them */
};

enum {
	DIGEST_UNRECOGNISED = 5,      /* shown; the rest is counted */
	DIGEST_UNRECOGNISED_DAYS = 7, /* named in each digest for so long */
	DIGEST_SUGGESTIONS = 5,       /* shown; the rest is counted */
};

void digest_add_open(const struct pending *p, int64_t now, struct str *to);
void digest_add_review(const struct pending *p, int64_t now, struct str *to);
void digest_add_suggestion(const struct suggested *g, uint32_t risks, int64_t now, struct str *to);
void digest_add_unrecognised(const struct unrecognised *u, struct str *to);
bool digest_is_empty(const struct digest *d);
/* The whole text. */
void digest_text(const struct digest *d, struct str *to);
/* "keepname: 2 open, 1 to review, 1 not recognised, 1 to decide about", or that nothing is pending.
 */
void digest_subject(const struct digest *d, struct str *to);

/* Hands it to the sendmail command, as an auto-generated message (RFC 3834). CLI_DONE, or
 * CLI_TROUBLE after a message. */
int digest_send(const struct config *config, const char *to, const struct digest *d,
		const char *text);

#endif
