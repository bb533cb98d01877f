/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nameservers.h - the name servers that a domain is delegated to, as a set.
 */
#ifndef RULES_CORE_NAMESERVERS_H
#define RULES_CORE_NAMESERVERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/str.h"

/* Sorted, each once, in their one spelling (domain.h). All zero is the empty set. */
struct nameservers {
	uint32_t count;
	char name[LIMIT_NAMESERVERS][LIMIT_DOMAIN + 1];
};

/* Adds a host name, in any case, with or without a trailing dot. False, and nothing added, for what
 * is none. Of more than LIMIT_NAMESERVERS the first in order stay, so that the same servers give
 * the same set whatever their order. */
bool nameservers_add(struct nameservers *n, struct slice name);
bool nameservers_same(const struct nameservers *a, const struct nameservers *b);
/* As text, with a space between each two; and back, what is no host name left out. */
void nameservers_print(const struct nameservers *n, struct str *to);
void nameservers_read(struct slice text, struct nameservers *ret_set);

#endif
