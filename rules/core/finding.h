/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * finding.h - what the judge found in one message: facts, never a verdict, never an edit.
 *
 * This is the bounded record that comes back from the process which parsed hostile octets.
 * finding_unpack therefore checks every value against its type and limit (names in their one
 * spelling, enums in range, text printable), and whoever decides (verdict.h) checks again what can
 * be checked without the message: alignment, freshness, the sender, the deadline's sanity.
 */
#ifndef RULES_CORE_FINDING_H
#define RULES_CORE_FINDING_H

#include "base/limits.h"
#include "base/pack.h"
#include "rules/core/terms.h"

enum {
	FINDING_LINKS = 32,    /* kept in the finding, unexpected ones first; link_count has all */
	FINDING_SUBJECT = 200, /* octets */
	FINDING_PLATFORM = 64,
	FINDING_SHAPE = 200, /* octets of a link's path shape; a real one has under 80 */
	FINDING_FORMAT = 3,  /* first octet of a packed finding */
};
/* Times are 0 (none) or Unix seconds of the years 1970 to 9999. */
#define FINDING_TIME_MOST INT64_C(253402300799)

/* RFC 8601 2.7.1 and 2.7.2, and "not asked". */
enum auth_result {
	AUTH_NOT_ASKED,
	AUTH_NONE,
	AUTH_PASS,
	AUTH_FAIL,
	AUTH_SOFTFAIL,
	AUTH_NEUTRAL,
	AUTH_POLICY,
	AUTH_TEMPERROR,
	AUTH_PERMERROR,
	AUTH_COUNT,
};
const char *auth_result_name(enum auth_result r); /* "not-asked", "none", "pass", … */

/* What is wrong with a signature that verifies; any of them keeps it from being proof. Bits. */
enum dkim_flaw {
	FLAW_UNSIGNED_FROM = 1u << 0,
	FLAW_UNSIGNED_SUBJECT = 1u << 1,
	FLAW_UNSIGNED_DATE = 1u << 2, /* neither Date signed nor t= */
	FLAW_UNSIGNED_TYPE = 1u << 3, /* Content-Type present and not signed */
	FLAW_UNSIGNED_REPLY_TO = 1u << 4,
	FLAW_MORE_THAN_SIGNED = 1u << 5, /* more instances of one of these than h= names */
	FLAW_LENGTH = 1u << 6,           /* l= */
	FLAW_ALGORITHM = 1u << 7,        /* not rsa-sha256 or ed25519-sha256 */
	FLAW_KEY_BITS = 1u << 8,
	FLAW_TEST_KEY = 1u << 9, /* t=y */
	FLAW_EXPIRED = 1u << 10,
	FLAW_FUTURE = 1u << 11,   /* t= ahead */
	FLAW_NAMES = 1u << 12,    /* d= or s= not plain labels */
	FLAW_IDENTITY = 1u << 13, /* i= not within d=, or t=s and not d= itself */
	FLAW_ALL = (1u << 14) - 1,
};

struct finding_dkim {
	char d[LIMIT_DOMAIN + 1]; /* one spelling, or "" when it was odd (FLAW_NAMES) */
	char s[LIMIT_DOMAIN + 1];
	enum auth_result result;
	uint32_t flaws;
	int64_t signed_at; /* t=, Unix seconds; 0: absent */
};

enum link_kind {
	LINK_A,
	LINK_AREA,
	LINK_FORM,
	LINK_BASE,
	LINK_META,
	LINK_TEXT, /* a URL in plain text or in the text of HTML */
	LINK_KIND_COUNT,
};
const char *link_kind_name(enum link_kind k); /* "a", "area", … */

struct finding_link {
	char host[LIMIT_DOMAIN + 1]; /* "" when it could not be read */
	enum link_kind kind;
	bool expected; /* leads where it should: the entry's, its platform's or a harmless place */
	/* The path of its shape (shape.h) on that host, without secrets; never the one for any
	 * path. "" where it is expected, or where there is none that could be accepted: odd or
	 * misleading links, tracking hosts, and what outline.h refuses. */
	char shape[FINDING_SHAPE + 1];
};

struct finding {
	/* proof */
	struct finding_dkim dkim[LIMIT_SIGNATURES];
	uint32_t dkim_count;
	enum auth_result spf;
	char spf_domain[LIMIT_DOMAIN + 1];
	bool spf_broad; /* passes for so much of the address space that it proves nothing */
	enum auth_result
	    dmarc_record;      /* NONE, PASS (there is one), TEMPERROR, PERMERROR, NOT_ASKED */
	uint32_t dmarc_policy; /* 0 none, 1 quarantine, 2 reject */
	bool dmarc_strict_dkim, dmarc_strict_spf;
	/* letter */
	enum class_id class;
	bool domain_wording;                 /* reads as about a domain registration */
	char platform[FINDING_PLATFORM + 1]; /* whose link shape was seen, "" for none */
	int64_t date;                        /* Date header, Unix seconds; 0: none or unreadable */
	char subject[FINDING_SUBJECT + 1];   /* decoded, printable UTF-8, cut */
	char domain[LIMIT_DOMAINS][LIMIT_DOMAIN + 1]; /* that the mail is about */
	uint32_t domain_kept, domain_count;
	int64_t deadline; /* 0: none */
	enum deadline_source deadline_source;
	bool deadline_refused; /* the mail states a date as its deadline that cannot be right */
	bool asks_action;      /* of its class: a link or code must lead there */
	enum proof links;      /* condition 5 as a whole */
	struct finding_link link[FINDING_LINKS];
	uint32_t link_kept, link_count, link_expected;
	uint32_t reasons; /* bits of enum reason that the judge saw (links, limit, attachment, …) */
	/* cost */
	uint32_t questions; /* DNS questions asked */
};

/* DKIM, SPF and DMARC alone: what the judge says before it reads the letter. */
void finding_pack_proof(const struct finding *f, struct str *to);
/* In place of what the finding holds of them; false, and nothing written, as below. */
bool finding_unpack_proof(struct slice packed, struct finding *finding);

/* Appends; a shortage of memory shows in to->failed. */
void finding_pack(const struct finding *f, struct str *to);
/* False, and nothing written, for anything out of range, contradictory (a deadline without a
 * source, more kept than counted), cut short or left over. Names must be in their one spelling or
 * empty, the subject valid UTF-8 that may be shown, the platform made of a-z, 0-9 and ._- alone, a
 * link's shape one by shape_check on its own host, without [...]. */
bool finding_unpack(struct slice packed, struct finding *ret_finding);

#endif
