/* SPDX-License-Identifier: BSD-2-Clause */
/* redact_known.c - whose names stay, and what stands for the others: the same thing for the same
 * other thing throughout one mail. */
#include <stdlib.h>
#include <string.h>

#include "cli/redact/redact_private.h"

enum {
	NAMES_MOST = 200,    /* hidden words */
	KNOWN_MOST = 400000, /* domains of a list of 300,000 senders */
	MAPPED_MOST = 10000, /* different addresses, domains, IP addresses of one mail */
};

/* -- what is known so far ------------------------------------------------------------------- */

static void mapped_free(struct mapped *m)
{
	for (size_t i = 0; i < m->count; i++)
		free(m->text[i]);
	free(m->text);
}

static void mapped_add(struct redact *r, struct mapped *m, struct slice text, size_t most)
{
	char *copy;

	if (m->count == m->room) {
		const size_t room = m->room ? m->room * 2 : 64;
		char **grown = m->count < most ? reallocarray(m->text, room, sizeof(*grown)) : NULL;

		if (grown == NULL) {
			r->failed = true;
			return;
		}
		m->text = grown;
		m->room = room;
	}
	copy = slice_dup(text);
	if (copy == NULL)
		r->failed = true;
	else
		m->text[m->count++] = copy;
}

static bool mapped_has(const struct mapped *m, const char *text)
{
	for (size_t i = 0; i < m->count; i++)
		if (str_same_nocase(m->text[i], text))
			return true;
	return false;
}

/* The number, from 0, under which the text goes. */
size_t redact_number(struct redact *r, struct mapped *m, struct slice text)
{
	for (size_t i = 0; i < m->count; i++)
		if (slice_is_nocase(text, m->text[i]))
			return i;
	mapped_add(r, m, text, MAPPED_MOST);
	return m->count ? m->count - 1 : 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void know(struct redact *r, const char *name)
{
	const char *org = domain_org(r->suffixes, name);

	mapped_add(r, &r->known, slice_of(org != NULL ? org : name), KNOWN_MOST);
	r->sorted = false;
}

static void know_links(struct redact *r, const struct shape *link, size_t count)
{
	char host[LIMIT_DOMAIN + 1];

	for (size_t i = 0; i < count; i++) {
		shape_shortest_host(&link[i], host);
		know(r, host);
	}
}

struct redact *redact_new(const struct list *list, const struct suffixes *suffixes)
{
	struct redact *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->list = list;
	r->suffixes = suffixes;
	for (size_t i = 0; i < list_count(list); i++) {
		const struct sender *s = list_at(list, i);

		know(r, s->domain);
		know_links(r, s->link, s->link_count);
	}
	for (size_t i = 0; i < list_platform_count(list); i++) {
		const struct platform *p = list_platform_at(list, i);

		know_links(r, p->link, p->link_count);
		for (size_t k = 0; k < p->hold_ns_count; k++)
			know(r, p->hold_ns[k]);
	}
	return r;
}

void redact_free(struct redact *r)
{
	if (r == NULL)
		return;
	mapped_free(&r->known);
	mapped_free(&r->hidden_domain);
	mapped_free(&r->hidden);
	mapped_free(&r->local);
	mapped_free(&r->domain);
	mapped_free(&r->ip);
	free(r);
}

void redact_hide(struct redact *r, struct slice text)
{
	text = slice_trim(text);
	if (text.n > 0 && r->hidden.count < NAMES_MOST)
		mapped_add(r, &r->hidden, text, NAMES_MOST);
}

void redact_keep_domain(struct redact *r, const char *domain)
{
	know(r, domain);
}

void redact_hide_domain(struct redact *r, const char *domain)
{
	mapped_add(r, &r->hidden_domain, slice_of(domain), NAMES_MOST);
}

struct redact_count redact_counted(const struct redact *r)
{
	return (struct redact_count){r->local.count, r->domain.count, r->ip.count,
				     r->tokens,      r->names,        r->failed};
}

bool redact_is_known(struct redact *r, const char *host)
{
	const char *org = domain_org(r->suffixes, host);

	if (org == NULL)
		org = host;
	if (mapped_has(&r->hidden_domain, org))
		return false;
	if (!r->sorted && r->known.count > 0) {
		qsort(r->known.text, r->known.count, sizeof(*r->known.text), by_text);
		r->sorted = true;
	}
	return (r->known.count > 0 && bsearch(&org, r->known.text, r->known.count,
					      sizeof(*r->known.text), by_text) != NULL) ||
	       list_is_harmless(r->list, host, slice_of("/")) || list_is_tracking(r->list, host);
}

/* -- what stands for it --------------------------------------------------------------------- */

static void put_domain(struct redact *r, const char *org, struct str *to)
{
	static const char *const first[] = {"example.com", "example.net", "example.org"};
	const size_t n = redact_number(r, &r->domain, slice_of(org));

	if (n < sizeof(first) / sizeof(first[0]))
		str_puts(to, first[n]);
	else
		str_printf(to, "example%zu.com", n + 1);
}

/* A host: what stands below its organisational domain becomes "host", but for the usual names. */
void redact_host(struct redact *r, const char *host, struct str *to)
{
	static const char *const usual[] = {"www", "mail", "m", "ns1", "ns2", "smtp", NULL};
	const char *org = domain_org(r->suffixes, host);
	const size_t below = org != NULL && org > host ? (size_t)(org - host) - 1 : 0;
	bool named = false;

	if (redact_is_known(r, host)) {
		str_puts(to, host);
		return;
	}
	for (size_t i = 0; usual[i] != NULL && below > 0 && !named; i++) {
		named = slice_is((struct slice){host, below}, usual[i]);
		if (named)
			str_printf(to, "%s.", usual[i]);
	}
	if (below > 0 && !named)
		str_puts(to, "host.");
	put_domain(r, org != NULL ? org : host, to);
}

static void put_local(struct redact *r, struct slice local, struct str *to)
{
	str_printf(to, "person%zu", redact_number(r, &r->local, local) + 1);
}

void redact_address(struct redact *r, const char *address, struct str *to)
{
	const char *at = strrchr(address, '@');
	char domain[LIMIT_DOMAIN + 1];

	if (at == NULL || !domain_normalise(slice_of(at + 1), false, domain)) {
		put_local(r, slice_of(address), to);
		str_puts(to, "@example.com");
		return;
	}
	if (redact_is_known(r, domain))
		redact_words(r, (struct slice){address, (size_t)(at - address)}, to);
	else
		put_local(r, (struct slice){address, (size_t)(at - address)}, to);
	str_putc(to, '@');
	redact_host(r, domain, to);
}
