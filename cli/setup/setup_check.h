/* SPDX-License-Identifier: BSD-2-Clause */
/* setup_check.h - what a program itself says of its configuration. */
#ifndef CLI_SETUP_CHECK_H
#define CLI_SETUP_CHECK_H

#include "cli/setup/setup.h"

enum setup_answer {
	SETUP_YES,
	SETUP_NO,
	SETUP_NOT_ASKED, /* no check could be run */
};

/* Runs the checks of a program; `before`: those alone that must hold before anything is written.
 * Says on standard error which said no and what it said; with
 * `before` false also, on standard output, which said yes or could not be run. */
enum setup_answer setup_check(const struct setup_site *site, const struct setup_program *program,
			      bool before);

#endif
