/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * archive.h - a backup as one file: a head of ARCHIVE_HEAD octets, then the database as SQLite has
 * it. Without keepname, `tail -c +257 FILE >keepname.db` takes it out.
 *
 *   keepname backup 1
 *   made 2026-11-27T03:10:00Z
 *   size 163840
 *   sha256 5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef
 *   host mx.example.net
 *   (blanks up to the head's last octet, which ends a line)
 *
 * A file that was cut, changed or is something else is told from a backup before a database is
 * opened.
 */
#ifndef CLI_BACKUP_ARCHIVE_H
#define CLI_BACKUP_ARCHIVE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/limits.h"

enum {
	ARCHIVE_HEAD = 256,
	ARCHIVE_SUM = 64, /* SHA-256 in hexadecimal */
};

struct archive {
	int64_t made; /* Unix seconds */
	int64_t size; /* of the database, octets */
	char sum[ARCHIVE_SUM + 1];
	char host[LIMIT_DOMAIN + 1]; /* cut where there is no room in the head */
};

/* Fills size and sum from a database file. 0, or an errno value. */
int archive_measure(const char *database, struct archive *ret_archive);
/* The head, then the file. 0, or an errno value. */
int archive_write(const struct archive *a, const char *database, int to);
/* Reads the head. False: it is none, and ret_why says so. */
bool archive_read(int from, struct archive *ret_archive, char ret_why[static 256]);
/* What is behind the head, to another file, with its sum looked at. False: ret_why says whether it
 * is cut, longer, changed, or could not be written. */
bool archive_take_out(int from, const struct archive *a, int to, char ret_why[static 256]);

#endif
