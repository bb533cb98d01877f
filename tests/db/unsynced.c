/* SPDX-License-Identifier: BSD-2-Clause */
/* unsynced.c - see unsynced.h. */
#include "tests/db/unsynced.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/rules/table.h"

/* One operation. A write puts `now` over `before`, which is shorter where the file ended. */
struct operation {
	struct operation *older;
	char *name;
	sqlite3_int64 at, size; /* of the file before it */
	char *before, *now;     /* now NULL: a truncation to `at`, `before` is its tail */
	int before_n, now_n;
};

static struct operation *newest;

static char *copy(const void *p, int n)
{
	char *c = malloc((size_t)n + 1);
	assert_non_null(c);
	memcpy(c, p, (size_t)n);
	return c;
}

void unsynced_note(const char *name, sqlite3_file *real, const void *from, int n, sqlite3_int64 at)
{
	struct operation *o = calloc(1, sizeof(*o));
	assert_non_null(o);
	o->older = newest;
	newest = o;
	o->name = strdup(name);
	o->at = at;
	assert_int_equal(real->pMethods->xFileSize(real, &o->size), SQLITE_OK);
	sqlite3_int64 there = o->size > at ? o->size - at : 0;
	if (from && there > n)
		there = n;
	o->before_n = (int)there;
	o->before = malloc((size_t)there + 1);
	assert_non_null(o->before);
	if (there > 0)
		assert_int_equal(real->pMethods->xRead(real, o->before, (int)there, at), SQLITE_OK);
	if (from) {
		o->now = copy(from, n);
		o->now_n = n;
	}
}

static void release(struct operation *o)
{
	free(o->name);
	free(o->before);
	free(o->now);
	free(o);
}

void unsynced_clear(const char *name)
{
	for (struct operation **at = &newest; *at;) {
		struct operation *o = *at;
		if (name && strcmp(o->name, name) != 0) {
			at = &o->older;
			continue;
		}
		*at = o->older;
		release(o);
	}
}

void unsynced_forget(void)
{
	unsynced_clear(NULL);
}

static void put(int fd, const void *p, int n, sqlite3_int64 at)
{
	if (n > 0)
		assert_int_equal(pwrite(fd, p, (size_t)n, at), n);
}

static void take_back(const struct operation *o)
{
	int fd = open(o->name, O_WRONLY);
	if (fd < 0)
		return; /* deleted since */
	put(fd, o->before, o->before_n, o->at);
	assert_int_equal(ftruncate(fd, o->size), 0);
	close(fd);
}

static void do_again(const struct operation *o)
{
	int fd = open(o->name, O_WRONLY);
	if (fd < 0)
		return;
	if (o->now)
		put(fd, o->now, o->now_n, o->at);
	else
		assert_int_equal(ftruncate(fd, o->at), 0);
	close(fd);
}

/* From the oldest on. */
static void keep_some(const struct operation *o, unsigned *seed)
{
	if (!o)
		return;
	keep_some(o->older, seed);
	if (rand_r(seed) / 7 % 2)
		do_again(o);
}

void unsynced_lose(unsigned seed)
{
	for (const struct operation *o = newest; o; o = o->older)
		take_back(o);
	if (seed)
		keep_some(newest, &seed);
	unsynced_forget();
}
