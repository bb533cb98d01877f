/* SPDX-License-Identifier: BSD-2-Clause */
/* redact_url.c - a URL in a text: its host, then path and parameters, each by itself. */
#include <ctype.h>
#include <string.h>

#include "cli/redact/redact_private.h"

enum {
	SCHEME_MOST = 20, /* octets before "://" */
	VALUE_SHORT = 2,  /* of a link's parameter: "en", "1" */
};

/* Whether a shape of the list has this parameter with this value: then it is no secret. */
static bool in_shapes(const struct shape *link, size_t count, struct slice pair)
{
	for (size_t i = 0; i < count; i++) {
		const char *p = memmem(link[i].path, strlen(link[i].path), pair.p, pair.n);

		if (p != NULL && strchr("&[]/", p[pair.n]) != NULL)
			return true;
	}
	return false;
}

static bool is_public_pair(const struct redact *r, struct slice pair)
{
	for (size_t i = 0; i < list_platform_count(r->list); i++) {
		const struct platform *p = list_platform_at(r->list, i);

		if (in_shapes(p->link, p->link_count, pair))
			return true;
	}
	for (size_t i = 0; i < list_count(r->list); i++) {
		const struct sender *s = list_at(r->list, i);

		if (in_shapes(s->link, s->link_count, pair))
			return true;
	}
	return false;
}

static bool is_plain_value(struct slice value)
{
	static const char *const words[] = {"approve", "deny", "accept", "reject", "confirm",
					    "cancel",  "true", "false",  "yes",    NULL};
	for (size_t i = 0; words[i] != NULL; i++)
		if (slice_is_nocase(value, words[i]))
			return true;
	return value.n <= VALUE_SHORT;
}

/* name=value; a value with an address keeps the form of one. */
static void put_parameter(struct redact *r, struct slice pair, struct str *to)
{
	const char *equals = pair.n ? memchr(pair.p, '=', pair.n) : NULL;
	struct slice value;

	if (equals == NULL) {
		redact_words(r, pair, to);
		return;
	}
	value = (struct slice){equals + 1, pair.n - (size_t)(equals + 1 - pair.p)};
	redact_words(r, (struct slice){pair.p, (size_t)(equals - pair.p)}, to);
	str_putc(to, '=');
	if (memmem(value.p, value.n, "%40", 3) != NULL) {
		str_puts(to, "person%40example.com");
	} else if (memchr(value.p, '@', value.n) != NULL) {
		redact_text(r, value, to);
	} else if (is_plain_value(value) || is_public_pair(r, pair)) {
		str_add(to, value.p, value.n);
	} else {
		r->tokens++;
		redact_form(value, to);
	}
}

/* Path, query and fragment: segments and parameters, each by itself. */
static void put_path(struct redact *r, struct slice path, struct str *to)
{
	bool query = false;
	size_t from = 0;

	for (size_t i = 0; i <= path.n; i++) {
		const char c = i < path.n ? path.p[i] : '\0';
		const struct slice piece = {path.p + from, i - from};

		if (i < path.n && strchr("/?&#;", c) == NULL)
			continue;
		if (query)
			put_parameter(r, piece, to);
		else
			redact_text(r, piece, to);
		if (i < path.n)
			str_putc(to, c);
		query = query || c == '?';
		from = i + 1;
	}
}

static bool ends_url(char c)
{
	return (unsigned char)c <= ' ' || strchr("\"'<>`|\\^{}", c) != NULL;
}

/* Whether a URL begins here, and how many octets stand before its host. */
static bool url_begins(struct slice text, size_t i, size_t *ret_before)
{
	size_t n = 0;

	*ret_before = 0;
	if (slice_starts_nocase((struct slice){text.p + i, text.n - i}, "www."))
		return true;
	while (n < SCHEME_MOST && i + n < text.n &&
	       (isalnum((unsigned char)text.p[i + n]) || text.p[i + n] == '+'))
		n++;
	*ret_before = n + 3;
	return n > 0 && i + n + 3 <= text.n && memcmp(text.p + i + n, "://", 3) == 0;
}

/* Octets of what stands before the host: a name and a password, with their @. */
static size_t userinfo(struct slice text, size_t at)
{
	size_t n = 0;

	for (size_t i = at; i < text.n && !ends_url(text.p[i]) && !strchr("/?#", text.p[i]); i++)
		if (text.p[i] == '@')
			n = i + 1 - at;
	return n;
}

/* The octets that the URL at i takes, having put what stands for it; 0 if there is none. */
size_t redact_url(struct redact *r, struct slice text, size_t i, struct str *to)
{
	size_t before, user, at, end;
	char host[LIMIT_DOMAIN + 1];
	struct slice name, path;

	if (!url_begins(text, i, &before))
		return 0;
	user = before > 0 ? userinfo(text, i + before) : 0;
	at = i + before + user;
	while (at < text.n && !ends_url(text.p[at]) && strchr("/?#:", text.p[at]) == NULL)
		at++;
	name = (struct slice){text.p + i + before + user, at - i - before - user};
	if (!domain_normalise(name, false, host))
		return 0;
	for (end = at; end < text.n && !ends_url(text.p[end]);)
		end++;
	str_add(to, text.p + i, before);
	redact_form((struct slice){text.p + i + before, user}, to);
	if (redact_is_known(r, host))
		str_add(to, name.p, name.n); /* as it was spelt */
	else
		redact_host(r, host, to);
	path = (struct slice){text.p + at, end - at};
	if (list_is_harmless(r->list, host, path))
		str_add(to, path.p, path.n);
	else
		put_path(r, path, to);
	return end - i;
}
