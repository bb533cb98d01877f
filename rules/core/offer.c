/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * offer.c - what could be decided about one mail; see offer.h.
 *
 * Shapes come from the judge, which has parsed hostile octets. That they are shapes finding_unpack
 * has checked; whether one may be offered is decided here, by the list of this side.
 */
#include "rules/core/offer.h"

#include <string.h>

static uint32_t bit(enum reason r)
{
	return 1u << r;
}

/* -- links ---------------------------------------------------------------------------------- */

/* One path that the shape stands for. */
static struct slice sample_of(const char *path, char to[static FINDING_SHAPE + 1])
{
	size_t n = strnlen(path, FINDING_SHAPE);
	for (size_t i = 0; i < n; i++)
		to[i] = path[i] == '*' ? 'x' : path[i];
	to[n] = '\0';
	return (struct slice){to, n};
}

bool offer_fits(const struct shape *shape, size_t count, const char *host, const char *path)
{
	char sample[FINDING_SHAPE + 1];
	struct slice text = sample_of(path, sample);
	for (size_t i = 0; i < count; i++)
		if (shape_match(&shape[i], host, text))
			return true;
	return false;
}

bool offer_is_harmless(const struct list *list, const char *host, const char *path)
{
	char sample[FINDING_SHAPE + 1];
	return path[0] && list_is_harmless(list, host, sample_of(path, sample));
}

/* Whether the host lies below the From domain of another entry that says that it is shared. */
static bool is_shared(const struct list *list, const struct sender *own, const char *host)
{
	for (const char *p = host; p; p = strchr(p, '.')) {
		p += p != host;
		const struct sender *s = list_find_domain(list, slice_of(p));
		if (s && s->shared_domain && (!own || strcmp(s->domain, own->domain) != 0))
			return true;
	}
	return false;
}

static bool is_about(const struct finding *f, const char *host)
{
	for (uint32_t i = 0; i < f->domain_kept; i++)
		if (domain_is_below(host, f->domain[i]))
			return true;
	return false;
}

struct search {
	const struct list *list;
	const struct suffixes *suffixes;
	const struct lookalikes *lookalikes;
	const struct sender *entry;
	const struct finding *finding;
	struct offer *offer;
};

static bool may_be_accepted(const struct search *q, const struct finding_link *l)
{
	struct imitation i;
	return l->host[0] && l->shape[0] && !list_is_tracking(q->list, l->host) &&
	       !(q->lookalikes && lookalikes_find(q->lookalikes, l->host, &i)) &&
	       domain_org(q->suffixes, l->host) && !is_about(q->finding, l->host) &&
	       !is_shared(q->list, q->entry, l->host);
}

static void add(struct search *q, const struct finding_link *l, bool shaped)
{
	struct offer *o = q->offer;
	const char *shape = shaped ? l->shape : "";
	for (uint32_t i = 0; i < o->link_count; i++)
		if (strcmp(o->link[i].host, l->host) == 0 && strcmp(o->link[i].shape, shape) == 0)
			return;
	if (o->link_count == OFFER_LINKS_MOST) {
		o->more = true;
		return;
	}
	struct offer_link *to = &o->link[o->link_count++];
	memcpy(to->host, l->host, sizeof to->host);
	slice_copy(slice_of(shape), to->shape, sizeof to->shape);
}

/* -- the two kinds -------------------------------------------------------------------------- */

static void find_sender(struct search *q)
{
	const struct finding *f = q->finding;
	for (uint32_t i = 0; i < f->link_kept; i++)
		if (!offer_is_harmless(q->list, f->link[i].host, f->link[i].shape))
			add(q, &f->link[i], may_be_accepted(q, &f->link[i]));
	q->offer->more = q->offer->more || f->link_count > f->link_kept;
	q->offer->kind = OFFER_SENDER;
}

/* All of them, or nothing is offered: one that stays would keep the mail from being genuine. */
static void find_links(struct search *q)
{
	const struct finding *f = q->finding;
	for (uint32_t i = 0; i < f->link_kept; i++) {
		if (f->link[i].expected)
			continue;
		if (!may_be_accepted(q, &f->link[i]))
			return;
		add(q, &f->link[i], true);
	}
	bool all_kept = f->link_count - f->link_expected <= f->link_kept;
	if (q->offer->link_count > 0 && !q->offer->more && all_kept)
		q->offer->kind = OFFER_LINKS;
}

static bool only_links_fail(const struct decision *d)
{
	for (unsigned i = 0; i < CONDITION_COUNT; i++)
		if (d->condition[i] != (i == CONDITION_LINKS ? PROOF_NO : PROOF_YES))
			return false;
	return d->verdict == VERDICT_KNOWN && d->reasons &&
	       !(d->reasons & ~(bit(REASON_LINKS) | bit(REASON_LINK_EVIDENCE)));
}

static void name_signature(const struct decision *d, const struct finding *f, struct offer *to)
{
	for (uint32_t i = 0; i < f->dkim_count; i++)
		if (d->dkim_aligned[i] && f->dkim[i].result == AUTH_PASS && !f->dkim[i].flaws) {
			memcpy(to->d, f->dkim[i].d, sizeof to->d);
			memcpy(to->s, f->dkim[i].s, sizeof to->s);
			return;
		}
}

void offer_find(const struct list *list, const struct suffixes *suffixes,
		const struct lookalikes *lookalikes, const struct candidate *candidate,
		const struct decision *decision, const struct finding *finding,
		struct offer *ret_offer)
{
	struct offer o = {0};
	struct search q = {list, suffixes, lookalikes, decision->entry, finding, &o};
	const char *org =
	    candidate->from_plain ? domain_org(suffixes, candidate->from.domain) : NULL;
	if (org && decision->verdict == VERDICT_UNLISTED)
		find_sender(&q);
	else if (org && decision->entry && only_links_fail(decision))
		find_links(&q);
	if (o.kind == OFFER_NO) {
		*ret_offer = (struct offer){0};
		return;
	}
	slice_copy(slice_of(org), o.org, sizeof o.org);
	name_signature(decision, finding, &o);
	if (list_find_platform(list, finding->platform))
		memcpy(o.platform, finding->platform, sizeof o.platform);
	*ret_offer = o;
}
