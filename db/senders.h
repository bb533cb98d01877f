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

/* The same with `shipped` in place of the shipped entries: what would be in use. Faults are errors
 * in diags, an entry of the site's own that would lose its platform among them. */
enum store_status senders_preview(struct store *s, const struct list *shipped,
				  struct list **ret_list, struct diags *diags);

/* Puts the shipped list in place of the shipped entries there are, within a transaction of the
 * caller's (releases.h); the site's own entries and switches stay. An SQLite result code. */
int senders_replace(struct store *s, const struct list *shipped, const char *actor);
/* Whether there are no shipped entries yet. */
enum store_status senders_empty(struct store *s, bool *ret_empty);

/* The site's own entries. add replaces one of the same name. */
enum store_status senders_add(struct store *s, const struct sender *sender, const char *actor);
/* Removes the entry, if it is the site's own, and the links that the site has added to it.
 * NOT_FOUND where there is neither. */
enum store_status senders_remove(struct store *s, const char *name, const char *actor);
/* Link shapes ("HOST PATH", checked by the caller) that the site adds to an entry, shipped or own;
 * they outlive the entry's next shipping. NOT_FOUND: no such entry, or it has that link already;
 * no such links. */
enum store_status senders_add_link(struct store *s, const char *name, const char *link,
				   const char *actor);
enum store_status senders_remove_links(struct store *s, const char *name, const char *actor);
/* Switches an entry, shipped or own. */
enum store_status senders_switch(struct store *s, const char *name, bool enabled,
				 const char *actor);

/* The list of a database that nobody has open yet. NULL when it cannot be read now or has not been
 * filled; *ret_refused is set when it must not be used at all (not ours, or of a later version:
 * diags says so). */
struct list *senders_current(const char *database, int64_t *ret_generation, bool *ret_refused,
			     struct diags *diags);

/* Whether such a list could be used, without reading it: false only where *ret_refused would be
 * set.
 */
bool senders_usable(const char *database, struct diags *diags);

#endif
