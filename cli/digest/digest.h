/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * digest.h - the digest: gathered, written, sent. It names a mail by sender, subject, date and
 * Message-ID; links and codes are secrets and are not even in the database.
 */
#ifndef CLI_DIGEST_H
#define CLI_DIGEST_H

#include "cli/digest/page.h"
#include "cli/pending/pending.h"
#include "db/alarms.h"
#include "db/notices.h"

enum {
	DIGEST_SHOWN = 50,            /* of each section; the rest is counted */
	DIGEST_BRIEF = 950,           /* of what cannot wait, so many more with a line each */
	DIGEST_UNRECOGNISED = 5,      /* shown; the rest is counted */
	DIGEST_UNRECOGNISED_DAYS = 7, /* named in each digest for so long */
	DIGEST_SUGGESTIONS = 5,       /* shown; the rest is counted */
	DIGEST_DAYS_DRAWN = 15,       /* the time left is drawn as a part of so many days */
};

struct digest {
	struct page page;
	struct str subject;
	struct notices named; /* matters that it names */
	size_t said;          /* matters, alarms and the like in it; 0: nothing to say */
};

/* For the administrator: everything; since: when the last one was sent, 0 for never. CLI_DONE, or
 * CLI_TROUBLE after a message. */
int digest_fill(const struct cli *cli, struct store *store, int64_t since,
		struct digest *ret_digest);
/* For a recipient: his own matters, and nothing else. */
int digest_fill_own(const struct cli *cli, struct store *store, const char *recipient,
		    struct digest *ret_digest);
/* What cannot wait: alarms of which nobody has been told, and matters that have come to 7, 3, 1 or
 * 0 days, or are held, and were not told of at that step. What of it is in the mail is added to
 * *ret_told, to be noted once it is out. */
int digest_fill_due(const struct cli *cli, struct store *store, struct notices *ret_told,
		    struct digest *ret_digest);
/* Parts of them. told: NULL, or where alarms that are shown are added. */
bool digest_add_alarms(struct store *store, struct digest *d, const struct alarm_filter *filter,
		       struct notices *told, size_t *ret_count);
void digest_add_head(struct page *page, const struct pending *p, int64_t now, int64_t since);
void digest_add_pending(struct page *page, const struct pending *p, int64_t now, int64_t since);
void digest_free(struct digest *d);
void digest_text(const struct digest *d, int64_t now, struct str *to);
void digest_html(const struct digest *d, int64_t now, struct str *to);

/* Whether an address lies in a domain that an unsettled matter is about: it may go dark itself. */
bool digest_is_at_risk(struct store *store, const char *address);

/* Hands it to the sendmail command, as an auto-generated message (RFC 3834) of two alternatives.
 * CLI_DONE, or CLI_TROUBLE after a message. */
int digest_send(const struct cli *cli, const char *to, const struct digest *d);
/* What is due by now, each once: the timer's run, for the administrator and, where that is set, for
 * each recipient. CLI_DONE, or CLI_TROUBLE after a message. */
int digest_due(const struct cli *cli, struct store *store, const char *to);

#endif
