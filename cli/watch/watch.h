/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * watch.h - keepname watch: what its parts share.
 *
 * The way of a run: which names (watch.c) → what their zones' own servers say, all of them
 * (watch_dns.c) → what their registries say, as many as there is time for (watch_rdap.c) → how each
 * stands, written down, with its alarms and pendings (watch_note.c) → shown (watch_show.c).
 */
#ifndef CLI_WATCH_WATCH_H
#define CLI_WATCH_WATCH_H

#include "cli/command.h"
#include "cli/watch/rdap.h"
#include "db/watched.h"

#define WATCH_ACTOR "watch"

enum {
	WATCH_WHY = 160,
};

/* One name of a run. */
struct watch_name {
	char *domain;      /* as it is watched */
	const char *asked; /* the registrable name that it lies under: into domain */
	bool ours, urgent; /* urgent: the registry is asked before it is asked about others */
	bool for_a_sender; /* of the list: only when it was registered is wanted */
	int64_t asked_at;  /* the registry, in an earlier run */
	struct delegation delegation;
	char dns_why[WATCH_WHY]; /* why the delegation is not known; "" */
	const char *base;        /* of its registry; NULL: none is known */
	struct watch_name *next; /* of the same registry */
	int tries;
	bool was_asked; /* the registry, in this run */
};

/* A registry's word on a name has come, or will not come in this run: then rdap is NULL, and why
 * says why; none: it says that there is no such name. */
typedef void watch_rdap_done(void *context, struct watch_name *n, const struct rdap *rdap,
			     bool none, const char *why);

/* What the zones say, of all names, until the monotonic time in ms. False, with a message in why[],
 * where keepname's programs cannot be started. */
bool watch_dns(const struct config *config, struct watch_name *name, size_t count, int64_t until,
	       char why[static 256]);

/* Asks the registries in the order given, and each no faster than rdap_pace. store: NULL, or where
 * it is kept which of them want to be left alone. */
void watch_rdap(const struct cli *cli, struct store *store, struct watch_name *const name[],
		size_t count, int64_t until, watch_rdap_done *done, void *context);

int64_t watch_clock(void); /* monotonic, ms */

/* What a look has made of a name. */
struct watch_result {
	enum standing standing; /* of this look */
	bool raised, ended;     /* an alarm */
	struct watched row;     /* as it is kept; its strings are in `text` */
	struct standing_record before, after;
	struct str text[2];
	char registrar[REGISTRATION_TEXT], statuses[256], trouble[2 * WATCH_WHY + 4];
};
void watch_result_free(struct watch_result *r);

/* Decides, and unless dry writes it down. False after a message: the store failed. */
bool watch_note(const struct cli *cli, struct store *store, const struct list *list,
		const struct watch_name *n, const struct rdap *rdap, bool none, const char *why,
		bool dry, struct watch_result *ret_result);

/* One line for a person; an object. */
void watch_print(const struct cli *cli, const struct watched *w, bool ours);
json_t *watch_json(const struct watched *w, const bool *ours);

#endif
