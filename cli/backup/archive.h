/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * archive.h - a backup as one file: a head of ARCHIVE_HEAD octets, keepname.conf, then the database
 * as SQLite has it.
 *
 *   keepname backup 1
 *   sha256 5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef
 *   made 2026-11-27T03:10:00Z
 *   configuration 1211
 *   database 163840
 *   host mx.example.net
 *   (blanks up to the head's last octet, which ends a line)
 *
 * Without keepname, `tail -c 163840 FILE >keepname.db` takes the database out. The sum is of the
 * whole file, with 64 zeros in the sum's own place: of a file that was cut, changed or lengthened
 * nothing is believed, its age and sizes included, and no database is opened.
 */
#ifndef CLI_BACKUP_ARCHIVE_H
#define CLI_BACKUP_ARCHIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/str.h"

enum {
	ARCHIVE_HEAD = 256,
	ARCHIVE_SUM = 64, /* SHA-256 in hexadecimal */
};

struct archive {
	int64_t made;          /* Unix seconds */
	int64_t configuration; /* octets, LIMIT_CONFIG_BYTES at most */
	int64_t database;      /* octets */
	char sum[ARCHIVE_SUM + 1];
	char host[LIMIT_DOMAIN + 1]; /* cut where there is no room in the head */
};

/* Fills the sizes and the sum; made and host are set already. 0, or an errno value. */
int archive_measure(struct slice configuration, const char *database, struct archive *a);
/* All of it. 0, or an errno value. */
int archive_write(const struct archive *a, struct slice configuration, const char *database,
		  int to);
/* Reads a backup: its configuration, and its database to another file. False: ret_why says whether
 * it is none, cut, longer, changed, or could not be written; what is in `to` is then worth nothing.
 * str_free(ret_configuration) in every case. */
bool archive_take_out(int from, int to, struct archive *ret_archive, struct str *ret_configuration,
		      char ret_why[static 256]);

#endif
