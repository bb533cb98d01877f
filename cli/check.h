/* SPDX-License-Identifier: BSD-2-Clause */
/* check.h - one message judged, and the two forms in which keepname check prints it. */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H

#include "cli/command.h"
#include "rules/core/edits.h"

struct checked {
	struct message message;
	struct candidate candidate;
	bool judged; /* false: no candidate, so nobody read further than the headers */
	struct finding finding;
	struct decision decision;
	struct edits edits;
	int64_t now;
};

void check_print_text(const struct checked *c, bool colour);
json_t *check_json(const struct checked *c);

#endif
