/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lookalike_private.h - what the files of the lookalikes share: lookalike.c (the index and its
 * life), lookalike_find.c (a name's probes), lookalike_judge.c (what a hit means). Nobody else
 * includes it.
 */
#ifndef RULES_CORE_LOOKALIKE_PRIVATE_H
#define RULES_CORE_LOOKALIKE_PRIVATE_H

#include "rules/core/list_private.h"
#include "rules/core/lookalike.h"
#include "rules/core/skeleton.h"

enum {
	LOOKALIKE_SAME = 4,  /* characters of a name that looks the same */
	LOOKALIKE_ALONE = 8, /* of one that differs more, or stands alone in another's */
	LOOKALIKE_FAR = 12,  /* misspelt and under another suffix */
};

#define LOOKALIKE_BASE 0x9e3779b97f4a7c15ULL

struct target {
	const char *name;            /* an organisational domain, or a From domain below one */
	const struct sender *sender; /* NULL: of a platform */
};

struct slot {
	uint32_t tag;    /* upper half of the hash */
	uint32_t target; /* its number + 1; 0: free */
};

struct lookalikes {
	const struct list *list;
	const struct suffixes *suffixes;
	struct arena arena;    /* link hosts */
	struct target *target; /* each name once */
	size_t count;
	struct slot *slot;
	size_t mask;
	size_t longest; /* key, in characters */
	uint64_t seed;
};

/* The public suffix of a name whose organisational domain is org. */
const char *lookalike_suffix(const char *org);
/* The skeleton of the labels from `from` up to `end` (a dot or the end). Whether one is no ASCII.
 */
bool lookalike_key(const char *from, const char *end, struct skeleton *ret_key);
/* The hash of a key is a polynomial of its characters (lookalike.c says why), mixed at the end. */
uint64_t lookalike_step(uint64_t hash, char c);
uint64_t lookalike_hash(const struct skeleton *key);
uint64_t lookalike_mix(const struct lookalikes *x, uint64_t hash);
/* The next target with this mixed hash, at or after slot *at, which begins as the mixed hash and is
 * moved on; NULL: no more. */
struct target *lookalike_next(const struct lookalikes *x, uint64_t mixed, size_t *at);
/* Whether somebody is believed under this name, or was shown to use it. */
bool lookalike_is_imitated(const struct target *t);

/* A name that is asked about. */
struct query {
	const struct lookalikes *x;
	const char *host, *org, *suffix;
	bool (*found)(const struct imitation *i, void *context);
	void *context;
	bool stop;

	/* the part that is looked up now */
	const char *part, *end; /* of host */
	struct skeleton plain, joined;
	bool unicode;
};

/* A target that was hit, taken apart. */
struct hit {
	const struct target *target;
	const char *org, *suffix;
	struct skeleton plain, joined;
	bool common;
};

/* A target that a probe has hit, into its parts; false: it cannot be imitated, or by this name. */
bool lookalike_take_apart(const struct query *q, const struct target *t, struct hit *ret_hit);
/* What the hit says of the part that is looked up; reported to the query where it imitates.
 * same: the part looks the same. edit: it is one edit away. label: it is a label of the host in
 * front of the organisational domain. beginning: its first n characters look the same. */
void lookalike_judge_same(struct query *q, const struct hit *h);
void lookalike_judge_edit(struct query *q, const struct hit *h);
void lookalike_judge_label(struct query *q, const struct hit *h);
void lookalike_judge_beginning(struct query *q, const struct hit *h, size_t n);

#endif
