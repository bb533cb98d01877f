/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lint.c - a second look at a finished list, for what needs the public suffix list, the clock or
 * other entries; see lint.h. Everything is reported where the entry begins.
 */
#include "rules/core/lint.h"

#include <string.h>

#include "rules/core/lint_private.h"
#include "rules/core/list_private.h"

/* Where findings go, and what about. */
struct place {
	const struct list *list;
	const struct suffixes *suffixes;
	struct diags *diags;
	const char *kind, *name;
	const char *file;
	unsigned line;
};

static void find(const struct place *at, enum diag_level level, const char *what, const char *value)
{
	diag_add(at->diags, level, at->file, at->line, 1, "%s \"%s\": %s%s%s%s", at->kind, at->name,
		 what, value ? " \"" : "", value ? value : "", value ? "\"" : "");
}

/* -- hosts ---------------------------------------------------------------------------------- */

static void lint_host(const struct place *at, const char *host, const char *suffix_text,
		      const char *tracking_text)
{
	if (!domain_org(at->suffixes, host))
		find(at, DIAG_ERROR, suffix_text, host);
	if (tracking_text && list_is_tracking(at->list, host))
		find(at, DIAG_ERROR, tracking_text, host);
}

static void lint_links(const struct place *at, const struct shape *link, size_t count)
{
	char host[LIMIT_DOMAIN + 1];
	for (size_t i = 0; i < count; i++) {
		shape_shortest_host(&link[i], host);
		lint_host(at, host, "Link to a public suffix", "Link to a tracking host");
	}
}

/* -- senders -------------------------------------------------------------------------------- */

/* Days since 1970-01-01 in the Gregorian calendar. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	year -= month <= 2;
	int64_t era = year / 400, of_era = year - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int64_t number(const char *p, size_t n)
{
	int64_t value = 0;
	for (size_t i = 0; i < n; i++)
		value = value * 10 + (p[i] - '0');
	return value;
}

void lint_seen_days(const char *seen, int64_t *ret_first, int64_t *ret_last)
{
	size_t n = strlen(seen);
	int64_t year = number(seen, 4), month = n >= 7 ? number(seen + 5, 2) : 1;
	int64_t first = days_of(year, month, n >= 10 ? number(seen + 8, 2) : 1);
	int64_t last = first;
	if (n == 4)
		last = days_of(year + 1, 1, 1) - 1;
	else if (n == 7)
		last = (month == 12 ? days_of(year + 1, 1, 1) : days_of(year, month + 1, 1)) - 1;
	*ret_first = first;
	*ret_last = last;
}

static void lint_seen(const struct place *at, const struct sender *s, int64_t today)
{
	int64_t first, last;
	if (!s->last_seen) {
		if (!s->local)
			find(at, DIAG_ERROR, "no Last-Seen (undated, where nobody knows)", NULL);
		return;
	}
	if (strcmp(s->last_seen, "undated") == 0)
		return;
	lint_seen_days(s->last_seen, &first, &last);
	if (today - last > LINT_SEEN_DAYS)
		find(at, DIAG_WARNING, "not seen for two years: Last-Seen is", s->last_seen);
	else if (first > today + 1)
		find(at, DIAG_WARNING, "Last-Seen lies ahead:", s->last_seen);
}

static bool is_cautioned(const char *note)
{
	for (const char *line = note; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (slice_starts_nocase(slice_of(line), "Caution:"))
			return true;
	}
	return false;
}

static void lint_trust(const struct place *at, const struct sender *s)
{
	if (s->confidence == 'C')
		find(at, DIAG_ERROR, "enabled with confidence C", NULL);
	else if (!s->confidence && !s->local)
		find(at, DIAG_ERROR, "enabled without Confidence", NULL);
	if (is_cautioned(s->note))
		find(at, DIAG_ERROR, "enabled in spite of the Caution in its Note", NULL);
	if (s->evidence_count == 0 && !s->local)
		find(at, DIAG_ERROR, "enabled without Evidence", NULL);
}

static void lint_evidence_of_links(const struct place *at, const struct sender *s)
{
	const uint32_t asking = 1u << CLASS_VERIFICATION | 1u << CLASS_SUSPENSION |
				1u << CLASS_TRANSFER_OUT | 1u << CLASS_TRANSFER_IN |
				1u << CLASS_CHANGE_OF_REGISTRANT | 1u << CLASS_NIS2;
	if (s->link_count > 0 || (s->platform && s->platform->link_count > 0))
		return;
	if (s->shared_domain)
		find(at, DIAG_WARNING,
		     "Shared-Domain without a Link: mail with links goes to review", NULL);
	else if (s->classes & asking && !s->code)
		find(at, DIAG_WARNING,
		     "no Link: its links are judged only by the organisational domain of",
		     s->domain);
}

static void lint_sender(const struct place *at, const struct sender *s, int64_t today)
{
	lint_host(at, s->domain,
		  "From domain is a public suffix:", "From domain is a tracking host:");
	lint_links(at, s->link, s->link_count);
	lint_links(at, s->added, s->added_count);
	if (!s->from && s->shared_domain)
		find(at, DIAG_ERROR, "Whole-Domain and Shared-Domain contradict each other", NULL);
	if (!s->enabled)
		return;
	lint_trust(at, s);
	if (list_is_freemail(at->list, s->domain))
		find(at, DIAG_WARNING, "enabled, and anybody has an address at", s->domain);
	lint_seen(at, s, today);
	lint_evidence_of_links(at, s);
}

/* -- platforms ------------------------------------------------------------------------------ */

