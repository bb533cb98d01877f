/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snapshot.h - everything a verdict depends on, as one immutable whole: configuration, senders,
 * subject patterns, public suffixes. A message holds one from its first command to its end, so a
 * reload never changes the rules under it.
 */
#ifndef MILTER_SNAPSHOT_H
#define MILTER_SNAPSHOT_H

#include "base/config.h"
#include "rules/core/classes.h"
#include "rules/core/domain.h"
#include "rules/core/lookalike.h"
#include "rules/core/ownership.h"

struct snapshot {
	struct config *config;
	struct list *list;
	struct classes *classes; /* subjects and display names only */
	struct suffixes *suffixes;
	struct lookalikes *lookalikes; /* of the list */
	struct ownership *ownership;   /* NULL: the site has named no domains */
	uint32_t boost;                /* classes, bits */
	int64_t
	    generation; /* of the list in the database; -1: the list came from the shipped files */
	struct snapshot *base; /* owns config, classes and suffixes, if not this one itself */
	unsigned holders;      /* under the owner's lock */
};

/* Where the present one is found: one lock, held for a pointer and a count. */
struct snapshot_owner;
struct snapshot_owner *snapshot_owner_new(struct snapshot *first); /* takes it over */
void snapshot_owner_free(struct snapshot_owner *o);
const struct snapshot *snapshot_get(struct snapshot_owner *o);
void snapshot_put(struct snapshot_owner *o, const struct snapshot *s); /* takes NULL */
void snapshot_swap(struct snapshot_owner *o, struct snapshot *next);

/* Builds one from the files that the configuration names and the database. A database that cannot
 * be read now (locked, not yet made) gives the shipped list, and generation -1. What is wrong in
 * files is in diags; NULL if configuration or classes are bad, or the database is not ours or of a
 * later version (that is in diags too). */
struct snapshot *snapshot_build(const char *config_path, struct diags *diags);
/* Whether it would be built, list files and senders left aside: quick, however many there are. What
 * is wrong is in diags. */
bool snapshot_try(const char *config_path, struct diags *diags);
/* Releases one that was never given to an owner. Takes NULL. */
void snapshot_discard(struct snapshot *s);
/* A new one that differs from the present one only in the list and our own domains, read from the
 * database; NULL: not to be had now. */
struct snapshot *snapshot_with_new_list(struct snapshot_owner *o, struct diags *diags);
/* The database's generation, or -1 if it cannot be read. */
int64_t snapshot_generation(const struct snapshot *s);

#endif
