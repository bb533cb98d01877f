/* SPDX-License-Identifier: BSD-2-Clause */
/* backup.h - between the files of keepname backup, verify, restore, export and import. */
#ifndef CLI_BACKUP_H
#define CLI_BACKUP_H

#include "cli/backup/archive.h"
#include "cli/command.h"
#include "db/copy.h"

enum {
	BACKUP_WAIT_MS = 10000, /* for a lock on the database */
};

/* A folder of our own below `parent`, and two names in it. */
struct backup_room {
	char folder[4096];
	char database[4200], archive[4200];
};
/* CLI_DONE, or CLI_TROUBLE after a message. */
int backup_room_open(const char *command, const char *parent, struct backup_room *ret_room);
void backup_room_close(const struct backup_room *room);
/* The folder that a path lies in, into to[4096]; returns to. */
const char *backup_folder(const char *path, char to[static 4096]);
/* fsync of a folder, so that a rename in it lasts. 0, or an errno value. */
int backup_sync_folder(const char *folder);
/* What a backup says of itself and holds. */
struct backup_found {
	struct archive archive;
	struct copy_facts facts;
	struct str configuration;
};
/* Opens a backup ("-": standard input), and takes its database out to room->database, checked from
 * head to last page. CLI_DONE, CLI_NO after a message where it is not sound, or CLI_TROUBLE.
 * str_free(&ret_found->configuration) in every case. */
int backup_unpack(const char *command, const char *file, const struct backup_room *room,
		  struct backup_found *ret_found);

#endif