static bool any_path(const struct shape *s)
{
	return strcmp(s->path, "/**") == 0;
}

/* Whether a takes the shortest host that fits b; what is wide has none. */
static bool takes_host_of(const struct shape *a, const struct shape *b)
{
	char host[LIMIT_DOMAIN + 1];
	shape_shortest_host(b, host);
	return !shape_is_wide(slice_of(b->host)) && shape_match_host(a, host);
}

/* Whether both say the same of some host: the same path, or one of them any. */
static bool claims_same(const struct shape *a, const struct shape *b)
{
	if (strcmp(a->host, b->host) != 0 && !takes_host_of(a, b) && !takes_host_of(b, a))
		return false;
	return any_path(a) || any_path(b) || strcmp(a->path, b->path) == 0;
}

/* The shape in a that some shape in b claims too, or NULL. */
static const struct shape *shared_shape(const struct shape *a, size_t a_count,
					const struct shape *b, size_t b_count)
{
	for (size_t i = 0; i < a_count; i++)
		for (size_t k = 0; k < b_count; k++)
			if (claims_same(&a[i], &b[k]))
				return &a[i];
	return NULL;
}

/* A link shows one platform: the first in the list's order where two claim it. */
static void lint_claims(const struct place *at, const struct platform *p)
{
	for (const struct platform *q = at->list->platform; q < p; q++) {
		const struct shape *s =
		    shared_shape(p->link, p->link_count, q->link, q->link_count);
		if (!s)
			s = shared_shape(p->link, p->link_count, q->recognise, q->recognise_count);
		if (!s)
			s = shared_shape(p->recognise, p->recognise_count, q->link, q->link_count);
		if (!s)
			s = shared_shape(p->recognise, p->recognise_count, q->recognise,
					 q->recognise_count);
		if (s)
			diag_add(at->diags, DIAG_WARNING, at->file, at->line, 1,
				 "platform \"%s\": platform \"%s\" claims \"%s %s\" too", p->name,
				 q->name, s->host, s->path);
	}
}

static void lint_platform(const struct place *at, const struct platform *p)
{
	lint_links(at, p->link, p->link_count);
	lint_links(at, p->recognise, p->recognise_count);
	for (size_t i = 0; i < p->hold_ns_count; i++)
		lint_host(at, p->hold_ns[i], "Hold-NS is a public suffix:", NULL);
	lint_claims(at, p);
}

/* -- the whole ------------------------------------------------------------------------------ */

static const char *const host_kinds[] = {
    [HOST_HARMLESS] = "harmless",
    [HOST_TRACKING] = "tracking",
    [HOST_FREEMAIL] = "freemail",
};

/* Of what is shipped, an entry says its links itself: these would be lost in the database. */
static void lint_link_for(const struct list *l, struct diags *diags)
{
	for (size_t i = 0; i < l->link_for_count; i++)
		if (!l->link_for[i].local)
			diag_add(diags, DIAG_ERROR, l->link_for[i].file, l->link_for[i].line, 1,
				 "Link-For is for the site's own links");
}

void lint_list(const struct list *l, const struct suffixes *suffixes, int64_t now,
	       struct diags *diags)
{
	struct place at = {.list = l, .suffixes = suffixes, .diags = diags};
	int64_t today = now / 86400;
	for (size_t i = 0; i < l->platform_count; i++) {
		const struct platform *p = &l->platform[i];
		at.kind = "platform";
		at.name = p->name;
		at.file = p->file;
		at.line = p->line;
		lint_platform(&at, p);
	}
	for (size_t i = 0; i < l->hosts_count; i++) {
		const struct host_set *h = &l->hosts[i];
		at.kind = host_kinds[h->use];
		at.name = h->name;
		at.file = h->file;
		at.line = h->line;
		lint_links(&at, h->link, h->link_count);
		for (size_t k = 0; k < h->host_count; k++)
			lint_host(&at, h->host[k], "Host is a public suffix:", NULL);
	}
	for (size_t i = 0; i < l->sender_count; i++) {
		const struct sender *s = &l->sender[i];
		at.kind = "sender";
		at.name = s->name;
		at.file = s->file;
		at.line = s->line;
		lint_sender(&at, s, today);
	}
	lint_link_for(l, diags);
	lint_neighbours(l, suffixes, diags);
}
