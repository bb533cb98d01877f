/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * setup_block.h - a marked block of ours in a file of somebody else, put in and taken out again.
 *
 *   # keepname: begin
 *   …
 *   # keepname: end
 *
 * Pure: text in, text out. What stands outside of the block is kept octet by octet, whatever it is,
 * and setup_block_take() gives back exactly what setup_block_put() was given; the first line notes
 * what that needs ("in a file of its own", "after a line without an end"). Markers that do not fit
 * together (one without the other, two blocks) are an error with their line, and nothing is made.
 */
#ifndef CLI_SETUP_BLOCK_H
#define CLI_SETUP_BLOCK_H

#include "base/str.h"

enum {
	SETUP_WHY = 512, /* octets of a sentence that says what is wrong */
};

/* A file as it is or shall be. */
struct setup_text {
	bool exists;
	struct str text;
};

struct setup_form {
	const char *comment;       /* with what a comment line begins: "#", "dnl" */
	const char *const *before; /* a new block goes before the first line that begins with the
				    * first of these, else with the second …, else to the end;
				    * ends with NULL; or NULL */
};

/* The text with the block, replaced where it is there already. False with a reason in why[]. */
bool setup_block_put(const struct setup_form *form, const struct setup_text *old,
		     struct slice piece, struct setup_text *ret_new, char why[SETUP_WHY]);
/* The text without it: the same as old where there is none. */
bool setup_block_take(const struct setup_form *form, const struct setup_text *old,
		      struct setup_text *ret_new, char why[SETUP_WHY]);
/* Copies what is outside of the block. */
bool setup_block_outside(const struct setup_form *form, const struct setup_text *old,
			 struct str *ret_text, char why[SETUP_WHY]);

#endif
