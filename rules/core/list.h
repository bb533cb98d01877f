/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * list.h - the curated list: who sends registrars' deadline mail, in which shape.
 *
 * Text is deb822 stanzas of seven kinds, known by their first field:
 *
 *   Sender: key-systems-verification          its name, unique among senders (required)
 *   From: noreply@emailverification.info      exact address; or "*@DOMAIN" with Whole-Domain
 *                                             (required)
 *   Whole-Domain: why the whole domain serves nothing else
 *   Registrar: Key-Systems GmbH
 *   IANA-Id: 269
 *   Platform: key-systems                     adds its links, days and hold name servers
 *   Classes: verification, transfer-out       that it sends (required)
 *   Link: HOST PATH                           one shape a line (see shape.h)
 *   Reply-To: ADDRESS, …                      allowed beside those in the From domain
 *   Days: verification 15, renewal 30         until a deadline that the mail does not state
 *   Align: strict                             exact d= (default relaxed)
 *   Code: yes                                 a code in the mail serves instead of a link
 *   Shared-Domain: why                        the From's organisational domain also carries
 *                                             customers' pages or redirectors
 *   Confidence: A|B|C    Last-Seen: 2026-08|undated    Evidence: one URL a line
 *   Status: disabled     Note: free text; a line that begins with "Caution:" keeps the entry
 *                        from being enabled (lint.h)
 *
 *   Platform: key-systems        Link, Days, Hold-NS (names, comma-separated), Note as above
 *                                Recognise: shapes that show the platform and no more: links
 *                                whose path nobody has shown, or on customers' hosts (wide ones,
 *                                shape.h); no mail is genuine for one
 *   Harmless: icann              Link: shapes that any registrar mail may carry; Note
 *   Tracking: sendgrid           Host: one domain a line; never listed, never harmless; Note
 *   Freemail: webmail            Host: domains at which anybody has an address; Note
 *   Release: 17                  Issued, Expires: 2026-11-27; which of the shipped lists it is, once
 *   Link-For: key-systems        Link: shapes that the site has accepted for the sender of that
 *                                name, shipped or its own, beside what the entry says itself
 *
 * Names are of a-z 0-9 . _ - and at most 64 octets. Every field not named here is an error. A list
 * is built (list_parse, any number of times), then finished once, and never changes after that:
 * threads share it without a lock. The list owns all that its entries point to; their text is in
 * few large blocks, so that 300,000 entries come and go quickly.
 */
#ifndef RULES_CORE_LIST_H
#define RULES_CORE_LIST_H

#include <stdint.h>

#include "base/diag.h"
#include "rules/core/address.h"
#include "rules/core/shape.h"
#include "rules/core/terms.h"

enum {
	LIST_NAME_BYTES = 64,       /* of a sender, platform … */
	LIST_REGISTRAR_BYTES = 128, /* it goes into a header */
	LIST_RELEASE_MOST = 999999999,
	LIST_DAYS = 400, /* the most that Days may say: renewals come up to a year ahead */
};

struct platform {
	char *name;
	struct shape *link;
	size_t link_count;
	struct shape *recognise; /* these never make a link an expected one */
	size_t recognise_count;
	char **hold_ns;
	size_t hold_ns_count;
	uint16_t days[CLASS_COUNT]; /* 0: not said */
	char *note;                 /* or NULL */
	const char *file;
	unsigned line;
};

struct sender {
	char *name;
	char *from;          /* the exact address, lower case; NULL for a whole domain */
	char *domain;        /* of From, in its one spelling */
	char *whole_domain;  /* why, or NULL */
	char *registrar;     /* or NULL */
	uint32_t iana_id;    /* 0: none */
	char *platform_name; /* as written; NULL for none */
	const struct platform *platform; /* resolved by list_finish, or NULL */
	uint32_t classes;                /* bits */
	struct shape *link;              /* its own; see also platform->link */
	size_t link_count;
	char **reply_to; /* lower case */
	size_t reply_to_count;
	struct shape *added; /* of its Link-For stanza; no evidence that hosts are named */
	size_t added_count;
	uint16_t days[CLASS_COUNT];
	bool strict;
	bool code;
	char *shared_domain; /* why, or NULL */
	char confidence;     /* 'A', 'B', 'C' or 0 */
	char *last_seen;     /* or NULL */
	char **evidence;
	size_t evidence_count;
	char *note; /* or NULL; lines are parted by "\n" */
	bool enabled;
	bool local;       /* the site's own, not shipped */
	const char *file; /* where it came from, for lint; owned by the list */
	unsigned line;
};

/* Which of the shipped lists it is: whichever way a list came, by a package or by an update, the
 * higher number is the later one. */
struct list_release {
	int64_t number;  /* 0: not said */
	int64_t issued;  /* Unix seconds; 0: not said */
	int64_t expires; /* the same */
};

struct list;

struct list *list_new(void); /* NULL when memory is short */
void list_free(struct list *l);
/* Adds every stanza of a text, which need not stay. Faulty stanzas are reported in diags and left
 * out. With local, its senders are the site's own. 0, or ENOMEM. */
int list_parse(struct list *l, struct slice text, const char *file, bool local,
	       struct diags *diags);
/* Resolves platforms, refuses duplicates, builds the indexes, gives senders their added links.
 * Unresolved or duplicate senders are reported and left out (of the same From, the site's own wins
 * over the shipped one, silently; of the same name with a warning); links for a sender that is not
 * there are left out with a warning. 0, or ENOMEM. */
int list_finish(struct list *l, struct diags *diags);

/* The entry for an exact address or, failing that, for its whole domain; disabled ones too.
 * Constant time, whatever the list's size. */
const struct sender *list_find(const struct list *l, const struct address *a);
/* Some entry whose From domain is exactly this name, an enabled one if there is one, or NULL.
 * Fast: no allocation; the name may be in any case. */
const struct sender *list_find_domain(const struct list *l, struct slice domain);
const struct sender *list_find_name(const struct list *l, const char *name);
size_t list_count(const struct list *l); /* senders */
size_t list_link_for_count(const struct list *l); /* Link-For stanzas */
const struct list_release *list_release(const struct list *l);
const struct sender *list_at(const struct list *l, size_t i);
size_t list_platform_count(const struct list *l);
const struct platform *list_platform_at(const struct list *l, size_t i);
const struct platform *list_find_platform(const struct list *l, const char *name);
/* Whether host and path fit a Harmless shape; whether host is or lies below a Tracking host. */
bool list_is_harmless(const struct list *l, const char *host, struct slice path);
bool list_is_tracking(const struct list *l, const char *host);
/* Whether a domain is or lies below a Freemail host. Linear in their number. */
bool list_is_freemail(const struct list *l, const char *domain);
/* Octets of memory that the list holds. */
size_t list_bytes(const struct list *l);

/* Days until the deadline for a class by the entry, its platform, or 0. s may be NULL. */
unsigned sender_days(const struct sender *s, enum class_id c);
/* Canonical stanza text, fields in the order above; ends in a newline. Parsing it again gives the
 * same entry. */
void sender_print(const struct sender *s, struct str *to);
/* Its added links as a Link-For stanza; nothing where it has none. */
void sender_print_added(const struct sender *s, struct str *to);
void platform_print(const struct platform *p, struct str *to);
/* Harmless, Tracking and Freemail stanzas of the whole list, as text, an empty line after each. */
void list_print_hosts(const struct list *l, struct str *to);

#endif
