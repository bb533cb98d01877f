/* SPDX-License-Identifier: BSD-2-Clause */
/* setup_show.h - what setup shows to a person: pieces, and differences. */
#ifndef CLI_SETUP_SHOW_H
#define CLI_SETUP_SHOW_H

#include "cli/setup/setup.h"
#include "cli/setup/setup_files.h"

/* Prints text of a file as it may be shown: what is no printable UTF-8 becomes "?"; tabs stay. */
void setup_show_text(struct slice text);
/* A unified diff of all that change, by diff(1); where there is none, says so and lists the files.
 */
void setup_show_changes(const struct files *files);

#endif
