/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * runs.h - how the timed jobs ended: digest, watch, backup, purge, list update. What digest, doctor
 * and metrics say about them comes from here.
 *
 * A job says that it begins, and how it ended. One that was killed, or whose machine was, has begun
 * and never ended; that stands until a later one ends.
 */
#ifndef DB_RUNS_H
#define DB_RUNS_H

#include "db/store.h"

/* Names, as they are stored. */
#define RUN_DIGEST "digest"
#define RUN_WATCH  "watch"
#define RUN_BACKUP "backup"
#define RUN_PURGE  "purge"
#define RUN_UPDATE "update"

struct run {
	const char *name;
	int64_t at;         /* when the last one that ended did so; 0: none has */
	int64_t good_at;    /* when one last ended well; 0: never */
	const char *detail; /* of the last one, for a person */
	int64_t began_at;   /* after `at`: the first one since that has not ended; 0: unknown */
};

enum run_state {
	RUN_FINE,
	RUN_STOPPED, /* began longer ago than one takes, and none has ended since */
	RUN_FAILED,
	RUN_OVERDUE, /* none has ended well for longer than one may be missed */
};

/* expected: a timer of this site's runs it, so that it can be overdue. A name that is not one of
 * ours is fine, or failed. */
enum run_state runs_state(const struct run *r, bool expected, int64_t now);

/* In the order of names. The strings live until each returns. */
enum store_status runs_each(struct store *s, void (*each)(void *context, const struct run *r),
			    void *context);
enum store_status runs_begin(struct store *s, const char *name, int64_t now);
enum store_status runs_note(struct store *s, const char *name, bool good, const char *detail,
			    int64_t now);

#endif
