/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * standing.h - how a domain stands at its registry, decided from what was known of it before, from
 * its delegation as the parent zone's own servers give it, and from what the registry says by RDAP.
 *
 * A look-up that failed says nothing: it is neither a hold nor the end of one, it takes nothing
 * back that was known before, and where nothing else was learned the answer is STANDING_UNKNOWN.
 *
 *   the parent says        the registry says               then
 *   any                    client hold, server hold        held
 *   hold servers           any                             held (servers: Hold-NS of the list)
 *   any                    redemption period               held: it can still be restored
 *   any                    pending delete without it       gone
 *   no such name           no such name                    gone
 *   no such name, no NS    registered, or no answer        delegation, if it was delegated before
 *   other servers          any but the above               delegation; after STANDING_SETTLE_DAYS
 *                                                          they are the usual ones
 *   the same servers       pending transfer                transfer
 *                          expires within
 *                          STANDING_EXPIRY_DAYS            expiring
 *                          anything else                   fine
 *
 * Spellings: RFC 8056. That a registry says "no such name" of what its own zone delegates is taken
 * for no answer.
 */
#ifndef RULES_CORE_STANDING_H
#define RULES_CORE_STANDING_H

#include "rules/core/list.h"
#include "rules/core/nameservers.h"

enum {
	STANDING_EXPIRY_DAYS = 30, /* registrars' first notice comes about a month before */
	STANDING_SETTLE_DAYS = 7,  /* a change that nobody has objected to is the owner's */
};

/* From what needs least to what needs most. */
enum standing {
	STANDING_UNKNOWN,
	STANDING_FINE,
	STANDING_EXPIRING,
	STANDING_TRANSFER,   /* a transfer to another registrar is pending */
	STANDING_DELEGATION, /* other name servers than before, or none any more */
	STANDING_GONE,       /* not registered any more, or about to be deleted */
	STANDING_HELD,       /* dark at the registry */
	STANDING_COUNT,
};

/* Why; sets of them are bits 1u << value. */
enum standing_cause {
	CAUSE_CLIENT_HOLD,   /* client-hold: by the registrar */
	CAUSE_SERVER_HOLD,   /* server-hold: by the registry */
	CAUSE_HOLD_SERVERS,  /* hold-servers: delegated to a registrar's notice page */
	CAUSE_REDEMPTION,    /* redemption */
	CAUSE_DELETE,        /* pending-delete */
	CAUSE_UNREGISTERED,  /* not-registered */
	CAUSE_DARK,          /* dark: it was delegated, and is no more */
	CAUSE_OTHER_SERVERS, /* other-servers */
	CAUSE_TRANSFER,      /* pending-transfer */
	CAUSE_EXPIRY,        /* expiry: soon, or past */
	CAUSE_UNDELEGATED,   /* undelegated: registered, and never seen with name servers */
	CAUSE_COUNT,
};

/* The status values of RFC 8056 that matter here. */
enum epp_status {
	EPP_CLIENT_HOLD,
	EPP_SERVER_HOLD,
	EPP_REDEMPTION,
	EPP_PENDING_DELETE,
	EPP_PENDING_RESTORE,
	EPP_PENDING_TRANSFER,
	EPP_COUNT,
};

/* As the parent zone's own servers, several of them, gave it. */
enum delegation_status {
	DELEGATION_UNKNOWN, /* no answer, trouble, lame, or they disagree */
	DELEGATION_NO_NAME, /* NXDOMAIN by all that answered */
	DELEGATION_EMPTY,   /* the name is there, without name servers */
	DELEGATION_FOUND,
};

struct delegation {
	enum delegation_status status;
	struct nameservers servers;
};

enum registration_status {
	REGISTRATION_UNKNOWN, /* no answer, trouble, or no server is known */
	REGISTRATION_NONE,    /* the registry says that there is no such name */
	REGISTRATION_FOUND,
};

enum {
	REGISTRATION_TEXT = 128, /* octets of a registrar's name */
};

struct registration {
	enum registration_status status;
	uint32_t epp;                      /* bits of enum epp_status */
	int64_t registered_at, expires_at; /* 0: not said */
	char registrar[REGISTRATION_TEXT]; /* "": not said */
	uint32_t iana_id;                  /* of the registrar; 0: not said */
	struct nameservers servers;
};

/* What is kept of a domain from one look to the next. All zero: never looked at. */
struct standing_record {
	enum standing standing;
	uint32_t causes;
	int64_t since;              /* when it came to stand so */
	int64_t expires_at;         /* 0: not known */
	struct nameservers servers; /* that it has now */
	struct nameservers former;  /* that it had before a change not yet settled, or a hold */
};

/* What several servers of one zone, of which there are `servers`, say together. NULL, or why it is
 * DELEGATION_UNKNOWN: nobody gave an answer (those that did not are no part of `said`), they
 * disagree, or one alone says that there is no such name. */
const char *standing_agree(const struct delegation said[], size_t count, size_t servers,
			   struct delegation *ret_delegation);

/* ret_after is *before where nothing was learned, but for `standing`, which is STANDING_UNKNOWN. */
void standing_judge(const struct standing_record *before, const struct delegation *delegation,
		    const struct registration *registration, const struct list *list, int64_t now,
		    struct standing_record *ret_after);

/* The first platform of the list (NULL: none) whose Hold-NS one of the servers is or lies below, or
 * NULL. */
const struct platform *standing_hold_set(const struct list *l, const struct nameservers *servers);

const char *standing_name(enum standing s);
bool standing_of_name(struct slice name, enum standing *ret_standing);
const char *standing_cause_name(enum standing_cause c);
const char *standing_cause_sentence(enum standing_cause c);
/* Words parted by commas, and back; unknown words are left out. */
void standing_causes_print(uint32_t causes, struct str *to);
uint32_t standing_causes_read(struct slice text);
/* RDAP's spelling or EPP's: "client hold", "clientHold". False for any other. */
bool epp_of_text(struct slice text, enum epp_status *ret_status);

#endif
