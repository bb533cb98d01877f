/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * redact.h - a real mail made fit to be given away: addresses, tokens and names are replaced, its
 * shape stays.
 *
 * What stays is what recognition depends on: the sender and its domain, hosts that the list knows,
 * dates, wording, markup, MIME structure, charsets and encodings, the form of links. What goes:
 * other addresses, domains and hosts, IP addresses, tokens, long numbers, signatures, the values of
 * headers that recognition does not read, attachments, and names of people as far as the recipient
 * headers and a salutation tell them. A machine knows no other names: whoever gives the mail away
 * reads it first, and names the rest (redact_hide).
 *
 * The same thing is replaced by the same other thing throughout one mail. Domains become
 * example.com and the like (RFC 2606), addresses those of documentation (RFC 5737, RFC 3849).
 */
#ifndef CLI_REDACT_H
#define CLI_REDACT_H

#include "rules/core/domain.h"
#include "rules/core/list.h"

struct redact;

/* The list says whose hosts stay; it and suffixes outlive the redact. NULL when memory is short. */
struct redact *redact_new(const struct list *list, const struct suffixes *suffixes);
void redact_free(struct redact *r); /* takes NULL */

/* Octets that are replaced wherever they stand as a word of their own, without regard to ASCII
 * case; the domain that stays although the list does not know it; one that goes although it does,
 * or although it is the sender's. */
void redact_hide(struct redact *r, struct slice text);
void redact_keep_domain(struct redact *r, const char *domain);
void redact_hide_domain(struct redact *r, const char *domain);

/* Appends the text with everything replaced (redact_text.c). */
void redact_text(struct redact *r, struct slice text, struct str *to);
/* Appends what stands for a host in its one spelling: itself where it may stay. */
void redact_host(struct redact *r, const char *host, struct str *to);
/* Appends what stands for an address, "local@domain" in any spelling. */
void redact_address(struct redact *r, const char *address, struct str *to);
/* Appends octets of the same form: digits as 0, letters as a, x or X. */
void redact_form(struct slice token, struct str *to);

/* Appends the whole mail, headers and MIME parts (redact_mail.c). */
void redact_mail(struct redact *r, struct slice mail, struct str *to);

/* How many different things of each kind were replaced; whether memory was short at any time. */
struct redact_count {
	size_t addresses, domains, ips, tokens, names;
	bool failed;
};
struct redact_count redact_counted(const struct redact *r);

#endif
