/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * domain.h - domain names: one spelling, the organisational domain, alignment.
 *
 * The one spelling is lower-case A-labels (RFC 5890) without a trailing dot; every comparison in
 * keepname is made on it. libpsl is given nothing else (upper case, a trailing dot or an IP
 * literal make it answer nonsense).
 */
#ifndef RULES_CORE_DOMAIN_H
#define RULES_CORE_DOMAIN_H

#include <stdbool.h>

#include "base/limits.h"
#include "base/str.h"

struct suffixes; /* the public suffix list */

/* The newer of libpsl's built-in list and the system's. NULL when there is none. Never changes;
 * may be shared by threads. */
struct suffixes *suffixes_open(void);
void suffixes_close(struct suffixes *s);

/* A name as it stands in a mail, U-labels (UTF-8) or A-labels, any case, at most one trailing dot,
 * into its one spelling. False for anything that is not a host name: labels of letters, digits and
 * inner hyphens (with underscore also underscores, as in owner names like _domainkey), at least two
 * labels, the last of which begins with a letter (all top-level domains do; what does not is an
 * address or a number to somebody). U-labels by IDNA2008 with the mapping of UTS 46, as browsers do
 * (non-transitional), but one that maps to plain ASCII, or has another full stop inside, is
 * refused: readers differ about it. */
bool domain_normalise(struct slice name, bool underscore, char ret_name[static LIMIT_DOMAIN + 1]);

/* Whether the octets are already the one spelling (strict, no conversion). domain_is_plain is for
 * host and mail domains; domain_is_owner also takes underscores. */
bool domain_is_plain(struct slice name);
bool domain_is_owner(struct slice name);

/* Whether every A-label of a name in its one spelling stands for characters that may be shown:
 * "xn--zzzz9999" is no punycode (RFC 3492). What IDNA2008 no longer lets register but is still in
 * use, such as emoji, is fine. */
bool domain_is_readable(const char *name);

/* The organisational domain (RFC 7489 3.2): a pointer into name, which must be in its one
 * spelling; NULL when name is itself a public suffix, or is not in its one spelling. */
const char *domain_org(const struct suffixes *s, const char *name);

/* Whether name, in its one spelling, is itself a public suffix. */
bool domain_is_suffix(const struct suffixes *s, const char *name);

/* Whether the list has a rule for the name's own suffix ("please" in "address.please" has none):
 * tells names from words of prose that lack a space after the full stop. */
bool domain_suffix_known(const struct suffixes *s, const char *name);

/* Whether the name lies below a suffix of the list's private section: its owner lets names to
 * others (github.io, cloudfront.net). */
bool domain_suffix_private(const struct suffixes *s, const char *name);

/* Whether both names, in their one spelling, are aligned: the same (strict), or of the same
 * organisational domain. A public suffix is aligned with nothing. */
bool domain_aligned(const struct suffixes *s, const char *a, const char *b, bool strict);

/* Whether name is parent or lies below it, at a label's border. */
bool domain_is_below(const char *name, const char *parent);

#endif
