/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * url.h - where a URL leads, read as a browser reads it (WHATWG URL, section 4.4), but without its
 * forgiveness: whatever a genuine registrar's link does not have is marked odd.
 *
 * Odd are: other schemes than http and https, a number of slashes other than two, backslashes, user
 * info, ports, IP literals, percent-coded or non-ASCII hosts, hosts that are no domain name or end
 * in a full stop, control octets and line ends inside, octets in the path that a browser would
 * code, segments "." and "..", character references that stayed undecoded, mailto: that fills in
 * more than a subject. The host is read all the same where it can be, so that it can be recorded
 * and compared.
 */
#ifndef RULES_LETTER_URL_H
#define RULES_LETTER_URL_H

#include <stdbool.h>

#include "base/limits.h"
#include "base/str.h"

enum url_kind {
	URL_NOWHERE,  /* empty, #fragment, mailto:, tel: (not odd: a letter or call that the reader
			 makes) */
	URL_PLACE,    /* http(s)://, //host, www. */
	URL_RELATIVE, /* leads to wherever the base is */
	URL_OTHER,    /* javascript:, data:, ftp: ... */
};

struct url {
	enum url_kind kind;
	bool odd;
	char host[LIMIT_DOMAIN +
		  1]; /* of a PLACE, in its one spelling; "" if it could not be read */
	char path[LIMIT_LINK_BYTES + 2]; /* of a PLACE: path and query, "/" for an empty path,
					  * without fragment; of a RELATIVE one: as it stands */
	size_t path_n;
};

/* Reads one URL, white space around it taken off. One longer than LIMIT_LINK_BYTES is an odd PLACE
 * without a host. */
void url_read(struct slice text, struct url *ret_url);

/* A RELATIVE url resolved against a PLACE (RFC 3986 5.2, for what is not odd). */
void url_resolve(const struct url *base, const struct url *relative, struct url *ret_url);

#endif
