/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scan_resume.h - how far a scan came, in a file of the user's choice, so that the same command
 * goes on where it was broken off, by a signal or by anything else.
 *
 * The file is replaced as a whole (written beside, renamed) at the end of every folder and
 * every some thousand files, when all that came before has been judged and, if wanted, recorded;
 * and it is removed when the scan is finished. It names the paths: for others it is refused.
 */
#ifndef CLI_SCAN_RESUME_H
#define CLI_SCAN_RESUME_H

#include "cli/scan/scan.h"
#include "cli/scan/scan_walk.h"

struct resume {
	size_t path; /* index of the one to go on with */
	struct walk_mark mark;
};

/* CLI_DONE, also where there is no file yet; CLI_TROUBLE after a message. */
int resume_read(const struct scan_options *options, struct resume *ret_resume);
void resume_free(struct resume *r);
/* sync: so that it outlives the machine's end too. False after a message. */
bool resume_write(const struct scan_options *options, size_t path, const struct walk_mark *mark,
		  bool sync);
void resume_remove(const struct scan_options *options);

#endif
