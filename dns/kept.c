/* SPDX-License-Identifier: BSD-2-Clause */
/* kept.c - a table of answers, each question at one place; see kept.h. */
#include "dns/kept.h"

#include <stdlib.h>
#include <string.h>

struct place {
	struct question question;
	struct answer answer; /* with data.p NULL: nothing is kept here */
	int64_t until;
};

struct kept {
	struct place place[LIMIT_DNS_KEPT];
};

struct kept *kept_new(void)
{
	return calloc(1, sizeof(struct kept));
}

void kept_free(struct kept *k)
{
	if (!k)
		return;
	for (size_t i = 0; i < LIMIT_DNS_KEPT; i++)
		answer_free(&k->place[i].answer);
	free(k);
}

/* FNV-1a. Who finds questions for one place has them asked again, which is what they cost anyway.
 */
static struct place *place_of(struct kept *k, const struct question *q)
{
	uint32_t hash = 2166136261u ^ (uint32_t)q->type;
	for (const char *p = q->name; *p; p++)
		hash = (hash ^ (unsigned char)str_lower_char(*p)) * 16777619u;
	return &k->place[(hash ^ hash >> 16) % LIMIT_DNS_KEPT];
}

static bool is_of(const struct place *p, const struct question *q)
{
	return p->answer.data.p && p->question.type == q->type &&
	       slice_is_nocase(slice_of(p->question.name), q->name);
}

static void forget(struct place *p)
{
	answer_free(&p->answer);
	p->answer = (struct answer){0};
}

const struct answer *kept_find(struct kept *k, const struct question *q, int64_t now)
{
	struct place *p = place_of(k, q);
	if (!is_of(p, q))
		return NULL;
	if (p->until <= now) {
		forget(p);
		return NULL;
	}
	p->answer.id = q->id;
	p->answer.ttl = (uint32_t)(p->until - now);
	return &p->answer;
}

void kept_note(struct kept *k, const struct question *q, const struct answer *a, int64_t now)
{
	const uint32_t ttl = a->ttl < LIMIT_DNS_KEPT_S ? a->ttl : LIMIT_DNS_KEPT_S;
	struct place *p = place_of(k, q);
	struct answer copy = {.status = a->status};
	bool good = a->status == ANSWER_DATA && ttl > 0 && a->data.n > 0 &&
		    a->data.n <= LIMIT_DNS_KEPT_BYTES;
	for (uint32_t i = 0; good && i < a->count; i++)
		good = answer_add(&copy, a->record[i].p, a->record[i].n);
	if (!good) {
		answer_free(&copy);
		return;
	}
	forget(p);
	*p = (struct place){*q, copy, now + ttl};
}
