/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shape.h - link shapes: which hosts and paths the genuine links of a sender have.
 *
 * Written "HOST PATH", for example
 *     [www.]emailverification.info /[?]trigger=*[&email=*]
 * Literal octets stand for themselves (host without regard to case, path with); [...] may be left
 * out (not nested); * is one or more of A-Z a-z 0-9 . _ ~ - + = @ , or %XX where XX is not a
 * coded slash, backslash, colon, question mark, number sign, control octet or percent sign: so *
 * never spans a path segment or parameter, and never hides another URL. A path that is a slash and two
 * stars stands for any path and query without "//", "\" or ":", coded or plain. A host has no *.
 */
#ifndef RULES_CORE_SHAPE_H
#define RULES_CORE_SHAPE_H

#include <stdbool.h>

#include "base/limits.h"
#include "base/str.h"

struct shape {
	char *host;
	char *path;
};

/* Reads one "HOST PATH". NULL and *ret_shape on success (shape_free), else what is wrong. */
const char *shape_parse(struct slice text, struct shape *ret_shape);
void shape_free(struct shape *s);
/* host in its one spelling; path with query, without fragment, "/" for an empty one. Linear time. */
bool shape_match(const struct shape *s, const char *host, struct slice path);
bool shape_match_host(const struct shape *s, const char *host);

#endif
