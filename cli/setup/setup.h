/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * setup.h - keepname setup: what goes where in the configuration of another program.
 *
 * One row for each program and for each piece of it (setup_table.c). A piece lies below the folder
 * of pieces as PROGRAM/FILE, where FILE is also its place below the program's own configuration
 * folder.
 */
#ifndef CLI_SETUP_H
#define CLI_SETUP_H

#include "cli/command.h"
#include "cli/setup/setup_block.h"

enum {
	SETUP_FOLDERS = 3,   /* places where a program's configuration is looked for */
	SETUP_CHECKS = 4,    /* commands of one program */
	SETUP_ARGUMENTS = 9, /* of one command, the NULL at the end included */
};

enum setup_form_of {
	SETUP_WHOLE,    /* a file of ours, by its name */
	SETUP_BLOCK,    /* a marked block (setup_block.h) */
	SETUP_SETTINGS, /* elements of main.cf (setup_settings.h) */
};

struct setup_piece {
	const char *file;
	enum setup_form_of form;
	struct setup_form block; /* of a block */
	/* Where the site's own lines name `clash`, the format would let one of the two win: nothing
	 * is written and `advice` is given, unless they name `granted` too: then the site has done
	 * it by hand, and the block is left out. Or NULL. */
	const char *clash, *granted, *advice;
	const char *made; /* a file that a check makes out of it, to go with it; or NULL */
};

/* The program's own judgement. "@FOLDER@" in an argument is its configuration folder, "@TOP@" the
 * root. Exit status 0 is yes. */
struct setup_check {
	const char *argv[SETUP_ARGUMENTS];
	const char *with;   /* only while this file of ours is there; or NULL */
	bool rooted;        /* works in another root too */
	bool before;        /* must say yes before anything is written, too */
	const char *wants;  /* what its output must have; or NULL */
	const char *allows; /* what its output must have unless it is empty; or NULL */
	const char *advice; /* said after a no; or NULL */
};

struct setup_program {
	const char *name;
	const char *source; /* the pieces of another program that it uses; or NULL: its own */
	const char *folders[SETUP_FOLDERS]; /* the first that is there */
	const char *needs;                  /* a file that such a folder has; or NULL */
	const struct setup_piece *piece;    /* in the order in which they are written; taken out
					     * backwards */
	size_t count;
	struct setup_check check[SETUP_CHECKS];
	const char *then; /* what to type when it is done */
	const char *note; /* printed with the pieces; may be "" */
};

extern const struct setup_program setup_table[];
extern const size_t setup_count;

/* This site, as pieces name it. */
struct setup_site {
	const char *pieces; /* the folder of pieces */
	const char *root;   /* "" or a folder that stands for / */
	char folder[4096];  /* the program's configuration, root included */
	struct str socket, postfix_socket;
	const char *authserv_id;
};

/* A piece with its @PLACEHOLDERS@ filled in. False with a reason. */
bool setup_piece_read(const struct setup_site *site, const struct setup_program *program,
		      const struct setup_piece *piece, struct str *ret_text, char why[SETUP_WHY]);
/* What a file shall be with the piece, or without it. False with a reason. */
bool setup_piece_put(const struct setup_piece *piece, const struct setup_text *old,
		     struct slice text, struct setup_text *ret_new, char why[SETUP_WHY]);
bool setup_piece_take(const struct setup_piece *piece, const struct setup_text *old,
		      struct slice text, struct setup_text *ret_new, char why[SETUP_WHY]);

enum setup_state {
	SETUP_ABSENT,   /* the program is not installed */
	SETUP_MISSING,  /* --write would change something */
	SETUP_IN_PLACE, /* it would not */
	SETUP_UNKNOWN,  /* why[] says why not */
};
/* Whether the pieces for an installed program are there. */
enum setup_state setup_state_of(const struct cli *cli, const struct setup_program *program,
				const char *pieces, char why[SETUP_WHY]);

/* The socket of keepname.conf in libmilter's spelling, and in that of Postfix whose queue is at
 * `queue`: below it as a path from there, which is right with and without chroot. False where it
 * has octets that a configuration file would take for its own. */
bool setup_sockets(const char *socket, const char *queue, struct str *ret_socket,
		   struct str *ret_postfix);

#endif
