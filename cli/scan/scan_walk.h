/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scan_walk.h - finding the files of mailboxes: Maildir with all its folders, MH, mbox files, trees
 * of saved mails. Whatever a folder is called, it is looked into: junk and trash too.
 *
 * Nothing is written, nothing outside of what was named is entered: symbolic links below the named
 * path, pipes, sockets and devices are passed over and told, folders deeper than LIMIT_SCAN_DEPTH
 * and a folder that contains itself (by a mount) too. A Maildir's tmp is passed over silently: what
 * is there has not been delivered. Dovecot's dbox is told to be one.
 *
 * Order: in a folder its files, some thousand at a time in the order of their inodes, which is that
 * of a disk; then its folders by name. So a walk that was broken off goes on where it was: folders
 * before that one, and files before that count if the folder has not changed, need not be read
 * again.
 */
#ifndef CLI_SCAN_WALK_H
#define CLI_SCAN_WALK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/str.h"

enum walk_kind {
	WALK_MAIL,  /* one mail, by where it is or what it is called */
	WALK_LOOK,  /* what it is is to be seen in it */
	WALK_NAMED, /* likewise, and the caller's user named it */
};

struct walk_file {
	int dir_fd;
	const char *name;
	const char *path;
	enum walk_kind kind;
	bool maildir; /* its name begins with the time of its delivery */
};

/* A place in a walk, to go on from. */
struct walk_mark {
	struct str folder; /* path; "" : the start */
	int64_t changed;   /* its mtime, ns */
	uint64_t files;    /* of it done */
};

struct walk_visitor {
	void *context;
	/* false: stop the walk */
	bool (*file)(void *context, const struct walk_file *file);
	/* Something is passed over. named: it was the named path itself. NULL: not wanted */
	void (*passed_over)(void *context, const char *path, const char *why, bool named);
	/* All that came before the mark is done; false: stop. NULL: not wanted */
	bool (*mark)(void *context, const struct walk_mark *mark);
};

/* Walks over a file or folder. from: where to go on, or NULL. False when a visitor stopped it. */
bool walk(const char *path, const struct walk_mark *from, const struct walk_visitor *visitor);

#endif
