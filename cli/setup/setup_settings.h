/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * setup_settings.h - main.cf(5): an element of ours at the head of a list, and out of it again.
 *
 * postconf(1) -e would write the setting anew, in one line and without its comments; so the text is
 * edited here, and only where it must be. Pure: text in, text out.
 *
 * A setting is its last definition in the file, over all of its lines; comments and empty lines
 * between them stay. The element goes before the first one: on the same line, or as a line of its
 * own where the list begins on the next one or is empty. Where the setting is not there, a line of
 * ours is added at the end of the file, below a comment that says so. Taking it out again gives
 * back the same octets. What is ours among the elements says its path ("keepname" as a name in it)
 * or that it is the same one; an element of ours that leads already is left as the site has it.
 */
#ifndef CLI_SETUP_SETTINGS_H
#define CLI_SETUP_SETTINGS_H

#include "cli/setup/setup_block.h"

/* The text with each "NAME = ELEMENT" of `piece` (a line each; comments and lines without an
 * element are passed over). False with a reason in why[]. */
bool setup_settings_put(const struct setup_text *old, struct slice piece,
			struct setup_text *ret_new, char why[SETUP_WHY]);
/* The text without them. */
bool setup_settings_take(const struct setup_text *old, struct slice piece,
			 struct setup_text *ret_new, char why[SETUP_WHY]);

/* -- lists, as Postfix writes them ---------------------------------------------------------- */

/* The next element of a list at or after *at, in braces or not; false at its end. An open brace
 * goes to the end. *at is then behind it. */
bool setup_element_next(struct slice list, size_t *at, struct slice *ret_element);
/* What it names: itself, or the first word in its braces. */
struct slice setup_element_endpoint(struct slice element);
/* Whether it is ours: the endpoint `ours`, or one with "keepname" as a name in its path. */
bool setup_element_is_ours(struct slice element, struct slice ours);

#endif
