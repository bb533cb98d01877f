/* SPDX-License-Identifier: BSD-2-Clause */
/* rates.c - see rates.h. */
#include "milter/rates.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/limits.h"
#include "base/str.h"

enum {
	HOUR_MS = 3600 * 1000,
	WAYS = 8, /* places in which one address may stand */
	ROWS = LIMIT_RATE_ADDRESSES / WAYS,
};

/* An address, by its hash, and the time at which it has been forgiven everything. */
struct cell {
	uint64_t key;
	int64_t clean_at;
};

struct rates {
	pthread_mutex_t lock;
	uint64_t secret; /* so that nobody can choose addresses that share a row */
	struct cell cell[ROWS][WAYS];
};

const char *rates_answer_name(enum rates_answer a)
{
	switch (a) {
	case RATES_UNDER: return NULL;
	case RATES_SENDER: return "sender-rate";
	case RATES_RECIPIENT: return "recipient-rate";
	}
	return NULL;
}

struct rates *rates_new(void)
{
	struct rates *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	if (getrandom(&r->secret, sizeof(r->secret), 0) != (ssize_t)sizeof(r->secret)) {
		free(r);
		return NULL;
	}
	pthread_mutex_init(&r->lock, NULL);
	return r;
}

void rates_free(struct rates *r)
{
	if (r == NULL)
		return;
	pthread_mutex_destroy(&r->lock);
	free(r);
}

/* Two addresses of one hash would share a rate, no more. With the finish of splitmix64, since the
 * hash's low bits are poor and choose the row. */
static uint64_t hash(const struct rates *r, char kind, const char *address)
{
	uint64_t h = str_hash_nocase(slice_of(address), r->secret + (unsigned char)kind);

	h = (h ^ h >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	h = (h ^ h >> 27) * UINT64_C(0x94d049bb133111eb);
	return h ^ h >> 31;
}

/* The cell of an address: its own, or the one that is forgotten for it. */
static struct cell *find(struct rates *r, uint64_t key, int64_t now)
{
	struct cell *row = r->cell[key % ROWS], *oldest = row;

	for (int i = 0; i < WAYS; i++) {
		if (row[i].key == key)
			return &row[i];
		if (row[i].clean_at < oldest->clean_at)
			oldest = &row[i];
	}
	*oldest = (struct cell){key, now};
	return oldest;
}

static bool has_room(struct rates *r, uint64_t key, int64_t most, int64_t now)
{
	return find(r, key, now)->clean_at - now <= HOUR_MS - HOUR_MS / most;
}

static void count(struct rates *r, uint64_t key, int64_t most, int64_t now)
{
	struct cell *c = find(r, key, now);

	c->clean_at = (c->clean_at > now ? c->clean_at : now) + HOUR_MS / most;
}

enum rates_answer rates_ask(struct rates *r, const char *sender, const struct message *m,
			    int64_t now_ms)
{
	const uint64_t from = hash(r, 's', sender);
	enum rates_answer answer = RATES_UNDER;

	pthread_mutex_lock(&r->lock);
	if (!has_room(r, from, LIMIT_BOOSTS_SENDER, now_ms))
		answer = RATES_SENDER;
	for (size_t i = 0; i < m->rcpt_count && answer == RATES_UNDER; i++)
		if (!has_room(r, hash(r, 'r', message_rcpt(m, i)), LIMIT_BOOSTS_RECIPIENT, now_ms))
			answer = RATES_RECIPIENT;
	if (answer == RATES_UNDER) {
		count(r, from, LIMIT_BOOSTS_SENDER, now_ms);
		for (size_t i = 0; i < m->rcpt_count; i++)
			count(r, hash(r, 'r', message_rcpt(m, i)), LIMIT_BOOSTS_RECIPIENT, now_ms);
	}
	pthread_mutex_unlock(&r->lock);
	return answer;
}
