/* SPDX-License-Identifier: BSD-2-Clause */
/* pending.h - pendings as the commands print them: one file for text, one for JSON. */
#ifndef CLI_PENDING_H
#define CLI_PENDING_H

#include "cli/command.h"
#include "db/pendings.h"

/* A list of them: rows below a heading, or an array. Starts zeroed but for these two. */
struct pending_printer {
	const struct cli *cli;
	json_t *array; /* with --json */
	size_t count;  /* how many have been printed */
};
/* Prints one; for pendings_each, the context is the printer. */
void pending_print(void *printer, const struct pending *p);

/* "in 5 days", "within a day", "now", "3 days ago", "no date"; into to[]; returns to. */
const char *pending_due_text(const struct pending *p, int64_t now, char to[static 64]);
/* What it is about: the domain, or the subject where it names none. */
const char *pending_matter(const struct pending *p);
/* The reasons of one in review, comma-separated, into to. */
void pending_reasons(const struct pending *p, struct str *to);
/* One object of the --json contract. */
json_t *pending_json(const struct pending *p, int64_t now);

#endif
