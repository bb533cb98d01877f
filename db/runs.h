/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * runs.h - how the timed jobs ended: digest, watch, backup, list update. What digest, doctor and
 * metrics say about their age comes from here.
 */
#ifndef DB_RUNS_H
#define DB_RUNS_H

#include "db/store.h"

/* Names, as they are stored. */
#define RUN_DIGEST "digest"
#define RUN_WATCH  "watch"
#define RUN_BACKUP "backup"
#define RUN_UPDATE "update"

struct run {
	const char *name;
	int64_t at;         /* when it last ended */
	int64_t good_at;    /* when it last ended well; 0: never */
	const char *detail; /* of the last one, for a person */
};

/* In the order of names. The strings live until each returns. */
enum store_status runs_each(struct store *s, void (*each)(void *context, const struct run *r),
			    void *context);
enum store_status runs_note(struct store *s, const char *name, bool good, const char *detail,
			    int64_t now);

#endif
