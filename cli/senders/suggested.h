/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * suggested.h - suggestions (db/suggestions.h) with their facts, as the commands show them: read,
 * found by number or address, weighed, printed as text and as JSON.
 */
#ifndef CLI_SUGGESTED_H
#define CLI_SUGGESTED_H

#include "cli/command.h"
#include "db/suggestions.h"
#include "rules/core/lookalike.h"

struct suggested_fact {
	char *kind, *value;
	int64_t mails;
};

struct suggested {
	struct suggestion is; /* its texts are owned, by `text` */
	char *text[3];
	struct suggested_fact *fact; /* owned, by kind, most often seen first */
	size_t fact_count, fact_room;
};

struct suggested_set {
	struct suggested *list;
	size_t count, room;
};

/* With all facts. False after a message. */
bool suggested_load(struct store *store, const struct suggestion_filter *filter,
		    struct suggested_set *ret_set);
void suggested_free(struct suggested_set *set);
/* All of a number ("3", "#3") or of a From address, in whatever state. False after a message, with
 * what the command exits with. */
bool suggested_find(struct store *store, const char *which, struct suggested_set *ret_set,
		    int *ret_status);

/* The n-th value of a kind, or NULL; how many there are. */
const char *suggested_fact(const struct suggested *g, const char *kind, size_t n);
size_t suggested_count(const struct suggested *g, const char *kind);
const char *suggested_domain(const struct suggested *g); /* of its From */
/* Whether it is about a link of a listed sender. */
bool suggested_is_link(const struct suggested *g);
/* "HOST PATH" in its two parts; false where it is none. */
bool suggested_split(const char *link, char ret_host[static LIMIT_DOMAIN + 1],
		     const char **ret_path);

/* What it is weighed by. */
struct suggested_ground {
	struct list *list; /* in use */
	struct suffixes *suffixes;
	struct lookalikes *lookalikes; /* of the list */
};
/* False after a message; to be closed either way. */
bool suggested_ground_open(const struct cli *cli, struct suggested_ground *ret_ground);
void suggested_ground_close(struct suggested_ground *g);

/* Signs of risk, as bits 1u << their number, and what each is called and means. */
uint32_t suggested_risks(const struct suggested_ground *ground, const struct suggested *g);
size_t suggested_risk_count(void);
const char *suggested_risk_name(size_t i);
const char *suggested_risk_sentence(size_t i);
/* As in a list: B where several mails agree, their links are a platform's or the sender's own, and
 * nothing speaks against it; else C. Never A: a stranger can send what he likes. */
char suggested_confidence(const struct suggested *g, uint32_t risks);

/* "2 mails to 1 recipient" */
void suggested_print_counts(const struct suggested *g, struct str *to);
/* A block of lines for people; commands: with what to type. */
void suggested_print(const struct suggested_ground *ground, const struct suggested *g, int64_t now,
		     struct str *to);
json_t *suggested_json(const struct suggested_ground *ground, const struct suggested *g);

#endif
