/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * list_private.h - what the files of the list share: list.c (life), list_find.c (look-ups),
 * list_read.c, list_sender.c, list_value.c (stanzas into entries), list_print.c, lint.c,
 * changes.c. Nobody else includes it.
 */
#ifndef RULES_CORE_LIST_PRIVATE_H
#define RULES_CORE_LIST_PRIVATE_H

#include "rules/core/arena.h"
#include "rules/core/index.h"
#include "rules/core/list.h"

enum host_use {
	HOST_HARMLESS, /* shapes; the others have hosts */
	HOST_TRACKING,
	HOST_FREEMAIL,
};
extern const char *const list_host_fields[]; /* "Harmless", … */

/* A Harmless, Tracking or Freemail stanza. */
struct host_set {
	char *name;
	enum host_use use;
	struct shape *link;
	size_t link_count;
	char **host;
	size_t host_count;
	char *note;
	const char *file;
	unsigned line;
};

/* A Link-For stanza. */
struct link_for {
	char *name; /* of the sender */
	struct shape *link;
	size_t link_count;
	bool local; /* the site's own */
	const char *file;
	unsigned line;
};

struct list {
	struct arena arena; /* all text and arrays of the entries */
	struct sender *sender;
	size_t sender_count, sender_room;
	struct platform *platform;
	size_t platform_count, platform_room;
	struct host_set *hosts;
	size_t hosts_count, hosts_room;
	struct list_release release;
	struct link_for *link_for;
	size_t link_for_count, link_for_room;
	/* Made by list_finish. */
	char **tracking; /* all hosts of Tracking stanzas */
	size_t tracking_count;
	struct index by_from;   /* of exact senders */
	struct index by_whole;  /* domain of whole-domain senders */
	struct index by_domain; /* of all senders, one for each domain */
	struct index by_name;
	struct index by_platform;
	struct index by_tracking;
};

#endif
