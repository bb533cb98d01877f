/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * skeleton.h - what a domain's label looks like to somebody who does not look closely.
 *
 * The skeleton of UTS 39 (each character replaced by what it is mistaken for), made coarser: only
 * ASCII letters and digits stay apart, marks and hyphens are not looked at, and 0 o, 1 l i count as
 * one each. Skeletons are for comparing only, never for showing.
 *
 * Two forms: in the plain one each character stands for itself, in the joined one also "rn" is "m"
 * and "vv" is "w". A letter that is put between r and n breaks the pair in one form and is one
 * letter in the other, so whoever looks for a misspelling compares both.
 */
#ifndef RULES_CORE_SKELETON_H
#define RULES_CORE_SKELETON_H

#include <stdbool.h>

#include "base/limits.h"
#include "base/str.h"

enum {
	SKELETON_LABEL = 3 * LIMIT_LABEL, /* octets: a character looks like three at most */
	SKELETON_MOST = 2 * LIMIT_DOMAIN, /* of several labels; what would be longer is cut */
};

struct skeleton {
	char text[SKELETON_MOST + 1]; /* a-z without i, 2-9; octets from 80 up for what looks like
				       * nothing in ASCII, one a character */
	size_t n;
};

/* Adds the plain skeleton of a label in its one spelling (domain.h); an A-label is read as the
 * U-label that people see. *to is all zero at first. Returns whether it was an A-label. */
bool skeleton_add(struct skeleton *to, struct slice label);
/* The joined form of a plain one. Returns whether it differs. */
bool skeleton_join(const struct skeleton *plain, struct skeleton *ret_joined);
bool skeleton_same(const struct skeleton *a, const struct skeleton *b);
/* Whether one can be made of the other by one character put in, taken out or replaced, or two
 * neighbours exchanged. Not for equal ones. */
bool skeleton_one_edit(const struct skeleton *a, const struct skeleton *b);

/* Of one character, the folded text: "" for marks, NULL for what looks like itself alone. */
const char *skeleton_of_char(uint32_t c);

#endif
