/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * domains.h - between the files of keepname domains: names gathered from where people keep them.
 *
 * Understood are a file with a name a line, zone lists of BIND (zone "NAME" …) and NSD (zone: name:
 * NAME), Postfix maps TYPE:PATH whose keys can be listed, and all for which Postfix takes mail.
 * What is no domain is an error with file and line, and then nothing is taken; passed over and
 * counted are zones that nobody registers: reverse ones, the root, single labels.
 */
#ifndef CLI_DOMAINS_H
#define CLI_DOMAINS_H

#include "base/diag.h"
#include "base/str.h"

struct names {
	char **name; /* A-labels, lower case; sorted, each once, after names_sort() */
	size_t count, size;
	size_t passed_over;
	bool failed; /* memory was short */
};

/* Afterwards: which pendings are about domains of ours. CLI_DONE, or CLI_TROUBLE after a message.
 */
struct cli;
struct store;
int domains_reckon(const struct cli *cli, struct store *store);

/* The names of one source, added to *names; what is wrong in diags. */
void names_read(const char *source, struct names *names, struct diags *diags);
void names_add(struct names *names, const char *name);
void names_sort(struct names *names);
/* Sorted ones. */
bool names_have(const struct names *names, const char *name);
void names_free(struct names *names);

#endif
