/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * outline.h - the shape (shape.h) of one link, with its secrets taken out: what a person can be
 * shown, and can accept for the mails that come after this one.
 */
#ifndef RULES_LETTER_OUTLINE_H
#define RULES_LETTER_OUTLINE_H

#include "rules/core/finding.h"

/* host in its one spelling; path with query, "/" for an empty one. True, and the path of a shape
 * that fits the link, if there is one: every segment and value that may be a token, a number, an
 * address or a name is a "*" in it. False for what no shape can say or nobody should accept: a
 * parameter that names where to go on, a host that holds a token, octets that "*" is not, too many
 * or too long pieces. Never the shape that stands for any path. Linear. */
bool outline_link(const char *host, struct slice path, char ret_shape[static FINDING_SHAPE + 1]);

#endif
