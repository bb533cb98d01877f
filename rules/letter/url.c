/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * url.c - one URL to host and path (WHATWG URL 4.4: leading and trailing C0 controls and spaces are
 * taken off, tabs and line ends are dropped wherever they stand, a backslash is a slash).
 *
 * Everything is read from a cleaned copy of at most LIMIT_LINK_BYTES octets; nothing here can fail
 * but by marking the URL odd.
 */
#include "rules/letter/url.h"

#include <string.h>

#include "rules/core/domain.h"

struct reader {
	char text[LIMIT_LINK_BYTES + 1];
	size_t n;
	size_t at;
	bool odd;
};

static bool is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

static bool is_slash(char c)
{
	return c == '/' || c == '\\';
}

static bool is_alpha(char c)
{
	c = str_lower_char(c);
	return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_around(char c)
{
	return (unsigned char)c <= 0x20;
}

/* False when it is too long. */
static bool clean(struct slice text, struct reader *r)
{
	r->n = r->at = 0;
	r->odd = false;
	while (text.n && is_around(text.p[0])) {
		r->odd = r->odd || !str_is_space(text.p[0]);
		text.p++;
		text.n--;
	}
	while (text.n && is_around(text.p[text.n - 1])) {
		r->odd = r->odd || !str_is_space(text.p[text.n - 1]);
		text.n--;
	}
	if (text.n > LIMIT_LINK_BYTES)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (is_control(c))
			r->odd = true;
		if (c != '\t' && c != '\r' && c != '\n')
			r->text[r->n++] = c;
	}
	return true;
}

/* The names of references that HTML also takes without a semicolon: Latin-1's. */
static bool is_bare_reference(struct slice name)
{
	static const char names[] =
	    " AElig AMP Aacute Acirc Agrave Aring Atilde Auml COPY Ccedil ETH Eacute Ecirc Egrave "
	    "Euml GT Iacute Icirc Igrave Iuml LT Ntilde Oacute Ocirc Ograve Oslash Otilde Ouml "
	    "QUOT REG THORN Uacute Ucirc Ugrave Uuml Yacute aacute acirc acute aelig agrave amp "
	    "aring atilde auml brvbar ccedil cedil cent copy curren deg divide eacute ecirc egrave "
	    "eth euml frac12 frac14 frac34 gt iacute icirc iexcl igrave iquest iuml laquo lt macr "
	    "micro middot nbsp not ntilde oacute ocirc ograve ordf ordm oslash otilde ouml para "
	    "plusmn pound quot raquo reg sect shy sup1 sup2 sup3 szlig thorn times uacute ucirc "
	    "ugrave uml uuml yacute yen yuml ";
	const char *at = names;
	while (name.n && (at = memmem(at, strlen(at), name.p, name.n))) {
		if (at[-1] == ' ' && at[name.n] == ' ')
			return true;
		at++;
	}
	return false;
}

/* A character reference that the HTML parser left as it was, and some reader may not: "&name;", or
 * one of the old names, even before "=" (WHATWG HTML 13.2.5.73 leaves that alone; Chromium, for
 * fragments, does not always). */
static bool has_reference(const struct reader *r)
{
	for (size_t i = 0; i < r->n; i++) {
		if (r->text[i] != '&')
			continue;
		size_t k = i + 1;
		while (k < r->n &&
		       (is_alpha(r->text[k]) || is_digit(r->text[k]) || r->text[k] == '#'))
			k++;
		char after = k < r->n ? r->text[k] : '\0';
		if (k > i + 1 && after == ';')
			return true;
		struct slice name = {r->text + i + 1, k - i - 1};
		if (is_bare_reference(name) || (name.n && *name.p == '#'))
			return true;
	}
	return false;
}

static bool is_dot_segment(struct slice s)
{
	size_t dots = 0;
	while (s.n) {
		size_t n = s.p[0] == '.' ? 1 : 0;
		if (!n && s.n >= 3 && s.p[0] == '%' && s.p[1] == '2' &&
		    str_lower_char(s.p[2]) == 'e')
			n = 3;
		if (!n || ++dots > 2)
			return false;
		s.p += n;
		s.n -= n;
	}
	return dots > 0;
}

static bool has_dot_segment(struct slice path)
{
	const char *query = memchr(path.p, '?', path.n);
	size_t n = query ? (size_t)(query - path.p) : path.n;
	size_t start = 0;
	for (size_t i = 0; i <= n; i++)
		if (i == n || is_slash(path.p[i])) {
			if (is_dot_segment((struct slice){path.p + start, i - start}))
				return true;
			start = i + 1;
		}
	return false;
}

/* Length of "scheme" when "scheme:" stands at the start, else 0. */
static size_t scheme_length(const struct reader *r)
{
	if (!r->n || !is_alpha(r->text[0]))
		return 0;
	for (size_t i = 1; i < r->n; i++) {
		char c = r->text[i];
		if (c == ':')
			return i;
		if (!is_alpha(c) && !is_digit(c) && c != '+' && c != '-' && c != '.')
			return 0;
	}
	return 0;
}

