/* SPDX-License-Identifier: BSD-2-Clause */
/* signs.c - see signs.h. A connection that fails, or whose file has been moved away or replaced, is
 * closed and opened anew: the old file no longer learns who signs. */
#include "milter/signs.h"

#include <pthread.h>
#include <stdlib.h>

#include "db/store.h"

enum {
	SIGNS_WAIT_MS = 500, /* for a lock; readers of a WAL database hardly ever wait */
};

struct signs {
	pthread_mutex_t lock;
	struct store *store; /* NULL: not open */
};

struct signs *signs_new(void)
{
	struct signs *s = calloc(1, sizeof(*s));

	if (s != NULL)
		pthread_mutex_init(&s->lock, NULL);
	return s;
}

void signs_free(struct signs *s)
{
	if (s == NULL)
		return;
	store_close(s->store);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

bool signs_ask(struct signs *s, const char *database, const char *address)
{
	char why[256];
	bool signs = true, known = false;

	pthread_mutex_lock(&s->lock);
	if (s->store != NULL && store_has_moved(s->store)) {
		store_close(s->store);
		s->store = NULL;
	}
	if (s->store == NULL &&
	    store_open(database, STORE_READ, SIGNS_WAIT_MS, &s->store, why) != STORE_OK)
		s->store = NULL;
	if (s->store != NULL) {
		known = store_sender_signs(s->store, address, &signs) == STORE_OK;
		if (!known) {
			store_close(s->store);
			s->store = NULL;
		}
	}
	pthread_mutex_unlock(&s->lock);
	return !known || signs;
}
