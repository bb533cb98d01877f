/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ours.h - one page as keepname's judge reads it: what links it reports, and whether they, or what
 * they hide, fail the mail whatever its list says.
 */
#ifndef TESTS_LINKS_OURS_H
#define TESTS_LINKS_OURS_H

#include "rules/letter/links.h"

struct ours {
	struct links links;
	struct str text;
	bool failed; /* a link that is odd or misleads, or one that hides, or a limit */
};

void ours_read(struct slice page, struct ours *ret_ours);
void ours_free(struct ours *o);
/* Whether some link has this host and path; with path NULL any path. */
bool ours_has(const struct ours *o, const char *host, const char *path);

#endif
