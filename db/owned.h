/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * owned.h - the site's own domains: registered by it or by its customers.
 *
 * A stranger can register a name with somebody else's address, and then a registrar writes to that
 * address. Once the site has named its domains, genuine mail about another one is known to be no
 * matter of ours; as long as it has named none, nothing is said (OURS_UNSET).
 */
#ifndef DB_OWNED_H
#define DB_OWNED_H

#include "db/store.h"
#include "rules/core/ownership.h"

struct owned {
	const char *name;   /* A-labels, lower case */
	const char *source; /* "added", or the file or map it was read from */
	int64_t added_at;
};

/* In the order of names. The strings live until each returns. */
enum store_status owned_each(struct store *s, void (*each)(void *context, const struct owned *o),
			     void *context);
enum store_status owned_count(struct store *s, int64_t *ret_count);
/* All of them as a set, sealed, which alone says what is ours; NULL where there is none.
 * STORE_ERROR also when memory is short. */
enum store_status owned_load(struct store *s, const struct suffixes *suffixes,
			     struct ownership **ret_ownership);
/* The same from a database that may be missing, locked or unreadable: NULL then, and mail is
 * treated as if the site had named no domains. */
struct ownership *owned_current(const char *database, const struct suffixes *suffixes);
/* Names that come, with where they come from, and names that go: all in one transaction, which
 * raises the generation, so that the daemon takes notice. A name that is there keeps its source. */
enum store_status owned_change(struct store *s, const char *const come[], size_t come_count,
			       const char *const go[], size_t go_count, const char *source,
			       const char *actor, int64_t now, size_t *ret_added,
			       size_t *ret_removed);

#endif
