/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * setup_files.h - changing files of other programs so that nothing is lost at any moment.
 *
 * Each file is read once. What it shall be is written beside it (.NAME.keepname-new), given owner
 * and mode of the old one, brought to disk and renamed; before that the old one is copied to
 * NAME.keepname-backup, or .keepname-backup.2 and so on: an older backup is never written over, and
 * none is made of what one has already. So whoever is killed at whatever moment leaves each file
 * as it was or as it shall be, and the next run goes on from there. files_undo() brings all back.
 *
 * A symbolic link stays; its target is changed, which must be a plain file, below the root.
 */
#ifndef CLI_SETUP_FILES_H
#define CLI_SETUP_FILES_H

#include <sys/stat.h>

#include "cli/setup/setup_block.h"

enum {
	FILES_MOST = 16, /* of one program */
};

struct files_change {
	char *shown;  /* the path as the site knows it, root left out */
	char *target; /* what is read and written */
	struct stat st;
	struct setup_text before, after;
	bool ours;    /* what was before is all ours: it needs no backup */
	char *backup; /* made by us; or NULL */
	bool done;
	unsigned folders; /* made for it */
};

struct files {
	struct files_change change[FILES_MOST];
	size_t count;
	int lock; /* of the folder */
};

/* Takes the folder for us alone; to be closed by files_close(). False with a reason. */
bool files_open(const char *folder, struct files *ret_files, char why[SETUP_WHY]);
/* Reads FOLDER/FILE, which need not be there. NULL with a reason. The caller sets `after`, and
 * `ours`. */
struct files_change *files_add(struct files *f, const char *root, const char *folder,
			       const char *file, char why[SETUP_WHY]);
/* Removes what a run that was killed has left beside them. */
void files_sweep(const struct files *f);
bool files_differ(const struct files_change *c);
/* Writes all that differ, in their order. False with a reason, and all is as it was. */
bool files_write(struct files *f, char why[SETUP_WHY]);
/* Puts all that was written back as it was. False where that is not possible: the reason names what
 * is left, and its backup. */
bool files_undo(struct files *f, char why[SETUP_WHY]);
void files_close(struct files *f);

#endif
