/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * redact_text.c - what is replaced in a run of text, whatever its charset.
 *
 * The text is walked octet by octet, since a mail's charset may be a lie. A word begins at a
 * letter, a digit or an octet above 7F that does not follow one of these; and wherever plain ASCII
 * follows an octet above 7F, because Japanese puts an address next to a word without a space. At
 * each such place it is asked, in this order: a hidden name, a URL, an address, a host name, an IP
 * address, a token. What is none of them is copied. Where a reading is in doubt the text is
 * replaced: a mutilated word harms nobody.
 *
 * The escape sequences of ISO-2022 put two-octet characters in the place of ASCII; what stands
 * between them is copied.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/redact.h"

enum {
	NAMES_MOST = 200,    /* hidden words */
	KNOWN_MOST = 400000, /* domains of a list of 300,000 senders */
	MAPPED_MOST = 10000, /* different addresses, domains, IP addresses of one mail */
	TOKEN_MIXED = 6,     /* letters and digits together are a token from here on */
	TOKEN_LONG = 20,     /* and whatever is no plain word from here on */
	NUMBER_LONG = 5,     /* digits alone; years and days are shorter */
	SCHEME_MOST = 20,    /* octets before "://" */
	VALUE_SHORT = 2,     /* of a link's parameter: "en", "1" */
};

/* One kind of thing that has been replaced so far: the n-th different one becomes number n. */
struct mapped {
	char **text;
	size_t count, room;
};

struct redact {
	const struct list *list;
	const struct suffixes *suffixes;
	struct mapped known; /* organisational domains that stay, sorted */
	struct mapped hidden_domain;
	struct mapped hidden; /* names */
	struct mapped local, domain, ip;
	size_t tokens, names;
	bool sorted, failed;
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
static size_t mapped_number(struct redact *r, struct mapped *m, struct slice text)
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

static bool is_known(struct redact *r, const char *host)
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

static bool is_hex(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (isalnum((unsigned char)s.p[i]) && !isxdigit((unsigned char)s.p[i]))
			return false;
	return true;
}

void redact_form(struct slice token, struct str *to)
{
	const bool hex = is_hex(token);

	for (size_t i = 0; i < token.n; i++) {
		const char c = token.p[i];

		if (c >= '0' && c <= '9')
			str_putc(to, '0');
		else if (c >= 'a' && c <= 'z')
			str_putc(to, hex ? 'a' : 'x');
		else if (c >= 'A' && c <= 'Z')
			str_putc(to, hex ? 'A' : 'X');
		else
			str_putc(to, c);
	}
}

static void put_domain(struct redact *r, const char *org, struct str *to)
{
	static const char *const first[] = {"example.com", "example.net", "example.org"};
	const size_t n = mapped_number(r, &r->domain, slice_of(org));

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

	if (is_known(r, host)) {
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
	str_printf(to, "person%zu", mapped_number(r, &r->local, local) + 1);
}

/* -- tokens and numbers --------------------------------------------------------------------- */

static bool is_digits(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] < '0' || p[i] > '9')
			return false;
	return true;
}

/* 2025-01-17…, 17-Jan-2025, 20250117. */
static bool is_date(struct slice s)
{
	if (s.n >= 10 && is_digits(s.p, 4) && s.p[4] == '-' && is_digits(s.p + 5, 2) &&
	    s.p[7] == '-' && is_digits(s.p + 8, 2))
		return s.n < 14;
	if (s.n == 11 && is_digits(s.p, 2) && s.p[2] == '-' && s.p[6] == '-' &&
	    is_digits(s.p + 7, 4))
		return true;
	return s.n == 8 && is_digits(s.p, 8) && (s.p[0] == '1' || s.p[0] == '2') &&
	       (s.p[4] == '0' || s.p[4] == '1') && s.p[6] <= '3';
}

/* Names that hold digits and that every mail may hold. */
static bool is_term(struct slice s)
{
	static const char *const begins[] = {"iso-",   "utf-",    "windows-", "koi8-",  "big5",
					     "gb2312", "gb18030", "euc-",     "shift_", "us-ascii",
					     "cp125",  "base64",  "xhtml1",   "html4",  NULL};
	for (size_t i = 0; begins[i] != NULL; i++)
		if (slice_starts_nocase(s, begins[i]))
			return s.n < TOKEN_LONG;
	return false;
}

static bool is_token(struct slice s)
{
	size_t digits = 0, lower = 0, upper = 0;

	for (size_t i = 0; i < s.n; i++) {
		digits += s.p[i] >= '0' && s.p[i] <= '9';
		lower += s.p[i] >= 'a' && s.p[i] <= 'z';
		upper += s.p[i] >= 'A' && s.p[i] <= 'Z';
	}
	if (is_date(s) || is_term(s))
		return false;
	if (lower + upper == 0)
		return digits >= NUMBER_LONG;
	if (digits > 0)
		return s.n >= TOKEN_MIXED;
	return s.n >= TOKEN_LONG && upper > 1 && lower > 0;
}

