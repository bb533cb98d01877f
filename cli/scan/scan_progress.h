/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scan_progress.h - how far a scan is, as one line on standard error; nothing where that is no
 * terminal. The line is as wide as the terminal is at that moment, is drawn a few times a second,
 * and is taken away before anything else is written and at the end.
 */
#ifndef CLI_SCAN_PROGRESS_H
#define CLI_SCAN_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scan_progress; /* every function takes NULL, and does nothing then */

/* NULL where there is no terminal, or no memory. paths are counted first; goes_on is asked
 * meanwhile. */
struct scan_progress *progress_start(char *const path[], size_t count,
				     bool (*goes_on)(void *context), void *context);
void progress_file(struct scan_progress *p);                  /* one more is done */
void progress_within(struct scan_progress *p, uint64_t read); /* octets of the one at hand */
void progress_found(struct scan_progress *p);
void progress_tick(struct scan_progress *p);  /* draws, if it is time to */
void progress_clear(struct scan_progress *p); /* until the next tick */
void progress_stop(struct scan_progress *p);

#endif
