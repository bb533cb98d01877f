/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * make.h - what the tests of db/ share: a folder of their own, records, a look into a database with
 * SQLite alone, files octet for octet.
 */
#ifndef TESTS_DB_MAKE_H
#define TESTS_DB_MAKE_H

#include "db/record.h"
#include "tests/rules/table.h"

#define DAY INT64_C(86400)
#define NOW INT64_C(1796551200) /* 2026-12-06T10:00:00Z */

/* Makes an empty folder and makes it the current one; cmocka set-up and tear-down. Names in the
 * tests are relative to it. */
int enter_folder(void **state);
int leave_folder(void **state); /* with all that is in it */

/* The absolute path of a name in the folder; a few at a time. */
const char *in_folder(const char *name);

/* A genuine verification mail of example.com to one recipient, due in 15 days. */
struct record *make_record(const char *recipient, const char *message_id);
void set_domains(struct record *r, size_t n, const char *const domain[]);

/* The first column of the first row of a query, as a number; -1 without a row. Opens the database
 * read-only and on its own. */
int64_t ask(const char *database, const char *sql);

/* A whole file, for comparing; one that is missing or no plain file has no octets. */
void slurp(const char *path, struct str *ret_text);

#endif