static void put_word(struct redact *r, struct slice s, struct str *to)
{
	if (is_token(s)) {
		r->tokens++;
		redact_form(s, to);
	} else {
		str_add(to, s.p, s.n);
	}
}

/* Text without hosts or addresses: its words, each by itself. */
static void put_words(struct redact *r, struct slice s, struct str *to)
{
	size_t from = 0;

	for (size_t i = 0; i <= s.n; i++) {
		if (i < s.n && (isalnum((unsigned char)s.p[i]) || strchr("_+-~", s.p[i]) != NULL) &&
		    s.p[i] != '\0')
			continue;
		put_word(r, (struct slice){s.p + from, i - from}, to);
		if (i < s.n)
			str_putc(to, s.p[i]);
		from = i + 1;
	}
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
	if (is_known(r, domain))
		put_words(r, (struct slice){address, (size_t)(at - address)}, to);
	else
		put_local(r, (struct slice){address, (size_t)(at - address)}, to);
	str_putc(to, '@');
	redact_host(r, domain, to);
}

/* -- URLs ----------------------------------------------------------------------------------- */

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
		put_words(r, pair, to);
		return;
	}
	value = (struct slice){equals + 1, pair.n - (size_t)(equals + 1 - pair.p)};
	put_words(r, (struct slice){pair.p, (size_t)(equals - pair.p)}, to);
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

