/* SPDX-License-Identifier: BSD-2-Clause */
/* nameservers.c - see nameservers.h. */
#include "rules/core/nameservers.h"

#include <string.h>

#include "rules/core/domain.h"

bool nameservers_add(struct nameservers *n, struct slice name)
{
	char plain[LIMIT_DOMAIN + 1];
	uint32_t at = 0;

	if (!domain_normalise(name, true, plain))
		return false;
	while (at < n->count && strcmp(n->name[at], plain) < 0)
		at++;
	if (at == LIMIT_NAMESERVERS || (at < n->count && strcmp(n->name[at], plain) == 0))
		return true;
	if (n->count < LIMIT_NAMESERVERS)
		n->count++;
	memmove(n->name[at + 1], n->name[at], (n->count - at - 1) * sizeof(n->name[0]));
	memcpy(n->name[at], plain, sizeof(plain));
	return true;
}

bool nameservers_same(const struct nameservers *a, const struct nameservers *b)
{
	bool same = a->count == b->count;

	for (uint32_t i = 0; same && i < a->count; i++)
		same = strcmp(a->name[i], b->name[i]) == 0;
	return same;
}

void nameservers_print(const struct nameservers *n, struct str *to)
{
	for (uint32_t i = 0; i < n->count; i++) {
		str_puts(to, i > 0 ? " " : "");
		str_puts(to, n->name[i]);
	}
}

void nameservers_read(struct slice text, struct nameservers *ret_set)
{
	struct nameservers n = {0};

	while (text.n > 0) {
		const char *space = memchr(text.p, ' ', text.n);
		const size_t length = space != NULL ? (size_t)(space - text.p) : text.n;

		nameservers_add(&n, (struct slice){text.p, length});
		text.p += length + (space != NULL);
		text.n -= length + (space != NULL);
	}
	*ret_set = n;
}
