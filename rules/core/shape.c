/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shape.c - reading link shapes; see shape.h for the language, shape_match.c for what it is
 * bounded for.
 */
#include "rules/core/shape_private.h"

#include <stdlib.h>
#include <string.h>

#include "rules/core/domain.h"

const unsigned char shape_octets[256] = {
    ['a' ... 'z'] = STAR_OCTET | LITERAL_OCTET,
    ['A' ... 'Z'] = STAR_OCTET | LITERAL_OCTET,
    ['0' ... '9'] = STAR_OCTET | LITERAL_OCTET,
    ['.'] = STAR_OCTET | LITERAL_OCTET,
    ['_'] = STAR_OCTET | LITERAL_OCTET,
    ['~'] = STAR_OCTET | LITERAL_OCTET,
    ['-'] = STAR_OCTET | LITERAL_OCTET,
    ['+'] = STAR_OCTET | LITERAL_OCTET,
    ['='] = STAR_OCTET | LITERAL_OCTET,
    ['@'] = STAR_OCTET | LITERAL_OCTET,
    ['%'] = LITERAL_OCTET,
    ['/'] = LITERAL_OCTET,
    ['?'] = LITERAL_OCTET,
    ['&'] = LITERAL_OCTET,
    ['!'] = LITERAL_OCTET,
    ['$'] = LITERAL_OCTET,
    ['\''] = LITERAL_OCTET,
    ['('] = LITERAL_OCTET,
    [')'] = LITERAL_OCTET,
    [','] = LITERAL_OCTET,
    [';'] = LITERAL_OCTET,
    [':'] = LITERAL_OCTET,
    ['['] = MARK_OCTET,
    [']'] = MARK_OCTET,
    ['*'] = MARK_OCTET,
};

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = str_lower_char(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int shape_coded_at(const char *p, size_t n)
{
	if (n < 3 || p[0] != '%')
		return -1;
	int high = hex_value(p[1]), low = hex_value(p[2]);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* What a host or path holds besides its literals. */
struct parts {
	unsigned stars, groups;
};

static const char *check_groups(struct slice text, struct parts *ret_parts)
{
	struct parts parts = {0};
	bool inside = false;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c == '[') {
			if (inside)
				return "a [ within [...]; groups are not nested";
			if (i + 1 < text.n && text.p[i + 1] == ']')
				return "an empty [...]";
			inside = true;
			parts.groups++;
		} else if (c == ']') {
			if (!inside)
				return "a ] without a [ before it";
			inside = false;
		} else if (c == '*') {
			parts.stars++;
		}
	}
	if (inside)
		return "a [ without a ] after it";
	if (parts.groups > SHAPE_GROUPS)
		return "more than 8 [...]";
	if (parts.stars > SHAPE_STARS)
		return "more than 8 stars";
	*ret_parts = parts;
	return NULL;
}