/* The octets that the URL at i takes, having put what stands for it; 0 if there is none. */
static size_t put_url(struct redact *r, struct slice text, size_t i, struct str *to)
{
	size_t before, at, end;
	char host[LIMIT_DOMAIN + 1];
	struct slice name, path;

	if (!url_begins(text, i, &before))
		return 0;
	at = i + before;
	while (at < text.n && !ends_url(text.p[at]) && strchr("/?#:", text.p[at]) == NULL)
		at++;
	name = (struct slice){text.p + i + before, at - i - before};
	if (!domain_normalise(name, false, host))
		return 0;
	for (end = at; end < text.n && !ends_url(text.p[end]);)
		end++;
	str_add(to, text.p + i, before);
	if (is_known(r, host))
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

/* -- names, addresses, hosts, IP addresses -------------------------------------------------- */

static bool is_wide(char c)
{
	return (unsigned char)c >= 0x80;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || is_wide(c);
}

static size_t put_hidden(struct redact *r, struct slice text, size_t i, struct str *to)
{
	for (size_t k = 0; k < r->hidden.count; k++) {
		const size_t n = strlen(r->hidden.text[k]);

		if (text.n - i < n ||
		    !slice_starts_nocase((struct slice){text.p + i, text.n - i}, r->hidden.text[k]))
			continue;
		if (i + n < text.n && isalnum((unsigned char)text.p[i + n]))
			continue;
		r->names++;
		str_puts(to, "Name");
		return n;
	}
	return 0;
}

/* An address whose local part begins at i. */
static size_t put_at(struct redact *r, struct slice text, size_t i, struct str *to)
{
	size_t at = i, end;
	char address[LIMIT_ADDRESS + 1];
	struct slice whole;

	while (at < text.n && at - i < LIMIT_ADDRESS &&
	       (isalnum((unsigned char)text.p[at]) || strchr("._+~!#$&'*/^{|}-", text.p[at])) &&
	       text.p[at] != '\0')
		at++;
	if (at == i || at >= text.n || text.p[at] != '@')
		return 0;
	for (end = at + 1; end < text.n && (is_word(text.p[end]) || strchr(".-", text.p[end])) &&
			   text.p[end] != '\0';)
		end++;
	while (end > at + 1 && strchr(".-", text.p[end - 1]))
		end--;
	whole = (struct slice){text.p + i, end - i};
	if (end == at + 1)
		return 0;
	if (!slice_copy(whole, address, sizeof(address)))
		str_puts(to, "person@example.com");
	else
		redact_address(r, address, to);
	return whole.n;
}

static size_t put_ip(struct redact *r, struct slice text, size_t i, struct str *to)
{
	unsigned char ip[16];
	char copy[INET6_ADDRSTRLEN];
	size_t n = 0, colons = 0, dots = 0;

	for (; i + n < text.n &&
	       (isxdigit((unsigned char)text.p[i + n]) || strchr(":.", text.p[i + n])) &&
	       text.p[i + n] != '\0';
	     n++) {
		colons += text.p[i + n] == ':';
		dots += text.p[i + n] == '.';
	}
	while (n > 0 && strchr(":.", text.p[i + n - 1]))
		n--;
	if ((colons < 2 && dots < 3) ||
	    !slice_copy((struct slice){text.p + i, n}, copy, sizeof(copy)))
		return 0;
	if (inet_pton(AF_INET, copy, ip) == 1)
		str_printf(to, "192.0.2.%zu", mapped_number(r, &r->ip, slice_of(copy)) % 254 + 1);
	else if (inet_pton(AF_INET6, copy, ip) == 1)
		str_printf(to, "2001:db8::%zx", mapped_number(r, &r->ip, slice_of(copy)) + 1);
	else
		return 0;
	return n;
}

/* The run of label octets at i, wide ones with or without, if it is a host name. */
static size_t put_name(struct redact *r, struct slice text, size_t i, bool wide, struct str *to)
{
	char host[LIMIT_DOMAIN + 1];
	const size_t most = wide ? 4 * LIMIT_DOMAIN : LIMIT_DOMAIN; /* octets of UTF-8 a letter */
	size_t n = 0;
	bool any_wide = false;

	for (; i + n < text.n && n <= 4 * LIMIT_DOMAIN;
	     n++) { /* UTF-8 is longer than its A-labels */
		const char c = text.p[i + n];

		if (!isalnum((unsigned char)c) && c != '.' && c != '-' && !(wide && is_wide(c)))
			break;
		any_wide = any_wide || is_wide(c);
	}
	while (n > 0 && strchr(".-", text.p[i + n - 1]))
		n--;
	if (n < 4 || n > most || any_wide != wide || memchr(text.p + i, '.', n) == NULL ||
	    !domain_normalise((struct slice){text.p + i, n}, false, host) ||
	    !domain_suffix_known(r->suffixes, host))
		return 0;
	if (is_known(r, host))
		str_add(to, text.p + i, n);
	else
		redact_host(r, host, to);
	return n;
}

/* A plain word: to its end. */
static size_t put_plain(struct redact *r, struct slice text, size_t i, struct str *to)
{
	size_t n = 0;

	if (is_wide(text.p[i])) {
		str_putc(to, text.p[i]);
		return 1;
	}
	while (i + n < text.n &&
	       (isalnum((unsigned char)text.p[i + n]) || strchr("_+-~", text.p[i + n])) &&
	       text.p[i + n] != '\0')
		n++;
	if (n == 0)
		n = 1;
	put_word(r, (struct slice){text.p + i, n}, to);
	return n;
}

/* From ESC on to where ASCII is back, for ISO-2022; 0 if no such sequence begins. */
static size_t put_escaped(struct slice text, size_t i, struct str *to)
{
	size_t end = i + 2;

	if (text.p[i] != 27 || i + 2 >= text.n || text.p[i + 1] != '$')
		return 0;
	while (end < text.n && !(text.p[end] == 27 && end + 1 < text.n && text.p[end + 1] == '('))
		end++;
	end = end + 3 < text.n ? end + 3 : text.n;
	str_add(to, text.p + i, end - i);
	return end - i;
}

/* A telephone number: a plus sign and groups of digits. */
static size_t put_phone(struct redact *r, struct slice text, size_t i, struct str *to)
{
	size_t n = 1, digits = 0;

	for (; i + n < text.n && text.p[i + n] != '\0' && strchr("0123456789 .-()/", text.p[i + n]);
	     n++)
		digits += isdigit((unsigned char)text.p[i + n]) != 0;
	if (text.p[i] != '+' || digits < NUMBER_LONG)
		return 0;
	r->tokens++;
	redact_form((struct slice){text.p + i, n}, to);
	return n;
}

/* Where the octets of addresses, host names and IP addresses that begin at i end. */
static size_t run_end(struct slice text, size_t i)
{
	while (i < text.n && text.p[i] != '\0' &&
	       (isalnum((unsigned char)text.p[i]) || strchr("._+~-@:%", text.p[i]) != NULL))
		i++;
	return i;
}

static size_t put_any(struct redact *r, struct slice text, size_t i, struct str *to)
{
	const bool first = i == 0 || !is_wide(text.p[i - 1]);
	size_t n = put_url(r, text, i, to);

	if (n == 0)
		n = put_at(r, text, i, to);
	if (n == 0)
		n = put_ip(r, text, i, to);
	if (n == 0 && first)
		n = put_name(r, text, i, true, to);
	if (n == 0)
		n = put_name(r, text, i, false, to);
	if (n == 0)
		n = put_hidden(r, text, i, to);
	return n > 0 ? n : put_plain(r, text, i, to);
}

/* Of a run that is longer than anything can be that it might hold, the end alone is looked at: so
 * the whole is linear. */
void redact_text(struct redact *r, struct slice text, struct str *to)
{
	size_t end = 0;

	for (size_t i = 0; i < text.n;) {
		const char before = i > 0 ? text.p[i - 1] : ' ';
		size_t n = put_escaped(text, i, to);

		if (i >= end)
			end = run_end(text, i);
		if (n == 0)
			n = put_phone(r, text, i, to);
		if (n == 0 && is_word(text.p[i]) && !isalnum((unsigned char)before))
			n = end > i + LIMIT_ADDRESS ? put_plain(r, text, i, to)
						    : put_any(r, text, i, to);
		if (n == 0) {
			str_putc(to, text.p[i]);
			n = 1;
		}
		i += n;
	}
	r->failed = r->failed || to->failed;
}
