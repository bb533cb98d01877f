/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lookalike_find.c - the probes for one name: what looks the same, what is one edit away, what
 * stands within it. Why so: lookalike.c.
 */
#include <string.h>

#include "rules/core/lookalike_private.h"

enum {
	HYPHENS = 6, /* of a label that are borders of parts */
};

/* Of skeletons (skeleton.h), as far as a misspelt ASCII name goes. */
static const char alphabet[] = "abcdefghjklmnopqrstuvwxyz23456789";

/* -- probes --------------------------------------------------------------------------------- */

static void take_part(struct query *q, const char *part, const char *end)
{
	q->part = part;
	q->end = end;
	q->unicode = lookalike_key(part, end, &q->plain);
	skeleton_join(&q->plain, &q->joined);
}

static void probe(struct query *q, uint64_t hash,
		  void (*judge)(struct query *q, const struct hit *h))
{
	uint64_t mixed = lookalike_mix(q->x, hash);
	size_t at = (size_t)mixed;
	const struct target *t;
	struct hit h;
	while (!q->stop && (t = lookalike_next(q->x, mixed, &at)) != NULL)
		if (lookalike_take_apart(q, t, &h))
			judge(q, &h);
}

/* The hash of a text with a change at one place, from what is before and behind it. */
struct rolling {
	uint64_t head[SKELETON_LABEL + 2]; /* of the first i characters */
	uint64_t tail[SKELETON_LABEL + 2]; /* of the characters from i on */
	uint64_t power[SKELETON_LABEL + 2];
};

static void roll(const struct skeleton *key, struct rolling *r)
{
	size_t n = key->n;
	r->head[0] = r->tail[n] = 0;
	r->power[0] = 1;
	for (size_t i = 0; i <= n; i++)
		r->power[i + 1] = r->power[i] * LOOKALIKE_BASE;
	for (size_t i = 0; i < n; i++)
		r->head[i + 1] = lookalike_step(r->head[i], key->text[i]);
	for (size_t i = n; i > 0; i--)
		r->tail[i - 1] =
		    ((unsigned char)key->text[i - 1] + 1ull) * r->power[n - i] + r->tail[i];
}

static void probe_edits_at(struct query *q, const struct skeleton *key, const struct rolling *r,
			   size_t i)
{
	const char *text = key->text;
	size_t behind = key->n - i; /* characters from i on */
	for (const char *c = alphabet; *c; c++)
		probe(q, lookalike_step(r->head[i], *c) * r->power[behind] + r->tail[i],
		      lookalike_judge_edit);
	if (behind == 0)
		return;
	probe(q, r->head[i] * r->power[behind - 1] + r->tail[i + 1], lookalike_judge_edit);
	for (const char *c = alphabet; *c; c++)
		if (*c != text[i])
			probe(
			    q,
			    lookalike_step(r->head[i], *c) * r->power[behind - 1] + r->tail[i + 1],
			    lookalike_judge_edit);
	if (behind > 1 && text[i] != text[i + 1])
		probe(q,
		      lookalike_step(lookalike_step(r->head[i], text[i + 1]), text[i]) *
			      r->power[behind - 2] +
			  r->tail[i + 2],
		      lookalike_judge_edit);
}

static void probe_edits(struct query *q, const struct skeleton *key)
{
	struct rolling r;
	if (key->n + 1 < LOOKALIKE_ALONE || key->n > q->x->longest + 1 || key->n > SKELETON_LABEL)
		return;
	roll(key, &r);
	for (size_t i = 0; i <= key->n && !q->stop; i++)
		probe_edits_at(q, key, &r, i);
}

static void probe_beginnings(struct query *q)
{
	uint64_t hash = 0;
	for (size_t n = 1; n < q->joined.n && !q->stop; n++) {
		hash = lookalike_step(hash, q->joined.text[n - 1]);
		if (n < LOOKALIKE_SAME)
			continue;
		uint64_t mixed = lookalike_mix(q->x, hash);
		size_t at = (size_t)mixed;
		const struct target *t;
		struct hit h;
		while (!q->stop && (t = lookalike_next(q->x, mixed, &at)) != NULL)
			if (lookalike_take_apart(q, t, &h))
				lookalike_judge_beginning(q, &h, n);
	}
}

/* Everything between two hyphens, borders included, for the first few of them. */
static void probe_parts(struct query *q, const char *label, const char *end)
{
	const char *from[HYPHENS + 1], *to[HYPHENS + 1];
	size_t count = 0;
	for (const char *p = label; p < end && count <= HYPHENS; p = to[count++] + 1) {
		const char *hyphen = memchr(p, '-', (size_t)(end - p));
		from[count] = p;
		to[count] = hyphen && count < HYPHENS ? hyphen : end;
	}
	for (size_t i = 0; i < count; i++)
		for (size_t k = i; k < count && !q->stop; k++) {
			take_part(q, from[i], to[k]);
			probe_beginnings(q);
		}
}

static void probe_all(struct query *q)
{
	const char *end = q->suffix - 1;
	take_part(q, q->org, end);
	probe(q, lookalike_hash(&q->joined), lookalike_judge_same);
	probe_edits(q, &q->joined);
	if (q->plain.n != q->joined.n)
		probe_edits(q, &q->plain);
	if (q->host < q->org && !q->stop) {
		take_part(q, q->host, end);
		probe(q, lookalike_hash(&q->joined), lookalike_judge_same);
	}
	for (const char *label = q->host; label < q->suffix && !q->stop;) {
		const char *dot = label + strcspn(label, ".");
		if (label < q->org) {
			take_part(q, label, dot);
			probe(q, lookalike_hash(&q->joined), lookalike_judge_label);
		}
		probe_parts(q, label, dot);
		label = dot + 1;
	}
}

void lookalikes_each(const struct lookalikes *x, const char *name,
		     bool (*found)(const struct imitation *i, void *context), void *context)
{
	struct query q = {.x = x, .host = name, .found = found, .context = context};
	q.org = domain_org(x->suffixes, name);
	if (!q.org)
		return;
	q.suffix = lookalike_suffix(q.org);
	probe_all(&q);
}

static bool take_first(const struct imitation *i, void *context)
{
	*(struct imitation *)context = *i;
	return true;
}

bool lookalikes_find(const struct lookalikes *x, const char *name, struct imitation *ret_imitation)
{
	struct imitation first = {0};
	if (lookalikes_listed(x, name))
		return false;
	lookalikes_each(x, name, take_first, &first);
	if (!first.name)
		return false;
	*ret_imitation = first;
	return true;
}
