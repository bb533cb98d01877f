/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snapshot.c - see snapshot.h.
 *
 * Configuration and classes are files; the senders are in the database, seeded from the shipped
 * files by whoever finds it empty (listener_main.c). No trouble with the database keeps the daemon
 * from serving, since the shipped files are a list as well; only a database that is not ours, or
 * newer than we know, does, because then an administrator's own entries would silently not count.
 */
#include "milter/snapshot.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "db/owned.h"
#include "db/senders.h"
#include "judge/rulefiles.h"

enum {
	READ_WAIT_MS = 2000, /* for a lock on the database */
};

struct snapshot_owner {
	pthread_mutex_t lock;
	struct snapshot *now;
};

void snapshot_discard(struct snapshot *s)
{
	if (s == NULL)
		return;
	ownership_free(s->ownership);
	lookalikes_free(s->lookalikes);
	list_free(s->list);
	if (s->base == NULL) {
		config_free(s->config);
		classes_free(s->classes);
		suffixes_close(s->suffixes);
	}
	free(s);
}

struct snapshot_owner *snapshot_owner_new(struct snapshot *first)
{
	struct snapshot_owner *o = calloc(1, sizeof(*o));

	if (o == NULL || pthread_mutex_init(&o->lock, NULL) != 0) {
		free(o);
		return NULL;
	}
	first->holders = 1;
	o->now = first;
	return o;
}

void snapshot_owner_free(struct snapshot_owner *o)
{
	if (o == NULL)
		return;
	snapshot_put(o, o->now);
	pthread_mutex_destroy(&o->lock);
	free(o);
}

const struct snapshot *snapshot_get(struct snapshot_owner *o)
{
	struct snapshot *s;

	pthread_mutex_lock(&o->lock);
	s = o->now;
	s->holders++;
	pthread_mutex_unlock(&o->lock);
	return s;
}

void snapshot_put(struct snapshot_owner *o, const struct snapshot *held)
{
	struct snapshot *s = (struct snapshot *)(uintptr_t)held; /* the count is the owner's */

	while (s != NULL) {
		struct snapshot *base = s->base;
		bool last;

		pthread_mutex_lock(&o->lock);
		last = --s->holders == 0;
		pthread_mutex_unlock(&o->lock);
		if (!last)
			return;
		snapshot_discard(s);
		s = base;
	}
}

void snapshot_swap(struct snapshot_owner *o, struct snapshot *next)
{
	struct snapshot *before;

	next->holders = 1;
	pthread_mutex_lock(&o->lock);
	before = o->now;
	o->now = next;
	pthread_mutex_unlock(&o->lock);
	snapshot_put(o, before);
}

/* -- building ------------------------------------------------------------------------------- */

static uint32_t boost_bits(const struct config *config)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < config->boost.count; i++) {
		enum class_id class;

		if (class_of_name(slice_of(config->boost.item[i]), &class))
			bits |= 1u << class;
	}
	return bits;
}

/* All but the senders. False, with the reasons in diags, where that is not enough to serve. */
static bool build_rules(struct snapshot *s, const char *config_path, struct diags *diags)
{
	s->generation = -1;
	s->config = config_load(config_path, diags);
	if (s->config == NULL)
		return false;
	s->boost = boost_bits(s->config);
	s->suffixes = suffixes_open();
	s->classes = rulefiles_classes(s->config->lists, true, diags);
	if (s->suffixes == NULL)
		diag_add(diags, DIAG_ERROR, "publicsuffix", 0, 0,
			 "no public suffix list (Debian: publicsuffix)");
	return s->suffixes != NULL && s->classes != NULL;
}

static bool build_list(struct snapshot *s, struct diags *diags)
{
	bool refused = false;

	s->list = senders_current(s->config->database, &s->generation, &refused, diags);
	if (s->list == NULL && !refused)
		s->list = rulefiles_list(s->config->lists, true, diags);
	if (s->list != NULL)
		s->lookalikes = lookalikes_new(s->list, s->suffixes);
	s->ownership = owned_current(s->config->database, s->suffixes);
	return s->lookalikes != NULL;
}

struct snapshot *snapshot_build(const char *config_path, struct diags *diags)
{
	struct snapshot *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	if (build_rules(s, config_path, diags) && build_list(s, diags))
		return s;
	snapshot_discard(s);
	return NULL;
}

bool snapshot_try(const char *config_path, struct diags *diags)
{
	struct snapshot s = {0};
	bool good = build_rules(&s, config_path, diags);

	if (s.config != NULL && !senders_usable(s.config->database, diags))
		good = false;
	config_free(s.config);
	classes_free(s.classes);
	suffixes_close(s.suffixes);
	return good && diags->errors == 0;
}

struct snapshot *snapshot_with_new_list(struct snapshot_owner *o, struct diags *diags)
{
	struct snapshot *before = (struct snapshot *)(uintptr_t)snapshot_get(o);
	struct snapshot *s = calloc(1, sizeof(*s));
	bool refused;

	if (s != NULL) {
		/* Not the whole: its holders are counted meanwhile. */
		s->config = before->config;
		s->classes = before->classes;
		s->suffixes = before->suffixes;
		s->boost = before->boost;
		s->base = before->base != NULL ? before->base : before;
		s->list = senders_current(s->config->database, &s->generation, &refused, diags);
		s->lookalikes = s->list != NULL ? lookalikes_new(s->list, s->suffixes) : NULL;
		s->ownership = owned_current(s->config->database, s->suffixes);
		if (s->lookalikes == NULL) {
			ownership_free(s->ownership);
			list_free(s->list);
			free(s);
			s = NULL;
		}
	}
	if (s != NULL) {
		pthread_mutex_lock(&o->lock);
		s->base->holders++;
		pthread_mutex_unlock(&o->lock);
	}
	snapshot_put(o, before);
	return s;
}

int64_t snapshot_generation(const struct snapshot *s)
{
	struct store *store;
	char why[256];
	int64_t generation = -1;

	if (store_open(s->config->database, STORE_READ, 0, &store, why) != STORE_OK)
		return -1;
	if (store_generation(store, &generation) != STORE_OK)
		generation = -1;
	store_close(store);
	return generation;
}
