/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shape.h - link shapes: which hosts and paths the genuine links of a sender have.
 *
 * Written "HOST PATH", for example
 *     [www.]emailverification.info /?trigger=*[&email=*]
 * Literal octets stand for themselves (host without regard to case, path with); [...] may be left
 * out (not nested); * is one or more of A-Z a-z 0-9 and . _ ~ - + = @, or %XX where XX is not a
 * coded slash, backslash, colon, question mark, number sign, control octet, percent sign or an
 * octet above 7F: so * never spans a path segment or parameter, and never hides another URL. After
 * a * comes the end or an octet that * cannot be, so that there is one way to read it; text that
 * would follow in the same segment is part of the *.
 * In a host [...] holds whole labels with their dots at the end, and there is no *; but a host that
 * begins with "*." and has no [...] is wide: *.names.example stands for every name of exactly one
 * label more. Such labels are customers' (their shop, their panel), so a wide shape may recognise a
 * platform, and must never make a link a genuine one: the list reads it in Recognise alone.
 * A path that is a slash and two stars stands for any path and query without "//", "\" or ":",
 * coded or plain, and without coded percent signs or control octets. Paths with a segment "." or
 * "..", coded or plain, fit no shape: a browser makes another path of them.
 */
#ifndef RULES_CORE_SHAPE_H
#define RULES_CORE_SHAPE_H

#include <stdbool.h>

#include "base/limits.h"
#include "base/str.h"

enum {
	SHAPE_GROUPS = 8, /* [...] in one host or path: they bound the ways to read a path */
	SHAPE_STARS = 8,  /* likewise */
};

struct shape {
	char *host; /* lower case */
	char *path;
};

/* Checks one "HOST PATH" and finds its two words, without a copy. NULL, or what is wrong. */
const char *shape_check(struct slice text, struct slice *ret_host, struct slice *ret_path);
/* Reads one "HOST PATH". NULL and *ret_shape on success (shape_free), else what is wrong. */
const char *shape_parse(struct slice text, struct shape *ret_shape);
void shape_free(struct shape *s);
/* host in its one spelling; path with query, without fragment, "/" for an empty one. Time is
 * linear in the path. */
bool shape_match(const struct shape *s, const char *host, struct slice path);
bool shape_match_host(const struct shape *s, const char *host);
/* Whether every link that fits `narrow` also fits one of the others. Never true where it is not so;
 * false where there are more than SHAPE_GROUPS groups in it. */
bool shape_is_within(const struct shape *narrow, const struct shape *wide, size_t count);
/* The same for hosts that are domain or lie below it, with any path: what an entry without links
 * takes. */
bool shape_is_below(const struct shape *narrow, const char *domain);
/* Whether the host, as written, stands for any label of others. */
bool shape_is_wide(struct slice host);
/* The shortest host that fits: all [...] left out, of a wide one what follows "*.". */
void shape_shortest_host(const struct shape *s, char ret_host[static LIMIT_DOMAIN + 1]);

#endif
