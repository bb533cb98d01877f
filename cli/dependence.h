/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dependence.h - single points of failure: a registrar, an operator of name servers, or an address
 * for registrars' mail on which all of the site's domains depend alone.
 *
 * Known from the watch (db/watched.h) and from the recipients of genuine mail (db/history.h). Of
 * what is not known nothing is said. An operator is the organisational domain of its servers'
 * names; a domain whose servers are of two operators depends on neither.
 */
#ifndef CLI_DEPENDENCE_H
#define CLI_DEPENDENCE_H

#include "cli/command.h"

enum dependence_kind {
	DEPENDENCE_REGISTRAR,
	DEPENDENCE_OPERATOR,
	DEPENDENCE_ADDRESS,
	DEPENDENCE_ITSELF, /* the address of a domain lies in that domain: it goes dark with it */
};

struct dependence {
	enum dependence_kind kind;
	const char *name;
	size_t domains; /* that depend on it */
	size_t known;   /* of how many it is known on what they depend */
};

/* Names as for a table: "registrar", … */
const char *dependence_kind_name(enum dependence_kind kind);
/* "all 12 domains are with one registrar, X: …" */
void dependence_print(const struct dependence *d, struct str *to);
/* False where the database cannot be read, or memory is short. With fewer than two domains nothing
 * but DEPENDENCE_ITSELF is said. The strings live until each returns. */
bool dependence_each(struct store *store, void (*each)(void *context, const struct dependence *d),
		     void *context);

#endif
