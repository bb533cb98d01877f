/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * senders.h - the curated list in the database: shipped entries and the site's own, kept apart.
 *
 * Every stanza is stored as its canonical text beside a few key columns, and loading parses that
 * text with the list's own parser: one format, one parser, and a new field needs no migration.
 * Each change raises the generation, and is an event with its actor.
 */
#ifndef DB_SENDERS_H
#define DB_SENDERS_H

#include "db/store.h"
#include "rules/core/list.h"

/* Everything in the database as a finished list; senders switched off by the site are disabled.
 * Faulty stanzas are reported and left out. */
enum store_status senders_load(struct store *s, struct list **ret_list, struct diags *diags);

/* Puts the shipped list in place of the shipped entries there are, in one transaction; the site's
 * own entries and switches stay. */
enum store_status senders_ship(struct store *s, const struct list *shipped, const char *actor);
/* Whether there are no shipped entries yet. */
enum store_status senders_empty(struct store *s, bool *ret_empty);

/* The site's own entries. add replaces one of the same name. */
enum store_status senders_add(struct store *s, const struct sender *sender, const char *actor);
enum store_status senders_remove(struct store *s, const char *name, const char *actor);
/* Switches an entry, shipped or own. */
enum store_status senders_switch(struct store *s, const char *name, bool enabled,
				 const char *actor);

/* The list at run time: out of the database if that can be read and has been filled, else the
 * shipped files of the folder (generation -1). *ret_refused when the database is not ours or of a
 * later version (diags says so), in which case no list is returned. */
struct list *senders_current(const char *database, const char *folder, int64_t *ret_generation,
			     bool *ret_refused, struct diags *diags);

#endif