static int hex(char c)
{
	c = str_lower_char(c);
	if (is_digit(c))
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static size_t percent_decode(struct slice from, char *to)
{
	size_t n = 0;
	for (size_t i = 0; i < from.n; i++) {
		if (from.p[i] == '%' && i + 2 < from.n && hex(from.p[i + 1]) >= 0 &&
		    hex(from.p[i + 2]) >= 0) {
			to[n++] = (char)(hex(from.p[i + 1]) * 16 + hex(from.p[i + 2]));
			i += 2;
		} else {
			to[n++] = from.p[i];
		}
	}
	return n;
}

/* Host names alone: no user info, no port, no brackets, no coding. */
static void read_authority(struct slice authority, struct url *u)
{
	char decoded[LIMIT_LINK_BYTES + 1];
	const char *user = memrchr(authority.p, '@', authority.n);
	if (user) {
		u->odd = true;
		authority.n -= (size_t)(user + 1 - authority.p);
		authority.p = user + 1;
	}
	const char *port = memchr(authority.p, ':', authority.n);
	if (port) {
		u->odd = true;
		authority.n = (size_t)(port - authority.p);
	}
	if (memchr(authority.p, '%', authority.n)) {
		u->odd = true;
		authority.n = percent_decode(authority, decoded);
		authority.p = decoded;
	}
	if (authority.n && authority.p[authority.n - 1] == '.')
		u->odd = true;
	for (size_t i = 0; i < authority.n; i++)
		u->odd = u->odd || (unsigned char)authority.p[i] >= 0x80;
	if (!domain_normalise(authority, false, u->host)) {
		u->host[0] = '\0';
		u->odd = true;
		return;
	}
	/* "0x7f.0x1" is an address to a browser */
	const char *last = strrchr(u->host, '.') + 1;
	u->odd = u->odd || (last[0] == '0' && last[1] == 'x');
}

/* What a browser sends otherwise than it stands there. */
static bool is_recoded(char c)
{
	return (unsigned char)c <= 0x20 || (unsigned char)c >= 0x7f || strchr("\"<>\\^`{|}", c);
}

static bool has_recoded(struct slice path)
{
	for (size_t i = 0; i < path.n; i++)
		if (is_recoded(path.p[i]))
			return true;
	return false;
}

static void set_path(struct slice path, struct url *u)
{
	const char *fragment = memchr(path.p, '#', path.n);
	if (fragment)
		path.n = (size_t)(fragment - path.p);
	u->path_n = 0;
	if (u->kind == URL_PLACE && (!path.n || !is_slash(path.p[0])))
		u->path[u->path_n++] = '/';
	memcpy(u->path + u->path_n, path.p, path.n);
	u->path_n += path.n;
	u->path[u->path_n] = '\0';
	path = (struct slice){u->path, u->path_n};
	if (has_recoded(path) || has_dot_segment(path))
		u->odd = true;
}

/* r->at stands where the host begins. */
static void read_place(const struct reader *r, struct url *u)
{
	size_t end = r->at;
	while (end < r->n && !is_slash(r->text[end]) && r->text[end] != '?' && r->text[end] != '#')
		end++;
	u->kind = URL_PLACE;
	read_authority((struct slice){r->text + r->at, end - r->at}, u);
	set_path((struct slice){r->text + end, r->n - end}, u);
}

/* Passes the slashes at r->at; a browser takes any number of either kind. */
static void pass_slashes(struct reader *r)
{
	size_t start = r->at;
	bool back = false;
	while (r->at < r->n && is_slash(r->text[r->at]))
		back = r->text[r->at++] == '\\' || back;
	if (back || r->at - start != 2)
		r->odd = true;
}

/* A letter that the reader writes: of the fields that a link may fill in for him (RFC 6068), a
 * subject alone. */
static bool is_plain_mail(struct slice url)
{
	const char *query = memchr(url.p, '?', url.n);
	if (!query)
		return true;
	struct slice fields = {query + 1, url.n - (size_t)(query + 1 - url.p)};
	return slice_starts_nocase(fields, "subject=") && !memchr(fields.p, '&', fields.n);
}

void url_read(struct slice text, struct url *ret_url)
{
	struct reader r;
	struct url *u = ret_url;
	u->kind = URL_PLACE;
	u->odd = true;
	u->host[0] = u->path[0] = '\0';
	u->path_n = 0;
	if (!clean(text, &r))
		return;
	u->odd = false;
	if (!r.n || r.text[0] == '#') {
		u->kind = URL_NOWHERE;
		return;
	}
	r.odd = r.odd || has_reference(&r);
	struct slice all = {r.text, r.n};
	struct slice scheme = {r.text, scheme_length(&r)};
	if (slice_starts_nocase(all, "www.")) {
		read_place(&r, u);
	} else if (slice_is_nocase(scheme, "http") || slice_is_nocase(scheme, "https")) {
		r.at = scheme.n + 1;
		pass_slashes(&r);
		read_place(&r, u);
	} else if (slice_is_nocase(scheme, "tel") ||
		   (slice_is_nocase(scheme, "mailto") && is_plain_mail(all))) {
		u->kind = URL_NOWHERE;
	} else if (scheme.n) {
		u->kind = URL_OTHER;
		u->odd = true;
	} else if (r.n >= 2 && is_slash(r.text[0]) && is_slash(r.text[1])) {
		pass_slashes(&r);
		read_place(&r, u);
	} else {
		u->kind = URL_RELATIVE;
		set_path(all, u);
	}
	u->odd = u->odd || r.odd;
}

void url_resolve(const struct url *base, const struct url *relative, struct url *ret_url)
{
	struct url u = *base;
	size_t keep = 0;
	const char *query = memchr(base->path, '?', base->path_n);
	size_t base_n = query ? (size_t)(query - base->path) : base->path_n;
	if (relative->path_n && relative->path[0] == '?')
		keep = base_n;
	else if (relative->path_n && !is_slash(relative->path[0]))
		for (size_t i = 0; i < base_n; i++)
			if (base->path[i] == '/')
				keep = i + 1;
	u.odd = base->odd || relative->odd;
	if (keep + relative->path_n > LIMIT_LINK_BYTES + 1) {
		u.odd = true;
		u.host[0] = '\0';
		u.path_n = 0;
	} else {
		memcpy(u.path + keep, relative->path, relative->path_n);
		u.path_n = keep + relative->path_n;
	}
	u.path[u.path_n] = '\0';
	*ret_url = u;
}
