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

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "db/senders.h"

enum {
	READ_WAIT_MS = 2000, /* for a lock on the database */
};

struct snapshot_owner {
	pthread_mutex_t lock;
	struct snapshot *now;
};

static void snapshot_free(struct snapshot *s)
{
	if (s == NULL)
		return;
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
		snapshot_free(s);
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

static int is_class_file(const struct dirent *entry)
{
	const size_t n = strlen(entry->d_name);

	return n > 6 && entry->d_name[0] != '.' && strcmp(entry->d_name + n - 6, ".class") == 0;
}

/* Texts of the class files; they must stay until the classes are compiled. */
struct texts {
	struct str *text;
	int count;
};

static void texts_free(struct texts *t)
{
	for (int i = 0; i < t->count; i++)
		str_free(&t->text[i]);
	free(t->text);
}

static bool parse_class_file(const char *folder, const char *name, struct str *text,
			     struct classes_builder *builder, struct diags *diags)
{
	struct str path = {0};
	int error;

	str_printf(&path, "%s/%s", folder, name);
	error = path.failed ? ENOMEM : str_read_file(path.p, LIMIT_LIST_BYTES, text);
	if (error != 0)
		diag_add(diags, DIAG_ERROR, str_text(&path), 0, 0, "%s", strerror(error));
	else
		error = classes_parse(builder, (struct slice){text->p, text->n}, path.p, diags);
	str_free(&path);
	return error == 0;
}

static struct classes *read_classes(const char *folder, struct diags *diags)
{
	struct classes_builder *builder = classes_builder_new();
	struct classes *classes = NULL;
	struct texts texts = {0};
	struct dirent **entry = NULL;
	const int n = scandir(folder, &entry, is_class_file, alphasort);
	bool good = n > 0 && builder != NULL;

	if (n <= 0)
		diag_add(diags, DIAG_ERROR, folder, 0, 0, "lists: no class files (*.class) here%s%s",
			 n < 0 ? ": " : "", n < 0 ? strerror(errno) : "");
	else
		texts.text = calloc((size_t)n, sizeof(*texts.text));
	good = good && texts.text != NULL;
	for (int i = 0; i < n; i++) {
		if (good) {
			texts.count = i + 1;
			good = parse_class_file(folder, entry[i]->d_name, &texts.text[i], builder, diags);
		}
		free(entry[i]);
	}
	free(entry);
	if (good)
		classes = classes_build(builder, true, diags);
	else
		classes_builder_free(builder);
	texts_free(&texts);
	return classes;
}

/* The list out of the database. NULL with *ret_refused when the database must not be used at all,
 * NULL without when it just cannot be read now. */
static struct list *list_from_database(const char *database, int64_t *ret_generation,
				       bool *ret_refused, struct diags *diags)
{
	struct store *store;
	struct list *list = NULL;
	char why[256];
	bool empty = true;
	int64_t generation;
	const enum store_status status = store_open(database, STORE_READ, READ_WAIT_MS, &store, why);

	*ret_refused = status == STORE_NOT_OURS || status == STORE_NEWER;
	if (*ret_refused)
		diag_add(diags, DIAG_ERROR, database, 0, 0, "%s", why);
	if (status != STORE_OK)
		return NULL;
	/* The generation first: a change in between is then noticed at the next look. */
	if (store_generation(store, &generation) == STORE_OK &&
	    senders_empty(store, &empty) == STORE_OK && !empty &&
	    senders_load(store, &list, diags) == STORE_OK)
		*ret_generation = generation;
	store_close(store);
	return list;
}

static struct list *list_from_files(const char *folder, struct diags *diags)
{
	struct list *list;
	const int error = senders_read_folder(folder, &list, diags);

	if (error != 0) {
		diag_add(diags, DIAG_ERROR, folder, 0, 0, "lists: %s", strerror(error));
		return NULL;
	}
	if (list_finish(list, diags) != 0) {
		list_free(list);
		return NULL;
	}
	return list;
}

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

struct snapshot *snapshot_build(const char *config_path, struct diags *diags)
{
	struct snapshot *s = calloc(1, sizeof(*s));
	bool refused = false;

	if (s == NULL)
		return NULL;
	s->generation = -1;
	s->config = config_load(config_path, diags);
	if (s->config != NULL) {
		s->boost = boost_bits(s->config);
		s->suffixes = suffixes_open();
		s->classes = read_classes(s->config->lists, diags);
		s->list = list_from_database(s->config->database, &s->generation, &refused, diags);
		if (s->list == NULL && !refused)
			s->list = list_from_files(s->config->lists, diags);
	}
	if (s->config != NULL && s->suffixes == NULL)
		diag_add(diags, DIAG_ERROR, "publicsuffix", 0, 0,
			 "no public suffix list (Debian: publicsuffix)");
	if (s->config == NULL || s->suffixes == NULL || s->classes == NULL || s->list == NULL) {
		snapshot_free(s);
		return NULL;
	}
	return s;
}

struct snapshot *snapshot_with_new_list(struct snapshot_owner *o, struct diags *diags)
{
	struct snapshot *before = (struct snapshot *)(uintptr_t)snapshot_get(o);
	struct snapshot *s = calloc(1, sizeof(*s));
	bool refused;

	if (s != NULL) {
		*s = *before;
		s->base = before->base != NULL ? before->base : before;
		s->list = list_from_database(s->config->database, &s->generation, &refused, diags);
		if (s->list == NULL) {
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
