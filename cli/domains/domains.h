/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * domains.h - between the files of keepname domains: names gathered from where people keep them.
 *
 * Understood are a file with a name a line, configurations of BIND, NSD and Knot (zones.h), Postfix
 * maps TYPE:PATH whose keys can be listed, and all for which Postfix takes mail. Of an address as a
 * map's key the domain counts. What is no domain is an error with file, line and value, and then
 * nothing is taken; passed over and counted are zones that nobody registers (reverse ones, the
 * root, single labels) or that are others', and local parts, which name no domain.
 */
#ifndef CLI_DOMAINS_H
#define CLI_DOMAINS_H

#include "base/diag.h"
#include "base/str.h"

struct names {
	char **name; /* A-labels, lower case; sorted, each once, after names_sort() */
	size_t count, size;
	size_t passed_over;
	size_t local; /* of a map: left sides that are a local part alone */
	bool failed;  /* memory was short */
};

/* Afterwards: which pendings are about domains of ours. CLI_DONE, or CLI_TROUBLE after a message.
 */
struct cli;
struct store;
int domains_reckon(const struct cli *cli, struct store *store);

/* Where names are read from: for what is wrong, and to where. */
struct reading {
	const char *source;
	unsigned line;
	struct names *names;
	struct diags *diags;
	bool may_lack; /* domains: that a map names none is a warning */
};
/* One word that is to be a domain: taken, passed over, or an error. */
void names_take(const struct reading *r, struct slice word);
/* The next line of a text, taken off it; false at the end. */
bool names_line(struct slice *text, struct slice *ret_line);
void names_too_long(const struct reading *r);

/* The names of one source, added to *names; what is wrong in diags. */
void names_read(const char *source, struct names *names, struct diags *diags);
void names_add(struct names *names, const char *name);
void names_sort(struct names *names);
/* Sorted ones. */
bool names_have(const struct names *names, const char *name);
void names_free(struct names *names);

#endif
