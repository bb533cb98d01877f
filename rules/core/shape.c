/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shape.c - reading and matching link shapes; see shape.h for the language.
 *
 * How matching stays linear. A shape is a tiny regular expression. Trying the optional groups one
 * after the other and going back would double the work with each of them, so instead the set of
 * all places in the shape that fit the octets read so far is carried along. A star can stand still
 * at its place; every other place moves on by one or falls away. shape_check bounds the stars and
 * groups and refuses a star that can be followed by what it takes itself, so the set has at most
 * one place per star, and of the others each walks the shape once: stars x octets of the path +
 * ways through the groups x octets of the shape.
 *
 * What stars take is marked octet by octet beforehand, so that the place set needs no notion of
 * %XX: a shape holds coded octets only whole, hence a star begins and ends between them.
 */
#include "rules/core/shape.h"

#include <stdlib.h>
#include <string.h>

#include "rules/core/domain.h"

/* -- octets --------------------------------------------------------------------------------- */

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = str_lower_char(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The octet that "%XX" at p stands for, or -1. */
static int coded_at(const char *p, size_t n)
{
	if (n < 3 || p[0] != '%')
		return -1;
	int high = hex_value(p[1]), low = hex_value(p[2]);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* What an octet may be in the path of a shape. */
enum {
	STAR_OCTET = 1,    /* what a star stands for */
	LITERAL_OCTET = 2, /* what may stand for itself */
	MARK_OCTET = 4,    /* what has a meaning in shapes */
};
static const unsigned char octets[256] = {
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

static bool is_octet(char c, unsigned kind)
{
	return octets[(unsigned char)c] & kind;
}

static bool is_star_coded(int octet)
{
	return octet >= 0x20 && octet < 0x7f && !strchr("/\\:?#%", octet);
}

/* -- reading -------------------------------------------------------------------------------- */

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

static const char *check_host(struct slice host)
{
	char name[LIMIT_DOMAIN + 1];
	struct parts parts;
	if (domain_is_plain(host)) /* nearly all are */
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
			return is_octet(path.p[i], STAR_OCTET) || path.p[i] == '*' ||
			       path.p[i] == '%';
		char first = path.p[i + 1];
		if (is_octet(first, STAR_OCTET) || first == '*' || first == '%')
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
		if (c == '%' && coded_at(path.p + i, path.n - i) < 0)
			return "a % without two hexadecimal digits after it";
		if (c == '/' && i + 1 < path.n && path.p[i + 1] == '/')
			return "two slashes in the path";
		if (c == '*' && star_runs_on(path, i + 1))
			return "a * that can be followed by what it stands for itself; let it "
			       "stand for that "
			       "too";
		if (!is_octet(c, LITERAL_OCTET | MARK_OCTET))
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

/* -- matching ------------------------------------------------------------------------------- */

/* Places in a shape, each once. */
struct places {
	uint16_t at[LIMIT_SHAPE_BYTES + 1];
	size_t count;
};

/* Adds a place and those that are reached from it without an octet. mark[place] is the step in
 * which it was added last. */
static void add_place(struct places *set, const char *shape, size_t place, uint16_t *mark,
		      uint16_t step)
{
	while (mark[place] != step) {
		mark[place] = step;
		if (shape[place] == ']') {
			place++;
		} else if (shape[place] == '[') {
			/* Into the group, and past it: groups are not nested, so this ends. */
			size_t past = place + 1;
			while (shape[past] != ']')
				past++;
			add_place(set, shape, place + 1, mark, step);
			place = past + 1;
		} else {
			set->at[set->count++] = (uint16_t)place;
			return;
		}
	}
}

/* star[i]: whether a star takes octet i of the text. NULL: there are no stars. */
static bool run(const char *shape, struct slice text, const bool *star)
{
	struct places sets[2];
	uint16_t mark[LIMIT_SHAPE_BYTES + 2];
	struct places *now = &sets[0], *next = &sets[1];
	size_t n = strlen(shape);
	if (n > LIMIT_SHAPE_BYTES || text.n >= UINT16_MAX)
		return false;
	memset(mark, 0, (n + 1) * sizeof(*mark));
	now->count = 0;
	add_place(now, shape, 0, mark, 1);
	for (size_t i = 0; i < text.n && now->count > 0; i++) {
		uint16_t step = (uint16_t)(i + 2);
		next->count = 0;
		for (size_t k = 0; k < now->count; k++) {
			size_t place = now->at[k];
			if (star && shape[place] == '*') {
				if (star[i]) {
					add_place(next, shape, place, mark, step);
					add_place(next, shape, place + 1, mark, step);
				}
			} else if (shape[place] == text.p[i] && text.p[i] != '\0') {
				add_place(next, shape, place + 1, mark, step);
			}
		}
		struct places *swap = now;
		now = next;
		next = swap;
	}
	for (size_t k = 0; k < now->count; k++)
		if (now->at[k] == n)
			return true;
	return false;
}

/* Marks the octets that a star takes; a coded octet is marked whole or not at all. */
static void mark_star_octets(struct slice path, bool *star)
{
	for (size_t i = 0; i < path.n; i++) {
		star[i] = is_octet(path.p[i], STAR_OCTET);
		if (path.p[i] != '%')
			continue;
		int octet = coded_at(path.p + i, path.n - i);
		bool taken = is_star_coded(octet);
		star[i] = taken;
		if (octet < 0)
			continue;
		star[i + 1] = taken;
		star[i + 2] = taken;
		i += 2;
	}
}

/* Any path: one that cannot name another site even where the server redirects to what it finds in
 * its path or query. */
static bool is_safe_path(struct slice path)
{
	bool after_slash = false;
	if (path.n == 0 || path.p[0] != '/')
		return false;
	for (size_t i = 0; i < path.n; i++) {
		int octet = (unsigned char)path.p[i];
		if (octet == '%') {
			octet = coded_at(path.p + i, path.n - i);
			if (octet < 0 || octet == '%')
				return false;
			i += 2;
		} else if (octet <= 0x20 || octet >= 0x7f || octet == '#') {
			return false;
		}
		if (octet < 0x20 || octet == 0x7f || octet == '\\' || octet == ':')
			return false;
		if (octet == '/' && after_slash)
			return false;
		after_slash = octet == '/';
	}
	return true;
}

/* A segment of the path, before the query, that is "." or "..", coded or plain. */
static bool has_dot_segment(struct slice path)
{
	size_t dots = 0;
	bool others = false;
	for (size_t i = 0; i <= path.n; i++) {
		if (i == path.n || path.p[i] == '/' || path.p[i] == '?') {
			if (!others && (dots == 1 || dots == 2))
				return true;
			if (i == path.n || path.p[i] == '?')
				return false;
			dots = 0;
			others = false;
		} else if (path.p[i] == '.') {
			dots++;
		} else if (coded_at(path.p + i, path.n - i) == '.') {
			dots++;
			i += 2;
		} else {
			others = true;
		}
	}
	return false;
}

bool shape_match_host(const struct shape *s, const char *host)
{
	/* What stands after the last group decides nearly always. */
	const char *end = strrchr(s->host, ']');
	end = end ? end + 1 : s->host;
	size_t tail = strlen(end), n = strlen(host);
	if (n < tail || memcmp(host + n - tail, end, tail) != 0)
		return false;
	return run(s->host, (struct slice){host, n}, NULL);
}

bool shape_match(const struct shape *s, const char *host, struct slice path)
{
	bool star[LIMIT_LINK_BYTES];
	if (path.n == 0 || path.n > LIMIT_LINK_BYTES || !shape_match_host(s, host) ||
	    has_dot_segment(path))
		return false;
	if (strcmp(s->path, "/**") == 0)
		return is_safe_path(path);
	mark_star_octets(path, star);
	return run(s->path, path, star);
}

void shape_shortest_host(const struct shape *s, char ret_host[static LIMIT_DOMAIN + 1])
{
	if (!expand_host(slice_of(s->host), false, ret_host))
		ret_host[0] = '\0';
}
