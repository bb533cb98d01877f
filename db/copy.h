/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * copy.h - a whole database as another file: taken while the daemon writes, and looked at before
 * anybody relies on it.
 */
#ifndef DB_COPY_H
#define DB_COPY_H

#include "base/str.h"
#include "db/store.h"

/* One state of the database, as a file of its own without a write-ahead log; `to` must not be there
 * (mode 0600). SQLite's online backup: nobody who writes meanwhile waits. On failure ret_why says
 * what, and `to` is gone again. */
enum store_status copy_make(const char *from, const char *to, int wait_ms,
			    char ret_why[static 256]);

/* What waits in the spool, to be put into a copy. It must be looked at before the copy is made:
 * what the daemon takes out of it meanwhile is then in the database, and nothing is in neither. */
struct copy_waiting {
	struct str packed; /* records, each behind its length; LIMIT_SPOOL_BYTES bounds them */
	size_t count;
};
/* 0, also where there is no spool; an errno value as spool_look. */
int copy_look_at_spool(const char *folder, struct copy_waiting *ret_waiting);
enum store_status copy_add(const char *path, const struct copy_waiting *waiting,
			   char ret_why[static 256]);

struct copy_facts {
	int schema;
	int64_t messages, pendings, unsettled;
	int64_t latest; /* when the last mail came, or something was changed; 0: never */
};
/* Whether every page and index is as it should be (SQLite's integrity check), and whose it is.
 * Nothing is changed; an older schema is fine. */
enum store_status copy_check(const char *path, struct copy_facts *ret_facts,
			     char ret_why[static 256]);
/* Puts all of the write-ahead log into the file itself. Not STORE_OK: it is no database, or
 * somebody has it open. */
enum store_status copy_settle(const char *path, char ret_why[static 256]);

#endif