/* Copies a host with all groups in it, or none. False if it is too long. */
static bool expand_host(struct slice host, bool with_groups, char to[static LIMIT_DOMAIN + 1])
{
	size_t at = 0;
	bool inside = false;
	for (size_t i = 0; i < host.n; i++) {
		char c = host.p[i];
		if (c == '[' || c == ']') {
			inside = c == '[';
			continue;
		}
		if (inside && !with_groups)
			continue;
		if (at == LIMIT_DOMAIN)
			return false;
		to[at++] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	to[at] = '\0';
	return true;
}

bool shape_is_wide(struct slice host)
{
	return host.n > 2 && host.p[0] == '*' && host.p[1] == '.';
}

static const char *check_host(struct slice host)
{
	char name[LIMIT_DOMAIN + 1];
	struct parts parts;
	if (domain_is_plain(host)) /* nearly all are */
		return NULL;
	if (shape_is_wide(host) && !memchr(host.p, '[', host.n) &&
	    expand_host((struct slice){host.p + 2, host.n - 2}, false, name) &&
	    domain_is_plain(slice_of(name)))
		return NULL;
	const char *wrong = check_groups(host, &parts);
	if (wrong)
		return wrong;
	if (parts.stars)
		return "a * in the host";
	bool inside = false, two_labels = false;
	for (size_t i = 0; i < host.n; i++) {
		char c = host.p[i], before = i ? host.p[i - 1] : '.';
		if (c == '[' && ((before != '.' && before != ']') || host.p[i + 1] == '.'))
			return "[...] in a host must begin where a label begins";
		if (c == ']' && before != '.')
			return "[...] in a host must end with the dot of its last label";
		inside = c == '[' || (inside && c != ']');
		two_labels = two_labels || (c == '.' && !inside);
	}
	/* Groups are whole labels: what is left without them is plain too if it has two labels. */
	if (!two_labels || !expand_host(host, true, name) || !domain_is_plain(slice_of(name)))
		return "the host is no plain host name (letters, digits, hyphens, two labels)";
	return NULL;
}

/* Whether what may follow the star before i, groups left out or not, is something that a star
 * takes itself. */
static bool star_runs_on(struct slice path, size_t i)
{
	for (;;) {
		if (i < path.n && path.p[i] == ']')
			i++;
		if (i == path.n)
			return false;
		if (path.p[i] != '[')
			return shape_is_octet(path.p[i], STAR_OCTET) || path.p[i] == '*' ||
			       path.p[i] == '%';
		char first = path.p[i + 1];
		if (shape_is_octet(first, STAR_OCTET) || first == '*' || first == '%')
			return true;
		while (path.p[i] != ']')
			i++;
	}
}

static const char *check_path(struct slice path)
{
	struct parts parts;
	if (path.n == 0 || path.p[0] != '/')
		return "the path does not begin with a slash";
	if (slice_is(path, "/**"))
		return NULL;
	const char *wrong = check_groups(path, &parts);
	if (wrong)
		return wrong;
	for (size_t i = 0; i < path.n; i++) {
		char c = path.p[i];
		if (c == ' ' || c == '\t')
			return "more than a host and a path";
		if (c == '%' && shape_coded_at(path.p + i, path.n - i) < 0)
			return "a % without two hexadecimal digits after it";
		if (c == '/' && i + 1 < path.n && path.p[i + 1] == '/')
			return "two slashes in the path";
		if (c == '*' && star_runs_on(path, i + 1))
			return "a * that can be followed by what it stands for itself; let it "
			       "stand for that "
			       "too";
		if (!shape_is_octet(c, LITERAL_OCTET | MARK_OCTET))
			return "an octet in the path that has no place in a URL's path and query";
	}
	return NULL;
}

const char *shape_check(struct slice text, struct slice *ret_host, struct slice *ret_path)
{
	text = slice_trim(text);
	if (text.n > LIMIT_SHAPE_BYTES)
		return "longer than 512 octets";
	if (text.n && memchr(text.p, '\0', text.n))
		return "a NUL octet";
	size_t space = 0;
	while (space < text.n && text.p[space] != ' ' && text.p[space] != '\t')
		space++;
	struct slice host = {text.p, space};
	struct slice path = slice_trim((struct slice){text.p + space, text.n - space});
	if (host.n == 0 || path.n == 0)
		return "expected a host and a path, parted by a space";
	const char *wrong = check_host(host);
	if (!wrong)
		wrong = check_path(path);
	if (wrong)
		return wrong;
	*ret_host = host;
	*ret_path = path;
	return NULL;
}

const char *shape_parse(struct slice text, struct shape *ret_shape)
{
	struct slice host, path;
	const char *wrong = shape_check(text, &host, &path);
	if (wrong)
		return wrong;
	struct shape s = {slice_dup(host), slice_dup(path)};
	if (!s.host || !s.path) {
		shape_free(&s);
		return "memory is short";
	}
	str_lower(s.host);
	*ret_shape = s;
	return NULL;
}

void shape_free(struct shape *s)
{
	if (!s)
		return;
	free(s->host);
	free(s->path);
	*s = (struct shape){0};
}

void shape_shortest_host(const struct shape *s, char ret_host[static LIMIT_DOMAIN + 1])
{
	struct slice host = slice_of(s->host);
	if (shape_is_wide(host))
		host = (struct slice){host.p + 2, host.n - 2};
	if (!expand_host(host, false, ret_host))
		ret_host[0] = '\0';
}
