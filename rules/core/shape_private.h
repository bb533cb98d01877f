/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shape_private.h - octets of link shapes: what shape.c reads and shape_match.c matches with.
 */
#ifndef RULES_CORE_SHAPE_PRIVATE_H
#define RULES_CORE_SHAPE_PRIVATE_H

#include "rules/core/shape.h"

/* What an octet may be in the path of a shape. */
enum {
	STAR_OCTET = 1,    /* what a star stands for */
	LITERAL_OCTET = 2, /* what may stand for itself */
	MARK_OCTET = 4,    /* what has a meaning in shapes */
};
extern const unsigned char shape_octets[256];

static inline bool shape_is_octet(char c, unsigned kind)
{
	return shape_octets[(unsigned char)c] & kind;
}

/* The octet that "%XX" at p stands for, or -1. */
int shape_coded_at(const char *p, size_t n);

#endif
